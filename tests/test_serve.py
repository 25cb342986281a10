"""`qingdu serve` as a browser and its enemies see it: changes, faults, foreign names, tricks with paths."""

from __future__ import annotations

import asyncio
import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from generator.build import build
from generator.serve import Preview, _is_ours, is_source
from tests.loops import apart
from tests.reloads import listening

TEXT = "海风从堤上吹过来，孩子们收起风筝，沿着石阶往家里走，身后的灯塔亮了起来。" * 5


@dataclass
class Served:
    """A running `qingdu serve`."""

    process: subprocess.Popen[str]
    content: Path
    lines: list[str] = field(default_factory=list)
    port: int = 0
    reader: threading.Thread = field(default_factory=threading.Thread)

    def start(self) -> Served:
        """Read what it says until it serves."""

        def read() -> None:
            assert self.process.stdout is not None
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        self.wait_for(r"serving .* at http://")
        address = next(line for line in self.lines if line.startswith("serving"))
        self.port = int(re.findall(r":(\d+)/", address)[0])
        return self

    def wait_for(self, pattern: str, since: int = 0, seconds: float = 60) -> None:
        """Wait until it says something like this."""
        end = time.monotonic() + seconds
        while not any(re.search(pattern, line) for line in self.lines[since:]):
            assert time.monotonic() < end, self.lines
            assert self.process.poll() is None, self.lines
            time.sleep(0.02)

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        """Send one request exactly as it is written; answers with status, headers and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, answer.headers, text

    def write(self, name: str, text: str) -> None:
        """Write one file of the content folder."""
        write(self.content, name, text)

    def article(self, number: int, title: str) -> None:
        """Write one article."""
        article(self.content, number, title)

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


def write(content: Path, name: str, text: str) -> None:
    """Write one file of a content folder."""
    file = content / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def article(content: Path, number: int, title: str) -> None:
    """Write one article."""
    address = f"https://daily.example/{number}.html"
    head = f"---\ntitle: {title}\ndate: 2026-10-{number + 1:02} 08:00:00\nurl: {address}\n---\n"
    write(content, f"posts/{number}.md", f"{head}<p>{number}{TEXT}</p>\n")


def run(content: Path, *options: str) -> Served:
    """Start a preview."""
    command = [
        sys.executable,
        "-m",
        "generator.cli",
        "serve",
        "--content",
        str(content),
        "--output",
        str(content.parent / "public"),
    ]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell runs with & ignores it
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    signal.signal(signal.SIGINT, before)
    return Served(process, content)


@contextmanager
def serving(content: Path, *options: str) -> Iterator[Served]:
    """Serve for as long as a test lasts, however it ends."""
    running = run(content, *options)
    try:
        yield running.start()
    finally:
        running.end()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a site of three articles at /reader/."""
    content = tmp_path_factory.mktemp("served") / "content"
    write(content, "site.toml", 'base_url = "https://news.example/reader/"\n')
    for number in range(3):
        article(content, number, f"第{number}篇")
    with serving(content, "--port", "0") as running:
        yield running


def test_files_come_as_from_a_static_host(served: Served) -> None:
    status, headers, text = served.ask("/reader/zh-hans/index.html")
    assert (status, headers["Content-Type"], headers["X-Content-Type-Options"]) == (
        200,
        "text/html; charset=utf-8",
        "nosniff",
    )
    assert "第2篇" in text
    assert '<script src="/livereload.js" defer>' in text
    types = {
        "static/site.css": "text/css; charset=utf-8",
        "static/favicon.svg": "image/svg+xml",
        "sitemap.xml": "application/xml",
    }
    for path, kind in types.items():
        assert served.ask(f"/reader/{path}")[:2][1]["Content-Type"] == kind
    assert served.ask("/reader/zh-hans/")[0] == 200
    assert served.ask("/reader/zh-hans", method="HEAD")[0] == 302
    assert served.ask("/reader/zh-hans")[1]["Location"] == "/reader/zh-hans/"
    assert served.ask("/")[1]["Location"] == "/reader/"
    missing = served.ask("/reader/no/such/page.html")
    assert missing[0] == 404
    assert 'href="/reader/zh-hans/index.html"' in missing[2]
    assert served.ask("/zh-hans/index.html")[0] == 404  # outside of the base path there is nothing
    assert served.ask("/livereload.js")[0] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:18200", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "[", ""],
)
def test_foreign_names_are_refused(host: str, served: Served) -> None:
    for path in ("/reader/", "/reader/zh-hans/index.html", "/livereload.js", "/livereload", "/nothing"):
        status, _, text = served.ask(path, Host=host)
        assert status in (400, 421), path
        assert "第" not in text


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/reader/../content/site.toml",
            "/reader/..%2fcontent/site.toml",
            "/reader/%2e%2e/content/site.toml",
            "/reader//etc/passwd",
        ),
        *(
            "/reader/.qingdu-files.json",
            "/reader/zh-hans/..%5c..%5ccontent",
            "/reader/%00",
            "/reader/" + "a" * 5_000,
            "/../../etc/passwd",
        ),
        *("/reader/secret.html", "/forcereload", "/reader/%ff%fe", "//evil.example/"),
    ],
)
def test_tricks_with_paths_lead_nowhere(path: str, served: Served) -> None:
    link = served.content.parent / "public/secret.html"
    link.unlink(missing_ok=True)
    link.symlink_to(served.content / "site.toml")
    status, headers, text = served.ask(path)
    assert status in (400, 404), headers
    assert "news.example" not in text.replace("https://news.example/reader/", "")
    assert "root:" not in text


def test_a_page_of_others_cannot_listen(served: Served) -> None:
    knock = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "YWJjZGVmZ2hpamtsbW5vcA==",
    }
    assert served.ask("/livereload", **knock, Origin="https://evil.example")[0] == 403


def test_thirty_rapid_saves_lose_nothing(served: Served) -> None:
    """Every save is on the page in the end, and the last reload comes after the last build."""

    async def saves() -> int:
        async with listening(served.port) as times:
            for turn in range(30):
                served.article(turn % 3, f"第{turn}次保存")
                await asyncio.sleep(0.02)
            while "第29次保存" not in served.ask("/reader/zh-hans/index.html")[2] or not times:
                await asyncio.sleep(0.1)
            await asyncio.sleep(1)
            return len(times)

    events = apart(lambda: asyncio.run(asyncio.wait_for(saves(), 60)))
    assert 1 <= events <= 30
    text = served.ask("/reader/zh-hans/index.html")[2]
    assert all(f"第{turn}次保存" in text for turn in (27, 28, 29))


@pytest.mark.parametrize(
    ("name", "broken", "fault"),
    [
        ("templates/day.html", "{% if %}", "day.html:1: "),
        ("templates/home.html", "{{ site.no_such_thing }}", "no_such_thing"),
        ("templates/home.html", "{{ 1 / 0 }}", "ZeroDivisionError"),
        ("site.toml", "page_sise = 30\n", "unknown key &#x27;page_sise&#x27;; did you mean &#x27;page_size&#x27;?"),
        ("site.toml", "title = [\n", "this is not TOML"),
        ("mirrors/own.toml", "detect = ['(']\n", "is not a pattern"),
        ("publishers/own.toml", "colour = 'red'\n", "unknown key"),
    ],
)
def test_what_is_broken_is_shown_and_recovers(name: str, broken: str, fault: str, served: Served) -> None:
    file = served.content / name
    good = file.read_text("utf-8") if file.is_file() else None
    since = len(served.lines)
    served.write(name, broken)
    served.wait_for("(?i)qingdu: |Error", since)
    time.sleep(0.1)
    status, _, text = served.ask("/reader/zh-hans/index.html")
    assert (status, fault in text) == (500, True), text
    assert "/livereload.js" in text
    assert served.ask("/reader/static/site.css")[0] == 200  # the last good site is still there
    since = len(served.lines)
    file.unlink() if good is None else served.write(name, good)
    served.wait_for("pages from 3 articles", since)
    time.sleep(0.1)
    assert served.ask("/reader/zh-hans/index.html")[0] == 200


def test_a_taken_port_and_the_end(tmp_path: Path) -> None:
    article(tmp_path / "content", 0, "一")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(tmp_path / "content", "--port", str(port)) as running:
            assert port < running.port < port + 20
            assert f"port {port} is taken, using {running.port}" in running.lines
            running.process.send_signal(signal.SIGINT)
            assert running.process.wait(10) == 0
            running.reader.join(10)
            assert running.lines[-1] == "ended"
            assert not any("Traceback" in line for line in running.lines)


def test_a_host_of_others_is_refused(tmp_path: Path) -> None:
    article(tmp_path / "content", 0, "一")
    running = run(tmp_path / "content", "--host", "192.0.2.1", "--port", "0")  # an address for documentation
    try:
        said, _ = running.process.communicate(timeout=60)
    finally:
        running.process.kill()
    assert running.process.returncode == 2
    assert "qingdu: host 192.0.2.1: cannot be served at (" in said
    assert said.endswith("); choose another --host\n")


def test_a_site_that_is_broken_from_the_start_is_served_when_mended(tmp_path: Path) -> None:
    article(tmp_path / "content", 0, "终于好了")
    write(tmp_path / "content", "site.toml", "page_size = 1\n")
    with serving(tmp_path / "content", "--port", "0") as running:
        assert running.ask("/")[0] == 500
        running.write("site.toml", "page_size = 10\n")
        running.wait_for("pages from 1 article ")
        time.sleep(0.1)
        assert "终于好了" in running.ask("/")[2]


@pytest.mark.slow
def test_the_browser_shows_the_change_the_fault_and_the_recovery(served: Served, browser_page: Page) -> None:
    with browser_page.expect_websocket():
        browser_page.goto(f"http://127.0.0.1:{served.port}/reader/zh-hans/index.html")
    browser_page.wait_for_timeout(500)
    served.article(2, "浏览器看见的新标题")
    expect(browser_page.locator("body")).to_contain_text("浏览器看见的新标题")
    served.write("templates/home.html", "{% oops %}")
    expect(browser_page.locator("body")).to_contain_text("oops")
    browser_page.wait_for_timeout(500)
    (served.content / "templates/home.html").unlink()
    expect(browser_page.locator("body")).to_contain_text("浏览器看见的新标题")


def built(folder: Path) -> Preview:
    """Show three articles."""
    for number in range(3):
        article(folder / "content", number, f"第{number}篇")
    preview = Preview(folder / "content", folder / "public", "127.0.0.1")
    preview.rebuild()
    return preview


def test_a_saved_article_is_shown_ahead_of_the_build(tmp_path: Path) -> None:
    preview = built(tmp_path)
    file = tmp_path / "content/posts/1.md"
    file.write_text(file.read_text("utf-8").replace("</p>", "又一句XYZ</p>"), "utf-8")
    preview.look_ahead({file.absolute()})
    assert preview.ahead
    for path, data in preview.ahead.items():
        assert "XYZ" in data.decode()
        assert "XYZ" not in (tmp_path / "public" / path).read_text("utf-8")
    ahead = dict(preview.ahead)
    preview.rebuild()
    assert {one: (tmp_path / "public" / one).read_bytes() for one in ahead} == ahead
    assert not preview.ahead
    assert not preview.stale  # the browser has seen all of it


def test_a_title_changes_more_than_its_page(tmp_path: Path) -> None:
    preview = built(tmp_path)
    article(tmp_path / "content", 1, "另一个标题")
    file = tmp_path / "content/posts/1.md"
    preview.look_ahead({file.absolute(), tmp_path / "content/nothing.md", tmp_path / "content/site.toml"})
    assert len(preview.ahead) == len(preview.built.renderers if preview.built else ())
    preview.rebuild()
    assert preview.stale
    assert "另一个标题" in (tmp_path / "public/zh-hans/index.html").read_text("utf-8")
    assert preview.built
    preview.rebuild()
    assert not preview.stale


def test_an_article_that_moves_after_it_was_shown_ahead_is_no_fault(tmp_path: Path) -> None:
    preview = built(tmp_path)
    article(tmp_path / "content", 1, "先显示，再离开")
    file = tmp_path / "content/posts/1.md"
    preview.look_ahead({file.absolute()})
    assert preview.ahead
    file.unlink()
    preview.rebuild()
    assert preview.fault == ""
    assert not preview.ahead
    assert preview.stale


def test_another_build_may_use_the_store_meanwhile(tmp_path: Path) -> None:
    content = tmp_path / "content"
    preview = built(tmp_path)
    article(content, 1, "别人也在用")
    build(content, tmp_path / "other")  # it works with the same store, and changes it
    article(content, 2, "又一个标题")
    preview.rebuild()
    build(content, tmp_path / "clean", store=tmp_path / "no-store")
    assert (tmp_path / "public/index.html").read_bytes() == (tmp_path / "clean/index.html").read_bytes()


@pytest.mark.parametrize(
    ("given", "ours"),
    [
        *(("127.0.0.1:8000", True), ("localhost", True), ("LOCALHOST:1", True), ("[::1]:8000", True), ("[::1]", True)),
        *(
            ("http://localhost:8000", True),
            ("evil.example", False),
            ("http://evil.example", False),
            ("null", False),
            ("", False),
        ),
        *(("127.0.0.1.evil.example", False), ("evil.example#127.0.0.1", False), ("user@127.0.0.1", True), ("[", False)),
    ],
)
def test_names(given: str, ours: bool) -> None:
    assert _is_ours(given, "127.0.0.1") == ours


def test_what_a_site_is_made_of(tmp_path: Path) -> None:
    content, output = tmp_path / ".sites/content", tmp_path / ".sites/content-public"
    for name in ("a.md", "templates/home.html", "terms/x.tsv", "site.toml", "static/site.css"):
        assert is_source(content / name, [content], output)
    for name in (".qingdu/store.db", "a.md~", ".a.md.swp", ".git/index", "b/.hidden/c.md", "x.tmp"):
        assert not is_source(content / name, [content], output)
    assert not is_source(output / "index.html", [content, tmp_path], output)
