"""The reading panel: a file of its own in each edition, so that no page carries its words and controls."""

from __future__ import annotations

from collections.abc import Iterator

from generator import permalinks
from generator.models import Page
from generator.pages.offline import words_of
from generator.pages.shelf import Shelf


def panel(shelf: Shelf) -> Iterator[Page]:
    """The panel in the words of the edition; it depends on no article."""
    yield shelf.page(permalinks.panel(shelf.edition.slug), "panel.js", lambda: {"words": words_of(shelf)}, shows=())
