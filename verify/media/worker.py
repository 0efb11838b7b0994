"""The program that runs in a guarded child: reads jobs from its input, writes their results to its output."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
from typing import IO

from verify.errors import VerifyError

_LENGTH = struct.Struct("<Q")


def send(pipe: IO[bytes] | None, message: bytes) -> None:
    """Write one message.

    Raises:
        OSError: The other side is gone.
    """
    if pipe is None:
        raise BrokenPipeError
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> bytes | None:
    """Read one message, or None where the other side is gone."""
    if pipe is None:
        return None
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None


def serve(limit_bytes: int) -> None:
    """Answer jobs until the input ends. Whatever a library prints goes to the error stream."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(os.dup(0), "rb") as jobs, os.fdopen(os.dup(1), "wb") as results:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        send(results, b"ready")
        while (request := receive(jobs)) is not None:
            send(results, _answer(request))


def _answer(request: bytes) -> bytes:
    try:
        function, job = pickle.loads(request)
        return pickle.dumps(("done", function(job)))
    except VerifyError as error:
        return pickle.dumps(("done", error))
    except MemoryError:
        return pickle.dumps(("failed", "examining it needs more memory than is allowed"))
    except Exception as error:  # noqa: BLE001 - the border: it is named in the report, and the batch goes on
        return pickle.dumps(("failed", f"examining it failed ({type(error).__name__}: {error})"))
