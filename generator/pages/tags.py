"""Tags: their list, and the articles of each."""

from __future__ import annotations

from collections.abc import Iterator

from generator import permalinks
from generator.models import Page
from generator.pages.lists import listed
from generator.pages.shelf import Shelf


def tags(shelf: Shelf) -> Iterator[Page]:
    """The list of tags, those of most articles first, and each tag's articles by day."""
    words, path = shelf.locale.t, permalinks.index(shelf.edition.slug, "tags")
    rows = [{**shelf.tag(term), "count": len(term.articles)} for term in shelf.library.tags]
    described, shows = words("describe.tags"), tuple(map(str, rows))
    yield shelf.page(path, "tags.html", lambda: {"tags": rows}, words("tags"), described, shows)
    for term in shelf.library.tags:
        tag = shelf.tag(term)
        yield from listed(shelf, term, "tags", "tag.html", {"tag": tag}, tag["name"])
