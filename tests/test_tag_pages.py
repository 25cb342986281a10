"""The pages of tags: the most frequent of each kind, all of a kind by name, and every one within reach."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.build import build
from tests.sites.checks import Site, dangers, dead_links, skeleton_faults, text_of

SETTINGS = """
base_url = "https://reader.example/"
[[editions]]
slug = "zh"
locale = "zh-Hans"
script = "zh-Hans"
[[editions]]
slug = "tw"
locale = "zh-Hant-TW"
script = "zh-Hant-TW"
"""
MOST, PART = 4, 5
#: In the order of pinyin: cháo, dēng, dù, fān, làng, máo, qí, wù, yú, zhuó.
SUBJECTS = ("radar", "潮汐表", "灯塔守", "渡船票", "帆布匠", "浪花节", "锚地费", "旗语课", "雾笛声", "渔网结", "桌上灯")


def write(content: Path, number: int, names: tuple[str, ...]) -> None:
    """Write an article that bears tags."""
    (content / "mirror" / f"{number}.md").write_text(
        f"---\ntitle: 第{number}夜\ndate: 2026-03-{number + 1:02}\nurl: https://daily.example/{number}.html\n"
        f"tags: [{', '.join(names)}]\n---\n<p>第{number}夜，守夜的人数到{number * 7919}，天才亮，海上没有一条船经过，他也没有睡。</p>\n",
        "utf-8",
    )


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write articles with more tags than the list of tags shows, some of them more often than others; a few places, too."""
    monkeypatch.setattr(sys.modules["generator.pages.tags"], "_MOST", MOST)
    monkeypatch.setattr(sys.modules["generator.pages.tags"], "_PART", PART)
    (tmp_path / "content" / "mirror").mkdir(parents=True)
    (tmp_path / "content" / "site.toml").write_text(SETTINGS, "utf-8")
    for number in range(8):
        write(tmp_path / "content", number, (*SUBJECTS[:MOST], "山东", "河北") if number < 5 else SUBJECTS[MOST:])
    return tmp_path / "content"


def built(content: Path) -> Site:
    """Build the site with what an earlier build kept."""
    build(content, content.parent / "public", jobs=1)
    return Site(content.parent / "public")


def listed(site: Site, page: str) -> Iterator[tuple[str, str, str]]:
    """Give the heading, the name and the page of each tag that a page lists."""
    for row in site.tree(page).cssselect(".tag-index li"):
        heading = [title for section in row.iterancestors("section") for title in section.cssselect("h2")]
        link = row.cssselect("a")[0]
        yield text_of(heading[0]) if heading else "", text_of(link), site.target(page, link.get("href") or "") or ""


def test_the_list_shows_the_most_frequent_of_each_kind(content: Path) -> None:
    rows = list(listed(built(content), "zh/tags.html"))
    assert {name for kind, name, _ in rows if kind == "话题"} == set(SUBJECTS[:MOST])
    assert {name for kind, name, _ in rows if kind == "地方"} == {"山东", "河北"}


@pytest.mark.parametrize("edition", ["zh", "tw"])
def test_every_tag_is_within_reach(content: Path, edition: str) -> None:
    site = built(content)
    subjects = f"{edition}/tags-by-name/subject.html"
    assert subjects in links(site, f"{edition}/tags.html")
    parts = [page for page in site.pages if page.startswith(f"{edition}/tags-by-name/")]
    for page in (f"{edition}/tags.html", *parts):
        assert [*dangers(site.markup(page)), *skeleton_faults(site, page), *dead_links(site, page)] == []
    assert len(parts) == 3
    assert all(set(parts) <= links(site, page) for page in parts)
    rows = [path for page in parts for _, _, path in listed(site, page)]
    assert len(rows) == len(set(rows)) == len(SUBJECTS)
    shown = {path for _, _, path in listed(site, f"{edition}/tags.html")}
    assert shown | set(rows) == {page for page in site.pages if page.startswith(f"{edition}/tags/")}


def links(site: Site, page: str) -> set[str]:
    """Give the pages to which a page leads from its own part."""
    return {site.target(page, link.get("href") or "") or "" for link in site.tree(page).cssselect("main a")}


def names(site: Site, edition: str) -> list[str]:
    """Give all subjects in the order in which the pages have them."""
    first = f"{edition}/tags-by-name/subject.html"
    pages = [first, *(first.replace(".html", f"-{number}.html") for number in (1, 2))]
    return [name for page in pages for _, name, _ in listed(site, page)]


def test_names_stand_in_the_order_of_their_script(content: Path) -> None:
    site = built(content)
    assert names(site, "zh") == list(SUBJECTS)  # by pinyin
    # By strokes: 6, 10, 10, 12, 14, 14, 15, 16, 16, 19.
    assert names(site, "tw") == [
        *("radar", "帆布匠", "桌上燈", "浪花節", "渡船票", "旗語課", "漁網結", "潮汐表", "燈塔守", "錨地費", "霧笛聲")
    ]
    assert "话题 · radar – 帆布匠" in site.markup("zh/tags-by-name/subject.html")


def files(site: Site) -> dict[str, bytes]:
    """Give every file of a site."""
    return {path: (site.folder / path).read_bytes() for path in site.paths}


def test_another_tag_moves_names_as_a_clean_build_has_them(content: Path) -> None:
    built(content)
    for number in range(8, 11):
        write(content, number, ("暗礁图",))
    site = built(content)
    build(content, content.parent / "clean", jobs=1, store=content.parent / "no-store")
    assert names(site, "zh")[1] == "暗礁图"
    assert files(site) == files(Site(content.parent / "clean"))


def test_a_kind_of_few_tags_has_no_page_of_its_own(content: Path) -> None:
    for number in range(5, 8):
        write(content, number, SUBJECTS[:MOST])
    shutil.rmtree(content.parent / "public", ignore_errors=True)
    site = built(content)
    assert not [page for page in site.pages if "by-name" in page]
    assert len(list(listed(site, "zh/tags.html"))) == MOST + 2
