"""A shard -> its postings, as static/search.js reads it: what an edit leaves alone is taken from the site itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from generator.search.bits import Column
from generator.search.postings import ARTICLE, KEY, TITLED
from generator.search.shards import HEAD, Segment

#: What follows a key, by its bits: one class alone, or the set of them.
_CLASSES = {**{f"1{classes:04b}": classes for classes in range(16)}, **{f"0{one:02b}": 1 << one for one in range(4)}}


class _Stream:
    """A stream of bits as text, which Python searches and parses faster than it counts."""

    def __init__(self, data: bytes) -> None:
        self._bits = format(int.from_bytes(b"\1" + data), "b")
        self._at = 1

    def number(self, size: int) -> int:
        """So many bits as a number."""
        start, self._at = self._at, self._at + size
        return int(self._bits[start : self._at] or "0", 2)

    def gamma(self) -> int:
        """Elias' code of a number above zero."""
        one = self._bits.index("1", self._at)
        start, self._at = one, 2 * one - self._at + 1
        return int(self._bits[start : self._at], 2)

    def distances(self, among: int, count: int) -> list[int]:
        """``count`` rising numbers below ``among``, by Rice codes of their distances."""
        bits, at, last = self._bits, self._at, -1
        parameter = max(((among - count) // count * 11 // 16).bit_length() - 1, 0) if count else 0
        row = []
        for _ in range(count):
            zero = bits.index("0", at)
            high, at = zero - at, zero + 1 + parameter
            last += 1 + (high << parameter) + (int(bits[zero + 1 : at], 2) if parameter else 0)
            row.append(last)
        self._at = at
        return row

    def classes(self, count: int) -> list[int]:
        """What follows a key in each of so many articles."""
        if not self.number(1):
            return [0] * count
        bits, at, row = self._bits, self._at, []
        for _ in range(count):
            size = 3 if bits[at] == "0" else 5
            row.append(_CLASSES[bits[at : at + size]])
            at += size
        self._at = at
        return row


def rows_of(data: bytes, segment: Segment, shard: int) -> Column:
    """The postings of a shard, from its bytes."""
    return np.fromiter(_rows(data, segment, shard), np.int64)


def _rows(data: bytes, segment: Segment, shard: int) -> Iterator[int]:
    stream, start = _Stream(data[HEAD:]), segment.start(shard)
    keys = stream.distances(segment.start(shard + 1) - start, int.from_bytes(data[HEAD - 2 : HEAD], "little"))
    for key in keys:
        owners = stream.distances(segment.size, stream.gamma())
        classes = stream.classes(len(owners))
        base = start + key << KEY
        rows = [base | owner << ARTICLE | after for owner, after in zip(owners, classes, strict=True)]
        for place in stream.distances(len(owners), stream.gamma() - 1):
            rows[place] |= TITLED
        yield from rows
