"""What search engines read: the sitemap and robots.txt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from generator import permalinks
from generator.models import Page
from generator.pages.archive import archive, days
from generator.pages.front import home
from generator.pages.lists import publishers, topics
from generator.pages.shelf import Context, Shelf


def sitemap(shelf: Shelf) -> Iterator[Page]:
    """The list of all pages for search engines; absolute addresses, so only where the site's own is known."""
    base, editions = shelf.settings.base_url, shelf.settings.editions
    if not base or shelf.edition is not editions[0]:
        return

    def show() -> Context:
        langs = {slug: locale.tag for slug, locale in shelf.locales.items()}
        lists = [page.path for kind in (home, topics, publishers, days, archive) for page in kind(shelf)]
        rows: list[tuple[str, dt.date | None]] = [
            (path.partition("/")[2], None) for path in lists if path.startswith(f"{shelf.edition.slug}/")
        ]
        rows += [(permalinks.article("", article.id).lstrip("/"), article.day) for article in shelf.library.articles]
        urls = [
            {
                "loc": f"{base}{edition.slug}/{tail}",
                "lastmod": when.isoformat() if when else "",
                "alternates": [{"lang": langs[other.slug], "href": f"{base}{other.slug}/{tail}"} for other in editions],
            }
            for tail, when in rows
            for edition in editions
        ]
        return {"urls": urls}

    yield shelf.page("sitemap.xml", "sitemap.xml", show)


def robots(shelf: Shelf) -> Iterator[Page]:
    """What search engines may do."""
    if shelf.edition is shelf.settings.editions[0]:
        base = shelf.settings.base_url
        yield shelf.page("robots.txt", "robots.txt", lambda: {"sitemap": f"{base}sitemap.xml" if base else ""})
