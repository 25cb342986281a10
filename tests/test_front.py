"""The front page and the ways in: what leads it, what is a part of what; room for pictures, levels of headings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PIL import Image

from generator.build import build
from generator.pages.articles import in_steps
from tests.sites.checks import Site, text_of
from tests.test_stories import DAY, FERRY, FERRY_TOO, TEA


def write(content: Path, name: str, told: tuple[str, str], more: str, body: str = "") -> None:
    """Write a post with a title, a text and lines of front matter."""
    file = content / f"posts/{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'---\ntitle: "{told[0]}"\n{more}\n---\n<p>{told[1]}</p>\n{body}', "utf-8")


def built(content: Path, settings: str = "") -> Site:
    """Build a site."""
    (content / "site.toml").write_text(settings, "utf-8")
    build(content, content.parent / "public", jobs=1)
    return Site(content.parent / "public")


@pytest.mark.parametrize(("days", "leads"), [(0, True), (7, True), (8, False)])
def test_a_story_leads_the_front_page_until_it_is_old(days: int, leads: bool, tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(content, "a", FERRY, f"site: 港湾日报\ndate: {DAY}")
    write(content, "b", FERRY_TOO, f"site: 渡口周刊\ndate: {DAY}")
    write(content, "c", TEA, f"site: 港湾日报\ndate: {DAY + dt.timedelta(days)}")
    site = built(content)
    home = site.tree("en/index.html")
    lead, rest = home.cssselect(".lead")[0], home.cssselect(".stories .entry")
    assert ("2 reports" in text_of(lead)) == leads == (not rest)
    others = [text_of(item) for item in lead.cssselect(".titles li")]
    assert len(others) == leads
    shown = [path for path in site.links_on("en/index.html") if "/stories/" in path]
    assert len(shown) == 1
    assert "en/stories.html" in {site.target("en/index.html", a.get("href", "")) for a in home.cssselect(".ways a")}


def test_what_leads_is_not_shown_twice(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(content, "a", FERRY, f"site: 港湾日报\ndate: {DAY}\ncategory: 社会")
    write(content, "b", FERRY_TOO, f"site: 渡口周刊\ndate: {DAY}\ncategory: 社会")
    write(content, "c", TEA, f"site: 港湾日报\ndate: {DAY}\ncategory: 社会")
    home = built(content).tree("en/index.html")
    assert [text_of(title) for title in home.cssselect(".latest h3")] == []
    assert [text_of(title) for title in home.cssselect(".leads h2")] == [TEA[0]]


def test_a_part_of_a_topic_stands_below_it(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(content, "a", FERRY, f"date: {DAY}\ncategory: 社会")
    write(content, "b", TEA, f"date: {DAY + dt.timedelta(1)}\ncategory: 渡船")
    topics = '[[topics]]\nslug = "ferries"\nparent = "society"\nsections = ["渡船"]\n[topics.name]\nen = "Ferries"\n'
    site = built(content, f'base_url = "https://news.example/"\n{topics}')

    def links(page: str, selector: str) -> list[str | None]:
        return [site.target(page, a.get("href", "")) for a in site.tree(page).cssselect(selector)]

    whole, part = "en/topics/society.html", "en/topics/ferries.html"
    assert links("en/index.html", "nav.topics a") == [whole]
    assert links("en/index.html", ".sections h2 a") == [whole]
    assert links(whole, ".within a") == links("en/topics.html", ".within a") == [part]
    assert links(part, ".trail a") == ["en/topics.html", whole]
    # A day of the whole topic leads to where the day's page has its articles: under the part.
    assert [a.get("href", "").partition("#")[2] for a in site.tree(whole).cssselect(".shelf > .heading a")] == [
        *("topic-ferries", "topic-society")
    ]


def test_only_the_first_page_of_a_tag_counts(tmp_path: Path) -> None:
    content = tmp_path / "content"
    for number in range(7):
        told = (f"{TEA[0]} {number}", f"{TEA[1]} 第{number}次。" * (number + 1))
        write(content, f"{number}", told, f"date: {DAY + dt.timedelta(number)}\ntags: [紫叶新茶]")
    site = built(content, "page_size = 5\n")
    (tag,) = (page for page in site.pages if page.startswith("en/tags/") and not page.endswith("-1.html"))
    first, last = site.tree(tag), site.tree(tag.replace(".html", "-1.html"))
    assert [text_of(count) for count in first.cssselect(".page-title .count")] == ["7 articles"]
    assert not any("articles" in text_of(count) for count in last.cssselect(".page-title .count"))


@pytest.mark.parametrize(("kind", "turned"), [("webp", 1), ("jpg", 1), ("jpg", 6)])
def test_room_is_kept_for_a_picture_from_the_content_folder(kind: str, turned: int, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    exif = Image.Exif()
    exif[0x0112] = turned
    Image.new("RGB", (60, 40)).save(content / f"boat.{kind}", exif=exif)
    write(content, "a", FERRY, f"date: {DAY}", f'<p><img src="../boat.{kind}" width="300" alt="boat"></p>\n')
    site = built(content)
    (page,) = (page for page in site.pages if page.startswith("en/articles/"))
    (image,) = site.tree(page).cssselect(".prose img")
    assert (image.get("width"), image.get("height")) == (("60", "40") if turned == 1 else ("40", "60"))


def test_another_size_of_a_picture_makes_its_page_anew(tmp_path: Path) -> None:
    content = tmp_path / "content"
    for width in (60, 90):
        content.mkdir(exist_ok=True)
        Image.new("RGB", (width, 40)).save(content / "boat.png")
        write(content, "a", FERRY, f"date: {DAY}", '<p><img src="../boat.png" alt="boat"></p>\n')
        site = built(content)
        (page,) = (page for page in site.pages if page.startswith("en/articles/"))
        assert f'width="{width}"' in site.markup(page)


@pytest.mark.parametrize(
    ("found", "shown"),
    [("2 3 2 4", "2 3 2 3"), ("3 2 3", "2 2 3"), ("4 4 3", "2 3 3"), ("2 2", "2 2"), ("3", "2"), ("", "")],
)
def test_headings_go_down_one_level_at_a_time(found: str, shown: str) -> None:
    def body(levels: str) -> str:
        return "".join(f'<h{level} id="x">潮汐 &lt;h3&gt;</h{level}>\n<p>x</p>\n' for level in levels.split())

    assert in_steps(body(found)) == body(shown)
