"""Feeds: as the Atom and JSON Feed specifications want them, as feed readers see them, as a browser shows them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html
from playwright.sync_api import Page

from generator.build import build
from generator.errors import ConfigError
from generator.pages.feeds import moment
from generator.settings import Feeds, load_settings
from tests.conftest import ROOT
from tests.sites.checks import Site

BASE = "https://news.example/reader/"
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: How often a child may stand in a feed and in an entry (RFC 4287, 4.1.1 and 4.1.2): least, most.
MANY = 10**6
FEED = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("generator", "icon", "logo", "rights", "subtitle"), (0, 1)),
    **dict.fromkeys(("author", "category", "contributor", "link", "entry"), (0, MANY)),
}
ENTRY = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("content", "published", "rights", "source", "summary"), (0, 1)),
    **dict.fromkeys(("author", "category", "contributor", "link"), (0, MANY)),
}


def post(folder: Path, name: str, title: str, date: str = "2026-03-04 08:30", body: str = "", **front: str) -> None:
    """Write a post of a mirror; the paragraphs make it long enough to be an article."""
    text = f"渡轮{name}清晨离港，码头上只有三个人送行。" * 8
    lines = [f"title: {json.dumps(title, ensure_ascii=False)}", *(f"{key}: {value}" for key, value in front.items())]
    lines += [f"date: {date}"] if date else []
    file = folder / "posts" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("---\n" + "\n".join(lines) + f"\n---\n<p>{text}</p>\n{body}\n", "utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build the demo for an address of its own."""
    folder = tmp_path_factory.mktemp("feeds") / "public"
    build(ROOT / "content", folder, jobs=1, base_url=BASE)
    return Site(folder, "/reader/")


def made(folder: Path, base_url: str = BASE) -> Site:
    """Build the content below a folder."""
    build(folder / "content", folder / "public", jobs=1, base_url=base_url)
    return Site(folder / "public", "/reader/")


def feeds_of(site: Site, end: str = ".xml") -> list[str]:
    """The paths of all feeds."""
    return [path for path in site.paths if "/feeds/" in path and path.endswith(end)]


def tree_of(site: Site, path: str) -> Any:
    """A feed as a strict XML parser sees it."""
    return etree.fromstring((site.folder / path).read_bytes())


def addresses(markup: str) -> list[str]:
    """Every address in the HTML of an entry."""
    tree = html.fragment_fromstring(markup, create_parent="div")
    return [value for e in tree.iter() for name, value in e.items() if name in ("href", "src")]


def is_absolute(address: str) -> bool:
    """Whether an address can be used anywhere."""
    parts = urlsplit(address)
    return parts.scheme == "mailto" or (parts.scheme in ("http", "https") and bool(parts.netloc))


# --- Atom ----------------------------------------------------------------------------------------------------


def atom_faults(feed: Any) -> Iterator[str]:
    """What RFC 4287 does not allow in a feed."""
    if feed.tag != f"{ATOM}feed":
        yield f"the root is {feed.tag}"
    yield from _children(feed, FEED)
    links = [(e.get("rel", "alternate"), e.get("type"), e.get("hreflang")) for e in feed.findall(f"{ATOM}link")]
    if "self" not in {rel for rel, _, _ in links}:
        yield "no link to itself"
    for entry in feed.findall(f"{ATOM}entry"):
        yield from _children(entry, ENTRY)
        yield from _entry_faults(feed, entry)
    ids = [e.text for e in feed.iter(f"{ATOM}id")]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for element in feed.iter(f"{ATOM}updated", f"{ATOM}published"):
        if not RFC_3339.fullmatch(element.text or ""):
            yield f"time {element.text}"
    for element in feed.iter(f"{ATOM}link"):
        if not is_absolute(element.get("href", "")):
            yield f"link to {element.get('href')}"


def _children(parent: Any, known: dict[str, tuple[int, int]]) -> Iterator[str]:
    names = [child.tag.removeprefix(ATOM) for child in parent if child.tag.startswith(ATOM)]
    yield from (f"<{name}> in {parent.tag}" for name in names if name not in known)
    for name, (least, most) in known.items():
        if not least <= names.count(name) <= most:
            yield f"{names.count(name)} <{name}> in {parent.tag}"


def _entry_faults(feed: Any, entry: Any) -> Iterator[str]:
    alternates = [
        (e.get("type"), e.get("hreflang")) for e in entry.findall(f"{ATOM}link") if e.get("rel") == "alternate"
    ]
    if len(alternates) != len(set(alternates)) or not alternates:
        yield f"alternates {alternates}"
    authors = entry.findall(f"{ATOM}author") + feed.findall(f"{ATOM}author")
    if not authors or any(len(a.findall(f"{ATOM}name")) != 1 or not a.findtext(f"{ATOM}name") for a in authors):
        yield "no author, or one without a name"
    if not entry.findtext(f"{ATOM}title", "").strip() or not re.match(r"[a-z]+:", entry.findtext(f"{ATOM}id")):
        yield "no title, or an id that is no IRI"
    content = entry.find(f"{ATOM}content")
    if content is None or content.get("type") != "html" or len(content):
        yield "no HTML"
    else:
        yield from (f"address {a}" for a in addresses(content.text) if not is_absolute(a))


def test_there_is_a_feed_for_the_site_each_topic_publisher_and_language(demo: Site) -> None:
    feeds = feeds_of(demo)
    for edition in demo.editions:
        pages = [p.removeprefix(f"{edition}/").removesuffix(".html") for p in demo.pages if p.startswith(edition)]
        lists = {p for p in pages if re.fullmatch(r"(topics|publishers)/.*", p) and not re.search(r"-\d+\Z", p)}
        own = {p.removeprefix(f"{edition}/feeds/").removesuffix(".xml") for p in feeds if p.startswith(edition)}
        assert own == {"all", *lists, *(f"languages/{tag}" for tag in ("ar", "en", "ja", "zh"))}
    assert [path[:-4] for path in feeds] == [path[:-5] for path in feeds_of(demo, ".json")]


def test_every_feed_follows_the_specification(demo: Site) -> None:
    faults = {path: list(atom_faults(tree_of(demo, path))) for path in feeds_of(demo)}
    assert {path: found for path, found in faults.items() if found} == {}


def test_every_feed_is_read_by_a_feed_reader(demo: Site) -> None:
    for path in feeds_of(demo):
        read = feedparser.parse((demo.folder / path).read_bytes())
        assert (read.bozo, read.version) == (False, "atom10"), path
        assert read.entries
        assert read.feed.updated_parsed == max(entry.updated_parsed for entry in read.entries)
        for entry in read.entries:
            assert entry.link.startswith(BASE)
            assert demo.folder.joinpath(entry.link.removeprefix(BASE)).is_file()
            assert entry.content[0].type == "text/html"
            assert entry.content[0].language == entry.title_detail.language


def test_entries_are_in_the_script_and_language_of_the_edition(demo: Site) -> None:
    for edition, tag in (("zh-hans", "zh-Hans"), ("zh-tw", "zh-Hant-TW")):
        feed = tree_of(demo, f"{edition}/feeds/languages/zh.xml")
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == tag
        langs = {e.get("{http://www.w3.org/XML/1998/namespace}lang") for e in feed.iter(f"{ATOM}entry")}
        assert langs == {tag}
    names = {e: tree_of(demo, f"{e}/feeds/languages/ja.xml").findtext(f"{ATOM}title") for e in demo.editions}
    assert names == {"en": "Japanese · Qingdu Sampler", "zh-hans": "日语 · 清读样刊", "zh-tw": "日文 · 清讀樣刊"}


def test_an_entry_tells_where_the_article_comes_from(tmp_path: Path) -> None:
    original = "https://courier.example/world/2026/03/04/ferry.html?a=1&b=2"
    post(tmp_path / "content", "ferry", "早班渡轮", url=json.dumps(original), author="苏见山", tags="[渡轮]")
    entry = tree_of(made(tmp_path), "zh-hans/feeds/all.xml").find(f"{ATOM}entry")
    via = [e.get("href") for e in entry.findall(f"{ATOM}link") if e.get("rel") == "via"]
    assert via == [original]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "苏见山"
    assert entry.findtext(f"{ATOM}source/{ATOM}title") == "courier.example"
    assert "渡轮" in [e.get("term") for e in entry.findall(f"{ATOM}category")]
    assert entry.findtext(f"{ATOM}published") == "2026-03-04T08:30:00Z"


# --- ids and times -------------------------------------------------------------------------------------------


def ids_of(site: Site, path: str) -> list[str]:
    """The ids of a feed, its own first."""
    return [e.text for e in tree_of(site, path).iter(f"{ATOM}id")]


def test_ids_stay_and_only_the_feeds_of_a_new_article_change(tmp_path: Path) -> None:
    for number in range(3):
        post(tmp_path / "content", f"ferry{number}", f"早班渡轮{number}", f"2026-03-0{number + 1}", source="港湾日报")
        post(tmp_path / "content", f"tram{number}", f"末班电车{number}", f"2026-03-0{number + 1}", source="电车周刊")
    site = made(tmp_path)
    before = {path: (site.folder / path).read_bytes() for path in feeds_of(site)}
    ids = {path: ids_of(site, path) for path in before}
    again = made(tmp_path).folder
    assert {path: (again / path).read_bytes() for path in before} == before
    post(tmp_path / "content", "ferry9", "又一班渡轮", "2026-03-09", source="港湾日报")
    site = made(tmp_path)
    for path, known in ids.items():
        now = ids_of(site, path)
        assert now[0] == known[0]
        assert now[-len(known) + 1 :] == known[1:]
    changed = {path for path, data in before.items() if (site.folder / path).read_bytes() != data}
    untouched = {path for path in before if "/publishers/" in path} - changed
    assert len(untouched) == len(site.editions)


def test_ids_stay_when_a_site_moves_that_says_whose_they_are(tmp_path: Path) -> None:
    post(tmp_path / "content", "ferry", "早班渡轮")
    (tmp_path / "content/site.toml").write_text('[feeds]\ntag = "news.example"\n', "utf-8")
    found = [ids_of(made(tmp_path, base), "en/feeds/all.xml") for base in (BASE, "https://elsewhere.example/")]
    assert found[0] == found[1]
    assert all(name.startswith("tag:news.example,2026:en/") for name in found[0])


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (dt.date(2020, 10, 28), "2020-10-28T12:00:00Z"),
        (dt.datetime(2020, 10, 28, 23, 5), "2020-10-28T23:05:00Z"),
        (dt.datetime(2020, 10, 28, 23, 5, tzinfo=dt.timezone(dt.timedelta(hours=8))), "2020-10-28T15:05:00Z"),
        (dt.datetime(2020, 10, 28, 1, 2, 3, 999, tzinfo=dt.UTC), "2020-10-28T01:02:03Z"),
    ],
)
def test_times_have_a_zone(published: dt.date, told: str) -> None:
    assert moment(published) == told


def test_a_mere_day_is_the_same_day_where_most_people_live() -> None:
    noon = dt.datetime.fromisoformat(moment(dt.date(2020, 10, 28)))
    for hours in range(-12, 12):
        assert noon.astimezone(dt.timezone(dt.timedelta(hours=hours))).date() == dt.date(2020, 10, 28)


def test_feeds_are_bounded_and_the_undated_are_in_none(tmp_path: Path) -> None:
    for number in range(8):
        post(tmp_path / "content", f"ferry{number}", f"渡轮{number}", f"2026-03-0{number + 1}")
    post(tmp_path / "content", "never", "没有日期的渡轮", "", source="无日报")
    (tmp_path / "content/site.toml").write_text("[feeds]\nentries = 5\n", "utf-8")
    site = made(tmp_path)
    titles = [e.findtext(f"{ATOM}title") for e in tree_of(site, "zh-hans/feeds/all.xml").iter(f"{ATOM}entry")]
    assert titles == [f"渡轮{number}" for number in (7, 6, 5, 4, 3)]
    assert len([path for path in feeds_of(site) if path.startswith("zh-hans/feeds/publishers/")]) == 1


def test_without_an_address_there_are_no_feeds_and_a_hint(tmp_path: Path) -> None:
    post(tmp_path / "content", "ferry", "渡轮")
    report = build(tmp_path / "content", tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    assert [path for path in site.paths if "feed" in path] == []
    assert [page for page in site.pages if "atom+xml" in site.markup(page)] == []
    assert [hint.partition(":")[2].strip() for hint in report.hints] == [
        "set base_url in site.toml, or give --base-url"
    ]


def test_without_entries_there_are_no_feeds(tmp_path: Path) -> None:
    post(tmp_path / "content", "ferry", "渡轮")
    (tmp_path / "content/site.toml").write_text("[feeds]\nentries = 0\n", "utf-8")
    assert [path for path in made(tmp_path).paths if "feed" in path] == []


# --- what stands in articles ---------------------------------------------------------------------------------


def test_whatever_stands_in_an_article_the_feed_stays_whole(tmp_path: Path) -> None:
    title = "渡轮 & <b>]]></content> 电车 \x0b\ufffe\x1b"
    body = '<p>链接 <a href="https://courier.example/?a=1&amp;b=%22">&lt;script&gt;\x08</a> ]]&gt; <a href="#note">注</a></p><p id="note">注</p>'
    post(tmp_path / "content", "ferry", title, body=body, author='"A & B"', tags='["a&b<"]')
    site = made(tmp_path)
    for path in feeds_of(site):
        read = feedparser.parse((site.folder / path).read_bytes())
        assert not read.bozo, read.get("bozo_exception")
        assert not list(atom_faults(tree_of(site, path)))
        item = json.loads((site.folder / path).with_suffix(".json").read_text("utf-8"))["items"][0]
        assert item["content_html"].count("]]&gt;") == 1
        assert all(map(is_absolute, addresses(item["content_html"])))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", (site.folder / "en/feeds/all.xml").read_text("utf-8"))


def test_pictures_and_links_to_other_articles_are_absolute(demo: Site) -> None:
    found = [
        address
        for path in feeds_of(demo, "all.json")
        for item in json.loads(demo.markup(path))["items"]
        for address in [*addresses(item["content_html"]), item.get("image", BASE)]
    ]
    own = [address.removeprefix(BASE) for address in found if address.startswith(BASE)]
    assert {path.partition("/")[0] for path in own} >= {"media"}
    assert [path for path in own if path and not (demo.folder / path.partition("#")[0]).is_file()] == []


# --- JSON Feed -----------------------------------------------------------------------------------------------


def json_faults(feed: dict[str, Any]) -> Iterator[str]:
    """What JSON Feed 1.1 does not allow."""
    texts = ("title", "home_page_url", "feed_url", "language")
    yield from (key for key in texts if not isinstance(feed.get(key), str) or not feed[key])
    known = {"version", "title", "description", "home_page_url", "feed_url", "language", "authors", "items"}
    yield from (key for key in feed if key not in known and not key.startswith("_"))
    if feed["version"] != "https://jsonfeed.org/version/1.1":
        yield feed["version"]
    item_texts = "id url external_url title language date_published date_modified image summary content_html".split()
    for item in feed["items"]:
        yield from (key for key in item if key not in (*item_texts, "authors", "tags") and not key.startswith("_"))
        yield from (key for key in item_texts if key in item and not isinstance(item[key], str))
        yield from (key for key in ("id", "content_html", "date_published") if not item[key])
        yield from (item[key] for key in ("date_published", "date_modified") if not RFC_3339.fullmatch(item[key]))
        yield from (item[key] for key in ("url", "external_url", "image") if key in item and not is_absolute(item[key]))
        if not all(author["name"] for author in item["authors"]) or not all(isinstance(t, str) for t in item["tags"]):
            yield f"authors or tags of {item['id']}"
    if len({item["id"] for item in feed["items"]}) != len(feed["items"]):
        yield "an id twice"


def test_every_json_feed_follows_the_specification(demo: Site) -> None:
    faults = {path: list(json_faults(json.loads(demo.markup(path)))) for path in feeds_of(demo, ".json")}
    assert {path: found for path, found in faults.items() if found} == {}


def test_both_forms_of_a_feed_say_the_same(demo: Site) -> None:
    for path in feeds_of(demo):
        entries = tree_of(demo, path).findall(f"{ATOM}entry")
        items = json.loads(demo.markup(path[:-3] + "json"))["items"]
        assert [e.findtext(f"{ATOM}id") for e in entries] == [item["id"] for item in items]
        assert [e.findtext(f"{ATOM}content") for e in entries] == [item["content_html"] for item in items]


# --- finding them --------------------------------------------------------------------------------------------


def discovered(site: Site, page: str) -> list[str | None]:
    """The feeds that a program finds on a page."""
    return [
        site.target(page, e.get("href", "")) for e in site.tree(page).cssselect('link[type="application/atom+xml"]')
    ]


def test_programs_find_the_feed_of_a_page(demo: Site) -> None:
    for page in demo.pages:
        edition = page.partition("/")[0] if "/" in page else "zh-hans"
        kind = re.fullmatch(r"[\w-]+/((?:topics|publishers|languages)/.*?)\.html", page)
        own = [f"{edition}/feeds/{kind[1]}.xml"] if kind else []
        if page != "404.html" and not (kind and re.search(r"-\d+\Z", kind[1])):
            assert discovered(demo, page) == [f"{edition}/feeds/all.xml", *own]


def test_older_pages_of_a_list_name_the_feed_of_the_whole(tmp_path: Path) -> None:
    for number in range(7):
        post(tmp_path / "content", f"ferry{number}", f"渡轮{number}", f"2026-03-0{number + 1}", source="港湾日报")
    (tmp_path / "content/site.toml").write_text("page_size = 5\n", "utf-8")
    site = made(tmp_path)
    older = [page for page in site.pages if re.fullmatch(r"en/publishers/.*-1\.html", page)]
    assert [discovered(site, page)[1:] for page in older] == [[f"en/feeds/publishers/{older[0][14:-7]}.xml"]]


def test_the_page_of_feeds_and_the_opml_list_all_of_them(demo: Site) -> None:
    for edition in demo.editions:
        own = {path for path in feeds_of(demo) if path.startswith(f"{edition}/")}
        listed = demo.links_on(f"{edition}/feeds.html")
        assert own | {path[:-3] + "json" for path in own} | {f"{edition}/feeds/all.opml"} <= listed
        opml = etree.fromstring((demo.folder / f"{edition}/feeds/all.opml").read_bytes())
        outlines = [e for e in opml.iter("outline") if e.get("type")]
        assert {e.get("xmlUrl", "").removeprefix(BASE) for e in outlines} == own
        assert all(
            e.get("text") and (demo.folder / e.get("htmlUrl", "").removeprefix(BASE)).is_file() for e in outlines
        )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("entries = -1", "feeds.entries: -1 is out of range; write a number from 0 to 500"),
        ("entries = true", "feeds.entries: True is not a whole number; write a whole number"),
        ('tag = "not a domain"', "feeds.tag: 'not a domain' is not a domain name; write it like news.example.org"),
        ("entry = 3", "feeds: unknown key 'entry'; did you mean 'entries'?"),
    ],
)
def test_wrong_settings_are_said(written: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(f"[feeds]\n{written}\n", "utf-8")
    with pytest.raises(ConfigError) as error:
        load_settings(tmp_path)
    assert str(error.value) == f"{tmp_path}/site.toml:2: {said}"


def test_settings_have_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path).feeds == Feeds(30, "")


# --- in a browser --------------------------------------------------------------------------------------------


def test_a_browser_shows_a_feed_as_a_readable_page(demo: Site, browser_page: Page) -> None:
    browser_page.goto((demo.folder / "zh-tw/feeds/all.xml").as_uri())
    shown = browser_page.evaluate(
        "[...document.querySelectorAll('entry > *')].filter(e => e.checkVisibility()).map(e => e.localName)"
    )
    assert set(shown) == {"title", "published", "source", "summary"}
    note = browser_page.evaluate("document.querySelector('aside').textContent")
    assert note.startswith("這是一個訂閱來源")
    assert browser_page.evaluate("document.querySelector('a').href") == f"{BASE}zh-tw/"
