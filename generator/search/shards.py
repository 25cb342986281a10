"""The files of a segment, in bits: keys by Rice codes of their distances, articles by Rice codes of theirs.

A shard begins with the version of its segment (4 bytes) and the number of its keys (2 bytes). Then follow, bit by bit, the
keys, each as the distance to the one before; and for each key: how many articles (gamma); the articles, as distances;
whether it is said what follows the key, and if so for each article (a zero and one of four classes, or a one and the set
of classes); how many articles have it in their title, plus one (gamma); those, as distances between their places.
Rice's parameter is never written: both sides know it from the numbers (`rice`). Measured on 3,347 articles: a fifth
smaller than deflated bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from generator.search.facts import Facts

_WHOLE = 1 << 32
#: What follows a key, as bits: one class alone, or the set of them.
_AFTER = [f"1{classes:04b}" for classes in range(16)]
_AFTER[1], _AFTER[2], _AFTER[4], _AFTER[8] = "000", "001", "010", "011"


@dataclass(frozen=True, slots=True)
class Segment:
    """Articles that are indexed together, in this many shards."""

    name: str
    version: str
    facts: tuple[Facts, ...]
    shards: int

    def start(self, shard: int) -> int:
        """The first number that belongs to a shard."""
        return -(-shard * _WHOLE // self.shards)


def rice(among: int, count: int) -> int:
    """The parameter for ``count`` numbers that are spread over ``among`` places."""
    return max(0, ((among - count) // count * 11 // 16).bit_length() - 1)


def shard_files(segment: Segment, first: int, end: int) -> Iterator[bytes]:
    """The bytes of the shards from ``first`` to before ``end``."""
    owners = _owners(segment, segment.start(first), segment.start(end))
    found = sorted(owners.first)
    position = 0
    for shard in range(first, end):
        stop = bisect_left(found, segment.start(shard + 1), position)
        yield _bytes(segment, shard, found[position:stop], owners)
        position = stop


@dataclass(frozen=True, slots=True)
class _Owners:
    """The articles that have a key, each as its number times 16 plus what follows: the first, and those behind it.

    Half of all keys have one only: kept apart, they need no list. ``strong``: the places of those with it in the title.
    """

    first: dict[int, int]
    rest: dict[int, list[int]]
    strong: dict[int, list[int]]


def _owners(segment: Segment, low: int, high: int) -> _Owners:
    """The articles of each key of a range."""
    made = _Owners({}, defaultdict(list), defaultdict(list))
    first, rest, strong = made.first, made.rest, made.strong
    for number, one in enumerate(segment.facts):
        here = slice(bisect_left(one.keys, low), bisect_left(one.keys, high))
        numbers = range(number << 4, (number + 1) << 4)
        for key, after in zip(one.keys[here], one.after[here], strict=True):
            if key in first:
                rest[key].append(numbers[after])
            else:
                first[key] = numbers[after]
        for key in one.strong[bisect_left(one.strong, low) : bisect_left(one.strong, high)]:
            strong[key].append(len(rest[key]) if key in rest else 0)
    return made


def _bytes(segment: Segment, shard: int, found: list[int], owners: _Owners) -> bytes:
    low, high = segment.start(shard), segment.start(shard + 1)
    size, alone, first = len(segment.facts), _alone(len(segment.facts)), owners.first
    bits = _distances([key - low for key in found], high - low)
    for key in found:
        if key in owners.rest or key in owners.strong:
            row = [first[key], *owners.rest.get(key, ())]
            bits += _row(row, owners.strong.get(key, []), size)
        else:
            bits.append(alone[first[key]])
    stream = "".join(bits)
    stream += "0" * (-len(stream) % 8)
    head = bytes.fromhex(segment.version) + len(found).to_bytes(2, "little")
    return head + int(stream or "0", 2).to_bytes(len(stream) // 8, "big")


def _row(row: list[int], titles: list[int], size: int) -> list[str]:
    """The articles of a key, in bits."""
    bits = [_gamma(len(row)), *_distances([one >> 4 for one in row], size)]
    if row[0] & 15:
        bits += ("1", *[_AFTER[one & 15] for one in row])
    else:
        bits.append("0")
    return [*bits, _gamma(len(titles) + 1), *_distances(titles, len(row))]


def _distances(numbers: list[int], among: int) -> list[str]:
    """Rising numbers below ``among``, each as the distance to the one before."""
    if not numbers:
        return []
    codes = _codes(among, len(numbers))
    return [codes[numbers[0]], *[codes[b - a - 1] for a, b in pairwise(numbers)]]


class _Alone(dict[int, str]):
    """The bits of a key that has one article only, and not in its title; half of all keys are such."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def __missing__(self, one: int) -> str:
        self[one] = "".join(_row([one], [], self.size))
        return self[one]


@lru_cache(maxsize=4)
def _alone(size: int) -> _Alone:
    return _Alone(size)


@lru_cache(maxsize=1 << 12)
def _gamma(number: int) -> str:
    """Elias' gamma code: as many zeros as there are bits behind the first, then the bits."""
    bits = f"{number:b}"
    return "0" * (len(bits) - 1) + bits


class _Codes(dict[int, str]):
    """Rice codes of one parameter: the high part in ones and a zero, the low part in bits."""

    def __init__(self, parameter: int) -> None:
        super().__init__()
        self.parameter = parameter

    def __missing__(self, number: int) -> str:
        high = number >> self.parameter
        # a one before all keeps the zeros in front of the low part
        made = "1" * high + bin(number & ((1 << self.parameter) - 1) | 2 << self.parameter)[3:]
        if self.parameter < 16:  # distances between keys hardly ever come twice
            self[number] = made
        return made


@lru_cache(maxsize=1 << 16)
def _codes(among: int, count: int) -> _Codes:
    """The codes for ``count`` numbers that are spread over ``among`` places."""
    return _codes_of(rice(among, count))


@cache
def _codes_of(parameter: int) -> _Codes:
    return _Codes(parameter)
