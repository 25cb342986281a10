"""Front matter: its dialects, what is rescued of broken ones, and dates."""

from __future__ import annotations

import datetime as dt

import pytest

from generator.dates import read_date
from generator.mirrors import DEFAULT_FRONT_MATTER
from generator.mirrors.front_matter import MAX_LENGTH, facts, split
from generator.models import Published

CEST = dt.timezone(dt.timedelta(hours=2))


def values(block: str, fence: str = "---") -> dict[str, object]:
    """Read a block between two fences."""
    found = split(f"{fence}\n{block}\n{fence}\nthe rest\n")
    assert found is not None
    assert found[1] == "the rest\n"
    return found[0]


def test_yaml() -> None:
    assert values("title: 'The lamp'\ntags: [sea, lamps]\nlist:\n  - one\n  - two") == {
        "title": "The lamp",
        "tags": ["sea", "lamps"],
        "list": ["one", "two"],
    }


def test_toml() -> None:
    assert values('title = "The lamp"\ntags = ["sea"]', "+++") == {"title": "The lamp", "tags": ["sea"]}


def test_broken_toml_is_rescued_as_far_as_it_goes() -> None:
    assert values("title: The lamp\ndraft = ", "+++") == {"title": "The lamp draft ="}


def test_front_matter_may_stand_behind_empty_lines() -> None:
    assert split("\n\n---\ntitle: x\n---\nbody") == ({"title": "x"}, "body")


@pytest.mark.parametrize("scalar", ["2010", "12_00", "yes", "null", "1.50", "2026-03-09", "0x1F", "12:30"])
def test_every_scalar_stays_the_text_that_was_written(scalar: str) -> None:
    assert values(f"title: {scalar}") == {"title": scalar}


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: 'It sang back'_ a choir", "'It sang back'_ a choir"),
        ("title: Lamps: a history", "Lamps: a history"),
        ('title: "Lamp "four" is out"', 'Lamp "four" is out'),
        ('title: """"\'四号灯\'""""', "四号灯"),
        ("title: *ST灯塔 涨停", "*ST灯塔 涨停"),
        ("title: [灯塔] 又亮了", "[灯塔] 又亮了"),
        ("title: @lamp", "@lamp"),
        ("title: 50% off", "50% off"),
    ],
)
def test_a_title_that_is_no_yaml_is_rescued(line: str, title: str) -> None:
    assert values(f"{line}\nauthor: 'A. Crane'\ncategories:\n    - one\n    - two") == {
        "title": title,
        "author": "A. Crane",
        "categories": ["one", "two"],
    }


def test_aliases_are_not_expanded() -> None:
    bomb = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\ntitle: calm"
    read = values(bomb)
    assert read["title"] == "calm"
    assert len(str(read)) < 2 * len(bomb)


def test_tags_that_would_make_objects_make_none() -> None:
    assert values("title: !!python/object/apply:os.getcwd []\nauthor: x")["author"] == "x"


@pytest.mark.parametrize(
    "text",
    [
        "no fence at all",
        "---\nno key here\n---\nbody",
        "---\ntitle: never closed\nbody",
        "text first\n---\ntitle: x\n---\n",
        f"---\ntitle: {'x' * MAX_LENGTH}\n---\nbody",
    ],
)
def test_what_is_no_front_matter(text: str) -> None:
    assert split(text) is None


def test_facts_take_the_first_key_that_says_something() -> None:
    said = facts(
        {
            "title": "  The \n lamp ",
            "canonical_url": "null",
            "link": "https://harbour.example/lamp",
            "published": "2026/07/21 22:10",
            "authors": ["Ada Crane", "Joon Vale"],
            "keywords": ["sea", "sea", "None", "lamps"],
            "category": "society",
            "categories": ["society", "night"],
            "cover": "https://img.example/a.jpg",
        },
        DEFAULT_FRONT_MATTER,
    )
    assert said == {
        "title": "The lamp",
        "url": "https://harbour.example/lamp",
        "published": dt.datetime(2026, 7, 21, 22, 10),
        "author": "Ada Crane, Joon Vale",
        "source": "",
        "tags": ("sea", "lamps"),
        "channel": ("society", "night"),
        "lead_figure": "https://img.example/a.jpg",
        "convert": True,
        "terms": (),
    }


def test_a_place_in_a_list_can_be_named() -> None:
    table = {"site": ["categories.1"], "channel": ["categories.2", "categories.0"]}
    said = facts({"categories": ["传统媒体", "海峡晚报"]}, table)
    assert (said["source"], said["channel"]) == ("海峡晚报", ("传统媒体",))


def test_an_address_that_is_no_web_address_is_none() -> None:
    assert facts({"link": "/posts/lamp"}, DEFAULT_FRONT_MATTER)["url"] == ""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-03-09 00:00:00", dt.date(2026, 3, 9)),
        ("2026-03-09T00:00:00.000Z", dt.date(2026, 3, 9)),
        ("Mon, 09 Mar 2026 00:00:00 GMT", dt.date(2026, 3, 9)),
        ("2026-03-09 00:00:01", dt.datetime(2026, 3, 9, 0, 0, 1)),
        ("2026-03-09 12:00", dt.datetime(2026, 3, 9, 12, 0)),
    ],
)
def test_midnight_to_the_second_says_the_day_only(text: str, date: Published) -> None:
    read = facts({"date": text}, DEFAULT_FRONT_MATTER)["published"]
    assert (read, type(read)) == (date, type(date))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-03-09", dt.date(2026, 3, 9)),
        ("2026/3/9", dt.date(2026, 3, 9)),
        ("2026.03.09", dt.date(2026, 3, 9)),
        ("2026-03-09 08:05", dt.datetime(2026, 3, 9, 8, 5)),
        ("2026-03-09T08:05:30.000Z", dt.datetime(2026, 3, 9, 8, 5, 30, tzinfo=dt.UTC)),
        ("2026-03-09T08:05:30+00:00", dt.datetime(2026, 3, 9, 8, 5, 30, tzinfo=dt.UTC)),
        ("2026-03-09T08:05:30+0200", dt.datetime(2026, 3, 9, 8, 5, 30, tzinfo=CEST)),
        ("Mon, 09 Mar 2026 08:05:30 GMT", dt.datetime(2026, 3, 9, 8, 5, 30, tzinfo=dt.UTC)),
        ("Mon, 09 Mar 2026 08:05:30 +0200", dt.datetime(2026, 3, 9, 8, 5, 30, tzinfo=CEST)),
        ("", None),
        ("Invalid Date", None),
        ("Invalid date 2026-03-09", None),
        ("2026-02-30", None),
        ("2026-03-09 25:00", None),
        ("2026-03-09T08:05:30+99:00", None),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("99999999999999999999", None),
    ],
)
def test_dates(text: str, date: Published | None) -> None:
    read = read_date(text)
    assert read == date
    if isinstance(read, dt.datetime) and isinstance(date, dt.datetime):
        assert read.utcoffset() == date.utcoffset()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("May 21, 2020", dt.date(2020, 5, 21)),
        ("Thursday, 21st May 2020", dt.date(2020, 5, 21)),
        ("Sept. 3, 2021", dt.date(2021, 9, 3)),
        ("14 أغسطس 2026", dt.date(2026, 8, 14)),
        ("14 كانون الثاني 2024", dt.date(2024, 1, 14)),
        ("31 February 2020", None),
        ("Marching 5 2019", None),
    ],
)
def test_a_month_may_be_a_word(text: str, date: dt.date | None) -> None:
    assert read_date(text) == date
