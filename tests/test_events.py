"""What tells one event from another of its kind: days, names in titles, works."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import pytest

from generator import events, stories, words
from generator.languages import one_script
from generator.models import Article
from tests.test_stories import DAY, ids, report

FIRE = (
    "{place}一家纸厂起火 三名工人受伤",
    "{place}一家纸厂的仓库{when}凌晨起火，浓烟冲上天空，三名工人被烧伤送医。消防队出动十二辆消防车，两小时后扑灭大火。厂长说，起火的原因还在调查，附近居民闻到刺鼻的气味，关紧了门窗。",
)
FIRE_TOO = (
    "{place}纸厂仓库大火 居民闻到刺鼻气味",
    "{when}凌晨，{place}一家纸厂起火，仓库烧毁，消防车赶到时浓烟已经冲上天空。三名工人受伤送医，居民关紧门窗。消防队说，起火原因正在调查。",
)


def fire(ident: str, told: tuple[str, str], publisher: str, place: str, when: str, day: dt.date = DAY) -> Article:
    """A report of a fire."""
    return report(ident, (told[0].format(place=place), told[1].format(place=place, when=when)), publisher, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3月8日，", dt.date(2026, 3, 8)),
        ("8日清晨，", dt.date(2026, 3, 8)),
        ("2月27日，", dt.date(2026, 2, 27)),
        ("週一清晨，", DAY),
        ("星期天，", dt.date(2026, 3, 8)),
        ("昨晚，", dt.date(2026, 3, 8)),
        ("今天，", DAY),
    ],
)
def test_a_day_is_the_one_nearest_to_the_report(text: str, day: dt.date) -> None:
    found = events.facts(events.told("渡船", f"【鹭汀电台3月5日讯】{text}渡船撞上旧灯塔。"), DAY, set())
    assert found.days == {day.toordinal()}


@pytest.mark.parametrize("text", ["31日，", "13月1日，", "5月1日，", "三月八日，"])
def test_a_day_that_is_none_or_far_away_is_left_out(text: str) -> None:
    assert not events.facts(events.told("渡船", f"{text}渡船撞上旧灯塔。"), DAY, set()).days


def test_days_are_looked_for_in_the_opening_only() -> None:
    assert not events.facts(events.told("渡船", "雾" * events.OPENING + "3月8日"), DAY, set()).days


def test_names_and_works_are_one_whatever_the_script_and_region() -> None:
    ours = events.told("雪梨與濟南的渡船", "《鷺汀晚報》說，渡船撞上舊燈塔。")
    assert ours == events.told("悉尼与济南的渡船", "《鹭汀晚报》说，渡船撞上旧灯塔。")
    found = events.facts(ours, DAY, set())
    assert found.places == frozenset({"悉尼", "济南"})
    assert found.works == frozenset({"鹭汀晚报"})
    assert found.places <= found.names


def test_a_name_of_every_day_says_nothing() -> None:
    assert words.rare("中国") > events.SAYS
    assert not events.told("今天的新闻", "没有别的。")


def test_likeness_adds_what_is_shared_and_takes_what_is_elsewhere() -> None:
    day, names, works = frozenset({1}), frozenset({"济南", "悉尼", "青岛"}), frozenset({"鹭汀晚报"})
    ours = events.Facts(day, names, names, works, {"济南"})
    assert events.likeness(ours, ours) == pytest.approx(events.USUAL + events.DAY + 2 * events.NAME + events.WORK)
    there = events.Facts(frozenset(), frozenset({"西安"}), frozenset({"西安"}), frozenset(), {"西安"})
    assert (
        events.likeness(ours, there) == events.likeness(there, ours) == pytest.approx(events.USUAL + events.ELSEWHERE)
    )
    told = events.Facts(frozenset(), there.names, there.places, frozenset(), {"西安", "济南"})
    assert events.likeness(ours, told) == pytest.approx(events.USUAL)


def test_two_fires_are_two_events() -> None:
    rows = [fire("a", FIRE, "harbour", "济南", "周一"), fire("b", FIRE_TOO, "courier", "济南", "9日")]
    assert ids(stories.stories(rows)) == [["b", "a"]]
    other = fire("c", FIRE_TOO, "courier", "兰州", "昨天")
    window = stories._Window([*rows, other])
    assert window.near("a", "c") < window.near("a", "b") - events.DAY
    assert window.alike("a", "c") > stories.BEGIN


def test_who_tells_again_tells_of_what_followed() -> None:
    rows = [fire("a", FIRE, "harbour", "济南", "周一"), fire("b", FIRE_TOO, "harbour", "济南", "周一")]
    one = stories._Window(rows).near("a", "b")
    rows[1] = fire("b", FIRE_TOO, "courier", "济南", "周一")
    assert stories._Window(rows).near("a", "b") == pytest.approx(one - stories.AGAIN)


def test_other_languages_are_near_by_their_words_alone() -> None:
    told = ("Ferry hits lighthouse", "On Monday the ferry Gullwing hit the old lighthouse of Egretmouth in dense fog.")
    rows = [report(name, told, name, lang="en") for name in ("a", "b")]
    window = stories._Window(rows)
    assert window.near("a", "b") == window.alike("a", "b") == pytest.approx(1, abs=0.01)


def test_everybody_has_one_name() -> None:
    assert words.counted("雪梨的渡船", "亞塞拜然的渡船") == words.counted("悉尼的渡船", "阿塞拜疆的渡船")


def test_the_aliases_are_folded_and_lead_to_one_name() -> None:
    rows = (files("generator") / "aliases.tsv").read_text("utf-8").splitlines()
    names = [name for row in rows if not row.startswith("#") for name in row.split("\t")]
    assert len(names) == len(set(names)) == len(set(map(one_script, names)))
    assert all(words.one_name(name) == words.one_name(words.one_name(name)) for name in names)


def test_few_pairs_have_to_be_nearer_than_many(monkeypatch: pytest.MonkeyPatch) -> None:
    near = stories.JOIN + (stories.BEGIN - stories.JOIN) / 3
    for size, joined in ((2, False), (4, True)):
        names = [f"n{number}" for number in range(size)]
        rows = [report(name, FIRE, name) for name in (*names, "z")]
        window = stories._Window(rows)
        monkeypatch.setattr(window, "near", lambda one, other: near if "z" in (one, other) else 0.5)
        pairs = [(window.near(a, b), a, b) for n, a in enumerate((*names, "z")) for b in (*names, "z")[n + 1 :]]
        pairs.sort(key=stories._nearest_first)
        assert ("z" in stories._joined(window, pairs)[0]) == joined
