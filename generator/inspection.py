"""A built site, looked through before it is published: links and pictures that lead to no file of it."""

from __future__ import annotations

import html
import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r'\s(href|src|srcset)="([^"]*)"')


def dead(folder: Path) -> Iterator[tuple[str, str]]:
    """(page, address) of every internal link and picture of a built site that leads nowhere."""
    paths = {Path(place, name).relative_to(folder).as_posix() for place, _, names in os.walk(folder) for name in names}
    known: dict[tuple[str, str], bool] = {}
    for page in sorted(path for path in paths if path.endswith(".html")):
        here = posixpath.dirname(page)
        for address in dict.fromkeys(_addresses((folder / page).read_text("utf-8", "replace"))):
            if (here, address) not in known:
                known[here, address] = _leads(address, here, paths)
            if not known[here, address]:
                yield page, address


def _addresses(markup: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(markup):
        value = html.unescape(match[2])
        if match[1] == "srcset":
            yield from (part.split()[0] for part in value.split(",") if part.strip())
        else:
            yield value


def _leads(address: str, here: str, paths: set[str]) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True  # an address of the article, and wrong at its publisher as well
    if parts.scheme or parts.netloc or not parts.path:
        return True
    path = unquote(parts.path)
    if path.startswith("/"):  # from the page for lost addresses; the site's own base path may stand before it
        steps = path.strip("/").split("/")
        return any(
            _is_file("/".join(steps[start:]) + ("/" if path.endswith("/") else ""), paths)
            for start in range(len(steps) + 1)
        )
    return _is_file(posixpath.normpath(posixpath.join(here, path)) + ("/" if path.endswith("/") else ""), paths)


def _is_file(path: str, paths: set[str]) -> bool:
    return path in paths or posixpath.join(path.strip("./"), "index.html") in paths
