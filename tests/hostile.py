"""A server on this machine that serves pictures, and one that lies, hangs and sends bombs: for the tests of `qingdu fetch`."""

from __future__ import annotations

import gzip
import io
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

SECRET = b"what only this machine may read"


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 800), colour: str = "#336699") -> bytes:
    """Make a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Make a PNG of a few kilobytes that says it has thousands of millions of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000), 9)) + chunk(b"IEND", b"")


class Hostile(BaseHTTPRequestHandler):
    """Each path is one way in which a server can misbehave."""

    asked: Counter[str]
    conditions: list[str]
    stop: threading.Event

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.asked[self.path] += 1
        name = self.path.strip("/").partition(".")[0].replace("-", "_")
        answer: Callable[[], None] = getattr(self, f"_{name}", self._missing)
        with suppress(BrokenPipeError, ConnectionResetError):  # the other side has had enough, as it should
            answer()

    def _send(self, data: bytes, status: int = 200, kind: str = "image/jpeg", **headers: str) -> None:
        self.send_response(status)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _missing(self) -> None:
        self._send(b"", 404)

    def _good(self) -> None:
        if self.headers.get("If-None-Match") == '"one"':
            self.conditions.append(self.path)
            self._send(b"", 304)
        else:
            self._send(picture(), ETag='"one"')

    def _small(self) -> None:
        self._send(picture("PNG", (300, 200), "#ff0000"), kind="image/png")

    def _text(self) -> None:
        self._send(picture("PNG"), kind="text/html")

    def _lies(self) -> None:
        self._send(b"<html><script>alert(1)</script></html>", kind="image/png")

    def _svg(self) -> None:
        self._send(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', kind="image/svg+xml")

    def _cut(self) -> None:
        self._send(picture()[:400])

    def _pixel(self) -> None:
        self._send(picture("GIF", (1, 1)))

    def _bomb(self) -> None:
        self._send(bomb(), kind="image/png")

    def _packed(self) -> None:
        self._send(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def _declared(self) -> None:
        self._send(b"", Content_Length="99999999999")

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.stop.is_set():
            self.wfile.write(bytes(1_000_000))

    def _hang(self) -> None:
        self.stop.wait(30)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.stop.wait(0.05):
            self.wfile.write(b"\xff")
            self.wfile.flush()

    def _busy(self) -> None:
        if self.asked[self.path] < 3:
            self._send(b"", 503, Retry_After="2")
        else:
            self._good()

    def _broken(self) -> None:
        self._send(b"", 500)

    def _loop(self) -> None:
        self._send(b"", 302, Location="/loop")

    def _moved(self) -> None:
        self._send(b"", 301, Location="/good.jpg")

    def _to(self) -> None:
        self._send(b"", 302, Location=self.path.partition("?")[2])

    def _secret(self) -> None:
        self._send(SECRET)


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[tuple[str, type[Hostile]]]:
    """Run the server; gives its address and its notes of what was asked."""
    stop = threading.Event()
    notes = type("Notes", (Hostile,), {"asked": Counter(), "conditions": [], "stop": stop})
    server = ThreadingHTTPServer((host, 0), notes)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}", notes
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
