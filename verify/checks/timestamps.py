"""Gaps and doubled moments in a clip's frame times, and packets that could not be decoded.

The times of all picture packets are put in order. Reported are a pause much longer than the usual step from
frame to frame, two frames with one time, and packets that the decoder refused.

Limits: phones lengthen steps in the dark, screen recorders write frames only when something moves, streams
drop packets, and variable frame rate is common. A clip that was cut and encoded anew has none of these
traces. So they are observations and decide nothing. Error rates: not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verify.checks.evidence import per_file
from verify.model import Finding, Measurement, MediaKind, Outcome

if TYPE_CHECKING:
    from verify.checks.evidence import Evidence
    from verify.model import Media

NAME = "timestamps/1"
LIMITS = (
    "Gaps arise from recording in the dark, from screen recorders and from lost packets as well as from "
    "cutting. A clip that was cut and encoded anew shows none."
)


@per_file(NAME, "Gaps in the frame times, and damaged packets", LIMITS)
def timestamps(media: Media, evidence: Evidence) -> Finding | None:
    """The longest pause, doubled times and damaged packets of a clip."""
    if media.video is None or media.kind is not MediaKind.VIDEO:
        return None
    timing = media.video.details.get("timing")
    measurements = [Measurement("damaged packets", media.video.corrupt_packets, "packets", 0)]
    seen = []
    if isinstance(timing, dict):
        usual, longest = float(timing["usual_step"]), float(timing["longest_step"])
        at, doubled = float(timing["longest_at"]), int(timing["doubled"])
        limit = max(evidence.settings.gap_steps * usual, evidence.settings.gap_seconds)
        measurements += [
            Measurement(
                "longest step between frames", round(longest, 4), "second", round(limit, 4), f"{at:.3f} s"
            ),
            Measurement("frames with the time of another", doubled, "frames", 0),
        ]
        if longest > limit:
            seen.append(
                f"at {at:.3f} s no frame is due for {longest:.3f} s, where the usual step is {usual:.3f} s"
            )
        if doubled:
            seen.append(f"{doubled} frames have the time of another frame")
    if media.video.corrupt_packets:
        seen.append(f"{media.video.corrupt_packets} packets could not be decoded")
    if not seen:
        statement = "Frame times run without a long gap, and every packet could be decoded."
        return Finding(NAME, (media.id,), Outcome.CONSISTENT, statement, LIMITS, tuple(measurements))
    statement = f"Observed: {'; '.join(seen)}. By itself this does not show why."
    return Finding(NAME, (media.id,), Outcome.INCONCLUSIVE, statement, LIMITS, tuple(measurements))
