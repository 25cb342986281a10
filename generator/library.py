"""Articles -> Library: every text once, newest first, grouped by topic, day and publisher."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from math import ceil

from generator.models import Article, LeftOut, Library, Term, Topic
from generator.publishers import Publishers
from generator.stories import Known, compare
from generator.tags import tags

#: Two texts of one publisher that share this part of their sampled shingles are one article.
NEAR = 0.8
_HAND_MADE = re.compile(r"(.+)\.(zh-Hans|zh-Hant-TW|zh-Hant-HK)(\.\w+)")
#: A shorter sample says nothing.
MIN_SHINGLES = 12
#: A shingle that stands in more articles than this is a phrase of the house.
MOST_OWNERS = 20


def shelve(
    found: Iterable[Article],
    topics: tuple[Topic, ...],
    publishers: Publishers,
    known: Known | None = None,
) -> tuple[Library, list[LeftOut], list[str]]:
    """(library, documents that are copies of an article, warnings). ``known``: what earlier runs found of stories."""
    listed, by_hand = _with_hand_made(found)
    articles, copies = _without_copies(listed)
    copies += by_hand
    articles, warnings = _with_own_ids(articles)
    articles.sort(key=_newest_first)
    names = {a.publisher: a.publisher_name for a in sorted(articles, key=lambda a: a.path, reverse=True)}
    days: dict[dt.date, list[Article]] = defaultdict(list)
    for article in articles:
        if article.day:
            days[article.day].append(article)
    stories, kin = compare(articles, known)
    library = Library(
        articles=tuple(articles),
        topics=_topics(articles, topics),
        publishers=_publishers(articles, {**names, **{p.slug: p.name for p in publishers.known.values()}}),
        days={day: tuple(days[day]) for day in sorted(days, reverse=True)},
        undated=tuple(article for article in articles if not article.day),
        stories=stories,
        tags=tags(articles),
        kin=kin,
    )
    return library, copies, warnings


def _newest_first(article: Article) -> tuple[int, int, str]:
    """Sorts by the publisher's own calendar and clock, newest first, undated last; ties by id."""
    if article.published is None:
        return (0, 0, article.id)
    when = article.published
    minutes = when.hour * 60 + when.minute if isinstance(when, dt.datetime) else 0
    return (-when.toordinal(), -minutes, article.id)


def _with_hand_made(found: Iterable[Article]) -> tuple[list[Article], list[LeftOut]]:
    """Give ``story.zh-Hant-TW.md`` to the article of ``story.md``: what somebody wrote wins over any conversion."""
    articles = {article.path: article for article in found}
    notes: list[LeftOut] = []
    for path in sorted(articles):
        match = _HAND_MADE.fullmatch(path)
        main = articles.get(f"{match[1]}{match[3]}") if match else None
        if match and main:
            made = articles.pop(path)
            articles[main.path] = replace(main, by_hand=(*main.by_hand, (match[2], made)))
            notes.append(LeftOut(path, "hand-made", f"the text in {match[2]} of {main.path}"))
    return list(articles.values()), notes


def _without_copies(found: Iterable[Article]) -> tuple[list[Article], list[LeftOut]]:
    """One article for each text and each address; the others are named as its copies."""
    groups: dict[str, list[Article]] = {}  # path of the first -> all
    by_key: dict[str, str] = {}
    for article in sorted(found, key=lambda article: article.path):
        keys = _keys(article)
        members = [article]
        for name in dict.fromkeys(by_key[key] for key in keys if key in by_key):
            members = groups.pop(name) + members
        groups[article.path] = members
        named = keys if len(members) == 1 else [key for member in members for key in _keys(member)]
        by_key.update(dict.fromkeys(named, article.path))
    _join_near_copies(groups)
    articles: list[Article] = []
    copies: list[LeftOut] = []
    for same in groups.values():
        best = _most_complete(same)
        others = tuple(article.path for article in same if article is not best)
        articles.append(replace(best, copies=others) if others else best)
        copies += [LeftOut(path, "duplicate", f"the same text as {best.path}") for path in others]
    return articles, copies


def _join_near_copies(groups: dict[str, list[Article]]) -> None:
    """Put the group of a near-copy into that of its like."""
    best = {_most_complete(same).path: name for name, same in groups.items()}
    moved: dict[str, str] = {}
    for one, other in _near_copies([_most_complete(same) for same in groups.values()]):
        first, second = (_followed(best[article.path], moved) for article in (one, other))
        if first != second:
            groups[first] += groups.pop(second)
            moved[second] = first


def _followed(name: str, moved: dict[str, str]) -> str:
    while name in moved:
        name = moved[name]
    return name


def _near_copies(articles: list[Article]) -> list[tuple[Article, Article]]:
    """Pairs of articles of one publisher, at most a day apart, whose texts share at least NEAR of their shingles."""
    pairs: list[tuple[Article, Article]] = []
    for number, met in sorted(_met(articles).items()):
        article = articles[number]
        others = (articles[other] for other in met)
        pairs += [(other, article) for other in others if _close(article, other) and _alike(article, other)]
    return pairs


def _met(articles: list[Article]) -> dict[int, dict[int, None]]:
    """Article -> those before it that may be its near-copies, by their numbers.

    Sets that share as much as NEAR share one of their first few members, so only those are looked up: sorted by
    publisher and shingle, equal ones stand together.
    """
    import numpy as np  # late, since few commands need it and it takes a while

    publishers: dict[str, int] = {}
    firsts = [one.traces.shingles for one in articles]
    firsts = [mine[: len(mine) - ceil(NEAR * len(mine)) + 1] for mine in firsts]
    of = [publishers.setdefault(one.publisher, len(publishers)) for one in articles]
    sizes = [len(mine) for mine in firsts]
    rows = np.frombuffer(b"".join(firsts), np.uint32).astype(np.uint64)
    rows |= np.repeat(np.array(of, np.uint64), sizes) << np.uint64(32)
    order = np.argsort(rows, kind="stable")
    rows, owners = rows[order], np.repeat(np.arange(len(articles)), sizes)[order]
    begins = np.flatnonzero(np.diff(rows, prepend=rows[:1] ^ np.uint64(1)))
    counts = np.diff(begins, append=len(rows))
    met: dict[int, dict[int, None]] = defaultdict(dict)
    for begin, count in zip(begins[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True):
        sharing = owners[begin : begin + count].tolist()
        for place in range(1, count):
            met[sharing[place]].update(dict.fromkeys(sharing[max(0, place - MOST_OWNERS) : place]))
    return met


def _alike(one: Article, other: Article) -> bool:
    sizes = sorted(len(article.traces.shingles) for article in (one, other))
    if sizes[0] < NEAR * sizes[1]:
        return False
    mine, theirs = set(one.traces.shingles), set(other.traces.shingles)
    return len(mine | theirs) >= MIN_SHINGLES and len(mine & theirs) >= NEAR * len(mine | theirs)


def _close(one: Article, other: Article) -> bool:
    return one.day is None or other.day is None or abs((one.day - other.day).days) <= 1


def _keys(article: Article) -> list[str]:
    """What makes two documents the same article: the address at the publisher, or the text."""
    keys = [f"text {article.traces.text_key}"] if article.traces.text_key else []
    if article.canonical_url:
        keys.append("url " + re.sub(r"\Ahttps?://(?:www\.)?|[/#?]*\Z", "", article.canonical_url))
    return keys


def _most_complete(same: list[Article]) -> Article:
    return max(same, key=_completeness)


def _completeness(article: Article) -> tuple[int, int, int, int]:
    timed = isinstance(article.published, dt.datetime)
    return (
        article.traces.letters // 50,
        bool(article.canonical_url),
        timed + (article.published is not None),
        len(article.traces.pictures),
    )


def _with_own_ids(articles: list[Article]) -> tuple[list[Article], list[str]]:
    """Ids that two articles share get a part made of the document's path; said in a warning."""
    owners: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        owners[article.id].append(article)
    result: list[Article] = []
    warnings: list[str] = []
    for name, sharing in owners.items():
        if len(sharing) == 1:
            result += sharing
            continue
        paths = ", ".join(article.path for article in sharing)
        warnings.append(f"{name}: {len(sharing)} articles with this id ({paths}); each got a part of its own")
        result += [replace(a, id=f"{a.id}-{blake2b(a.path.encode(), digest_size=3).hexdigest()}") for a in sharing]
    return result, warnings


def _topics(articles: list[Article], topics: tuple[Topic, ...]) -> tuple[Term, ...]:
    """The topics that have articles, in the owner's order; a topic of the first level holds those of its parts, too."""
    groups: dict[str, list[Article]] = defaultdict(list)
    parents = {topic.slug: topic.parent for topic in topics}
    for article in articles:
        for slug in filter(None, (article.topic, parents.get(article.topic, ""))):
            groups[slug].append(article)
    return tuple(Term(t.slug, t.name, tuple(groups[t.slug])) for t in topics if t.slug in groups)


def _publishers(articles: list[Article], names: dict[str, dict[str, str]]) -> tuple[Term, ...]:
    """The publishers with their articles, by slug."""
    groups: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        groups[article.publisher].append(article)
    return tuple(Term(slug, names.get(slug) or {"": slug}, tuple(groups[slug])) for slug in sorted(groups))
