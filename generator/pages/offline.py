"""For the time without a network: the service worker, the page of what is stored, what a phone asks to install the site."""

from __future__ import annotations

from collections.abc import Iterator

from generator import permalinks
from generator.models import Page
from generator.pages.shelf import Context, Shelf
from generator.stamps import key_of, text_of

#: The scripts and styles that pages are shown with; without `reader.js` and the like they only lose comfort.
SHELL = (
    *("site.css", "reader.css", "search.css", "favicon.svg"),
    *("settings.js", "reader.js", "article.js", "search.js", "offline.js", "stored.js"),
)
#: What the scripts say: on every page, and on the page of what is stored.
_EVERYWHERE = ("saved", "saving", "failed", "since", "link", "day", "topic", "story")
_THERE = ("about", "update", "remove", "usage", "nothing", "sets", "read", "absent", "again")


def offline(shelf: Shelf) -> Iterator[Page]:
    """The page of what is stored and the manifest of an edition; one worker for the site, which never depends on articles.

    Where the site wants no worker there is one that unregisters itself, so that an earlier one goes away.
    """
    slug = shelf.edition.slug
    if shelf.settings.offline:
        path, words = permalinks.index(slug, "offline"), shelf.locale.t
        there = {"words": _words(shelf, _THERE)}
        yield shelf.page(path, "offline.html", lambda: there, words("offline.title"), words("offline.intro"), ())
        yield shelf.page(permalinks.manifest(slug), "manifest.webmanifest", dict, shows=())
    if shelf.edition is shelf.settings.editions[0]:
        yield shelf.page("worker.js", "worker.js", lambda: _worker(shelf), shows=())


def _worker(shelf: Shelf) -> Context:
    editions = [edition.slug for edition in shelf.settings.editions]
    words = [shelf.locales[slug].messages for slug in editions]
    # The addresses of scripts and styles name their version; that of the words is this stamp.
    return {"shell": SHELL, "slugs": editions, "stamp": key_of(text_of(words))}


def words_of(shelf: Shelf) -> Context:
    """What the script of every page says, with its ``{values}``, and where the edition's own pages are."""
    return {"edition": f"{shelf.edition.slug}/", **_words(shelf, _EVERYWHERE)}


def _words(shelf: Shelf, names: tuple[str, ...]) -> Context:
    return {name: shelf.locale.messages[f"offline.{name}"] for name in names}
