"""Work over processes: the same results in the same order, whoever does it."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from generator.parallel import spread

forks = pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here")


def _by_whom(state: int, item: int) -> tuple[int, int]:
    return state * item, os.getpid()


def _divide(state: int, item: int) -> int:
    return state // item


@pytest.mark.parametrize("count", [0, 1, 63, 64, 511, 512, 513, 1000, 4099])
@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(count: int, jobs: int) -> None:
    assert [result for result, _ in spread(_by_whom, range(count), 3, jobs)] == [3 * number for number in range(count)]


@forks
def test_many_items_are_done_by_others_and_few_here() -> None:
    assert os.getpid() not in [who for _, who in spread(_by_whom, range(100), 1, 2)]
    assert {who for _, who in spread(_by_whom, range(10), 1, 2)} == {os.getpid()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_goes_wrong_is_raised_here(jobs: int) -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(_divide, [*range(1, 700), 0, *range(1, 100)], 5, jobs))
