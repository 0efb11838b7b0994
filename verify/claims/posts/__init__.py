"""Exports of posts, archives and identifiers -> posts."""

from verify.claims.posts.found import Malformed
from verify.claims.posts.reading import Gathered, read_export

__all__ = ["Gathered", "Malformed", "read_export"]
