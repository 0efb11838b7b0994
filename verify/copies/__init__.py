"""Track x Track -> Alignment -> relation: what two inputs share, and what turns one into the other."""

from verify.copies.judgement import Judgement, Subject
from verify.copies.relate import relate
from verify.copies.source import families

__all__ = ["Judgement", "Subject", "families", "relate"]
