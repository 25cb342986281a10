"""The ways in by name: topics, publishers and languages, each with its articles by day over as many pages as it takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from generator import permalinks
from generator.locales import in_locale
from generator.models import Article, Page, Term
from generator.pages.books import topic_book_path
from generator.pages.digests import topic_digest_path
from generator.pages.shelf import Context, Shelf

_TOPIC = 3


def topics(shelf: Shelf) -> Iterator[Page]:
    """The list of topics with the newest of each, and each topic's articles by day."""

    def section(term: Term) -> Context:
        topic, entries = shelf.topics[term.slug], shelf.entries(term.articles[:_TOPIC])
        return {"topic": topic, "entries": entries, "count": len(term.articles), "within": within[term.slug]}

    within = {slug: [one for one in shelf.topics.values() if one["parent"] == slug] for slug in shelf.topics}
    shows = shelf.marks.heads(shelf.library.topics, _TOPIC)
    yield _index(shelf, "topics", lambda: {"sections": list(map(section, shelf.main_topics))}, shows)
    for term in shelf.library.topics:
        topic = shelf.topics[term.slug]
        known = {
            "topic": topic,
            "above": shelf.topics.get(topic["parent"]),
            "within": within[term.slug],
            "book": topic_book_path(shelf, term.slug),
            "digest": topic_digest_path(shelf, term),
        }
        yield from _named(shelf, term, "topics", "topic.html", known)


def publishers(shelf: Shelf) -> Iterator[Page]:
    """The list of publishers, and each publisher's articles by day."""

    def show() -> Context:
        terms = sorted(shelf.library.publishers, key=lambda term: (-len(term.articles), term.slug))
        return {"publishers": [{**shelf.publishers[term.slug], "count": len(term.articles)} for term in terms]}

    yield _index(shelf, "publishers", show, [shelf.publishers, shelf.marks.heads(shelf.library.publishers, 0)])
    for term in shelf.library.publishers:
        known = {**shelf.publishers[term.slug], "home": shelf.homes.get(term.slug, "")}
        yield from _named(shelf, term, "publishers", "publisher.html", {"publisher": known})


def languages(shelf: Shelf) -> Iterator[Page]:
    """The list of the languages that articles are written in, and the articles in each by day."""

    def show() -> Context:
        return {
            "languages": [{**shelf.languages[term.slug], "count": len(term.articles)} for term in shelf.by_language]
        }

    yield _index(shelf, "languages", show, [shelf.languages, shelf.marks.heads(shelf.by_language, 0)])
    for term in shelf.by_language:
        yield from _named(shelf, term, "languages", "language.html", {"language": shelf.languages[term.slug]})


def _index(shelf: Shelf, kind: str, show: Callable[[], Context], shows: object) -> Page:
    path = permalinks.index(shelf.edition.slug, kind)
    words = shelf.locale.t
    return shelf.page(path, f"{kind}.html", show, words(kind), words(f"describe.{kind}"), (shows,))


def _named(shelf: Shelf, term: Term, kind: str, template: str, known: Context) -> Iterator[Page]:
    """The list of a term whose name needs no conversion; ``known``: what the template shows of it."""
    name = in_locale(term.name, shelf.locale.tag)
    path = permalinks.listing(shelf.edition.slug, kind, term.slug)
    return listed(shelf, term.articles, path, template, lambda: known, lambda: name, known)


def listed(
    shelf: Shelf,
    articles: tuple[Article, ...],
    first: str,
    template: str,
    more: Callable[[], Context],
    name: Callable[[], str],
    known: object,
) -> Iterator[Page]:
    """The pages of a long list. Only the first changes with a new article: it holds the count and leads to all parts.

    ``first``: its path; ``more``: what the template shows besides; ``known``: what that and the name are made of.
    """
    parts = list(parts_of(articles, shelf.settings.page_size))
    paths = [permalinks.part(first, number) for number, _ in parts]
    for position, path in enumerate(paths):
        number = parts[position][0]
        title = partial(_title, shelf, name, number)
        pages = {
            "number": number,
            "newer": paths[position - 1] if position else "",
            "older": paths[position + 1] if position + 1 < len(paths) else "",
        }
        spans = () if position else [(n, _days_of(part), len(part)) for n, part in parts]
        shows = (known, pages, spans, shelf.marks.of(parts[position][1]))
        show = _list_context(shelf, parts, position, more, {"pages": pages, "first": first})
        yield shelf.page(path, template, show, title, partial(_described, shelf, title), shows)


def _title(shelf: Shelf, name: Callable[[], str], number: int) -> str:
    return f"{name()} · {shelf.locale.t('list.part', number=shelf.locale.number(number))}" if number else name()


def _described(shelf: Shelf, title: Callable[[], str]) -> str:
    return shelf.locale.t("describe.list", name=title())


def parts_of(articles: tuple[Article, ...], size: int) -> Iterator[tuple[int, tuple[Article, ...]]]:
    """The newest articles (number 0), then full parts, numbered from the oldest so that they never change again."""
    old = max(0, (len(articles) - 1) // size)
    rest = len(articles) - old * size
    yield 0, articles[:rest]
    for start in range(rest, len(articles), size):
        yield (len(articles) - start) // size, articles[start : start + size]


def _list_context(
    shelf: Shelf,
    parts: list[tuple[int, tuple[Article, ...]]],
    position: int,
    more: Callable[[], Context],
    paths: Context,
) -> Callable[[], Context]:
    def show() -> Context:
        part = parts[position][1]
        older = [] if position else parts[1:]
        return {
            **more(),
            **paths,
            "days": shelf.by_day(part),
            "span": _span(shelf, part),
            "count": None if position else sum(len(articles) for _, articles in parts),
            "parts": [
                {
                    "number": number,
                    "path": permalinks.part(paths["first"], number),
                    "span": _span(shelf, articles),
                }
                for number, articles in older
            ],
        }

    return show


def _days_of(part: tuple[Article, ...]) -> tuple[dt.date | None, dt.date | None]:
    """The last and the first day of a part."""
    days = [article.day for article in part if article.day]
    return max(days, default=None), min(days, default=None)


def _span(shelf: Shelf, part: tuple[Article, ...]) -> str:
    """The days between which the articles of a part were published; empty where none is dated."""
    last, first = _days_of(part)
    return shelf.locale.span(first, last) if first and last else ""
