"""Exports of posts and web archives, read for who posted what, when, with which files.

Read are Telegram Desktop's exports (JSON and web pages, of one chat or a whole account), the records of
Bellingcat's auto-archiver (sheet, CSV, JSON, web page), web archives in one file (WACZ), yt-dlp's
`.info.json`, tables with named columns, and posts in the case file. A file that a post carries is identified
by the SHA-256 of its bytes: where an input has the same, the post shows that input. Pictures and videos of an
export that are none of the inputs are compared with these like any other, up to a stated number, so that the
post of a re-encoded copy is found too.

A date has a zone only where the export gives one; else it is read in the zone that the case names for the
export, or in that of the place, and which it was stands with each post. What is not as its format has it is
named by its place, and the rest is read; a file that cannot be read on is kept as far as it was.

Limits: an export is a file like any other, and whoever made it can have changed it. It holds what its maker
could see and chose to save, at that time: posts deleted before, and files left out, are not in it. Signatures
of web archives are not checked, pages are not shown, and nobody is asked over the network. A video that an
archive holds in parts is not identified.

Error rates: on 17 published exports (10 of Telegram, 2 of auto-archiver, 5 archives) every post was read and
every place that their authors broke was named, but for a broken signature.
"""

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
