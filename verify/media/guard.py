"""Run jobs in guarded child processes, so that a hostile file can end only its own job.

Each child is a new Python process with a memory limit (POSIX); it is ended when a job runs past its time
limit, and replaced when it dies. A child is started as a plain program rather than through
`multiprocessing`: nothing is forked while OpenCV's or FFmpeg's threads run, and the caller's main script is
not imported again, so that a script without `if __name__ == "__main__"` works. What libraries print in a
child never reaches the terminal. The price is a start of some 0.3 s a child; a child serves many jobs, and
those of several calls where they share `Children`.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from verify.errors import VerifyError, WorkerError
from verify.media import children, worker
from verify.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verify.media.children import Children

Job = TypeVar("Job")
Result = TypeVar("Result")

_TICK = 0.1
_START_SECONDS = 120.0
_LAST_WORDS = 400


def run_guarded(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int,
    done: Callable[[int, Result | VerifyError], None] | None = None,
    name: Callable[[Job], object] | None = None,
    seconds: float | None = None,
    keep: Children | None = None,
) -> list[Result | VerifyError]:
    """`function(job)` of every job, each in a guarded child process, in the order of the jobs.

    Args:
        function: Importable by name (defined in a module), as its argument and result cross a process border.
        jobs: One argument each; picklable.
        workers: Number of children at most; even one is a guarded child.
        done: Called in this thread with the job's index and its result, as each comes in.
        name: What a job is called in its `WorkerError`; by default the first path in it, or the job itself.
        seconds: Time limit of a job; by default `MediaSettings.worker_seconds`.
        keep: Where children wait from call to call; without it, they end with the call.

    Returns:
        Per job its result, the `VerifyError` that the function raised, or a `WorkerError` where the child
        crashed, ran past its limits or met an error that is not ours.
    """
    limit = SETTINGS.media.worker_seconds if seconds is None else seconds
    results: list[Any] = [None] * len(jobs)
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in range(len(jobs)):
        waiting.put(index)
    finished: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    slots = [
        _Slot(function, jobs, waiting, finished, name or _first_path, limit, keep)
        for _ in range(min(max(1, workers), len(jobs)))
    ]
    try:
        for slot in slots:
            slot.start()
        left = len(jobs)
        while left:
            for slot in slots:
                slot.end_if_late()
            try:
                index, result = finished.get(timeout=_TICK)
            except queue.Empty:
                continue
            left -= 1
            if isinstance(result, _Bug):
                raise result.error
            results[index] = result
            if done is not None:
                done(index, result)
    finally:
        for slot in slots:
            slot.stop()
    return results


class _Bug:
    """An error of this module itself, carried from a slot's thread to the caller."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Slot:
    """A thread of this process with one child at a time; it feeds the child and replaces it when it dies."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        jobs: Sequence[Any],
        waiting: queue.SimpleQueue[int],
        finished: queue.SimpleQueue[tuple[int, Any]],
        name: Callable[[Any], object],
        limit: float,
        keep: Children | None,
    ) -> None:
        self._function, self._jobs, self._name, self._limit = function, jobs, name, limit
        self._keep = keep
        self._waiting, self._finished = waiting, finished
        self._child: subprocess.Popen[bytes] | None = None
        self._deadline: float | None = None
        self._late = False
        self._stopped = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def end_if_late(self) -> None:
        """End the child when its job has run past its limit."""
        with self._lock:
            if self._deadline is not None and time.monotonic() > self._deadline and self._child is not None:
                self._late = True
                self._child.kill()

    def stop(self) -> None:
        """End the child and the thread at once."""
        with self._lock:
            self._stopped = True
            if self._child is not None:
                self._child.kill()
        if self._thread.ident is not None:  # an interrupt may come before the last slot was started
            self._thread.join()

    def _serve(self) -> None:
        index = -1
        try:
            kept = self._keep.waiting() if self._keep else None
            with contextlib.ExitStack() as stack:
                words = stack.enter_context(kept[1] if kept else _last_words())
                self._child = kept[0] if kept else None
                stack.callback(self._bury)
                for index in _drained(self._waiting):
                    if self._stopped:
                        return
                    self._finished.put((index, self._result(index, words)))
                if self._spare(words):
                    stack.pop_all()
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._finished.put((index, _Bug(error)))

    def _result(self, index: int, words: IO[bytes]) -> Any:
        job = self._jobs[index]
        request = pickle.dumps((self._function, job))
        fresh = self._child is None
        child = self._living(words)
        try:
            if fresh:
                # A busy machine takes its time to start a child; the job's own limit begins after that.
                self._allow(_START_SECONDS)
                worker.receive(child.stdout)
            self._allow(self._limit)
            worker.send(child.stdin, request)
            answer = worker.receive(child.stdout)
        except OSError:
            answer = None
        finally:
            with self._lock:
                self._deadline = None
        if answer is not None:
            if self._late:
                # The limit struck just as the answer came; the child is gone.
                self._bury()
            kind, value = pickle.loads(answer)
            return WorkerError(str(self._name(job)), value) if kind == "failed" else value
        self._bury()
        if self._late:
            reason = f"examining it took longer than {self._limit:g} s and was ended"
        else:
            reason = f"the process that read it ended unexpectedly ({_end(child, words)})"
        return WorkerError(str(self._name(job)), reason, "The file may be damaged or made to break programs.")

    def _spare(self, words: IO[bytes]) -> bool:
        """Hand the child back, unless it has ended or is being ended."""
        with self._lock:
            if self._stopped or self._child is None or self._keep is None:
                return False
            self._keep.keep(self._child, words)
            self._child = None
            return True

    def _allow(self, seconds: float) -> None:
        # Under the lock: the caller's thread must not end a child whose answer was taken meanwhile, or the
        # next job would find it dead.
        with self._lock:
            self._late, self._deadline = False, time.monotonic() + seconds

    def _living(self, words: IO[bytes]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise InterruptedError("stopped")
            if self._child is None:
                self._child = children.started(words)
            return self._child

    def _bury(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            children.end(child)


def _last_words() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _drained(waiting: queue.SimpleQueue[int]) -> Iterator[int]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


def _end(child: subprocess.Popen[bytes], words: IO[bytes]) -> str:
    code = child.returncode
    cause = f"exit code {code}"
    if code is not None and code < 0:
        cause = f"signal {signal.Signals(-code).name}"
    words.seek(0)
    last = words.read()[-_LAST_WORDS:].decode(errors="replace").strip().splitlines()
    return f"{cause}: {last[-1]}" if last else cause


def _first_path(job: object) -> object:
    parts = job if isinstance(job, tuple | list) else (job,)
    return next((part for part in parts if isinstance(part, Path)), job)
