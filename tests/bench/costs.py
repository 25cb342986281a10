"""What a command costs: seconds, processor seconds, memory of all its processes, and the files that it leaves."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

#: Looking at the memory of processes costs time; it may take this part of what passes, and is done so often at most.
_SHARE, _PAUSE = 20, 0.1
_PSS = re.compile(r"(?m)^Pss:\s+(\d+) kB")
_PEAK = re.compile(r"(?m)^VmHWM:\s+(\d+) kB")
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took.

    Seconds, seconds of all processors, megabytes, and of its output: files, bytes, files that the run wrote.
    """

    wall: float
    cpu: float
    memory: float
    files: float
    bytes: float
    written: float


def run(command: Sequence[str], output: Path, folder: Path) -> Cost:
    """Run a command in a process of its own, in a folder; ends the measuring where the command fails."""
    with tempfile.TemporaryFile() as said:
        began, start = time.time(), time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        watch = Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for here, for its usage
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{said.read().decode()}bench: {command[0]} ended with {process.returncode}")
    # The kernel counts what a process was before it became another program, too: our own size.
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = usage.ru_maxrss * _UNIT if usage.ru_maxrss > ours else 0
    return Cost(wall, usage.ru_utime + usage.ru_stime, max(largest, watch.most) / 1e6, *left(output, began))


def left(output: Path, since: float) -> tuple[int, int, int]:
    """(files, bytes, files written since a time) of a folder."""
    stats = [file.stat() for file in output.rglob("*") if file.is_file()]
    # File systems count time in ticks of some milliseconds.
    return len(stats), sum(one.st_size for one in stats), sum(one.st_mtime >= since - 0.02 for one in stats)


class Watch(threading.Thread):
    """Looks at the memory of a process and all its descendants while they run.

    Memory that several of them share counts once (Linux: proportional set size). A peak between two looks is missed,
    so that ``most`` is at least the peak of the largest process; 0 where nothing can be seen.
    """

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._process = process
        self._done = threading.Event()

    def run(self) -> None:
        """Look, until told to stop."""
        pause = 0.0
        while not self._done.wait(pause):
            start = time.perf_counter()
            found = list(descendants(self._process))
            peaks = (kept_by(process, "status", _PEAK) for process in found)
            self.most = max(self.most, sum(map(proportional, found)), *peaks)
            pause = max(_PAUSE, _SHARE * (time.perf_counter() - start))

    def stop(self) -> None:
        """Look no more."""
        self._done.set()
        self.join()


def descendants(process: int) -> Iterator[int]:
    """A process and all that it started, as far as they are there."""
    yield process
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{process}/task").glob("*/children"):
            for child in file.read_text().split():
                yield from descendants(int(child))


def proportional(process: int) -> int:
    """The bytes of memory of a process, those that it shares in parts; 0 where that cannot be seen."""
    return kept_by(process, "smaps_rollup", _PSS)


def kept_by(process: int, name: str, pattern: re.Pattern[str]) -> int:
    """The bytes that Linux gives for a process in a file of its own in /proc; 0 where there is none."""
    with contextlib.suppress(OSError):
        found = pattern.search(Path(f"/proc/{process}/{name}").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0


def median(costs: Sequence[Cost]) -> Cost:
    """The middle of each figure."""
    return Cost(*(statistics.median(figures) for figures in zip(*map(astuple, costs), strict=True)))
