"""The reading panel in Chromium: each control does what it says, everywhere, by keyboard too, and nothing shows without scripts."""

from __future__ import annotations

import functools
import gzip
import json
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from generator.build import build
from generator.settings import load_settings
from tests.conftest import ROOT

pytestmark = pytest.mark.browser

LONG = "articles/chaosheng-n1034655.html"  # pictures, many paragraphs
TAIWAN = "articles/islandtimes-1019150.html"  # in Traditional Chinese
PLAIN = "articles/chaosheng-1a784cf9f7.html"  # no picture that could move anything
OTHER = "articles/almarsa-20261013-4e79a7dc.html"
MORE = (("zh-hk", "zh-Hant-HK", "zh-Hant-HK"), ("ja", "ja", "original"), ("ar", "ar", "original"))
EDITIONS = ("zh-hans", "zh-tw", "zh-hk", "en", "ja", "ar")
#: Setting -> (value, what of the page it changes).
SIZE, WIDTH = (
    "getComputedStyle(document.querySelector('.prose')).fontSize",
    "document.querySelector('.prose p').offsetWidth",
)
LEADING = "getComputedStyle(document.querySelector('.prose p')).lineHeight"
PAPER = "getComputedStyle(document.documentElement).backgroundColor"
CHANGES = {
    ("theme", "dark"): PAPER,
    ("theme", "sepia"): PAPER,
    ("font", "sans"): "getComputedStyle(document.querySelector('h1')).fontFamily",
    ("size", "7"): SIZE,
    ("size", "1"): SIZE,
    ("measure", "narrow"): WIDTH,
    ("measure", "wide"): WIDTH,
    ("leading", "tight"): LEADING,
    ("leading", "loose"): LEADING,
    ("indent", "on"): "getComputedStyle(document.querySelector('.prose > p')).textIndent",
    ("images", "off"): "getComputedStyle(document.querySelector('.prose img')).display",
}
#: What the reader does with each key; the page is an article unless it says otherwise.
KEYS = ("j", "k", "o", "n", "p", "s", "t", "c", "l", "/", "?")
#: Stands in for the voices of a device; what is spoken is kept, and ends when the test says so.
VOICES = """
    const voice = (lang, localService = true) => ({lang, localService, name: lang, default: false});
    window.said = [];
    const speech = new EventTarget();
    Object.assign(speech, {
        voices: [voice("en-GB", false), voice("zh-CN", false), voice("zh_HK"), voice("zh-TW"), voice("zh-CN"), voice("en-US"), voice("ar-SA"), voice("ja-JP")],
        getVoices() { return this.voices; },
        speak(utterance) { said.push(utterance); },
        cancel() { const last = said.at(-1); if (last && !last.over) { last.over = true; last.onend?.({}); } },
    });
    Object.defineProperty(window, "speechSynthesis", {value: speech});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    window.finish = () => { const last = said.at(-1); last.over = true; last.onend({}); };
"""


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not write a line for every request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Build the demo in six editions: its address in a folder, and behind a server below /repo/."""
    root = tmp_path_factory.mktemp("panel")
    shutil.copytree(ROOT / "content", root / "content")
    blocks = (
        f'\n[[editions]]\nslug = "{slug}"\nlocale = "{locale}"\nscript = "{script}"\n' for slug, locale, script in MORE
    )
    with (root / "content" / "site.toml").open("a", encoding="utf-8") as settings:
        settings.writelines(blocks)
    build(root / "content", root / "repo", jobs=1)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield {"file": (root / "repo").as_uri() + "/", "http": f"http://127.0.0.1:{server.server_port}/repo/"}
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def base(bases: dict[str, str]) -> str:
    """The address of the site on the server."""
    return bases["http"]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own, in which no script may fail."""
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    errors: list[str] = []
    made.on("weberror", lambda error: errors.append(str(error.error)))
    made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield made
    made.close()
    assert errors == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page."""
    return context.new_page()


def go(page: Page, address: str) -> Page:
    """Open a page of the site and wait for its scripts."""
    page.goto(address)
    page.wait_for_selector(".reader-open")
    return page


def set_control(page: Page, name: str, value: str) -> None:
    """Set a control of the open panel as a reader would."""
    control = page.locator(f'#reader-panel [name="{name}"]')
    kind = control.first.get_attribute("type")
    if kind == "radio":
        page.locator(f'#reader-panel [name="{name}"][value="{value}"]').click()
    elif kind == "checkbox":
        control.set_checked(value == "on")
    else:
        control.fill(value)


def choose(page: Page, **values: str) -> None:
    """Open the panel, set controls, close it."""
    page.click(".reader-open")
    for name, value in values.items():
        set_control(page, name, value)
    page.keyboard.press("Escape")


def root(page: Page, name: str) -> str | None:
    """An attribute of <html>."""
    return page.locator("html").get_attribute(f"data-{name}")


def say(page: Page) -> str:
    """The message that shows."""
    return page.locator("[role=status]").filter(has_text=re.compile(".")).inner_text()


def active(page: Page) -> str:
    """What has the focus: the address of a link, the id of a block, else the element's name."""
    return str(page.evaluate("(e => e.href || e.id || e.tagName)(document.activeElement)"))


def scroll_to(page: Page, block: str) -> None:
    """Read up to a paragraph, and give the script time to notice."""
    page.evaluate(f"document.getElementById('{block}').scrollIntoView()")
    page.wait_for_timeout(500)


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_each_control_changes_what_it_says_and_is_remembered(base: str, page: Page, name: str, value: str) -> None:
    look = CHANGES[name, value]
    go(page, f"{base}zh-hans/{LONG}")
    before = page.evaluate(look)
    choose(page, **{name: value})
    after = page.evaluate(look)
    assert after != before
    page.reload()
    assert page.evaluate(look) == after
    go(page, f"{base}en/index.html")
    assert root(page, name) == value
    page.click(".reader-open")
    shown = page.locator(f'#reader-panel [name="{name}"]')
    if shown.first.get_attribute("type") == "range":
        assert shown.input_value() == value
        assert page.locator(".reader-panel output").first.inner_text() == value
    else:
        assert page.evaluate(
            f"[...document.querySelectorAll('#reader-panel [name={name}]')].find(i => i.value === '{value}' || i.type === 'checkbox').checked"
        ) == (value != "off")


def test_settings_hold_in_every_edition_and_from_a_folder(bases: dict[str, str], page: Page) -> None:
    go(page, f"{bases['file']}ar/index.html")
    choose(page, theme="sepia", size="5")
    for edition in EDITIONS:
        go(page, f"{bases['file']}{edition}/{LONG}")
        assert (root(page, "theme"), root(page, "size")) == ("sepia", "5")


def test_sizes_and_widths_grow_step_by_step(base: str, page: Page) -> None:
    go(page, f"{base}zh-tw/{LONG}")
    sizes, widths, leadings = [], [], []
    for value in "1234567":
        page.evaluate(f"qingdu.choose('size', '{value}')")
        sizes.append(float(page.evaluate(SIZE).removesuffix("px")))
    assert sizes == sorted(set(sizes))
    page.evaluate("qingdu.reset()")
    for value in ("narrow", "normal", "wide"):
        page.evaluate(f"qingdu.choose('measure', '{value}')")
        widths.append(page.evaluate(WIDTH))
    assert widths == sorted(set(widths))
    for value in ("tight", "normal", "loose"):
        page.evaluate(f"qingdu.choose('leading', '{value}')")
        leadings.append(float(page.evaluate(LEADING).removesuffix("px")))
    assert leadings == sorted(set(leadings))


def test_the_face_is_that_of_the_texts_language(base: str, page: Page) -> None:
    """An Arabic edition shows Chinese articles: each keeps the faces of its own language."""
    go(page, f"{base}ar/{LONG}")
    choose(page, font="serif")
    face = "getComputedStyle(document.querySelector('.prose p')).fontFamily"
    assert re.search("Serif CJK SC", page.evaluate(face))
    choose(page, font="sans")
    assert re.search("Sans CJK SC", page.evaluate(face))
    assert "Serif" not in page.evaluate(face)


def test_indents_are_those_of_the_language(base: str, page: Page) -> None:
    go(page, f"{base}zh-hans/{LONG}")
    choose(page, indent="on")
    indent, size = (
        page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('.prose > p')).{name})")
        for name in ("textIndent", "fontSize")
    )
    assert indent == 2 * size


def test_what_was_chosen_is_there_before_anything_is_painted(base: str, page: Page) -> None:
    go(page, f"{base}en/index.html")
    choose(page, theme="dark", size="6", images="off")
    page.add_init_script(
        """new MutationObserver((_, observer) => {
            if (!document.body) return;
            observer.disconnect();
            const {theme, size, images, reader} = document.documentElement.dataset;
            window.early = [theme, size, images, reader];
        }).observe(document, {childList: true, subtree: true})"""
    )
    go(page, f"{base}zh-hans/{LONG}")
    assert page.evaluate("window.early") == ["dark", "6", "off", ""]


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_when_the_scripts_come(base: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(
        "window.moved = []; new PerformanceObserver(list => moved.push(...list.getEntries().map(e => e.value))).observe({type: 'layout-shift', buffered: true})"
    )
    for address in ("en/index.html", f"zh-hans/{PLAIN}", f"ar/{PLAIN}", "ja/topics.html"):
        go(page, base + address)
        page.wait_for_timeout(300)
        assert sum(page.evaluate("window.moved")) < 0.001, address


@pytest.mark.parametrize(
    "kept", ["{", "[]", "null", '"x"', '{"theme":"<img>","size":{},"__proto__":{"font":"sans"}}', '{"size":"40"}']
)
def test_what_somebody_else_kept_is_not_taken(base: str, page: Page, kept: str) -> None:
    page.add_init_script(
        f"localStorage['qingdu-settings'] = {json.dumps(kept)}; localStorage['qingdu-places'] = {json.dumps(kept)}"
    )
    go(page, f"{base}en/{LONG}")
    assert [root(page, name) for name in ("theme", "size", "font")] == [None, None, None]
    page.click(".reader-open")
    assert page.locator("#reader-panel [name=theme][value=system]").is_checked()


def test_where_nothing_can_be_kept_choices_hold_on_the_page(base: str, page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    go(page, f"{base}en/{LONG}")
    choose(page, theme="dark", size="6")
    assert (root(page, "theme"), root(page, "size")) == ("dark", "6")
    page.keyboard.press("t")
    assert root(page, "theme") is None
    page.locator(".editions a", has_text="日本語").click()
    page.wait_for_url("**/ja/**")


def test_tabs_agree(base: str, context: BrowserContext) -> None:
    one, other = (go(context.new_page(), f"{base}en/index.html") for _ in range(2))
    other.click(".reader-open")
    choose(one, theme="dark", leading="loose")
    other.wait_for_function("() => document.documentElement.dataset.leading === 'loose'")
    assert root(other, "theme") == "dark"
    assert other.locator("[name=theme][value=dark]").is_checked()
    one.evaluate("document.querySelector('[data-action=mark_all]').click()")
    other.wait_for_selector(".reader-mark")


def test_reset_forgets_the_settings(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    choose(page, theme="sepia", size="7", keys="off", images="off")
    page.click(".reader-open")
    page.click("[data-action=reset]")
    assert say(page) == "Done"
    assert [root(page, name) for name in ("theme", "size", "keys", "images")] == [None] * 4
    assert page.locator("[name=keys]").is_checked()
    assert page.evaluate("localStorage.getItem('qingdu-settings')") is None


# --- the panel itself -----------------------------------------------------------------------------------------


def test_the_panel_keeps_and_gives_back_the_focus(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    door = page.locator(".reader-open")
    door.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Reading settings")
    for _ in range(25):
        page.keyboard.press("Tab")
        assert panel.evaluate(
            "panel => panel.contains(document.activeElement) || document.activeElement === document.body"
        )
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert door.evaluate("door => door === document.activeElement")


def test_radios_and_ranges_follow_the_arrows(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    page.click(".reader-open")
    page.get_by_role("radio", name="System").focus()
    page.keyboard.press("ArrowRight")
    assert root(page, "theme") == "light"
    page.get_by_role("slider", name="Text size").focus()
    page.keyboard.press("ArrowRight")
    assert root(page, "size") == "5"
    page.get_by_role("checkbox", name="Indent paragraphs").focus()
    page.keyboard.press("Space")
    assert root(page, "indent") == "on"
    assert page.get_by_role("group", name="Line length").count() == 1


@pytest.mark.parametrize("edition", ["en", "ar"])
def test_the_panel_fits_a_narrow_window_at_the_largest_text(base: str, page: Page, edition: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    go(page, f"{base}{edition}/{LONG}")
    page.evaluate("qingdu.choose('size', '7')")
    for dialog in ("reader-panel", "reader-help"):
        page.evaluate(f"document.getElementById('{dialog}').showModal()")
        assert page.evaluate(f"(e => e.scrollWidth - e.clientWidth)(document.getElementById('{dialog}'))") == 0
        assert page.evaluate("document.body.scrollWidth - document.documentElement.clientWidth") <= 0
        page.evaluate(f"document.getElementById('{dialog}').close()")


def test_targets_are_large_enough(base: str, page: Page) -> None:
    page.add_init_script(VOICES)
    page.set_viewport_size({"width": 320, "height": 640})
    go(page, f"{base}en/{LONG}")
    page.click(".reader-open")
    small = """[...document.querySelectorAll("button, dialog input, .reader-player input")].filter(e => e.checkVisibility())
        .map(e => [e.className || e.name || e.dataset.action, e.getBoundingClientRect()]).filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"""
    assert page.evaluate(small) == []
    page.click("[data-action=listen]")
    assert page.evaluate(small) == []


def test_the_panel_stands_on_the_far_side_in_right_to_left_editions(base: str, page: Page) -> None:
    for edition, side in (("en", "right"), ("ar", "left")):
        go(page, f"{base}{edition}/index.html")
        page.click(".reader-open")
        box = page.locator("#reader-panel").bounding_box()
        assert box is not None
        assert box["x"] == (0 if side == "left" else 1280 - box["width"])


def violations(page: Page) -> list[str]:
    """What axe-core objects to, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


def look(browser: Browser, address: str, theme: str, width: int) -> list[str]:
    """What axe objects to: panel open, shortcuts open, player and offer shown."""
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(VOICES)
    go(page, address)
    page.evaluate(f"qingdu.choose('theme', '{theme}'); qingdu.choose('images', 'off')")
    found = violations(page)
    for dialog in ("reader-panel", "reader-help"):
        page.evaluate(f"document.getElementById('{dialog}').showModal()")
        found += violations(page)
        page.evaluate(f"document.getElementById('{dialog}').close()")
    page.keyboard.press("l")
    page.keyboard.press("j")
    page.evaluate("qingdu.reader.keepRead([qingdu.reader.article]); qingdu.reader.say('x')")
    found += violations(page)
    context.close()
    return found


def test_the_panel_is_accessible(base: str, browser: Browser) -> None:
    assert look(browser, f"{base}zh-hans/{LONG}", "sepia", 1280) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edition", "theme", "width"),
    [(name, ("light", "sepia", "dark")[n % 3], (320, 1280)[n // 2 % 2]) for n, name in enumerate(EDITIONS)],
)
def test_the_panel_is_accessible_in_every_edition_and_theme(
    base: str, browser: Browser, edition: str, theme: str, width: int
) -> None:
    assert look(browser, f"{base}{edition}/{LONG}", theme, width) == []
    assert look(browser, f"{base}{edition}/index.html", theme, width) == []


def test_without_scripts_nothing_of_the_panel_shows(base: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}en/{LONG}")
    assert page.locator(":is(button, dialog, input):not(.find *)").count() == 0
    assert not page.locator(".reader-door").is_visible()
    context.close()


@pytest.mark.parametrize("lost", ["settings", "panel", "reader", "article"])
def test_a_script_that_does_not_come_breaks_nothing(base: str, browser: Browser, lost: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(re.compile(rf"/{lost}\.js"), lambda route: route.abort())
    page.goto(f"{base}en/{LONG}")
    assert errors == []
    assert page.locator("h1").is_visible()
    assert (page.locator("button:visible:not(.find *)").count() > 0) is (lost == "article")
    context.close()


def test_nothing_of_the_panel_is_printed(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    choose(page, theme="dark", size="7", measure="narrow")
    page.evaluate("qingdu.reader.say('x')")
    page.keyboard.press("j")
    size = page.evaluate(SIZE)
    page.emulate_media(media="print")
    for selector in (".reader-door", ".reader-note", ".reader-link", ".reader-player"):
        assert not page.locator(selector).last.is_visible(), selector
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    assert page.evaluate(SIZE) != size


def test_scripts_are_small(bases: dict[str, str]) -> None:
    folder = Path(bases["file"].removeprefix("file://"))
    files = [*folder.glob("static/*.js"), folder / "ar" / "panel.js"]
    assert {file.name for file in files} >= {"settings.js", "reader.js", "article.js", "panel.js"}
    ours = [
        file for file in files if file.name not in ("search.js", "stored.js", "worker.js")
    ]  # what no page waits for
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in ours) <= 10 * 1024


def test_words_cannot_break_out_of_the_panels_script(tmp_path: Path, context: BrowserContext) -> None:
    own = tmp_path / "content" / "templates"
    own.mkdir(parents=True)
    (own / "_panel.html").write_text('<p id="odd">`${document.title = "broken"}\\` {{ "<b>`${1}" }}</p>', "utf-8")
    build(tmp_path / "content", tmp_path / "site", jobs=1)
    page = context.new_page()
    edition = load_settings(tmp_path / "content").editions[0].slug
    page.goto((tmp_path / "site" / edition / "index.html").as_uri())
    assert page.locator("#odd").text_content() == '`${document.title = "broken"}\\` <b>`${1}'
    assert page.title() != "broken"


# --- shortcuts ------------------------------------------------------------------------------------------------


def test_j_and_k_walk_along_the_titles_of_a_list_and_o_opens(base: str, page: Page) -> None:
    go(page, f"{base}en/index.html")
    titles = page.locator("main .entry :is(h2, h3) a")
    first, second = (titles.nth(number).evaluate("link => link.href") for number in (0, 1))
    seen = []
    for key in "jjkj":
        page.keyboard.press(key)
        seen.append(active(page))
    assert seen == [first, second, first, second]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("o")
    page.wait_for_url(second)


def test_enter_opens_too(base: str, page: Page) -> None:
    go(page, f"{base}en/index.html")
    page.keyboard.press("j")
    wanted = active(page)
    page.keyboard.press("Enter")
    page.wait_for_url(wanted)


def test_j_and_k_walk_along_an_index(base: str, page: Page) -> None:
    go(page, f"{base}en/publishers.html")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert active(page) == page.locator("main a:not(nav a)").nth(1).evaluate("link => link.href")


def test_j_and_k_walk_along_paragraphs(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    blocks = page.locator(".prose > [id]").evaluate_all("blocks => blocks.map(block => block.id)")
    seen = []
    for key in "jjjk":
        page.keyboard.press(key)
        seen.append(active(page))
    assert seen == [blocks[0], blocks[1], blocks[2], blocks[1]]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.prose > [id]').id") == blocks[1]


def test_n_and_p_lead_to_the_neighbours(base: str, page: Page) -> None:
    go(page, f"{base}en/{OTHER}")
    older = page.locator("main a[rel=prev]").evaluate("link => link.href")
    page.keyboard.press("p")
    page.wait_for_url(older)
    page.wait_for_selector(".reader-open")
    page.keyboard.press("n")
    page.wait_for_url(f"**/{OTHER}")


def test_s_changes_the_script_and_then_comes_back(base: str, page: Page) -> None:
    go(page, f"{base}zh-hans/{LONG}")
    for edition in ("zh-tw", "zh-hk", "zh-hans"):
        page.keyboard.press("s")
        page.wait_for_url(f"**/{edition}/{LONG}")
        page.wait_for_selector(".reader-open")


def test_s_changes_the_language_where_there_is_one_script(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    page.keyboard.press("s")
    page.wait_for_url(f"**/zh-hk/{LONG}")


def test_t_changes_the_theme_and_says_which(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    seen = []
    for _ in range(4):
        page.keyboard.press("t")
        seen.append((root(page, "theme"), say(page)))
    assert seen == [("light", "Light"), ("sepia", "Sepia"), ("dark", "Dark"), (None, "System")]


def test_a_slash_leads_to_the_search_box_and_is_not_written_into_it(base: str, page: Page) -> None:
    go(page, f"{base}en/index.html")
    page.evaluate(
        "document.querySelector('[data-search-box]') ?? document.body.insertAdjacentHTML('beforeend', '<input data-search-box aria-label=x>')"
    )
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('[data-search-box]')")
    assert page.locator("[data-search-box]").input_value() == ""


def test_a_question_mark_shows_the_shortcuts_and_escape_closes_them(base: str, page: Page) -> None:
    go(page, f"{base}ja/{LONG}")
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="キーボードショートカット")
    assert help_.is_visible()
    page.keyboard.press("t")
    assert root(page, "theme") is None
    page.keyboard.press("Escape")
    assert not help_.is_visible()


def test_every_key_that_works_is_listed(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    listed = page.locator("#reader-help kbd").all_text_contents()
    assert sorted(listed) == sorted([*page.evaluate("Object.keys(qingdu.reader.keys)"), "Esc"])
    assert set(KEYS) | {"Esc"} == set(listed)


def quiet(page: Page) -> list[Any]:
    """What shortcuts could have changed."""
    return [page.url, root(page, "theme"), page.locator("dialog[open]").count(), page.evaluate("scrollY")]


def test_shortcuts_can_be_switched_off(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    choose(page, keys="off")
    before = [*quiet(page), active(page)]
    for key in KEYS:
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert [*quiet(page), active(page)] == before
    choose(page, keys="on")
    page.keyboard.press("t")
    assert root(page, "theme") == "light"


@pytest.mark.parametrize(
    "field",
    [
        "<input id=x>",
        "<textarea id=x></textarea>",
        "<div id=x contenteditable></div>",
        "<select id=x><option>a</select>",
    ],
)
def test_shortcuts_leave_fields_alone(base: str, page: Page, field: str) -> None:
    go(page, f"{base}en/{LONG}")
    page.evaluate(f"document.querySelector('main').insertAdjacentHTML('afterbegin', {json.dumps(field)})")
    page.focus("#x")
    before = quiet(page)
    page.keyboard.type("jkontspc/?")
    assert quiet(page) == before
    if "select" not in field:
        assert page.evaluate("(e => e.value ?? e.textContent)(document.getElementById('x'))") == "jkontspc/?"


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_shortcuts_leave_modifiers_alone(base: str, page: Page, modifier: str) -> None:
    go(page, f"{base}en/{LONG}")
    before = quiet(page)
    for key in ("j", "t", "o", "s"):
        page.evaluate(
            "([key, held]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code: 'Key' + key.toUpperCase(), bubbles: true, [held]: true}))",
            [key, {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier]],
        )
    assert quiet(page) == before


@pytest.mark.parametrize(
    ("event", "works"),
    [
        ({"key": "ت", "code": "KeyJ"}, True),  # an Arabic keyboard
        ({"key": "о", "code": "KeyJ"}, True),  # a Russian one
        ({"key": "J", "code": "KeyJ"}, True),  # caps lock
        ({"key": "J", "code": "KeyJ", "shiftKey": True}, False),
        ({"key": "j", "code": "KeyJ", "isComposing": True}, False),  # an input method at work
        ({"key": "Process", "code": "KeyJ"}, False),
        ({"key": "toString", "code": ""}, False),
    ],
)
def test_keys_are_known_on_every_keyboard(base: str, page: Page, event: dict[str, Any], works: bool) -> None:
    go(page, f"{base}ar/{LONG}")
    page.evaluate(
        "event => document.body.dispatchEvent(new KeyboardEvent('keydown', {...event, bubbles: true}))", event
    )
    assert (active(page) == "p-1") is works


# --- pictures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_no_picture_is_asked_for_until_the_reader_asks(bases: dict[str, str], page: Page, scheme: str) -> None:
    asked: list[str] = []
    go(page, f"{bases[scheme]}zh-hans/about.html")
    choose(page, images="off")
    page.on(
        "request",
        lambda request: (
            asked.append(request.url) if request.resource_type == "image" and "favicon" not in request.url else None
        ),
    )
    for address in ("index.html", "archive.html", LONG):
        go(page, f"{bases[scheme]}zh-hans/{address}")
        for _ in range(6):
            page.mouse.wheel(0, 900)
            page.wait_for_timeout(60)
    assert asked == []
    shows = page.locator(".reader-picture")
    count = page.locator(".prose img").count()
    assert shows.count() == count > 1
    shows.first.click()
    page.wait_for_function("() => document.querySelector('.prose img').naturalWidth > 0")
    assert len(asked) == 1
    assert shows.count() == count - 1
    choose(page, images="on")
    assert not page.locator(".reader-picture").first.is_visible()
    assert page.locator(".prose img").last.evaluate("image => getComputedStyle(image).display") == "block"


# --- where the reader stopped, and what was read -------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_the_place_is_offered_in_every_edition_and_not_jumped_to(
    bases: dict[str, str], page: Page, scheme: str
) -> None:
    base = bases[scheme]
    go(page, f"{base}zh-hans/{LONG}")
    scroll_to(page, "p-5")
    go(page, f"{base}zh-hans/index.html")
    go(page, f"{base}en/{LONG}")
    offer = page.get_by_role("complementary", name="Your place in this article")
    link = offer.get_by_role("link", name="Continue where you stopped")
    link.wait_for()
    assert page.evaluate("scrollY") == 0
    link.click()
    assert page.url.endswith("#p-5")
    assert abs(page.evaluate("document.getElementById('p-5').getBoundingClientRect().top")) < 40
    offer.wait_for(state="detached")


def test_the_offer_can_be_declined(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    scroll_to(page, "p-5")
    for by_key in (False, True):
        go(page, f"{base}en/{OTHER}")
        go(page, f"{base}en/{LONG}")
        page.wait_for_selector(".reader-continue")
        if by_key:
            page.keyboard.press("Escape")
        else:
            page.click(".reader-continue button")
        assert page.locator(".reader-continue").count() == 0
    go(page, f"{base}en/{OTHER}")
    go(page, f"{base}en/{LONG}#p-3")
    page.wait_for_timeout(200)
    assert page.locator(".reader-continue").count() == 0


def test_an_article_is_read_when_its_end_was_seen(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    scroll_to(page, "p-5")
    name = LONG.split("/")[1].removesuffix(".html")
    assert page.evaluate("[localStorage['qingdu-places'], localStorage['qingdu-read']]") == [
        json.dumps({name: "p-5"}).replace(" ", ""),
        None,
    ]
    page.locator(".prose > [id]").last.evaluate("block => block.scrollIntoView({block: 'end'})")
    page.wait_for_timeout(500)
    assert page.evaluate("[localStorage['qingdu-places'] ?? '', localStorage['qingdu-read']]") == ["", name]
    go(page, f"{base}zh-tw/index.html")
    links = page.locator(f"main a[href='{LONG}']")
    assert links.count() > 0
    assert links.evaluate_all("links => links.every(link => link.nextElementSibling?.textContent === '已讀')")
    assert page.locator(".reader-mark").count() == links.count()


def test_all_of_a_list_can_be_marked_and_forgotten(base: str, page: Page) -> None:
    go(page, f"{base}en/index.html")
    page.click(".reader-open")
    page.click("[data-action=mark_all]")
    titles = page.locator("main :is(.entry :is(h2, h3), .titles li) > a:not([href*='stories/'])")
    assert page.locator(".reader-mark").count() == titles.count() > 10
    page.click("[data-action=forget]")
    assert page.locator(".reader-mark").count() == 0
    assert page.evaluate("localStorage.getItem('qingdu-read')") is None


def test_what_is_remembered_is_bounded(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    page.evaluate("qingdu.reader.keepRead(Array.from({length: 2500}, (_, number) => `article-${number}`))")
    page.evaluate(
        "qingdu.save('places', JSON.stringify(Object.fromEntries(Array.from({length: 300}, (_, n) => [`a${n}`, 'p-9']))))"
    )
    scroll_to(page, "p-5")
    read, places = page.evaluate(
        "[localStorage['qingdu-read'].split('\\n'), Object.keys(JSON.parse(localStorage['qingdu-places']))]"
    )
    assert (len(read), read[-1]) == (2000, "article-2499")
    assert (len(places), places[-1]) == (200, LONG.split("/")[1].removesuffix(".html"))


# --- links ----------------------------------------------------------------------------------------------------


def clipboard(context: BrowserContext, page: Page, base: str) -> str:
    """What was copied."""
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base.rpartition("/repo/")[0])
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_link_to_a_paragraph_is_copied(base: str, context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base.rpartition("/repo/")[0])
    go(page, f"{base}en/{LONG}")
    page.locator("#p-2").hover()
    button = page.get_by_role("button", name="Copy link to this paragraph")
    assert button.evaluate("button => button.closest('[id]').id") == "p-2"
    button.click()
    page.wait_for_selector("text=Link copied")
    assert clipboard(context, page, base) == f"{base}en/{LONG}#p-2"
    button.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function(f"async () => await navigator.clipboard.readText() === '{base}en/{LONG}#p-3'")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_function(f"async () => await navigator.clipboard.readText() === '{base}en/{LONG}#p-4'")
    assert button.count() == 1
    page.click(".reader-open")
    page.click("[data-action=copy]")
    assert clipboard(context, page, base) == f"{base}en/{LONG}"


def test_the_button_of_a_paragraph_is_one_tab_stop_and_leaves_the_text_alone(base: str, page: Page) -> None:
    go(page, f"{base}en/{LONG}")
    texts = page.locator(".prose > [id]").all_text_contents()
    assert "¶" not in "".join(texts)
    assert page.locator(".prose button").count() == 1
    height = page.evaluate("document.querySelector('.prose').offsetHeight")
    for _ in range(3):
        page.keyboard.press("j")
    assert page.evaluate("document.querySelector('.prose').offsetHeight") == height


def test_where_nothing_can_be_copied_the_address_holds_the_link(base: str, page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    go(page, f"{base}en/{LONG}")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_selector("text=address bar")
    assert page.url.endswith("#p-2")


@pytest.mark.parametrize("can", [True, False])
def test_sharing_is_offered_where_the_browser_can(base: str, page: Page, can: bool) -> None:
    page.add_init_script(f"navigator.share = {'async data => { window.shared = data; }' if can else 'undefined'}")
    go(page, f"{base}en/{LONG}")
    page.click(".reader-open")
    share = page.locator("[data-action=share]")
    assert share.is_visible() is can
    if can:
        share.click()
        assert page.evaluate("window.shared.url") == f"{base}en/{LONG}"


# --- reading aloud --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "article", "voice"),
    [
        ("zh-hans", LONG, "zh-CN"),
        ("zh-tw", LONG, "zh-TW"),
        ("zh-hk", LONG, "zh_HK"),
        ("en", LONG, "zh-CN"),  # the article keeps its own script there
        ("en", TAIWAN, "zh-TW"),
        ("ja", "ja", "ja-JP"),
        ("ar", "ar", "ar-SA"),
        ("ar", "en", "en-US"),
    ],
)
def test_the_voice_is_that_of_the_text_and_of_the_device(
    bases: dict[str, str], page: Page, edition: str, article: str, voice: str
) -> None:
    page.add_init_script(VOICES)
    go(page, bases["file"] + (f"{edition}/{article}" if "/" in article else article_in(bases, edition, article)))
    page.keyboard.press("j")
    page.keyboard.press("l")
    assert page.evaluate("[said.at(-1).voice.lang, said.at(-1).voice.localService]") == [voice, True]


def article_in(bases: dict[str, str], edition: str, lang: str) -> str:
    """The page of an article in a language."""
    folder = Path(bases["file"].removeprefix("file://"))
    mark = 'class="prose">' if edition == lang else f'class="prose" lang="{lang}"'
    return next(
        file.relative_to(folder).as_posix()
        for file in sorted((folder / edition / "articles").glob("*.html"))
        if mark in file.read_text("utf-8")
    )


def test_a_mandarin_voice_is_nearer_than_a_cantonese_one(base: str, page: Page) -> None:
    page.add_init_script(VOICES + "speech.voices = [voice('zh-HK'), voice('yue-Hant-HK'), voice('cmn-Hans-CN')]")
    for edition, wanted in (("zh-tw", "cmn-Hans-CN"), ("zh-hans", "cmn-Hans-CN"), ("zh-hk", "zh-HK")):
        go(page, f"{base}{edition}/{LONG}")
        page.keyboard.press("l")
        assert page.evaluate("said.at(-1).voice.lang") == wanted


@pytest.mark.parametrize("voices", ["[]", "[voice('zh-CN', false)]", "[voice('fr-FR')]"])
def test_listening_is_not_offered_without_a_voice_of_the_device(base: str, page: Page, voices: str) -> None:
    page.add_init_script(f"{VOICES} speech.voices = {voices}")
    go(page, f"{base}zh-hans/{LONG}")
    page.click(".reader-open")
    listen = page.locator("[data-action=listen]")
    assert not listen.is_visible()
    page.evaluate(
        "speechSynthesis.voices = [{lang: 'zh-CN', localService: true, default: true}]; speechSynthesis.dispatchEvent(new Event('voiceschanged'))"
    )
    assert listen.is_visible()


def test_paragraphs_are_read_one_by_one_and_shown(base: str, page: Page) -> None:
    page.add_init_script(VOICES)
    go(page, f"{base}zh-hans/{LONG}")
    page.click(".reader-open")
    page.click("[data-action=listen]")
    player = page.get_by_role("region", name="朗读")
    assert player.is_visible()
    assert page.evaluate("document.activeElement.dataset.action") == "pause"
    spoken = page.locator("[data-spoken]")
    assert spoken.evaluate("e => e.tagName") == "H1"
    for block in ("p-1", "p-2", "p-3"):
        page.evaluate("finish()")
        assert spoken.get_attribute("id") == block
    said = page.evaluate("said.map(utterance => utterance.text)")
    assert said[0] == page.locator("h1").inner_text()
    assert not any("¶" in text or "显示图片" in text for text in said)


def test_reading_aloud_pauses_goes_on_and_stops(base: str, page: Page) -> None:
    page.add_init_script(VOICES)
    go(page, f"{base}en/{LONG}")
    page.keyboard.press("l")
    title = page.locator("h1").inner_text()
    page.evaluate("said.at(-1).onboundary({charIndex: 3})")
    pause = page.locator("[data-action=pause]")
    pause.click()
    assert (pause.inner_text(), page.evaluate("said.length")) == ("Resume", 1)
    pause.click()
    assert (pause.inner_text(), page.evaluate("said.at(-1).text")) == ("Pause", title[3:])
    page.get_by_role("slider", name="Speed").fill("1.5")
    assert page.evaluate("said.at(-1).rate") == 1.5
    page.locator("[data-action=stop]").click()
    assert page.locator("[data-spoken]").count() == 0
    assert not page.locator(".reader-player").is_visible()
    count = page.evaluate("said.length")
    page.wait_for_timeout(100)
    assert page.evaluate("said.length") == count


def test_escape_stops_reading_aloud_and_so_does_the_end(base: str, page: Page) -> None:
    page.add_init_script(VOICES)
    go(page, f"{base}en/{OTHER}")
    page.keyboard.press("l")
    page.keyboard.press("Escape")
    assert not page.locator(".reader-player").is_visible()
    page.keyboard.press("l")
    for _ in range(page.locator(".prose > [id]").count() + 1):
        if page.locator(".reader-player").is_visible():
            page.evaluate("finish()")
    assert not page.locator(".reader-player").is_visible()
    assert page.locator("[data-spoken]").count() == 0
