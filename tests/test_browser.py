"""The demo site in Chromium, in every language: from a folder and from a server below a path, narrow and wide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sites.browsing import Log, Places
from tests.sites.editions import EDITIONS as ALL

EDITIONS = [edition.slug for edition in ALL]
WIDTHS = (320, 390, 1280)
pytestmark = pytest.mark.browser


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
        ".trail a",
        "footer.colophon a[href$='archive.html']",
        "main ol.year a",
        "table.calendar a",
        "main .entry a",
    ):
        browser_page.locator(selector).first.click()
        browser_page.wait_for_load_state()
        assert browser_page.url.startswith(places.addresses["file"]), selector
        expect(browser_page.locator("h1")).to_have_count(1)


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
        expect(browser_page.locator("nav.editions a[aria-current]")).to_have_count(1)
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


@pytest.mark.parametrize("edition", ["zh-hans", pytest.param("ar", marks=pytest.mark.slow)])
def test_everything_is_reached_without_scripts(places: Places, browser: Browser, edition: str) -> None:
    """Front page, topic, day, article, another edition, details: by clicks alone, with JavaScript off."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(places.addresses["http"] + f"{edition}/index.html")
    for selector in ("nav.topics a", ".shelf > .heading a", "main .entry a", ".editions li:nth-child(3) a"):
        page.locator(selector).first.click()
        assert page.locator("h1").inner_text()
    assert "/en/articles/" in page.url
    details = page.locator("details").first
    assert not details.locator("dl").is_visible()
    details.locator("summary").click()
    assert details.locator("dl").is_visible()
    context.close()


def test_paper_gets_the_article_and_its_address(places: Places, browser_page: Page) -> None:
    """Printed: no navigation, nothing dark, the text over the whole width, the original's address in words."""
    browser_page.emulate_media(media="print", color_scheme="dark")
    browser_page.goto(places.addresses["http"] + places.pages("zh-tw")["article"])
    for hidden in ("nav", "footer.colophon", "details", ".bar"):
        assert not browser_page.locator(hidden).first.is_visible(), hidden
    assert browser_page.locator(".prose p").first.is_visible()
    shown = browser_page.evaluate(
        """() => {
            const of = (selector, pseudo) => getComputedStyle(document.querySelector(selector), pseudo);
            return [of("html").backgroundColor, of(".prose").color, of(".original", "::after").content, of(".prose").maxInlineSize];
        }"""
    )
    assert shown[:2] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert browser_page.locator(".original").get_attribute("href") in shown[2]
    assert shown[3] == "none"
    assert len(browser_page.pdf()) > 10_000


@pytest.mark.parametrize(
    ("theme", "scheme", "paper"),
    [
        ("", "light", "rgb(251, 249, 244)"),
        ("", "dark", "rgb(23, 22, 20)"),
        ("light", "dark", "rgb(251, 249, 244)"),
        ("dark", "light", "rgb(23, 22, 20)"),
        ("sepia", "dark", "rgb(244, 234, 213)"),
    ],
)
def test_the_readers_theme_wins_over_the_systems(
    places: Places, browser: Browser, theme: str, scheme: Literal["light", "dark"], paper: str
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(places.addresses["http"] + "en/archive.html")
    page.evaluate("theme => { if (theme) document.documentElement.dataset.theme = theme }", theme)
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == paper
    context.close()


def test_lines_of_chinese_hold_forty_characters_and_the_reader_chooses_the_face(
    places: Places, browser_page: Page
) -> None:
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    browser_page.goto(places.addresses["http"] + places.pages("zh-hans")["article"])
    measured = browser_page.locator(".prose").evaluate(
        """prose => {
            const style = getComputedStyle(prose), size = parseFloat(style.fontSize);
            return [parseFloat(style.inlineSize) / size, parseFloat(style.lineHeight) / size, style.lineBreak];
        }"""
    )
    assert 38 <= measured[0] <= 42
    assert measured[1:] == [pytest.approx(1.8), "strict"]
    face = "getComputedStyle(document.querySelector('.prose')).fontFamily"
    sans = browser_page.evaluate(face)
    browser_page.evaluate("document.documentElement.dataset.font = 'serif'")
    assert ("Sans" in sans, "Serif" in browser_page.evaluate(face)) == (True, True)


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


def test_lists_take_the_wide_column_of_a_wide_screen(places: Places, browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 1280, "height": 900})
    for path in ("zh-hans/undated.html", places.pages("zh-hans")["day"]):
        browser_page.goto(places.addresses["http"] + path)
        box = browser_page.locator(".entries").first.bounding_box()
        assert box is not None
        assert box["width"] > 700, path
