"""A post as report.json has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.report.plain import instant

if TYPE_CHECKING:
    from datetime import datetime

    from verify.model import Forward, Post, PostFile, PostOrder


def post_json(post: Post) -> dict[str, object]:
    """The keys of `post` in schema.json. Where a file lies on this machine is nobody else's business."""
    return {
        "id": post.id,
        "platform": post.platform,
        "source": post.source,
        "author": post.author,
        "number": post.number,
        "from": _instant(post.start),
        "to": _instant(post.end),
        "zone": post.zone or None,
        "dated_by": post.dated_by,
        "coded": _instant(post.coded),
        "coded_from": _instant(post.coded_from),
        "coded_until": _instant(post.coded_until),
        "seen": _instant(post.seen),
        "edited": _instant(post.edited),
        "text": post.text,
        "url": post.url,
        "archived": post.archived,
        "forwarded": _forward(post.forwarded) if post.forwarded else None,
        "reply_to": post.reply_to,
        "files": [_file(file) for file in post.files],
        "shows": list(post.shows),
        "found_in": post.found_in,
        "place": post.place,
    }


def order_json(order: PostOrder) -> dict[str, object]:
    """The keys of `post_order` in schema.json."""
    return {
        "members": list(order.members),
        "posts": list(order.posts),
        "earliest": list(order.earliest),
        "passed_on": [
            {"post": each.post, "source": each.source, "original": each.original} for each in order.passed_on
        ],
    }


def _forward(forward: Forward) -> dict[str, object]:
    return {
        "source": forward.source,
        "from": _instant(forward.start),
        "to": _instant(forward.end),
        "number": forward.number,
    }


def _file(file: PostFile) -> dict[str, object]:
    return {
        "path": file.path,
        "found": file.file is not None or file.sha256 is not None,
        "sha256": file.sha256,
        "note": file.note,
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant(value)
