"""Every text once, newest first, in its topic, day and publisher."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import permutations

import pytest

from generator.library import shelve
from generator.models import Article, LeftOut, Library
from generator.publishers import Publishers
from tests.samples import HARBOUR, SETTINGS, article

DAY = dt.date(2026, 3, 9)
TEXT = "灯塔在雾里亮着，渔民们都看见了回家的路。" * 6


def shelved(*articles: Article) -> tuple[Library, list[LeftOut], list[str]]:
    """Shelve articles with the default topics and one known publisher."""
    return shelve(articles, SETTINGS.topics, Publishers([HARBOUR]))


def ids(*articles: Article) -> list[str]:
    """Give the ids of the library's articles in order."""
    return [one.id for one in shelved(*articles)[0].articles]


def test_newest_first_undated_last_ties_by_id() -> None:
    zone = dt.timezone(dt.timedelta(hours=-5))
    given = {
        "late": dt.datetime(2026, 3, 9, 23, 0, tzinfo=zone),
        "noon": dt.datetime(2026, 3, 9, 12, 0),
        "a-day": DAY,
        "b-day": DAY,
        "old": dt.date(2025, 12, 31),
        "none": None,
    }
    articles = [article(name, published=when) for name, when in given.items()]
    assert ids(*reversed(articles)) == list(given)


def test_the_order_of_reading_does_not_matter() -> None:
    three = [article("a", published=DAY), article("b", text=TEXT), article("c", text=TEXT + "。")]
    results = [shelved(*order) for order in permutations(three)]
    assert all(result == results[0] for result in results)


def test_days_are_those_of_the_publishers_own_calendar() -> None:
    zone = dt.timezone(dt.timedelta(hours=14))
    early = article("a", published=dt.datetime(2026, 3, 9, 0, 30, tzinfo=zone))
    library, _, _ = shelved(early, article("b", published=DAY), article("c"))
    assert {day: sorted(one.id for one in found) for day, found in library.days.items()} == {DAY: ["a", "b"]}
    assert [one.id for one in library.undated] == ["c"]


def test_a_text_stored_twice_is_one_article_that_names_its_copies() -> None:
    library, copies, warnings = shelved(
        article("a", path="m/a.md", text=TEXT),
        article(
            "b", path="m/b.md", text=TEXT.replace("，", " ，\n"), canonical_url="https://h.example/b", published=DAY
        ),
    )
    (kept,) = library.articles
    assert (kept.id, kept.copies) == ("b", ("m/a.md",))
    assert copies == [LeftOut("m/a.md", "duplicate", "the same text as m/b.md")]
    assert warnings == []


@pytest.mark.parametrize(
    "url",
    [
        "http://harbour.example/a",
        "https://www.harbour.example/a/",
        "https://harbour.example/a#",
        "https://harbour.example/a?",
    ],
)
def test_one_address_is_one_article(url: str) -> None:
    first = article("a", canonical_url="https://harbour.example/a")
    assert len(ids(first, article("b", canonical_url=url))) == 1


def test_another_query_is_another_article() -> None:
    first = article("a", canonical_url="https://harbour.example/?id=1")
    assert len(ids(first, article("b", canonical_url="https://harbour.example/?id=2"))) == 2


def test_the_longer_text_stays() -> None:
    url = "https://harbour.example/a"
    short, long = article("a", canonical_url=url, text=TEXT), article("b", canonical_url=url, text=TEXT * 3)
    assert ids(short, long) == ["b"]


def test_short_texts_that_are_equal_are_two_articles() -> None:
    assert len(ids(article("a", text="雾散了。"), article("b", text="雾散了。"))) == 2


def test_copies_of_copies_are_one() -> None:
    one, two = "https://h.example/1", "https://h.example/2"
    a = article("a", canonical_url=one, text="雾散了。" * 30)
    b = article("b", canonical_url=two, text=TEXT * 2)
    c = article("c", canonical_url=one, text=TEXT * 2)
    assert len(ids(a, b, c)) == 1


def test_an_id_that_two_articles_share_gets_parts_and_a_warning() -> None:
    library, _, warnings = shelved(
        article("x", path="m/1.md", text=TEXT), article("x", path="m/2.md", text=TEXT + TEXT[:40])
    )
    names = [one.id for one in library.articles]
    assert len(set(names)) == 2
    assert all(name.startswith("x-") for name in names)
    assert warnings == ["x: 2 articles with this id (m/1.md, m/2.md); each got a part of its own"]


def test_the_part_does_not_depend_on_the_other_article() -> None:
    own = article("x", path="m/1.md", text=TEXT)
    with_two = {one.path: one.id for one in shelved(own, article("x", path="m/2.md"))[0].articles}
    with_three = {
        one.path: one.id
        for one in shelved(own, article("x", path="m/2.md"), article("x", path="m/0.md", text=TEXT[::-1]))[0].articles
    }
    assert with_two["m/1.md"] == with_three["m/1.md"]


def test_terms_hold_their_articles_newest_first() -> None:
    library, _, _ = shelved(
        article("a", topic="society", publisher="tide", publisher_name={"en": "Tide"}, published=DAY),
        article("b", topic="world", publisher="harbour"),
        article("c", topic="society", publisher="nobody"),
    )
    order = [topic.slug for topic in SETTINGS.topics]
    assert [term.slug for term in library.topics] == sorted(("society", "world"), key=order.index)
    assert [term.slug for term in library.publishers] == ["harbour", "nobody", "tide"]
    society = next(term for term in library.topics if term.slug == "society")
    assert [one.id for one in society.articles] == ["a", "c"]
    names = {term.slug: term.name for term in library.publishers}
    assert names["harbour"] == HARBOUR.name
    assert (names["tide"], names["nobody"]) == ({"en": "Tide"}, {"": "nobody"})


def test_articles_without_a_topic_are_on_the_shelf_of_others() -> None:
    library, _, _ = shelved(article("a", topic="other"), article("b", topic="world"))
    assert [term.slug for term in library.topics][-1] == "other"


def test_near_copies_of_one_publisher_are_one_article() -> None:
    lines = [
        f"第{number}号渔船在{number * 7}点出港，船长说今天的潮水比昨天高{number + 3}厘米。" for number in range(40)
    ]
    first = article("a", path="m/a.md", text="\n".join(lines), published=DAY)
    again = article("b", path="n/b.md", text="\n".join([*lines[:38], "更正：前一版的潮高有误。"]), published=DAY)
    library, copies, _ = shelved(first, again)
    assert [one.path for one in library.articles] == ["m/a.md"]
    assert [one.path for one in copies] == ["n/b.md"]


@pytest.mark.parametrize("change", [{"publisher": "tide"}, {"published": DAY + dt.timedelta(days=9)}])
def test_the_like_of_another_publisher_or_week_is_its_own_article(change: dict[str, object]) -> None:
    lines = [
        f"第{number}号渔船在{number * 7}点出港，船长说今天的潮水比昨天高{number + 3}厘米。" for number in range(40)
    ]
    first = article("a", text="\n".join(lines), published=DAY)
    again = replace(article("b", text="\n".join([*lines, "另一家也这样报道。"]), published=DAY), **change)  # type: ignore[arg-type]
    assert len(shelved(first, again)[0].articles) == 2
