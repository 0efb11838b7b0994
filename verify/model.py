"""The nouns: frozen dataclasses that refuse what cannot be true.

Times are exact `Fraction`s of a second from the first moment that a player shows; they become floats only
when they are printed. Boxes are fractions of the displayed picture. The shape of these classes is the
shape of report.json.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

# One unit in the last place of a float box that was computed from pixels must not make it false.
_EDGE = 1e-6


class MediaKind(StrEnum):
    """What a file turned out to be."""

    VIDEO = "video"
    IMAGE = "image"
    AUDIO = "audio"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


class Role(StrEnum):
    """Why a file is in the report."""

    CLIP = "clip"
    REFERENCE = "reference"


class RelationKind(StrEnum):
    """How two inputs relate; the strongest that holds is given, in this order."""

    IDENTICAL = "identical"
    COPY = "copy"
    SAME_CAMERA = "same_camera"
    SAME_EVENT = "same_event"
    SAME_PLACE = "same_place"
    NONE_FOUND = "none_found"
    INCONCLUSIVE = "inconclusive"


class Footage(StrEnum):
    """Whether two inputs were shown to be one recording."""

    ESTABLISHED = "established"
    REFUTED = "refuted"
    NOT_DETERMINED = "not_determined"


class Outcome(StrEnum):
    """What a check came to. The first three carry measurements, the last two do not."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open interval of seconds, `[start, end)`. A still's span is `[0, 0]`."""

    start: Fraction
    end: Fraction

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if self.end < self.start:
            raise ValueError(f"span ends before it starts: {self.start} > {self.end}")

    @property
    def length(self) -> Fraction:
        """Seconds from start to end."""
        return self.end - self.start

    def meets(self, other: Span) -> Span | None:
        """The part that both spans cover, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


STILL = Span(Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the displayed picture, 0 to 1, origin at the top left."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        """Refuse a box that leaves the picture."""
        if min(self.x, self.y, self.width, self.height) < -_EDGE:
            raise ValueError(f"box starts outside the picture: {self}")
        if self.x + self.width > 1 + _EDGE or self.y + self.height > 1 + _EDGE:
            raise ValueError(f"box ends outside the picture: {self}")

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> Box | None:
        """The smallest box around points, cut at the picture's edges; None where nothing of it is inside."""
        xs, ys = zip(*points, strict=True)
        left, right = max(0.0, float(min(xs))), min(1.0, float(max(xs)))
        top, bottom = max(0.0, float(min(ys))), min(1.0, float(max(ys)))
        return cls(left, top, right - left, bottom - top) if left < right and top < bottom else None

    @property
    def area(self) -> float:
        """Share of the picture, 0 to 1."""
        return self.width * self.height

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Top left, top right, bottom right, bottom left."""
        right, bottom = self.x + self.width, self.y + self.height
        return (self.x, self.y), (right, self.y), (right, bottom), (self.x, bottom)

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        shared = max(0.0, width) * max(0.0, height)
        union = self.area + other.area - shared
        return shared / union if union else 0.0


WHOLE = Box(0.0, 0.0, 1.0, 1.0)

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be examined."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Video:
    """The picture stream that a player shows by default; for a still, its picture."""

    codec: str
    width: int  # pixels, displayed: rotation applied
    height: int
    frames: int  # decoded
    frame_rate: Fraction | None  # average; None for a still
    variable_frame_rate: bool = False
    rotation: int = 0  # degrees clockwise that a player turns the coded picture by: 0, 90, 180, 270
    corrupt_packets: int = 0
    details: Mapping[str, object] = field(default_factory=dict)  # pixel_format, interlaced, hdr, alpha, ...

    def __post_init__(self) -> None:
        """Refuse a picture without size and a rotation that no player knows."""
        if self.width <= 0 or self.height <= 0:
            raise ValueError(f"picture without size: {self.width} x {self.height}")
        if self.rotation not in {0, 90, 180, 270}:
            raise ValueError(f"rotation must be a quarter turn: {self.rotation}")


@dataclass(frozen=True, slots=True)
class Audio:
    """The sound stream that a player plays by default."""

    codec: str
    sample_rate: int  # hertz
    channels: int
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writer:
    """The program or device class that a file's structure is consistent with."""

    name: str
    because: tuple[str, ...]
    kind: str = ""  # camera, platform, program
    source: str = ""  # how it is known that this writer leaves such traces
    forged: str = ""  # how easily they are forged


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a file says of itself: where, what it would prove, how easily it is changed."""

    name: str  # make, model, software, taken, position, orientation, writer, file_name_date, c2pa
    says: str | None  # None where the file does not say
    source: str  # the tag or structure that it stands in; "" where the file does not say
    proves: str
    changed: str
    note: str = ""  # why its absence is normal, or what else must be known


@dataclass(frozen=True, slots=True)
class ManifestAction:
    """One step that a C2PA manifest says was taken."""

    name: str  # as written: c2pa.created, c2pa.opened, c2pa.edited ...
    when: str | None = None
    agent: str | None = None  # the program or service said to have taken it
    source_type: str | None = None  # IPTC digital source type, such as trainedAlgorithmicMedia


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One file that a C2PA manifest says went into this one."""

    title: str
    format: str | None
    relationship: str  # parentOf, componentOf, inputTo
    state: str  # of the ingredient's own manifest: none, valid, trusted, invalid


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the active C2PA manifest of a file states. A claim of its signer, whether or not it is valid."""

    label: str
    signer: str | None = None  # common name of the signing certificate
    issuer: str | None = None  # organisation in it
    generator: str | None = None  # the program that wrote the manifest
    signed: str | None = None  # RFC 3339, from a time stamp; None where there is none that could be read
    source_types: tuple[str, ...] = ()  # IPTC digital source types of the actions
    actions: tuple[ManifestAction, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # validation code of the specification, plain words
    manifests: int = 1  # in the file: the active one and those of earlier steps


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says of itself, normalised. Each field is a claim; None where the file does not say."""

    make: str | None = None
    model: str | None = None
    software: str | None = None
    taken: str | None = None  # RFC 3339, without a zone where the file gives none
    taken_readings: tuple[str, ...] = ()  # both readings of a date whose zone is not certain, in words
    position: tuple[float, float] | None = None  # degrees: latitude, longitude
    orientation: int | None = None  # EXIF 1 to 8
    writer: Writer | None = None
    writers: tuple[Writer, ...] = ()  # all that the structure is consistent with; `writer` where it is one
    c2pa: str = "not_read"  # none, valid, trusted, invalid, unreadable, not_read
    c2pa_note: str = ""  # why a manifest that seems to be there was not read
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True)
class Hashes:
    """Perceptual hashes of one picture, in each one's usual text form."""

    time: Fraction  # seconds; 0 for a still
    values: Mapping[str, str]  # by recipe name: pdq, phash, dhash, whash, crop_resistant
    quality: int | None = None  # PDQ's, 0 to 100


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in the picture: read, or only located."""

    text: str | None  # None: located, not read
    box: Box
    span: Span  # from the first to the last picture looked at that shows it; of one picture, of no length
    confidence: float  # the reader's own, 0 to 1; no probability
    kind: str = "text"  # account, clock, text
    seen: int = 1  # pictures looked at that show it
    stays: bool = False  # in its place in most of the pictures looked at
    readings: tuple[tuple[Fraction, str], ...] = ()  # of a clock: seconds, and what it read then

    def __post_init__(self) -> None:
        """Refuse a confidence that cannot be, and a text without letters."""
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence must lie in 0..1: {self.confidence}")
        if self.text is not None and not self.text.strip():
            raise ValueError("a text that was read has letters")


@dataclass(frozen=True, slots=True)
class Media:
    """One input, as far as it could be examined."""

    id: str
    path: Path  # as given
    role: Role
    kind: MediaKind
    sha256: str | None = None  # None where the bytes could not be read
    size_bytes: int | None = None
    error: Problem | None = None
    container: Mapping[str, object] = field(default_factory=dict)
    duration: Fraction | None = None  # seconds; None for a still
    video: Video | None = None
    audio: Audio | None = None
    shots: tuple[Span, ...] = ()
    hashes: tuple[Hashes, ...] = ()
    metadata: Metadata = Metadata()
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # source -> name -> text as written
    notes: tuple[str, ...] = ()  # what was not looked at in this file, and why
    texts: tuple[Text, ...] = ()  # in the picture; those that stay longest first
    structure: Mapping[str, object] = field(default_factory=dict)  # boxes, encoders: metadata/structure
    fields: tuple[Field, ...] = ()  # what it says of itself, one by one

    def __post_init__(self) -> None:
        """An unreadable file says why, and an examined one has something in it."""
        if self.kind is MediaKind.UNREADABLE and self.error is None:
            raise ValueError(f"{self.id}: an unreadable file must say why")
        if self.kind in {MediaKind.VIDEO, MediaKind.IMAGE} and self.video is None:
            raise ValueError(f"{self.id}: a {self.kind} has a picture")

    @property
    def span(self) -> Span:
        """All of it, in seconds."""
        return Span(Fraction(0), self.duration or Fraction(0))


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch that two inputs share. `homography` brings a's picture onto b's, in fractions."""

    a: Span
    b: Span
    mirrored: bool
    a_box: Box
    b_box: Box
    homography: Matrix
    score: float  # mean agreement of the aligned frames, 0 to 1
    speed: float = 1.0  # length in a / length in b
    reversed: bool = False
    uncertainty: Fraction = Fraction(0)  # seconds, of start and offset

    def __post_init__(self) -> None:
        """Refuse a score or a speed that cannot be."""
        if not 0 <= self.score <= 1:
            raise ValueError(f"score must lie in 0..1: {self.score}")
        if self.speed <= 0:
            raise ValueError(f"speed must be positive: {self.speed}")


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of what turns a into b."""

    kind: str  # trim crop letterbox mirror rotate resolution frame_rate ...: report/schema.json
    statement: str
    a: Span | None = None
    b: Span | None = None
    box: Box | None = None
    box_in: str | None = None  # "a" or "b"
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registration:
    """How the pictures of two cameras lie on each other."""

    model: str  # "homography" or "fundamental"
    matrix: Matrix  # a -> b; fractions of the displayed pictures
    inliers: int
    a_box: Box  # around the inliers
    b_box: Box
    a_time: Fraction = Fraction(0)  # the two frames that were registered
    b_time: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Offset:
    """b's clock minus a's, for two cameras at one moment."""

    seconds: float
    uncertainty: float
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that one input shows and the other does not: an observation, never an accusation."""

    present_in: str  # media id
    absent_from: str
    at: Span  # seconds of the one it is present in
    box: Box  # encloses it over that time
    comparable: bool  # whether the other could have shown it
    reasons: tuple[str, ...]
    statement: str
    box_in_other: Box | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """How two inputs relate, a before b in the order of the inputs."""

    a: str
    b: str
    kind: RelationKind
    because: tuple[str, ...]  # the measurements behind it, in words
    footage: Footage | None = None
    sound: str | None = None  # same_recording, same_moment, different
    log10_lr: float | None = None
    against: str | None = None
    support: str | None = None
    segments: tuple[Segment, ...] = ()
    edits: tuple[Edit, ...] = ()
    residual: float | None = None  # what the edits leave unexplained, 0 to 1
    nearer_source: str | None = None  # "a", "b" or None: it cannot be told
    registration: Registration | None = None
    offset: Offset | None = None
    differences: tuple[Difference, ...] = ()
    # What likelihood ratios are told from, of pairs that are no copies too: at the offset where what moves
    # agrees best "correlation" (-1 to 1), "control" (the highest beside it), "voted" (seconds that agree).
    # Empty where no offset was tried, and of stills and identical files.
    measured: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A relation says why, and a copy shows where."""
        if self.a == self.b:
            raise ValueError(f"{self.a} cannot be related to itself")
        if not self.because:
            raise ValueError(f"{self.a} and {self.b}: a relation must say why")
        if self.kind is RelationKind.COPY and not self.segments:
            raise ValueError(f"{self.a} and {self.b}: a copy must have segments")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in a clip."""

    media: str
    kind: str  # flash bang smoke motion light cut freeze
    span: Span
    box: Box
    strength: float  # in the unit that the event's detector states


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number behind a finding."""

    name: str
    value: float
    unit: str
    limit: float | None = None  # what it was held against
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found about some inputs."""

    check: str  # name/version
    subjects: tuple[str, ...]
    outcome: Outcome
    statement: str
    limits: str  # what this cannot show
    measurements: tuple[Measurement, ...] = ()
    extra: str | None = None  # what is not installed, where a check was not run for that alone

    def __post_init__(self) -> None:
        """An outcome rests on measurements, and the lack of one does not."""
        measured = self.outcome in {Outcome.CONSISTENT, Outcome.INCONSISTENT, Outcome.INCONCLUSIVE}
        if measured != bool(self.measurements):
            raise ValueError(f"{self.check}: {self.outcome} with {len(self.measurements)} measurements")


@dataclass(frozen=True, slots=True)
class Need:
    """What would have to be so for one statement to hold beside another that it conflicts with."""

    against: tuple[str, ...]  # ids of the entries of the other statement, one for each reading
    seconds: float  # by which the other would have to be wrong at least, were all else right
    statement: str
    through: tuple[str, ...] = ()  # the chain of relations between the two, in words


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement about time, as an interval with its source."""

    id: str
    start: datetime | None  # None: open. Without a zone where none is known
    end: datetime | None
    kind: str  # made posted claimed said read derived sky
    what: str
    source: str
    media: str | None = None
    conflicts_with: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()  # ids of the entries that a derived one follows from
    readings: tuple[str, ...] = ()  # ids of the other readings of the same statement; one of them holds
    needs: tuple[Need, ...] = ()  # one for each statement that this one conflicts with


@dataclass(frozen=True, slots=True)
class Bearing:
    """What one thing in the report says to a claim."""

    what: str  # finding relation entry post metadata text
    id: str  # of the entry or post; "a b" of a relation; check and subjects; the field that text stands for
    bears: str  # supports contradicts does_not_bear
    because: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who said what, when, about which inputs, and what here bears on it. It is never believed."""

    id: str
    by: str
    says: str  # as said; for times and places given as such, put in words
    at: datetime | None = None  # when it was said
    about: tuple[str, ...] = ()
    source: str = ""
    topic: str = ""
    bearings: tuple[Bearing, ...] = ()
    beside: tuple[str, ...] = ()  # ids of claims on the same matter with other contents
    position: tuple[float, float] | None = None  # of the claimed place, degrees: latitude, longitude
    radius: float | None = None  # of the claimed place, metres


@dataclass(frozen=True, slots=True)
class Edge:
    """One step of a family tree."""

    parent: str  # nearer the source
    child: str
    confidence: float  # agreement of the pair's aligned frames, 0 to 1


@dataclass(frozen=True, slots=True)
class Family:
    """Inputs that are copies of each other, directly or through others."""

    members: tuple[str, ...]
    nearest_source: str | None = None
    edges: tuple[Edge, ...] = ()  # a forest: no member has two parents
    notes: tuple[str, ...] = ()  # what must be said of the tree: directions left out, parents chosen


@dataclass(frozen=True, slots=True)
class PostFile:
    """A file that a post carries."""

    path: str  # as the export writes it
    file: Path | None = None  # where it lies; None where the export does not hold it
    sha256: str | None = None  # of the file, or of its bytes inside an archive
    note: str = ""  # why there is no file


@dataclass(frozen=True, slots=True)
class Forward:
    """The post that another one passes on, as far as the copy tells."""

    source: str  # channel or account, as shown
    start: datetime | None = None  # as in `Post`
    end: datetime | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One post, as an export, an archive or a case file gives it. Nothing in it is believed."""

    id: str  # in the report: "p1"; empty while its export is being read
    platform: str  # "telegram", "x"; empty where it is not told
    source: str  # channel or account, as shown
    start: datetime | None = None  # first and last second that its date can mean, both included; None: open
    end: datetime | None = None  # both with a zone, or both without where none is known
    zone: str = ""  # where the zone is from: "given", "export", "case", or empty
    dated_by: str = ""  # what gives the date, in words
    coded: datetime | None = None  # the time that the platform's own identifier carries, UTC
    coded_from: datetime | None = None  # from when on, by that identifier, the post can have been shown
    coded_until: datetime | None = None  # and by when it was; None: open, as the identifier is made before
    seen: datetime | None = None  # when an archive saved it: it was there then
    edited: datetime | None = None
    author: str = ""  # where it is another than the source
    number: str = ""  # the platform's own identifier
    text: str = ""
    url: str = ""
    archived: str = ""  # link to an archived copy
    forwarded: Forward | None = None
    reply_to: str = ""  # number of the post that it answers
    files: tuple[PostFile, ...] = ()
    shows: tuple[str, ...] = ()  # ids of inputs: the same bytes, or named by the case file
    found_in: str = ""  # the export, as the case names it
    place: str = ""  # where in it: "messages[12]", "line 5"

    def __post_init__(self) -> None:
        """Refuse a date that runs backwards or has a zone at one end only."""
        if self.start is None or self.end is None:
            return
        if (self.start.tzinfo is None) != (self.end.tzinfo is None):
            raise ValueError(f"{self.place}: a date has a zone at both ends or at none")
        if self.end < self.start:
            raise ValueError(f"{self.place}: a date ends before it starts")


@dataclass(frozen=True, slots=True)
class Passed:
    """A post that passes on another one."""

    post: str  # id
    source: str  # whom it names
    original: str | None  # id of the post that it passes on; None where that is not among the posts


@dataclass(frozen=True, slots=True)
class PostOrder:
    """The posts that show one recording: inputs that are identical or copies of each other."""

    members: tuple[str, ...]  # inputs
    posts: tuple[str, ...]  # ids; where one is certain to come before another, it stands before it
    earliest: tuple[str, ...]  # those that no other is certain to come before: the earliest found here
    passed_on: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A box drawn over a picture of the report."""

    box: Box
    label: str = ""


@dataclass(frozen=True, slots=True)
class Still:
    """A picture for the report: JPEG, with what is drawn over it kept apart."""

    media: str
    time: Fraction  # seconds; 0 for a picture
    jpeg: bytes
    width: int
    height: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Pictures that show one thing: a file's key frames, a relation's aligned frames, a difference."""

    kind: str  # key_frames aligned registered difference
    subjects: tuple[str, ...]  # media ids: one, or a and b of the relation
    stills: tuple[Still, ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says of the incident. It is kept as said, and never believed."""

    by: str
    says: str
    at: datetime | None = None
    about: tuple[str, ...] = ()
    source: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the incident is said to be."""

    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    timezone: str | None = None  # IANA name


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The question that the report answers: from a case file, or from the command that was given."""

    title: str
    question: str
    place: Place = Place()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the report."""

    version: str
    settings: Mapping[str, object]
    dependencies: Mapping[str, str]
    extras_missing: tuple[str, ...] = ()
    name: str = "verify"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was examined and found, ready to be written."""

    created: datetime
    inquiry: Inquiry
    tool: Tool
    complete: bool
    media: tuple[Media, ...]
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    timeline: tuple[Entry, ...] = ()
    families: tuple[Family, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds by stage
    command: str = ""  # the verb that made it: inspect, compare, case, batch
    posts: tuple[Post, ...] = ()
    post_orders: tuple[PostOrder, ...] = ()
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        """Ids are unique, and every reference names an input."""
        ids = [media.id for media in self.media]
        if len(ids) != len(set(ids)):
            raise ValueError("two inputs have one id")
        known = set(ids)
        for relation in self.relations:
            if not {relation.a, relation.b} <= known:
                raise ValueError(f"a relation names unknown inputs: {relation.a}, {relation.b}")
