"""The children that guarded jobs run in: started as plain programs, kept between calls, ended at once."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

# The C library of Linux hands blocks of megabytes back to the system and is given them anew page by page: a
# third of the time that local features of a large picture take. Other systems' libraries do not read this.
_KEPT_BYTES = 256 << 20
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
_PROGRAM = "import sys; from verify.media.worker import serve; serve(int(sys.argv[1]))"


class Children:
    """Living children that wait for the next call; a context that ends them."""

    def __init__(self) -> None:
        """Start with none."""
        self._idle: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []

    def __enter__(self) -> Children:
        """Keep children from call to call."""
        return self

    def __exit__(self, *_: object) -> None:
        """End those that wait."""
        while self._idle:
            child, words = self._idle.pop()
            end(child)
            words.close()

    def keep(self, child: subprocess.Popen[bytes], words: IO[bytes]) -> None:
        """Take back a child that has answered its last job."""
        self._idle.append((child, words))

    def waiting(self) -> tuple[subprocess.Popen[bytes], IO[bytes]] | None:
        """A child that waits, with the file of its last words; None where there is none."""
        return self._idle.pop() if self._idle else None


def started(words: IO[bytes]) -> subprocess.Popen[bytes]:
    """A new child, which writes what it has to complain of to `words`."""
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    # Children share the work; threads of BLAS and OpenCV inside each would mostly spin.
    environment |= dict.fromkeys(_ONE_THREAD, "1")
    environment |= {name: str(_KEPT_BYTES) for name in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")}
    words.seek(0)
    words.truncate()
    with _without_interrupts():
        return subprocess.Popen(
            # -P: a program that is given by -c else looks for its modules in the working folder first, where
            # downloaded files may lie.
            [sys.executable, "-P", "-c", _PROGRAM, str(SETTINGS.media.worker_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env=environment,
        )


def end(child: subprocess.Popen[bytes]) -> None:
    """End a child at once and close its pipes."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    # A child inherits the mask, so that Ctrl-C reaches only this process, which ends its children.
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
