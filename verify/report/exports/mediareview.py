"""A draft of a MediaReview (schema.org) for each clip, for a person to finish.

The rating stays empty: whether a clip is in its context, edited or staged is for a person to say. The draft
brings together what is known of it here: where it was seen, its checksum, what is claimed of it and what the
report measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.model import MediaKind, RelationKind, Role
from verify.report import wording
from verify.report.exports.json_text import identity, json_text, without_empty
from verify.report.plain import instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verify.model import Claim, Media, Report

# https://schema.org/MediaManipulationRatingEnumeration
RATINGS = (
    "DecontextualizedContent", "EditedOrCroppedContent", "OriginalMediaContent", "SatireOrParodyContent",
    "StagedContent", "TransformedContent",
)  # fmt: skip
_TYPES = {
    MediaKind.VIDEO: "VideoObjectSnapshot",
    MediaKind.IMAGE: "ImageObjectSnapshot",
    MediaKind.AUDIO: "AudioObjectSnapshot",
}
_TELLING = frozenset(RelationKind) - {RelationKind.NONE_FOUND, RelationKind.INCONCLUSIVE}
_MOST = 40  # relations, claims and posts of one clip


def mediareview(report: Report) -> str:
    """One draft for each clip that was read, as a `@graph`."""
    clips = [item for item in report.media if item.role is Role.CLIP and item.kind in _TYPES]
    return json_text(
        {"@context": "https://schema.org", "@graph": [_review(media, report) for media in clips]}
    )


def _review(media: Media, report: Report) -> dict[str, object]:
    claims = [claim for claim in report.claims if media.id in claim.about][:_MOST]
    draft = without_empty(
        {
            "@type": "MediaReview",
            "@id": f"urn:uuid:{identity(report, 'review', media.id)}",
            "name": f"{report.inquiry.title}: {media.id}",
            "creativeWorkStatus": "Draft",
            "dateCreated": instant(report.created),
            "originalMediaContextDescription": " ".join(_context(media, report)),
            "itemReviewed": without_empty(
                {
                    "@type": "MediaReviewItem",
                    "mediaItemAppearance": list(_appearances(media, report)),
                    "interpretedAsClaim": [_claim(claim) for claim in claims],
                }
            ),
            "comment": {
                "@type": "Comment",
                "text": "To be finished by a person: author, url, datePublished, and "
                f"mediaAuthenticityCategory, one or more of {', '.join(RATINGS)}. {wording.DISCLAIMER}",
            },
        }
    )
    return {**draft, "mediaAuthenticityCategory": None}  # a person picks it


def _appearances(media: Media, report: Report) -> Iterator[dict[str, object]]:
    """The file itself, and each post that shows it."""
    kind = _TYPES[media.kind]
    yield without_empty(
        {
            "@type": kind, "name": media.id, "sha256": media.sha256,
            "contentSize": None if media.size_bytes is None else f"{media.size_bytes} B",
            "duration": None if media.duration is None else f"PT{float(media.duration):.3f}S",
        }
    )  # fmt: skip
    posts = [post for post in report.posts if media.id in post.shows]
    for post in posts[:_MOST]:
        yield without_empty(
            {
                "@type": kind, "name": f"{media.id}, posted by {post.source}",
                "description": post.text[:1000], "accessedOnUrl": post.url, "archivedAt": post.archived,
                "uploadDate": post.start and instant(post.start),
            }
        )  # fmt: skip


def _claim(claim: Claim) -> dict[str, object]:
    return without_empty(
        {
            "@type": "Claim",
            "name": claim.says[:1000],
            "author": {"@type": "Thing", "name": claim.by},
            "datePublished": claim.at and instant(claim.at),
        }
    )


def _context(media: Media, report: Report) -> Iterator[str]:
    """What the report found between this clip and the others."""
    mine = [r for r in report.relations if media.id in {r.a, r.b} and r.kind in _TELLING]
    for relation in mine[:_MOST]:
        yield wording.sentence(relation)
        if direction := wording.direction(relation):
            yield direction
    for order in report.post_orders:
        if media.id in order.members and order.earliest:
            sources = {post.id: post.source for post in report.posts}
            first = ", ".join(sources.get(name, name) for name in order.earliest)
            yield f"Earliest post found here of this recording: {first}."
