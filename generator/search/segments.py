"""Facts -> the segments of a site, the work that they are, and the files that are no shards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby

from generator.models import Article
from generator.search import BATCH, FOLDER
from generator.search.facts import Facts
from generator.search.folding import written
from generator.search.shards import Postings, Segment, shard_files

#: Postings in a shard, about (3.5 KB of the old, whose keys have many articles; 2 KB of the new, which every query asks as
#: well), and the most shards of a segment.
POSTINGS, MOST_SHARDS = {"old": 2_500, "new": 1_000}, 2_048
#: Shards that are made at one go.
_SHARE = 32


@dataclass(frozen=True, slots=True)
class Part:
    """Some shards of a segment: a piece of work."""

    segment: Segment
    first: int
    end: int

    @property
    def key(self) -> str:
        """Changes with what the shards are made of."""
        return f"{self.segment.version}/{self.segment.shards}"

    def paths(self) -> Iterator[str]:
        """The path in the site of each shard."""
        return (f"{FOLDER}/{self.segment.name}/{number}.bin" for number in range(self.first, self.end))

    def files(self, postings: Postings) -> Iterator[tuple[str, bytes]]:
        """(path in the site, bytes) of each shard, from the postings of the segment."""
        return zip(self.paths(), shard_files(self.segment, postings, self.first, self.end), strict=True)


def segments(known: Sequence[Facts]) -> list[Segment]:
    """The segments of a site; ``known`` are the facts of all articles, oldest first."""
    settled = len(known) // BATCH * BATCH
    made: list[Segment] = []
    for name, group in (("old", tuple(known[:settled])), ("new", tuple(known[settled:]))):
        if group:
            digest = blake2b(digest_size=4)
            for one in group:
                digest.update(one.indexed)
            shards = min(MOST_SHARDS, -(-sum(one.count for one in group) // POSTINGS[name])) or 1
            made.append(Segment(name, digest.hexdigest(), group, shards))
    return made


def parts(segment: Segment) -> Iterator[Part]:
    """The work that a segment is, in pieces of like size."""
    for first in range(0, segment.shards, _SHARE):
        yield Part(segment, first, min(segment.shards, first + _SHARE))


def tables(articles: Sequence[Article], made: Sequence[Segment]) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the files that are no shards; ``articles`` in the order of the index."""
    letters = "".join(a + b for a, b in written(one.letters for s in made for one in s.facts))
    index = {
        "segments": [[s.name, s.version, len(s.facts), s.shards] for s in made],
        "letters": blake2b(letters.encode(), digest_size=4).hexdigest(),
    }
    yield f"{FOLDER}/index.json", _json(index)
    yield f"{FOLDER}/letters.txt", letters.encode()
    yield f"{FOLDER}/days.json", _json(_days(articles))


def _days(articles: Sequence[Article]) -> list[int]:
    runs = [sum(article.day is None for article in articles)]
    last = 0
    for day, group in groupby(article.day for article in articles if article.day):
        runs += [day.toordinal() - last, len(list(group))]
        last = day.toordinal()
    return runs


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
