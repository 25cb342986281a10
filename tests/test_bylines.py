"""Arabic bylines of a place and a name."""

from __future__ import annotations

import pytest

from generator.bylines import correspondent
from generator.mirrors.imprint import read_imprint
from generator.mirrors.saved_page import page_facts
from generator.models import Article
from tests.samples import cleaned

STORY = "<p>ترك حارس المنارة مصباحه مضاء ثلاث ليال بعد أن غادر آخر قارب رصيف الميناء القديم.</p>"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("القاهرة - أحمد سالم", "أحمد سالم"),
        ("القدس المحتلة - أحمد يوسف", "أحمد يوسف"),
        ("رام الله – ليلى عبد الهادي", "ليلى عبد الهادي"),
        ("أحمد سالم - القاهرة", "أحمد سالم"),
        ("بيروت ـ عبدالرحمن السرو", "عبدالرحمن السرو"),
        ("إسطنبول | سَمَر الحدّاد", "سَمَر الحدّاد"),
        ("القاهرة - أحمد سالم - وكالات", "أحمد سالم"),
        ("تونس - أحمد سالم - ليلى حسن", "أحمد سالم, ليلى حسن"),
    ],
)
def test_the_name_stands_beside_a_place(text: str, name: str) -> None:
    assert correspondent(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "القاهرة - وكالات",
        "القاهرة - الجسر نت",
        "غزة - هدنة جديدة",
        "خور الضباب - أحمد سالم",
        "تونس - ليلى تنتظر القطار",
        "القاهرة: أحمد سالم",
        "أحمد سالم",
        "القاهرة - أحمد سالم - ليلى حسن - سمر الحداد",
        "أحمد سالم - ليلى حسن",
        "القاهرة - أحمد سالم يغادر المنارة القديمة بعد ثلاثين سنة",
        "",
    ],
)
def test_what_is_no_byline_names_nobody(text: str) -> None:
    assert correspondent(text) == ""


def test_where_the_page_marks_a_credit_the_place_may_be_any() -> None:
    assert correspondent("خور الضباب - أحمد سالم", credited=True) == "أحمد سالم"
    assert correspondent("خور الضباب - الجسر نت", credited=True) == ""


@pytest.mark.parametrize(
    "byline",
    [
        "<p>القاهرة - أحمد سالم</p>",
        '<div class="author">خور الضباب - أحمد سالم</div>',
        '<div class="writer">بقلم: أحمد سالم - خور الضباب</div>',
        '<div class="byline"><a href="/cairo">القاهرة</a> - أحمد سالم</div>',
    ],
)
def test_a_saved_page(byline: str) -> None:
    page = f"<html><head><title>المنارة</title></head><body><h1>المنارة</h1>{byline}{STORY}</body></html>"
    assert page_facts(page).author == "أحمد سالم"


def test_a_plain_document() -> None:
    found = read_imprint(f"# المنارة\n\nالقاهرة - أحمد سالم\n\n{STORY}")
    assert (found.author, found.lines) == ("أحمد سالم", ["القاهرة - أحمد سالم"])


def test_a_fragment() -> None:
    article = cleaned(f"<p>القاهرة - أحمد سالم</p>{STORY}", title="المنارة")
    assert isinstance(article, Article)
    assert (article.author, article.html) == ("أحمد سالم", STORY)
