"""Tags: their list, and the articles of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator import permalinks
from generator.models import Article, Page, Term
from generator.names import KINDS
from generator.pages.lists import parts_of
from generator.pages.shelf import Context, Shelf


def tags(shelf: Shelf) -> Iterator[Page]:
    """The list of tags by what they name, those of most articles first, and each tag's articles by day."""
    title = shelf.locale.t("tags")
    rows = [{**shelf.tag(term), "count": len(term.articles)} for term in shelf.library.tags]
    groups = [{"kind": kind, "tags": [row for row in rows if row["kind"] == kind]} for kind in (*KINDS, "")]
    groups = [group for group in groups if group["tags"]]
    yield shelf.page(
        permalinks.index(shelf.edition.slug, "tags"),
        "tags.html",
        lambda: {"groups": groups},
        title,
        shows=tuple(map(str, rows)),
    )
    for term in shelf.library.tags:
        yield from _tag(shelf, term)


def _tag(shelf: Shelf, term: Term) -> Iterator[Page]:
    """A tag's articles in parts; older parts are numbered from the oldest and full, so they never change again."""
    tag = shelf.tag(term)
    parts = list(parts_of(term.articles, shelf.settings.page_size))
    old = len(parts) - 1
    for number, part in parts:
        path = permalinks.listing(shelf.edition.slug, "tags", term.slug, number)
        shows = (tag, len(term.articles), number, old, shelf.marks(part))
        yield shelf.page(path, "tag.html", _context(shelf, term, part, (number, old)), tag["name"], shows=shows)


def _context(shelf: Shelf, term: Term, part: tuple[Article, ...], where: tuple[int, int]) -> Callable[[], Context]:
    """``where``: the number of this part (0 is the newest) and of the newest old one."""
    number, old = where

    def path(other: int) -> str:
        return permalinks.listing(shelf.edition.slug, "tags", term.slug, other)

    older = number - 1 if number else old
    newer = 0 if number == old else number + 1
    return lambda: {
        "tag": shelf.tag(term),
        "count": len(term.articles),
        "days": shelf.by_day(part),
        "older": path(older) if older else "",
        "newer": path(newer) if number else "",
    }
