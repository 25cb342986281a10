"""The files of a segment, in bits: keys by Rice codes of their distances, articles by Rice codes of theirs.

A shard begins with the version of its segment (4 bytes) and the number of its keys (2 bytes). Then follow, bit by bit, the
keys, each as the distance to the one before; and for each key: how many articles (gamma); the articles, as distances;
whether it is said what follows the key, and if so for each article (a zero and one of four classes, or a one and the set
of classes); how many articles have it in their title, plus one (gamma); those, as distances between their places.
Rice's parameter is never written: both sides know it from the numbers (`rice`). Measured on 3,347 articles: a fifth
smaller than deflated bytes.

Many shards are made at once, in columns: a posting is a number of 63 bits (key, article, what follows), all postings of a
segment are sorted once, and from the sizes of all codes follows the place of each (`_written`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generator.search.bits import Bits, Codes, Column, Gamma, Plain, Rice, distances, firsts, laid, rice, totals
from generator.search.facts import Facts

_WHOLE = 1 << 32
#: Where the parts of a posting begin: four bits say what follows, the next 27 which article it is.
_ARTICLE, _KEY = 4, 31
#: What follows a key, as bits and how many they are: one class alone, or the set of them.
_AFTER = np.array([0b10000 | classes for classes in range(16)])
_AFTER_SIZES = np.full(16, 5)
_AFTER[[1, 2, 4, 8]], _AFTER_SIZES[[1, 2, 4, 8]] = range(4), 3


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


@dataclass(frozen=True, slots=True)
class Postings:
    """Which key stands in which article: sorted, and whether it stands in the title."""

    rows: Column
    titled: npt.NDArray[np.bool_]

    def of(self, low: int, high: int) -> Postings:
        """Those of the keys from ``low`` to before ``high``."""
        here = slice(
            np.searchsorted(self.rows, low << _KEY), np.searchsorted(self.rows, (high << _KEY) - 1, side="right")
        )
        return Postings(self.rows[here], self.titled[here])


def postings(facts: Sequence[Facts]) -> Postings:
    """The postings of a segment; articles are numbered as they come."""
    rows = _rows([one.keys for one in facts])
    rows |= np.concatenate([one.after for one in facts])
    rows.sort(kind="stable")  # which merges what is sorted already: the keys of each article
    titled = np.zeros(len(rows), np.bool_)
    titled[np.searchsorted(rows, np.sort(_rows([one.strong for one in facts])))] = True
    return Postings(rows, titled)


def _rows(keys: list[npt.NDArray[np.uint32]]) -> Column:
    """The keys of each article as postings."""
    rows = np.concatenate(keys).astype(np.int64) << _KEY
    rows |= np.repeat(np.arange(len(keys)) << _ARTICLE, [len(one) for one in keys])
    return rows


def shard_files(segment: Segment, every: Postings, first: int, end: int) -> Iterator[bytes]:
    """The bytes of the shards from ``first`` to before ``end``; ``every``: the postings of the whole segment."""
    starts = np.array([segment.start(shard) for shard in range(first, end + 1)])
    found = _found(every.of(int(starts[0]), int(starts[-1])))
    counts, data, ends = _written(found, starts, len(segment.facts))
    begin = 0
    for count, stop in zip(counts.tolist(), ends.tolist(), strict=True):
        yield bytes.fromhex(segment.version) + count.to_bytes(2, "little") + data[begin:stop]
        begin = stop


@dataclass(frozen=True, slots=True)
class _Found:
    """Postings, key by key: each key, its first posting, how many it has; of each posting the number of its key."""

    part: Postings
    keys: Column
    first: Column
    owners: Column
    key_of: Column


def _found(part: Postings) -> _Found:
    keys = part.rows >> _KEY
    first = firsts(keys)
    owners = np.diff(first, append=len(keys))
    return _Found(part, keys[first], first, owners, np.repeat(np.arange(len(first)), owners))


def _written(found: _Found, starts: Column, size: int) -> tuple[Column, bytes, Column]:
    """How many keys each shard has, the codes of all shards, and the byte with which each ends.

    The codes stand in columns (all keys; of all keys the counts, then the articles, …), the stream goes row by row: the
    keys of a shard, then all that is written of its first key, of its second. So the bits of each key are summed up, in
    each field and together; a shard begins behind those before it, a key behind those before it in the shard, a field
    behind the fields before it, a code behind those before it in the field.
    """
    counts = np.diff(np.searchsorted(found.keys, starts))
    shard = np.repeat(np.arange(len(counts)), counts)
    keys = _shard_keys(found.keys, starts, counts, shard)
    fields = list(_fields(found, size))
    of_keys = totals(keys.sizes, shard, len(counts))
    of_fields = [totals(codes.sizes, key_of, len(found.keys)) for codes, key_of in fields]
    rows = np.sum(of_fields, axis=0)
    of_rows = totals(rows, shard, len(counts))
    ends = np.cumsum((of_keys + of_rows + 7) // 8)
    begins = np.append(0, ends[:-1]) * 8
    bits = Bits(8 * int(ends.max(initial=0)))
    keys.write(bits, laid(keys.sizes, shard, begins, of_keys))
    places = laid(rows, shard, begins + of_keys, of_rows)
    for (codes, key_of), total in zip(fields, of_fields, strict=True):
        codes.write(bits, laid(codes.sizes, key_of, places, total))
        places = places + total
    return counts, bits.written(), ends


def _shard_keys(keys: Column, starts: Column, counts: Column, shard: Column) -> Rice:
    """The keys, shard by shard."""
    parameters = rice(np.diff(starts), np.maximum(counts, 1))
    return Rice.of(distances(keys - starts[shard], firsts(shard)), parameters[shard])


def _fields(found: _Found, size: int) -> Iterator[tuple[Codes, Column]]:
    """What is written of each key, in this order: codes, and of each code the number of its key."""
    rows, titled = found.part.rows, np.flatnonzero(found.part.titled)
    every, title_of = np.arange(len(found.keys)), found.key_of[titled]
    yield Gamma.of(found.owners), every
    articles = rows >> _ARTICLE & (1 << _KEY - _ARTICLE) - 1
    yield Rice.of(distances(articles, found.first), rice(size, found.owners)[found.key_of]), found.key_of
    after = rows & (1 << _ARTICLE) - 1
    told = after[found.first] > 0
    yield Plain(told.astype(np.int64), np.ones_like(every)), every
    here = np.flatnonzero(told[found.key_of])
    yield Plain(_AFTER[after[here]], _AFTER_SIZES[after[here]]), found.key_of[here]
    titles = np.bincount(title_of, minlength=len(every))
    yield Gamma.of(titles + 1), every
    places = distances(titled - found.first[title_of], firsts(title_of))
    yield Rice.of(places, rice(found.owners[title_of], titles[title_of])), title_of
