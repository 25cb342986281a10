"""Build again on change, reload the browser: livereload for the push, watchfiles for the changes.

livereload's own server answers any host and any origin, and its own watcher misses edits; so its handlers are used
inside a small application that serves one folder to this machine only.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import html
import mimetypes
import os
import sys
import threading
import traceback
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from livereload.watcher import Watcher
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler
from watchfiles import Change, awatch

from generator.ahead import pages_of
from generator.build import Built, build
from generator.errors import QingduError
from generator.places import KEPT, shipped
from generator.settings import load_settings
from generator.store import Store, open_store
from generator.weights import counted

#: The preview's pages may open one connection: that of the script which reloads them.
_POLICY, _PREVIEW_POLICY = b"default-src 'none';", b"default-src 'none'; connect-src 'self' ws:;"
_SCRIPT = b'<script src="/livereload.js" defer></script></head>'
#: How many ports are tried after the one that was asked for.
_PORTS = 20
#: Milliseconds: so long a burst of saves may grow before a build begins; so long must it be quiet inside of it.
_BURST, _QUIET = 300, 5
#: What a reader sees of a site; the index of the search is nothing that a page has to be loaded again for.
_SEEN = (".html", ".css", ".js", ".svg", ".avif", ".webp", ".jpg", ".png", ".gif")
_SCRATCH = ("~", ".swp", ".swx", ".tmp", ".part", ".new")
#: Types as static hosts send them; the tables of machines differ.
_TYPES = dict(
    pair.split("=")
    for pair in """
    .html=text/html .css=text/css .js=text/javascript .txt=text/plain .xml=application/xml .json=application/json
    .webmanifest=application/manifest+json .svg=image/svg+xml .webp=image/webp .avif=image/avif .woff2=font/woff2
    .epub=application/epub+zip
    """.split()
)
_FAULT_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>The site cannot be built</title>
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 10vh auto; padding: 0 1.5rem }}
h1 {{ font-size: 1.3rem; color: #b3261e }} pre {{ white-space: pre-wrap; overflow-wrap: anywhere; border-inline-start: 4px solid #b3261e; padding: .5rem 1rem }}</style>
</head><body><h1>The site cannot be built</h1><pre>{fault}</pre>
<p>This page reloads by itself as soon as that is mended. The last good site is still in its folder.</p></body></html>
"""


#: Held where a build in another thread must not fork: its workers would inherit whatever is locked at that moment.
_no_fork = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_no_fork.acquire, after_in_parent=_no_fork.release, after_in_child=_no_fork.release)


@dataclass
class Preview:
    """What the preview shows: the folder of the site, below which path, to whom, and why not where a build failed.

    ``ahead`` are pages that are shown before the build that writes them has ended; ``stale``: whether a browser shows
    something else than the site by now.
    """

    content: Path
    output: Path
    host: str
    jobs: int = 0
    base: str = "/"
    fault: str = ""
    built: Built | None = None
    ahead: dict[str, bytes] = field(default_factory=dict)
    stale: bool = True
    _store: Store | None = None
    _begun: dict[str, bytes] = field(default_factory=dict)

    def look_ahead(self, changed: set[Path]) -> None:
        """Make the pages of articles that were saved; what goes wrong is for the build to say."""
        if self.built and not self.fault:
            with suppress(Exception), _no_fork:
                for file in changed:
                    self.ahead.update(pages_of(self.built, file))

    def rebuild(self) -> None:
        """Build the site; what is wrong is said here and in the browser, and the last good site stays."""
        self.stale, self._begun = True, dict(self.ahead)
        try:
            if self._store is None:
                self._store = open_store(self.content / KEPT)
            report = build(self.content, self.output, self.jobs, store=self._store, told=self._remember)
            self.base = urlsplit(load_settings(self.content).base_url).path or "/"
        except QingduError as error:
            self.fault = str(error)
            print(f"qingdu: {error}", file=sys.stderr, flush=True)
        except Exception:  # a template of the owner's may raise anything; the preview outlives it
            self.fault = traceback.format_exc()
            print(self.fault, file=sys.stderr, flush=True)
        else:
            self.stale = self.stale or bool(self.fault)
            self.fault = ""
            print(
                f"{counted(report.pages, 'page')} from {counted(report.articles, 'article')} in {report.seconds:.1f} s",
                flush=True,
            )
        gc.collect()  # what the build before this one left; nobody waits for it now

    def _remember(self, built: Built) -> None:
        """The site has caught up with the pages that were ahead of it when this build began."""
        seen = {path for path, data in self._begun.items() if self._is_written(path, data)}
        self.stale = any(path.endswith(_SEEN) for path in built.written - seen) or len(seen) < len(self._begun)
        self.built = built
        self.ahead = {path: data for path, data in self.ahead.items() if self._begun.get(path) is not data}

    def _is_written(self, path: str, data: bytes) -> bool:
        """Whether the site has a page as it was shown; the article may have gone, or moved, since then."""
        file = self.output / path
        return file.is_file() and file.read_bytes() == data


def serve(content: Path, output: Path, host: str, port: int, open_browser: bool, jobs: int = 0) -> None:
    """Serve the site of a content folder until Ctrl-C, building it again when something it is made of changes.

    Raises QingduError for a missing content folder and when no port is free.
    """
    if not content.is_dir():
        load_settings(content)  # says so
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(Preview(content, output, host, jobs), port, open_browser))
    print("\nended", flush=True)


async def _run(preview: Preview, port: int, open_browser: bool) -> None:
    LiveReloadHandler.watcher = Watcher()
    LiveReloadHandler.live_css = True
    changed, due, files = asyncio.Event(), asyncio.Event(), set[Path]()
    watching = asyncio.create_task(_watch(preview, changed, files))
    watching.add_done_callback(lambda _: changed.set())
    await asyncio.sleep(0)  # what changes during the first build counts as well
    await _aside(preview.rebuild)
    server = HTTPServer(application(preview))
    try:
        url = f"http://{_in_url(preview.host)}:{_listen(server, preview.host, port)}{preview.base}"
        print(f"serving {preview.output} at {url} (Ctrl-C ends)", flush=True)
        if open_browser:
            webbrowser.open(url)
        building = asyncio.create_task(_build_again(preview, due))
        while not watching.done():
            await changed.wait()
            changed.clear()
            some = set(files)
            files.clear()
            await _aside(partial(preview.look_ahead, some))
            if preview.ahead:
                LiveReloadHandler.reload_waiters("*")
            due.set()
        building.cancel()
        watching.result()
    finally:
        server.stop()
        watching.cancel()


async def _build_again(preview: Preview, due: asyncio.Event) -> None:
    while True:
        await due.wait()
        due.clear()  # before the build: a change while it runs asks for another
        await _aside(preview.rebuild)
        if preview.stale:
            LiveReloadHandler.reload_waiters("*")


async def _aside(work: Callable[[], None]) -> None:
    """Do it in a thread that Ctrl-C need not wait for."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def run() -> None:
        try:
            work()
        finally:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(done.set)

    threading.Thread(target=run, daemon=True).start()
    await done.wait()


async def _watch(preview: Preview, changed: asyncio.Event, files: set[Path]) -> None:
    folders = [folder for folder in (preview.content, shipped("templates"), shipped("static")) if folder.is_dir()]

    def matters(change: Change, path: str) -> bool:
        return is_source(Path(path), folders, preview.output)

    async for changes in awatch(*folders, watch_filter=matters, debounce=_BURST, step=_QUIET):
        files.update(Path(path).absolute() for _, path in changes)
        changed.set()


def is_source(file: Path, folders: list[Path], output: Path) -> bool:
    """Whether a site can depend on a file: not what the build itself keeps, and not what editors leave for a moment."""
    absolute = file.absolute()
    if absolute.is_relative_to(output.absolute()) or file.name.endswith(_SCRATCH):
        return False
    inside = [
        absolute.relative_to(folder.absolute()) for folder in folders if absolute.is_relative_to(folder.absolute())
    ]
    return not inside or not any(part.startswith(".") for part in inside[0].parts)


def _listen(server: HTTPServer, host: str, port: int) -> int:
    """Listen on the port, or on the next free one; on any that is free for 0. Gives the port."""
    for candidate in range(port, min(port + _PORTS, 65_536)):
        try:
            sockets = bind_sockets(candidate, host)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            raise QingduError(
                f"host {host}", f"cannot be served at ({error.strerror})", "choose another --host"
            ) from None
        server.add_sockets(sockets)
        used = int(sockets[0].getsockname()[1])
        if port and used != port:
            print(f"port {port} is taken, using {used}", flush=True)
        return used
    raise QingduError(f"port {port}", f"neither it nor the next {_PORTS - 1} are free", "choose another --port")


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def application(preview: Preview) -> Application:
    """The web application of the preview: the files of the site, and the script that reloads."""
    options = {"preview": preview}
    return Application(
        [
            (r"/livereload", _Reload, options),
            (r"/livereload\.js", _Script, options),
            (r"(/.*)", _Files, options),
        ]
    )


def _is_ours(given: str, host: str) -> bool:
    """Whether a Host or Origin header names this server: other names are pages of others that try to read it."""
    try:
        name = urlsplit(given if "//" in given else f"//{given}").hostname
    except ValueError:
        return False
    return host in ("0.0.0.0", "::") or name in {host.lower(), "localhost", "127.0.0.1", "::1"}  # noqa: S104 - asked for


class _Guarded(RequestHandler):
    """Answers nobody who came here under another name."""

    preview: Preview

    def initialize(self, preview: Preview) -> None:
        self.preview = preview

    def prepare(self) -> None:
        if not _is_ours(self.request.host, self.preview.host):
            raise HTTPError(421)

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.clear_header("Server")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}\n")


class _Script(_Guarded, LiveReloadJSHandler):  # type: ignore[misc]
    """The script that listens for changes."""


class _Reload(_Guarded, LiveReloadHandler):  # type: ignore[misc]
    """The socket over which the browser hears of changes."""

    def check_origin(self, origin: str) -> bool:
        return _is_ours(origin, self.preview.host)


class _Files(_Guarded):
    """The files of the site, as a static host would serve them below the site's base path."""

    def head(self, path: str) -> None:
        self.get(path)

    def get(self, path: str) -> None:
        base = self.preview.base
        if base != "/" and path in ("/", base.rstrip("/")):
            self.redirect(base)
            return
        file = self._file(path.removeprefix(base)) if path.startswith(base) else None
        ahead = self.preview.ahead.get("/".join(self._parts(path.removeprefix(base))))
        page = file is None or file.suffix == ".html"
        if self.preview.fault and page:
            self._send(_FAULT_PAGE.format(fault=html.escape(self.preview.fault)).encode(), ".html", 500)
        elif ahead is not None:
            self._send(ahead, ".html", 200)
        elif file is None:
            missing = self.preview.output / "404.html"
            self._send(
                missing.read_bytes() if missing.is_file() else b"not found",
                ".html" if missing.is_file() else ".txt",
                404,
            )
        elif file.name == "index.html" and not path.endswith(("/", "index.html")):
            self.redirect(base + "/".join(self._parts(path.removeprefix(base))) + "/")
        else:
            self._send(file.read_bytes(), file.suffix.lower(), 200)

    def _send(self, data: bytes, suffix: str, status: int) -> None:
        kind = _TYPES.get(suffix) or mimetypes.guess_type(f"a{suffix}")[0] or "application/octet-stream"
        self.set_status(status)
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        if kind == "text/html":
            data = data.replace(_POLICY, _PREVIEW_POLICY, 1).replace(b"</head>", _SCRIPT, 1)
        self.write(data)

    def _parts(self, path: str) -> list[str]:
        return [part for part in path.split("/") if part]

    def _file(self, path: str) -> Path | None:
        """The file for a path of the site; none for hidden files and for what leads outside."""
        parts, root = self._parts(path), self.preview.output
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        file = root.joinpath(*parts)
        try:
            file = file / "index.html" if file.is_dir() else file
            inside = file.resolve().is_relative_to(root.resolve())
            return file if inside and file.is_file() else None
        except (OSError, ValueError):  # a name that no file system takes
            return None
