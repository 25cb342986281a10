"""Build again on change, reload the browser (livereload for the push, watchfiles for the changes)."""

from __future__ import annotations

import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

from generator.build import build, shipped
from generator.errors import QingduError


def serve(content: Path, output: Path, host: str, port: int, open_browser: bool) -> None:
    """Serve the site of a content folder until Ctrl-C, building it again when something it is made of changes."""
    from livereload import Server

    _build(content, output)
    server: Any = Server()
    watcher = threading.Thread(target=_watch, args=(content, output, server), daemon=True)
    watcher.start()
    url = f"http://{host}:{port}/"
    print(f"serving {output} at {url} (Ctrl-C ends)")
    if open_browser:
        webbrowser.open(url)
    server.serve(root=str(output), host=host, port=port, debug=False)


def _build(content: Path, output: Path) -> None:
    try:
        report = build(content, output, jobs=1)
    except QingduError as error:
        print(f"qingdu: {error}", file=sys.stderr)
        return
    print(f"{report.pages:,} pages from {report.articles:,} articles in {report.seconds:.1f} s")


def _watch(content: Path, output: Path, server: Any) -> None:
    """Rebuild and tell the browsers, for every batch of changes."""
    from livereload.handlers import LiveReloadHandler
    from tornado.ioloop import IOLoop
    from watchfiles import watch

    folders = [str(folder) for folder in (content, shipped("templates"), shipped("static")) if folder.is_dir()]
    for _ in watch(*folders, debounce=200):
        _build(content, output)
        for waiter in list(LiveReloadHandler.waiters):
            IOLoop.current(instance=False)
            server.watcher.is_changed()
            LiveReloadHandler.send_message(waiter, {"command": "reload", "path": "*", "liveCSS": True})
