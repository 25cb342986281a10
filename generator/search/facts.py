"""Article -> its postings: what the index has to know of one article, from this article alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import unescape

import numpy as np

from generator.models import Article
from generator.scripts import Terms, TermStore
from generator.search.bits import Column
from generator.search.folding import fold, key, keys
from generator.search.postings import KEY, TITLED, united

_TAG = re.compile(r"<(?:/?(p|h[1-6]|li|[uo]l|d[ltd]|blockquote|fig\w+|table|t[rdh]|caption|pre|hr|br)\b)?[^>]*>")


def facts(article: Article, stores: Sequence[TermStore]) -> Column:
    """What an article is found by: title, text with captions, tags, names, as every edition shows them.

    Given as the postings of an article of number 0 (`postings`), rising. ``stores`` are the tables of terms of the
    editions' scripts: an edition may say 川普 where the article says 特朗普.
    """
    shown = [article, *(made for _, made in article.by_hand)]
    titles = "\n".join(one.title for one in shown)
    text = "\n".join([*article.tags, article.author, *article.credits, *(visible(one.html) for one in shown)])
    if article.convert and article.lang.startswith("zh"):
        words = list(_other_words(article, titles, stores))
        titles, text = "\n".join([titles, *words]), "\n".join([text, *_other_words(article, text, stores)])
    labels = (f"=topic/{article.topic}", f"=publisher/{article.publisher}", f"=lang/{article.lang.partition('-')[0]}")
    of_labels = np.array([key(label) for label in labels], np.int64) << KEY
    of_titles, of_text = (keys(fold(part)) for part in (titles, text))
    return united(np.concatenate([of_titles | TITLED, of_text, of_labels]))


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
