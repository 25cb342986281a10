"""WCAG 2.2 AA in Chromium: axe-core on every page type, edition, theme and width; reflow, text spacing, targets, focus."""

from __future__ import annotations

from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.sites.browsing import ARTICLES, KINDS, Places
from tests.sites.editions import EDITIONS as ALL

EDITIONS = [edition.slug for edition in ALL]
THEMES = ("light", "dark", "sepia")
WIDTHS = (390, 1280)
#: The size of targets is new in WCAG 2.2, and axe-core leaves it out unless asked.
RULES = {"rules": {"target-size": {"enabled": True}}}
#: What a reader's own style sheet may ask for (WCAG 1.4.12).
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }"
pytestmark = pytest.mark.browser


def violations(page: Page) -> list[str]:
    """What axe-core objects to, one line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['target']}" for one in found for node in one["nodes"]]


def look(
    places: Places, browser: Browser, edition: str, theme: str, looks: list[tuple[str, int]]
) -> dict[str, list[str]]:
    """Check pages (kind, width) in a theme: dark as the system's wish, sepia as the reader's choice."""
    context = browser.new_context(color_scheme="dark" if theme == "dark" else "light", bypass_csp=True)
    page, found = context.new_page(), {}
    for kind, width in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(places.addresses["http"] + places.pages(edition)[kind])
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        found[f"{kind} at {width}"] = violations(page)
    context.close()
    return {kind: lines for kind, lines in found.items() if lines}


def test_pages_are_accessible(places: Places, browser: Browser) -> None:
    assert look(places, browser, "zh-hans", "light", [("article", 1280), ("home", 390)]) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("edition", "theme"), [(name, THEMES[n % len(THEMES)]) for n, name in enumerate(EDITIONS)])
def test_every_page_type_is_accessible(places: Places, browser: Browser, edition: str, theme: str) -> None:
    """15 page types × 6 editions, in turns in each theme and at each width: 90 of 540 looks, since one takes a second."""
    looks = product([*KINDS, *ARTICLES], WIDTHS)
    turn = EDITIONS.index(edition) + THEMES.index(theme)
    chosen = [one for number, one in enumerate(looks) if (number // 2 + number + turn) % 2]
    assert len(chosen) == len(KINDS) + len(ARTICLES)
    assert look(places, browser, edition, theme, chosen) == {}


@pytest.mark.slow
def test_control_the_accessibility_check_bites(browser_page: Page) -> None:
    browser_page.set_content(
        '<html><body><img src="x.png"><p style="color:#ccc;background:#fff">pale</p>'
        '<p><a href="#a" style="font-size:8px">a</a><br><a href="#b" style="font-size:8px">b</a></p></body></html>'
    )
    assert {line.partition(":")[0] for line in violations(browser_page)} >= {
        "image-alt",
        "color-contrast",
        "html-has-lang",
        "target-size",
    }


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["zh-tw", "en", "ar"])
def test_text_may_be_spaced_and_enlarged(places: Places, browser: Browser, edition: str) -> None:
    """With more space between letters and at 400 % (320 px) nothing is cut off and nothing has to be scrolled sideways."""
    context = browser.new_context(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page, wrong = context.new_page(), []
    for kind, path in places.pages(edition).items():
        page.goto(places.addresses["http"] + path)
        page.add_style_tag(content=SPACING)
        wrong += page.evaluate(
            """kind => {
                const root = document.documentElement, found = [];
                if (root.scrollWidth > root.clientWidth) found.push(`${kind}: ${root.scrollWidth} px wide`);
                for (const e of document.querySelectorAll("h1, h2, h3, dt, dd, summary, caption, .meta > *, .prose p")) {
                    const cut = e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible";
                    if (cut) found.push(`${kind}: ${e.tagName} is cut off`);
                }
                return found;
            }""",
            kind,
        )
    context.close()
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["zh-hans", "ar"])
def test_focus_is_seen_and_not_hidden(places: Places, browser: Browser, edition: str) -> None:
    """By keyboard through the front page on a phone: each focused thing is in the window, with an outline, on top."""
    context = browser.new_context(viewport={"width": 390, "height": 700}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(places.addresses["http"] + f"{edition}/index.html")
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const e = document.activeElement, box = e.getClientRects()[0], style = getComputedStyle(e);
                const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, y = (box.top + box.bottom) / 2;
                const top = document.elementFromPoint(x, y);
                return [e.textContent.trim(), style.outlineStyle !== "none", !!top && (e.contains(top) || top.contains(e))];
            }"""
        )
        assert seen[1:] == [True, True], seen
    context.close()


@pytest.mark.slow
def test_whoever_wants_no_motion_gets_none(places: Places, browser: Browser) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        context = browser.new_context(reduced_motion=wish)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(places.addresses["http"] + "en/index.html")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
        context.close()


def test_zoom_is_never_locked(places: Places) -> None:
    for page in places.site.pages:
        (viewport,) = places.site.tree(page).cssselect('meta[name="viewport"]')
        assert viewport.get("content") == "width=device-width, initial-scale=1"


def test_landmarks_have_names_of_their_own(places: Places) -> None:
    """Several navigations on a page are told apart by what they are called."""
    for page in places.site.pages:
        names = [nav.get("aria-label") for nav in places.site.tree(page).cssselect("nav")]
        assert None not in names, page
        assert len(names) == len(set(names)), (page, names)
