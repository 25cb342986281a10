"""Articles -> the shards of the search index: only those in which something changed.

A segment whose numbers mean what they meant is edited: from what its changed articles said and what they say follows in
which shards a posting comes or goes, and those are read from the site and written again. Any other is made anew, from
the facts of all its articles. Both give the same bytes. No facts are kept, which would take more room than the articles:
the text that they follow from lies in the store, also that of the last build.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from generator.models import Article
from generator.output import Site, write
from generator.parallel import shared_folder, spread
from generator.scripts import TermStore
from generator.search.bits import Column
from generator.search.facts import facts
from generator.search.folding import letters
from generator.search.postings import ARTICLE, KEY, between, merged, numbered
from generator.search.reading import rows_of
from generator.search.segments import Made, Stretch, path_of, stretches
from generator.search.shards import MARK, WHOLE, Segment, shard_files, stamp
from generator.spool import Spool
from generator.store import Store

#: Articles whose facts are found at one go, shards that are made at one go, and parts of all keys by which facts lie ready.
_GROUP, _SHARE, _GRID = 16, 32, 256
#: So many pieces of either kind are worth processes of their own.
_GROUPS, _PARTS = 32, 32
#: More changed articles than this, or more shards for each article of the segment, and it is sooner made anew.
_EDITS, _DEAREST = 64, 0.2

#: A file as `Site.note` takes it: path, size, key, whether it was staged.
_File = tuple[str, int, str, bool]


@dataclass(frozen=True, slots=True)
class Texts:
    """The articles in the order of the index, the results of the store that each is made of, the editions' terms."""

    articles: Sequence[Article]
    results: list[str]
    stores: tuple[TermStore, ...]

    def of(self, stretch: Stretch) -> Sequence[Article]:
        """The articles of a segment."""
        return self.articles[stretch.first : stretch.end]


@dataclass(frozen=True, slots=True)
class Past:
    """What the last build noted: its segments by name (version, first article, shards, postings, letters); results."""

    segments: dict[str, list[Any]] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, notes: dict[str, Any]) -> Self:
        """From what was noted."""
        return cls(notes["segments"], notes["results"].split("\n"))

    @staticmethod
    def noted(made: Sequence[tuple[Stretch, Made]], results: list[str]) -> dict[str, Any]:
        """What to note for the next build."""
        rows = {
            s.name: [s.version, stretch.first, s.shards, one.count, one.letters.hex()]
            for stretch, one in made
            for s in [one.segment]
        }
        return {"segments": rows, "results": "\n".join(results)}


def write_segments(texts: Texts, past: Past, store: Store, site: Site, jobs: int) -> list[tuple[Stretch, Made]]:
    """Stage the shards that the site has not; returns the segments."""
    wanted = list(stretches(len(texts.articles)))
    made = {stretch: one for stretch in wanted if (one := _edited(stretch, texts, past, store, site))}
    fresh = [stretch for stretch in wanted if stretch not in made]
    with Spool(shared_folder() or store.file.parent, named=bool(shared_folder())) as spool:
        made.update(zip(fresh, _made_anew(fresh, texts, spool, site, jobs), strict=True))
    return [(stretch, made[stretch]) for stretch in wanted]


# --- Editing what is there.


def _edited(stretch: Stretch, texts: Texts, past: Past, store: Store, site: Site) -> Made | None:
    """Stage the shards of a segment in which a posting changed; None where it is sooner made anew, or has to be."""
    if stretch.name not in past.segments:
        return None
    version, first, shards, count, known = past.segments[stretch.name]
    segment = stretch.segment([one.id for one in texts.of(stretch)], shards)
    paths = [path_of(segment, shard) for shard in range(shards)]
    if segment.version != version or not all(path in site.made for path in paths):
        return None
    found = _difference(stretch, texts, past.results[first : first + segment.size], store)
    if found is None:
        return None
    count += len(found.come) - len(found.gone)
    if stretch.shards(count) != shards or len(found.shards(shards)) > 1 + segment.size * _DEAREST:
        return None
    files: dict[str, bytes] = {}
    for shard in found.shards(shards):
        low, high, rows = segment.start(shard), segment.start(shard + 1), _read(site, segment, shard)
        if rows is None:
            return None
        rows = found.applied(rows, low, high)
        known = letters(rows >> KEY, low, high, bytes.fromhex(known)).hex()
        files[paths[shard]] = next(shard_files(segment, rows, shard, shard + 1))
    site.files.update((path, site.made[path]) for path in paths)
    for path, data in files.items():
        site.add(path, data, stamp(data[MARK:]))
    return Made(segment, count, bytes.fromhex(known), "".join(site.files[path][1][:MARK] for path in paths))


@dataclass(frozen=True, slots=True)
class _Difference:
    """The postings that come into a segment and those that go."""

    come: Column
    gone: Column

    def shards(self, shards: int) -> list[int]:
        """The shards in which they lie, of so many."""
        numbers: list[int] = np.unique((np.concatenate([self.come, self.gone]) >> KEY) * shards // WHOLE).tolist()
        return numbers

    def applied(self, rows: Column, low: int, high: int) -> Column:
        """The postings of the keys from ``low`` to before ``high`` as they are now."""
        left = rows[~np.isin(rows, between(self.gone, low, high))]
        return merged([left, between(self.come, low, high)])


def _difference(stretch: Stretch, texts: Texts, before: list[str], store: Store) -> _Difference | None:
    """What changed in the articles of a segment; None where that is much, or what they said is not known any more."""
    now = texts.results[stretch.first : stretch.end]
    changed = [number for number, (one, other) in enumerate(zip(before, now, strict=True)) if one != other or not one]
    if len(changed) > _EDITS:
        return None
    come, gone = [], []
    for number in changed:
        last = _as_it_was(store, before[number])
        if last is None:
            return None
        new, old = (facts(one, texts.stores) for one in (texts.of(stretch)[number], last))
        come.append(np.setdiff1d(new, old, assume_unique=True) + (number << ARTICLE))
        gone.append(np.setdiff1d(old, new, assume_unique=True) + (number << ARTICLE))
    return _Difference(merged(come), merged(gone))


def _as_it_was(store: Store, results: str) -> Article | None:
    """The article that was made of some results, as far as `facts` looks at it."""
    found = [one for key in results.split() if (one := store.article(key))]
    if not found or len(found) < len(results.split()):
        return None
    return replace(found[0], by_hand=tuple(("", one) for one in found[1:]))


def _read(site: Site, segment: Segment, shard: int) -> Column | None:
    """The postings of a shard that stands in the site; None when it is not the one that we wrote."""
    path = path_of(segment, shard)
    try:
        data = (site.place.folder / path).read_bytes()
    except OSError:
        return None
    return rows_of(data, segment, shard) if stamp(data[MARK:]) == site.made[path][1] else None


# --- Making all of it.


@dataclass(frozen=True, slots=True)
class _Group:
    """The postings of some articles in the spool: where they begin, and how many lie before each part of all keys."""

    place: int
    bounds: npt.NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.bounds[-1])

    def rows(self, spool: Spool, low: int, high: int) -> Column:
        """Those of the keys from ``low`` to before ``high``, and some more."""
        start, end = self.bounds[low * _GRID // WHOLE], self.bounds[-(-high * _GRID // WHOLE)]
        return np.frombuffer(spool.raw(self.place + 8 * int(start), 8 * int(end - start)), np.int64)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some shards of a segment: a piece of work, and what it is made of."""

    segment: Segment
    first: int
    end: int
    groups: list[_Group]


def _made_anew(fresh: Sequence[Stretch], texts: Texts, spool: Spool, site: Site, jobs: int) -> Iterator[Made]:
    """Stage all shards of some segments."""
    groups = _groups(fresh, texts, spool, jobs)
    work = [list(_parts(stretch, texts, rows)) for stretch, rows in zip(fresh, groups, strict=True)]
    parts = [part for row in work for part in row]
    found = spread(_write_part, range(len(parts)), (site, parts, spool), jobs, _PARTS)
    for row in work:
        files, some = zip(*islice(found, len(row)), strict=True)
        for file in chain.from_iterable(files):
            site.note(*file)
        marks = "".join(key[:MARK] for _, _, key, _ in chain.from_iterable(files))
        known = np.bitwise_or.reduce([np.frombuffer(one, np.uint8) for one in some]).tobytes()
        yield Made(row[0].segment, sum(group.count for group in row[0].groups), known, marks)


def _groups(fresh: Sequence[Stretch], texts: Texts, spool: Spool, jobs: int) -> list[list[_Group]]:
    """The facts of the articles of some segments, laid down in the spool."""
    pieces = [
        (number, first, min(first + _GROUP, stretch.end), stretch.first)
        for number, stretch in enumerate(fresh)
        for first in range(stretch.first, stretch.end, _GROUP)
    ]
    made: list[list[_Group]] = [[] for _ in fresh]
    found = spread(_facts_of, [piece[1:] for piece in pieces], texts, jobs, _GROUPS)
    for (number, *_), (data, bounds) in zip(pieces, found, strict=True):
        made[number].append(_Group(spool.add(data)[0], bounds))
    return made


def _facts_of(texts: Texts, piece: tuple[int, int, int]) -> tuple[bytes, npt.NDArray[np.int32]]:
    """The postings of some articles of the segment that begins with the last number, and the bounds of a group."""
    first, end, start = piece
    rows = numbered([facts(article, texts.stores) for article in texts.articles[first:end]], first - start)
    grid = np.arange(_GRID, dtype=np.int64) << KEY + WHOLE.bit_length() - _GRID.bit_length()
    return rows.tobytes(), np.append(np.searchsorted(rows, grid), len(rows)).astype(np.int32)


def _parts(stretch: Stretch, texts: Texts, groups: list[_Group]) -> Iterator[_Part]:
    """The work that a segment is, in pieces of like size."""
    shards = stretch.shards(sum(group.count for group in groups))
    segment = stretch.segment([one.id for one in texts.of(stretch)], shards)
    for first in range(0, shards, _SHARE):
        yield _Part(segment, first, min(shards, first + _SHARE), groups)


def _write_part(state: tuple[Site, list[_Part], Spool], number: int) -> tuple[list[_File], bytes]:
    """Stage those of some shards that the site has not; all of them, and which letters there are in them."""
    site, parts, spool = state
    part = parts[number]
    low, high = part.segment.start(part.first), part.segment.start(part.end)
    rows = between(merged([group.rows(spool, low, high) for group in part.groups]), low, high)
    files = []
    for shard, data in enumerate(shard_files(part.segment, rows, part.first, part.end), part.first):
        path, key = path_of(part.segment, shard), stamp(data[MARK:])
        new = site.made.get(path) != (len(data), key)
        if new:
            write(site.place.staging, path, data)
        files.append((path, len(data), key, new))
    return files, letters(rows >> KEY, low, high)
