"""The address of everything, and the links between."""

from __future__ import annotations

import datetime as dt
import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import permalinks


@pytest.mark.parametrize(
    ("target", "page", "link"),
    [
        ("en/index.html", "en/index.html", "index.html"),
        ("en/about.html", "en/index.html", "about.html"),
        ("en/articles/a.html", "en/index.html", "articles/a.html"),
        ("en/index.html", "en/articles/a.html", "../index.html"),
        ("en/days/2026-03-09.html", "en/articles/a.html", "../days/2026-03-09.html"),
        ("zh-hans/articles/a.html", "en/articles/a.html", "../../zh-hans/articles/a.html"),
        ("static/site.css", "en/articles/a.html", "../../static/site.css"),
        ("en/articles/a.html", "index.html", "en/articles/a.html"),
        ("index.html", "en/articles/a.html", "../../index.html"),
        ("en", "en/index.html", "../en"),
    ],
)
def test_links_lead_from_page_to_page(target: str, page: str, link: str) -> None:
    assert permalinks.relative(target, page) == link


PATHS = st.lists(st.sampled_from(("a", "b", "en", "index.html")), min_size=1, max_size=5).map("/".join)


@given(PATHS, PATHS)
def test_every_link_leads_where_it_should(target: str, page: str) -> None:
    link = permalinks.relative(target, page)
    assert posixpath.normpath(posixpath.join(posixpath.dirname(page), link)) == target
    assert not link.startswith("/")


def test_every_kind_of_page_has_a_place_of_its_own() -> None:
    day = dt.date(2026, 3, 9)
    paths = [
        permalinks.home("en"),
        permalinks.article("en", "x"),
        permalinks.listing("en", "topics", "x"),
        permalinks.part(permalinks.listing("en", "topics", "x"), 1),
        permalinks.listing("en", "publishers", "x"),
        permalinks.index("en", "topics"),
        permalinks.day("en", day),
        permalinks.month("en", day),
        permalinks.media("x"),
    ]
    assert len(set(paths)) == len(paths)
    assert permalinks.day("en", day) == "en/days/2026-03-09.html"
    assert permalinks.month("en", day) == "en/months/2026-03.html"


@pytest.mark.parametrize(
    "path", ["mirror/灯塔.JPG", "mirror/a b'<>\"&?#%.png", "mirror/..%2f.gif", "mirror/" + "x" * 200 + ".webp"]
)
def test_pictures_get_names_that_need_no_escaping(path: str) -> None:
    name = permalinks.media(path)
    folder, _, base = name.rpartition("/")
    assert folder == "media"
    assert base.isascii()
    assert len(base) < 70
    assert set(base) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")
    assert base.endswith(posixpath.splitext(path)[1].lower())


def test_pictures_of_one_name_in_two_folders_are_two() -> None:
    assert permalinks.media("a/lamp.jpg") != permalinks.media("b/lamp.jpg")
