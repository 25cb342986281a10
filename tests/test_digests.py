"""Digests: a day, and what it brought of a topic, in five minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.build import build
from tests.sites.browsing import Places
from tests.sites.checks import Site, text_of

SETTINGS = """
base_url = "https://reader.example/"
[[editions]]
slug = "zh"
locale = "zh-Hans"
[[topics]]
slug = "sea"
name = "海"
sections = ["海洋"]
[[topics]]
slug = "bay"
name = "海湾"
parent = "sea"
sections = ["海湾"]
"""
DAYS = {dt.date(2026, 3, 4): 5, dt.date(2026, 3, 5): 3, dt.date(2026, 3, 6): 5, dt.date(2026, 3, 7): 2}
NAMES = ("灯塔", "渡船", "栈桥", "潮汐", "海雾")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site of a topic that has enough articles on two of its four days, most of them in a part of it."""
    folder = tmp_path_factory.mktemp("digests")
    posts = folder / "content" / "mirror"
    posts.mkdir(parents=True)
    (folder / "content" / "site.toml").write_text(SETTINGS, "utf-8")
    for day, count in DAYS.items():
        for number, name in enumerate(NAMES[:count]):
            section = "海洋" if number else "海湾"
            (posts / f"{day}-{number}.md").write_text(
                f"---\ntitle: {name}的第{day.day}天\ndate: {day}\nurl: https://daily.example/{day}/{number}.html\n"
                f"category: {section}\n---\n<p>{day.day}日清早，守{name}的人说起{name}，说它比去年更大，也更安静，没有人问为什么。</p>\n",
                "utf-8",
            )
    build(folder / "content", folder / "public", jobs=1)
    return Site(folder / "public")


def test_a_topic_has_a_digest_of_each_day_with_enough(site: Site) -> None:
    found = sorted(page for page in site.pages if page.startswith("zh/digests/2026"))
    assert found == [
        "zh/digests/2026-03-04-sea.html",
        "zh/digests/2026-03-04.html",
        "zh/digests/2026-03-06-sea.html",
        "zh/digests/2026-03-06.html",
    ]
    assert "五分钟读完2026年3月6日星期五的海" in site.markup(found[2])
    assert all(f"{name}的第6天" in site.markup(found[2]) for name in NAMES)
    assert "的第4天" not in site.markup(found[2])


def test_digests_of_a_topic_lead_to_each_other(site: Site) -> None:
    newer, older = (site.markup(f"zh/digests/2026-03-0{day}-sea.html") for day in (6, 4))
    assert 'rel="prev" href="2026-03-04-sea.html"' in newer
    assert 'rel="next" href="2026-03-06-sea.html"' in older
    last = site.markup("zh/digests/sea.html")
    assert 'rel="prev" href="2026-03-06-sea.html"' in last
    assert "的第7天" in last


def test_a_day_leads_to_what_it_brought_of_a_topic(site: Site) -> None:
    assert 'href="2026-03-06-sea.html"' in site.markup("zh/digests/2026-03-06.html")
    assert 'href="../digests/sea.html"' in site.markup("zh/topics/sea.html")


def test_search_engines_hear_of_every_digest(site: Site) -> None:
    listed = (site.folder / "zh/sitemaps/lists.xml").read_text("utf-8")
    assert all(f"https://reader.example/{page}" in listed for page in site.pages if "/digests/" in page)


def test_a_later_article_changes_the_digests_of_its_day_alone(site: Site) -> None:
    before = {page: site.markup(page) for page in site.pages if "/digests/" in page}
    posts: Path = site.folder.parent / "content" / "mirror"
    post = (posts / "2026-03-05-1.md").read_text("utf-8").replace("第5天", "第五天")
    (posts / "2026-03-05-1.md").write_text(post, "utf-8")
    build(posts.parent, site.folder, jobs=1)
    assert {page: site.markup(page) for page in before} == before
    (posts / "2026-03-06-1.md").write_text(
        (posts / "2026-03-06-1.md").read_text("utf-8").replace("第6天", "第六天"), "utf-8"
    )
    build(posts.parent, site.folder, jobs=1)
    changed = {page for page in before if site.markup(page) != before[page]}
    assert changed == {"zh/digests/2026-03-06.html", "zh/digests/2026-03-06-sea.html"}


@pytest.mark.parametrize("edition", ["zh-hans", "ar"])
def test_a_story_names_all_who_report_it(places: Places, edition: str) -> None:
    told = {path: names for path, names in named(places.site, f"{edition}/index.html") if "/stories/" in path}
    shown = {path: names for path, names in named(places.site, f"{edition}/digests/2026-10-12.html") if path in told}
    assert shown == told
    assert max(map(len, shown.values())) == 3


def named(site: Site, page: str) -> Iterator[tuple[str, list[str]]]:
    """Give the page and the publishers of each entry of a list."""
    for entry in site.tree(page).cssselect("article.entry"):
        path = site.target(page, entry.cssselect("a")[0].get("href") or "")
        yield path or "", [text_of(name) for name in entry.cssselect(".meta bdi")]
