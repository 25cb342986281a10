"""Books: whole, the same every time, in the reader's script, and nothing in them that reading systems refuse."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Page

from generator.books import BookError, Wanted, make_book
from generator.build import build
from generator.cli import main
from generator.errors import ConfigError
from generator.locales import in_locale
from generator.settings import load_settings
from tests.conftest import ROOT
from tests.sites.checks import Site
from tests.test_stories import FERRY, FERRY_TOO

DEMO = ROOT / "content"
WEEK = "2026-W42"
XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML = "{http://www.w3.org/XML/1998/namespace}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
POST = """\
---
title: "吊桥 & <b>渡轮</b> + 电车"
url: https://courier.example/world/2026/03/04/bridge.html
date: 2026-03-04 08:30
---
<p><img src="{picture}" alt="桥 &amp; 船"></p>
<p>造了六年的吊桥昨天清晨合龙，<a href="https://courier.example/world/2026/03/04/ferry.html">渡轮</a>停在桥下，
桥面最后一段重一百二十吨，用了四十分钟才升到位。<a href="https://[broken/">这里</a>和<a href="https://a.example/x y|z%">那里</a>。\x0b</p>
{body}
"""


def posts(content: Path, picture: str = "bridge.png", body: str = "") -> Path:
    """Write two posts that link to each other's publisher, the second the day after."""
    (content / "posts").mkdir(parents=True)
    (content / "posts/bridge.md").write_text(POST.format(picture=picture, body=body), "utf-8")
    ferry = POST.format(picture=picture, body="<p>渡轮的最后一班在午夜离港，码头上只有三个人送行，灯塔亮着。</p>")
    ferry = ferry.replace("bridge.html", "ferry.html").replace("03-04 08", "03-05 09").replace("吊桥 &", "渡轮 &")
    (content / "posts/ferry.md").write_text(ferry, "utf-8")
    (content / "posts/bridge.png").write_bytes(PNG)
    return content


def files(data: bytes) -> dict[str, bytes]:
    """The files of a book by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def trees(data: bytes) -> dict[str, Any]:
    """The XML files of a book, as a strict parser sees them."""
    ends = (".xhtml", ".opf", ".svg", ".xml")
    return {name: etree.fromstring(content) for name, content in files(data).items() if name.endswith(ends)}


@pytest.fixture(scope="module")
def week() -> bytes:
    """The book of a week of the demo in Traditional Chinese."""
    return make_book(DEMO, Wanted(week=WEEK, script="zh-Hant-TW"), jobs=1)[1]


# --- the file ------------------------------------------------------------------------------------------------


def test_the_media_type_comes_first_and_as_it_is(week: bytes) -> None:
    assert week[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(week)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(archive.namelist()) == len(set(archive.namelist()))


def test_a_book_is_the_same_every_time(week: bytes) -> None:
    assert make_book(DEMO, Wanted(week=WEEK, script="zh-Hant-TW"), jobs=2)[1] == week


def test_the_manifest_names_every_file_and_the_spine_every_chapter(week: bytes) -> None:
    package = trees(week)["EPUB/package.opf"]
    items = {e.get("id"): e.get("href") for e in package.iter(f"{OPF}item")}
    inside = {name.removeprefix("EPUB/") for name in files(week) if name.startswith("EPUB/")} - {"package.opf"}
    assert sorted(items.values()) == sorted(inside)
    spine = [items[e.get("idref")] for e in package.iter(f"{OPF}itemref")]
    assert spine[:2] == ["cover.xhtml", "nav.xhtml"]
    assert sorted(spine[2:]) == sorted(name for name in inside if name.startswith("articles/"))
    assert sum(e.get("properties") == "cover-image" for e in package.iter(f"{OPF}item")) == 1


def test_the_contents_are_by_topic_and_lead_to_every_chapter(week: bytes) -> None:
    nav = trees(week)["EPUB/nav.xhtml"]
    toc = nav.find(f".//{XHTML}nav")
    names = [e.text for e in toc.iter(f"{XHTML}span")]
    topics = [in_locale(topic.name, "zh-Hant-TW") for topic in load_settings(DEMO).topics]
    assert len(names) > 3
    assert [name for name in topics if name in names] == names
    assert len(list(toc.iter(f"{XHTML}a"))) == len([name for name in files(week) if "/articles/" in name])


def test_the_book_of_a_topic_is_by_day() -> None:
    book, data = make_book(DEMO, Wanted(topic="world", script="zh-Hans"), jobs=1)
    spans = [e.text or "" for e in trees(data)["EPUB/nav.xhtml"].iter(f"{XHTML}span")]
    assert spans
    assert all(re.match(r"\d{4}年\d+月\d+日", text) for text in spans)
    assert {article.topic for article in book.articles} == {"world"}


def test_the_book_is_in_the_script_that_was_asked_for(week: bytes) -> None:
    package = trees(week)["EPUB/package.opf"]
    assert package.findtext(f".//{DC}title") == "2026年10月12日至18日 · 清讀樣刊"
    assert package.findtext(f".//{DC}language") == "zh-Hant-TW"
    langs = {tree.get("lang") for name, tree in trees(week).items() if "/articles/" in name}
    assert {"zh-Hant-TW", "en"} <= langs
    assert "zh-Hans" not in langs
    assert all(t.get("lang") == t.get(f"{XML}lang") for name, t in trees(week).items() if name.endswith(".xhtml"))


def test_a_book_in_arabic_is_read_from_the_right(tmp_path: Path) -> None:
    content = posts(tmp_path / "content")
    (content / "site.toml").write_text('[[editions]]\nslug = "ar"\nlocale = "ar"\nscript = "original"\n', "utf-8")
    found = trees(make_book(content, Wanted(day="2026-03-04"), jobs=1)[1])
    spine = found["EPUB/package.opf"].find(f"{OPF}spine")
    assert spine.get("page-progression-direction") == "rtl"
    assert found["EPUB/nav.xhtml"].get("dir") == "rtl"
    chapter = next(tree for name, tree in found.items() if "/articles/" in name)
    assert (chapter.get("lang"), chapter.get("dir")) == ("zh-Hans", "ltr")


def test_the_time_of_a_book_is_that_of_its_newest_article(tmp_path: Path) -> None:
    package = trees(make_book(posts(tmp_path / "content"), Wanted(week="2026-W10"), jobs=1)[1])["EPUB/package.opf"]
    modified = [e.text for e in package.iter(f"{OPF}meta") if e.get("property") == "dcterms:modified"]
    assert modified == ["2026-03-05T09:30:00Z"]


# --- chapters ------------------------------------------------------------------------------------------------


def chapters(content: Path, **wanted: str) -> dict[str, Any]:
    """The chapters of a book by their names."""
    found = trees(make_book(content, Wanted(**wanted), jobs=1)[1])
    return {name.rpartition("/")[2]: tree for name, tree in found.items() if "/articles/" in name}


def test_what_stands_in_an_article_stays_well_formed(tmp_path: Path) -> None:
    (chapter,) = chapters(posts(tmp_path / "content"), day="2026-03-04").values()
    assert chapter.findtext(f".//{XHTML}h1") == "吊桥 & <b>渡轮</b> + 电车"
    assert chapter.findtext(f".//{XHTML}title") == "吊桥 & <b>渡轮</b> + 电车"
    assert [e.tag for e in chapter.iter(f"{XHTML}script", f"{XHTML}style")] == []


def test_links_lead_to_chapters_and_to_the_web_or_are_none(tmp_path: Path) -> None:
    found = chapters(posts(tmp_path / "content"), week="2026-W10")
    bridge = next(tree for name, tree in found.items() if "bridge" in name)
    ferry = next(name for name in found if "ferry" in name)
    links = [e.get("href") for e in bridge.iter(f"{XHTML}a")]
    assert links == [ferry, "https://a.example/x%20y%7Cz%25", "https://courier.example/world/2026/03/04/bridge.html"]
    assert "这里" in "".join(bridge.itertext())


def test_pictures_of_the_content_folder_come_along(tmp_path: Path) -> None:
    data = make_book(posts(tmp_path / "content"), Wanted(week="2026-W10"), jobs=1)[1]
    pictures = {name: content for name, content in files(data).items() if "/images/" in name}
    assert list(pictures.values()) == [PNG]
    sources = {e.get("src") for n, t in trees(data).items() if "/articles/" in n for e in t.iter(f"{XHTML}img")}
    assert sources == {f"../{name.removeprefix('EPUB/')}" for name in pictures}


def test_pictures_of_the_web_become_links_with_their_captions(tmp_path: Path) -> None:
    body = '<figure><img src="https://pictures.example/quay.jpg"><figcaption>码头的清晨</figcaption></figure>'
    content = posts(tmp_path / "content", "https://pictures.example/bridge.jpg?w=640&h=480", body)
    (chapter,) = chapters(content, day="2026-03-04").values()
    assert not list(chapter.iter(f"{XHTML}img"))
    absent = [(e.get("href"), "".join(e.itertext())) for e in chapter.iter(f"{XHTML}a") if e.get("class") == "absent"]
    assert absent[0] == ("https://pictures.example/bridge.jpg?w=640&h=480", "网上的图片: 桥 & 船")
    assert absent[1] == ("https://pictures.example/quay.jpg", "网上的图片")
    assert [e.text for e in chapter.iter(f"{XHTML}figcaption")] == ["码头的清晨"]


def test_a_picture_that_not_every_reading_system_shows_stays_out(tmp_path: Path) -> None:
    content = posts(tmp_path / "content", "odd.avif")
    (content / "posts/odd.avif").write_bytes(b"\0\0\0\x20ftypavif" + bytes(20))
    data = make_book(content, Wanted(day="2026-03-04"), jobs=1)[1]
    assert [name for name in files(data) if "/images/" in name] == []
    (chapter,) = chapters(content, day="2026-03-04").values()
    absent = [e for e in chapter.iter(f"{XHTML}span") if e.get("class") == "absent"]
    assert ["".join(e.itertext()) for e in absent] == ["网上的图片: 桥 & 船"]


# --- asking for one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(day="tomorrow"), "tomorrow: is not a day; write it like 2020-10-28"),
        (Wanted(week="2026-W60"), "2026-W60: is not a week; write it like 2020-W44"),
        (Wanted(week="W1"), "W1: is not a week; write it like 2020-W44"),
        (Wanted(topic="cooking"), "cooking: no article is of such a topic; the topics are "),
        (Wanted(day="2026-03-04", script="zh"), "zh: there is no such script; use one of: zh-Hans, "),
        (Wanted(day="1999-01-01"), "1999-01-01: there are no articles to bind; "),
    ],
)
def test_what_cannot_be_bound_is_said(wanted: Wanted, said: str, tmp_path: Path) -> None:
    with pytest.raises(BookError) as error:
        make_book(posts(tmp_path / "content"), wanted, jobs=1)
    assert str(error.value).startswith(said)


def test_the_command_writes_a_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    posts(tmp_path / "content")
    monkeypatch.chdir(tmp_path)
    assert main(["book", "--jobs", "1", "--day", "2026-03-04", "--script", "zh-Hant-HK"]) == 0
    assert capsys.readouterr().out == "day-2026-03-04.epub: 2026年3月4日星期三, 1 article, 0.0 MB\n"
    topic = next(name for name in ("other", "society", "world", "life") if _has(tmp_path / "content", name))
    assert main(["book", "--week", "2026-W10", "--topic", topic, "--output", "mine.epub", "-q", "--jobs", "1"]) == 0
    assert files((tmp_path / "mine.epub").read_bytes())
    assert main(["book", "--jobs", "1"]) == 2
    assert (
        capsys.readouterr().err
        == "qingdu: book: says not of which articles; name them with --day, --week, --topic or --story\n"
    )
    assert main(["book", "--jobs", "1", "--day", "2026-03-04", "--output", "no/such/folder.epub"]) == 2
    assert "choose another --output" in capsys.readouterr().err


def _has(content: Path, topic: str) -> bool:
    try:
        return bool(make_book(content, Wanted(topic=topic), jobs=1)[0].articles)
    except BookError:
        return False


# --- books of the site ---------------------------------------------------------------------------------------


def test_the_site_has_the_books_that_it_asks_for(tmp_path: Path) -> None:
    content = posts(tmp_path / "content")
    (content / "site.toml").write_text("[books]\ndays = 1\nweeks = 3\ntopics = true\n", "utf-8")
    build(content, tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    own = {path for path in site.paths if path.startswith("en/books/")}
    topics = {path for path in own if "topic-" in path}
    assert own - topics == {"en/books/day-2026-03-05.epub", "en/books/week-2026-W10.epub"}
    assert topics
    assert own <= site.links_on("en/books.html")
    assert "en/books/day-2026-03-05.epub" in site.links_on("en/days/2026-03-05.html")
    assert not any(path.endswith(".epub") for path in site.links_on("en/days/2026-03-04.html"))
    for path in topics:
        assert path in site.links_on(f"en/topics/{path.removeprefix('en/books/topic-').removesuffix('.epub')}.html")
    asked = make_book(content, Wanted(day="2026-03-05", script="original"), jobs=1)[1]
    assert (site.folder / "en/books/day-2026-03-05.epub").read_bytes() == asked


def test_without_the_setting_there_are_no_books(tmp_path: Path) -> None:
    build(posts(tmp_path / "content"), tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    assert [path for path in site.paths if "book" in path] == []


def test_wrong_settings_are_said(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("[books]\ntopics = 3\n", "utf-8")
    with pytest.raises(ConfigError, match=r"books\.topics: 3 is not true or false"):
        load_settings(tmp_path)


# --- judged by others ----------------------------------------------------------------------------------------


def epubcheck() -> list[str] | None:
    """How to run EPUBCheck: EPUBCHECK names its jar, else the system's command."""
    jar, java = os.environ.get("EPUBCHECK", ""), shutil.which("java")
    command = shutil.which("epubcheck")
    return [java, "-jar", jar] if jar and java else [command] if command else None


@pytest.mark.slow
@pytest.mark.parametrize("script", ["zh-Hans", "zh-Hant-TW"])
@pytest.mark.parametrize("wanted", [{"week": WEEK}, {"topic": "world"}], ids=["week", "topic"])
def test_epubcheck_finds_nothing(wanted: dict[str, str], script: str, tmp_path: Path) -> None:
    command = epubcheck()
    if command is None:
        pytest.skip("no EPUBCheck here: `./build.sh books` fetches it")
    (tmp_path / "book.epub").write_bytes(make_book(DEMO, Wanted(script=script, **wanted), jobs=1)[1])
    found = subprocess.run(
        [*command, "--failonwarnings", "book.epub"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 fatals / 0 errors / 0 warnings" in found.stdout + found.stderr


def test_a_browser_shows_the_chapters(week: bytes, browser_page: Page, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(week)) as archive:
        archive.extractall(tmp_path)
    faults: list[str] = []
    browser_page.on("console", lambda message: faults.append(message.text))
    browser_page.on("requestfailed", lambda request: faults.append(request.url))
    for file in sorted((tmp_path / "EPUB").rglob("*.xhtml")):
        browser_page.goto(file.as_uri())
        assert browser_page.locator("parsererror").count() == 0
        wide = browser_page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, file.name
        assert browser_page.evaluate("[...document.images].every(i => i.naturalWidth > 0)"), file.name
    assert faults == []


def test_a_story_is_a_book_of_its_reports(tmp_path: Path) -> None:
    content = tmp_path / "content"
    (content / "posts").mkdir(parents=True)
    for day, (title, text), source in ((9, FERRY, "港湾日报"), (10, FERRY_TOO, "渡口周刊")):
        head = f'title: "{title}"\nsite: {source}\ndate: 2026-03-{day:02} 08:30'
        (content / f"posts/{day}.md").write_text(f"---\n{head}\n---\n<p>{text}</p>\n", "utf-8")
    (content / "site.toml").write_text("[books]\nstories = 3\n", "utf-8")
    build(content, tmp_path / "public", jobs=1)
    site = Site(tmp_path / "public")
    (page,) = (page for page in site.pages if re.match(r"en/stories/2026-03-09-", page))
    (made,) = (path for path in site.links_on(page) if path.endswith(".epub"))
    slug = page.removeprefix("en/stories/").removesuffix(".html")
    book, data = make_book(content, Wanted(story=slug, script="zh-Hant-TW"), jobs=1)
    assert made == f"en/books/story-{slug}.epub"
    assert [article.title for article in book.articles] == [FERRY[0], FERRY_TOO[0]]
    assert sum(name.endswith(".xhtml") for name in files(data)) == 2 + 2  # the cover and the contents, too
    with pytest.raises(BookError, match="no such story"):
        make_book(content, Wanted(story="gone"), jobs=1)
