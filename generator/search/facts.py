"""Article -> Facts: what the index has to know of one article, from this article alone."""

from __future__ import annotations

import re
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from generator.models import Article, Library
from generator.scripts import Terms, TermStore
from generator.search.folding import fold, key, keys

_TAG = re.compile(r"<(?:/?(p|h[1-6]|li|[uo]l|d[ltd]|blockquote|fig\w+|table|t[rdh]|caption|pre|hr|br)\b)?[^>]*>")


@dataclass(frozen=True, slots=True)
class Facts:
    """The sorted keys of an article, what follows each of them, the keys of its title, and its characters."""

    keys: array[int]
    after: bytes
    strong: array[int]
    letters: frozenset[str]

    def packed(self) -> bytes:
        """The facts as bytes: how many keys, which of them stand in the title, the keys, what follows each, the letters."""
        marks = bytearray(-(-len(self.keys) // 8))
        for number in (bisect_left(self.keys, one) for one in self.strong):
            marks[number >> 3] |= 1 << (number & 7)
        head = len(self.keys).to_bytes(4, "little")
        letters = "".join(sorted(self.letters)).encode("utf-8", "surrogatepass")
        return zlib.compress(head + bytes(marks) + self.keys.tobytes() + self.after + letters, 1)

    @classmethod
    def unpacked(cls, data: bytes) -> Facts:
        """What `packed` gave."""
        data = zlib.decompress(data)
        count = int.from_bytes(data[:4], "little")
        start = 4 + -(-count // 8)
        marks, keys = data[4:start], array("I")
        keys.frombytes(data[start : start + 4 * count])
        strong = array("I", (key for number, key in enumerate(keys) if marks[number >> 3] >> (number & 7) & 1))
        following = start + 4 * count
        letters = data[following + count :].decode("utf-8", "surrogatepass")
        return cls(keys, data[following : following + count], strong, frozenset(letters))


def in_order(library: Library) -> tuple[Article, ...]:
    """The articles as the index numbers them: the undated, then from the oldest to the newest."""
    return library.articles[::-1]


def facts(article: Article, stores: Sequence[TermStore]) -> Facts:
    """What an article is found by: title, text with captions, tags, names, as every edition shows them.

    ``stores`` are the tables of terms of the editions' scripts: an edition may say 川普 where the article says 特朗普.
    """
    shown = [article, *(made for _, made in article.by_hand)]
    titles = "\n".join(one.title for one in shown)
    text = "\n".join([titles, *article.tags, article.author, *article.credits, *(visible(one.html) for one in shown)])
    if article.convert and article.lang.startswith("zh"):
        titles = "\n".join([titles, *_other_words(article, titles, stores)])
        text = "\n".join([text, *_other_words(article, text, stores)])
    folded = fold(text)
    labels = (f"=topic/{article.topic}", f"=publisher/{article.publisher}", f"=lang/{article.lang.partition('-')[0]}")
    strong = keys(fold(titles))
    every = keys(folded)  # also those of the titles, which the text begins with
    every.update(dict.fromkeys(map(key, labels), 0))
    ordered = array("I", sorted(every))
    return Facts(ordered, bytes(map(every.__getitem__, ordered)), array("I", sorted(strong)), frozenset(folded))


def visible(html: str) -> str:
    """The text that a reader sees of sanitised HTML, one line a block."""
    return unescape(_TAG.sub(lambda match: "\n" if match[1] else "", html))


def _other_words(article: Article, text: str, stores: Iterable[TermStore]) -> Iterator[str]:
    """The words that an edition puts in place of others, each with the characters round it."""
    for store in stores:
        terms = store.of(article.publisher, article.topic, article.terms)
        if _replaced(terms).search(text):
            for hit in terms.find(text):
                yield text[max(0, hit.start - 1) : hit.start] + hit.target + text[hit.end : hit.end + 1]


@lru_cache(maxsize=64)
def _replaced(terms: Terms) -> re.Pattern[str]:
    """The terms that become other words, and not the same in another script."""
    sources = [source for source, (target, _) in terms.table.items() if fold(source) != fold(target)]
    return re.compile("|".join(map(re.escape, sources)) or "(?!)")
