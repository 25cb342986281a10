"""What search engines read: robots.txt and the sitemaps, one a month so that an old one never changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from generator import permalinks
from generator.models import Page
from generator.pages.archive import archive, days, months, undated
from generator.pages.digests import digests, topic_days, topic_digest_path
from generator.pages.front import about, home
from generator.pages.lists import languages, publishers, topics
from generator.pages.shelf import Context, Shelf
from generator.pages.stories import stories
from generator.pages.tags import tags

Rows = list[tuple[str, dt.date | None]]


def sitemap(shelf: Shelf) -> Iterator[Page]:
    """The pages of an edition for search engines; absolute addresses, so only where the site's own is known."""
    base, editions = shelf.settings.base_url, shelf.settings.editions
    if not base:
        return
    parts = _articles(shelf)
    for part, rows in parts.items():
        path = permalinks.sitemap(shelf.edition.slug, part)
        yield shelf.page(path, "sitemap.xml", _urls(shelf, partial(list, rows)), shows=(rows,))
    path = permalinks.sitemap(shelf.edition.slug, "lists")
    yield shelf.page(path, "sitemap.xml", _urls(shelf, partial(_lists, shelf)), shows=_listed(shelf))
    if shelf.edition is editions[0]:
        files = [permalinks.sitemap(edition.slug, part) for edition in editions for part in ("lists", *parts)]
        yield shelf.page(
            "sitemap.xml", "sitemap_index.xml", lambda: {"files": [base + file for file in files]}, shows=(files,)
        )


def _listed(shelf: Shelf) -> tuple[object, ...]:
    """Changes with the paths of an edition's lists, which are dear to work out."""
    library = shelf.library
    terms = (library.topics, library.publishers, shelf.by_language, library.tags)
    dated = [(day, len(group)) for day, group in library.days.items()]
    told = [story.slug for story in library.stories]
    return (
        [shelf.marks.heads(kind, 0) for kind in terms],
        [term.kind for term in library.tags],
        dated,
        len(library.undated),
        told,
        [(topic_digest_path(shelf, term), topic_days(shelf, term)) for term in library.topics],
    )


def _lists(shelf: Shelf) -> Rows:
    kinds = (home, topics, publishers, languages, days, months, undated, archive, stories, tags, digests, about)
    paths = [page.path for kind in kinds for page in kind(shelf)]
    return [(path, None) for path in paths if path.startswith(f"{shelf.edition.slug}/")]


def _articles(shelf: Shelf) -> dict[str, Rows]:
    """The articles of each month, newest first, and those without a date."""
    months: dict[str, Rows] = {}
    for article in shelf.library.articles:
        month = article.day.strftime("%Y-%m") if article.day else "undated"
        months.setdefault(month, []).append((permalinks.article(shelf.edition.slug, article.id), article.day))
    return months


def _urls(shelf: Shelf, rows: Callable[[], Rows]) -> Callable[[], Context]:
    def show() -> Context:
        base, editions = shelf.settings.base_url, shelf.settings.editions

        def address(path: str, slug: str) -> str:
            return f"{base}{slug}/{path.partition('/')[2]}".removesuffix("index.html")

        def alternates(path: str) -> list[Context]:
            tags = [("x-default", editions[0].slug), *((shelf.locales[e.slug].tag, e.slug) for e in editions)]
            return [{"lang": tag, "href": address(path, slug)} for tag, slug in tags]

        return {
            "urls": [
                {
                    "loc": address(path, shelf.edition.slug),
                    "lastmod": when.isoformat() if when else "",
                    "alternates": alternates(path),
                }
                for path, when in rows()
            ]
        }

    return show


def robots(shelf: Shelf) -> Iterator[Page]:
    """What search engines may do."""
    if shelf.edition is shelf.settings.editions[0]:
        base = shelf.settings.base_url
        yield shelf.page(
            "robots.txt", "robots.txt", lambda: {"sitemap": f"{base}sitemap.xml" if base else ""}, shows=()
        )
