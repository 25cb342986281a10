"""Articles -> tags: what publishers and mirrors call the people, places and things of an article, and who is related.

A tag has a page once three articles bear it. Its name also finds it in the titles of articles that say no tags.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from ahocorasick_rs import AhoCorasick

from generator.models import Article, Term
from generator.names import folded, kind, known_as

#: The tags that make a slug of their own words: of letters and digits, the last not of digits alone, the first not "t".
_WORDS = re.compile(r"(?!t )(?:[a-z0-9]+ )*(?!\d+\Z)[a-z0-9]+\Z")
#: A tag has a page from so many articles on.
LEAST = 3
#: A tag that more articles bear says little about which of them are related; so many related articles are shown.
MOST, SHOWN = 60, 5
#: What nearness by words, from 0 to 1, counts beside tags: a rare tag in common counts about 0.6, a frequent one 0.3.
SAID = 2.5
#: Only articles up to so many days later are related: a page does not change for ever after.
LATER = 3


def tags(articles: Iterable[Article], least: int = LEAST) -> tuple[Term, ...]:
    """The tags of at least so many articles, those of most articles first; articles stay in the order given."""
    rows = list(articles)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    bearers: Counter[str] = Counter()
    for article in rows:
        for tag in article.tags:
            spellings[known_as(tag)][tag] += 1
        bearers.update({known_as(tag) for tag in article.tags})
    known = {key for key, count in bearers.items() if count >= least and len(key) > 1 and not key.isdigit()}
    owners: dict[str, list[Article]] = defaultdict(list)
    names = sorted({folded(tag) for key in known for tag in spellings[key]})
    finder = AhoCorasick(names)
    for article in rows:
        borne = {known_as(tag) for tag in article.tags} & known
        borne.update(map(known_as, _said(folded(article.title), finder, names)))
        for key in borne:
            owners[key].append(article)
    order, slugs = sorted(known, key=lambda key: (-len(owners[key]), key)), _slugs(sorted(known))
    persons = Counter(known_as(tag) for article in rows for tag in article.traces.people)
    return tuple(
        Term(slugs[key], {"": _spelling(spellings[key])}, tuple(owners[key]), kind(key, bearers[key], persons[key]))
        for key in order
    )


def slug(key: str, size: int = 5) -> str:
    """The ASCII name of a tag by its folded name: its own words where they say it whole, else a digest of so many bytes.

    Not its words where those end in a number or begin like a digest: parts of a list and other tags are named so.
    """
    if len(key) <= 40 and _WORDS.match(key):
        return key.replace(" ", "-")
    return f"t-{blake2b(key.encode(), digest_size=size).hexdigest()}"


def _slugs(keys: Iterable[str]) -> dict[str, str]:
    """A slug for each key; where two have the same digest, as only malice makes them, the second has a longer one."""
    owners: dict[str, str] = {}
    for key in keys:
        owners.setdefault(slug(key), key)
    return {key: slug(key) if owners[slug(key)] == key else slug(key, 16) for key in keys}


def related(article: Article, borne: Iterable[Term], near: Sequence[tuple[Article, float]]) -> list[Article]:
    """The articles that are nearest by what they say (``near``) and share the most, and the rarest, of an article's tags.

    Newest first among equals; ``borne`` are the article's tags.
    """
    day = article.day or dt.date.max
    until = day + min(dt.timedelta(LATER), dt.date.max - day)
    found = {other.id: other for other, _ in near if not other.day or other.day <= until}
    points = {other.id: SAID * nearness for other, nearness in near if other.id in found}
    for term in sorted(borne, key=lambda term: term.slug):
        if len(term.articles) > MOST:
            continue
        share = 1 / math.log(2 + len(term.articles))
        for other in term.articles:
            if not other.day or other.day <= until:
                found[other.id] = other
                points[other.id] = points.get(other.id, 0.0) + share
    found.pop(article.id, None)
    best = sorted(found, key=lambda name: (-points[name], -_day(found[name]), name))
    return [found[name] for name in best[:SHOWN]]


def _day(article: Article) -> int:
    return article.day.toordinal() if article.day else 0


def _spelling(seen: Counter[str]) -> str:
    """The most usual spelling; of equals the first by its letters."""
    return min(seen, key=lambda tag: (-seen[tag], tag))


def _said(text: str, finder: AhoCorasick, names: Sequence[str]) -> Iterator[str]:
    """The names that a text says: words of Latin letters as a whole, others anywhere; of those at one place the longest."""
    found = finder.find_matches_as_indexes(text, overlapping=True)
    after = 0
    for number, start, end in sorted(found, key=lambda match: (match[1], -match[2])):
        if start >= after and not (names[number].isascii() and _within_a_word(text, start, end)):
            yield names[number]
            after = end


def _within_a_word(text: str, start: int, end: int) -> bool:
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    return any(letter.isalnum() or letter == "_" for letter in (before, behind) if letter)
