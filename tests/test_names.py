"""What a tag names: by its letters, by lists, by what stands beside it in a text."""

from __future__ import annotations

import datetime as dt

import pytest

from generator import names, tags
from generator.names import ORGANISATION, PERSON, PLACE
from tests.samples import article


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("日本", PLACE),
        ("瑞典", PLACE),
        ("sweden", PLACE),
        ("السويد", PLACE),
        ("青岭镇", PLACE),
        ("鹭汀海峡", PLACE),
        ("楼市", ""),
        ("联合国", ORGANISATION),
        ("鹭汀大学", ORGANISATION),
        ("白鸥集团", ORGANISATION),
        ("ministry of tides", ""),
        ("tide ministry", ORGANISATION),
        ("退党", ""),
        ("亨特·安", PERSON),
        ("渡船", ""),
        ("安若素", ""),
    ],
)
def test_a_name_tells_by_itself(name: str, kind: str) -> None:
    assert names.kind(name, 4, 0) == kind


def test_a_text_tells_who_is_a_person() -> None:
    text = "海事处长方晓说，船长安若素没有过错。總統布蘭（布兰）表示，渡船要修。鹭汀港停航。"
    assert names.people(("方晓", "安若素", "渡船", "布兰", "鹭汀", "RADAR"), text) == ("方晓", "布兰")
    assert names.people(("Ansel Ruo", "Gullwing Ferry"), "Ansel Ruo said the Gullwing Ferry was late.") == (
        "Ansel Ruo",
    )


@pytest.mark.parametrize(
    ("name", "borne", "as_person", "kind"),
    [
        ("方晓", 8, 2, PERSON),
        ("方晓", 9, 1, ""),
        ("布兰", 5, 2, PERSON),
        ("布兰", 6, 2, ""),
        ("孙建军", 9, 1, PERSON),
        ("鹭汀日报", 3, 3, ORGANISATION),
    ],
)
def test_a_surname_needs_less_evidence(name: str, borne: int, as_person: int, kind: str) -> None:
    assert names.kind(name, borne, as_person) == kind


def test_tags_say_what_they_name() -> None:
    rows = [
        article(
            f"n{n}",
            tags=("方晓", "青岭镇", "渡船"),
            published=dt.date(2026, 3, 9),
            text=f"第{n}次，海事处长方晓说，渡船停航。" * 4,
        )
        for n in range(3)
    ]
    assert {term.name[""]: term.kind for term in tags.tags(rows)} == {"方晓": PERSON, "青岭镇": PLACE, "渡船": ""}
