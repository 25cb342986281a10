"""The ways in by name: topics and publishers, each with its articles by day over as many pages as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator import permalinks
from generator.models import Article, Page, Term
from generator.pages.shelf import Context, Shelf
from generator.settings import in_locale


def topics(shelf: Shelf) -> Iterator[Page]:
    """The list of topics, and each topic's articles by day."""
    counted = [{**shelf.topics[term.slug], "count": len(term.articles)} for term in shelf.library.topics]
    title = shelf.locale.t("topics")
    yield shelf.page(permalinks.index(shelf.edition.slug, "topics"), "topics.html", lambda: {"topics": counted}, title)
    for term in shelf.library.topics:
        yield from _lists(shelf, term, "topics", "topic.html", {"topic": shelf.topics[term.slug]})


def publishers(shelf: Shelf) -> Iterator[Page]:
    """The list of publishers, and each publisher's articles by day."""
    counted = [{**shelf.publishers[term.slug], "count": len(term.articles)} for term in shelf.library.publishers]
    counted.sort(key=lambda publisher: (-int(str(publisher["count"])), str(publisher["slug"])))
    title = shelf.locale.t("publishers")
    yield shelf.page(
        permalinks.index(shelf.edition.slug, "publishers"),
        "publishers.html",
        lambda: {"publishers": counted},
        title,
    )
    for term in shelf.library.publishers:
        known = {**shelf.publishers[term.slug], "home": shelf.homes.get(term.slug, "")}
        yield from _lists(shelf, term, "publishers", "publisher.html", {"publisher": known})


def _lists(shelf: Shelf, term: Term, kind: str, template: str, more: Context) -> Iterator[Page]:
    """The pages of a long list. Older pages are numbered from the oldest and are full, so they never change again."""
    size, slug = shelf.settings.page_size, shelf.edition.slug
    old_pages = max(0, (len(term.articles) - 1) // size)
    newest = len(term.articles) - old_pages * size
    paths = [permalinks.listing(slug, kind, term.slug, number) for number in range(old_pages, 0, -1)]
    paths.insert(0, permalinks.listing(slug, kind, term.slug))
    for position, path in enumerate(paths):
        start = 0 if position == 0 else newest + (position - 1) * size
        part = term.articles[start : newest + position * size]
        pages = {
            "newer": paths[position - 1] if position else "",
            "older": paths[position + 1] if position + 1 < len(paths) else "",
            "number": position + 1,
            "total": len(paths),
        }
        name = in_locale(term.name, shelf.locale.tag)
        yield shelf.page(
            path,
            template,
            _list_context(shelf, part, {**more, "count": len(term.articles), "pages": pages}),
            name,
        )


def _list_context(shelf: Shelf, part: tuple[Article, ...], more: Context) -> Callable[[], Context]:
    return lambda: {**more, "days": shelf.by_day(part)}
