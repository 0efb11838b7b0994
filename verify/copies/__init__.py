"""Track x Track -> Alignment -> relation: what two inputs share, and what turns one into the other."""

from verify.copies.family import families
from verify.copies.judgement import Judgement, Subject
from verify.copies.relate import relate

__all__ = ["Judgement", "Subject", "families", "relate"]
