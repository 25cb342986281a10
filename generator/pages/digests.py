"""Digests: a day, what a day brought of a topic, or a topic's last day, in five minutes. Made of excerpts; not a word is ours."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from generator import permalinks
from generator.cleaning.metadata import HAN_A_MINUTE
from generator.models import Article, Page, Story, Term
from generator.pages.relations import with_neighbours
from generator.pages.shelf import Context, Shelf
from generator.pages.stories import story_entry

#: What five minutes hold, in Han characters; a Latin letter takes about half the time. A day needs so many articles.
FIVE_MINUTES, LEAST = 5 * HAN_A_MINUTE, 5


def digests(shelf: Shelf) -> Iterator[Page]:
    """The digest of each day, and of each topic on a day, that has enough articles; and that of each topic's last day."""
    dates = [day for day, group in shelf.library.days.items() if len(group) >= LEAST]
    for newer, day, older in with_neighbours(dates):
        title = shelf.locale.t("digest.day", date=shelf.locale.day(day))
        make, shows = _day(shelf, day, (older, newer)), (older, newer, _told(shelf, shelf.library.days[day]))
        yield shelf.page(digest_path(shelf, day), "digest.html", make, title, _described(shelf, title), shows)
    for term in shelf.library.topics:
        yield from _of_topic(shelf, term)


def _of_topic(shelf: Shelf, term: Term) -> Iterator[Page]:
    """A topic's last day, which is where its page leads; and each of its days that has enough."""
    by_day, name = shelf.relations.by_day(term), shelf.topics[term.slug]["name"]
    dates = topic_days(shelf, term)
    if path := topic_digest_path(shelf, term):
        last = next(iter(by_day))
        title = shelf.locale.t("digest.topic", topic=name)
        older = next((date for date in dates if date < last), None)
        yield _part(shelf, term, path, title, last, by_day[last], (older, None))
    for newer, day, older in with_neighbours(dates):
        title = shelf.locale.t("digest.part", topic=name, date=shelf.locale.day(day))
        path = digest_path(shelf, day, term.slug)
        yield _part(shelf, term, path, title, day, by_day[day], (older, newer))


def topic_days(shelf: Shelf, term: Term) -> list[dt.date]:
    """The days, newest first, of which there is a digest of a topic."""
    return [day for day, group in shelf.relations.by_day(term).items() if len(group) >= LEAST]


def _described(shelf: Shelf, title: str) -> str:
    return shelf.locale.t("describe.digest", name=title)


def _told(shelf: Shelf, articles: Iterable[Article]) -> list[str]:
    """Changes with whatever a digest shows of articles and of their stories."""
    rows, told = list(articles), shelf.relations.story_of
    return [*shelf.marks.of(rows), *(shelf.marks.told(told[a.id]) for a in rows if a.id in told)]


def digest_path(shelf: Shelf, day: dt.date, topic: str = "") -> str:
    """The digest of a day, or of a topic on that day."""
    return permalinks.listing(shelf.edition.slug, "digests", f"{day.isoformat()}{topic and '-'}{topic}")


def topic_digest_path(shelf: Shelf, term: Term) -> str:
    """The digest of a topic's last day, "" for a topic of a few articles."""
    enough = sum(bool(article.day) for article in term.articles) >= LEAST
    return permalinks.listing(shelf.edition.slug, "digests", term.slug) if enough else ""


_Steps = tuple[dt.date | None, dt.date | None]


def _steps(shelf: Shelf, steps: _Steps, topic: str = "") -> Context:
    """The digests before and after."""
    older, newer = ({"date": day, "path": digest_path(shelf, day, topic)} if day else None for day in steps)
    return {"previous": older, "next": newer}


def _day(shelf: Shelf, day: dt.date, steps: _Steps) -> Callable[[], Context]:
    """Sections lead to what the day brought of their topic, where that is a digest of its own."""

    def show() -> Context:
        group = shelf.library.days[day]
        sections: dict[str, list[Context]] = {}
        for article, entry in _chosen(shelf, group):
            sections.setdefault(article.topic, []).append(entry)
        counts = Counter(slug for a in group for slug in (a.topic, shelf.topics[a.topic]["parent"]))
        ordered = [
            {
                "topic": topic,
                "entries": sections[slug],
                "path": digest_path(shelf, day, slug) if counts[slug] >= LEAST else topic["path"],
            }
            for slug, topic in shelf.topics.items()
            if slug in sections
        ]
        return {"date": day, "day_path": shelf.day_path(day), "sections": ordered, **_steps(shelf, steps)}

    return show


def _part(shelf: Shelf, term: Term, path: str, title: str, day: dt.date, group: list[Article], steps: _Steps) -> Page:
    """A topic's digest of a day."""

    def show() -> Context:
        topic = shelf.topics[term.slug]
        section = {"topic": topic, "path": topic["path"], "entries": [entry for _, entry in _chosen(shelf, group)]}
        around = _steps(shelf, steps, term.slug)
        return {"date": day, "day_path": shelf.day_path(day), "sections": [section], **around}

    return shelf.page(path, "digest.html", show, title, _described(shelf, title), (day, steps, _told(shelf, group)))


def _chosen(shelf: Shelf, articles: Iterable[Article]) -> Iterator[tuple[Article, Context]]:
    """What fits into five minutes: stories by how many publishers tell them, then one article a topic, in turns."""
    rows = [article for article in articles if article.excerpt]
    space = FIVE_MINUTES
    for article, story in _in_turns(shelf, rows):
        space -= _length(f"{article.title}{article.excerpt}")
        if space < 0:
            return
        yield article, story_entry(shelf, story) if story else shelf.entry(article)


def _in_turns(shelf: Shelf, rows: list[Article]) -> Iterator[tuple[Article, Story | None]]:
    story_of = shelf.relations.story_of
    told: dict[str, list[Article]] = {}
    alone: dict[str, list[Article]] = {}
    for article in rows:
        if article.id in story_of:
            told.setdefault(story_of[article.id].slug, []).append(article)
        else:
            alone.setdefault(article.topic, []).append(article)
    for group in sorted(told.values(), key=lambda group: (-len({a.publisher for a in group}), -len(group))):
        story = story_of[group[0].id]
        yield (story.lead if story.lead in group else group[0]), story
    for turn in range(max(map(len, alone.values()), default=0)):
        for group in alone.values():
            if turn < len(group):
                yield group[turn], None


def _length(text: str) -> int:
    """The length of a text in Han characters, as far as the time to read it goes."""
    wide = sum(ord(character) > 0x2E80 for character in text)
    return wide + (len(text) - wide) // 3
