"""Which topic an article belongs to: by the section it stood in, and by what its title and first paragraphs say.

All that speaks for a topic is counted in points: its keywords, the section, and what was learnt from articles that
people had sorted by hand: ``topics.tsv``, words with the points that each gives to the shipped topics or takes from them.
Keywords, signs and sections are data, of ``topics.toml`` and of ``[[topics]]`` in a site's own settings: a site's own
words weigh more than what was learnt, and work for topics of which nothing was.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from ahocorasick_rs import AhoCorasick

from generator.languages import one_script
from generator.models import Draft, Publisher, Topic

OTHER = "other"
#: A word in the title counts as so many in the text.
TITLE = 3
#: The points of a keyword that what was learnt goes with, and of others; a hundred make a topic three times as likely.
KEYWORD, OWN = 60, 150
#: The points of a section that what was learnt goes with, of other shipped topics, and of a site's own: of a narrow
#: topic, of a wide one. Without a section, wide topics have so many: what little there is to go by may be of any subject.
SECTION, SHIPPED, NARROW, WIDE, NOWHERE = 200, 400, 1000, 650, 30
#: Where the words give no topic so many points, the place stands of which they say most, if they say so much of one; where
#: it stood in a section, or its publisher writes of one subject, that one stands.
LEAST, LEAST_AGAINST, LEAST_PLACE = 120, 300, 50
#: How much of the text is read, and how much of it can show a sign.
HEAD, SIGN_HEAD = 500, 150
#: Stands before the section in the table; and before the topic that a publisher usually writes of, which is less.
_STOOD, _USUAL = "=", "~"
#: Where a dateline ends, and the names that some publishers give to one virus in every article.
_DATELINE = re.compile(r"\A(?:[【（(\[〔][^】）)\]〕]{2,40}[】）)\]〕]\s*){1,2}")
_VIRUS = re.compile(r"中共(?:病毒|肺炎)|武[汉漢]肺炎")
#: Chinese is what was learnt: a text of so many Han characters, and fewer of kana.
_HAN, _KANA, CHINESE = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u3041-\u30fa]"), 20
#: The bits of a sum of points: more than all words of a text can make.
LANE = 32
#: Of a table: the letter of a topic and its points.
_POINTS = re.compile(r"([a-z])(-?\d+)")

#: Topic -> points.
Points = dict[str, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find in a text, by their numbers; those of Latin letters match from the start of a word, others anywhere."""

    automaton: AhoCorasick
    latin: frozenset[int]

    @classmethod
    def of(cls, words: Iterable[str]) -> Words:
        """Words in the order of their numbers."""
        rows = list(words)
        return cls(AhoCorasick(rows), frozenset(number for number, word in enumerate(rows) if word.isascii()))

    def numbers(self, text: str) -> list[int]:
        """The words that a text has, each once."""
        found = self.automaton.find_matches_as_indexes(text, overlapping=True)
        return sorted({number for number, start, _ in found if number not in self.latin or _begins(text, start)})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each topic: the points of each word, by its number, in one integer each; and of each section."""

    words: Words
    slugs: tuple[str, ...]
    points: tuple[int, ...]
    sections: dict[str, Points]
    signs: tuple[tuple[re.Pattern[str], str], ...]

    def said(self, heading: str, text: str) -> Points:
        """What the words of a title and a text say, each of them once; as ``read`` gives them."""
        points, total = self.points, 0
        for part, times in ((heading, TITLE), (text, 1)):
            total += times * sum([points[number] for number in self.words.numbers(part)])
        return dict(_apart(total, self.slugs))


def _together(row: Points, slugs: tuple[str, ...]) -> int:
    """The points of a word as one integer, a lane a topic, so that the words of a text are added up in one sum."""
    return sum(row.get(slug, 0) << LANE * lane for lane, slug in enumerate(slugs))


def _apart(total: int, slugs: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The sums of the lanes that have any; a negative one has borrowed from the next."""
    half = 1 << LANE - 1
    for slug in slugs:
        count = (total + half) % (2 * half) - half
        total = (total - count) >> LANE
        if count:
            yield slug, count


def topic(draft: Draft, publisher: Publisher, topics: tuple[Topic, ...], heading: str, text: str) -> str:
    """The slug of an article's topic, ``other`` where nothing speaks for any."""
    usual = _usual(draft, publisher, topics)
    stood = section(draft, publisher, topics) or (usual and _USUAL + usual)
    return by_words(topics, stood, heading, text)


def section(draft: Draft, publisher: Publisher, topics: tuple[Topic, ...]) -> str:
    """The topic of the section in which an article stood at its publisher or in the mirror, "" where none is known."""
    path = _path(draft.url)
    channels = {_fold(key): value for key, value in publisher.channels.items()}
    for name in (*draft.channel, *reversed(path)):
        for part in (name, name.rpartition(" - ")[2]):
            if slug := _known(topics, channels.get(_fold(part), "")):
                return slug
    sections = _sections(topics)
    for name in (*draft.channel, *draft.tags, *reversed(path)):
        for part in (name, *re.split(r"\s+-\s+|[/>|]", name)[::-1]):
            slug = sections.get(_fold(part)) or sections.get(
                re.sub(r"\A[a-z](?=\W)|(?:新闻|新聞|频道|頻道|news)\Z", "", _fold(part)), ""
            )
            if slug:
                return slug
    return ""


def _usual(draft: Draft, publisher: Publisher, topics: tuple[Topic, ...]) -> str:
    """What a publisher of one subject writes of (a channel with its own name)."""
    channels = {_fold(key): value for key, value in publisher.channels.items()}
    return _known(topics, channels.get(_fold(draft.source), ""))


def _known(topics: tuple[Topic, ...], name: str) -> str:
    """The topic of a slug, or of the name of a topic that another took in; "" for none."""
    return name if any(topic.slug == name for topic in topics) else _sections(topics).get(_fold(name), "")


def by_words(topics: tuple[Topic, ...], section: str, heading: str, text: str) -> str:
    """The topic that a sign settles, or for which the most points speak."""
    heading, text = read(heading, text)
    known = _evidence(topics, learnt=_chinese(heading + text))
    for sign, slug in known.signs:
        if sign.search(heading) or sign.search(text[:SIGN_HEAD]):
            return slug
    said = known.said(heading, text)
    if max(said.values(), default=0) < (LEAST_AGAINST if section else LEAST):
        return section.removeprefix(_USUAL) or _place(topics, said)
    stood = known.sections[section]
    return max((topic.slug for topic in topics), key=lambda slug: said.get(slug, 0) + stood.get(slug, 0), default=OTHER)


def _place(topics: tuple[Topic, ...], said: Points) -> str:
    """The wide topic of which the words say most, ``other`` where they say little of any."""
    spoken = (topic.slug for topic in topics if topic.wide and said.get(topic.slug, 0) >= LEAST_PLACE)
    return max(spoken, key=lambda slug: said[slug], default=OTHER)


def read(heading: str, text: str) -> tuple[str, str]:
    """What is read of a title and a text: in one script, without dateline."""
    return one_script(heading), _VIRUS.sub("", one_script(_DATELINE.sub("", text[: 2 * HEAD])[:HEAD]))


def _chinese(text: str) -> bool:
    return len(_KANA.findall(text)) < CHINESE <= len(_HAN.findall(text))


def _begins(text: str, start: int) -> bool:
    """Whether a word of Latin letters can begin here."""
    return not (start and text[start - 1].isascii() and text[start - 1].isalnum())


def evidence(topics: tuple[Topic, ...], table: Mapping[str, Points]) -> Evidence:
    """What speaks for each topic, with what a table says: word -> shipped topic -> points."""
    rows = _rows_of(topics, table)
    sections = _section_rows(topics, {word: rows.pop(word) for word in table if word[0] in (_STOOD, _USUAL)})
    for topic in topics:
        words = {one_script(word) for word in topic.keywords}
        shipped = {word for slug, found in _shipped().items() if _known(topics, slug) == topic.slug for word in found}
        for word in sorted(words):
            rows[word][topic.slug] = rows[word].get(topic.slug, 0) + (KEYWORD if table and word in shipped else OWN)
        for word in sorted(shipped - words):  # the site took it away
            rows[word].pop(topic.slug, None)
    signs = tuple((re.compile(sign, re.S), topic.slug) for topic in topics for sign in topic.signs)
    slugs = tuple(topic.slug for topic in topics)
    return Evidence(Words.of(rows), slugs, tuple(_together(row, slugs) for row in rows.values()), sections, signs)


def _rows_of(topics: tuple[Topic, ...], table: Mapping[str, Points]) -> dict[str, Points]:
    """The rows of a table for the topics of a site; of topics that became one, what speaks most for it."""
    now = {slug: _known(topics, slug) for slug in _shipped()}
    rows: dict[str, Points] = defaultdict(dict)
    for word, points in table.items():
        row = rows[word]
        for slug, count in sorted((now[old], count) for old, count in points.items() if now[old]):
            row[slug] = count
    return rows


def _section_rows(topics: tuple[Topic, ...], learnt: dict[str, Points]) -> dict[str, Points]:
    """What having stood in a section says, under its topic; and what having stood in none does."""
    rows: dict[str, Points] = {"": {topic.slug: NOWHERE for topic in topics if topic.wide}}
    for topic in topics:
        alone = SHIPPED if topic.slug in _shipped() else WIDE if topic.wide else NARROW
        for mark, name, own in ((_STOOD, topic.slug, alone), (_USUAL, _USUAL + topic.slug, alone // 2)):
            row = rows[name] = dict(learnt.get(mark + topic.slug, {}))
            row[topic.slug] = row.get(topic.slug, 0) + (SECTION if mark + topic.slug in learnt else own)
    return rows


@cache
def _evidence(topics: tuple[Topic, ...], *, learnt: bool) -> Evidence:
    return evidence(topics, _learnt() if learnt else {})


@cache
def _learnt() -> dict[str, Points]:
    """The table: a row a word, with the letters of topics and their points (``疫情 h12c-3``)."""
    lines = (files("generator") / "topics.tsv").read_text("utf-8").splitlines()
    names = dict(part.split("=") for part in lines[0].split() if "=" in part)
    rows = (line.partition("\t") for line in lines[1:])
    return {word: {names[letter]: int(count) for letter, count in _POINTS.findall(said)} for word, _, said in rows}


@cache
def _shipped() -> dict[str, frozenset[str]]:
    """The keywords of the shipped topics, in one script."""
    blocks = tomllib.loads((files("generator") / "topics.toml").read_text("utf-8"))["topics"]
    return {block["slug"]: frozenset(map(one_script, block["keywords"])) for block in blocks}


@cache
def _sections(topics: tuple[Topic, ...]) -> dict[str, str]:
    """Folded name of a section -> topic."""
    return {
        _fold(name): topic.slug
        for topic in reversed(topics)
        for name in (*topic.name.values(), *topic.sections, topic.slug)
    }


def _fold(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()


def _path(url: str) -> list[str]:
    """The parts of an address that may name a section; of the last (``science-54495009``) only the word before an id."""
    parts = [unquote(part).lower() for part in urlsplit(url).path.split("/")] if url else [""]
    word = re.match(r"([a-z]{3,})-\d", parts[-1])
    return [*parts[:-1], *([word[1]] if word else [])]
