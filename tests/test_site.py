"""Whole sites as they are built: the demo in ``content/``, and what a reader may rely on in any site."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from generator.build import build
from generator.collecting import Outcome, collect, load_rules
from generator.errors import QingduError
from generator.output import LEDGER
from generator.pages import direction
from generator.pages.digests import LEAST
from generator.scripts import convert_text, shown_lang
from generator.settings import load_settings
from tests.conftest import ROOT
from tests.sites import snapshot
from tests.sites.checks import (
    Site,
    dangers,
    dead_links,
    elements,
    first,
    foreign_assets,
    of_the_other_script,
    skeleton_faults,
    text_of,
    texts_in,
)

DEMO = ROOT / "content"
BASE = "https://news.example/reader/"
EDITIONS = load_settings(DEMO).editions
CHINESE = [edition for edition in EDITIONS if edition.script.startswith("zh")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build the demo as it ships."""
    folder = tmp_path_factory.mktemp("demo") / "public"
    build(DEMO, folder, jobs=1)
    return Site(folder)


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build the demo for an address of its own."""
    folder = tmp_path_factory.mktemp("addressed") / "public"
    build(DEMO, folder, jobs=1, base_url=BASE)
    return Site(folder, "/reader/")


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """Read the demo without building it: what the pages have to show."""
    return collect(load_rules(DEMO), jobs=1)


def faults(site: Site, check: object) -> dict[str, list[str]]:
    """What a check finds, by page."""
    assert callable(check)
    return {page: found for page in site.pages if (found := check(site, page))}


def listed(site: Site, edition: str, kind: str, slug: str) -> list[str]:
    """The articles of a list over all of its pages, newest first, by following "older"."""
    page, found, seen = f"{edition}/{kind}/{slug}.html", [], set()
    while page and page not in seen:
        seen.add(page)
        found += site.articles_on(page)
        older = [a for a in elements(site.tree(page), "a") if a.get("rel") == "next"]
        page = site.target(page, older[0].get("href", "")) or "" if older else ""
    return found


# --- every page ----------------------------------------------------------------------------------------------


def test_demo_builds_pages(demo: Site) -> None:
    assert len(demo.pages) > 150
    assert demo.editions == sorted(edition.slug for edition in EDITIONS)
    assert {"index.html", "404.html", "robots.txt"} <= set(demo.paths)


def test_every_page_has_its_skeleton(demo: Site) -> None:
    assert faults(demo, skeleton_faults) == {}


def test_every_link_and_asset_leads_to_a_file(demo: Site) -> None:
    assert faults(demo, dead_links) == {}


@pytest.mark.slow
def test_every_link_resolves_with_an_address_of_the_site_too(addressed: Site) -> None:
    assert faults(addressed, dead_links) == {}


def test_no_page_runs_or_sends_anything(demo: Site) -> None:
    assert faults(demo, lambda site, page: dangers(site.markup(page))) == {}


def test_no_page_loads_anything_from_elsewhere(demo: Site) -> None:
    assert faults(demo, foreign_assets) == {}


def test_pictures_from_elsewhere_are_those_of_articles_and_tell_nobody_who_reads(tmp_path: Path) -> None:
    write_posts(tmp_path / "content", range(1))
    post = tmp_path / "content/mirror/0.md"
    post.write_text(post.read_text("utf-8") + '<p><img src="https://pictures.example/tide.jpg" alt="潮"></p>', "utf-8")
    (tmp_path / "content/site.toml").write_text('images = "remote"\n', "utf-8")
    build(tmp_path / "content", tmp_path / "public", jobs=1)
    site, seen = Site(tmp_path / "public"), 0
    for page in site.pages:
        for image in elements(site.tree(page), "img"):
            if site.target(page, image.get("src", "")) is None:
                assert image.get("class") == "thumbnail" or any(
                    e.get("class") == "prose" for e in image.iterancestors()
                )
                assert image.get("referrerpolicy") == "no-referrer"
                assert image.get("loading") == "lazy"  # what loads early is asked for before anybody can refuse
                seen += 1
    assert seen >= 3 * 3  # the article, the front page, a list; in three editions


def test_every_file_of_the_site_is_reached_from_the_front_page(demo: Site) -> None:
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        for target in demo.links_on(page) - reached:
            reached.add(target)
            if target.endswith(".html"):
                waiting.append(target)
    searched = {
        path for path in demo.paths if re.match(r"search/|static/search\.|[\w-]+/search(\.html|/\d+\.json)\Z", path)
    }  # by a form
    stored = {  # by scripts
        path
        for path in demo.paths
        if re.match(
            r"worker\.js|static/(worker|stored|icon-\d+)\.|[\w-]+/(offline\.html|manifest\.webmanifest)\Z", path
        )
    }
    assert set(demo.paths) - reached - searched - stored == {"404.html", "robots.txt"}


def test_titles_of_pages_are_their_own(demo: Site) -> None:
    titles = Counter(
        (page.split("/")[0], text_of(demo.tree(page).cssselect("title")[0])) for page in demo.pages if "/" in page
    )
    assert [title for title, count in titles.items() if count > 1] == []


def test_the_title_of_an_article_page_is_its_headline_and_the_site(demo: Site, outcome: Outcome) -> None:
    site_title = load_settings(DEMO).title["en"]
    for article in outcome.library.articles:
        tree = demo.tree(f"en/articles/{article.id}.html")
        assert text_of(tree.cssselect("title")[0]) == f"{' '.join(article.title.split())} · {site_title}"
        assert text_of(tree.cssselect("h1")[0]) == " ".join(article.title.split())


# --- editions ------------------------------------------------------------------------------------------------


def test_all_editions_have_the_same_pages(demo: Site) -> None:
    tails = {
        edition.slug: {path.partition("/")[2] for path in demo.paths if path.startswith(f"{edition.slug}/")}
        for edition in EDITIONS
    }
    assert len(set(map(frozenset, tails.values()))) == 1


def test_editions_link_to_the_same_page(demo: Site) -> None:
    for page in demo.pages:
        here, slash, tail = page.partition("/")
        tail = tail if slash else "index.html"
        switch = demo.tree(page).cssselect("nav.editions a")
        base = "/" if page == "404.html" else ""
        found = [(base + a.get("href", "")).replace("//", "/") for a in switch]
        assert [demo.target(page, address) for address in found] == [
            f"{edition.slug}/{tail}" for edition in EDITIONS
        ], page
        assert [a.get("hreflang") for a in switch] == [edition.locale for edition in EDITIONS]
        current = [a for a in switch if a.get("aria-current")]
        assert [demo.target(page, a.get("href", "")) for a in current] == [
            f"{here if slash else EDITIONS[0].slug}/{tail}"
        ]


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.slug)
def test_pages_are_in_the_language_of_their_edition(demo: Site, edition: object) -> None:
    slug, locale = getattr(edition, "slug", ""), getattr(edition, "locale", "")
    assert {demo.tree(page).get("lang") for page in demo.pages if page.startswith(f"{slug}/")} == {locale}


@pytest.mark.parametrize("edition", CHINESE, ids=lambda edition: edition.slug)
def test_chinese_editions_are_in_their_script(demo: Site, edition: object) -> None:
    """Every text that says it is in the edition's script has no character of the other one."""
    slug, locale = getattr(edition, "slug", ""), getattr(edition, "locale", "")
    pages = [page for page in demo.pages if page.startswith(f"{slug}/")]
    texts = [(page, text) for page in pages for text in texts_in(demo.tree(page), locale)]
    assert len(texts) > 1000
    assert [(page, text.strip()[:60]) for page, text in texts if of_the_other_script(text, locale)] == []


def test_the_check_of_scripts_bites() -> None:
    assert of_the_other_script("这个国家的电车", "zh-Hant-TW") == set("这个国电车")
    assert of_the_other_script("這個國家的電車", "zh-Hans") == set("這個國電車")
    assert of_the_other_script("渡口的人，後來在山下；乾坤", "zh-Hant-TW") == set()


@pytest.mark.xfail(strict=True, reason="S17: a surname before 一 is taken for a weekday")
def test_a_surname_is_no_weekday() -> None:
    assert convert_text("（责任编辑：周一帆）", "zh-Hans", "zh-Hant-TW") == "（責任編輯：周一帆）"


def test_conversion_leaves_addresses_alone(demo: Site, outcome: Outcome) -> None:
    for article in outcome.library.articles:
        shown = [
            [
                e.get("href") or e.get("src")
                for e in demo.tree(f"{edition.slug}/articles/{article.id}.html").cssselect(".prose a, .prose img")
            ]
            for edition in EDITIONS
        ]
        here, *others = [[re.sub(r"^\.\./\.\./[a-z-]+/", "", address or "") for address in row] for row in shown]
        assert all(other == here for other in others), article.path
        for edition in EDITIONS:
            code = [
                text_of(c) for c in demo.tree(f"{edition.slug}/articles/{article.id}.html").cssselect("dl.facts code")
            ]
            assert article.path.replace("\u3000", " ") in code
            assert not article.canonical_url or article.canonical_url in code


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.slug)
def test_articles_say_their_language_in_every_edition(demo: Site, outcome: Outcome, edition: object) -> None:
    slug, locale, script = (getattr(edition, name) for name in ("slug", "locale", "script"))
    marked = 0
    for article in outcome.library.articles:
        lang = shown_lang(article.lang, script)
        tree = demo.tree(f"{slug}/articles/{article.id}.html")
        for selector in (".prose", "h1"):
            element = first(tree, selector)
            assert element is not None
            wanted = (None, None) if lang == locale else (lang, direction(lang))
            assert (element.get("lang"), element.get("dir")) == wanted, (article.path, selector)
            marked += lang != locale
    assert marked


def test_lists_mark_titles_in_other_languages(demo: Site, outcome: Outcome) -> None:
    arabic = next(article for article in outcome.library.articles if article.lang == "ar")
    for edition in EDITIONS:
        page = f"{edition.slug}/days/{arabic.day}.html"
        link = next(
            a
            for a in elements(demo.tree(page), "a")
            if demo.target(page, a.get("href", "")) == f"{edition.slug}/articles/{arabic.id}.html"
        )
        heading = link.getparent()
        assert heading is not None
        assert (heading.get("lang"), heading.get("dir")) == ("ar", "rtl")


# --- where articles stand ------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.slug)
def test_every_article_stands_under_its_topic_day_and_publisher(demo: Site, outcome: Outcome, edition: object) -> None:
    slug = getattr(edition, "slug", "")
    for article in outcome.library.articles:
        path = f"{slug}/articles/{article.id}.html"
        assert path in listed(demo, slug, "topics", article.topic)
        assert path in listed(demo, slug, "publishers", article.publisher)
        day = f"{slug}/days/{article.day}.html" if article.day else f"{slug}/undated.html"
        assert path in demo.articles_on(day)
        if article.day:
            assert path in demo.articles_on(f"{slug}/months/{article.day:%Y-%m}.html")


def test_no_list_shows_an_article_that_is_not_its(demo: Site, outcome: Outcome) -> None:
    by_path = {f"en/articles/{article.id}.html": article for article in outcome.library.articles}
    for term in outcome.library.topics:
        assert {by_path[path].topic for path in listed(demo, "en", "topics", term.slug)} == {term.slug}
    for term in outcome.library.publishers:
        assert {by_path[path].publisher for path in listed(demo, "en", "publishers", term.slug)} == {term.slug}
    for day in outcome.library.days:
        assert {by_path[path].day for path in demo.articles_on(f"en/days/{day}.html")} == {day}


def test_lists_are_newest_first(demo: Site, outcome: Outcome) -> None:
    days = {f"en/articles/{article.id}.html": article.day for article in outcome.library.articles}
    for term in (*outcome.library.topics, *outcome.library.publishers):
        kind = "topics" if term in outcome.library.topics else "publishers"
        shown = [days[path] or dt.date.min for path in listed(demo, "en", kind, term.slug)]
        assert shown == sorted(shown, reverse=True)


def test_the_undated_have_a_page_of_their_own(demo: Site, outcome: Outcome) -> None:
    assert outcome.library.undated, "the demo has an undated article, so that this can be seen"
    wanted = [f"en/articles/{article.id}.html" for article in outcome.library.undated]
    assert demo.articles_on("en/undated.html") == wanted
    assert "en/undated.html" in demo.links_on("en/archive.html")
    for article in outcome.library.undated:
        assert elements(demo.tree(f"en/articles/{article.id}.html").cssselect(".byline")[0], "time") == []


def test_neighbours_of_an_article_are_those_of_its_topic(demo: Site, outcome: Outcome) -> None:
    for term in outcome.library.topics:
        row = [f"en/articles/{article.id}.html" for article in term.articles]
        for path, older, newer in zip(row, [*row[1:], None], [None, *row[:-1]], strict=True):
            links = {
                a.get("rel"): demo.target(path, a.get("href", ""))
                for a in demo.tree(path).cssselect("nav.neighbours a")
            }
            assert (links.get("prev"), links.get("next")) == (older, newer), path


def test_neighbours_of_days_and_months_form_a_chain(demo: Site) -> None:
    for kind in ("days", "months"):
        pages = sorted(page for page in demo.pages if page.startswith(f"en/{kind}/"))
        for page, older, newer in zip(pages, [None, *pages[:-1]], [*pages[1:], None], strict=True):
            links = {
                a.get("rel"): demo.target(page, a.get("href", ""))
                for a in demo.tree(page).cssselect("nav.neighbours a")
            }
            assert (links.get("prev"), links.get("next")) == (older, newer)


def test_calendar_links_each_day_once(demo: Site, outcome: Outcome) -> None:
    for edition in EDITIONS:
        linked = []
        for page in (page for page in demo.pages if page.startswith(f"{edition.slug}/months/")):
            table = first(demo.tree(page), "table.calendar")
            assert table is not None
            assert {len(row.findall("td")) for row in table.findall("tbody/tr")} == {7}
            linked += [demo.target(page, a.get("href", "")) for a in elements(table, "a")]
        assert sorted(map(str, linked)) == sorted(f"{edition.slug}/days/{day}.html" for day in outcome.library.days)


def counts_on(site: Site, page: str, selector: str) -> dict[str | None, int]:
    """The numbers that a list of links says, by the page they lead to."""
    found = {}
    for item in site.tree(page).cssselect(selector):
        link, count = next(iter(item.cssselect("a")), None), next(iter(item.cssselect(".count")), None)
        if link is not None and count is not None:
            found[site.target(page, link.get("href", ""))] = int(re.sub(r"\D", "", text_of(count)))
    return found


def counts_in_calendar(site: Site, page: str, selector: str) -> dict[str | None, int]:
    """The numbers of a calendar by the page they lead to."""
    return {
        site.target(page, link.get("href", "")): int(text_of(link.cssselect("small")[0]))
        for link in site.tree(page).cssselect(selector)
    }


def test_counts_are_right(demo: Site, outcome: Outcome) -> None:
    library = outcome.library
    for slug in (edition.slug for edition in EDITIONS):
        topics = {f"{slug}/topics/{term.slug}.html": len(term.articles) for term in library.topics}
        assert counts_on(demo, f"{slug}/topics.html", ".heading") == topics
        assert counts_on(demo, f"{slug}/index.html", ".sections .heading") == topics
        publishers = {f"{slug}/publishers/{term.slug}.html": len(term.articles) for term in library.publishers}
        assert counts_on(demo, f"{slug}/publishers.html", "ul.index li") == publishers
        months = Counter(f"{slug}/months/{day:%Y-%m}.html" for day, group in library.days.items() for _ in group)
        assert counts_in_calendar(demo, f"{slug}/archive.html", "ol.year a") == months
        assert counts_on(demo, f"{slug}/archive.html", ".heading:has(a)") == {
            f"{slug}/undated.html": len(library.undated)
        }
        languages = Counter(f"{slug}/languages/{article.lang.split('-')[0]}.html" for article in library.articles)
        assert counts_on(demo, f"{slug}/languages.html", "ul.index li") == languages
        for month in months:
            days = {
                f"{slug}/days/{day}.html": len(group) for day, group in library.days.items() if f"{day:%Y-%m}" in month
            }
            assert counts_in_calendar(demo, month, "table.calendar a") == days
        for path, number in {**topics, **publishers, **languages}.items():
            assert [text_of(c) for c in demo.tree(path).cssselect(".page-title > .count")] != []
            assert int(re.sub(r"\D", "", text_of(demo.tree(path).cssselect(".page-title > .count")[0]))) == number


def test_about_page_counts_what_is_there(demo: Site, outcome: Outcome) -> None:
    shown = [text_of(dd) for dd in demo.tree("en/about.html").cssselect("dl.byline dd")]
    numbers = [int(text) for text in shown if text.isdigit()]
    assert numbers == [len(outcome.library.articles), len(outcome.library.publishers), len(EDITIONS)]


def test_article_pages_account_for_what_was_removed(demo: Site, outcome: Outcome) -> None:
    for article in outcome.library.articles:
        tree = demo.tree(f"en/articles/{article.id}.html")
        count = tree.cssselect("article.article > footer details:last-of-type summary .count")
        assert int(re.sub(r"\D", "", text_of(count[0])) or 0) == len(article.removals)
        assert len(tree.cssselect("ul.removals > li")) == len({removal.step for removal in article.removals})


def test_copies_are_named_and_have_no_page(demo: Site, outcome: Outcome) -> None:
    copied = [article for article in outcome.library.articles if article.copies]
    assert copied, "the demo has a duplicate, so that this can be seen"
    for article in copied:
        shown = [text_of(code) for code in demo.tree(f"en/articles/{article.id}.html").cssselect("dl.facts code")]
        assert {" ".join(path.split()) for path in article.copies} <= set(shown)
    assert len([page for page in demo.pages if page.startswith("en/articles/")]) == len(outcome.library.articles)


# --- addresses of the site -----------------------------------------------------------------------------------


def test_without_an_address_there_is_no_sitemap(demo: Site) -> None:
    assert "sitemap.xml" not in demo.paths
    assert "Sitemap" not in demo.markup("robots.txt")
    for page in demo.pages:
        assert demo.tree(page).cssselect('link[rel="canonical"], link[rel="alternate"]') == []


def sitemap_rows(site: Site) -> Iterator[tuple[str, str | None, list[tuple[str, str]]]]:
    """(address, day of the last change, [(language, address of that edition)]) of the sitemaps that the index names."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = etree.fromstring((site.folder / "sitemap.xml").read_bytes())
    for file in index.iter(f"{space}loc"):
        for url in etree.fromstring((site.folder / str(file.text).removeprefix(BASE)).read_bytes()):
            links = url.iterfind("{http://www.w3.org/1999/xhtml}link")
            others = [(link.get("hreflang", ""), link.get("href", "")) for link in links]
            yield url.findtext(f"{space}loc", ""), url.findtext(f"{space}lastmod"), others


def test_sitemaps_list_the_pages_of_every_edition(addressed: Site, outcome: Outcome) -> None:
    rows = list(sitemap_rows(addressed))
    found = [address for address, _, _ in rows]
    assert len(found) == len(set(found))
    assert all(address.startswith(BASE) for address in found)
    pages = {address.removeprefix(BASE) + ("index.html" if address.endswith("/") else "") for address in found}
    assert pages <= set(addressed.pages)
    for edition in EDITIONS:
        wanted = {f"{edition.slug}/articles/{article.id}.html" for article in outcome.library.articles}
        assert wanted <= pages
        assert {f"{edition.slug}/{name}.html" for name in ("index", "topics", "stories", "tags")} <= pages
        days = [day for day, group in outcome.library.days.items() if len(group) >= LEAST]
        assert {f"{edition.slug}/digests/{day}.html" for day in days} <= pages
    for address, _, others in rows:
        assert [lang for lang, _ in others] == ["x-default", *(edition.locale for edition in EDITIONS)]
        assert address in [href for _, href in others]


def test_sitemaps_date_articles(addressed: Site, outcome: Outcome) -> None:
    dates = {address: when for address, when, _ in sitemap_rows(addressed)}
    for article in outcome.library.articles:
        assert dates[f"{BASE}en/articles/{article.id}.html"] == (article.day.isoformat() if article.day else None)


def test_robots_names_the_sitemap(addressed: Site) -> None:
    assert f"Sitemap: {BASE}sitemap.xml" in addressed.markup("robots.txt").splitlines()
    assert "User-agent: *" in addressed.markup("robots.txt").splitlines()


def test_pages_name_their_canonical_address_and_the_other_editions(addressed: Site) -> None:
    for page in addressed.pages:
        if page == "404.html":
            continue
        here, slash, tail = page.partition("/")
        shown = page if slash else f"{EDITIONS[0].slug}/index.html"
        canonical = [link.get("href") for link in addressed.tree(page).cssselect('link[rel="canonical"]')]
        assert canonical == [BASE + shown.removesuffix("index.html")]
        alternates = {a.get("hreflang"): a.get("href") for a in addressed.tree(page).cssselect("link[hreflang]")}
        tail = tail if slash else "index.html"
        wanted = {edition.locale: f"{BASE}{edition.slug}/{tail}".removesuffix("index.html") for edition in EDITIONS}
        assert alternates == {**wanted, "x-default": wanted[EDITIONS[0].locale]}, here


@pytest.mark.parametrize("fixture", ["demo", "addressed"])
def test_the_page_for_lost_addresses_works_at_any_depth(request: pytest.FixtureRequest, fixture: str) -> None:
    site: Site = request.getfixturevalue(fixture)
    addresses = [address for _, address in site.links("404.html") if not address.startswith(("#", BASE))]
    assert addresses
    assert [address for address in addresses if not address.startswith(site.base)] == []


def test_noindex_is_said_on_every_page(demo: Site) -> None:
    assert load_settings(DEMO).noindex
    for page in demo.pages:
        assert [meta.get("content") for meta in demo.tree(page).cssselect('meta[name="robots"]')] == ["noindex"]


# --- long lists ----------------------------------------------------------------------------------------------

_WORDS = "潮汐 灯塔 渡轮 芥菜 电车 彗星 礁石 风筝 木偶 茶园 邮差 吊桥 盐田 候鸟 罗盘 铜钟 石阶 缆绳".split()


def write_posts(content: Path, numbers: range) -> None:
    """Write small posts of one publisher and topic, a day apart."""
    folder = content / "mirror"
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        word = _WORDS[number]
        day = dt.date(2026, 3, 1) + dt.timedelta(days=number)
        text = f"{word}的故事从{word}开始：第{number}天清早，岛上的人又一次说起{word}，说它比去年更大，也更安静。"
        (folder / f"{number}.md").write_text(
            f"---\ntitle: 关于{word}的一天\ndate: {day}\nurl: https://daily.example/{word}/post-{number}.html\ncategory: 国际\n---\n<p>{text}</p>\n",
            "utf-8",
        )


def old_pages(site: Site) -> dict[str, list[str]]:
    """The articles on the numbered pages of the long lists."""
    numbered = (page for page in site.pages if re.search(r"/(?:topics|publishers)/[a-z]+-\d+\.html\Z", page))
    return {page: site.articles_on(page) for page in numbered}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> list[Site]:
    """Build a site of 14 articles, five a page; then once more with each of two newer ones."""
    folder = tmp_path_factory.mktemp("grown")
    content = folder / "content"
    write_posts(content, range(14))
    (content / "site.toml").write_text("page_size = 5\n", "utf-8")
    sites = []
    for count in (14, 15, 16):
        write_posts(content, range(count))
        build(content, folder / f"public{count}", jobs=1)
        sites.append(Site(folder / f"public{count}"))
    return sites


def test_long_lists_are_cut_into_pages(grown: list[Site]) -> None:
    for count, site in enumerate(grown, 14):
        for kind, slug in (("topics", "world"), ("publishers", "daily")):
            articles = listed(site, "en", kind, slug)
            assert len(articles) == len(set(articles)) == count
            pages = [page for page in site.pages if re.fullmatch(rf"en/{kind}/{slug}(-\d+)?\.html", page)]
            sizes = {page: len(site.articles_on(page)) for page in pages}
            assert len(pages) == -(-count // 5)
            assert 1 <= sizes.pop(f"en/{kind}/{slug}.html") <= 5
            assert set(sizes.values()) == {5}


def test_many_without_a_date_are_cut_into_pages_as_well(tmp_path: Path) -> None:
    for number, word in enumerate(_WORDS[:12]):
        text = f"{word}的故事从{word}开始：岛上的人又一次说起{word}，说它比去年更大，也更安静，可是谁都没有见过它第{number}次。"
        (tmp_path / f"{number}.md").write_text(f"---\ntitle: 关于{word}\n---\n<p>{text}</p>\n", "utf-8")
    (tmp_path / "site.toml").write_text("page_size = 5\n", "utf-8")
    build(tmp_path, tmp_path.with_name("public"), jobs=1)
    site = Site(tmp_path.with_name("public"))
    pages = ["en/undated.html", "en/undated-2.html", "en/undated-1.html"]
    assert [len(site.articles_on(page)) for page in pages] == [2, 5, 5]
    assert site.links_on(pages[0]) >= set(pages[1:])


def test_a_new_article_never_moves_an_old_page(grown: list[Site]) -> None:
    for before, after in pairwise(grown):
        old, new = old_pages(before), old_pages(after)
        assert old
        assert {page: new.get(page) for page in old} == old


def test_pages_of_a_long_list_form_a_chain(grown: list[Site]) -> None:
    site = grown[-1]
    pages = ["en/topics/world.html", *(f"en/topics/world-{number}.html" for number in (3, 2, 1))]
    for page, newer, older in zip(pages, [None, *pages[:-1]], [*pages[1:], None], strict=True):
        links = {
            a.get("rel"): site.target(page, a.get("href", "")) for a in site.tree(page).cssselect("nav.neighbours a")
        }
        assert (links.get("prev"), links.get("next")) == (newer, older)


def test_grown_sites_are_whole(grown: list[Site]) -> None:
    assert faults(grown[-1], dead_links) == {}
    assert faults(grown[-1], skeleton_faults) == {}


# --- building again ------------------------------------------------------------------------------------------


def test_building_again_keeps_what_others_put_there_and_drops_what_is_gone(tmp_path: Path) -> None:
    content, public = tmp_path / "content", tmp_path / "public"
    write_posts(content, range(3))
    build(content, public, jobs=1)
    before = Site(public).paths
    (public / "CNAME").write_text("news.example\n")
    (public / ".well-known").mkdir()
    (public / ".well-known/security.txt").write_text("Contact: mailto:desk@news.example\n")
    (content / "mirror/2.md").unlink()
    build(content, public, jobs=1)
    after = Site(public).paths
    assert {"CNAME", ".well-known/security.txt"} <= set(after)
    gone = set(before) - set(after)
    assert {path for path in gone if "/articles/" in path} == {
        f"{edition}/articles/daily-post-2.html" for edition in ("en", "zh-hans", "zh-tw")
    }
    assert not [path for path in gone if not re.search(r"/(?:articles|days|months)/", path)]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["content", "public"]
    assert "CNAME" not in json.loads((public / LEDGER).read_text("utf-8"))["files"]


@pytest.mark.slow
def test_building_twice_changes_nothing(tmp_path: Path) -> None:
    content, public = tmp_path / "content", tmp_path / "public"
    write_posts(content, range(2))
    build(content, public, jobs=1)
    first_time = {path: (public / path).read_bytes() for path in Site(public).paths}
    build(content, public, jobs=1)
    assert {path: (public / path).read_bytes() for path in Site(public).paths} == first_time


def test_a_document_that_the_generator_stumbles_on_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours costs one article and is said; it does not cost the site."""

    def stumble(*_: object) -> None:
        raise ValueError("stumbled")

    write_posts(tmp_path / "content", range(2))
    whole = build(tmp_path / "content", tmp_path / "public", jobs=1)
    shutil.rmtree(tmp_path / "content/.qingdu")
    monkeypatch.setattr("generator.collecting.finish", stumble)
    report = build(tmp_path / "content", tmp_path / "public", jobs=1)
    assert (whole.articles, whole.left_out) == (2, ())
    assert [(one.path, one.reason) for one in report.left_out] == [("mirror/0.md", "fault"), ("mirror/1.md", "fault")]
    assert all("stumbled" in one.detail for one in report.left_out)


def test_an_empty_folder_makes_a_whole_site(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    report = build(tmp_path / "content", tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    assert report.articles == 0
    assert faults(site, skeleton_faults) == {}
    assert faults(site, dead_links) == {}


def test_a_failing_build_leaves_the_last_site(tmp_path: Path) -> None:
    content, public = tmp_path / "content", tmp_path / "public"
    write_posts(content, range(2))
    build(content, public, jobs=1)
    before = Site(public).paths
    (content / "templates").mkdir()
    (content / "templates/day.html").write_text("{{ nobody_knows_this }}")
    with pytest.raises(Exception, match=r"day\.html"):
        build(content, public, jobs=1)
    assert Site(public).paths == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["content", "public"]


def test_the_owners_own_page_is_shown_and_is_no_article(tmp_path: Path) -> None:
    write_posts(tmp_path / "content", range(1))
    (tmp_path / "content/site.toml").write_text('title = "Lamp"\n', "utf-8")
    (tmp_path / "content/about.md").write_text(
        "## Who lights it\n\nA lantern of *three* oil lamps, and <script>alert(1)</script>nothing else.\n", "utf-8"
    )
    report = build(tmp_path / "content", tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    prose = site.tree("en/about.html").cssselect(".prose")[0]
    assert [text_of(h) for h in elements(prose, "h2")] == ["Who lights it"]
    assert "A lantern of three oil lamps, and nothing else." in text_of(prose)
    assert dangers(site.markup("en/about.html")) == []
    assert (report.documents, report.articles) == (1, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("site: 小島週報", "site: 大島日報"),
        ("url: https://blog.first.example/a1b2.html", "url: https://blog.second.example/c3d4.html"),
    ],
)
def test_publishers_that_nobody_described_are_not_mixed_up(one: str, other: str, tmp_path: Path) -> None:
    write_posts(tmp_path / "content", range(2))
    for number, line in enumerate((one, other)):
        post = tmp_path / f"content/mirror/{number}.md"
        post.write_text(re.sub(r"(?m)^url: .*$", line, post.read_text("utf-8")), "utf-8")
    library = collect(load_rules(tmp_path / "content"), jobs=1).library
    assert len({article.publisher for article in library.articles}) == 2
    assert len({tuple(term.name.items()) for term in library.publishers}) == 2


# --- the tiny sites ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", snapshot.names())
def test_tiny_site_is_as_expected(name: str, tmp_path: Path) -> None:
    site = snapshot.build_site(name, tmp_path)
    assert snapshot.show(name, site) == snapshot.expected(name), (
        "`python -m tests.sites` rewrites it, `git diff` is the review"
    )


@pytest.mark.parametrize("name", snapshot.names())
def test_tiny_site_is_whole(name: str, tmp_path: Path) -> None:
    site = snapshot.build_site(name, tmp_path)
    assert faults(site, skeleton_faults) == {}
    assert faults(site, dead_links) == {}
    assert faults(site, foreign_assets) == {}
    assert faults(site, lambda site, page: dangers(site.markup(page))) == {}


def test_the_owners_words_have_to_be_text(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('[[editions]]\nlocale = "en"\nscript = "original"\n', "utf-8")
    (tmp_path / "about.md").write_bytes("关于".encode("gb18030"))
    with pytest.raises(QingduError, match=r"about\.md: cannot be read: .*; save it as UTF-8"):
        build(tmp_path, tmp_path.parent / "public", jobs=1)


def test_ways_of_an_own_entry_lead_somewhere_on_every_list(tmp_path: Path) -> None:
    """An entry is made once for several lists, and an owner's leads where ours does not: to its topic."""
    content = tmp_path / "content"
    shutil.copytree(DEMO, content, ignore=shutil.ignore_patterns(".qingdu"))
    parts = (ROOT / "templates/_parts.html").read_text("utf-8")
    own = '<p class="meta">\n<a class="to-topic" href="{{ href((item.topic or item).path) }}">*</a>\n'
    (content / "templates").mkdir()
    (content / "templates/_parts.html").write_text(parts.replace('<p class="meta">\n', own), "utf-8")
    build(content, tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    ways = {
        a.get("href", "") for page in site.pages for a in elements(site.tree(page), "a") if a.get("class") == "to-topic"
    }
    assert {way.rpartition("/")[0] for way in ways} >= {"", "topics", "../topics"}
    assert not faults(site, dead_links)
