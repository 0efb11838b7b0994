"""Which format an export has: named by the case, else told by its name and its first bytes."""

from __future__ import annotations

FORMATS = ("telegram", "auto-archiver", "wacz", "yt-dlp", "csv")
