"""Reading without a network, in Chromium: what is kept, what is saved, how it renews itself and how it goes away."""

from __future__ import annotations

import functools
import gzip
import json
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator import assets
from generator.build import build
from generator.pages.offline import SHELL
from tests.conftest import ROOT
from tests.sites.browsing import Host
from tests.test_stories import FERRY, FERRY_TOO

#: Two reports of one event, so that there is a story.
HEADS = (
    "https://www.islandtimes.example/news/b5/2026/10/13/1019304.html",
    "http://www.almarsa.example/zh/%E5%81%A5%E5%BA%B7/20261013-%E6%B8%A1%E8%88%B9",
)
ARTICLES = re.compile(r'href="\.\./(articles/[^"]+)"')


class Server:
    """A server that can be taken away and comes back under the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.start()

    def start(self) -> None:
        """Answer (again)."""
        handler = functools.partial(Fresh, directory=str(self.folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Answer nobody."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        """Where it answers, with a slash at its end."""
        return f"http://127.0.0.1:{self.port}/"


class Fresh(Host):
    """A host whose files may change within a second."""

    def end_headers(self) -> None:
        """Ask that nothing is kept unasked."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, built once."""
    root = tmp_path_factory.mktemp("offline")
    shutil.copytree(ROOT / "content", root / "content")
    articles = root / "content/newsroom-archive/articles"
    for number, (folder, head, (title, text)) in enumerate(zip(("岛屿时报", "泊锚"), HEADS, (FERRY, FERRY_TOO), strict=True)):  # fmt: skip
        (articles / folder).mkdir(exist_ok=True)
        file = articles / folder / f"120500{number}_{title}.md"
        body = f'<img src="../../images/radio.webp"><div class="article_right t-content__body"><p>{text}</p></div>'
        file.write_text(f"<!--1791856800000-->\n[{title}]({head})\n------\n\n{body}", "utf-8")
    build(root / "content", root / "site", jobs=1)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A folder that is served, with a copy of the site below /repo/."""
    shutil.copytree(made / "site", tmp_path / "repo")
    return tmp_path


@pytest.fixture
def server(root: Path) -> Iterator[Server]:
    """The server of that folder."""
    running = Server(root)
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own."""
    with profile(browser) as fresh:
        yield fresh


@contextmanager
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A profile in which no script may fail."""
    made = browser.new_context(bypass_csp=False)
    errors: list[str] = []
    made.on("weberror", lambda error: errors.append(str(error.error)))
    yield made
    made.close()
    assert errors == []


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds, on a slow machine longer; Playwright's own way needs `eval`, which pages forbid."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def go(page: Page, address: str) -> Page:
    """Open a page and wait for the worker."""
    page.goto(address)
    until(page, "navigator.serviceWorker.controller !== null")
    return page


def busiest_day(site: Path, edition: str = "en") -> str:
    """The day's page with the most pictures among its articles."""

    def pictures(day: Path) -> int:
        found = set(ARTICLES.findall(day.read_text("utf-8")))
        return sum((site / edition / path).read_text("utf-8").count("<img") for path in found)

    return "days/" + max((site / edition / "days").glob("*.html"), key=pictures).name


def articles_of(site: Path, path: str, edition: str = "en") -> list[str]:
    """The articles in the main part of a list."""
    text = (site / edition / path).read_text("utf-8")
    return sorted(set(ARTICLES.findall(text[text.index("<main") : text.index("</main>")])))


def save(page: Page) -> None:
    """Press the button of a list and wait until it is done."""
    page.locator(".page-title .offline button").click()
    expect(page.locator(".page-title .offline [role=status]")).to_contain_text("Pages saved")
    expect(page.locator(".page-title .offline button")).to_be_enabled()


def broken(page: Page) -> list[str]:
    """The pictures of a page that do not come."""
    return list(
        page.evaluate("""async () => {
            for (const image of document.images) image.loading = "eager";
            await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
            return [...document.images].filter(image => !image.naturalWidth).map(image => image.src);
        }""")
    )


def cached(page: Page) -> dict[str, list[str]]:
    """Name of each cache -> the paths in it."""
    found: dict[str, list[str]] = (
        page.evaluate("""async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
        async name => [name, (await (await caches.open(name)).keys()).map(key => new URL(key.url).pathname)])))""")
    )
    return found


@pytest.mark.browser
def test_what_was_read_and_saved_is_there_without_a_network(
    root: Path, server: Server, context: BrowserContext
) -> None:
    page, base, site = context.new_page(), f"{server.address}repo/", root / "repo"
    day = busiest_day(site)
    inside = articles_of(site, day)
    read = [path for path in articles_of(site, "archive.html") or sorted(f"articles/{f.name}" for f in (site / "en/articles").glob("*.html")) if path not in inside][:3]  # fmt: skip
    go(page, f"{base}en/index.html")
    for path in read:
        page.goto(f"{base}en/{path}")
        assert broken(page) == []
    go(page, f"{base}en/{day}")
    save(page)
    go(page, f"{base}en/search.html?q=ship")
    expect(page.locator(".search [role=status]")).to_contain_text("found")
    server.stop()
    for path in [*read, day, *inside]:
        page.goto(f"{base}en/{path}")
        title = re.search(r"<title>(.*?)</title>", (site / "en" / path).read_text("utf-8"))
        assert title is not None
        assert page.title() == unescape(title[1])
        assert broken(page) == [], path
        assert page.evaluate("getComputedStyle(document.body).fontFamily") != "serif"
    page.goto(f"{base}en/search.html?q=ship")
    expect(page.locator(".search [role=status]")).to_contain_text("found")
    page.fill("#search-box", "observatory")
    expect(page.locator(".search [role=status]")).to_contain_text("can be looked up again")
    page.goto(f"{base}en/publishers.html")
    assert page.url.startswith(f"{base}en/offline.html#en/publishers.html")
    expect(page.locator("[data-offline]")).to_contain_text("not stored")
    expect(page.locator("[data-offline] .index a")).to_have_count(1)
    server.start()
    page.get_by_role("link", name="Try again").click()
    expect(page).to_have_url(f"{base}en/publishers.html")


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["topics", "stories"])
def test_topics_and_stories_can_be_saved_and_removed(
    kind: str, root: Path, server: Server, context: BrowserContext
) -> None:
    page, base, site = context.new_page(), f"{server.address}repo/", root / "repo"
    path = next(f"{kind}/{file.name}" for file in sorted((site / "en" / kind).glob("*.html")) if 'href="../articles/' in file.read_text("utf-8"))  # fmt: skip
    save(go(page, f"{base}en/{path}"))
    name = f"qingdu /repo/ set en/{path}"
    kept = cached(page)[name]
    assert {f"/repo/en/{one}" for one in articles_of(site, path)} <= set(kept)
    assert any("/media/" in one for one in kept)
    go(page, f"{base}en/offline.html")
    expect(page.locator("[data-offline]")).to_contain_text("Pages stored")
    page.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.locator("[data-offline] .index")).to_have_count(0)
    assert name not in cached(page)


@pytest.mark.browser
def test_what_changes_arrives(root: Path, server: Server, context: BrowserContext) -> None:
    """After a rebuild: in a page that is visited, and in a saved set that is renewed without visiting its pages."""
    page, base, site = context.new_page(), f"{server.address}repo/", root / "repo"
    day = busiest_day(site)
    path = articles_of(site, day)[0]
    save(go(page, f"{base}en/{day}"))
    file = site / "en" / path
    file.write_text(file.read_text("utf-8").replace("<h1", "<p>A correction.</p><h1", 1), "utf-8")
    style = site / "worker.js"
    style.write_text(style.read_text("utf-8") + "// another shell\n", "utf-8")
    go(page, f"{base}en/offline.html")
    page.get_by_role("button", name="Update all").click()
    expect(page.get_by_role("button", name="Update all")).to_be_enabled()
    until(page, "async () => !(await navigator.serviceWorker.getRegistration()).waiting")
    server.stop()
    page.goto(f"{base}en/{path}")
    expect(page.locator("main")).to_contain_text("A correction.")
    server.start()


@pytest.mark.browser
def test_what_was_read_long_ago_goes_and_what_was_saved_stays(
    root: Path, server: Server, context: BrowserContext
) -> None:
    page, base, site = context.new_page(), f"{server.address}repo/", root / "repo"
    day = busiest_day(site)
    go(page, f"{base}en/index.html")
    page.goto(f"{base}en/topics.html")
    save(go(page, f"{base}en/{day}"))
    assert "/repo/en/topics.html" in cached(page)["qingdu /repo/ read"]
    context.service_workers[0].evaluate("const now = Date.now; Date.now = () => now() + 31 * 864e5")
    page.goto(f"{base}en/about.html")
    until(page, "async () => !(await (await caches.open('qingdu /repo/ read')).match('/repo/en/topics.html'))")
    kept = cached(page)
    assert f"/repo/en/{articles_of(site, day)[0]}" in kept[f"qingdu /repo/ set en/{day}"]
    assert "/repo/en/about.html" in kept["qingdu /repo/ read"]


@pytest.mark.browser
def test_two_sites_on_one_host_and_off(root: Path, made: Path, server: Server, context: BrowserContext) -> None:
    """A site that is switched off takes its worker and its caches away, and leaves the neighbour alone."""
    shutil.copytree(root / "repo", root / "other")
    page = context.new_page()
    for site in ("repo", "other"):
        go(page, f"{server.address}{site}/en/index.html")
        go(page, f"{server.address}{site}/en/about.html")
    names = set(cached(page))
    assert {name.split()[1] for name in names} == {"/repo/", "/other/"}
    shutil.copytree(made / "content", root / "content")
    settings = root / "content" / "site.toml"
    settings.write_text("offline = false\n" + settings.read_text("utf-8"), "utf-8")
    build(root / "content", root / "repo-off", jobs=1)
    shutil.rmtree(root / "repo")
    (root / "repo-off").rename(root / "repo")
    assert not (root / "repo/en/offline.html").exists()
    assert not (root / "repo/en/manifest.webmanifest").exists()
    page.goto(f"{server.address}repo/en/index.html")
    until(page, "async () => (await navigator.serviceWorker.getRegistrations()).length === 1")
    assert set(cached(page)) == {name for name in names if "/other/" in name}
    page.goto(f"{server.address}repo/en/about.html")
    assert page.evaluate("navigator.serviceWorker.controller") is None
    assert "worker-src" not in page.content()


@pytest.mark.browser
def test_the_page_of_what_is_stored_is_accessible(server: Server, root: Path, browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True)
    page, base = context.new_page(), f"{server.address}repo/"
    go(page, f"{base}en/index.html")
    save(go(page, f"{base}en/{busiest_day(root / 'repo')}"))
    for path in (busiest_day(root / "repo"), "offline.html#en/nowhere.html"):
        page.goto(f"{base}en/{path}")
        page.wait_for_selector(".offline button")
        found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
        assert [(one["id"], one["nodes"][0]["target"]) for one in found] == []
    context.close()


@pytest.mark.browser
def test_a_hostile_place_to_try_again_is_not_offered(server: Server, context: BrowserContext) -> None:
    page, base = context.new_page(), f"{server.address}repo/"
    go(page, f"{base}en/index.html")
    for place in ("javascript:alert(1)", "//evil.example/", "../outside.html", "<img src=x>"):
        page.goto("about:blank")
        page.goto(f"{base}en/offline.html#{place}")
        expect(page.locator("[data-offline]")).to_contain_text("Pages stored")
        links = page.locator("[data-offline] .nothing a")
        assert all(str(one).startswith(base) for one in links.evaluate_all("all => all.map(a => a.href)")), place


@pytest.mark.browser
def test_nothing_happens_in_a_folder_and_in_the_preview(root: Path, server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto((root / "repo/en/offline.html").as_uri())
    expect(page.locator("[data-offline]")).to_contain_text("needs scripts")
    page.route("**/*.html", lambda route: route.fulfill(body=(root / "repo/en/about.html").read_text("utf-8").replace("</head>", '<script src="/livereload.js" defer></script></head>'), content_type="text/html"))  # fmt: skip
    page.goto(f"{server.address}repo/en/about.html")
    page.wait_for_selector(".reader-open")
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_the_worker_knows_every_script_and_style_and_no_article(made: Path) -> None:
    static = {file.name for file in (ROOT / "static").iterdir() if file.suffix in (".css", ".js", ".svg")}
    assert set(SHELL) == static - {"worker.js"}
    worker = (made / "site/worker.js").read_text("utf-8")
    for address in re.findall(r'"(static/[^"]+)\?v=\w{8}"', worker):
        assert (made / "site" / address).is_file()
    assert "articles" not in worker


def test_the_worker_changes_with_the_shell_alone(made: Path, tmp_path: Path) -> None:
    content = shutil.copytree(made / "content", tmp_path / "content")
    post = content / "goodnews" / "one-more.md"
    post.write_text("# One more\n\nSomething happened in the harbour today, and nobody knows why it did.\n", "utf-8")
    build(content, tmp_path / "site", jobs=1)
    worker = (made / "site/worker.js").read_bytes()
    assert (tmp_path / "site/worker.js").read_bytes() == worker
    (content / "static").mkdir()
    (content / "static" / "site.css").write_text("body { color: red }\n", "utf-8")
    build(content, tmp_path / "site", jobs=1)
    assert (tmp_path / "site/worker.js").read_bytes() != worker


def test_the_site_can_be_installed(made: Path) -> None:
    for edition in ("zh-hans", "zh-tw", "en"):
        manifest = json.loads((made / "site" / edition / "manifest.webmanifest").read_text("utf-8"))
        assert manifest["name"]
        assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("index.html", "../", "standalone")
        for icon in manifest["icons"]:
            assert (made / "site" / edition / icon["src"].partition("?")[0]).resolve().is_file()
        assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


def test_the_scripts_are_small(made: Path) -> None:
    def weight(path: str) -> int:
        return len(gzip.compress((made / "site" / path).read_bytes(), 9))

    assert weight("static/offline.js") <= 1536
    assert weight("static/stored.js") <= 1024
    assert weight("static/worker.js") <= 2200


def test_only_comments_and_indents_leave_a_script() -> None:
    script = b'// one\n  /** two */\n  say("// three"); // four\n\t// five\n  go(`http://six`);\nlast()'
    assert assets.bare(script) == b'say("// three"); // four\ngo(`http://six`);\nlast()'


@pytest.mark.parametrize("file", sorted((ROOT / "static").glob("*.js")), ids=lambda file: file.name)
def test_no_script_of_ours_has_a_text_of_several_lines(file: Path) -> None:
    """So that what looks like a comment is one."""
    assert [line for line in file.read_text("utf-8").splitlines() if line.count("`") % 2 or line.endswith("\\")] == []
    assert not re.search(r"/\*(?!\*)", file.read_text("utf-8"))
