"""The address of everything: one function a thing. Paths are those of files in the site, with ``/``, in ASCII."""

from __future__ import annotations

import datetime as dt
import posixpath
from functools import lru_cache
from hashlib import blake2b


def home(edition: str) -> str:
    """The front page of an edition."""
    return f"{edition}/index.html"


def article(edition: str, ident: str) -> str:
    """The page of an article."""
    return f"{edition}/articles/{ident}.html"


def listing(edition: str, kind: str, slug: str) -> str:
    """A list of articles of a term: its newest part."""
    return f"{edition}/{kind}/{slug}.html"


def part(path: str, number: int) -> str:
    """An older part of a list by its number, from that of the newest part (0).

    Numbers count from the oldest, so that a new article never moves an old list.
    """
    return f"{path.removesuffix('.html')}-{number}.html" if number else path


def index(edition: str, kind: str) -> str:
    """The page that lists all terms of a kind, or a page of which there is one (``about``, ``archive``)."""
    return f"{edition}/{kind}.html"


def panel(edition: str) -> str:
    """The reading panel in the words of an edition: a script, since every page of the edition shares it."""
    return f"{edition}/panel.js"


def manifest(edition: str) -> str:
    """What a phone asks when an edition is installed."""
    return f"{edition}/manifest.webmanifest"


def day(edition: str, date: dt.date) -> str:
    """The page of a day."""
    return f"{edition}/days/{date.isoformat()}.html"


def month(edition: str, date: dt.date) -> str:
    """The page of a month."""
    return f"{edition}/months/{date.isoformat()[:7]}.html"


def feed(edition: str, kind: str = "", slug: str = "", form: str = "xml") -> str:
    """A feed: that of the edition, or that of a term; ``.xml``, which browsers show, where ``.atom`` is downloaded."""
    return f"{edition}/feeds/{f'{kind}/{slug}' if kind else 'all'}.{form}"


def book(edition: str, kind: str, name: str) -> str:
    """A book of a day (2020-10-28), a week (2020-W44) or a topic."""
    return f"{edition}/books/{kind}-{name}.epub"


def sitemap(edition: str, part: str) -> str:
    """A part of the list of pages for search engines: a month's articles, or the lists."""
    return f"{edition}/sitemaps/{part}.xml"


def media(path: str) -> str:
    """The place of a picture from the content folder, named after its own path there."""
    stem, suffix = posixpath.splitext(path)
    digest = blake2b(path.encode(), digest_size=6).hexdigest()
    name = "".join(c if c.isascii() and (c.isalnum() or c == "-") else "-" for c in posixpath.basename(stem))[
        :40
    ].strip("-")
    return f"media/{name or 'picture'}-{digest}{suffix.lower()}"


def copy(name: str, width: int) -> str:
    """The place of a copy of a picture from another site, named after the picture's bytes."""
    return f"media/{name}-{width}.webp"


def relative(target: str, page: str) -> str:
    """The link from one page of the site to another, so that the site works at any address and from a folder."""
    return _relative(target, page.rpartition("/")[0])


@lru_cache(maxsize=1 << 14)
def _relative(target: str, folder: str) -> str:
    here, there = folder.split("/") if folder else [], target.split("/")
    shared = 0
    while shared < len(here) and shared < len(there) - 1 and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:])
