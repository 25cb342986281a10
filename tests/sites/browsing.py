"""A site as a browser sees it: where it stands, one page of each type, and what the browser had to say."""

from __future__ import annotations

import functools
import gzip
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, Route

from tests.sites.checks import Site

#: Page type -> how to find one of its pages in an edition.
KINDS = {
    "home": "index.html",
    "topics": "topics.html",
    "topic": "topics/*.html",
    "publishers": "publishers.html",
    "publisher": "publishers/*.html",
    "languages": "languages.html",
    "language": "languages/*.html",
    "day": "days/*.html",
    "month": "months/*.html",
    "archive": "archive.html",
    "undated": "undated.html",
    "stories": "stories.html",
    "story": "stories/*-*-*-*.html",
    "digest": "digests/*.html",
    "tags": "tags.html",
    "search": "search.html",
    "about": "about.html",
}
#: Articles of each kind -> what stands in their pages.
ARTICLES = {
    "article": '<a class="away original"',
    "article with picture": "<figure[ >]",
    "article in Arabic": '<h1 lang="ar"|<html lang="ar"[^§]*<h1>',
}
COMPRESSED = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt"}


@dataclass
class Log:
    """What a browser had to say while it showed pages."""

    inside: str  # addresses that start like this are the site's own
    pictures: bool = False  # pictures of articles may come from the web; they get a stand-in
    lines: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note console errors, failures, and requests that leave the site (which are stopped)."""
        page.on("console", lambda message: self.note(message.type in ("error", "warning"), page, message.text))
        page.on("pageerror", lambda error: self.note(True, page, str(error)))
        page.on(
            "requestfailed",
            lambda request: self.note(self._broken(request), page, f"failed: {request.url}"),
        )
        page.on(
            "response", lambda response: self.note(response.status >= 400, page, f"{response.status}: {response.url}")
        )
        page.route(re.compile(".*"), self._route)

    def note(self, wrong: bool, page: Page, text: str) -> None:
        """Keep what is wrong."""
        if wrong:
            self.lines.append(f"{page.url}: {text}")

    def _broken(self, request: Request) -> bool:
        """Whether a file is missing; what is given up since the browser went on to the next page is not."""
        return request.url.startswith(self.inside) and request.failure != "net::ERR_ABORTED"

    def _route(self, route: Route, request: Request) -> None:
        if request.url.startswith(self.inside):
            route.continue_()
            return
        if self.pictures and request.resource_type == "image" and request.url.startswith("https://"):
            route.fulfill(
                content_type="image/svg+xml", body='<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"/>'
            )
            return
        self.lines.append(f"left the site: {request.url}")
        route.abort()


class Host(SimpleHTTPRequestHandler):
    """A web host in small: says nothing, and compresses what can be compressed, as GitHub Pages does."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file, compressed for whoever takes it so."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepted and file.suffix in COMPRESSED and file.is_file()):
            super().do_GET()
            return
        data = gzip.compress(file.read_bytes(), mtime=0)
        self.send_response(200)
        for name, value in {"Type": self.guess_type(file), "Encoding": "gzip", "Length": str(len(data))}.items():
            self.send_header(f"Content-{name}", value)
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; yields its address, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class Places:
    """The demo in a folder, and behind a server below /repo/."""

    site: Site
    addresses: dict[str, str]  # "file" and "http" -> the address of the site, with a slash at its end

    def pages(self, edition: str) -> dict[str, str]:
        """One page of each type in an edition, and articles of each kind."""
        found = {kind: self._first(edition, pattern) for kind, pattern in KINDS.items()}
        for name, mark in ARTICLES.items():
            articles = (page for page in self.site.pages if page.startswith(f"{edition}/articles/"))
            found[name] = next(page for page in articles if re.search(mark, self.site.markup(page)))
        return found

    def _first(self, edition: str, pattern: str) -> str:
        return min(path.relative_to(self.site.folder).as_posix() for path in (self.site.folder / edition).glob(pattern))
