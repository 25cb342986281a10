"""The segments of a site: which articles are indexed together, in how many shards; and the files that are no shards.

A segment is made anew when an article comes into it or leaves it. So the oldest articles lie in large segments that are
full, and those of the last days in small ones: each of `_LEVELS` holds the articles that fill it as often as they can, of
those that the levels before have left; the first as many segments as it takes, each other level one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby

from generator.models import Article
from generator.search import CARDS, FOLDER
from generator.search.folding import written
from generator.search.shards import MARK, Segment, stamp

#: Name, articles that fill it, postings in a shard (a query asks a shard of each segment for every word).
_LEVELS = (("", 8192, 2_500), ("large", 2048, 2_500), ("middle", 256, 1_600), ("new", 1, 1_000))
#: The most shards of a segment; and their numbers are of so many bits, so that few edits change them.
_MOST, _BITS = 4_096, 5


@dataclass(frozen=True, slots=True)
class Stretch:
    """The articles of a segment: from ``first`` to before ``end``, in the order of the index."""

    name: str
    first: int
    end: int
    postings: int

    def shards(self, count: int) -> int:
        """How many shards so many postings take."""
        wanted = max(1, -(-count // self.postings))
        step = 1 << max(0, wanted.bit_length() - _BITS)
        return min(_MOST, -(-wanted // step) * step)

    def segment(self, ids: Sequence[str], shards: int) -> Segment:
        """The segment of these articles; another one, by its version, when a number means another article."""
        named = "\0".join([str(shards), *ids]).encode("utf-8", "surrogatepass")
        return Segment(self.name, blake2b(named, digest_size=4).hexdigest(), self.end - self.first, shards)


def stretches(articles: int) -> Iterator[Stretch]:
    """The segments of so many articles, oldest first."""
    first = 0
    for name, full, postings in _LEVELS:
        end = articles // full * full
        for start in range(first, end, full) if not name else [first] if end > first else []:
            yield Stretch(name or f"full{start // full}", start, start + full if not name else end, postings)
        first = end


def path_of(segment: Segment, shard: int) -> str:
    """The path in the site of a shard."""
    return f"{FOLDER}/{segment.name}/{shard}.bin"


@dataclass(frozen=True, slots=True)
class Made:
    """A segment of the site: how many postings it has, which letters (`folding.letters`), the versions of its shards."""

    segment: Segment
    count: int
    letters: bytes
    marks: str


def tables(articles: Sequence[Article], made: Sequence[Made], terms: str) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the files that are no shards; ``articles`` in the order of the index.

    ``terms`` changes with what the editions make of titles.
    """
    letters = "".join(a + b for a, b in written(one.letters for one in made)).encode()
    parts = (articles[first : first + CARDS] for first in range(0, len(articles), CARDS))
    shown = (
        "\0".join([terms, *(f"{one.id} {one.face}" for article in part for one in _all(article))]) for part in parts
    )
    index = {
        "segments": [[s.name, s.version, s.size, s.shards, one.marks] for one in made for s in [one.segment]],
        "letters": blake2b(letters, digest_size=4).hexdigest(),
        "cards": "".join(stamp(text.encode("utf-8", "surrogatepass"))[:MARK] for text in shown),
    }
    yield f"{FOLDER}/index.json", _json(index)
    yield f"{FOLDER}/letters.txt", letters
    yield f"{FOLDER}/days.json", _json(_days(articles))


def _all(article: Article) -> list[Article]:
    return [article, *(made for _, made in article.by_hand)]


def _days(articles: Sequence[Article]) -> list[int]:
    runs = [sum(article.day is None for article in articles)]
    last = 0
    for day, group in groupby(article.day for article in articles if article.day):
        runs += [day.toordinal() - last, len(list(group))]
        last = day.toordinal()
    return runs


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
