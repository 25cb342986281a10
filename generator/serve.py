"""Build again on change, reload the browser: livereload for the push, watchfiles for the changes.

livereload's own server answers any host and any origin, and its own watcher misses edits; so its handlers are used
inside a small application that serves one folder to this machine only.
"""

from __future__ import annotations

import asyncio
import mimetypes
import sys
import webbrowser
from pathlib import Path
from typing import Any

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from livereload.watcher import Watcher
from tornado.web import Application, HTTPError, RequestHandler
from watchfiles import awatch

from generator.assets import shipped
from generator.build import build
from generator.errors import QingduError

#: The preview's pages may open one connection: that of the script which reloads them.
_POLICY, _PREVIEW_POLICY = b"default-src 'none';", b"default-src 'none'; connect-src 'self' ws:;"
_SCRIPT = b'<script src="/livereload.js" defer></script></head>'
#: How many ports are tried after the one that was asked for.
_PORTS = 20


def serve(content: Path, output: Path, host: str, port: int, open_browser: bool) -> None:
    """Serve the site of a content folder until Ctrl-C, building it again when something it is made of changes.

    Raises QingduError when no port is free.
    """
    rebuild(content, output)
    asyncio.run(_run(content, output, host, port, open_browser))


def rebuild(content: Path, output: Path) -> bool:
    """Build the site; what is wrong is said, and the last good site stays."""
    try:
        report = build(content, output)
    except QingduError as error:
        print(f"qingdu: {error}", file=sys.stderr)
        return False
    print(f"{report.pages:,} pages from {report.articles:,} articles in {report.seconds:.1f} s")
    return True


async def _run(content: Path, output: Path, host: str, port: int, open_browser: bool) -> None:
    LiveReloadHandler.watcher = Watcher()
    LiveReloadHandler.live_css = True
    application = preview(output, host)
    url = f"http://{host}:{_listen(application, host, port)}/"
    print(f"serving {output} at {url} (Ctrl-C ends)")
    if open_browser:
        webbrowser.open(url)
    folders = [folder for folder in (content, shipped("templates"), shipped("static")) if folder.is_dir()]
    async for _ in awatch(*folders, debounce=200):
        if await asyncio.to_thread(rebuild, content, output):
            LiveReloadHandler.reload_waiters("*")


def _listen(application: Application, host: str, port: int) -> int:
    """Listen on the port, or on the next free one."""
    for candidate in range(port, port + _PORTS):
        try:
            application.listen(candidate, host)
        except OSError:
            continue
        if candidate != port:
            print(f"port {port} is taken, using {candidate}")
        return candidate
    raise QingduError(f"port {port}", f"neither it nor the next {_PORTS - 1} are free", "choose another --port")


def preview(output: Path, host: str) -> Application:
    """The web application of the preview: the files of the site, and the script that reloads."""
    options = {"root": output, "host": host}
    return Application(
        [
            (r"/livereload", _Reload, {"host": host}),
            (r"/livereload\.js", LiveReloadJSHandler),
            (r"/(.*)", _Files, options),
        ]
    )


def _is_ours(given: str, host: str) -> bool:
    """Whether a Host or Origin header names this server: other names are pages of others that try to read it."""
    name = given.rpartition("//")[2].rpartition(":")[0] or given.rpartition("//")[2]
    return host == "0.0.0.0" or name.strip("[]") in {host, "localhost", "127.0.0.1", "::1"}  # noqa: S104 - asked for


class _Reload(LiveReloadHandler):  # type: ignore[misc]
    """The socket over which the browser hears of changes."""

    def initialize(self, host: str) -> None:
        self.host = host

    def check_origin(self, origin: str) -> bool:
        return _is_ours(origin, self.host)


class _Files(RequestHandler):
    """The files of the site, as a static host would serve them."""

    def initialize(self, root: Path, host: str) -> None:
        self.root = root
        self.host = host

    def prepare(self) -> None:
        if not _is_ours(self.request.host, self.host):
            raise HTTPError(421)

    def get(self, path: str) -> None:
        file = self._file(path)
        if file is None:
            self.set_status(404)
            file = self.root / "404.html"
        data = file.read_bytes() if file.is_file() else b"not found"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        if kind == "text/html":
            data = data.replace(_POLICY, _PREVIEW_POLICY, 1).replace(b"</head>", _SCRIPT, 1)
        self.write(data)

    def _file(self, path: str) -> Path | None:
        """The file for a path of the site; none for hidden files and for what leads outside."""
        parts = [part for part in path.split("/") if part]
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        file = self.root.joinpath(*parts)
        file = file / "index.html" if file.is_dir() else file
        inside = file.resolve().is_relative_to(self.root.resolve())
        return file if inside and file.is_file() else None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish(f"{status_code}\n")
