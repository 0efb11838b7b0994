"""What every test of the media room can ask for."""

from media_clips import counting, make

__all__ = ["counting", "make"]
