"""What pages say of themselves to machines, and that the lists a reader has left behind stay as they are."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.build import build
from generator.locales import known_locales, load_locale
from generator.pages.archive import shade
from tests.conftest import ROOT
from tests.sites.checks import Site, dead_links, skeleton_faults, text_of
from tests.sites.editions import EDITIONS, in_every_language
from tests.test_site import write_posts

BASE = "https://news.example/reader/"
HOSTILE = "</script><script>alert(1)</script><!-- & ' \u2028 ]]>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build the demo in every language, for an address of its own."""
    folder = tmp_path_factory.mktemp("six")
    build(in_every_language(folder), folder / "public", jobs=1, base_url=BASE)
    return Site(folder / "public", "/reader/")


def data_of(site: Site, page: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    found: dict[str, Any] = json.loads(site.tree(page).cssselect('script[type="application/ld+json"]')[0].text or "")
    return found


def meta(site: Site, page: str, name: str) -> list[str]:
    """What a page's ``<meta>`` of a name says."""
    return [m.get("content", "") for m in site.tree(page).cssselect(f'meta[name="{name}"], meta[property="{name}"]')]


def test_an_article_says_who_published_it_and_where(site: Site) -> None:
    page = "zh-tw/articles/chaosheng-n1034655.html"
    data = data_of(site, page)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == text_of(site.tree(page).cssselect("h1")[0])
    assert data["isBasedOn"] == site.tree(page).cssselect("a.original")[0].get("href")
    assert data["publisher"]["name"] == text_of(site.tree(page).cssselect(".byline dd")[0])
    assert data["sdPublisher"] == {"@type": "Organization", "name": "清讀樣刊", "url": BASE}
    assert (data["inLanguage"], data["datePublished"]) == ("zh-Hant-TW", "2026-10-15")
    assert data["url"] == f"{BASE}{page}"
    assert data["image"].startswith(f"{BASE}media/")
    assert meta(site, page, "article:published_time") == ["2026-10-15"]
    assert meta(site, page, "og:image") == [data["image"]]
    assert meta(site, page, "og:type") == ["article"]


def test_every_article_has_its_data_and_no_other_page(site: Site) -> None:
    for page in site.pages:
        wanted = "/articles/" in page
        assert len(site.tree(page).cssselect('script[type="application/ld+json"]')) == wanted, page
        if wanted:
            assert data_of(site, page)["url"] == BASE + page


def test_pages_name_their_locale_and_the_others(site: Site) -> None:
    territories = {"zh-hans": "zh_CN", "zh-tw": "zh_TW", "zh-hk": "zh_HK", "en": "en_US", "ja": "ja_JP", "ar": "ar_EG"}
    for edition in EDITIONS:
        page = f"{edition.slug}/archive.html"
        assert meta(site, page, "og:locale") == [territories[edition.slug]]
        others = [territories[other.slug] for other in EDITIONS if other is not edition]
        assert meta(site, page, "og:locale:alternate") == others
        assert meta(site, page, "og:url") == [BASE + page]


def test_every_page_describes_itself(site: Site) -> None:
    said: dict[str, list[str]] = {}
    for page in site.pages:
        if page not in ("404.html", "index.html"):
            (description,) = meta(site, page, "description")
            said.setdefault(f"{page.split('/')[0]} {description}", []).append(page)
    # Articles may share an excerpt; the pages that we describe ourselves may not.
    assert [pages for pages in said.values() if len(pages) > 1 and "/articles/" not in pages[0]] == []


@pytest.mark.parametrize(
    ("policy", "own", "article"),
    [
        ("self", True, "https://news.example/reader/en/articles/daily-post-0.html"),
        ("original", True, "https://daily.example/潮汐/post-0.html"),
        ("none", False, ""),
    ],
)
def test_the_address_that_counts_is_the_owners_choice(policy: str, own: bool, article: str, tmp_path: Path) -> None:
    write_posts(tmp_path / "content", range(1))
    (tmp_path / "content/site.toml").write_text(f'canonical = "{policy}"\n', "utf-8")
    build(tmp_path / "content", tmp_path / "public", jobs=1, base_url=BASE)
    site = Site(tmp_path / "public", "/reader/")
    found = {page: [a.get("href") for a in site.tree(page).cssselect('link[rel="canonical"]')] for page in site.pages}
    assert found["en/archive.html"] == ([f"{BASE}en/archive.html"] if own else [])
    assert found["en/articles/daily-post-0.html"] == ([article] if article else [])


def test_hostile_headlines_stay_inside_of_the_data(tmp_path: Path) -> None:
    write_posts(tmp_path / "content", range(1))
    post = tmp_path / "content/mirror/0.md"
    post.write_text(post.read_text("utf-8").replace("title: 关于潮汐的一天", f"title: {json.dumps(HOSTILE)}"), "utf-8")
    build(tmp_path / "content", tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    page = next(page for page in site.pages if page.startswith("en/articles/"))
    assert data_of(site, page)["headline"].startswith("</script><script>alert(1)</script>")
    assert site.markup(page).count("</script>") == 6  # ours, and the data


def test_pictures_without_words_say_that_they_are_pictures(tmp_path: Path) -> None:
    write_posts(tmp_path / "content", range(1))
    post = tmp_path / "content/mirror/0.md"
    images = "".join(
        f'<p>灯塔下的石阶有{n}级。<img src="https://p.example/{n}.jpg" alt="{alt}"></p>'
        for n, alt in ((1, ""), (2, "石阶"))
    )
    figure = '<figure><img src="https://p.example/3.jpg" alt=""><figcaption>雾中的灯塔。</figcaption></figure>'
    post.write_text(post.read_text("utf-8") + images + figure, "utf-8")
    (tmp_path / "content/site.toml").write_text('images = "remote"\n', "utf-8")
    build(tmp_path / "content", tmp_path / "public", jobs=1)
    shown = Site(tmp_path / "public").tree("en/articles/daily-post-0.html").cssselect(".prose img")
    assert [image.get("alt") for image in shown] == ["Picture", "石阶", ""]
    assert [image.get("loading") for image in shown] == ["lazy", "lazy", "lazy"]


# --- ways in -------------------------------------------------------------------------------------------------


def test_sites_in_six_languages_are_whole(site: Site) -> None:
    assert {page: found for page in site.pages if (found := skeleton_faults(site, page))} == {}
    assert {page: found for page in site.pages if (found := dead_links(site, page))} == {}


def test_articles_are_found_by_their_language(site: Site) -> None:
    assert len(site.articles_on("ar/languages/ja.html")) == 2
    links = site.tree("en/languages.html").cssselect("ul.index a")
    assert {text_of(link) for link in links} == {"Chinese", "English", "Japanese", "Arabic"}
    marks = [text_of(mark) for mark in site.tree("zh-hans/languages/ar.html").cssselect(".language")]
    assert set(marks) == {"阿拉伯语"}
    assert site.tree("zh-hans/languages/zh.html").cssselect(".language") == []


def test_a_topic_leads_to_its_place_on_each_day(site: Site) -> None:
    links = site.tree("en/topics/world.html").cssselect(".shelf > .heading a")
    assert links
    assert all(
        (link.get("href") or "").endswith("#topic-world") for link in links if "undated" not in link.get("href", "")
    )


def test_a_name_in_another_language_says_so(site: Site) -> None:
    """The demo has no Arabic title: its English one is marked, so that its full stop stands at the right end."""
    shown = site.tree("ar/index.html").cssselect("h1 bdi, .motto bdi")
    assert [element.get("lang") for element in shown] == ["en", "en"]


@pytest.mark.parametrize(("count", "most", "shown"), [(0, 8, 0), (1, 8, 1), (2, 8, 1), (3, 8, 2), (8, 8, 4), (1, 1, 4)])
def test_shades_of_a_calendar(count: int, most: int, shown: int) -> None:
    assert shade(count, most) == shown


def test_old_parts_of_a_list_stay_the_same_file(tmp_path: Path) -> None:
    """Twelve articles, five a page, then one more: of the lists only the newest part is another file."""
    content = tmp_path / "content"
    write_posts(content, range(12))
    (content / "site.toml").write_text("page_size = 5\n", "utf-8")
    sites = []
    for count in (12, 13):
        write_posts(content, range(count))
        build(content, tmp_path / f"public{count}", jobs=1)
        sites.append(Site(tmp_path / f"public{count}"))
    before, after = sites
    lists = [page for page in before.pages if re.match(r"[a-z-]+/(topics|publishers|languages|months)/", page)]
    changed = {page for page in lists if before.markup(page) != after.markup(page)}
    assert len(lists) == 3 * (3 * 3 + 1)
    assert {page for page in changed if not page.startswith(("zh", "en/months"))} == {
        "en/topics/world.html",
        "en/publishers/daily.html",
        "en/languages/zh.html",
    }


def test_a_long_list_leads_to_all_of_its_parts(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write_posts(content, range(12))
    (content / "site.toml").write_text("page_size = 5\n", "utf-8")
    build(content, tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    rows = [text_of(row) for row in site.tree("en/topics/world.html").cssselect(".parts li")]
    assert rows == ["Part 2 Mar 6 – 10, 2026", "Part 1 Mar 1 – 5, 2026"]
    assert site.tree("en/topics/world-1.html").cssselect(".parts") == []
    assert [text_of(c) for c in site.tree("en/topics/world-1.html").cssselect(".page-title .count")] == [
        "Part 1 · Mar 1 – 5, 2026"
    ]


@pytest.mark.parametrize("tag", known_locales())
def test_names_of_months_are_of_their_language_whatever_was_read_before(tag: str) -> None:
    for other in known_locales():
        load_locale(other).month_name(5)
    letters = {"ar": "مايو", "en": "May"}
    assert load_locale(tag).month_name(5) == letters.get(tag, "5月")


def test_the_colour_of_the_browser_is_that_of_the_paper(site: Site) -> None:
    """Meta elements cannot use the style sheet's tokens, so both have to be changed together."""
    paper = re.search(r"--paper: light-dark\((#\w+), (#\w+)\)", (ROOT / "static/site.css").read_text("utf-8"))
    assert paper
    assert meta(site, "en/index.html", "theme-color") == list(paper.groups())


def test_the_style_stays_small() -> None:
    assert len(gzip.compress((ROOT / "static/site.css").read_bytes(), mtime=0)) < 7_000


def test_article_pages_stay_small(site: Site) -> None:
    sizes = {page: len(gzip.compress((site.folder / page).read_bytes(), mtime=0)) for page in site.pages}
    assert {page: size for page, size in sizes.items() if "/articles/" in page and size > 30_000} == {}
