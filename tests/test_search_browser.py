"""The search page in Chromium, over the demo site behind a server below a path."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.search import segments
from generator.settings import load_settings
from tests.conftest import ROOT
from tests.sites.browsing import served

pytestmark = pytest.mark.browser
EDITIONS = [edition.slug for edition in load_settings(ROOT / "content").editions]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo."""
    root = tmp_path_factory.mktemp("searched")
    build(ROOT / "content", root / "repo", jobs=1)
    return root


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    """Serve it; the address of the site."""
    with served(folder) as address:
        yield f"{address}repo/"


@pytest.fixture
def page(browser_page: Page, base: str) -> Page:
    """An empty page that keeps to the site."""
    browser_page.route("**", lambda route: route.continue_() if route.request.url.startswith(base) else route.abort())
    return browser_page


def ask(page: Page, address: str, query: str) -> list[str]:
    """Search for something; the addresses of the articles found, the edition left out."""
    page.goto(address)
    page.fill("#search-box", query)
    page.press("#search-box", "Enter")
    return answers(page)


def answers(page: Page) -> list[str]:
    """The articles that are shown once the search is through."""
    expect(page.locator(".count[role=status]")).not_to_be_empty()
    page.wait_for_load_state("networkidle")
    return [
        (link.get_attribute("href") or "").partition("articles/")[2]
        for link in page.locator("[data-results] h2 a").all()
    ]


@pytest.mark.parametrize(
    "queries",
    [
        ("彗星", "ＨＵＩ 彗星"[4:]),
        ("鹤屿", "鶴嶼"),
        ("渔船 码头", "漁船 碼頭"),
        ("comet", "Comét", "ＣＯＭＥＴ"),
        ("المضيق", "المُضيق"),
    ],
)
def test_every_script_and_edition_finds_the_same(page: Page, base: str, queries: tuple[str, ...]) -> None:
    found = {tuple(ask(page, f"{base}{edition}/search.html", query)) for edition in EDITIONS for query in queries}
    assert len(found) == 1


def test_results_show_where_the_words_stand_in_the_script_of_the_reader(page: Page, base: str) -> None:
    assert ask(page, f"{base}zh-tw/search.html", "鹤屿")
    marks = page.locator("[data-results] mark").all_inner_texts()
    assert marks
    assert set(marks) == {"鶴嶼"}


def test_the_box_of_every_page_leads_to_the_answer_and_tells_nobody(page: Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{base}zh-hans/about.html")
    page.fill("[data-search-box]", "彗星")
    page.press("[data-search-box]", "Enter")
    page.wait_for_url("**/search.html?q=*")
    assert answers(page)
    assert page.input_value("#search-box") == "彗星"
    assert not [url for url in asked if "q=" in url.partition("#")[0]]
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    assert answers(page)


def test_phrases_filters_and_order(page: Page, base: str) -> None:
    address = f"{base}en/search.html"
    words, phrase = ask(page, address, "the moon"), ask(page, address, '"the moon"')
    assert phrase
    assert set(phrase) <= set(words)
    assert ask(page, address, '"moon the"') == []
    every = ask(page, address, "the")
    page.goto(f"{address}?q=the&lang=en&sort=newest&from=2026-10-14")
    fewer = answers(page)
    days = [time.get_attribute("datetime") or "" for time in page.locator("[data-results] time").all()]
    assert set(fewer) <= set(every)
    assert days == sorted(days, reverse=True)
    assert min(days) >= "2026-10-14"


def test_where_nothing_has_all_words_what_comes_closest_is_shown(page: Page, base: str) -> None:
    address = f"{base}en/search.html"
    moon = ask(page, address, "the moon")
    near = ask(page, address, "the moon zzyzx")
    expect(page.locator(".count[role=status]")).to_contain_text("come closest")
    assert near
    assert near[0] in moon
    assert ask(page, address, '"the moon" zzyzx') == []
    assert ask(page, address, "zzyzx") == []


def test_half_a_word_of_an_input_method_is_not_searched(page: Page, base: str) -> None:
    page.goto(f"{base}zh-hans/search.html")
    page.focus("#search-box")
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "hui'xing", "selectionStart": 8, "selectionEnd": 8})
    page.wait_for_timeout(600)
    assert page.input_value("#search-box") == "hui'xing"
    assert page.inner_text(".count[role=status]") == ""
    client.send("Input.insertText", {"text": "彗星"})
    assert answers(page)
    assert page.title().startswith("彗星 · ")


def test_filters_open_when_they_are_set_and_are_cleared_at_once(page: Page, base: str) -> None:
    address = f"{base}en/search.html"
    every = ask(page, address, "moon")
    expect(page.locator("form details")).not_to_have_attribute("open", "")
    expect(page.locator("[data-clear]")).to_be_hidden()
    page.goto(f"{address}?q=moon&to=1999-01-01")
    assert answers(page) == []
    expect(page.locator("form details")).to_have_attribute("open", "")
    expect(page.locator("form summary .count")).to_have_text("1")
    page.click("[data-clear]")
    expect(page.locator("[data-results] li")).to_have_count(len(every))
    assert "to=" not in page.url


def test_the_keyboard_is_enough(page: Page, base: str) -> None:
    assert len(ask(page, f"{base}zh-hans/search.html", "的")) == 6
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    links = page.locator("[data-results] h2 a")
    expect(links.nth(1)).to_be_focused()
    page.locator("[data-more]").press("Enter")
    expect(links.nth(6)).to_be_focused()
    for _ in range(11):
        page.keyboard.press("ArrowUp")
    expect(page.locator("#search-box")).to_be_focused()


def test_without_scripts_the_page_offers_other_ways(browser: Browser, base: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(f"{base}en/search.html?q=moon")
        expect(plain.locator("[data-without]")).to_contain_text("needs JavaScript")
        expect(plain.locator("main form")).to_be_hidden()
        assert plain.locator("main .index a").count() > 3


def test_a_folder_says_why_it_cannot_be_searched(browser_page: Page, folder: Path) -> None:
    browser_page.goto((folder / "repo/en/about.html").as_uri())
    browser_page.fill("[data-search-box]", "moon")
    browser_page.press("[data-search-box]", "Enter")
    browser_page.wait_for_url("**/search.html*")
    expect(browser_page.locator(".count[role=status]")).to_contain_text("opened from a folder")


def test_offline_what_was_looked_up_is_still_there(page: Page, base: str) -> None:
    found = ask(page, f"{base}en/search.html", "moon")
    page.context.set_offline(True)
    page.fill("#search-box", "harbour zebra")
    expect(page.locator(".count[role=status]")).to_contain_text("offline")
    page.fill("#search-box", "moon")
    expect(page.locator(".count[role=status]")).to_contain_text("found")
    assert page.locator("[data-results] li").count() == len(found)


def test_a_site_that_is_built_anew_meanwhile_is_searched_as_it_is_now(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "_LEVELS", (("new", 1, 20),))  # so many shards that no query asks for one again
    content, public = tmp_path / "content", tmp_path / "repo"
    shutil.copytree(ROOT / "tests/sites/harbour/content", content, ignore=shutil.ignore_patterns(".qingdu"))
    build(content, public, jobs=1)
    file = content / "posts/2026-03-04-bridge.md"
    text = file.read_text("utf-8")
    page.unroute("**")
    with served(tmp_path) as address:
        assert ask(page, f"{address}repo/zh-hans/search.html", "吊桥")
        file.write_text(text.replace("孩子", "孩童"), "utf-8")  # the numbers stay, shards change
        build(content, public, jobs=1)
        page.fill("#search-box", "孩童")
        expect(page.locator("[data-results] mark").first).to_have_text("孩童")
        later = file.read_text("utf-8").replace("吊桥", "索桥").replace("孩童", "娃娃").replace("1001", "2001")
        (content / "posts/2026-03-09-again.md").write_text(later, "utf-8")  # there is one more
        build(content, public, jobs=1)
        page.fill("#search-box", "娃娃")
        expect(page.locator("[data-results] mark").first).to_have_text("娃娃")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_breaks_no_rule_of_accessibility(page: Page, base: str, edition: str) -> None:
    ask(page, f"{base}{edition}/search.html", "彗星")
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []


def test_the_script_stays_small() -> None:
    assert len(gzip.compress((ROOT / "static/search.js").read_bytes())) <= 7 * 1024


SETTINGS = """
[[editions]]
slug = "en"
locale = "en"
[[topics]]
slug = "sea"
sections = ["Sea"]
[[topics]]
slug = "bay"
parent = "sea"
sections = ["Bay"]
[[topics]]
slug = "reef"
parent = "sea"
sections = ["Reef"]
[[topics]]
slug = "hill"
sections = ["Hill"]
"""


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site of which a topic has parts: one article of each, and one of the topic itself."""
    root = tmp_path_factory.mktemp("parted")
    (root / "content" / "mirror").mkdir(parents=True)
    (root / "content" / "site.toml").write_text(SETTINGS, "utf-8")
    for day, section in enumerate(("Sea", "Bay", "Reef", "Hill"), 1):
        (root / "content" / "mirror" / f"{section}.md").write_text(
            f"---\ntitle: The lamp of the {section.lower()}\ndate: 2026-03-0{day}\ncategory: {section}\n"
            f"url: https://daily.example/{section}.html\n---\n<p>Nobody saw who lit the lamp of the {section.lower()} again.</p>\n",
            "utf-8",
        )
    build(root / "content", root / "site", jobs=1)
    with served(root / "site") as address:
        yield f"{address}en/search.html"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lamp", {"sea", "bay", "reef", "hill"}),
        ("q=lamp&topic=sea", {"sea", "bay", "reef"}),
        ("q=lamp&topic=bay", {"bay"}),
        ("q=lamp&topic=hill", {"hill"}),
        ("q=lamp&topic=sea&lang=en&to=2026-03-02", {"sea", "bay"}),
        ('q="lamp of the reef"&topic=sea', {"reef"}),
        ("q=lamp zzyzx lit again&topic=sea", {"sea", "bay", "reef"}),  # what comes closest
        ("q=lamp&topic=sea&from=2026-03-04", set()),
    ],
)
def test_a_topic_takes_in_its_parts(browser_page: Page, parted: str, query: str, found: set[str]) -> None:
    browser_page.goto(f"{parted}?{query}")
    answers(browser_page)
    assert {title.split()[-1] for title in browser_page.locator("[data-results] h2").all_inner_texts()} == found
