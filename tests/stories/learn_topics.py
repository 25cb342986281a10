"""Make ``generator/topics.tsv``: how many points words and sections give to topics. Only words and numbers, no text.

    python -m tests.stories.learn_topics CONTENT [--check]    CONTENT: the corpus that the labels belong to

Learnt (softmax regression, from labels made by hand: two of the halves in ``topics.tsv`` here) is what the
keywords of ``topics.toml`` leave unsaid: their points are counted first. ``--check`` shows how right topics are that were
learnt from four fifths of the labels and asked of the last, and learnt from all publishers but the one that is asked.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from generator import cleaning, topics
from generator.collecting import collect, load_rules
from generator.models import Draft, Publisher, Topic
from generator.settings import load_settings
from generator.words import cut
from tests.conftest import ROOT
from tests.score_stories import rows

#: Words of fewer articles than LEAST say too little, those of more than this part of them are of every subject; points
#: below SMALL are left out, and words without MUCH.
LEAST, COMMON, SMALL, MUCH = 3, 0.4, 3, 6
#: A section of fewer articles is not learnt: it is worth what any is.
ENOUGH = 10
#: How much large points cost: of words, of sections. Chosen by --check. How long is learnt.
COST, SECTION_COST, ROUNDS = 1.5, 0.3, 250
#: The halves of the labels that are learnt from.
LEARNT = ("tune", "learn")
#: So many points make a topic e times as likely. How much of a label its first topic is, where others would do as well.
UNIT, FIRST = 100, 0.85

Table = dict[str, dict[str, int]]


class Said(NamedTuple):
    """What the topic of an article is asked by, and who published it."""

    section: str
    title: str
    text: str
    publisher: str


def articles(content: Path, known: tuple[Topic, ...]) -> dict[str, Said]:
    """Section, title and text of each document, as the cleaning asks for its topic."""
    found: dict[str, Said] = {}

    def listen(draft: Draft, publisher: Publisher, _: object, heading: str, text: str) -> str:
        usual = topics._usual(draft, publisher, known)
        stood = topics.section(draft, publisher, known)
        section = f"={stood}" if stood or not usual else f"~{usual}"
        found[draft.document.path] = Said(section, *topics.read(heading, text), publisher.slug)
        return topics.OTHER

    with mock.patch.object(cleaning, "topic", listen):
        collect(load_rules(content), jobs=1)
    return found


def learn(known: tuple[Topic, ...], said: list[Said], wanted: list[str]) -> Table:
    """The points of words and sections for topics, in the order of the words."""
    slugs = sorted({slug for label in wanted for slug in label.split(",")})
    words, sections = vocabulary(said), learnable(said)
    seen, before = looked_at(known, said, slugs, words, sections)
    cost = np.array([COST] * len(words) + [SECTION_COST] * len(sections))[:, None]
    right = np.array([shares(label, slugs) for label in wanted], np.float32)
    learnt = np.rint(UNIT * fitted(seen, before / UNIT, right, cost)).astype(int)
    kept = (
        (word, row)
        for word, row in zip([*words, *sections], learnt, strict=True)
        if word in sections or abs(row).max() >= MUCH
    )
    return {word: {s: int(p) for s, p in zip(slugs, row, strict=True) if abs(p) >= SMALL} for word, row in kept}


def shares(label: str, slugs: list[str]) -> list[float]:
    """How much of a label each topic is: most the first, little those that would do as well."""
    first, *others = label.split(",")
    share = {slug: (1 - FIRST) / len(others) for slug in others} | {first: FIRST if others else 1.0}
    return [share.get(slug, 0.0) for slug in slugs]


def vocabulary(said: list[Said]) -> list[str]:
    """The words that can say something of a topic."""
    counts = Counter(word for one in said for word in {*cut(one.title), *cut(one.text)})
    often = (word for word, n in counts.items() if LEAST <= n < COMMON * len(said))
    return sorted(word for word in often if not word.isdigit() and (not word.isascii() or len(word) > 3))


def learnable(said: list[Said]) -> list[str]:
    """The sections of which there is enough to learn."""
    counts = Counter(one.section for one in said)
    return sorted(section for section, count in counts.items() if count >= ENOUGH and section != "=")


def looked_at(
    known: tuple[Topic, ...], said: list[Said], slugs: list[str], words: list[str], sections: list[str]
) -> tuple[Any, Any]:
    """How often each article has each word and section, and the points that it has for each topic before all learning."""
    given = topics.evidence(known, {section: {} for section in sections})
    finder = topics.Words.of(words)
    seen = np.zeros((len(said), len(words) + len(sections)))
    before = np.zeros((len(said), len(slugs)))
    for n, (section, title, text, _) in enumerate(said):
        seen[n, finder.numbers(text)] += 1
        seen[n, finder.numbers(title)] += topics.TITLE
        if section in sections:
            seen[n, len(words) + sections.index(section)] = 1
        points = Counter(given.said(title, text))
        points.update(given.sections[section.removeprefix("=")])
        before[n] = [points[slug] for slug in slugs]
    return seen, before


def fitted(seen: Any, before: Any, right: Any, cost: Any) -> Any:
    """The weights (a row a word, a column a topic) that make the right topics likeliest, found by Adam's steps."""
    seen = seen.astype(np.float32)
    weights = np.zeros((seen.shape[1], before.shape[1]), np.float32)
    slope, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, ROUNDS + 1):
        likely = before + seen @ weights
        likely = np.exp(likely - likely.max(axis=1, keepdims=True))
        missed = likely / likely.sum(axis=1, keepdims=True) - right
        change = seen.T @ missed.astype(np.float32) + cost * weights
        slope, square = 0.9 * slope + 0.1 * change, 0.99 * square + 0.01 * change**2
        pace = 0.05 * (1 - step / ROUNDS)
        weights -= pace * (slope / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
    return weights


def check(known: tuple[Topic, ...], said: list[Said], labels: list[str], halves: list[str]) -> Iterator[str]:
    """How often what was learnt from other articles, and from other publishers, gives a topic that is right, or the best."""
    often = Counter(one.publisher for one in said)
    by_publisher = [one.publisher if often[one.publisher] >= ENOUGH else "" for one in said]
    for name, parts in (("other articles", [n % 5 for n in range(len(said))]), ("other publishers", by_publisher)):
        found = asked(known, said, labels, halves, parts)
        for half, size in Counter(halves).items():
            right, best = (sum(r[which] for r, h in zip(found, halves, strict=True) if h == half) for which in (0, 1))
            yield f"{half}, from {name}: {size} articles, right {right / size:.3f}, as the first label {best / size:.3f}"


def asked(
    known: tuple[Topic, ...], said: list[Said], labels: list[str], halves: list[str], parts: Sequence[object]
) -> list[tuple[bool, bool]]:
    """Whether the topic is one of the label, and its first: each article asked of what was learnt from the other parts."""
    parents = {topic.slug: topic.parent or topic.slug for topic in known}
    found: dict[int, tuple[bool, bool]] = {}
    for part in dict.fromkeys(parts):
        others = [n for n in range(len(said)) if parts[n] != part]
        table = learn(known, [said[n] for n in others], [labels[n] for n in others])
        topics._evidence.cache_clear()
        with mock.patch.object(topics, "_learnt", return_value=table):
            for n in (n for n in range(len(said)) if parts[n] == part):
                section, title, text, _ = said[n]
                got = parents[topics.by_words(known, section.removeprefix("="), title, text)]
                wanted = [parents[label] for label in labels[n].split(",")]
                found[n] = (got in wanted, got == wanted[0])
    return [found[n] for n in range(len(said))]


def main(content: Path, checked: bool) -> None:
    """Learn, and write the table."""
    known = load_settings(ROOT / "content").topics
    found = articles(content, known)
    labelled = sorted(row for row in rows("topics.tsv") if row[2] in LEARNT and row[0] in found)
    said, labels = [found[path] for path, _, _ in labelled], [label for _, label, _ in labelled]
    if checked:
        for line in check(known, said, labels, [half for _, _, half in labelled]):
            print(line, flush=True)
        return
    table = learn(known, said, labels)
    letters = {topic.slug: "abcdefghijklmnopqrstuvwxyz"[n] for n, topic in enumerate(known)}
    head = " ".join(f"{letter}={slug}" for slug, letter in letters.items())
    lines = [f"{word}\t{''.join(f'{letters[s]}{p}' for s, p in row.items())}" for word, row in table.items()]
    (ROOT / "generator" / "topics.tsv").write_text("\n".join([f"# {head}", *lines]) + "\n", "utf-8")
    print(f"{len(lines):,} words and sections, from {len(labels):,} labels")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--check" in sys.argv)
