"""Jobs that behave as hostile files make readers behave."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from verify.errors import NotMediaError


def behave(job: str) -> str:
    """What the job's name says."""
    sys.stdout.write("a library talks\n")
    sys.stdout.flush()
    match job:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "leave":
            os._exit(7)
        case "hang":
            time.sleep(600)
        case "refuse":
            raise NotMediaError(Path("x.bin"), "no media", "Look elsewhere.")
        case "bug":
            raise KeyError("oops")
        case "gorge":
            return str(len(bytearray(64 << 30)))
    return job.upper()


def nap(seconds: float) -> tuple[float, int]:
    """When it woke, and in which process."""
    time.sleep(seconds)
    return time.monotonic(), os.getpid()


def write_then_hang(path: Path) -> None:
    """Leave this process's id behind, then wait."""
    path.write_text(str(os.getpid()))
    time.sleep(600)
