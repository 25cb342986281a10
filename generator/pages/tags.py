"""Tags: their list, and the articles of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator import permalinks
from generator.models import Page, Term
from generator.names import KINDS
from generator.pages.lists import listed
from generator.pages.shelf import Context, Shelf


def tags(shelf: Shelf) -> Iterator[Page]:
    """The list of tags by what they name, those of most articles first, and each tag's articles by day."""
    words, path = shelf.locale.t, permalinks.index(shelf.edition.slug, "tags")

    def show() -> Context:
        rows = [{**shelf.tag(term), "count": len(term.articles)} for term in shelf.library.tags]
        groups = [{"kind": kind, "tags": [row for row in rows if row["kind"] == kind]} for kind in (*KINDS, "")]
        return {"groups": [group for group in groups if group["tags"]]}

    shows = tuple((term.slug, term.name[""], term.kind, len(term.articles)) for term in shelf.library.tags)
    yield shelf.page(path, "tags.html", show, words("tags"), words("describe.tags"), shows)
    for term in shelf.library.tags:
        place = permalinks.listing(shelf.edition.slug, "tags", term.slug)
        yield from listed(shelf, term.articles, place, "tag.html", *_told(shelf, term), term.name[""])


def _told(shelf: Shelf, term: Term) -> tuple[Callable[[], Context], Callable[[], str]]:
    """What the template shows of a tag, and its name."""
    return lambda: {"tag": shelf.tag(term)}, lambda: str(shelf.tag(term)["name"])
