"""Article -> Facts: what the index has to know of one article, from this article alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

import numpy as np

from generator.models import Article
from generator.scripts import Terms, TermStore
from generator.search.folding import Classes, Numbers, fold, key, keys, letters, united

_TAG = re.compile(r"<(?:/?(p|h[1-6]|li|[uo]l|d[ltd]|blockquote|fig\w+|table|t[rdh]|caption|pre|hr|br)\b)?[^>]*>")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the index has to know of an article, as the bytes that are kept: nothing is unpacked.

    How many keys (4 bytes), how many of them in the title (4 bytes); the keys, rising (4 bytes each); what follows each
    of them (1 byte each); the keys of the title (4 bytes each); which letters with other forms there are (`letters`).
    """

    data: bytes

    @classmethod
    def of(cls, keys: Numbers, after: Classes, strong: Numbers) -> Facts:
        """Facts from sorted keys, what follows each of them, and the sorted keys of the title."""
        head = np.array([len(keys), len(strong)], "<u4")
        columns = (head, keys.astype("<u4"), after.astype("u1"), strong.astype("<u4"))
        return cls(b"".join(map(bytes, columns)) + letters(keys))

    @property
    def count(self) -> int:
        """How many keys there are."""
        return int.from_bytes(self.data[:4], "little")

    @property
    def _ends(self) -> tuple[int, int]:
        """Where what follows the keys ends, and where the keys of the title end."""
        end = 8 + 5 * self.count
        return end, end + 4 * int.from_bytes(self.data[4:8], "little")

    @property
    def keys(self) -> Numbers:
        """The keys, rising."""
        return np.frombuffer(self.data, "<u4", self.count, 8)

    @property
    def after(self) -> Classes:
        """What follows each key, as a set of classes in bits."""
        return np.frombuffer(self.data, np.uint8, self.count, 8 + 4 * self.count)

    @property
    def strong(self) -> Numbers:
        """The keys of the title, rising."""
        start, end = self._ends
        return np.frombuffer(self.data[start:end], "<u4")

    @property
    def letters(self) -> bytes:
        """Which letters with other forms there are."""
        return self.data[self._ends[1] :]

    @property
    def indexed(self) -> memoryview:
        """The bytes that shards are made of."""
        return memoryview(self.data)[8 : self._ends[1]]


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
    labels = (f"=topic/{article.topic}", f"=publisher/{article.publisher}", f"=lang/{article.lang.partition('-')[0]}")
    of_labels = np.array([key(label) for label in labels], np.uint32)
    of_titles, _ = keys(fold(titles))
    of_text, after = keys(fold(text))
    every = np.concatenate([of_text, of_titles, of_labels])
    after = np.append(after, np.zeros(len(every) - len(after), np.uint8))
    return Facts.of(*united(every, after), np.unique(of_titles))


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
