"""The time that a platform writes into the identifier of a post.

Several platforms number their posts by the clock: the upper bits of the number are the milliseconds (or
seconds) at which a server, or the app, began the post. The address of a post thus tells when it was begun,
whatever the page says; a stated date that differs from it by more than moments needs a reason (another zone,
a draft shown later, a wrong address). It is the time of the post, not of the picture in it.

- X, Twitter: number >> 22 is milliseconds from 2010-11-04T01:42:54.657Z (twitter-archive/snowflake,
  IdWorker.scala). Earlier numbers simply count.
- Discord: number >> 22 is milliseconds from 2015 (Discord's developer documentation, "Snowflakes").
- TikTok: number >> 32 is seconds from 1970 (R. Benson, "Tinkering with TikTok Timestamps", 2020).
- Instagram: the short code is a number in base 64; number >> 23 is milliseconds from
  2011-08-24T21:07:01.721Z ("Sharding & IDs at Instagram", 2012).
- LinkedIn: number >> 22, its first 41 bits, is milliseconds from 1970 (O. Boyd, "LinkedIn Post Timestamp
  Extractor", 2021).
- Mastodon: number >> 16 is milliseconds from 1970 (mastodon/mastodon, lib/mastodon/snowflake.rb).
- Bluesky: letters in base 32; number >> 10 is microseconds from 1970 (atproto.com/specs/tid). The author's
  app writes it, and may write anything.

Limits: only the address is read; nobody is asked. Whoever can invent an address can invent its time. On X,
Discord, Mastodon and Bluesky the number is made as the post is shown. On TikTok, Instagram and LinkedIn it is
made when the post is begun: seconds before, longer for a video that is still sent, days for a draft (measured
for Instagram: Web Science and Digital Libraries Group, ws-dl.blogspot.com, 2021-02-20; 73 videos on TikTok
and Douyin, 2 to 49 s: Evil0ctal, Douyin-TikTok-Video-ID-Decoder, 2025). There the time is only the earliest
at which the post can have been shown.
Mastodon gives posts from other servers, and moved ones, numbers from their stated dates. YouTube, Facebook,
Telegram and VK carry no time in their numbers. Times before a platform existed and in the future are refused.
Error rates: none are measured here; the arithmetic is exact, and is tested on published pairs of numbers and
dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"  # atproto's, in the order of its values
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 2000  # characters of an address
_SKEW = timedelta(minutes=10)  # by which a clock of ours or theirs may be off


@dataclass(frozen=True, slots=True)
class Coded:
    """A post's identifier and the time in it."""

    platform: str
    number: str  # as in the address
    time: datetime  # UTC
    prompt: bool  # whether the number is made as the post is shown, not when it is begun


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How one platform numbers its posts."""

    platform: str
    hosts: frozenset[str]  # empty: any, as anybody may run a server
    path: re.Pattern[str]
    value: Callable[[str], int]
    shift: int  # bits below the time
    unit: timedelta
    start: datetime
    first: datetime  # before it, the number is no such number
    prompt: bool = True  # whether the number is made when the post is shown

    def time(self, number: str) -> datetime:
        return self.start + (self.value(number) >> self.shift) * self.unit


def _base(alphabet: str) -> Callable[[str], int]:
    values = {letter: value for value, letter in enumerate(alphabet)}

    def value(text: str) -> int:
        number = 0
        for letter in text:
            number = number * len(alphabet) + values[letter]
        return number

    return value


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_MS, _US, _S = timedelta(milliseconds=1), timedelta(microseconds=1), timedelta(seconds=1)
_X = _UNIX + 1288834974657 * _MS
_INSTAGRAM = _UNIX + 1314220021721 * _MS
_DISCORD = _UNIX + 1420070400000 * _MS
_SCHEMES = (
    _Scheme(
        "x",
        _of("x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"),
        re.compile(r"/(?:[A-Za-z0-9_]{1,20}|i/web)/status(?:es)?/([0-9]{14,19})(?:/.*)?"),
        int, 22, _MS, _X, datetime(2010, 11, 5, tzinfo=UTC),
    ),
    _Scheme(
        "discord", _of("discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"),
        re.compile(r"/channels/(?:@me|[0-9]{15,20})/[0-9]{15,20}/([0-9]{15,20})/?"),
        int, 22, _MS, _DISCORD, datetime(2015, 1, 2, tzinfo=UTC),
    ),
    _Scheme(
        "discord", _of("cdn.discordapp.com", "media.discordapp.net"),
        re.compile(r"/attachments/[0-9]{15,20}/([0-9]{15,20})/.+"),
        int, 22, _MS, _DISCORD, datetime(2015, 1, 2, tzinfo=UTC),
    ),
    _Scheme(
        "tiktok", _of("tiktok.com", "www.tiktok.com", "m.tiktok.com"),
        re.compile(r"/(?:@[A-Za-z0-9_.]{1,40}/(?:video|photo)|v|embed(?:/v2)?)/([0-9]{18,20})(?:\.html)?/?"),
        int, 32, _S, _UNIX, datetime(2014, 8, 1, tzinfo=UTC), prompt=False,
    ),
    _Scheme(
        "instagram", _of("instagram.com", "www.instagram.com"),
        # A private account's short code has 28 further letters, which are a key.
        re.compile(
            r"/(?:[A-Za-z0-9_.]{1,40}/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{10,11})(?:[A-Za-z0-9_-]{28})?/?"
        ),
        _base(_BASE64), 23, _MS, _INSTAGRAM, datetime(2011, 8, 25, tzinfo=UTC), prompt=False,
    ),
    _Scheme(
        "linkedin", _of("linkedin.com", "www.linkedin.com"),
        re.compile(
            r"/(?:feed/update/urn:li:(?:activity|ugcPost|share):|posts/[^/]{0,300}-(?:activity|ugcPost|share)-)"
            r"([0-9]{19})(?:-[A-Za-z0-9_-]{1,8})?/?"
        ),
        int, 22, _MS, _UNIX, datetime(2010, 1, 1, tzinfo=UTC), prompt=False,
    ),
    _Scheme(
        "bluesky", _of("bsky.app"),
        re.compile(r"/profile/[A-Za-z0-9.:_-]{1,260}/post/([2-7a-z]{13})/?"),
        _base(_BASE32), 10, _US, _UNIX, datetime(2022, 11, 1, tzinfo=UTC),
    ),
    _Scheme(
        "mastodon", frozenset(),
        re.compile(r"/@[A-Za-z0-9_]{1,30}(?:@[A-Za-z0-9.-]{3,253})?/([0-9]{17,19})/?"),
        int, 16, _MS, _UNIX, datetime(2017, 1, 1, tzinfo=UTC),
    ),
)  # fmt: skip
_PLATFORMS = {
    "t.me": "telegram", "telegram.me": "telegram", "youtube.com": "youtube", "youtu.be": "youtube",
    "facebook.com": "facebook", "fb.watch": "facebook", "vk.com": "vk", "vkvideo.ru": "vk", "ok.ru": "ok",
    "threads.net": "threads", "reddit.com": "reddit", "rumble.com": "rumble",
} | {host: scheme.platform for scheme in _SCHEMES for host in scheme.hosts}  # fmt: skip


def coded(url: str, now: datetime) -> Coded | None:
    """The time in the address of a post; None where its platform writes none, or no possible one.

    Args:
        url: a whole address, with its scheme.
        now: what counts as the present, with a zone.
    """
    split = _address(url)
    if split is None:
        return None
    host, path = split
    for scheme in _SCHEMES:
        found = scheme.path.fullmatch(path) if host in scheme.hosts or not scheme.hosts else None
        if found is None or (not scheme.hosts and host in _PLATFORMS):
            continue
        return _checked(scheme, found[1], now)
    return None


def coded_number(platform: str, number: str, now: datetime) -> Coded | None:
    """The same for a bare number of a platform that is named, as exports give it."""
    for scheme in _SCHEMES:
        if scheme.platform == platform and re.fullmatch(r"[0-9]{14,20}", number) and scheme.value is int:
            return _checked(scheme, number, now)
    return None


def _checked(scheme: _Scheme, number: str, now: datetime) -> Coded | None:
    try:
        time = scheme.time(number)
    except OverflowError:
        return None
    possible = scheme.first <= time <= now + _SKEW
    return Coded(scheme.platform, number, time, scheme.prompt) if possible else None


def platform(url: str) -> str:
    """The platform of an address by its host; empty where it is none that is known here."""
    split = _address(url)
    if split is None:
        return ""
    host = split[0].removeprefix("www.").removeprefix("m.")
    return _PLATFORMS.get(host) or _PLATFORMS.get(split[0], "")


def _address(url: str) -> tuple[str, str] | None:
    """Host and path, where the address is an ordinary one: no user, no odd port, no tricks in the host."""
    if len(url) > _LONGEST:
        return None
    try:
        split = urlsplit(url.strip())
        port = split.port
    except ValueError:
        return None
    host = (split.hostname or "").rstrip(".")
    if split.scheme not in {"http", "https"} or port not in {None, 80, 443} or "@" in split.netloc:
        return None
    if not re.fullmatch(r"[a-z0-9.-]{3,253}", host):
        return None
    return host, unquote(split.path)
