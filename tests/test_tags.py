"""Tags: who bears them, how they are named, who is related."""

from __future__ import annotations

import datetime as dt

import pytest

from generator import tags
from generator.names import folded
from tests.samples import article

DAY = dt.date(2026, 3, 9)
ROWS = [
    article("a", tags=("渡船", "Radar"), published=DAY),
    article("b", tags=("渡船", "radar"), published=DAY),
    article("c", tags=("渡船", "RADAR", "旧灯塔"), published=DAY + dt.timedelta(2)),
    article("d", tags=("舊燈塔",), published=DAY + dt.timedelta(9)),
    article("e", tags=("旧灯塔",), title="渡船又停航", published=DAY),
]


def found() -> dict[str, list[str]]:
    """The tags of the rows: name -> ids."""
    return {term.name[""]: [one.id for one in term.articles] for term in tags.tags(ROWS)}


def test_a_tag_has_a_page_once_three_articles_bear_it() -> None:
    assert list(found()) == ["渡船", "RADAR", "旧灯塔"]
    assert len(tags.tags(ROWS, 4)) == 0


def test_spellings_and_scripts_are_one_tag() -> None:
    assert found()["旧灯塔"] == ["c", "d", "e"]
    assert found()["RADAR"] == ["a", "b", "c"]


def test_two_names_of_one_person_are_one_tag() -> None:
    rows = [
        *(article(f"t{n}", tags=("川普",), published=DAY) for n in range(2)),
        article("m", tags=("特朗普",), published=DAY),
        article("n", title="歐巴馬與普丁", published=DAY),
        article("o", title="特朗普說", published=DAY),
    ]
    (term,) = tags.tags(rows)
    assert (term.name[""], [one.id for one in term.articles]) == ("川普", ["t0", "t1", "m", "o"])


def test_a_known_name_in_a_title_counts() -> None:
    assert found()["渡船"] == ["a", "b", "c", "e"]


def test_slugs_are_ascii_and_their_own() -> None:
    slugs = [term.slug for term in tags.tags(ROWS)]
    assert "radar" in slugs
    assert all(slug.isascii() for slug in slugs)
    assert len(set(slugs)) == 3
    assert tags.slug(folded("舊燈塔")) == tags.slug(folded("旧灯塔"))


@pytest.mark.parametrize(
    "names",
    [("COVID-19", "Covid 19"), ("C++", "C#", "CC"), ("AT&T", "at t"), ("U.S.", "u s"), ("t b7ab33f17a", "浪花")],
)
def test_no_two_tags_have_one_page(names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [article(str(number), tags=names) for number in range(3)]
    assert len({term.slug for term in tags.tags(rows)}) == len(names)
    long = tags.slug
    monkeypatch.setattr(tags, "slug", lambda key, size=5: long(key, size) if size > 5 else "t-00")
    assert len({term.slug for term in tags.tags(rows)}) == len(names)


def test_no_tag_has_the_page_of_a_part_of_another() -> None:
    assert tags.slug("covid-19") != "covid-19" != tags.slug("covid 19")
    assert tags.slug("boeing 737 max") == "boeing-737-max"


def test_related_articles_share_rare_tags_and_are_not_much_later() -> None:
    terms = tags.tags(ROWS)
    borne = [term for term in terms if ROWS[2] in term.articles]
    assert [one.id for one in tags.related(ROWS[2], borne, ())] == ["a", "b", "e"]


def test_what_says_nearly_the_same_is_related_without_a_tag() -> None:
    terms = tags.tags(ROWS)
    borne = [term for term in terms if ROWS[2] in term.articles]
    near, late = article("near", published=DAY), article("late", published=DAY + dt.timedelta(9))
    found = tags.related(ROWS[2], borne, [(near, 0.5), (late, 0.9)])
    assert [one.id for one in found] == ["near", "a", "b", "e"]


def test_no_tags_no_pages() -> None:
    assert tags.tags([article("x")]) == ()
    assert tags.related(article("x"), [], ()) == []
