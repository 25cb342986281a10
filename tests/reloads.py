"""Listens to a running `qingdu serve` as livereload.js does, and measures from a save to the reload.

`python -m tests.reloads URL FILE` changes the title of an article in FILE 20 times and gives the medians: until the browser
is told to show the article, and until it was told to show all else that changed.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tornado.websocket import websocket_connect


@asynccontextmanager
async def listening(port: int) -> AsyncIterator[list[float]]:
    """Give the list in which the times of reloads are noted while they come."""
    socket = await websocket_connect(f"ws://127.0.0.1:{port}/livereload")
    await socket.write_message(json.dumps({"command": "hello"}))
    await socket.read_message()
    await socket.write_message(json.dumps({"command": "info", "url": "http://127.0.0.1/"}))
    times: list[float] = []

    async def listen() -> None:
        while (message := await socket.read_message()) is not None:
            if json.loads(message)["command"] == "reload":
                times.append(time.monotonic())

    task = asyncio.create_task(listen())
    try:
        yield times
    finally:
        socket.close()
        await task


async def measure(port: int, file: Path, turns: int = 20, quiet: float = 7) -> list[tuple[float, float]]:
    """Change an article's title so often; seconds from each save to the first and to the last reload it causes."""
    text, seconds = file.read_text("utf-8"), []
    async with listening(port) as times:
        try:
            for turn in range(turns):
                before, start = len(times), time.monotonic()
                file.write_text(re.sub(r"(?m)^(### |title: )(.*)$", rf"\g<1>{turn} \g<2>", text, count=1), "utf-8")
                while len(times) == before:
                    await asyncio.sleep(0.002)
                while time.monotonic() - times[-1] < quiet:
                    await asyncio.sleep(0.1)
                seconds.append((times[before] - start, times[-1] - start))
        finally:
            file.write_text(text, "utf-8")
    return seconds


def main() -> int:
    """Measure, and print the medians and the extremes."""
    found = asyncio.run(measure(urlsplit(sys.argv[1]).port or 80, Path(sys.argv[2])))
    for name, row in zip(("the article", "all pages"), zip(*found, strict=True), strict=True):
        print(
            f"{name}: median {statistics.median(row):.3f} s, from {min(row):.3f} to {max(row):.3f} s ({len(row)} saves)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
