"""A built site, looked through before it is published: what leads to no file of it, and to no place on a page of it."""

from __future__ import annotations

import html
import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r'\s(href|src|srcset)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
#: Files that name others by whole addresses: feeds, lists of pages and of feeds.
_OTHERS = (".xml", ".json", ".opml", ".txt")
#: What a known address leads to if to no file: another site, or nothing.
_AWAY, _NOTHING = "//", ""


def dead(folder: Path, base: str = "") -> Iterator[tuple[str, str]]:
    """(file, address) of everything in a built site that leads to no file or place of it.

    Looked at are links, pictures and fragments of pages and, where ``base`` (the address that the site was built for,
    with a slash at its end) is known, whole addresses of the site in pages, feeds and lists.
    """
    site = _Site(folder, base)
    for file in sorted(site.paths):
        if file.endswith(".html") or (base and file.endswith(_OTHERS)):
            yield from site.dead_in(file)
    yield from site.missing_places()


@dataclass
class _Site:
    folder: Path
    base: str
    paths: set[str] = field(init=False)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _places: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)  # page -> place -> who names it

    def __post_init__(self) -> None:
        tree = os.walk(self.folder)
        self.paths = {Path(at, name).relative_to(self.folder).as_posix() for at, _, names in tree for name in names}

    def dead_in(self, file: str) -> Iterator[tuple[str, str]]:
        """What leads to no file; fragments on other pages are kept for later."""
        here, text = posixpath.dirname(file), self._text(file)
        for address in dict.fromkeys(self._addresses(text, file.endswith(".html"))):
            path, _, place = address.partition("#")
            target = self._target(path, here) if path or not address else file
            if target == _NOTHING:
                yield file, address
            elif place and not place.startswith(":~:") and target.endswith(".html"):
                self._places.setdefault(target, {}).setdefault(unquote(place), (file, address))

    def missing_places(self) -> Iterator[tuple[str, str]]:
        """Fragments that name no place on the page they lead to."""
        for page, places in self._places.items():
            there = {html.unescape(name) for name in _ID.findall(self._text(page))}
            yield from (where for place, where in places.items() if place not in there)

    def _text(self, file: str) -> str:
        return (self.folder / file).read_text("utf-8", "replace")

    def _addresses(self, text: str, page: bool) -> Iterator[str]:
        for match in _ADDRESS.finditer(text) if page else ():
            value = html.unescape(match[2])
            if match[1] == "srcset":
                yield from (part.split()[0] for part in value.split(",") if part.strip())
            else:
                yield value
        if self.base:
            whole = re.compile(re.escape(self.base) + r"""[^\s"'<>\\&]*""")
            yield from whole.findall(text)

    def _target(self, address: str, here: str) -> str:
        """The file that an address on a page of a folder leads to, ``_AWAY`` or ``_NOTHING``."""
        key = ("" if self.base and address.startswith(self.base) else here, address)
        if key not in self._known:
            self._known[key] = self._found(address, here)
        return self._known[key]

    def _found(self, address: str, here: str) -> str:
        if not address:
            return _NOTHING
        if self.base and address.startswith(self.base):
            address, here = address.removeprefix(self.base) or "index.html", ""
        try:
            parts = urlsplit(address)
        except ValueError:
            return _AWAY  # an address of the article, and wrong at its publisher as well
        if parts.scheme or parts.netloc or not parts.path:
            return _AWAY
        path = unquote(parts.path)
        if path.startswith("/"):  # from the page for lost addresses; the site's own base path may stand before it
            steps = path.split("/")[1:]
            tails = ("/".join(steps[start:]) for start in range(len(steps)))
            return next(filter(None, map(self._file, tails)), _NOTHING)
        return self._file(posixpath.normpath(posixpath.join(here, path)) + ("/" if path.endswith("/") else ""))

    def _file(self, path: str) -> str:
        inside = posixpath.join(path.strip("./"), "index.html")
        return path if path in self.paths else inside if inside in self.paths else _NOTHING
