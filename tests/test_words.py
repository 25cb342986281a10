"""What an article tells, as words with weights."""

from __future__ import annotations

import math

import pytest

from generator import words

TEXT = "渡船撞上旧灯塔，十二名乘客全部获救。海事处长方晓宣布停航三天。"


@pytest.mark.parametrize(
    "title", ["3月9日时事拼盘", "【晨间】3月9日完整版", "Morning Brief: ferry, tea", "国际新闻简讯"]
)
def test_a_round_up_tells_of_many_events(title: str) -> None:
    assert words.told(title, TEXT) == ""


@pytest.mark.parametrize(
    "text", ["0:12 渡船撞上灯塔 1:30 茶农种出紫叶 2:44 天气转晴", "下面请看一组鹭汀新闻简讯。渡船撞上灯塔。"]
)
def test_a_list_of_news_is_a_round_up(text: str) -> None:
    assert words.told("今天", text) == ""


def test_words_of_the_title_count_more_and_scripts_are_one() -> None:
    found = words.counted("渡船撞上灯塔", TEXT)
    assert (found["渡船"], found["乘客"]) == (words.TITLE + 1, 1)
    assert words.counted("渡船撞上燈塔", "渡船撞上舊燈塔，十二名乘客全部獲救。海事處長方曉宣布停航三天。") == found


def test_only_the_beginning_is_read_and_no_dateline() -> None:
    found = words.counted("渡船", f"【鹭汀电台北京时间三月九日讯】{TEXT}{'又' * words.HEAD}紫叶新茶")
    assert not {"电台", "新茶"} & set(found)


def test_a_word_of_every_day_weighs_less_than_one_that_nobody_knows() -> None:
    found = words.weights(words.told("中国的白鸥号", "渡船载着十二名乘客。"))
    assert list(found)[:1] == ["白鸥"]
    assert list(found) == sorted(found, key=lambda word: (-found[word], word))
    assert math.isclose(math.hypot(*found.values()), words.UNIT, abs_tol=1)
    assert words.rare("中国") < words.rare("疫苗") < words.rare("白鸥号")


def test_of_languages_without_a_table_short_words_weigh_little() -> None:
    found = words.counted("Der Leuchtturm", "Die Fähre und der alte Leuchtturm von Reiherbucht.")
    assert (found["der"], found["leuchtturm"], found["reiherbucht"]) == (words.TITLE + 1, words.TITLE + 1, 1)
    assert words.rare("der") < words.rare("leuchtturm")


def test_marks_are_written_alike_in_every_language() -> None:
    assert words.marks("渡船 Gullwing", "第2317号，载147人，12人获救。") == ("147", "2317", "Gullwing")


def test_what_stands_everywhere_is_no_mark() -> None:
    assert words.marks("渡船", "1962年建造，2026年沉没。（Getty Images）") == ()


def test_the_table_is_whole() -> None:
    table = words._rare()
    assert len(table) > 8000
    assert table["*"] == max(table.values())
    assert table["the"] == 0
    assert min(table.values()) >= 0
