"""Reports of one event, sentence by sentence: what several of them say, and what only one does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from generator.languages import one_script

#: Sentences that share this part of the shorter one's words say the same; so many words a sentence needs.
ALIKE, LEAST = 0.6, 5
#: So many sentences of each report are compared; shorter and longer ones are not shown.
READ, SHORT, LONG = 40, 14, 240
_END = re.compile(r"(?<=[。！？!?…])[”」』\"'）)]*|(?<=[.!?؟])\s+|\n+")
_DATELINE = re.compile(r"\A(?:[【（(\[〔][^】）)\]〕]{2,40}[】）)\]〕]\s*){1,2}")


@dataclass(frozen=True, slots=True)
class Shared:
    """A sentence as one report has it, and the numbers of the reports that say the same."""

    report: int
    text: str
    reports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What at least two reports say (what most say first), and what each says alone, in its own order."""

    shared: tuple[Shared, ...]
    alone: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    report: int
    text: str
    words: frozenset[str]


def compare(texts: Sequence[str]) -> Comparison:
    """Compare reports; each text gives its sentences, and the answer keeps their wording and order."""
    found = [_Sentence(number, *said) for number, text in enumerate(texts) for said in sentences(text)]
    groups = _groups(found)
    shared = [_shared(group) for group in groups if len({one.report for one in group}) > 1]
    shared.sort(key=lambda one: -len(one.reports))
    alone: list[list[str]] = [[] for _ in texts]
    for group in groups:
        if len({one.report for one in group}) == 1:
            alone[group[0].report].append(group[0].text)
    return Comparison(tuple(shared), tuple(tuple(rows) for rows in alone))


def sentences(text: str) -> list[tuple[str, frozenset[str]]]:
    """The first sentences of a text that are long enough to say something, each with its words."""
    parts = (_DATELINE.sub("", " ".join((part or "").split())) for part in _END.split(text))
    rows = [part for part in parts if SHORT <= len(part) <= LONG][:READ]
    found = ((row, frozenset(_words(row))) for row in rows)
    return [(row, words) for row, words in found if len(words) >= LEAST]


def _words(sentence: str) -> list[str]:
    plain = one_script(sentence)
    return [word for word in rjieba.cut(plain) if len(word) > 1 and not word.isspace()]


def _groups(found: list[_Sentence]) -> list[list[_Sentence]]:
    """Sentences that say the same, across reports, in the order of their first."""
    groups: list[list[_Sentence]] = []
    owners: dict[str, list[int]] = defaultdict(list)
    for one in found:
        near = dict.fromkeys(number for word in sorted(one.words) for number in owners[word])
        mine = next((number for number in sorted(near) if _alike(one, groups[number])), None)
        if mine is None:
            mine = len(groups)
            groups.append([])
        groups[mine].append(one)
        for word in one.words:
            owners[word].append(mine)
    return groups


def _alike(one: _Sentence, group: list[_Sentence]) -> bool:
    first = group[0]
    if any(other.report == one.report for other in group):
        return False
    return len(one.words & first.words) >= ALIKE * min(len(one.words), len(first.words))


def _shared(group: list[_Sentence]) -> Shared:
    first = group[0]
    return Shared(first.report, first.text, tuple(sorted({one.report for one in group})))
