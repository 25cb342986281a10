"""The demo site in Chromium: from a folder and from a server below a path, narrow and wide, light and dark."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Route

from generator.build import build
from generator.settings import load_settings
from tests.conftest import ROOT
from tests.sites.checks import Site

EDITIONS = [edition.slug for edition in load_settings(ROOT / "content").editions]
#: Page type -> how to find one of its pages in an edition.
KINDS = {
    "home": "index.html",
    "topics": "topics.html",
    "topic": "topics/*.html",
    "publishers": "publishers.html",
    "publisher": "publishers/*.html",
    "day": "days/*.html",
    "month": "months/*.html",
    "archive": "archive.html",
    "undated": "undated.html",
    "about": "about.html",
}
WIDTHS = (320, 390, 1280)
pytestmark = pytest.mark.browser


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
            lambda request: self.note(request.url.startswith(self.inside), page, f"failed: {request.url}"),
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


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not write a line for every request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Places:
    """The demo in a folder, and behind a server below /repo/."""

    site: Site
    addresses: dict[str, str]  # "file" and "http" -> the address of the site, with a slash at its end

    def pages(self, edition: str) -> dict[str, str]:
        """One page of each type in an edition, and articles of each kind."""
        found = {kind: self._first(edition, pattern) for kind, pattern in KINDS.items()}
        for name, mark in {
            "article": '<a class="away original"',
            "article with picture": "<figure[ >]",
            "article in Arabic": 'lang="ar"',
        }.items():
            articles = (page for page in self.site.pages if page.startswith(f"{edition}/articles/"))
            found[name] = next(page for page in articles if re.search(mark, self.site.markup(page)))
        return found

    def _first(self, edition: str, pattern: str) -> str:
        return min(path.relative_to(self.site.folder).as_posix() for path in (self.site.folder / edition).glob(pattern))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Build the demo as the site of a project, and serve it below the project's path."""
    root = tmp_path_factory.mktemp("served")
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    build(ROOT / "content", root / "repo", jobs=1, base_url=f"http://127.0.0.1:{server.server_port}/repo/")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Places(
        Site(root / "repo"),
        {"file": (root / "repo").as_uri() + "/", "http": f"http://127.0.0.1:{server.server_port}/repo/"},
    )
    server.shutdown()
    thread.join()
    server.server_close()


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than the window."""
    return int(
        page.evaluate(
            "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth"
        )
    )


def unloaded(page: Page) -> list[str]:
    """Load every picture of a page, the late ones too; the addresses of those that do not come."""
    return list(
        page.evaluate(
            """async () => {
                const images = [...document.images];
                for (const image of images) image.loading = "eager";
                await Promise.all(images.map(image => image.decode().catch(() => null)));
                return images.filter(image => !image.naturalWidth).map(image => image.src);
            }"""
        )
    )


def visit(places: Places, page: Page, scheme: str, edition: str, kinds: tuple[str, ...] = ()) -> list[str]:
    """Look at one page of each type (or of these) at each width; what is wrong."""
    base = places.addresses[scheme]
    log = Log(base)
    log.listen(page)
    pages = places.pages(edition)
    for path in map(pages.__getitem__, kinds or pages):
        page.goto(base + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if wider := overflow(page):
                log.lines.append(f"{path}: {wider} px too wide at {width} px")
        log.lines += [f"{path}: no picture {address}" for address in unloaded(page)]
    return log.lines


def test_pages_show_without_trouble(places: Places, browser_page: Page) -> None:
    assert visit(places, browser_page, "http", "zh-hans", ("home", "article with picture")) == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["file", "http"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_type_shows_without_trouble(places: Places, browser_page: Page, scheme: str, edition: str) -> None:
    assert visit(places, browser_page, scheme, edition) == []


@pytest.mark.slow
def test_every_article_fits_and_loads(places: Places, browser_page: Page) -> None:
    base = places.addresses["file"]
    log = Log(base, pictures=True)
    log.listen(browser_page)
    browser_page.set_viewport_size({"width": 320, "height": 800})
    for path in (path for path in places.site.pages if path.startswith("zh-tw/articles/")):
        browser_page.goto(base + path)
        if wider := overflow(browser_page):
            log.lines.append(f"{path}: {wider} px too wide")
        log.lines += [f"{path}: no picture {address}" for address in unloaded(browser_page)]
        browser_page.wait_for_load_state("networkidle")  # leaving cancels the icon's request, which counts as failed
    assert log.lines == []


@pytest.mark.slow
def test_every_page_is_reached_by_clicking_from_the_front(places: Places, browser_page: Page) -> None:
    """Links work from a folder: a few steps, by clicks."""
    browser_page.goto(places.addresses["file"] + "index.html")
    for selector in (
        "nav.topics a",
        "main .entry a",
        ".kicker a",
        "footer.colophon li:nth-child(3) a",
        "main ul.index a",
        "table.calendar a",
        "main .entry a",
    ):
        browser_page.locator(selector).first.click()
        assert browser_page.url.startswith(places.addresses["file"]), selector
        assert browser_page.locator("h1").count() == 1, selector


@pytest.mark.slow
def test_the_page_for_lost_addresses(places: Places, browser_page: Page) -> None:
    browser_page.goto(places.addresses["http"] + "404.html")
    assert browser_page.locator("h1").inner_text()
    browser_page.locator("footer.colophon a").first.click()
    assert browser_page.url == places.addresses["http"] + "zh-hans/index.html"
    browser_page.go_back()
    browser_page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(browser_page) == 0


def test_skip_link_leads_past_the_navigation(places: Places, browser_page: Page) -> None:
    browser_page.goto(places.addresses["http"] + "en/index.html")
    browser_page.keyboard.press("Tab")
    skip = browser_page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert min(box["x"], box["y"]) >= 0
    assert box["height"] > 10
    browser_page.keyboard.press("Enter")
    assert browser_page.url.endswith("#main")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.slow
def test_every_focus_can_be_seen(places: Places, browser_page: Page) -> None:
    browser_page.goto(places.addresses["http"] + places.pages("en")["article"])
    for _ in range(12):
        browser_page.keyboard.press("Tab")
        shown = browser_page.evaluate(
            """() => {
                const style = getComputedStyle(document.activeElement), box = document.activeElement.getBoundingClientRect();
                return [document.activeElement.tagName, style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, box.width > 0];
            }"""
        )
        assert shown[1:] == [True, True], shown


@pytest.mark.parametrize("scheme", ["file", pytest.param("http", marks=pytest.mark.slow)])
def test_the_switch_of_editions_leads_to_the_same_article(places: Places, browser_page: Page, scheme: str) -> None:
    base = places.addresses[scheme]
    path = places.pages("zh-hans")["article with picture"]
    name = path.rpartition("/")[2]
    browser_page.goto(base + path)
    titles = {browser_page.locator("h1").inner_text()}
    for edition in ("zh-tw", "en", "zh-hans"):
        number = EDITIONS.index(edition)
        browser_page.locator("nav.editions a").nth(number).click()
        assert browser_page.url == f"{base}{edition}/articles/{name}"
        assert browser_page.locator("nav.editions a[aria-current]").count() == 1
        titles.add(browser_page.locator("h1").inner_text())
    assert len(titles) <= 2


def test_the_whole_entry_of_a_list_can_be_clicked(places: Places, browser_page: Page) -> None:
    browser_page.goto(places.addresses["http"] + places.pages("zh-hans")["day"])
    entry = browser_page.locator("article.entry").first
    wanted = entry.locator("h3 a, h2 a").first.evaluate("link => link.href")
    box = entry.locator(".excerpt").bounding_box()
    assert box is not None
    browser_page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    browser_page.wait_for_url(wanted, timeout=5000)
    assert browser_page.url == wanted


def test_the_details_of_an_article_open_without_scripts(places: Places, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(places.addresses["http"] + places.pages("en")["article"])
    details = page.locator("details").first
    assert not details.locator("dl").is_visible()
    details.locator("summary").click()
    assert details.locator("dl").is_visible()
    context.close()


@pytest.mark.slow
def test_styles_are_applied_in_every_edition(places: Places, browser_page: Page) -> None:
    for edition in EDITIONS:
        browser_page.goto(places.addresses["http"] + f"{edition}/index.html")
        paper, font = browser_page.evaluate(
            "[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector('h1')).fontFamily]"
        )
        assert paper not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
        assert ("Charter" in font) == (edition == "en"), font


@pytest.mark.slow
def test_texts_from_right_to_left_stand_on_the_right(places: Places, browser_page: Page) -> None:
    browser_page.goto(places.addresses["http"] + places.pages("en")["article in Arabic"])
    edges = browser_page.locator(".prose p").first.evaluate(
        """p => {
            const range = document.createRange();
            range.selectNodeContents(p);
            const lines = [...range.getClientRects()], box = p.getBoundingClientRect();
            return [box.right - Math.max(...lines.map(line => line.right)), lines[lines.length - 1].left - box.left];
        }"""
    )
    assert edges[0] <= 1
    assert edges[1] >= 0


# --- accessibility -------------------------------------------------------------------------------------------

Scheme = Literal["light", "dark"]


def violations(page: Page) -> list[str]:
    """What axe-core objects to, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['target']}" for one in found for node in one["nodes"]]


def look(places: Places, browser: Browser, kinds: list[str], edition: str, scheme: Scheme) -> dict[str, list[str]]:
    """Check pages in a colour scheme."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    found = {}
    for kind in kinds:
        page.goto(places.addresses["http"] + places.pages(edition)[kind])
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        found[kind] = violations(page)
    context.close()
    return {kind: lines for kind, lines in found.items() if lines}


def test_pages_are_accessible(places: Places, browser: Browser) -> None:
    assert look(places, browser, ["article"], "zh-hans", "light") == {}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_type_is_accessible(places: Places, browser: Browser, edition: str, scheme: Scheme) -> None:
    kinds = [
        "home",
        "topic",
        "topics",
        "day",
        "month",
        "archive",
        "article",
        "article with picture",
        "article in Arabic",
        "publisher",
        "undated",
        "about",
    ]
    assert look(places, browser, kinds, edition, scheme) == {}


@pytest.mark.slow
def test_control_the_accessibility_check_bites(browser_page: Page) -> None:
    browser_page.set_content(
        '<html><body><img src="x.png"><p style="color:#ccc;background:#fff">pale</p></body></html>'
    )
    assert {line.partition(":")[0] for line in violations(browser_page)} >= {
        "image-alt",
        "color-contrast",
        "html-has-lang",
    }


@pytest.mark.slow
def test_control_the_log_bites(places: Places, browser_page: Page, tmp_path: Path) -> None:
    (tmp_path / "raw.html").write_text(
        '<!doctype html><meta charset=utf-8><img src="https://elsewhere.example/a.png"><img src="gone.png"><div style="width:5000px">x</div>'
        "<script>console.error('x'); throw new Error('y')</script>",
        "utf-8",
    )
    log = Log(tmp_path.as_uri())
    log.listen(browser_page)
    browser_page.goto((tmp_path / "raw.html").as_uri())
    kinds: dict[str, Callable[[str], bool]] = {
        "console": lambda line: line.endswith(": x"),
        "error": lambda line: line.endswith(": y"),
        "left": lambda line: line.startswith("left the site: https://elsewhere.example/"),
        "failed": lambda line: "failed: file:" in line,
    }
    assert [kind for kind, says in kinds.items() if not any(map(says, log.lines))] == []
    assert overflow(browser_page) > 3000
    assert len(unloaded(browser_page)) == 2


@pytest.mark.parametrize("way", ["file", "http"])
def test_the_edition_is_remembered_and_the_paragraph_kept(browser: Browser, places: Places, way: str) -> None:
    """With JavaScript, another edition opens at the same paragraph, and the front door leads to the edition chosen."""
    context = browser.new_context(viewport={"width": 390, "height": 700})
    page = context.new_page()
    published = places.addresses[way]
    page.goto(f"{published}zh-hans/articles/chaosheng-n1034655.html")
    block = page.locator(".prose > [id]").nth(5)
    block.evaluate("element => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY)")
    name = block.get_attribute("id")
    page.locator(".editions a", has_text="English").evaluate("link => link.click()")
    page.wait_for_url("**/en/articles/**")
    assert page.url.endswith(f"#{name}")
    page.goto(f"{published}index.html")
    page.wait_for_url("**/en/index.html")
    context.close()
