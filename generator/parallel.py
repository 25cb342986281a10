"""Work over processes: the same function for every item, results in order, whatever the number of processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: What the workers inherit: at most one (function, state).
_inherited: list[tuple[Callable[[Any, Any], Any], Any]] = []


class Crew(Protocol):
    """Others that do work, perhaps on other machines; see `cluster`. ``folder`` is one that they all see."""

    folder: Path

    def spread(self, function: Callable[[Any, Any], Any], items: Sequence[Any], state: Any) -> Iterator[Any]:
        """``function(state, item)`` for every item, in order; all of it has to survive pickling."""


#: Those who are hired for the time of a build: at most one crew.
_crews: list[Crew] = []


@contextmanager
def hired(crew: Crew) -> Iterator[None]:
    """Whatever is spread meanwhile is done by a crew."""
    _crews[:] = [crew]
    try:
        yield
    finally:
        _crews.clear()


def shared_folder() -> Path | None:
    """The folder that everybody sees who does the work, where that is a crew."""
    return _crews[0].folder if _crews else None


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    function: Callable[[Any, Item], Result], items: Sequence[Item], state: Any, jobs: int, smallest: int = 64
) -> Iterator[Result]:
    """``function(state, item)`` for every item, in order.

    Worker processes inherit ``state`` by fork, so that it is never copied through a pipe; where there is no fork, or
    too little to do, the work is done here. A crew that is hired does it instead.
    """
    if _crews and len(items) >= smallest:
        yield from _crews[0].spread(function, items, state)
        return
    if jobs <= 1 or len(items) < smallest or "fork" not in multiprocessing.get_all_start_methods():
        for item in items:
            yield function(state, item)
        return
    _inherited[:] = [(function, state)]
    try:
        with multiprocessing.get_context("fork").Pool(jobs, _begin, (os.getpid(),)) as pool:
            yield from pool.imap(_call, items, chunksize=max(1, min(32, len(items) // (jobs * 4))))
    finally:
        _inherited.clear()


def _call(item: Any) -> Any:
    function, state = _inherited[0]
    return function(state, item)


def _begin(parent: int) -> None:
    """What a worker inherited is no garbage, what it makes may be. It ends when its build was killed.

    Else it would hold the build's locks for ever.
    """
    gc.freeze()
    gc.enable()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
