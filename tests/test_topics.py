"""Which topic an article belongs to: its section against its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import topics
from generator.errors import ConfigError
from generator.models import Publisher, Topic
from generator.settings import load_settings
from tests.samples import SETTINGS, draft
from tests.stories import learn_topics

TOPICS = (
    Topic("sea", {"zh": "海"}, keywords=("潮", "浪", "harbour"), sections=("海洋新闻",)),
    Topic("land", {"zh": "陆"}, keywords=("山", "谷", "石"), signs=(r"\A山讯",)),
    Topic("globe", {"zh": "全球"}, keywords=("洲",), sections=("global",), wide=True),
)


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ({"channel": ("prog1",)}, "land"),
        ({"url": "https://h.example/prog1/2026/a.html"}, "land"),
        ({"channel": ("海洋新闻",)}, "sea"),
        ({"channel": ("Harbour - 海",)}, "sea"),
        ({"tags": ("陆",)}, "land"),
        ({"url": "https://h.example/land/a.html"}, "land"),
        ({"channel": ("prog2",)}, ""),
        ({"channel": ("prog3",)}, "sea"),
        ({}, ""),
    ],
)
def test_a_section_is_found_by_channel_tag_and_address(said: dict[str, Any], topic: str) -> None:
    publisher = Publisher("h", {"": "H"}, channels={"prog1": "land", "prog2": "nowhere", "prog3": "海洋新闻"})
    assert topics.section(draft(**said), publisher, TOPICS) == topic


@pytest.mark.parametrize(
    ("section", "heading", "text", "topic"),
    [
        ("", "山谷", "潮 潮 潮 harbour", "land"),
        ("", "潮山", "浪和谷和harbours", "sea"),
        ("", "myharbour", "", "other"),
        ("", "", "x" * 600 + "浪", "other"),
        ("sea", "山", "谷", "sea"),
        ("sea", "山谷", "石", "land"),
        ("globe", "潮", "浪", "globe"),
        ("globe", "潮浪", "", "sea"),
        ("globe", "", "潮浪harbour", "globe"),
        ("sea", "山讯：潮浪", "", "land"),
        ("globe", "", "", "globe"),
        ("", "", "洲", "globe"),
    ],
)
def test_clear_words_outweigh_a_wide_section(section: str, heading: str, text: str, topic: str) -> None:
    assert topics.by_words(TOPICS, section, heading, text) == topic


@pytest.mark.parametrize(
    ("section", "text", "topic"),
    [("sea", "谷", "sea"), ("~sea", "谷", "sea"), ("", "谷", "land"), ("", "潮", "other"), ("", "潮和洲", "globe")],
)
def test_little_evidence_leaves_an_article_where_it_stood(section: str, text: str, topic: str) -> None:
    rows, slugs = ({"sea": 110}, {"land": 290}, {"globe": 60}), ("sea", "land", "globe")
    points = tuple(topics._together(row, slugs) for row in rows)
    known = topics.Evidence(topics.Words.of("潮谷洲"), slugs, points, {"": {}, "sea": {}, "~sea": {}}, ())
    with mock.patch.object(topics, "_evidence", return_value=known):
        assert topics.by_words(TOPICS, section, "", text) == topic


@given(st.lists(st.tuples(*[st.integers(-3000, 3000)] * 3), max_size=50))
def test_points_add_up_as_one_integer(rows: list[tuple[int, int, int]]) -> None:
    slugs = ("a", "b", "c")
    total = sum(topics._together(dict(zip(slugs, row, strict=True)), slugs) for row in rows)
    sums = {slug: sum(row[lane] for row in rows) for lane, slug in enumerate(slugs)}
    assert dict(topics._apart(total, slugs)) == {slug: count for slug, count in sums.items() if count}


def test_without_a_section_a_place_needs_less_than_a_subject() -> None:
    assert topics.evidence(TOPICS, {}).sections[""] == {"globe": topics.NOWHERE}


@pytest.mark.parametrize(
    ("heading", "text", "topic"),
    [
        ("渡轮杯羽毛球赛落幕 港队夺冠", "决赛打满三局，运动员说裁判很公正，球迷为主帅鼓掌。", "sports"),
        (
            "《潮声》周五首映 女主演亮相红毯",
            "这部电影由新人编剧，歌手为预告片配音，影迷排队等票房开门。",
            "entertainment",
        ),
        ("老茶馆的十道小吃 早餐从一碗鱼粥开始", "厨师说食材要新鲜，甜点不能太甜，咖啡也要现磨。", "life"),
        ("冰川退缩 候鸟提前南飞", "气温升高，湿地干涸，森林里的鸟类和昆虫都少了。", "environment"),
        ("Harbour team wins the championship", "The coach praised the goalkeeper after the match.", "sports"),
    ],
)
def test_subjects_of_which_the_corpus_had_little_are_known_by_their_words(heading: str, text: str, topic: str) -> None:
    assert topics.by_words(SETTINGS.topics, "", heading, text) == topic


def test_a_label_counts_most_for_its_first_topic() -> None:
    assert learn_topics.shares("sea,land,globe", ["globe", "land", "sea"]) == pytest.approx([0.075, 0.075, 0.85])
    assert learn_topics.shares("land", ["globe", "land", "sea"]) == [0, 1, 0]


def test_traditional_texts_are_read_too() -> None:
    assert topics.by_words(SETTINGS.topics, "", "臺灣舉行選舉", "民進黨與國民黨") == "taiwan"


def test_the_time_zone_of_a_dateline_says_nothing_of_the_topic() -> None:
    assert topics.by_words(SETTINGS.topics, "", "", "【电台北京时间2026年03月09日讯】一把伞走了一程。") == "other"


def site(folder: Path, text: str) -> dict[str, Topic]:
    """The topics of a site with these settings."""
    (folder / "site.toml").write_text(text, "utf-8")
    return {topic.slug: topic for topic in load_settings(folder).topics}


def test_a_site_takes_topics_together_and_words_away(tmp_path: Path) -> None:
    found = site(
        tmp_path,
        """
        [[topics]]
        slug = "living"
        name = "Living"
        merge = ["life", "health", "culture"]
        keywords = ["花园"]
        [[topics]]
        slug = "economy"
        keywords = ["-债"]
        """,
    )
    assert next(iter(found)) == "living"
    assert not {"life", "health", "culture"} & set(found)
    assert {"花园", "美食", "疫苗"} <= set(found["living"].keywords)
    assert "life" in found["living"].sections
    assert found["entertainment"].parent == "living"
    assert "债" not in found["economy"].keywords
    assert "债务" in found["economy"].keywords


def topic_of(folder: Path, blocks: str, heading: str, text: str, section: str = "") -> str:
    """What a site with these settings makes of an article."""
    return topics.by_words(tuple(site(folder, blocks).values()), section, heading, text)


TRADE = ("渡轮公司亏损扩大 股价下跌", "这家公司公布业绩，营收下降，投资者抛售股票，银行收紧贷款。")


def test_words_of_a_site_weigh_more_than_what_was_learnt(tmp_path: Path) -> None:
    assert topic_of(tmp_path, "", *TRADE) == "economy"
    own = "[[topics]]\nslug = 'ships'\nname = 'Ships'\nkeywords = ['渡轮', '港口']"
    assert topic_of(tmp_path, own, "渡轮公司亏损 港口关闭", TRADE[1] + "港口没有渡轮。") == "ships"
    assert topic_of(tmp_path, own, "公司亏损 股价下跌", TRADE[1]) == "economy"


def test_a_topic_of_which_nothing_was_learnt_has_its_section(tmp_path: Path) -> None:
    own = "[[topics]]\nslug = 'ships'\nname = 'Ships'\nkeywords = ['渡轮']"
    assert topic_of(tmp_path, own, "一个早晨", "没有什么事。", "ships") == "ships"


def test_topics_that_became_one_keep_what_was_learnt(tmp_path: Path) -> None:
    merged = "[[topics]]\nslug = 'money'\nname = 'Money'\nmerge = ['economy', 'science']"
    assert topic_of(tmp_path, merged, *TRADE) == "money"


def test_a_word_that_a_site_takes_away_says_nothing_of_the_topic(tmp_path: Path) -> None:
    known = topics.evidence(tuple(site(tmp_path, "[[topics]]\nslug = 'economy'\nkeywords = ['-公司']").values()), {})
    learnt = topics.evidence(SETTINGS.topics, {"公司": {"economy": 90, "science": 40}})
    taken = topics.evidence(
        tuple(site(tmp_path, "[[topics]]\nslug = 'economy'\nkeywords = ['-公司']").values()),
        {"公司": {"economy": 90, "science": 40}},
    )
    assert learnt.said("", "公司") == {"economy": 90 + topics.KEYWORD, "science": 40}
    assert taken.said("", "公司") == {"science": 40}
    assert not known.said("", "公司")


def test_what_was_learnt_of_chinese_is_not_asked_of_other_languages() -> None:
    text = "最後は大潮が味方した。船は六日ぶりに離礁し、港に向かっている。乗組員は全員無事だという。"
    assert topics.by_words(SETTINGS.topics, "world", "座礁のコンテナ船、6日ぶり離礁", text) == "world"


def test_words_of_latin_letters_begin_where_words_begin() -> None:
    words = topics.Words.of(["harbour", "港"])
    assert [words.numbers(text) for text in ("myharbour", "港harbours", "a harbour")] == [[], [0, 1], [0]]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("slug = 'a'\nmerge = ['b']", "'a' cannot take in 'b'"),
        ("slug = 'a'\nmerge = ['a']", "'a' cannot take in 'a'"),
        ("slug = 'a'\nparent = 'b'", "'a' cannot be a part of 'b'"),
        ("slug = 'a'\nparent = 'us'", "'a' cannot be a part of 'us'"),
        ("slug = 'a'\nsigns = ['(']", "is not a pattern"),
        ("slug = 'a'\nwide = 1", "1 is not true or false"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, block: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("(", r"\(")):
        site(tmp_path, f"[[topics]]\n{block}\n")


def test_the_shipped_topics_form_two_levels() -> None:
    slugs = {topic.slug: topic for topic in SETTINGS.topics}
    assert all(topic.parent in slugs and not slugs[topic.parent].parent for topic in slugs.values() if topic.parent)
