"""Which topic an article belongs to: by the section it stood in, and by what its title and first paragraphs say.

A region's section (``wide``: China, World) holds news of every kind, so clear words of a narrower topic (Economy,
Health) outweigh it; a narrow section wins unless another topic's words are stronger. The words are data:
``topics.toml``, and ``[[topics]]`` in a site's own settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from ahocorasick_rs import AhoCorasick

from generator.languages import one_script
from generator.models import Draft, Publisher, Topic

OTHER = "other"
#: A word in the title counts as so many in the text.
TITLE = 3
#: What a section adds to the points of its topic; and the points that a narrow topic needs: against the section of a
#: wide topic, without any section, and more without a word in the title. Tuned on tests/stories/topics.tsv.
NARROW_SECTION, WIDE_SECTION = 5, 3
ENOUGH, ENOUGH_ALONE, WITHOUT_TITLE = 6, 4, 3
#: How much of the text is read, and how much of it can show a sign.
HEAD, SIGN_HEAD = 600, 150
#: Where a dateline ends, and the names that some publishers give to one virus in every article.
_DATELINE = re.compile(r"\A(?:[【（(\[〔][^】）)\]〕]{2,40}[】）)\]〕]\s*){1,2}")
_VIRUS = re.compile(r"中共(?:病毒|肺炎)|武[汉漢]肺炎")


@dataclass(frozen=True, slots=True)
class _Words:
    """What is looked for, for one topic."""

    slug: str
    wide: bool
    words: re.Pattern[str] | None
    signs: tuple[re.Pattern[str], ...]


def topic(draft: Draft, publisher: Publisher, topics: tuple[Topic, ...], heading: str, text: str) -> str:
    """The slug of an article's topic, ``other`` where nothing speaks for any."""
    found = by_words(topics, section(draft, publisher, topics), heading, text)
    wide = {topic.slug for topic in topics if topic.wide}
    return (_usual(draft, publisher, topics) or found) if found in wide or found == OTHER else found


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
    """What a publisher of one subject writes of (a channel with its own name), where nothing narrower is known."""
    channels = {_fold(key): value for key, value in publisher.channels.items()}
    return _known(topics, channels.get(_fold(draft.source), ""))


def _known(topics: tuple[Topic, ...], name: str) -> str:
    """The topic of a slug, or of the name of a topic that another took in; "" for none."""
    return name if any(topic.slug == name for topic in topics) else _sections(topics).get(_fold(name), "")


def by_words(topics: tuple[Topic, ...], section: str, heading: str, text: str) -> str:
    """The topic for which a sign, or the most words in the title and the first paragraphs, speak."""
    heading = one_script(heading)
    text = _VIRUS.sub("", one_script(_DATELINE.sub("", text)[:HEAD]))
    known = _words(topics)
    for topic in known:
        if any(sign.search(heading) or sign.search(text[:SIGN_HEAD]) for sign in topic.signs):
            return topic.slug
    titled, said = _counted(topics, heading), _counted(topics, text)
    points = {topic.slug: TITLE * titled[topic.slug] + said[topic.slug] for topic in known}
    return _best(known, section, titled, points)


def _counted(topics: tuple[Topic, ...], text: str) -> dict[str, int]:
    """How many different words of each topic a text has; one look tells which topics have any."""
    automaton, owners = _all_words(topics)
    likely = {slug for n in automaton.find_matches_as_indexes(text, overlapping=True) for slug in owners[n[0]]}
    return {
        topic.slug: len(set(topic.words.findall(text))) if topic.words and topic.slug in likely else 0
        for topic in _words(topics)
    }


@cache
def _all_words(topics: tuple[Topic, ...]) -> tuple[AhoCorasick, list[list[str]]]:
    """The words of all topics, and the topics of each word."""
    owners: dict[str, list[str]] = {}
    for topic in topics:
        for word in {one_script(word) for word in topic.keywords}:
            owners.setdefault(word, []).append(topic.slug)
    return AhoCorasick(list(owners)), list(owners.values())


def _best(known: tuple[_Words, ...], section: str, titled: dict[str, int], points: dict[str, int]) -> str:
    wide = [topic.slug for topic in known if topic.wide]
    narrow = [topic.slug for topic in known if not topic.wide]
    if section in points:
        points[section] += WIDE_SECTION if section in wide else NARROW_SECTION
    best = max(narrow, key=points.__getitem__, default=OTHER)
    enough = ENOUGH if section else ENOUGH_ALONE
    if not (titled.get(best) or best == section):
        enough += WITHOUT_TITLE
    if points.get(best, 0) >= enough:
        return best
    if section in narrow:
        return section
    best = max(wide or narrow, key=points.__getitem__, default=OTHER)
    if not points.get(best):
        best = max(narrow, key=points.__getitem__, default=OTHER)
    return best if points.get(best) else OTHER


@cache
def _words(topics: tuple[Topic, ...]) -> tuple[_Words, ...]:
    return tuple(
        _Words(topic.slug, topic.wide, _any_of(topic.keywords), tuple(re.compile(sign, re.S) for sign in topic.signs))
        for topic in topics
    )


def _any_of(keywords: tuple[str, ...]) -> re.Pattern[str] | None:
    """Words of Latin letters match from the start of a word, others anywhere; the longest first."""
    words = sorted({one_script(word) for word in keywords}, key=lambda word: (-len(word), word))
    parts = [rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in words]
    return re.compile("|".join(parts)) if parts else None


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
