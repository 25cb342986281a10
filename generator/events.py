"""What an article says of its event besides its words: the days it names, the names in its title, the works it cites.

Two events of one kind, two fires or two visits, share many words. They seldom share these, so a pair of articles counts
as nearer or less near by them (``likeness``). Only Chinese articles are read so; weights as learnt from the development
pairs of tests/stories/pairs.tsv.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

import rjieba

from generator.languages import one_script
from generator.words import one_name, rare

#: What a day named by both adds to nearness, a name in both titles and a work cited by both (two at most of each), and
#: places in the titles that the other one does not speak of; a pair of which nothing is known loses what most have.
DAY, NAME, WORK, ELSEWHERE, USUAL = 0.08, 0.04, 0.025, -0.08, -0.05
MOST = 2
#: A name that stands in the news of so many days says nothing (see `words.rare`).
SAYS = 0.7
#: Days are looked for where a report says what happened, works all through its first part.
OPENING, READ = 100, 1600
#: Days so far from the report's own are not those of its event.
FAR = 10
_DATELINE = re.compile(r"[【\[][^】\]]{2,40}[】\]]|（[^（）]{0,30}(?:报导|报道|编译|報導|報道|編譯)[^（）]{0,4}）")
_DAY = re.compile(
    r"(?P<month>\d{1,2}月)?(?P<day>\d{1,2})[日号號]|(?:[周週]|星期|礼拜|禮拜)(?P<weekday>[一二三四五六日天])|(?P<ago>[今昨])[天日晨晚夜]"
)
_WORK = re.compile(r"《([^》\n]{3,30})》")
_WEEKDAYS = "一二三四五六日"
#: jieba's signs for the names of persons, places, organisations, and others.
_NAMES, _PLACE = ("nr", "ns", "nt", "nz"), "ns"
#: The kinds of facts, by how they begin.
_ON, _AT, _CALLED, _CITED = "@", "~", "+", "《"


@dataclass(frozen=True, slots=True)
class Facts:
    """The days (ordinals), names, places and works of an article, and the words that it is found by."""

    days: frozenset[int]
    names: frozenset[str]
    places: frozenset[str]
    works: frozenset[str]
    words: Set[str]


def told(title: str, text: str) -> tuple[str, ...]:
    """What an article says of its event, as kept with it; days as they are written, since they depend on its own."""
    opening = _DATELINE.sub("", text[: 3 * OPENING])[:OPENING]
    days = (_written(found) for found in _DAY.finditer(opening))
    title, *works = one_name(one_script("\n".join([title.replace("\n", " "), *_WORK.findall(text[:READ])]))).split("\n")
    return tuple(sorted({*days, *_named(title), *(_CITED + work for work in works)}))


def facts(told: Iterable[str], day: dt.date, words: Set[str]) -> Facts:
    """The facts of an article of a day, found by these words."""
    found: dict[str, set[str]] = {_ON: set(), _AT: set(), _CALLED: set(), _CITED: set()}
    for fact in told:
        found[fact[0]].add(fact[1:])
    days = (_ordinal(said, day) for said in found[_ON])
    return Facts(
        frozenset(one for one in days if one),
        frozenset(found[_CALLED] | found[_AT]),
        frozenset(found[_AT]),
        frozenset(found[_CITED]),
        words,
    )


def likeness(ours: Facts, theirs: Facts) -> float:
    """What the facts of two articles add to their nearness, or take from it."""
    return (
        USUAL
        + DAY * (not ours.days.isdisjoint(theirs.days))
        + NAME * min(MOST, len(ours.names & theirs.names))
        + WORK * min(MOST, len(ours.works & theirs.works))
        + ELSEWHERE * (_elsewhere(ours, theirs) and _elsewhere(theirs, ours))
    )


def _elsewhere(ours: Facts, theirs: Facts) -> bool:
    """Whether our title names places, and the other article none of them."""
    return bool(ours.places) and ours.places.isdisjoint(theirs.places) and ours.places.isdisjoint(theirs.words)


def _named(title: str) -> list[str]:
    """The names in a folded title."""
    signs = rjieba.tag(title)
    names = ((word, sign[:2]) for word, sign in signs if len(word) > 1 and sign[:2] in _NAMES and word.isalnum())
    return [(_AT if sign == _PLACE else _CALLED) + word for word, sign in names if rare(word) >= SAYS]


def _written(found: re.Match[str]) -> str:
    """A day as a fact: ``@10-12``, ``@-12``, ``@w0`` (a Monday), ``@a1`` (yesterday)."""
    if found["ago"]:
        return f"{_ON}a{'今昨'.index(found['ago'])}"
    if found["weekday"]:
        return f"{_ON}w{_WEEKDAYS.find(found['weekday'].replace('天', '日'))}"
    return f"{_ON}{(found['month'] or '').removesuffix('月')}-{found['day']}"


def _ordinal(said: str, day: dt.date) -> int:
    """Which day is meant in a report of a day, 0 if none near: a weekday is the last one, a date the nearest."""
    own = day.toordinal()
    if said[0] == "a":
        return own - int(said[1:])
    if said[0] == "w":
        return own - (day.weekday() - int(said[1:])) % 7
    month, _, number = said.partition("-")
    near = (dt.date.fromordinal(own + away) for away in range(-FAR, FAR + 1))
    return next((one.toordinal() for one in near if one.day == int(number) and month in ("", str(one.month))), 0)
