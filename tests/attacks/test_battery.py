"""The battery built into a site: no page, list, feed or sitemap holds an attack, a tracker or a trick; and it bites."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from lxml import etree
from playwright.sync_api import Browser, Dialog, Page, Request

from generator.build import build
from generator.models import Body, LeftOut, Report
from generator.sanitizer import TAGS
from tests.attacks import battery, trackers
from tests.attacks.battery import Case
from tests.sites.checks import Site, dangers, elements, first, parse, skeleton_faults, tag_of, text_of

pytestmark = pytest.mark.slow
CASES = battery.cases()
#: Hosts from which pictures may come in the battery, and where links may lead.
PICTURES = {"pictures.example", "daily.example", "i0.wp.com", "miro.medium.com"}
#: Controls, turns of direction, and characters that take no room: no page shows them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


@dataclass
class Built:
    """A built battery."""

    site: Site
    report: Report

    @cached_property
    def articles(self) -> dict[str, str]:
        """Path of a document -> the page of its article."""
        known = {case.path for case in CASES}
        pages = [page for page in self.site.pages if page.startswith("en/articles/")]
        return {
            code: page for page in pages for code in map(text_of, self.site.tree(page).iter("code")) if code in known
        }

    def page_of(self, case: Case) -> str:
        """The page that holds the words of a document (its path may be shown with escapes)."""
        if case.path in self.articles:
            return self.articles[case.path]
        return next(page for page, text in self.texts.items() if case.words[0] in text)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The visible text of every article page."""
        pages = [page for page in self.site.pages if page.startswith("en/articles/")]
        return {page: text_of(self.site.tree(page)) for page in pages}


def built(folder: Path, cases: list[Case]) -> Built:
    """Write and build some of the battery."""
    battery.write(folder / "content", cases)
    report = build(folder / "content", folder / "public", jobs=1)
    return Built(Site(folder / "public"), report)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Yield the whole battery, built."""
    return built(tmp_path_factory.mktemp("attacked"), CASES)


def test_the_battery_is_large_and_no_document_is_lost(attacked: Built) -> None:
    assert len({case.path for case in CASES}) == len(CASES) >= 600
    assert [one for one in attacked.report.left_out if one.reason == "fault"] == []
    assert [ascii(one) for one in attacked.report.left_out] == []
    assert attacked.report.articles == len(CASES)


def test_no_page_holds_anything_that_runs_loads_or_sends(attacked: Built) -> None:
    found = {page: faults for page in attacked.site.pages if (faults := dangers(attacked.site.markup(page)))}
    assert found == {}


def test_every_page_is_whole_and_carries_the_policy(attacked: Built) -> None:
    pages = attacked.site.pages[::4]
    found = {page: faults for page in pages if (faults := skeleton_faults(attacked.site, page))}
    assert found == {}


def test_every_file_of_data_parses_strictly(attacked: Built) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    seen = 0
    for path in attacked.site.paths:
        data = (attacked.site.folder / path).read_bytes()
        if path.endswith((".xml", ".svg", ".atom", ".rss")):
            tree = etree.fromstring(data, parser)
            assert not [
                e for e in tree.iter() if str(e.tag).endswith(("}evil", "}script")) or e.tag in ("evil", "script")
            ]
            seen += 1
        elif path.endswith(".json"):
            json.loads(data)
    assert seen


def faults_of_fragment(markup: str) -> list[str]:
    """What stands in a piece of HTML that a feed or a book shows and no sanitised article has."""
    tree = parse(f"<div>{markup}</div>")
    inside = [element for element in elements(tree) if element.tag not in ("html", "body", "div", "head")]
    faults = [f"<{tag_of(element)}>" for element in inside if element.tag not in TAGS]
    for element in inside:
        faults += [
            f"{name} on <{tag_of(element)}>" for name in element.attrib if name.startswith("on") or name == "style"
        ]
        for name in ("href", "src"):
            scheme = urlsplit(element.get(name, "").strip()).scheme
            faults += [f"{name}={scheme}:"] if scheme not in ("", "http", "https", "mailto", "tag") else []
    return faults


def test_what_feeds_hold_is_sanitised(attacked: Built) -> None:
    faults: dict[str, list[str]] = {}
    seen = 0
    for path in attacked.site.paths:
        if "/feeds/" in path and path.endswith(".xml"):
            tree = etree.fromstring((attacked.site.folder / path).read_bytes())
            bodies = [str(e.text) for e in tree.iter("{http://www.w3.org/2005/Atom}content")]
        elif "/feeds/" in path and path.endswith(".json"):
            bodies = [item["content_html"] for item in json.loads(attacked.site.markup(path))["items"]]
        else:
            continue
        seen += len(bodies)
        if found := [fault for body in bodies for fault in faults_of_fragment(body)]:
            faults[path] = found
    assert seen > 200
    assert faults == {}


def test_chapters_of_books_are_sanitised(attacked: Built) -> None:
    seen = 0
    for path in attacked.site.paths:
        if not path.endswith(".epub"):
            continue
        with ZipFile(attacked.site.folder / path) as book:
            assert not [name for name in book.namelist() if name.startswith("/") or ".." in name]
            for name in book.namelist():
                if name.endswith((".xhtml", ".opf", ".ncx", ".xml")):
                    tree = etree.fromstring(book.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
                    names = {etree.QName(e).localname for e in tree.iter() if isinstance(e.tag, str)}
                    assert not names & {"script", "iframe", "object", "form", "svg", "math", "evil"}, (path, name)
                    keys = {key for e in tree.iter() for key in e.attrib if isinstance(e.tag, str)}
                    assert not [key for key in keys if key.lower().startswith("on")], (path, name)
                    addresses = [
                        e.get(key, "") for e in tree.iter() for key in ("href", "src") if isinstance(e.tag, str)
                    ]
                    assert not [one for one in addresses if one.lower().startswith(("javascript", "data", "vbscript"))]
                    seen += 1
    assert seen > 20


def test_pictures_come_from_where_the_articles_have_them(attacked: Built) -> None:
    for page in attacked.site.pages:
        for image in elements(attacked.site.tree(page), "img"):
            host = urlsplit(image.get("src", "")).hostname
            assert host is None or host in PICTURES, (page, image.get("src"))


def test_no_address_leads_to_whoever_counts_or_attacks(attacked: Built) -> None:
    """Links to evil.example as such are links; none may come from what is no link."""
    for page in attacked.site.pages:
        for element, address in attacked.site.links(page):
            assert "count.example" not in address.lower(), (page, address)
            assert element.tag == "a" or "evil.example" not in address, (page, address)


def test_links_away_cannot_reach_back(attacked: Built) -> None:
    for page in attacked.site.pages:
        for link in elements(attacked.site.tree(page), "a"):
            if urlsplit(link.get("href", "")).scheme in ("http", "https"):
                assert {"noopener", "noreferrer", "nofollow"} <= set(link.get("rel", "").split()), (
                    page,
                    link.get("href"),
                )
                assert link.get("target") is None


def test_ids_of_documents_cannot_stand_for_ours(attacked: Built) -> None:
    for page in attacked.site.pages:
        prose = first(attacked.site.tree(page), ".prose")
        for element in elements(prose) if prose is not None else ():
            if (name := element.get("id")) is not None:
                assert re.fullmatch(r"a-[\w.:-]+|p-\d+", name), (page, name)


def test_nothing_unseen_is_shown(attacked: Built) -> None:
    found = {
        page: set(map(ascii, _UNSEEN.findall(unescape(attacked.site.markup(page))))) for page in attacked.site.pages
    }
    assert {page: controls for page, controls in found.items() if controls} == {}


def test_paths_of_the_site_are_plain(attacked: Built) -> None:
    assert [
        path for path in attacked.site.paths if not re.fullmatch(r"[A-Za-z0-9/._-]{1,150}", path) or ".." in path
    ] == []


def test_harmless_words_beside_an_attack_survive(attacked: Built) -> None:
    lost = [case.name for case in CASES for words in case.words if words not in attacked.texts[attacked.page_of(case)]]
    assert lost == []


def test_links_are_freed_of_what_reports(attacked: Built) -> None:
    wanted = {unescape(address) for address in trackers.REPORTING.values()}
    for case in CASES:
        if case.name.startswith("links in"):
            prose = first(attacked.site.tree(attacked.page_of(case)), ".prose")
            assert prose is not None
            shown = {a.get("href", "") for a in elements(prose, "a")}
            assert wanted <= shown, (case.name, wanted - shown)


def test_pictures_that_are_pictures_stay(attacked: Built) -> None:
    wanted = {re.sub(r"\A//", "https://", unescape(address)) for address in trackers.PICTURES}
    for case in CASES:
        if case.name.startswith("links in"):
            shown = {image.get("src") for image in elements(attacked.site.tree(attacked.page_of(case)), "img")}
            assert wanted <= shown, (case.name, wanted - shown)


def test_nothing_is_evaluated(attacked: Built) -> None:
    shown = [text for text in attacked.texts.values() if "{{ 7*7 }}" in text]
    assert len(shown) >= 3
    assert "${7*7}" in "".join(attacked.texts.values())


# --- in the browser -------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """A page and everything that happened on it that no page of ours does."""

    page: Page
    inside: str
    bypass: bool = True
    happened: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note dialogs, requests that are not ours, and errors."""
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.happened.append(f"window from {self.page.url}"))
        self.page.on("download", lambda download: self.happened.append(f"download from {self.page.url}"))
        self.page.on("request", self._request)
        self.page.route(re.compile("^https?:"), lambda route: route.abort())

    def _dialog(self, dialog: Dialog) -> None:
        self.happened.append(f"dialog on {self.page.url}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        away = request.resource_type != "image" or urlsplit(request.url).hostname not in PICTURES
        if away and not request.url.startswith(self.inside):
            self.happened.append(f"{self.page.url} asks for {request.resource_type} {request.url[:80]}")

    def visit(self, address: str) -> None:
        """Open a page and see whether it stays where it is and leaves no mark."""
        self.page.goto(address, wait_until="domcontentloaded")
        if self.page.evaluate("window.__x"):
            self.happened.append(f"a script ran on {address}")
        if self.page.url != address:
            self.happened.append(f"{address} leads away")


@pytest.fixture(params=["with the policy", "without the policy"])
def watched(request: pytest.FixtureRequest, browser: Browser, attacked: Built) -> Iterator[Watch]:
    """Yield a watched page, of a browser that obeys the content security policy and of one that does not."""
    context = browser.new_context(bypass_csp=request.param == "without the policy")
    watch = Watch(context.new_page(), attacked.site.folder.as_uri(), request.param == "without the policy")
    watch.listen()
    yield watch
    context.close()


def opened(attacked: Built) -> list[str]:
    """The pages that a browser opens: each attack and tracker in one shape, and of what stands in heads each third."""
    shapes = {case.name.rpartition(" in ")[0]: case for case in battery.bodies()}
    chosen = [*shapes.values(), *battery.links(), *list(battery.heads())[::3]]
    lists = ["en/index.html", "en/archive.html", "en/search.html", "en/feeds.html"]
    return [*dict.fromkeys(map(attacked.page_of, chosen)), *(page for page in lists if page in attacked.site.pages)]


def test_a_browser_finds_nothing_to_run(attacked: Built, watched: Watch) -> None:
    for page in opened(attacked)[:: 1 if watched.bypass else 12]:
        watched.visit(f"{watched.inside}/{page}")
    assert watched.happened == []


#: What a browser's own parser makes of a page, checked there: tags, attributes and schemes outside of the list.
_BY_THE_BROWSER = """([pages, tags, attributes]) => pages.flatMap(([name, markup]) => {
    const found = [];
    for (const element of new DOMParser().parseFromString(markup, "text/html").querySelectorAll("*")) {
        const tag = element.localName;
        if (!tags.includes(tag) || element.namespaceURI !== "http://www.w3.org/1999/xhtml") found.push(`${name}: <${tag}>`);
        for (const {name: key, value} of element.attributes) {
            if (!attributes.includes(key) && !key.startsWith("data-") && !key.startsWith("aria-")) found.push(`${name}: ${key} on <${tag}>`);
            if (["href", "src", "action"].includes(key)) {
                const scheme = new URL(value, "https://own.example/").protocol;
                if (!["http:", "https:", "mailto:"].includes(scheme)) found.push(`${name}: ${value}`);
            }
        }
    }
    return found;
})"""
_TAGS = """html head meta title link script body a header nav ul ol li div p img main article section h1 h2 h3 h4 dl dt dd bdi time span
    small footer details summary code em strong b i u s sub sup q cite abbr mark ruby rt rp blockquote figure figcaption table tbody thead
    tr td th pre hr br ins del caption button input label form search select option output template kbd""".split()
_ATTRIBUTES = """lang dir charset http-equiv content name rel href hreflang type src defer class id alt width height loading decoding
    referrerpolicy datetime colspan rowspan scope start sizes media title role hidden tabindex value for open property
    action placeholder autocapitalize autocomplete enterkeyhint disabled selected spellcheck maxlength translate""".split()


def test_the_browsers_own_parser_agrees(attacked: Built, browser_page: Page) -> None:
    """The prose of every page, read by the parser that the reader's browser has."""
    prose = [(page, attacked.site.markup(page)) for page in attacked.site.pages]
    for start in range(0, len(prose), 200):
        assert browser_page.evaluate(_BY_THE_BROWSER, [prose[start : start + 200], _TAGS, _ATTRIBUTES]) == []


# --- the proof that the battery bites -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Yield the attacks on bodies, built with cleaning and sanitizing switched off."""
    patch = pytest.MonkeyPatch()
    whole = _finish_whole()
    patch.setattr("generator.collecting.finish", whole)
    result = built(
        tmp_path_factory.mktemp("unguarded"),
        [case for case in CASES if re.match(r"(?!saying)[a-z-]+ \d+ in ", case.name)],
    )
    patch.undo()
    return result


def _finish_whole() -> Callable[..., object]:
    """The last stride of cleaning, but the article's HTML is what its document holds."""
    from generator.cleaning import finish

    def careless(prepared: object, *rest: object) -> object:
        result = finish(prepared, *rest)  # type: ignore[arg-type]
        if isinstance(result, LeftOut):
            return result
        return replace(result, body=Body(prepared.draft.html, result.text, result.removals))  # type: ignore[attr-defined]

    return careless


def test_control_without_the_sanitizer_most_attacks_are_found(unguarded: Built) -> None:
    pages = [page for page in unguarded.site.pages if page.startswith("en/articles/")]
    bitten = [page for page in pages if dangers(unguarded.site.markup(page))]
    assert len(pages) > 300
    assert len(bitten) > 0.95 * len(pages)


def test_control_without_the_sanitizer_scripts_run(unguarded: Built, browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True)
    pages = [page for page in unguarded.site.pages if page.startswith("en/articles/")][::10]
    ran = 0
    for page in pages:
        watch = Watch(context.new_page(), unguarded.site.folder.as_uri())
        watch.listen()
        watch.visit(f"{watch.inside}/{page}")
        watch.page.wait_for_timeout(30)
        ran += bool(watch.happened or watch.page.evaluate("window.__x"))
        watch.page.close()
    context.close()
    assert ran > 0.4 * len(pages), (ran, len(pages))
