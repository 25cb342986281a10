"""Books: the articles of a day, a week, a topic, bound into one file to take along (`epub` binds them)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from generator import permalinks
from generator.locales import in_locale
from generator.models import Article, Page, Story
from generator.pages.feeds import moment
from generator.pages.shelf import Context, Shelf

#: A book of articles without any date has been made at some time, too.
_NEVER = "2000-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Book:
    """What a book holds. ``part``: by what its contents are divided; ``page``: where its articles stand on the site."""

    path: str
    title: str
    articles: tuple[Article, ...]
    part: Literal["topic", "day"] = "topic"
    page: str = ""


def books(shelf: Shelf) -> Iterator[Page]:
    """The books that ``[books]`` asks for, and the page that lists them."""
    groups = {
        "books.days": [day_book(shelf, day) for day in islice(shelf.library.days, shelf.settings.books.days)],
        "books.weeks": [week_book(shelf, monday) for monday in islice(weeks(shelf), shelf.settings.books.weeks)],
        "stories": [story_book(shelf, story) for story in shelf.library.stories[: shelf.settings.books.stories]],
        "topics": [topic_book(shelf, slug) for slug in shelf.topics] if shelf.settings.books.topics else [],
    }
    made = {heading: group for heading, group in groups.items() if group}
    if not made:
        return
    path, words = permalinks.index(shelf.edition.slug, "books"), shelf.locale.t
    shows = [(heading, book.path, book.title, len(book.articles)) for heading, group in made.items() for book in group]
    title, described = words("books"), words("books.intro")
    yield shelf.page(path, "books.html", lambda: {"groups": made}, title, described, (shows,))
    for group in made.values():
        for book in group:
            yield bound(shelf, book)


def bound(shelf: Shelf, book: Book) -> Page:
    """A book as a page of the site, for `epub` to bind."""
    shows = (book.title, book.page, [shelf.marks.whole(article) for article in book.articles])
    return Page(book.path, "book", _book_context(shelf, book), shows)


def weeks(shelf: Shelf) -> list[dt.date]:
    """The Mondays of all weeks with articles, newest first."""
    return list(dict.fromkeys(day - dt.timedelta(day.weekday()) for day in shelf.library.days))


def day_book(shelf: Shelf, day: dt.date) -> Book:
    """The articles of a day, by topic."""
    path = permalinks.book(shelf.edition.slug, "day", day.isoformat())
    return Book(path, shelf.locale.day(day), shelf.library.days.get(day, ()), page=shelf.day_path(day))


def week_book(shelf: Shelf, monday: dt.date) -> Book:
    """The articles of the seven days from a Monday on, by topic."""
    days = [monday + dt.timedelta(n) for n in reversed(range(7))]
    year, week, _ = monday.isocalendar()
    path = permalinks.book(shelf.edition.slug, "week", f"{year}-W{week:02}")
    articles = tuple(article for day in days for article in shelf.library.days.get(day, ()))
    return Book(path, shelf.locale.span(days[-1], days[0]), articles)


def topic_book(shelf: Shelf, slug: str) -> Book:
    """The newest articles of a topic, by day."""
    path = permalinks.book(shelf.edition.slug, "topic", slug)
    articles = next(term.articles for term in shelf.library.topics if term.slug == slug)
    topic = shelf.topics[slug]
    return Book(path, topic["name"], articles[: shelf.settings.books.articles], "day", topic["path"])


def story_book(shelf: Shelf, story: Story) -> Book:
    """The reports of a story, by day, the first to report first; the same text twice is in it once."""
    path = permalinks.book(shelf.edition.slug, "story", story.slug)
    reports = tuple(article for article in reversed(story.articles) if article.id not in story.copies)
    page = permalinks.listing(shelf.edition.slug, "stories", story.slug)
    return Book(path, shelf.entry(story.lead)["title"], reports, "day", page)


def story_book_path(shelf: Shelf, story: Story) -> str:
    """The book of a story, where the site has one; else ""."""
    made = story in shelf.library.stories[: shelf.settings.books.stories]
    return permalinks.book(shelf.edition.slug, "story", story.slug) if made else ""


def only_topic(shelf: Shelf, book: Book, slug: str) -> Book:
    """What a book holds of one topic."""
    name = f"{shelf.topics[slug]['name']} · {book.title}"
    path = book.path.replace(".epub", f"-{slug}.epub")
    return replace(book, path=path, title=name, articles=tuple(a for a in book.articles if a.topic == slug))


def day_book_path(shelf: Shelf, day: dt.date) -> str:
    """The book of a day, where the site has one; else ""."""
    made = day in set(islice(shelf.library.days, shelf.settings.books.days))
    return permalinks.book(shelf.edition.slug, "day", day.isoformat()) if made else ""


def topic_book_path(shelf: Shelf, slug: str) -> str:
    """The book of a topic, where the site has one; else ""."""
    return permalinks.book(shelf.edition.slug, "topic", slug) if shelf.settings.books.topics else ""


def _book_context(shelf: Shelf, book: Book) -> Callable[[], Context]:
    def show() -> Context:
        dates = [moment(article.updated or article.published) for article in book.articles if article.published]
        languages = dict.fromkeys([shelf.locale.tag, *(shelf.entry(article)["lang"] for article in book.articles)])
        return {
            "title": book.title,
            "site": in_locale(shelf.settings.title, shelf.locale.tag),
            "count": len(book.articles),
            "languages": list(languages),
            "modified": max(dates, default=_NEVER),
            "sections": _sections(shelf, book),
        }

    return show


def _sections(shelf: Shelf, book: Book) -> list[Context]:
    """The parts of a book with their chapters."""
    groups: dict[str, list[Article]] = {}
    for article in book.articles:
        day = shelf.locale.day(article.day) if article.day else shelf.locale.t("undated")
        groups.setdefault(article.topic if book.part == "topic" else day, []).append(article)
    names = shelf.topics if book.part == "topic" else {name: {"name": name} for name in groups}
    return [
        {"name": topic["name"], "chapters": [_chapter(shelf, article) for article in groups[key]]}
        for key, topic in names.items()
        if key in groups
    ]


def _chapter(shelf: Shelf, article: Article) -> Context:
    return {
        **shelf.entry(article),
        "file": f"articles/{article.id}.xhtml",
        "canonical_url": article.canonical_url,
        "html": shelf.html_of(article),
    }
