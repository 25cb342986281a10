"""How well and how dearly the search finds: 150 queries in a real browser, against substring search in the pages.

    python -m tests.bench.search [FOLDER | --site BUILT]

Truth: the text of an edition's own pages (headline, byline, body with captions, tags), folded as the index folds it
(scripts, widths, capitals, accents); a query of Chinese is found wherever the text holds it, a Latin word where a word
begins with it, and several words where each of them is found. Bytes, by what a host gzips: text (HTML, JSON, scripts:
GitHub Pages and most others), HTML only (nginx as it comes), nothing. The page itself and the site's style count for
nobody's query; the search's own script, tables, shards, titles and the pages that excerpts are taken from all count.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import random
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright

from generator import build as line
from generator.languages import converter
from generator.search import CARDS
from generator.search.folding import fold
from tests.conftest import BROWSER_OPTIONS, BROWSERS, ROOT

#: Edition -> how its readers write.
EDITIONS = {"zh-hans": "zh-Hans", "zh-tw": "zh-Hant"}
NAMES = (
    "特朗普 习近平 武汉肺炎 法轮功 新闻自由 航母 拜登 蓬佩奥 林郑月娥 黄之锋 李克强 蔡英文 王毅 任正非 中美关系 台湾海峡 国家安全法 "
    "维吾尔 华为 联合国"
).split()
#: Queries of one session: the first of them is a reader's first.
SESSION = 10
_WIDE = r"[\u3400-\u9fff]"
_QUIET = ("search.html", "site.css", "site.js", "search.css", "favicon.svg")
_WATCH = """() => {
  const place = document.querySelector("[data-search]"), list = place.querySelector("[data-results]");
  place.addEventListener("found", (event) => { window.found = event.detail; window.shown = event.detail.length ? 0 : performance.now(); });
  new MutationObserver(() => { if (window.found && !window.shown && list.children.length) window.shown = performance.now(); })
    .observe(list, { childList: true });
}"""


@dataclass
class Answer:
    """What one query gave: articles, milliseconds from the last byte to the results, and bytes.

    ``sent``: as text is gzipped; ``pages``: how much of it is HTML; ``stored`` and ``stored_pages``: the same, not gzipped.
    """

    query: str
    edition: str
    first: bool
    found: set[str] = field(default_factory=set)
    sent: int = 0
    pages: int = 0
    stored: int = 0
    stored_pages: int = 0
    latency: float = 0.0


class Host(SimpleHTTPRequestHandler):
    """A static host that gzips text."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix != ".bin":
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def texts_of(site: Path, edition: str) -> dict[str, list[str]]:
    """Article -> its lines as a reader sees them."""
    found = {}
    for file in sorted((site / edition / "articles").glob("*.html")):
        page = html.document_fromstring(file.read_bytes())
        for link in page.xpath("//*[contains(@class, 'no-picture')]"):
            link.text = ""  # the site's own words in the place of a picture
        parts = page.xpath("//main//h1|//dl[@class='byline']//dd/bdi|//*[@class='prose']|//*[@class='tags']//li")
        for part in parts:
            for end in part.xpath(".//br|.//p|.//li|.//figcaption|.//td|.//th|.//h2|.//h3|.//h4"):
                end.tail = "\n" + (end.tail or "")
        found[file.stem] = "\n".join(part.text_content() for part in parts).split("\n")
    return found


def folded(texts: dict[str, list[str]]) -> dict[str, str]:
    """The same, folded, one text an article."""
    return {name: fold("\n".join(lines)) for name, lines in texts.items()}


def truth(query: str, texts: dict[str, str]) -> set[str]:
    """The articles that hold a query, found one by one."""
    needles = [
        re.compile(("" if re.match(_WIDE, word) else r"(?<![^\W\u2e80-\uffff])") + re.escape(word))
        for word in fold(query).split()
    ]
    return {name for name, text in texts.items() if all(needle.search(text) for needle in needles)}


def queries(texts: dict[str, list[str]], script: str, chance: random.Random) -> Iterator[str]:
    """75 queries of an edition: from titles and bodies, names, mixed, Latin, two words."""
    names = sorted(texts)

    def drawn(pattern: str, count: int, title: bool = False) -> Iterator[str]:
        while count:
            lines = [one.strip() for one in texts[chance.choice(names)] if one.strip()]
            found = re.findall(pattern, lines[0] if title else chance.choice(lines)) if lines else []
            if found:
                count -= 1
                yield chance.choice(found)

    for pattern, title in ((f"{_WIDE}+", True), (f"{_WIDE}+", False)):
        for run in drawn(f"{pattern[:-1]}{{2,}}", 24, title):
            size = chance.randint(2, min(6, len(run)))
            start = chance.randint(0, len(run) - size)
            yield run[start : start + size]
    yield from (
        name if script == "zh-Hans" else converter("s2tw").convert(name) for name in NAMES[script != "zh-Hans" :: 2]
    )
    yield from drawn(rf"[A-Za-z0-9]{{1,8}}{_WIDE}{{1,4}}|{_WIDE}{{1,4}}[A-Za-z0-9]{{1,8}}(?![A-Za-z0-9])", 6)
    yield from drawn(r"\b[A-Za-z]{3,12}\b", 6)
    for _ in range(5):
        yield " ".join(drawn(f"{_WIDE}{{2}}", 2))


def ask(page: Page, base: str, site: Path, edition: str, words: list[str], cards: list[str]) -> Iterator[Answer]:
    """The answers to the queries of one reader, in one visit."""
    page.goto(f"{base}{edition}/search.html")
    page.evaluate(_WATCH)
    weights: list[tuple[str, int]] = []
    client = page.context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    client.send("Network.enable")
    client.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )
    client.on(
        "Network.loadingFinished",
        lambda event: weights.append((addresses.get(event["requestId"], ""), int(event["encodedDataLength"]))),
    )
    script = site / "static/search.js"
    for number, query in enumerate(words):
        weights.clear()
        page.evaluate("window.found = null; window.shown = 0; performance.clearResourceTimings()")
        page.fill("#search-box", query)
        page.press("#search-box", "Enter")
        while not page.evaluate("window.shown"):  # the page's policy forbids what Playwright waits with
            page.wait_for_timeout(20)
        latency = page.evaluate(
            "window.shown - Math.max(0, ...performance.getEntriesByType('resource').map((e) => e.responseEnd).filter((end) => end <= window.shown))"
        )
        fetched = page.evaluate("performance.getEntriesByType('resource').length")
        page.wait_for_timeout(300)
        page.wait_for_load_state("networkidle")
        answer = Answer(query, edition, number == 0, {cards[n] for n in page.evaluate("window.found")})
        answer.latency = latency if fetched else 0.0
        paid = [(url, size) for url, size in weights if size and not url.split("?")[0].endswith(_QUIET)]
        rows = [(size, (site / urlsplit(url).path.lstrip("/")).stat().st_size, ".html" in url) for url, size in paid]
        answer.sent, answer.pages = sum(row[0] for row in rows), sum(row[0] for row in rows if row[2])
        answer.stored, answer.stored_pages = sum(row[1] for row in rows), sum(row[1] for row in rows if row[2])
        if number == 0:  # the script came with the page
            answer.sent += len(gzip.compress(script.read_bytes(), 6))
            answer.stored += script.stat().st_size
        yield answer


def drive(browser: Browser, base: str, site: Path) -> Iterator[tuple[Answer, set[str]]]:
    """Every query's answer and the truth."""
    for edition, script in EDITIONS.items():
        lines = texts_of(site, edition)
        texts = folded(lines)
        files = sorted((site / edition / "search").glob("*.json"), key=lambda file: int(file.stem))
        cards = [row[0] for file in files for row in json.loads(file.read_bytes())]
        assert all(len(json.loads(file.read_bytes())) == CARDS for file in files[:-1])
        chance = random.Random(f"qingdu {edition}")  # noqa: S311 - the same queries every time
        drawn = list(queries(lines, script, chance))
        for start in range(0, len(drawn), SESSION):
            with browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block") as context:
                words = drawn[start : start + SESSION]
                for answer in ask(context.new_page(), base, site, edition, words, cards):
                    yield answer, truth(answer.query, texts)


def index_size(site: Path) -> tuple[int, int, int]:
    """(bytes of the index, of the titles of all editions, files)."""
    index = [file for file in (site / "search").rglob("*") if file.is_file()]
    cards = [file for file in site.glob("*/search/*.json") if file.parent.parent != site]
    sizes = [sum(file.stat().st_size for file in group) for group in (index, cards)]
    return sizes[0], sizes[1], len(index) + len(cards)


def report(results: list[tuple[Answer, set[str]]], site: Path, articles: int) -> Iterator[str]:
    """The lines to print."""
    for edition in EDITIONS:
        group = [(answer, real) for answer, real in results if answer.edition == edition]
        recall = mean(len(a.found & real) / len(real) for a, real in group if real)
        precision = mean(len(a.found & real) / len(a.found) for a, real in group if a.found)
        missed = [a.query for a, real in group if real and not a.found]
        yield f"{edition}: {len(group)} queries, recall {recall:.4f}, precision {precision:.4f}, found nothing wrongly: {missed}"
        worst = sorted(group, key=lambda pair: len(pair[0].found & pair[1]) / max(1, len(pair[0].found | pair[1])))[:5]
        yield "  worst: " + ", ".join(f"{a.query} ({len(a.found)} for {len(real)})" for a, real in worst)
    for name, first in (("first", True), ("further", False)):
        group_of = [answer for answer, _ in results if answer.first == first]
        weights = {
            "text gzipped": [a.sent for a in group_of],
            "HTML only": [a.pages + a.stored - a.stored_pages for a in group_of],
            "nothing": [a.stored for a in group_of],
            "without the pages, nothing gzipped": [a.stored - a.stored_pages for a in group_of],
        }
        yield f"{name} query: median KB: " + ", ".join(
            f"{median(w) / 1000:.1f} ({kind})" for kind, w in weights.items()
        )
    times = sorted(answer.latency for answer, _ in results)
    yield f"results after the last byte: median {median(times):.0f} ms, 95 % {times[int(len(times) * 0.95)]:.0f} ms"
    index, cards, files = index_size(site)
    each = (index + cards) / articles / 1000
    yield f"index {index:,} + titles {cards:,} bytes in {files:,} files: {each:.2f} KB an article ({articles:,} articles)"


def cpu() -> float:
    """Seconds of processor time of this process and of those that it waited for."""
    return sum(os.times()[:4])


def build(folder: Path, output: Path) -> str:
    """Build cold; says how much of its time the index took."""
    spent: list[float] = []
    original = line.write_index  # type: ignore[attr-defined]

    def timed(*arguments: Any) -> None:
        start = cpu()
        original(*arguments)
        spent.append(cpu() - start)

    line.write_index = timed  # type: ignore[attr-defined, assignment]
    start = cpu()
    line.build(folder, output, store=output.with_name("store"), fresh=True)
    whole = cpu() - start
    return f"cold build {whole:.1f} s of processor time, the index {spent[0]:.1f} s of them: {spent[0] / whole:.1%}"


def main() -> int:
    """Build, serve, ask, print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.search", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared/corpus", metavar="FOLDER")
    parser.add_argument("--site", type=Path, metavar="BUILT", help="a site that is built already")
    options = parser.parse_args()
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None or not (options.site or options.folder).is_dir():
        print("bench search: left out, there is no browser or no such folder", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        site = (options.site or Path(folder) / "public").resolve()
        if not options.site:
            print(build(options.folder, site))
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=[*BROWSER_OPTIONS])
            results = list(drive(browser, f"http://127.0.0.1:{server.server_port}/", site))
            browser.close()
        server.shutdown()
        articles = sum(1 for _ in (site / next(iter(EDITIONS)) / "articles").glob("*.html"))
        for text in report(results, site, articles):
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
