"""Digests: a day, or a topic's last day, in five minutes. Made of excerpts; not a word is ours."""

from __future__ import annotations

import datetime as dt
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
    """The digest of each day that has enough articles, and that of each topic's last day."""
    dates = [day for day, group in shelf.library.days.items() if len(group) >= LEAST]
    for newer, day, older in with_neighbours(dates):
        title = shelf.locale.t("digest.day", date=shelf.locale.day(day))
        make, shows = _day(shelf, day, (older, newer)), (older, newer, _told(shelf, shelf.library.days[day]))
        yield shelf.page(digest_path(shelf, day), "digest.html", make, title, _described(shelf, title), shows)
    for term in shelf.library.topics:
        if path := topic_digest_path(shelf, term):
            title = shelf.locale.t("digest.topic", topic=shelf.topics[term.slug]["name"])
            last = next(article.day for article in term.articles if article.day)
            make = _topic(shelf, term.articles, last)
            told = _told(shelf, [article for article in term.articles if article.day == last])
            yield shelf.page(path, "digest.html", make, title, _described(shelf, title), (last, told))


def _described(shelf: Shelf, title: str) -> str:
    return shelf.locale.t("describe.digest", name=title)


def _told(shelf: Shelf, articles: Iterable[Article]) -> list[str]:
    """Changes with whatever a digest shows of articles and of their stories."""
    rows, told = list(articles), shelf.relations.story_of
    return [*shelf.marks.of(rows), *(shelf.marks.told(told[a.id]) for a in rows if a.id in told)]


def digest_path(shelf: Shelf, day: dt.date) -> str:
    """The digest of a day."""
    return permalinks.listing(shelf.edition.slug, "digests", day.isoformat())


def topic_digest_path(shelf: Shelf, term: Term) -> str:
    """The digest of a topic's last day, "" for a topic of a few articles."""
    enough = sum(bool(article.day) for article in term.articles) >= LEAST
    return permalinks.listing(shelf.edition.slug, "digests", term.slug) if enough else ""


def _day(shelf: Shelf, day: dt.date, steps: tuple[dt.date | None, dt.date | None]) -> Callable[[], Context]:
    def step(date: dt.date | None) -> Context | None:
        return {"date": date, "path": digest_path(shelf, date)} if date else None

    def show() -> Context:
        sections: dict[str, list[Context]] = {}
        for article, entry in _chosen(shelf, shelf.library.days[day]):
            sections.setdefault(article.topic, []).append(entry)
        ordered = [
            {"topic": shelf.topics[slug], "entries": sections[slug]} for slug in shelf.topics if slug in sections
        ]
        return {"date": day, "day_path": shelf.day_path(day), "sections": ordered, "previous": step(steps[0]), "next": step(steps[1])}  # fmt: skip

    return show


def _topic(shelf: Shelf, articles: tuple[Article, ...], day: dt.date) -> Callable[[], Context]:
    def show() -> Context:
        chosen = _chosen(shelf, [article for article in articles if article.day == day])
        section = {"topic": None, "entries": [entry for _, entry in chosen]}
        return {"date": day, "day_path": shelf.day_path(day), "sections": [section], "previous": None, "next": None}

    return show


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
