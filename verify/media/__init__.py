"""The sound, frames and facts of files: bytes on disk -> Media, Frames, Sound."""
