"""Articles -> stories: reports of one event by several publishers, a few days apart.

Two articles are near when the cosine of their words is: words of the title (four times) and of the first paragraphs,
folded to Simplified characters, each weighed by how rare it is. How rare is known from a table that ships with the
generator and from the articles of the days around, never from the whole library: so an article only has a say in the
stories of the days near it, and the order in which articles arrive has none.

    Facts      of one article alone, worth keeping
    _weigh     the words of each article with their weights, day by day
    _seeds     pairs near enough to look at, found by their heaviest words
    _joined    groups, joined from the nearest pair on while their average nearness is enough
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.resources import files

import rjieba

from generator.languages import converter
from generator.models import Article, Story

#: Articles this many days apart can be reports of one event; a story spans at most so many days.
WINDOW, SPAN = 3, 6
#: From this average nearness on, groups of articles are one story (tuned on one half of tests/stories/pairs.tsv).
NEAR = 0.13
#: Across languages only names, figures and pictures can be shared: so many, and so near.
FOREIGN_SHARED, FOREIGN_NEAR = 3, 0.3
#: Pairs that are this near by their heaviest words alone are compared by all that are kept.
HEAVIEST, KEPT, SURE = 20, 150, 0.06
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

    id: str
    day: int
    publisher: str
    lang: str
    words: Mapping[str, int]
    neutral: frozenset[str]


@dataclass(slots=True)
class _Near:
    """How near articles are: by their weights, each pair worked out once."""

    facts: Mapping[str, Facts]
    weights: Mapping[str, Mapping[str, float]]
    known: dict[tuple[str, str], float] = field(default_factory=dict)

    def __call__(self, one: str, other: str) -> float:
        pair = (one, other) if one < other else (other, one)
        if pair not in self.known:
            self.known[pair] = self._of(*pair)
        return self.known[pair]

    def _of(self, one: str, other: str) -> float:
        if abs(self.facts[one].day - self.facts[other].day) > WINDOW:
            return 0.0
        if self.facts[one].lang != self.facts[other].lang:
            return self._across_languages(one, other)
        return _product(self.weights[one], self.weights[other])

    def _across_languages(self, one: str, other: str) -> float:
        ours, theirs = self.facts[one].neutral, self.facts[other].neutral
        shared = ours & theirs
        if len(shared) < FOREIGN_SHARED:
            return 0.0
        near = len(shared) / math.sqrt(len(ours) * len(theirs))
        return near if near >= FOREIGN_NEAR else 0.0


def stories(articles: Iterable[Article]) -> tuple[Story, ...]:
    """The stories of the articles, newest first; every article is in one at most."""
    by_id = {article.id: article for article in articles if article.day}
    found = [facts for article in by_id.values() if (facts := facts_of(article))]
    result = [_story([by_id[name] for name in group], near) for group, near in groups(found)]
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
    return Facts(article.id, article.day.toordinal(), article.publisher, lang, words, frozenset(neutral))


def groups(found: Iterable[Facts]) -> list[tuple[list[str], _Near]]:
    """Groups of ids that report one event, by two publishers or more, each with the nearness of its articles."""
    facts = {one.id: one for one in sorted(found, key=lambda one: (one.day, one.id))}
    near = _Near(facts, _weigh(facts.values()))
    return [
        (sorted(group), near)
        for group in _joined(near, _seeds(near))
        if len({facts[name].publisher for name in group}) > 1
    ]


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


def _weigh(facts: Iterable[Facts]) -> dict[str, dict[str, float]]:
    """The words of each article with their weights, of length 1 together, heaviest first."""
    days: dict[int, list[Facts]] = defaultdict(list)
    for one in facts:
        days[one.day].append(one)
    counts = {day: Counter(word for one in group for word in one.words) for day, group in days.items()}
    common = _common()
    around: Counter[str] = Counter()
    inside: set[int] = set()
    result: dict[str, dict[str, float]] = {}
    for day, group in days.items():
        wanted = {other for other in range(day - WINDOW, day + WINDOW + 1) if other in counts}
        for other in wanted - inside:
            around.update(counts[other])
        for other in inside - wanted:
            around.subtract(counts[other])
        inside = wanted
        number = common[""] + sum(len(days[other]) for other in wanted)
        rare = {word: math.log(number / (common.get(word, 0) + around[word])) for word in counts[day]}
        for one in group:
            result[one.id] = _weights(one, rare)
    return result


def _weights(one: Facts, rare: Mapping[str, float]) -> dict[str, float]:
    weights = [(-rare[word] * (1 + math.log(count)), word) for word, count in one.words.items()]
    length = math.sqrt(math.fsum(weight * weight for weight, _ in weights)) or 1.0
    weights.sort()
    return {word: -weight / length for weight, word in weights[:KEPT]}


def _seeds(near: _Near) -> list[tuple[float, str, str]]:
    """Pairs that are near enough to be of one story: (nearness, earlier, later)."""
    owners: dict[str, list[tuple[int, str, float]]] = defaultdict(list)
    found: list[tuple[float, str, str]] = []
    for name, one in near.facts.items():
        met: dict[str, float] = {}
        heavy = list(near.weights[name].items())[:HEAVIEST]
        for word, weight in (*heavy, *((f"\0{mark}", FOREIGN) for mark in sorted(one.neutral))):
            for day, other, theirs in reversed(owners[word]):
                if one.day - day > WINDOW:
                    break
                met[other] = met.get(other, 0.0) + weight * theirs
            owners[word].append((one.day, name, weight))
        found += [
            (nearness, other, name)
            for other, sure in met.items()
            if sure >= SURE and (nearness := near(other, name)) >= NEAR
        ]
    return sorted(found, key=lambda seed: (-seed[0], seed[1], seed[2]))


def _joined(near: _Near, seeds: list[tuple[float, str, str]]) -> list[list[str]]:
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
        days = [near.facts[name].day for name in both]
        if max(days) - min(days) > SPAN:
            continue
        del members[first], members[second]
        members[following] = both
        for neighbour in sorted(touching[first] | touching[second]):
            if neighbour in members:
                touching[following].add(neighbour)
                touching[neighbour].add(following)
                average = _average(near, both, members[neighbour])
                if average >= NEAR:
                    heapq.heappush(queue, (-average, neighbour, following))
        following += 1
    return [group for group in members.values() if len(group) > 1]


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two articles; summed in one order, so that it is the same in every process."""
    if len(other) < len(one):
        one, other = other, one
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def _average(near: _Near, one: list[str], other: list[str]) -> float:
    return math.fsum(near(first, second) for first in one for second in other) / (len(one) * len(other))


def _story(articles: list[Article], near: _Near) -> Story:
    """Make a story: named after its first report, so that its address stays as it grows, and led by the most typical."""
    rows = sorted(articles, key=lambda article: (_when(article), article.id))
    first = rows[0]
    lead = max(rows, key=lambda article: math.fsum(near(article.id, o.id) for o in rows if o is not article))
    slug = f"{first.day}-{blake2b(first.id.encode(), digest_size=4).hexdigest()}"
    return Story(slug, lead, tuple(reversed(rows)))


def _when(article: Article) -> dt.datetime:
    """A moment to sort by: the publisher's own calendar and clock, midnight where only the day is known."""
    when = article.published or dt.date.min
    return when.replace(tzinfo=None) if isinstance(when, dt.datetime) else dt.datetime.combine(when, dt.time())
