"""Another process works something out; where it cannot, this one does."""

from __future__ import annotations

import os
import signal
import time

import pytest

from generator.meanwhile import meanwhile


def test_another_process_answers_and_may_be_asked_again() -> None:
    answer = meanwhile(lambda: [("a\udcff", 2**40), (os.getpid(), 0)])
    first, second = answer(), answer()
    assert first is second
    assert first[0] == ("a\udcff", 2**40)
    assert (first[1][0] == os.getpid()) == (not hasattr(os, "memfd_create"))


@pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="there are no such signals here")
def test_an_answer_comes_also_where_ended_processes_are_ignored() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert meanwhile(lambda: ["a" * 100_000])() == ["a" * 100_000]
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_errors_are_raised_here() -> None:
    answer = meanwhile(lambda: [os.stat("/does/not/exist").st_size])  # noqa: PTH116 - what may fail
    with pytest.raises(FileNotFoundError):
        answer()


def test_without_another_process_it_is_worked_out_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> int:
        raise OSError

    monkeypatch.setattr(os, "fork", none)
    assert meanwhile(lambda: [os.getpid()])() == [os.getpid()]


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="there is no other process here")
def test_a_process_that_nobody_asks_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    fork = os.fork

    def forked() -> int:
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", forked)
    meanwhile(lambda: "x" * 10_000_000)
    for _ in range(1000):
        if os.waitpid(made[0], os.WNOHANG)[0]:
            return
        time.sleep(0.01)
    pytest.fail("it waits to be asked")
