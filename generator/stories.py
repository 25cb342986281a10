"""Articles -> stories: reports of one event by several publishers, a few days apart; and what else is near by its words.

How near two articles are is the cosine of their words (see ``words``), more or less by what else they tell of the event
(see ``events``). A pair of articles decides that alone, so the order in which articles arrive has no say, an article only
touches the stories of the days near it, and what is known of other days stays known.

    _Window    the articles of all days, and how near two of them are
    _pairs     the pairs of a day that are near enough to look at, found by their heaviest words
    _joined    groups, joined from the nearest pair on while their average nearness is enough; then strays leave
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any

from generator import events, words
from generator.models import Article, Story

#: Articles this many days apart can be reports of one event; a story spans at most so many days.
WINDOW, SPAN = 3, 6
#: Nearness is the root of the cosine, less for each day between: (1 - FADE) of the cosine a day; more or less by what
#: else is known of the event; less for one publisher, who tells of an event once and then of what follows.
FADE, AGAIN = 0.08, -0.05
#: Two articles this near begin a story; a story takes in what is this near on average, and nearer where there are few
#: pairs to go by; who is less near to the others than this part of what they are among themselves leaves again. Chosen
#: on the development half of pairs.tsv.
BEGIN, JOIN, STRAY = 0.44, 0.3, 0.75
#: As near as this, or with this part of their sampled pieces in common, one prints the text of the other.
COPY, SAME = 0.95, 0.8
#: Across languages only names, figures and pictures can be shared: so many, and so near.
FOREIGN_SHARED, FOREIGN_NEAR = 3, 0.3
#: The first look compares so many of the heaviest words: by them alone, a pair has so much of the cosine that it needs.
HEAVIEST, SURE = 30, 0.55
#: Articles so near by their words are related, whatever events they tell of; so many of an article.
RELATED, MOST = 0.33, 8
#: Nearness is added up in parts of one in so many.
_EXACT = 1_000_000
#: How the title of an instalment ends: a series tells of a subject, each part of something else.
_INSTALMENT = re.compile(r"[（(](?:[一二三四五六七八九十]+|\d{1,2}|[上中下])[）)]\s*\Z")
_PICTURE = re.compile(r"([^/\"?]{12,})\.\w+(?:\?.*)?\Z")

#: What earlier runs worked out: pairs of days and groups, by digests of all that they depend on. Safe to lose.
Known = MutableMapping[str, Any]
#: The articles near to each article by their words, nearest first: id -> (id, nearness).
Kin = dict[str, tuple[tuple[str, float], ...]]
_Pair = tuple[float, str, str]
#: How near two articles of a story would be, earlier, later, and how near they are by their words.
_Found = tuple[float, str, str, float]


class _Window:
    """The articles of all days that tell of one event each, and how near two of them are."""

    def __init__(self, articles: Iterable[Article]) -> None:
        told = (article for article in articles if article.day and article.traces.words)
        self.articles = {article.id: article for article in sorted(told, key=lambda a: a.id)}
        self.days: dict[int, list[str]] = defaultdict(list)
        for article in self.articles.values():
            self.days[_day(article)].append(article.id)
        self.weights = lru_cache(maxsize=20_000)(self._weights)
        self.marks = lru_cache(maxsize=20_000)(self._marks)
        self.facts = lru_cache(maxsize=20_000)(self._facts)
        self._digests = {day: _digest(map(self.said, names)) for day, names in self.days.items()}
        self._near: dict[tuple[str, str], float] = {}

    def key(self, day: int) -> str:
        """A digest of all that the pairs of a day depend on: its articles and those of the days before."""
        return _digest(self._digests.get(other, "") for other in range(day - WINDOW, day + 1))

    def said(self, name: str) -> str:
        """All that the nearness of an article to others depends on."""
        one = self.articles[name]
        if one.stamp:
            return f"{name}\0{one.stamp}"
        traces = one.traces
        said = (name, one.published, one.publisher, one.lang, traces.words, traces.marks, traces.facts, traces.pictures)
        return "\0".join(map(str, (*said, traces.shingles)))

    def lang(self, name: str) -> str:
        """The language of an article, whatever its script."""
        return self.articles[name].lang.partition("-")[0]

    def _weights(self, name: str) -> dict[str, int]:
        return words.weights(self.articles[name].traces.words)

    def _marks(self, name: str) -> frozenset[str]:
        """What is the same in every language: names, figures, the names of picture files."""
        traces = self.articles[name].traces
        pictures = (match[1] for address in traces.pictures if (match := _PICTURE.search(address)))
        return frozenset((*traces.marks, *pictures))

    def _facts(self, name: str) -> events.Facts | None:
        """What is known of the event, of an article in Chinese."""
        one = self.articles[name]
        if one.day and self.lang(name) == "zh":
            return events.facts(one.traces.facts, one.day, self.weights(name).keys())
        return None

    def near(self, one: str, other: str) -> float:
        """How near two articles are, from 0 to 1."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._near:
            self._near[pair] = self._nearness(*pair)
        return self._near[pair]

    def _nearness(self, one: str, other: str) -> float:
        first, second = self.articles[one], self.articles[other]
        if (near := self.alike(one, other)) == 0.0 or self.lang(one) != self.lang(other):
            return near
        ours, theirs = self.facts(one), self.facts(other)
        more = events.likeness(ours, theirs) if ours and theirs else 0.0
        return max(0.0, near + more + AGAIN * (first.publisher == second.publisher))

    def alike(self, one: str, other: str) -> float:
        """How near two articles are by their words alone, or by their marks if they are in two languages."""
        apart = abs(_day(self.articles[one]) - _day(self.articles[other]))
        if apart > SPAN:
            return 0.0
        if self.lang(one) != self.lang(other):
            return _across_languages(self.marks(one), self.marks(other)) if apart <= WINDOW else 0.0
        return math.sqrt(_product(self.weights(one), self.weights(other)) / words.UNIT**2 * (1 - FADE * apart))


def stories(articles: Iterable[Article], known: Known | None = None) -> tuple[Story, ...]:
    """The stories of the articles, newest first; every article is in one at most. ``known`` is read and filled."""
    return compare(articles, known)[0]


def compare(articles: Iterable[Article], known: Known | None = None) -> tuple[tuple[Story, ...], Kin]:
    """The stories of the articles, newest first, and who else is near. ``known`` is read and filled."""
    window = _Window(articles)
    known = {} if known is None else known
    pairs: list[_Found] = []
    for day in sorted(window.days):
        key = window.key(day)
        if key not in known:
            known[key] = _pairs(window, day)
        pairs += known[key]
    found = [
        _story([window.articles[name] for name in names], lead, copies)
        for names, lead, copies in _groups(window, [pair[:3] for pair in pairs if _joins(window, *pair[:3])], known)
    ]
    return tuple(sorted(found, key=lambda story: (_when(story.articles[0]), story.slug), reverse=True)), _kin(pairs)


def _joins(window: _Window, near: float, *names: str) -> bool:
    """Whether two articles can be of one story: near, and no parts of a series."""
    return near >= JOIN and not any(_INSTALMENT.search(window.articles[name].title) for name in names)


def _kin(pairs: list[_Found]) -> Kin:
    """The nearest of each article by their words."""
    met: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for _, one, other, alike in pairs:
        if alike >= RELATED:
            met[one].append((-alike, other))
            met[other].append((-alike, one))
    return {name: tuple((other, -near) for near, other in sorted(rows)[:MOST]) for name, rows in met.items()}


def _groups(window: _Window, pairs: list[_Pair], known: Known) -> list[tuple[list[str], str, list[str]]]:
    """Groups of ids that report one event in two publishers' own words, with the id of the most typical and the copies."""
    found: list[tuple[list[str], str, list[str]]] = []
    for part in _apart(pairs):
        names = sorted({name for _, one, other in part for name in (one, other)})
        key = _digest(["groups", *map(window.said, names)])
        if key not in known:
            known[key] = [(g, _typical(window, g), _copies(window, g)) for g in _joined(window, part)]
        found += [(list(group), lead, copies) for group, lead, copies in known[key]]
    return [(g, lead, c) for g, lead, c in found if len({window.articles[n].publisher for n in set(g) - set(c)}) > 1]


def _apart(pairs: list[_Pair]) -> list[list[_Pair]]:
    """Pairs in parts that have no article in common, each part's nearest pair first."""
    heads: dict[str, str] = {}

    def head(name: str) -> str:
        while (above := heads.setdefault(name, name)) != name:
            heads[name] = heads[above]
            name = above
        return name

    for _, one, other in pairs:
        heads[head(one)] = head(other)
    parts: dict[str, list[_Pair]] = defaultdict(list)
    for pair in sorted(pairs, key=_nearest_first):
        parts[head(pair[1])].append(pair)
    return list(parts.values())


def _nearest_first(pair: _Pair) -> _Pair:
    return -pair[0], pair[1], pair[2]


def _typical(window: _Window, group: list[str]) -> str:
    """The article that is nearest to all the others; of equals the first by id."""
    return max(sorted(group), key=lambda name: _among(window, name, group))


def _among(window: _Window, name: str, group: Iterable[str]) -> float:
    """How near an article is to a group on average, itself apart."""
    near = [window.near(name, other) for other in group if other != name]
    return math.fsum(near) / len(near)


def _copies(window: _Window, group: list[str]) -> list[str]:
    """The articles of a group that print the text of an earlier one."""
    rows = sorted(group, key=lambda name: (_when(window.articles[name]), name))
    return [name for n, name in enumerate(rows) if any(_same(window, name, other) for other in rows[:n])]


def _same(window: _Window, one: str, other: str) -> bool:
    ours, theirs = (set(window.articles[name].traces.shingles) for name in (one, other))
    return window.alike(one, other) >= COPY or len(ours & theirs) > SAME * max(len(ours), len(theirs))


def _across_languages(ours: frozenset[str], theirs: frozenset[str]) -> float:
    shared = len(ours & theirs)
    near = shared / math.sqrt(len(ours) * len(theirs)) if shared >= FOREIGN_SHARED else 0.0
    return math.sqrt(near) if near >= FOREIGN_NEAR else 0.0


def _day(article: Article) -> int:
    return article.day.toordinal() if article.day else 0


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\1".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _pairs(window: _Window, day: int) -> list[_Found]:
    """Pairs of a day's articles with those before them that are near by their words."""
    owners: dict[str, list[tuple[str, int]]] = defaultdict(list)
    looked_for = {word for name in window.days[day] for word in islice(window.weights(name), HEAVIEST)}
    found: list[tuple[str, str]] = list(_foreign(window, day))
    for other_day in range(day - WINDOW, day + 1):
        for name in window.days.get(other_day, ()):
            rows = [row for row in islice(window.weights(name).items(), HEAVIEST) if row[0] in looked_for]
            if other_day == day:
                found += ((other, name) for other in _met(rows, owners))
            for word, weight in rows:
                owners[word].append((name, weight))
    met = ((one, other, window.alike(one, other)) for one, other in found)
    return [(round(window.near(a, b), 4), a, b, round(alike, 4)) for a, b, alike in met if alike >= RELATED]


def _met(rows: list[tuple[str, int]], owners: Mapping[str, list[tuple[str, int]]]) -> list[str]:
    """Who shares enough of the heaviest words to be worth a closer look."""
    met: dict[str, int] = defaultdict(int)
    for word, weight in rows:
        for other, theirs in owners.get(word, ()):
            met[other] += weight * theirs
    enough = SURE * RELATED**2 * words.UNIT**2
    return [other for other, shared in met.items() if shared >= enough]


def _foreign(window: _Window, day: int) -> Iterator[tuple[str, str]]:
    """Pairs of articles in two languages that share enough marks."""
    owners: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    near_days = range(day - WINDOW, day + 1)
    if len({window.lang(name) for other in near_days for name in window.days.get(other, ())}) < 2:
        return
    for other_day in near_days:
        for name in window.days.get(other_day, ()):
            lang, marks = window.lang(name), window.marks(name)
            others = [owners[other] for other in sorted(owners) if other != lang] if other_day == day else []
            met = Counter(other for rows in others for mark in marks for other in rows.get(mark, ()))
            yield from ((other, name) for other, shared in sorted(met.items()) if shared >= FOREIGN_SHARED)
            for mark in marks:
                owners[lang][mark].append(name)


def _joined(window: _Window, pairs: list[_Pair]) -> list[list[str]]:
    """Groups of articles: the two nearest become one, again and again (average link); then strays leave."""
    members: dict[int, list[str]] = {}
    numbers: dict[str, int] = {}
    for _, one, other in pairs:
        for name in (one, other):
            numbers.setdefault(name, len(numbers))
            members[numbers[name]] = [name]
    touching: dict[int, dict[int, int]] = defaultdict(dict)  # group -> group -> how near their articles are, added up
    for _, one, other in pairs:
        first, second = numbers[one], numbers[other]
        touching[first][second] = touching[second][first] = _total(window, [one], [other])
    queue = [(-nearness, numbers[one], numbers[other]) for nearness, one, other in pairs if nearness >= BEGIN]
    heapq.heapify(queue)
    following = len(numbers)
    while queue:
        _, first, second = heapq.heappop(queue)
        if first not in members or second not in members:
            continue
        both = members[first] + members[second]
        if not _within(window, both):
            continue
        halves = [(members.pop(half), touching.pop(half)) for half in (first, second)]
        members[following] = both
        for neighbour in sorted({*halves[0][1], *halves[1][1]} & members.keys()):
            theirs = members[neighbour]
            near = [met[neighbour] if neighbour in met else _total(window, half, theirs) for half, met in halves]
            touching[following][neighbour] = touching[neighbour][following] = sum(near)
            count = len(both) * len(theirs)
            average = sum(near) / (_EXACT * count)
            if average >= JOIN + (BEGIN - JOIN) / count:
                heapq.heappush(queue, (-average, neighbour, following))
        following += 1
    return [_without_strays(window, group) for group in members.values() if len(group) > 1]


def _total(window: _Window, one: list[str], other: list[str]) -> int:
    """How near the articles of two groups are, added up: in whole parts, so that it is the same in any order."""
    return sum(round(_EXACT * window.near(first, second)) for first in one for second in other)


def _within(window: _Window, group: list[str]) -> bool:
    days = [_day(window.articles[name]) for name in group]
    return max(days) - min(days) <= SPAN


def _without_strays(window: _Window, group: list[str]) -> list[str]:
    """The group without those that are much less near to the others than these are to each other."""
    rows = sorted(group)
    while len(rows) > 2:
        near = {name: _among(window, name, rows) for name in rows}
        stray = min(rows, key=near.__getitem__)
        if near[stray] >= STRAY * math.fsum(near.values()) / len(rows):
            break
        rows.remove(stray)
    return rows


def _product(one: Mapping[str, int], other: Mapping[str, int]) -> int:
    if len(other) < len(one):
        one, other = other, one
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def _story(articles: list[Article], lead: str, copies: list[str]) -> Story:
    """Make a story: named after its first report, so that its address stays as it grows."""
    rows = sorted(articles, key=lambda article: (_when(article), article.id))
    slug = f"{rows[0].day}-{blake2b(rows[0].id.encode(), digest_size=4).hexdigest()}"
    return Story(
        slug, next(article for article in rows if article.id == lead), tuple(reversed(rows)), frozenset(copies)
    )


def _when(article: Article) -> dt.datetime:
    """A moment to sort by: the publisher's own calendar and clock, midnight where only the day is known."""
    when = article.published or dt.date.min
    return when.replace(tzinfo=None) if isinstance(when, dt.datetime) else dt.datetime.combine(when, dt.time())
