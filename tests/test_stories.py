"""Stories: which reports tell of one event, whatever the order, script or language."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from generator import stories, words
from generator.models import Article
from tests.samples import article

DAY = dt.date(2026, 3, 9)
FERRY = (
    "鹭汀渡船撞上旧灯塔 十二名乘客获救",
    "鹭汀市海事处说，渡船“白鸥号”星期一清晨在大雾中撞上旧灯塔的石基，十二名乘客全部获救。船长安若素说，雷达在撞击前五分钟失灵。海事处长方晓宣布停航三天，并调查雷达的维修记录。",
)
FERRY_TOO = (
    "白鸥号大雾中撞石基 海事处调查雷达",
    "星期一清晨的大雾里，“白鸥号”渡船撞上鹭汀旧灯塔，船上十二名乘客没有人受伤。海事处长方晓说要查雷达的维修记录，停航三天。船长安若素对记者说，撞击前雷达已经失灵。",
)
TEA = (
    "青岭茶农种出紫叶新茶 拍卖会一斤卖出三千元",
    "青岭镇的茶农芒草用了八年时间种出紫叶新茶，在春季拍卖会上一斤卖出三千元。农艺师舒望说，紫叶来自高山的寒夜，花青素比绿茶高四倍。镇上准备扩大茶园。",
)


def report(ident: str, told: tuple[str, str], publisher: str, day: dt.date = DAY, **changes: Any) -> Article:
    """A report with a title and a text."""
    return article(ident, title=told[0], text=told[1], publisher=publisher, published=day, **changes)


def ids(found: tuple[Any, ...]) -> list[list[str]]:
    """The ids of each story's reports."""
    return [[one.id for one in story.articles] for story in found]


REPORTS = (
    report("a", FERRY, "harbour"),
    report("b", FERRY_TOO, "courier", DAY + dt.timedelta(1)),
    report("c", TEA, "harbour"),
)


def test_reports_of_one_event_are_a_story_and_others_are_not() -> None:
    assert ids(stories.stories(REPORTS)) == [["b", "a"]]


def test_the_order_in_which_articles_arrive_changes_nothing() -> None:
    rows = list(REPORTS)
    expected = stories.stories(rows)
    for seed in range(6):
        random.Random(seed).shuffle(rows)  # noqa: S311 - any order will do
        assert stories.stories(rows) == expected


def test_far_away_articles_change_nothing() -> None:
    later = [report(f"z{n}", FERRY_TOO, f"p{n}", DAY + dt.timedelta(40 + n)) for n in range(3)]
    before = stories.stories(REPORTS)
    assert before[0] in stories.stories([*REPORTS, *later])


def test_the_address_stays_as_a_story_grows() -> None:
    grown = [*REPORTS, report("d", FERRY, "tidewater", DAY + dt.timedelta(1))]
    assert stories.stories(grown)[0].slug == stories.stories(REPORTS)[0].slug
    assert len(stories.stories(grown)[0].articles) == 3


@pytest.mark.parametrize("days", [4, 30])
def test_reports_too_many_days_apart_are_two_stories(days: int) -> None:
    assert stories.stories([REPORTS[0], report("b", FERRY_TOO, "courier", DAY + dt.timedelta(days))]) == ()


def test_one_publisher_makes_no_story() -> None:
    assert stories.stories([REPORTS[0], report("b", FERRY_TOO, "harbour")]) == ()


def test_articles_without_a_date_are_in_no_story() -> None:
    assert stories.stories([REPORTS[0], report("b", FERRY_TOO, "courier", None)]) == ()  # type: ignore[arg-type]


def test_traditional_and_simplified_reports_meet() -> None:
    told = (
        "白鷗號大霧中撞石基 海事處調查雷達",
        "星期一清晨的大霧裏，「白鷗號」渡船撞上鷺汀舊燈塔，船上十二名乘客沒有人受傷。海事處長方曉說要查雷達的維修記錄，停航三天。船長安若素對記者說，撞擊前雷達已經失靈。",
    )
    assert ids(stories.stories([REPORTS[0], report("t", told, "courier", lang="zh-Hant-TW")])) == [["t", "a"]]


def test_languages_meet_by_names_and_figures() -> None:
    told = ("船长 Ansel Ruo 获救", "渡船 Gullwing 在 Egretmouth 撞上灯塔，船上 147 人获救，船龄 1962 年。")
    english = ("Ferry hits lighthouse", "The Gullwing, built in 1962, hit a lighthouse at Egretmouth; 147 were saved.")
    other = ("Tea sells well", "Purple leaves from Greenridge sold for 3,000 at auction, said the grower.")
    found = stories.stories(
        [
            report("zh", told, "harbour"),
            report("en", english, "courier", lang="en"),
            report("tea", other, "tidewater", lang="en"),
        ]
    )
    assert ids(found) == [["zh", "en"]]


def test_the_most_typical_report_speaks_for_the_story() -> None:
    rows = [*REPORTS, report("d", (FERRY[0], f"{FERRY[1]}{FERRY_TOO[1]}"), "tidewater")]
    assert stories.stories(rows)[0].lead.id == "d"


def test_what_is_known_is_used_again_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Any] = {}
    first = stories.stories(REPORTS, known)
    grown = [*REPORTS, report("d", FERRY, "tidewater", DAY + dt.timedelta(1))]
    assert stories.stories(grown, known) == stories.stories(grown)
    monkeypatch.setattr(words, "weights", lambda told: pytest.fail("read again"))
    assert stories.stories(REPORTS, known) == first
    assert stories.stories(grown, known)[0].slug == first[0].slug


def test_only_the_days_near_a_new_article_are_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Any] = {}
    later = [report(f"z{n}", FERRY_TOO, f"p{n}", DAY + dt.timedelta(40 + n)) for n in range(3)]
    stories.stories([*REPORTS, *later], known)
    read: list[str] = []
    plain = words.weights

    def noted(told: str) -> dict[str, int]:
        read.append(told)
        return plain(told)

    new = report("new", TEA, "courier", DAY)
    monkeypatch.setattr(words, "weights", noted)
    stories.stories([*REPORTS, *later, new], known)
    assert set(read) == {one.traces.words for one in (*REPORTS, new)}


def test_a_round_up_is_in_no_story() -> None:
    assert stories.stories([REPORTS[0], report("r", ("3月9日时事拼盘", FERRY_TOO[1]), "courier")]) == ()


def test_who_is_far_from_the_others_leaves_again() -> None:
    window = stories._Window([*REPORTS, report("d", (FERRY_TOO[0], FERRY[1]), "tidewater")])
    assert stories._without_strays(window, ["a", "b", "c", "d"]) == ["a", "b", "d"]


def test_what_is_near_and_no_report_of_the_event_is_kin() -> None:
    told = "海事处下月二十日在体育馆招考二十名船员，考的是游泳、旗语和急救，报名的人要满十八岁，自备哨子和雨衣，结果月底贴在码头的布告栏上。方晓说，明年还要再招。"
    found, kin = stories.compare([*REPORTS, report("exam", ("海事处招考船员", told), "courier")])
    assert ids(found) == [["b", "a"]]
    assert [name for name, _ in kin["b"]] == ["a", "exam"]
    assert "c" not in kin


def test_the_same_text_in_two_papers_is_a_copy_and_no_second_report() -> None:
    reprint = report("r", FERRY, "tidewater", DAY + dt.timedelta(1))
    assert stories.stories([REPORTS[0], reprint, REPORTS[2]]) == ()
    found = stories.stories([*REPORTS, reprint])
    assert ids(found) == [["r", "b", "a"]]
    assert found[0].copies == {"r"}
