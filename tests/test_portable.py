"""A portable copy: the site in a zip, unpacked elsewhere, read from the folder without a server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from generator.build import build
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo with everything that can be taken along, zip it, unpack it in a folder with an awkward name."""
    folder = tmp_path_factory.mktemp("portable")
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    settings = (content / "site.toml").read_text("utf-8")
    (content / "site.toml").write_text(settings + "\n[books]\ndays = 2\ntopics = true\n", "utf-8")
    build(content, folder / "public", jobs=1, base_url="https://news.example/reader/")
    archive = shutil.make_archive(str(folder / "site"), "zip", folder / "public")
    unpacked = folder / "a stick" / "新聞 #1 100%"
    shutil.unpack_archive(archive, unpacked)
    shutil.rmtree(folder / "public")
    return unpacked


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Yield a page with or without JavaScript."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def walk(page: Page, *selectors: str) -> None:
    """Follow the first link that each selector finds."""
    for selector in selectors:
        target = page.locator(selector).first
        with page.expect_navigation():
            target.click()
        assert page.locator("h1").count() == 1, page.url


def test_the_copy_is_read_from_its_folder(copy: Path, reader: Page) -> None:
    page, outside = reader, list[str]()
    page.on("request", lambda request: outside.append(request.url) if not request.url.startswith("file:") else None)
    page.on("requestfailed", lambda request: outside.append(f"failed: {request.url}"))
    page.goto((copy / "index.html").as_uri())
    walk(page, ".editions a[lang='zh-Hant-TW']", "nav.topics a", "main .entry a", "nav.trail a")
    walk(page, ".shelf .heading a", "main .entry a", ".editions a[lang='en']", "footer a[href$='archive.html']")
    walk(page, "footer a[href$='feeds.html']", "footer a[href$='books.html']")
    assert page.url == (copy / "en/books.html").as_uri()
    assert outside == []


def test_feeds_and_books_of_the_copy_are_files_beside_it(copy: Path, browser_page: Page) -> None:
    for name in ("feeds", "books"):
        page = copy / f"zh-hans/{name}.html"
        browser_page.goto(page.as_uri())
        links = browser_page.evaluate("[...document.querySelectorAll('main a')].map(a => a.href)")
        assert links
        for link in links:
            assert Path(unquote(urlsplit(link).path)).is_file(), link
        assert Axe().run(browser_page).violations_count == 0
    browser_page.goto((copy / "zh-hans/feeds/all.xml").as_uri())
    assert browser_page.locator("entry").count() > 5
