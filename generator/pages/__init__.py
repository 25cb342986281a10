"""Library -> Pages: which pages the site has and what each of them shows. One function a page type.

Every function yields pages for one edition; contexts are made when a page is rendered, so that a worker only pays for
its own share. The rooms: ``front``, ``lists`` (by name), ``archive`` (by time), ``articles``, ``feeds``, ``books``,
``panel``, ``search``, ``offline``, ``crawlers``. What they all see is in ``shelf``; what stands beside what, for all
editions, in ``relations``, and what changes with it in ``marks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.models import Page
from generator.pages.archive import archive, days, months, undated
from generator.pages.articles import articles
from generator.pages.books import books
from generator.pages.crawlers import robots, sitemap
from generator.pages.digests import digests
from generator.pages.feeds import feeds
from generator.pages.front import about, home, missing
from generator.pages.lists import languages, publishers, topics
from generator.pages.offline import offline
from generator.pages.panel import panel
from generator.pages.relations import primary
from generator.pages.search import search_pages
from generator.pages.shelf import Shelf, direction, when_iso
from generator.pages.stories import stories
from generator.pages.tags import tags

__all__ = ["PAGE_TYPES", "Shelf", "direction", "plan", "primary", "when_iso"]

PAGE_TYPES: tuple[Callable[[Shelf], Iterator[Page]], ...] = (
    home,
    topics,
    publishers,
    languages,
    days,
    months,
    archive,
    undated,
    stories,
    tags,
    digests,
    articles,
    about,
    feeds,
    books,
    panel,
    search_pages,
    offline,
    missing,
    sitemap,
    robots,
)


def plan(shelf: Shelf) -> Iterator[Page]:
    """Every page of an edition."""
    for page_type in PAGE_TYPES:
        yield from page_type(shelf)
