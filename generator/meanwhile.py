"""A question whose answer is wanted later: another process works it out while this one goes on."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def meanwhile(question: Callable[[], Answer]) -> Callable[[], Answer]:
    """Begin to work out an answer; returns what waits for it and gives it, also when asked again.

    The answer is plain data, as `marshal` takes it. Where no process can be made (Linux only), or it came to nothing,
    the answer is worked out here, and its errors are raised here. The process ends whether it is asked or not.
    """
    try:
        paper = os.memfd_create("answer")
        process = os.fork()
    except (AttributeError, OSError):
        return cache(question)
    if process == 0:
        _write_down(question, paper)

    def answer() -> Answer:
        with suppress(ChildProcessError):  # where somebody ignores SIGCHLD, nobody is left to wait for
            os.waitpid(process, 0)
        with os.fdopen(paper, "rb") as file:
            file.seek(0)
            said = file.read()
        try:
            made: Answer = marshal.loads(said)  # noqa: S302 - by our own process
        except (EOFError, ValueError, TypeError):
            return question()
        return made

    return cache(answer)


def _write_down(question: Callable[[], Any], paper: int) -> None:
    """Write the answer and leave: nothing else of this process is its own, nor may it be closed or said twice."""
    try:
        with os.fdopen(paper, "wb") as file:
            file.write(marshal.dumps(question()))
    finally:
        os._exit(0)
