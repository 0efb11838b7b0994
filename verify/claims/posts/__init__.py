"""Exports of posts, archives and identifiers -> posts."""

from verify.claims.posts.account import account, omitted
from verify.claims.posts.found import Malformed
from verify.claims.posts.order import order, order_findings
from verify.claims.posts.reading import Gathered, read_export
from verify.claims.posts.written import written_posts

__all__ = [
    "Gathered",
    "Malformed",
    "account",
    "omitted",
    "order",
    "order_findings",
    "read_export",
    "written_posts",
]
