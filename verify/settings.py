"""Every number that can change a result, with its unit, the reason for it and where it was measured.

A front end that changes one builds a new `Settings`; the report lists what was given. Readers of files take
theirs as shipped, but for those of shots. Files that comments name lie in `tests/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Reading files; what the cuts were tried on is told in `verify.media.shots`."""

    max_pixels: int = 178_956_970  # of a picture; Pillow's bound against bombs
    max_streams: int = 64  # of a file; real ones have under twenty, and each costs a decoder
    rate_tolerance: Fraction = Fraction(1, 10)  # of a usual gap; frames further apart make the rate variable
    jump_seconds: Fraction = Fraction(10)  # a transport stream's clock that jumps further has restarted
    seek_seconds: Fraction = Fraction(4)  # pictures further apart are sought; nearer, decoding on is cheaper
    seek_worth: Fraction = Fraction(1, 2)  # seconds less to decode, from which a seek is worth it
    hurry_seconds: Fraction = Fraction(1)  # before a wanted frame, from which on every frame is decoded
    rough_lines: int = 720  # of a picture that fingerprints take without deblocking; smaller ones show it
    cut_change: float = 8.0  # grey levels, mean over the mosaic: a smaller jump is no cut
    cut_ratio: float = 3.0  # times the upper quartile of the changes around it; the published default
    cut_neighbours: int = 8  # frames to each side that a jump is compared with
    cut_return: float = 0.5  # of the jump: a picture nearer than this to the one before is that picture again
    cut_likeness: float = 0.9  # correlation of two mosaics at which their pattern is the same
    return_likeness: float = 0.5  # correlation that a picture must have to count as back by nearness
    flat_contrast: float = 4.0  # grey levels, standard deviation; the pattern of a flatter mosaic is noise
    flash_seconds: Fraction = Fraction(1, 2)  # a picture that is back within this was interrupted, not cut
    flash_frames: int = 240  # of these seconds, at most: 480 a second; a damaged clock puts all frames there
    shortest_shot: Fraction = Fraction(1, 5)  # two cuts nearer than this are one
    key_lead: float = 0.2  # seconds behind a key frame at which is looked: index times are up to 0.15 early
    key_seconds: Fraction = Fraction(2)  # key frames of one shot are at least this far apart
    sound_slack_seconds: Fraction = Fraction(1, 20)  # times of sound off by less are rounding or drift
    sound_gap_seconds: Fraction = Fraction(3600)  # a longer gap is a broken clock, and is not filled
    silence_block: int = 1 << 16  # samples; silence in a gap comes in blocks of this
    worker_seconds: int = 3600  # a guarded process may spend this long on one file before it is ended
    worker_bytes: int = 8 << 30  # address space of a guarded process; 8K video decodes in under 4 GiB


@dataclass(frozen=True, slots=True)
class FingerprintSettings:
    """Tracks: what is kept of a clip. What that costs: benchmarks/results/fingerprint_cost.json."""

    sample_rate: Fraction = Fraction(4)  # samples a second; at 1, most frames of a copy miss
    min_quality: int = 50  # PDQ quality, 0-100; below it a frame never votes. The published cut-off
    tiny_rate: Fraction = Fraction(15)  # tiny pictures a second; enough for the rhythm of hands and steps
    tiny_most: int = 9000  # ten minutes at full rate, 18 MB; then every second one goes
    # Pixels, the longer side of the picture that samples are taken from. Features of 0.7 or half of it cost
    # a half or a quarter, and 2 of 48 copies, blurred and letterboxed ones, have no seed with either.
    point_side: int = 320
    point_count: int = 250  # local features of one picture
    point_contrast: float = 0.01  # SIFT contrast, 0-1, not OpenCV's 0.04; levelling the picture found less
    point_gap: Fraction = Fraction(2)  # seconds between feature pictures
    point_least_gap: Fraction = Fraction(1, 2)  # seconds; never closer
    point_fewest: int = 4  # pictures that even a short clip gets
    point_change: int = 80  # of 256 bits; the picture has changed enough for another look
    point_same: int = (
        8  # of 256 bits; nearer, its features are those of the last: 91 of 91 pictures repeat it
    )
    point_most: int = 240  # feature pictures a clip, 8 MB; then every second one goes
    # Pixels, longer side of a key frame that is hashed: of five, PDQ lay 3 bits from that of the full frame
    # on average, 6 at most; at 1,024 it takes four times as long for 3 and 4.
    key_side: int = 640
    key_bytes: int = 96 << 20  # of frames held for key frames: 33 of 1080p, 8 of 4K; others are decoded again
    cache_bytes: int = 4 << 30  # of the user's cache folder; tracks of some 400 clips of ten minutes


@dataclass(frozen=True, slots=True)
class GeometrySettings:
    """Local features and robust fits; chosen before benchmarks/results/places.json was measured with them."""

    views: int = 4  # pictures of a clip that are held against the other's
    view_side: int = 1024  # pixels, the longer side; the size of the published figures
    view_points: int = 2000  # features of a view, likewise
    view_contrast: float = 0.02  # SIFT contrast, 0-1; half of OpenCV's default, for night pictures
    screen_bits: int = 20  # of 128, in which partners differ, as for seeds of copies
    screen_matches: int = 8  # partners, below which a pair of views is not fitted; 10 find as many places
    screen_behind: float = 0.5  # of the best count, plain or mirrored, below which likewise
    screen_pairs: int = 3  # pairs of views that are matched in full
    screen_agreeing: int = 4  # partners that one similarity carries to each other; 96 % of others have 2 or 3
    homography_tolerance: float = 3.0  # pixels of 640
    fundamental_tolerance: float = 1.0  # pixels of 640 from the line
    patch_side: int = 16  # pixels of a picture of 384 on its longer side
    patch_blur: float = 1.5  # pixels, standard deviation; forgives a pixel of misregistration
    patch_texture: float = 6.0  # grey levels rms; flatter patches say nothing
    patch_agrees: float = 0.7  # correlation at which a patch agrees
    patch_moves: float = 4.0  # grey levels rms of what changes in a patch; compression changes it by 3
    band_differs: float = 0.75  # of the patches of an edge's row or column, that a caption changes
    band_most: float = 0.4  # of the picture; more than that is another picture
    mark_pairs: int = 20  # matching points without which nothing can be said of burned-in marks
    mark_still: float = 0.002  # fraction of the picture; a burned-in mark stays where it is
    mark_moved: float = 0.008  # fraction of the picture; the scene has moved, 5 pixels of 640
    mark_reach: float = 0.02  # fraction of the picture around a mark that is left out
    homography_inliers: int = 12  # benchmarks/results/places.json, "different": 0 of 4,199; 8 come by chance
    fundamental_inliers: int = 20  # likewise
    largest_stretch: float = 30.0  # ratio of areas; an inset of a fifth of the width is 25
    crowded_area: float = 0.15  # share of the picture; captions, logos and clocks cover less
    crowded_shift: float = 0.02  # fraction of the picture; a burned-in mark stays where it was
    ratio: float = 0.8  # of the best to the second best patch distance; as Lowe published it, IJCV 2004


@dataclass(frozen=True, slots=True)
class CopySettings:
    """When two inputs are one recording; from `slow` to `steady` chosen on benchmarks/real_pairs.tsv."""

    seeds: int = 12  # moments to look at more closely, each leading to another alignment
    seed_tries: int = 16  # picture pairs that are fitted, best first
    same_map: float = 0.008  # fraction of the picture; seeds nearer than this lead to the same alignment
    seed_sketch_bits: int = 20  # of 128, in which partners differ; unrelated pictures share 4, hard copies 11
    seed_few: int = 5  # partners, below which a pair of pictures is not looked at
    seed_agreeing: int = 4  # of them, that one similarity carries to each other; unrelated ones 2, rarely 3
    seed_agreeing_together: int = (
        5  # likewise over several pairs of pictures; unrelated ones 2 to 4, copies 6
    )
    seed_common: int = 7  # likewise over all pictures; of 724 unrelated pairs one in a hundred has 6, none 7
    seed_together: float = 2.0  # seconds between feature pictures; pairs shifted alike are fitted together
    seed_moved: float = 0.05  # fraction of the picture by which the camera may move from one seed to the next
    seed_hashes: int = 1200  # samples of a clip, five minutes, whose hashes are compared; then thinned
    seed_tolerance: float = 4.0  # pixels of 640; features come from pictures of 320
    seed_bits: int = 80  # of 256; loose, because a hash only suggests where to look
    slow: float = 1.0  # seconds to either side whose average is taken away before movement is compared
    window: float = 2.0  # seconds of a stretch that votes
    window_overlap: float = 0.5  # share of a stretch that must lie in the other clip
    still_level: float = 0.3  # grey levels rms; below it a stretch does not vote, it is noise and compression
    vote: float = 0.45  # correlation of what moves
    established: float = 0.5  # mean correlation of the stretches that vote
    all_lags: int = 9_000_000  # rows x rows, four minutes each; above, only lags near a seed's
    lag_reach: float = 60.0  # seconds around a seed's offset that are looked at then
    promise: float = 0.3  # correlation from which a stretch speaks for a tempo
    tempo_step: float = 1.035  # factor between two tempos; a stretch of 2 s drifts by 0.02 s at its ends
    tempo_most: float = 2.2  # factor of the fastest and the slowest tempo that is looked for
    tempo_seeds: int = 3  # maps with which other tempos are tried
    tempo_gain: float = 0.01  # of correlation, that a tempo must bring which is read off the drift
    tempo_usual: float = 1.3  # factor by which another tempo must agree more; the staged monitor 1.2
    sure: float = 0.7  # mean correlation of a segment that no other tempo is looked for instead of
    agrees_fully: float = 0.95  # likewise, that no other map is tried instead of; near maps reach 0.9
    beside: float = 0.65  # of the best segment's correlation, that every other must have
    twice: float = 0.85  # of a segment's correlation, that another which shows a part of it again must have
    tempo_tries: int = 4  # tempos that are looked at closely
    tempo_same: float = 0.004  # of the tempo; a drift by less is within what stretches can tell
    covered: float = 0.85  # of the moving stretches in segments, above which no other tempo is tried
    drift_reach: int = 4  # rows around the common lag in which a stretch's own is looked for
    used_reach: float = 0.6  # seconds around a segment's lag at which its stretches are used up
    tempo_voted: tuple[float, float] = (3.0, 6.0)  # seconds of movement at another tempo
    tempo_established: tuple[float, float] = (0.55, 0.75)  # mean correlation for most and least
    concord_tempo_voted: float = 8.0  # seconds of movement that must name one lag at another tempo
    concord_vote: float = 0.15  # correlation below which a stretch's own best lag is not counted
    concord_share: float = 0.6  # of the stretches that overlap the other clip, which must name one lag
    concord_voted: float = 4.0  # seconds of movement that must name it
    concord_established: float = 0.25  # their mean correlation
    concord_drop: float = 0.15  # by which it must fall beside the offset
    control_steps: tuple[float, ...] = (-1.0, -0.5, 0.5, 1.0)  # seconds beside the offset
    control_drop: float = 0.25  # by which the correlation must fall beside the offset
    beat: float = 0.64  # seconds of the short stretches that must each agree at the common offset
    beat_reach: float = 0.5  # seconds around it in which each may look for a better one
    steady: float = 0.75  # share of the movement that itself names the offset; copies 0.8-1, takes 0.65
    least_voted: float = 1.5  # seconds in which something moved and agreed; less only for shorter clips
    extent_share: float = 0.6  # of the voters' own likeness that a picture of the segment keeps
    extent_spread: float = 6.0  # median deviations below the voters' likeness at which a segment ends
    extent_slack: float = 0.1  # correlation; below that in any case, for fades and noise
    extent_flat: float = 6.0  # grey levels between most cells of a picture that tells nothing: black, fog
    extent_moves: float = 4.0  # grey levels by which a cell spreads over time where a scene moves or changes
    extent_covered: float = 0.35  # log ratio of spreads beside the usual one: a bar covers a part
    extent_aside: float = 0.32  # seconds to the rows that a row is held against
    extent_stands_out: float = 1.0  # grey levels rms, by which these must differ from it
    extent_smooth: int = 5  # rows that are told together
    extent_own: float = 0.7  # of the movement of the voters' rows nearest a's own, with which others are told
    extent_rows: int = 6  # of the voters' rows that must tell
    apart_share: float = 0.33  # of the voters' correlation, below which a moving stretch is in no segment
    bridge: float = 0.4  # seconds of unlike pictures that do not end a segment
    most_segments: int = 16  # a pair
    exact_side: int = 640  # pixels, the longer side of the aligned pictures that are laid on each other
    exact_points: int = 700  # features of such a picture
    exact_simpler: float = 0.004  # mean agreement that a map without perspective may lack and be preferred
    exact_tolerance: float = 2.0  # pixels of 640
    exact_inner: float = 1.2  # seconds inside a segment's ends, whose frames place it
    exact_outer: float = 0.7  # seconds outside its ends
    exact_reach: float = 0.3  # seconds around the expected place in which a frame's own is looked for
    exact_moves: float = 0.5  # grey levels rms of what moves in a frame that tells
    exact_like: float = 0.5  # correlation of what moves with the frame it is most like
    exact_drop: float = 0.005  # of correlation, to the frames beside it; less does not tell them apart
    exact_grid: float = 0.1  # of a frame; pairs of frames that spread less were copied one by one
    exact_frames: int = 6  # frames that must tell
    exact_span: float = 1.0  # seconds over which frames must be spread to tell a stretch's speed
    exact_drift: float = 1.25  # frames over the stretch, by which a speed must differ from that of the source
    exact_explains: float = 1.3  # factor by which frames must spread less with a speed than without
    exact_near: tuple[float, float] = (0.3, 1.0)  # seconds between frames that tell the pace of a moment
    exact_plainer: float = 1.4  # factor by which they must follow the pace as filmed better than another
    exact_slack: float = 0.2  # seconds from a clip's end, within which a segment reaches to it
    ends_noise: float = 1.0  # times what b differs from a's frames anyway, by which a frame must move to tell
    ends_clear: float = 4.0  # times the same, from which what moves stands out clearly
    ends_other: float = 4.0  # times the same, from which a picture is another one though nothing moves
    ends_own: float = 0.6  # share of the movement nearest a's own frame, with which an end can be told
    ends_chance: float = 0.3  # the same by chance, of three frames
    ends_told: float = 0.7  # by which frames may speak against what mostly stands still; one is like nothing
    ends_frozen: float = 0.4  # seconds for which a picture must stand to be frozen, not one frame repeated
    ends_stands: float = 0.2  # of a's change from frame to frame, below which b stands
    ends_step: float = 2.0  # seconds that are taken up beyond a window whose frames all agree
    ends_steps: int = 16  # windows; half a minute beyond where the votes ended
    kept_side: int = 3840  # pixels, the longer side of pictures that are kept; SourceSettings.side
    kept_bytes: int = 256 << 20  # of pictures that one process keeps; the moments of a pair in 4K are 350 MB
    shakes: float = 0.0015  # of the picture, by which its corners stray between moments; less is no shaking
    proofs: int = 4  # moments of each segment at which its moving patches are compared
    proof_patches: int = 12  # moving patches, over all moments, without which nothing is refuted by them
    proof_changes: float = 0.64  # of them, in which the changes agree; other takes 0.61, made copies 0.67
    proof_twice: float = 0.15  # by which changes may agree less in what is shown twice; a robot's take 0.16
    # Of the patches in which one clip changes, that must agree where captions change the other; takes 0.71.
    proof_one_sided: float = 0.9
    proof_clear: float = 0.9  # share of them, from which frames may agree for less time than the votes did
    proof_short: float = 0.75  # of the votes' seconds; a robot's takes 0.57, copies with faint changes 0.99
    proof_hopeless: float = 0.3  # likewise, before frames place a stretch; made copies 0.74 and more
    borne_voted: float = 4.0  # seconds of movement whose votes may bear out a copy in which changes are faint
    borne_correlation: float = 0.75  # of them; other takes reached 0.81 for 4 s, 0.9 for 3 s
    borne_share: float = 0.9  # of all patches and of moving ones, that must agree then; other takes 0.88
    tempo_bent: float = 0.1  # of the tempo, by which the frames may differ from the votes that stand for it
    likely: float = (
        0.15  # of correlation, by which a lag that establishes nothing must stand out to be proved
    )
    alone_patches: int = 20  # moving patches that may establish a recording by themselves
    alone_share: float = 0.9  # of them, and of all patches, that must agree then
    intro_most: Fraction = Fraction(8)  # seconds; longer ones are more than a title
    intro_tempo: float = 0.1  # of the tempo, by which the frames of a few seconds may be off
    intro_slack: Fraction = Fraction(2, 5)  # seconds by which its edges may be off
    intro_cut: Fraction = Fraction(3, 4)  # seconds from its inner edge to a cut: a card that stands hides it
    intro_still: float = 1.0  # grey levels rms from one tiny picture to the next; more is no card that stands
    intro_rest: Fraction = Fraction(1)  # seconds that each clip must have beside it
    laid_well: float = 0.75  # share of the patches that agree by a map, below which it is fitted once more
    laid_gain: float = 0.03  # of mean agreement, by which a map fitted once more must be better
    closer_most: int = 4  # times that aligned moments are laid on each other, as long as that moves them
    closer_moved: float = 0.02  # seconds; half a frame of most clips
    moments: int = 3  # aligned moments that are decoded to lay one input on the other
    still_share: float = 0.6  # of the patches of two stills that agree in a copy
    still_patches: int = 12  # textured patches without which two stills are not called a copy
    still_seeds: int = 3  # places of a clip that are searched for a still
    still_reach: float = 1.0  # seconds around a feature picture in which the still's own frame is looked for
    still_stride: int = 3  # frames between two fits of the map; the camera moves little meanwhile
    frame_points: int = 500  # features of a frame that is looked at
    search_step: Fraction = Fraction(1)  # seconds between the frames of a clip that is searched for a still
    search_agrees: float = 0.35  # mean agreement of the patches, below which a frame is of another view
    search_most: int = 240  # frames looked at in one clip
    still_moving: int = 8  # patches in which the clip changes, without which its moments cannot be told apart
    still_agrees: float = 0.95  # share of those patches that agree with the still; another take reached 0.92
    camera_moves: float = 0.85  # share of the patches that change where the camera itself moves
    still_differs: float = 0.6  # share below which the still is of another moment
    moves: float = 2.0  # grey levels rms in both; above it a lack of correlation refutes one recording
    same_view: float = 0.5  # share of the patches that agree in two pictures of one camera's view
    same_frame: float = 0.02  # fraction of the picture; a fixed camera's scene stays in its place
    same_view_area: float = 0.3  # of each picture that both show
    same_duration: Fraction = Fraction(1, 10)  # seconds by which containers round the end of one stream
    thin_points: int = 30  # local features; a picture with fewer, and a low hash quality, is as good as blank
    gap: Fraction = Fraction(1, 10)  # seconds; shorter stretches at a segment's end are uncertain
    edge: float = 0.03  # fraction of the picture; a crop by less is within the fit's uncertainty
    perspective: float = 0.05  # log ratio of opposite sides, 5 %
    turn: float = 2.0  # degrees
    rescaled: float = 0.03  # of the pixels across
    other_rate: float = 0.01  # of the frame rate


@dataclass(frozen=True, slots=True)
class EditSettings:
    """What turns one input into its copy; tried as `verify.copies.edits` tells."""

    speed: float = 0.01  # of the usual speed; the figure that speeds are asked to be right to
    drift: float = 0.1  # seconds over a segment, likewise; the ends of segments are off by up to this
    repeat: Fraction = Fraction(1, 4)  # seconds of a that two segments must share; their ends are uncertain
    side: int = 480  # pixels, the longer side of b's picture as it is looked at
    least_side: int = 64  # pixels; no smaller, however small the shared part is
    segments: int = 4  # looked at, the longest; each costs a seek in both inputs
    places: int = 3  # of the longest segment that are looked at, one of each other; a seek each
    large: int = 1_000_000  # pixels of a frame, above which one place fewer is looked at; decoding costs most
    apart: Fraction = Fraction(1, 2)  # seconds between the two moments of a place
    tone_blur: float = 2.0  # pixels; forgives misplacement and compression
    tone_pixels: int = 60  # shared pixels, without which no colours are fitted
    tone_most: int = 8000  # pixels that are fitted
    tone_rounds: int = 8  # of the iterated fit; it settles in five
    tone_level: float = 6.0  # grey levels rms; re-encoding and rounding stay below 3
    tone_contrast: float = 0.1  # of the slope; less is said as brightness only
    tone_colourless: float = 5.0  # levels rms of the colour differences; fewer are no colours to speak of
    tone_grey: float = 3.0  # levels; compression leaves this much in a grey picture
    tone_lost: float = 0.3  # share of a's own colours that a picture in one colour keeps
    tone_hue: float = 10.0  # degrees; mistaken BT.601 and BT.709 make up to 8
    tone_saturation: float = 1.3  # factor; mistaken ranges and matrices make up to 1.2
    tone_cast: float = 8.0  # levels; mistaken matrices make up to 5
    mark_reach: int = 2  # pixels of `side` by which the pictures may be misplaced
    mark_sharpened: float = 0.3  # of the local range; sharpening and ringing overshoot by this
    mark_level: float = 14.0  # grey levels beyond it; compression at CRF 36 makes up to 10
    mark_noise: float = 3.0  # times the usual disagreement, that is added to it
    mark_blurs: tuple[float, ...] = (0.7, 1.2, 2.0, 3.0)  # pixels, tried to even out detail
    mark_stays: float = 12.0  # grey levels that an unchanging pixel changes by
    mark_join: float = 0.03  # of the width, and half as much of the height: gaps between letters
    mark_area: float = 0.001  # of the picture that must disagree; a logo of 5 x 3 % has more
    mark_shown: float = 0.3  # share of a mark's pixels at which a moment shows it
    mark_most: float = 0.45  # of the shared part; more than that is another picture
    mark_part: float = 0.0002  # likewise, of one of several parts that lie near each other
    mark_near: float = 0.04  # of the width and height: between parts of one mark
    mark_known: float = 0.3  # share of a mark's pixels whose colours are known from elsewhere
    mark_known_pixels: int = 60  # of a shade, in all moments, by which it is known
    mark_known_fits: float = 0.7  # share of them that are shown as predicted
    mark_known_level: float = 10.0  # grey levels
    mark_faint: float = 0.5  # of the level, that suffices where it is there at every moment
    mark_moments: int = 4  # without which nothing is there at every moment
    mark_agree: float = 0.8  # share of many marks that one input must carry
    marks: int = 4  # more are parts of one that lies all over the picture
    caption_width: float = 0.2  # of the picture; narrower marks are logos
    caption_band: float = 0.9  # of the picture's width; a strip as wide as that needs no writing
    caption_aspect: float = 2.5  # width over height of writing
    caption_middle: float = 0.36  # of the height; between this and the rest, writing is a watermark
    caption_turns: float = 8.0  # changes between light and dark along a row: some four letters
    presence_clear: float = 4.0  # times the power of what is not covered
    presence_least: float = 4.0  # grey levels squared, a cell
    presence_share: float = 0.5  # of a mark's usual strength
    presence_same: float = 0.5  # of the power by which it differs from what is under it
    presence_gap: float = 0.3  # seconds; a shorter stretch is a flicker, and a shorter gap none
    around_area: float = 0.03  # of the picture; as `CopySettings.edge`
    around_flat: float = 6.0  # grey levels, standard deviation of plain bars after compression
    around_black: float = 30.0  # grey level, mean
    around_blurred: float = 0.03  # of the fine detail that a's picture has
    around_smooth: float = 0.7  # grey levels of fine detail that any blurred picture may have
    around_moves: float = 0.5  # grey levels, mean change over half a second; a still re-encoded makes 0.1
    askew: float = 0.02  # of b's picture, by which a's is no parallelogram; fits are right to 0.005
    frozen_least: float = 0.45  # seconds; seven tiny pictures
    frozen_level: float = 0.5  # grey levels rms of the cells that change most; re-encoding a still frame
    frozen_builds: float = 0.2  # of the clip's usual change, while an encoder builds a held picture up
    frozen_settled: float = 0.4  # share of the pictures that change by less than `frozen_level`
    frozen_moves: float = 1.5  # likewise, of footage that moves
    frozen_still: float = 0.35  # of a's usual change, that b's must stay below over the stretch
    frozen_alike: float = 2.0  # grey levels, mean, between a held picture and the one it holds
    frozen_share: float = 0.8  # of a pause that was put in, in which nothing changes
    frozen_slack: float = 0.25  # seconds between a segment's end and a pause put in there
    frozen_most: int = 12  # stretches; more are a clip that stutters all through
    patch: int = 16  # pixels, as GeometrySettings.patch_side; of `side`
    patch_blur: float = 1.5  # pixels, likewise
    patch_texture: float = 6.0  # grey levels rms, likewise
    patch_level: float = 16.0  # grey levels between a patch's mean and the predicted one


@dataclass(frozen=True, slots=True)
class NeuralSettings:
    """Learned fingerprints, where they are installed; tried as `verify.fingerprint.neural` tells."""

    use: bool = True  # where it is installed
    gap: Fraction = Fraction(1)  # seconds between pictures that are looked at: 9 ms a second of one core
    least_gap: Fraction = Fraction(1, 2)  # seconds; never nearer
    fewest: int = 4  # pictures that even a short clip gets
    change: float = 20.0  # grey levels, mean; a picture that changed by more is looked at before its time
    most: int = 3600  # pictures a clip, 2 MB; then every second one goes
    look_side: int = 640  # pixels, the longer side of the picture that bars are cut from
    bar_levels: int = 10  # grey levels between the 5th and 95th percentile of a row; a bar's has fewer
    bar_leaves: float = 0.15  # share of the height and width that must stay when bars are cut away
    beta: float = 1.0  # weight of the likeness to pictures that say nothing, mean of both; 1.2 as published
    moments: int = 3  # pairs of moments of two clips that are decoded, best first
    moment_gap: float = 1.0  # seconds between them, in either clip
    score: float = 0.12  # their mean normalised cosine, below which nothing is decoded; unrelated: 0.11
    square_score: float = 0.3  # of the best moment, from which one picture is tried squarely on the other


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Which of two copies is nearer the source; tried as `verify.copies.nearer` tells."""

    moments: int = 4  # aligned moments that are decoded; a seek each in both inputs
    side: int = 3840  # pixels, the longer side; larger pictures are shrunk to it
    window: int = 960  # pixels of the grid, each way; more shows no more of how fine detail is
    patch: int = 32  # pixels of the grid
    levels: int = 3  # grids that detail is looked at on, each half as fine as the one before
    detail_same: float = 0.7  # correlation of a patch's coarse structure at which both show the same there
    detail_level: float = 6.0  # energy of the coarse band, grey levels squared; flatter has no structure
    detail_floor: float = 0.02  # likewise, added to every band: less is rounding
    detail_patches: int = 16  # with structure, over all moments
    detail_fine: float = 2.0  # log2 of the fine energy; sharpening adds 1.4, scaling to a half takes 2.7-4.2
    detail_middling: float = 0.6  # log2; enlarging and sharpening add 0.2, scaling to a half takes 1
    detail_agrees: float = 0.5  # correlation of the middling structure; coarse squares have none
    detail_stronger: float = 1.0  # log2 of the fine energy, from which on the other is not called nearer
    detail_tilt: float = -5.6  # log2, fine over coarse; camera pictures have -3.8 to -4.9, enlarged ones -5.7
    detail_least_tilt: float = -6.4  # likewise; below it what is stronger is nobody's detail
    detail_alike: float = 0.8  # share of the patches that must lean one way
    detail_noise: float = 0.3  # log2; what is larger by more in patches with least structure is noise
    colour_level: float = 5.0  # levels, of colour beyond what brightness gives
    colour_lost: float = 0.2  # share of the other's
    end_slack: float = 0.3  # seconds by which a shared stretch may miss a clip's end
    break_reach: float = 0.3  # seconds around a stretch's end in which a jump is looked for
    around_seconds: float = 2.0  # seconds around it whose changes are the usual ones
    least_pictures: int = 12  # of the track in these seconds, without which nothing is said
    least_unlike: float = 0.002  # of a picture to the next; less is noise
    break_jump: float = 2.5  # times the usual unlikeness of a picture to the next, its ninth decile
    break_unlike: float = 0.9  # correlation across the jump; as `MediaSettings.cut_likeness`
    break_other: float = 0.3  # correlation of two pictures that have nothing in common
    smooth_jump: float = 1.5  # times the usual unlikeness, below which there is no jump
    smooth_like: float = 0.97  # correlation, above which there is none
    beyond: float = 0.5  # seconds that a clip must have beyond
    lively: float = 0.3  # of the change within the stretch, that those seconds must have
    shows: float = 0.4  # of its contrast
    border_side: int = 640  # pixels, the longer side
    border_step: float = 0.006  # of the longer side: 4 pixels of 640; maps are right to 2
    border_share: float = 0.5  # of a side, beyond which there must be something
    border_level: float = 6.0  # grey levels along the border, standard deviation; flatter tells nothing
    border_flat: float = 2.0  # grey levels; bars
    border_usual: float = 0.5  # likeness of two lines of one picture at that distance
    border_alike: float = 0.7  # of that likeness, across the border
    border_moments: int = 2  # of a side that must tell something
    border_sure: float = 0.75  # share of them that must agree
    gop_places: int = 4  # key frames of the one that must be found in the other's pictures
    gop_shortest: int = 8  # frames from one key frame to the next; fewer leave too little between them
    gop_longest: int = 600  # likewise; ten seconds of 60 a second
    gop_cut: float = 0.2  # seconds beside a cut that are left out
    gop_beside: int = 5  # frames before and after that a size is compared with, and how many must be known
    gop_lift: float = 0.1  # log2 of the size; real traces have 0.2 to 1.5
    gop_intra: float = 0.85  # of the lift of its own key frames; what has more is one, undeclared
    gop_rank: float = (
        0.8  # share of the frames beside that are smaller; 0.7 where half of the places have none
    )
    gop_sure: float = 3.3  # standard deviations of that share above 0.5: one in a thousand by chance
    gop_halves: float = 0.7  # as `gop_rank`, of every other place
    gop_elsewhere: float = (
        0.05  # share of the other shifts with half the lift; unrelated clips have 0.2 to 0.5
    )


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """Sound: what is kept of it, and when two stretches are one recording; tried as copies.sound tells."""

    longest: int = 4 * 3600  # seconds that are looked at, 6 MB; a longer file's end is not heard
    floor: float = -75.0  # decibels of full scale; what is quieter counts as silence
    around: float = 2.0  # seconds whose mean is taken away from each band: volume and equalisers go with it
    lively: float = 1.5  # decibels rms; a stretch below it is silence, hum or steady noise, and never votes
    stretch: float = 4.0  # seconds of the stretches that are searched for
    stretch_fewest: float = 1.2  # seconds; a shorter sound is not searched for
    stretch_step: float = 2.0  # seconds between them
    stretches: int = 128  # of one sound, at speed 1
    plain_lines: int = 8  # candidates at speed 1 that are followed
    paced_stretches: int = 5  # at other speeds
    paced_lines: int = 3
    paced_suggests: float = 0.5  # as `suggests`, of which there are more by chance at 37 speeds
    speed_step: float = 1.04  # between the speeds that are tried; 2 % off still gives most of the correlation
    speed_most: float = 2.0  # and its inverse
    search_rows: int = 8192  # coarse rows that are searched at once: 22 minutes
    suggests: float = 0.3  # correlation from which a stretch suggests a line
    vote: float = 0.45  # correlation at which a stretch of `block` seconds agrees
    block: float = 2.0  # seconds of the stretches that vote
    block_fewest: float = 1.0  # seconds
    plain_least: float = 1.2  # seconds that agree times their mean correlation, for one recording at speed 1
    paced_least: float = 1.8  # likewise at another speed
    plain_enough: float = 8.0  # likewise, from which on other speeds are not tried
    edge: float = 0.3  # correlation that speaks neither for nor against a row's belonging to a stretch
    bridge: float = 3.0  # seconds of other sound that do not end a shared stretch
    sync: float = 0.5  # seconds by which sound may be early or late under its pictures
    clearly_lively: float = 2.5  # as `lively`, for sound to count as another; codecs make steady noise anew
    unlike: float = 0.25  # correlation, mean of `unlike_over` seconds, below which sound is another
    unlike_over: float = 4.0  # seconds
    same_least: float = 2.0  # seconds of the same sound under shared pictures, where no search found it
    different_least: float = 3.0  # seconds of other sound under shared pictures
    different_share: float = 0.2  # of these, as much of the same sound is chance


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Events, moving things and differences; those of flashes were tried as `verify.scene.light` tells."""

    flash_rise: float = 0.16  # seconds in which a flash gets bright; with left-out frames, 3 at 25 fps
    flash_quiet: float = 0.6  # seconds before and after that must be level
    flash_max_length: float = 1.0  # seconds; longer ones were a hand, a dog and a cutaway, never a flash
    flash_min_rise: float = 8.0  # grey levels, of a cell: more than compression's pulsing at key frames
    flash_noise_times: float = 6.0  # a cell's rise over its own noise
    flash_noise_floor: float = 0.5  # grey levels; the noise of a cell's mean is never taken as less
    flash_min_area: float = 0.06  # share of the picture that is lit; less looks like a bright thing passing
    flash_edge: float = 0.15  # share of the peak at which a flash starts and ends
    flash_abrupt: float = 0.75  # share of the peak reached within flash_rise; a panning camera is slower
    flash_calm: float = 0.3  # share of the peak by which the lit cells may vary before it
    flash_return: float = 0.35  # share of the peak that may stay (smoke, fire)
    flash_elsewhere: float = 0.5  # of the lit area: as much else may be lit in the seconds around
    flash_darker: float = 0.25  # darkening over brightening, summed over cells; light does not darken
    flash_structure: float = 0.3  # correlation of the grid's fine structure, lit and before
    flash_flat: float = 0.01  # spread of that structure (log units) below which there is none

    watch_side: int = 640  # pixels, longer side of the pictures that moving things are looked for in
    watch_rate: float = 12.5  # pictures a second that are looked at, at most
    watch_least_rate: float = 4.0  # pictures a second; below it things cannot be followed
    watch_frames: int = 6000  # pictures of one clip: 8 minutes at full rate, 25 at the least
    stretch_frames: int = 300  # pictures of one view held at once: 69 MB at 640 x 360
    stretch_least: int = 10  # pictures; a shorter stretch has no plate
    stretch_lost: float = 0.8  # seconds a view may be lost (flash, something in front) before another begins
    stretch_cover: float = 0.6  # share of the first picture that must still be in view
    corners: int = 250  # points by which shake is measured
    corners_least: int = 14  # below it nothing can be said of the camera
    corners_agree: float = 0.3  # share of them that must move as one
    corners_still: float = 0.6  # a still camera is preferred with this share of the best map's corners
    still_slope: float = 6.0  # grey levels a pixel; steeper is an edge
    still_levels: float = 8.0  # grey levels an edge's pixels may change by and still count as unmoved
    still_edges: float = 0.35  # share of edge pixels that must be unmoved where corners cannot be followed
    plate_frames: int = 25  # pictures a plate is the median of
    plate_margin: int = 3  # pixels at the edge of each picture that are not used
    plate_known: float = 0.6  # share of the plate's pictures that must show a pixel
    noise_quantile: float = 0.35  # of the departures, scaled as for normal noise; the median is 0.5
    noise_floor: float = 0.7  # grey levels after smoothing; codecs flatten real noise to 0
    laying_error: float = 0.35  # pixels by which a frame may lie wrong
    gain_least: float = 0.5  # exposure steps beyond a factor of two are not followed
    overlay_shake: float = 0.8  # pixels, root mean square; graphics are told apart by standing still
    overlay_always: float = 0.85  # share of pictures in which an edge must stand still
    overlay_area: int = 120  # pixels at the size looked at; a smaller patch that stands still is chance
    overlay_edge: float = 8.0  # grey levels a pixel
    fore_seed: float = 7.0  # times the noise: something stands out
    fore_grow: float = 3.5  # times the noise: it belongs to it
    fore_contrast: float = 7.0  # grey levels, at least
    fore_join: float = 0.010  # of the longer side: gaps that are closed
    detail_reach: float = 0.015  # of the longer side: neighbourhood whose brightness is fitted
    fore_large: float = 0.0015  # of the picture: things as large as this are looked for without that fit
    soft_edge: float = 0.1  # of the peak, a pixel: a rim less steep than this is no clear edge
    soft_weight: float = 0.3  # of the rank of a thing with clear edges
    fore_core: float = 0.45  # of a thing's peak contrast: fainter parts are its light or shadow
    fore_area: int = 14  # pixels at the size looked at; fewer are noise
    fore_whole: float = 0.35  # share of the picture; more than that is light, or the camera
    fore_parts: int = 40  # things in one picture; the largest are kept
    track_gap: float = 1.0  # seconds a thing may be out of sight
    track_reach: float = 0.035  # of the longer side: how far it may move between two looks, beside its size
    track_growth: float = 3.0  # factor its area may change by at once
    track_hits: int = 6  # looks at least
    track_length: float = 0.6  # seconds at least
    track_share: float = 0.4  # share of the looks in its span that must show it
    flash_growth: float = 2.0  # factor its area may change by through a flash
    part_hits: int = 4  # looks at which a part of a thing must be seen
    part_gap: float = 1.0  # seconds between a thing's disappearance and its return
    part_near: float = 0.01  # of the longer side: parts of one thing are no farther apart
    part_share: float = 0.5  # share of the looks at both parts at which they must be near
    part_growth: float = 6.0  # factor between the areas of one compact thing's parts
    part_compact: float = 0.004  # of the picture; larger parts must be alike, by track_growth
    movers: int = 12  # of one clip, the clearest
    place_points: int = 2000  # local features of a plate
    place_contrast: float = 0.012  # SIFT contrast, 0-1; night pictures have little
    place_plates: int = 4  # of each clip, the longest; every pair of them is matched
    place_inliers: int = 20  # on one epipolar geometry; 8 are reached by chance in 64 % of unrelated pairs
    place_tolerance: float = 1.5  # pixels of 640
    place_near: float = 0.16  # of the longer side, beside the thing's own size: how far neighbours may lie
    place_neighbours: int = 16  # agreeing points around a thing, the nearest
    place_fewest: int = 4  # of them; with fewer its place in the other clip is not given
    place_bend: float = 3.0  # pixels of 640 by which neighbours may depart from one affine map
    place_margin: float = 0.25  # of the distance to the nearest neighbour: added to the error of a place
    shown_share: float = 0.4  # share of a thing's places that something in the other clip must cover
    shown_contrast: float = 3.0  # factor by which one thing may be fainter to another camera
    shown_size: float = 4.0  # factor by which one thing may be smaller to another camera
    clear_view: float = 0.8  # share of a place that must lie in the other's picture
    clear_pixels: float = 6.0  # pixels of the other clip's own picture, longer side of the thing
    clear_black: int = 20  # grey levels, of which video black is 16; below it dark things cannot be seen
    clear_white: int = 231  # grey levels, of which video white is 235; above it bright things cannot be seen
    clear_clipped: float = 0.5  # share of a place that may be as dark or as bright as that
    clear_noise: float = 3.0  # times the noise there that the thing's contrast must reach
    clear_texture: float = 12.0  # grey levels between light and dark that focus can be judged by
    clear_blur: float = 4.0  # pixels at the size looked at: an edge this narrow is sharp enough for anything
    clear_overlay: float = 0.3  # share of a place that graphics may cover
    differences: int = 8  # of each clip of a pair, the clearest


@dataclass(frozen=True, slots=True)
class StructureSettings:
    """How far a file's structure is read, and how much of it a report keeps; cameras stay far below."""

    boxes: int = 20_000  # of one file; a camera's has 60 to 300, a fragmented one 10 for each fragment
    depth: int = 16  # boxes in boxes; real files reach 10
    fragments: int = 256  # whose inner boxes are read; the first tell how the file was written
    box_bytes: int = 4 << 20  # of one box; sizes of an hour's samples take 0.4 MB
    read_bytes: int = 32 << 20  # of all boxes together
    fields: int = 1_000_000  # numbers and texts read of all boxes together; a camera's file has 2,000
    picture_bytes: int = 128 << 20  # of a JPEG or GIF file; larger ones are read up to here
    listed_boxes: int = 1000  # of one file, in the report
    alike_boxes: int = 12  # of one type in one list, in the report; the others are counted


@dataclass(frozen=True, slots=True)
class TextSettings:
    """Text in the picture, where its extra is installed; measured in benchmarks/results/ocr.json."""

    use: bool = True  # where it is installed; a batch goes without: 5 to 10 s of one core a clip
    pictures: int = 6  # of a clip that are looked at; each costs 1 to 2 s of one core
    fewest: int = 4  # pictures of a clip, with which it can be told what stays
    side: int = 1280  # pixels, the longer side of the picture looked at; smaller ones are at most doubled
    lines: int = 40  # of one picture; a page of print has as many
    least_pixels: int = 8  # height of a line at that size; smaller letters are not read
    letters: float = 0.5  # for each time that a line is longer than high; fewer: another script, left blank
    sure: float = 0.95  # confidence of the carried reader, above which no other is asked; Cyrillic gave 0.93
    least: float = 0.6  # confidence, below which a line is located and not read
    least_other: float = 0.5  # of another reader, where the carried one knows no letter of the line
    overlap: float = 0.5  # intersection over union of two boxes that are one text
    alike: float = 0.6  # likeness of two readings of one text, digits aside; ratio of difflib
    stays: float = 0.6  # share of the pictures that must show a text that stays
    still_slope: float = 10.0  # grey levels a pixel, of key frames of 480: the edge of a letter
    still_levels: int = 40  # grey levels by which it may differ between key frames, compressed twice
    still_most: float = 0.3  # of a picture's edges that stay; above, the camera may stand still
    mark_gap: float = 0.02  # of the width, between letters and words of one line
    mark_height: tuple[float, float] = (0.015, 0.15)  # of the picture's height
    mark_width: float = 0.05  # of the picture's width, at least
    mark_aspect: float = 2.0  # width over height, at least: a word of three letters
    mark_filled: float = 0.12  # share of its box that must be such edges; single lines and corners have less


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """Checks on one file."""

    picture_side: int = 512  # pixels, the longer side of a picture that a check looks at
    date_slack: float = 3600.0  # seconds; a receiver may repeat a fix of this age, and clocks drift
    gap_steps: float = 10.0  # usual steps between frames; variable frame rates stay below this
    gap_seconds: float = 1.0  # a shorter pause is never reported, whatever the frame rate
    thumbnail_bits: int = 12  # of 64, pHash; 28 camera files give 0-4, 700 unrelated pairs 18-32
    thumbnail_contrast: float = 4.0  # grey levels (standard deviation); flatter pictures hash at random
    thumbnail_side: int = 32  # pixels, the shorter side; pHash shrinks to 32
    thumbnail_pixels: int = 16_000_000  # a preview that declares more is not decoded
    bar_level: int = 24  # of 255; darker pixels may belong to a black bar, JPEG noise included
    bar_share: float = 0.02  # of a row or column; with fewer lighter pixels it is a bar
    clocks_apart: int = 60  # seconds between a container's own dates; recorders take 0 to 4 to close a file
    cut_seconds: float = 0.5  # of the picture left out by an edit list; reordered frames take up to 0.2
    dates_apart: int = 60  # seconds between a picture's own dates; cameras write one moment in all of them
    habits_seen: int = 6  # pictures of a maker, none with a trait, before one that has it is remarkable


@dataclass(frozen=True, slots=True)
class SkySettings:
    """Sun and moon, and what they say of a time; how well they are known: benchmarks/results/sky.json."""

    phase_degrees: float = 6.1  # ahead of or behind new, quarter and full: half a day of the moon's way
    passage_seconds: float = 300.0  # between altitudes that are looked at; a day's path bends little in it
    reading_seconds: float = 20.0  # between instants that a reading is held against
    most_days: int = 14  # of a case, for which hours are computed; of more, hours tell nothing
    rim_degrees: float = 0.3  # the sun's or moon's half width, and what usual air leaves open; always added
    ratio_share: float = 0.2  # of a ratio without uncertainty; at 45 degrees it is 25 to 45 minutes
    azimuth_degrees: float = 10.0  # likewise, of a direction; a compass of a phone is off by as much
    altitude_degrees: float = 3.0  # likewise, of a height above the horizon
    mark_share: float = 0.004  # of the picture's width, by which a point that a person marks may be off
    horizon_share: float = 0.02  # of its height, likewise of the horizon
    focal_share: float = 0.1  # of the focal length; video is cropped and stabilised
    usual_celsius: tuple[float, float] = (-20.0, 35.0)  # of the air, where nobody says
    frame_seconds: float = 0.1  # between the frames of a slow camera, where the rate is not known
    sync_seconds: float = 0.06  # by which sound may be beside its picture; EBU R37
    night_degrees: float = -12.0  # of the sun's altitude, below which the sky is dark; nautical twilight
    day_degrees: float = 6.0  # likewise, above which it is bright; lower, thick cloud may darken it
    dark: float = 45.0  # grey levels, mean of the picture; a drive by night has 25
    bright: float = 100.0  # likewise; outdoor pictures by day have 76 to 167, lit squares by night 84
    bar_level: float = 17.0  # grey levels; video black is 16, and margins as dark as that are left out
    sky_dark: float = 35.0  # grey levels, mean of a marked open sky; by day skies have 85 to 220
    sky_bright: float = 110.0  # likewise; town skies by night stay below 80, night modes included
    near_metres: float = 1000.0  # from the case's place, within which a file's position fits it


@dataclass(frozen=True, slots=True)
class PostSettings:
    """Exports of posts: bounds on what is read from them. None of it decides a relation."""

    posts: int = 200_000  # of one export; more are left out, and the report says so
    text: int = 5000  # characters of a post; Telegram's longest is 4,096
    entry_bytes: int = 32 << 20  # of one entry of a JSON export; real ones have under 1 MiB
    page_bytes: int = 32 << 20  # of one page of an HTML export; Telegram puts 1,000 messages on one, 1 MB
    cell: int = 1 << 20  # characters of one line of a table
    archive_bytes: int = 8 << 30  # unpacked, of one web archive; a minute
    archive_files: int = 10_000  # inside of one web archive
    resource_bytes: int = 20_000  # of a picture or video in a web archive; smaller ones are icons
    nesting: int = 64  # levels of JSON and HTML around an entry; Telegram's have 5 and 15
    files: int = 20  # pictures and videos of one export that become inputs; each is compared with all others
    number_slack: Fraction = Fraction(60)  # seconds between a post's number and its date that mean nothing
    listed: int = 2000  # posts in a report; those that show an input come first, all are counted
    hashed_bytes: int = 8 << 30  # of an export's files that are read to identify them; a minute or two


@dataclass(frozen=True, slots=True)
class ClaimSettings:
    """Statements about times and places, held against each other; arithmetic, so little is chosen here."""

    shift_slack: Fraction = Fraction(
        1
    )  # seconds; measured shifts of copies are right to a tenth, clocks to 1
    tempo: float = 0.01  # of the usual speed; a copy that differs by more was not filmed as it runs
    whole: float = 0.9  # share of a clip that a copy shows, from which on posting it is posting the clip
    cut_beside: Fraction = Fraction(1, 5)  # seconds by which a cut may lie beside the end of a shared stretch
    needs: int = 50  # told of one entry or claim, those that ask most; a claim may conflict with every post
    derived: int = 200  # entries that follow from others along copies and common clocks; more say no more
    place_near: float = 1000.0  # metres; a claimed place without a size of its own is this large
    position_error: float = 5000.0  # metres; phones that see no satellites give a mast's position


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """Measuring how often the tool is right; no relation depends on these."""

    copies: int = 4  # made of each source
    easy_pairs: int = 2000  # of different sources, drawn by the seed; bounds false matches at 0.15 %
    most_seconds: Fraction = Fraction(20)  # of a source that a copy is made of; longer ones only cost time
    least_seconds: Fraction = Fraction(3)  # a shorter source leaves too little once it is cut
    moves: float = 1.0  # grey levels rms over half a second, of 32 x 32 pictures; less leaves frames alike
    frames_close: float = 3.0  # of the slower clip; within it a stretch counts as placed
    ratio_sources: int = 10  # on each side, without which no likelihood ratios are told
    shown_misses: int = 40  # pairs shown with pictures, 50 kB each


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What a report shows; no measurement depends on these."""

    still_side: int = 480  # pixels, the longer side of a picture in the report
    still_quality: int = 72  # JPEG
    key_frames: int = 12  # of one clip, spread over its shots; they are hashed too
    aligned_shown: int = 3  # aligned moments of a pair; one in a batch
    differences_shown: int = 4  # differences of a pair that get pictures; all are listed
    html_bytes: int = 14 << 20  # pictures are left out of the HTML past this, and the report says so
    lettered_inputs: int = 60  # up to these, the cells of the matrix carry letters; a screen holds no more
    detailed_pairs: int = 120  # related pairs with a section of their own in the HTML; others share a table
    listed_pairs: int = 3000  # rows of that table; report.json has all
    detailed_inputs: int = 120  # inputs whose metadata and tags the HTML prints; report.json has all
    listed_inputs: int = 3000  # inputs that the HTML lists
    listed_claims: int = 200  # claims and statements that the HTML lists
    listed_conflicts: int = 60  # pairs of statements in conflict that the HTML sets side by side
    structure_letters: int = 1_500_000  # of boxes, encoders and such in the HTML, shared among the inputs
    listed_posts: int = 400  # posts that the HTML lists, those that show an input first
    tag_letters: int = 1_000_000  # of tags in the HTML, shared among the inputs; files may carry megabytes


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, by room."""

    media: MediaSettings = field(default_factory=MediaSettings)
    fingerprint: FingerprintSettings = field(default_factory=FingerprintSettings)
    geometry: GeometrySettings = field(default_factory=GeometrySettings)
    copies: CopySettings = field(default_factory=CopySettings)
    edits: EditSettings = field(default_factory=EditSettings)
    neural: NeuralSettings = field(default_factory=NeuralSettings)
    source: SourceSettings = field(default_factory=SourceSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    scene: SceneSettings = field(default_factory=SceneSettings)
    structure: StructureSettings = field(default_factory=StructureSettings)
    text: TextSettings = field(default_factory=TextSettings)
    checks: CheckSettings = field(default_factory=CheckSettings)
    sky: SkySettings = field(default_factory=SkySettings)
    posts: PostSettings = field(default_factory=PostSettings)
    claims: ClaimSettings = field(default_factory=ClaimSettings)
    calibration: CalibrationSettings = field(default_factory=CalibrationSettings)
    report: ReportSettings = field(default_factory=ReportSettings)


SETTINGS = Settings()
