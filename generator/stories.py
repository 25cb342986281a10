"""Articles -> stories: reports of one event by several publishers, a few days apart.

Two articles are near when the cosine of their words is: words of the title (four times) and of the first paragraphs,
folded to Simplified characters, each weighed by how rare it is. How rare is known from a table that ships with the
generator and from the articles of the days around, never from the whole library: so an article only has a say in the
stories of the days near it, the order in which articles arrive has none, and what is known of other days stays known.

    facts_of   what one article says alone
    _Window    the articles of all days; words, weights and nearness are worked out for the days that are asked for
    _seeds     the pairs of a day that are near enough to look at, found by their heaviest words
    _joined    groups, joined from the nearest pair on while their average nearness is enough
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import islice
from typing import Any

import rjieba

from generator.languages import converter
from generator.models import Article, Story

#: Articles this many days apart can be reports of one event; a story spans at most so many days.
WINDOW, SPAN = 3, 6
#: From this average nearness on, groups of articles are one story (tuned on one half of tests/stories/pairs.tsv).
NEAR = 0.12
#: As near as this, one prints the text of the other.
COPY = 0.8
#: Across languages only names, figures and pictures can be shared: so many, and so near.
FOREIGN_SHARED, FOREIGN_NEAR = 3, 0.3
#: Pairs that are this near by their heaviest words alone are compared by all that are kept.
HEAVIEST, KEPT, SURE = 20, 150, 0.1
#: What a name or figure that is the same in every language counts in that first look.
FOREIGN = 0.15
#: How much of a text is read, and how often a word of the title counts.
HEAD, TITLE = 600, 4
#: Round-ups tell of many events: programmes of the day, briefs, lists with times of the clock.
_ROUNDUP = re.compile(
    r"完整版|时事拼盘|重要讯息|(?:新闻|国际|中国)简讯|热门话题|翻墙必看|役情最前线|预告】|早报|晚报|最新疫情|晚间新闻|时事纵横|一周(?:新闻|要闻|综述|回顾)|"
    r"news ?letter|round-?up|morning brief|week in|for your weekend|今週の|まとめ",
    re.I,
)
_CLOCKS = re.compile(r"(?:\d:\d\d.{3,40}){2}\d:\d\d", re.S)
_BRACKETS = re.compile(r"[【（(\[〔][^】）)\]〕]{2,40}[】）)\]〕]")
#: What is the same word in every language: names in Latin letters, and figures.
_NEUTRAL = re.compile(r"[A-Z][a-z]{2,}|\d[\d.,]{2,}\d|\d{3,}")
_PICTURE = re.compile(r'<img src="[^"]*?([^/"?]{12,})\.\w+(?:\?[^"]*)?"')


@dataclass(frozen=True, slots=True)
class Facts:
    """What one article says for the stories: its words with their counts, and what is a word in every language."""

    lang: str
    words: Mapping[str, int]
    neutral: frozenset[str]


#: What earlier runs worked out: pairs of days and groups, by digests of all that they depend on. Safe to lose.
Known = MutableMapping[str, Any]
_Seed = tuple[float, str, str]


class _Window:
    """The articles of all days. Facts, words and weights are worked out for a day when they are asked for."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = {article.id: article for article in sorted(articles, key=lambda a: a.id) if article.day}
        self.days: dict[int, list[Article]] = defaultdict(list)
        for article in self.articles.values():
            self.days[_day(article)].append(article)
        self._facts: dict[int, dict[str, Facts]] = {}
        self._counts: dict[int, Counter[str]] = {}
        self._weights: dict[int, dict[str, dict[str, float]]] = {}
        self._near: dict[tuple[str, str], float] = {}
        self._digests = {day: _digest(map(_said, group)) for day, group in self.days.items()}

    def key(self, day: int) -> str:
        """A digest of all that the pairs of a day depend on: the articles of the days before and after."""
        return _digest(self._digests.get(other, "") for other in range(day - 2 * WINDOW, day + WINDOW + 1))

    def facts(self, day: int) -> dict[str, Facts]:
        """The facts of a day's articles by id, in the order of the ids."""
        if day not in self._facts:
            found = ((article.id, facts_of(article)) for article in self.days.get(day, ()))
            self._facts[day] = {name: one for name, one in found if one}
        return self._facts[day]

    def counts(self, day: int) -> Counter[str]:
        """In how many of a day's articles each word stands."""
        if day not in self._counts:
            self._counts[day] = Counter(word for one in self.facts(day).values() for word in one.words)
        return self._counts[day]

    def weights(self, day: int) -> dict[str, dict[str, float]]:
        """The words of each of a day's articles with their weights, heaviest first."""
        if day not in self._weights:
            around: Counter[str] = Counter()
            for other in range(day - WINDOW, day + WINDOW + 1):
                around.update(self.counts(other))
            number = _common()[""] + sum(len(self.facts(o)) for o in range(day - WINDOW, day + WINDOW + 1))
            common = _common()
            rare = {word: math.log(number / (common.get(word, 0) + around[word])) for word in self.counts(day)}
            self._weights[day] = {name: _weights(one, rare) for name, one in self.facts(day).items()}
        return self._weights[day]

    def near(self, one: str, other: str) -> float:
        """How near two articles are, from 0 to 1."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._near:
            self._near[pair] = self._nearness(*pair)
        return self._near[pair]

    def _nearness(self, one: str, other: str) -> float:
        first, second = _day(self.articles[one]), _day(self.articles[other])
        if abs(first - second) > WINDOW:
            return 0.0
        ours, theirs = self.facts(first)[one], self.facts(second)[other]
        if ours.lang != theirs.lang:
            return _across_languages(ours.neutral, theirs.neutral)
        return _product(self.weights(first)[one], self.weights(second)[other])


def stories(articles: Iterable[Article], known: Known | None = None) -> tuple[Story, ...]:
    """The stories of the articles, newest first; every article is in one at most. ``known`` is read and filled."""
    window = _Window(articles)
    result = [
        _story([window.articles[n] for n in names], lead, copies) for names, lead, copies in _groups(window, known)
    ]
    return tuple(sorted(result, key=lambda story: (_when(story.articles[0]), story.slug), reverse=True))


def facts_of(article: Article) -> Facts | None:
    """What an article says by itself; None for a round-up of many events, and for an article without a date."""
    title = _simplified(article.title)
    if not article.day or _ROUNDUP.search(title) or _CLOCKS.search(article.text[:HEAD]):
        return None
    head = _BRACKETS.sub("", article.text[: 2 * HEAD])[:HEAD]
    words = Counter(_words(_simplified(head)))
    for word in _words(_BRACKETS.sub("", title)):
        words[word] += TITLE
    neutral = {*_NEUTRAL.findall(f"{article.title} {article.text[: 2 * HEAD]}"), *_PICTURE.findall(article.html)}
    lang = article.lang.partition("-")[0]
    return Facts(lang, words, frozenset(neutral))


def _groups(window: _Window, known: Known | None) -> list[tuple[list[str], str, list[str]]]:
    """Groups of ids that report one event in two publishers' own words, with the id of the most typical and the copies."""
    known = {} if known is None else known
    keys = {day: window.key(day) for day in sorted(window.days)}
    seeds: list[_Seed] = []
    for day, key in keys.items():
        if key not in known:
            known[key] = _seeds(window, day)
        seeds += [(nearness, one, other) for nearness, one, other in known[key]]
    found: list[tuple[list[str], str, list[str]]] = []
    for part in _apart(seeds):
        names = sorted({name for _, one, other in part for name in (one, other)})
        key = _digest(["groups", *names, *(keys[day] for day in sorted({_day(window.articles[n]) for n in names}))])
        if key not in known:
            known[key] = [(g, _typical(window, g), _copies(window, g)) for g in _joined(window, part)]
        found += [(list(group), lead, copies) for group, lead, copies in known[key]]
    return [(g, lead, c) for g, lead, c in found if len({window.articles[n].publisher for n in set(g) - set(c)}) > 1]


def _apart(seeds: list[_Seed]) -> list[list[_Seed]]:
    """Pairs in parts that have no article in common, in the order of the nearest; each part's nearest pair first."""
    part_of: dict[str, list[_Seed]] = {}
    for seed in sorted(seeds, key=lambda seed: (-seed[0], seed[1], seed[2])):
        one, other = (part_of.get(name) for name in seed[1:])
        part = one if one is not None else other if other is not None else []
        if one is not None and other is not None and one is not other:
            part.extend(other)
            part_of.update((name, part) for _, *names in other for name in names)
        part.append(seed)
        part_of[seed[1]] = part_of[seed[2]] = part
    parts = {id(part): part for part in part_of.values()}
    return [sorted(part, key=lambda seed: (-seed[0], seed[1], seed[2])) for part in parts.values()]


def _typical(window: _Window, group: list[str]) -> str:
    """The article that is nearest to all the others; of equals the first by id."""
    rows = sorted(group)
    return max(rows, key=lambda name: math.fsum(window.near(name, other) for other in rows if other != name))


def _copies(window: _Window, group: list[str]) -> list[str]:
    """The articles of a group that print the text of an earlier one."""
    rows = sorted(group, key=lambda name: (_when(window.articles[name]), name))
    return [name for n, name in enumerate(rows) if any(window.near(name, other) >= COPY for other in rows[:n])]


def _across_languages(ours: frozenset[str], theirs: frozenset[str]) -> float:
    shared = len(ours & theirs)
    near = shared / math.sqrt(len(ours) * len(theirs)) if shared >= FOREIGN_SHARED else 0.0
    return near if near >= FOREIGN_NEAR else 0.0


def _day(article: Article) -> int:
    return article.day.toordinal() if article.day else 0


def _said(article: Article) -> str:
    """All that the facts of an article depend on."""
    if article.stamp:
        return f"{article.id}\0{article.stamp}"
    said = (article.id, article.publisher, article.lang, article.title, article.text[: 2 * HEAD])
    return "\0".join((*said, *_PICTURE.findall(article.html)))


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\1".join(parts).encode(), digest_size=16).hexdigest()


def _simplified(text: str) -> str:
    return str(converter("t2s").convert(text)).casefold()


def _words(text: str) -> list[str]:
    """The words of a text; single characters and short figures say nothing."""
    return [word for word in rjieba.cut(text) if len(word) > (2 if word.isdigit() else 1) and not word.isspace()]


@cache
def _common() -> dict[str, int]:
    """In how many of so many news articles common words stand (key "": how many articles)."""
    table: dict[str, int] = {}
    for line in (files("generator") / "words.tsv").read_text("utf-8").splitlines():
        number, _, words = line.partition("\t")
        if number.isdigit():
            table.update(dict.fromkeys(words.split(" "), int(number)))
    return table


def _weights(one: Facts, rare: Mapping[str, float]) -> dict[str, float]:
    weights = [(-rare[word] * (1 + math.log(count)), word) for word, count in one.words.items()]
    length = math.sqrt(math.fsum(weight * weight for weight, _ in weights)) or 1.0
    weights.sort()
    return {word: -weight / length for weight, word in weights[:KEPT]}


def _seeds(window: _Window, day: int) -> list[_Seed]:
    """Pairs of a day's articles with those before them that are near enough: (nearness, earlier, later)."""
    marks = {name: _marks(window, name, day) for name in window.facts(day)}
    looked_for = {word for rows in marks.values() for word, _ in rows}
    owners: dict[str, list[tuple[str, float]]] = defaultdict(list)
    found: list[_Seed] = []
    for other_day in range(day - WINDOW, day + 1):
        for name in window.facts(other_day):
            rows = marks[name] if other_day == day else _marks(window, name, other_day)
            if other_day == day:
                found += _near_ones(window, name, rows, owners)
            for word, weight in rows:
                if word in looked_for:
                    owners[word].append((name, weight))
    return found


def _marks(window: _Window, name: str, day: int) -> list[tuple[str, float]]:
    """The words by which an article is found: its heaviest, and those that are the same in every language."""
    neutral = sorted(window.facts(day)[name].neutral)
    return [*islice(window.weights(day)[name].items(), HEAVIEST), *((f"\0{mark}", FOREIGN) for mark in neutral)]


def _near_ones(
    window: _Window, name: str, marks: list[tuple[str, float]], owners: Mapping[str, list[tuple[str, float]]]
) -> list[_Seed]:
    met: dict[str, float] = defaultdict(float)
    for word, weight in marks:
        for other, theirs in owners.get(word, ()):
            met[other] += weight * theirs
    sure = [other for other, shared in met.items() if shared >= SURE]
    return [(near, other, name) for other in sure if (near := window.near(other, name)) >= NEAR]


def _joined(window: _Window, seeds: list[_Seed]) -> list[list[str]]:
    """Groups of articles: the two nearest become one, again and again (average link)."""
    members: dict[int, list[str]] = {}
    numbers: dict[str, int] = {}
    for _, one, other in seeds:
        for name in (one, other):
            numbers.setdefault(name, len(numbers))
            members[numbers[name]] = [name]
    touching: dict[int, set[int]] = defaultdict(set)
    queue = [(-nearness, numbers[one], numbers[other]) for nearness, one, other in seeds]
    for _, first, second in queue:
        touching[first].add(second)
        touching[second].add(first)
    heapq.heapify(queue)
    following = len(numbers)
    while queue:
        _, first, second = heapq.heappop(queue)
        if first not in members or second not in members:
            continue
        both = members[first] + members[second]
        days = [_day(window.articles[name]) for name in both]
        if max(days) - min(days) > SPAN:
            continue
        del members[first], members[second]
        members[following] = both
        for neighbour in sorted(touching[first] | touching[second]):
            if neighbour in members:
                touching[following].add(neighbour)
                touching[neighbour].add(following)
                average = _average(window, both, members[neighbour])
                if average >= NEAR:
                    heapq.heappush(queue, (-average, neighbour, following))
        following += 1
    return [group for group in members.values() if len(group) > 1]


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two articles; summed in one order, so that it is the same in every process."""
    if len(other) < len(one):
        one, other = other, one
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def _average(window: _Window, one: list[str], other: list[str]) -> float:
    return math.fsum(window.near(first, second) for first in one for second in other) / (len(one) * len(other))


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
