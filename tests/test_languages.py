"""Which language and script a text is in, by evidence."""

from __future__ import annotations

import pytest

from generator.languages import detect


@pytest.mark.parametrize(
    ("text", "usual", "lang"),
    [
        ("灯塔在雾里亮着，渔民们都看见了回家的路。", "", "zh-Hans"),
        ("燈塔在霧裡亮著，漁民們都看見了回家的路。", "", "zh-Hant"),
        ("燈塔在霧裡亮著，漁民們都看見了回家的路。", "zh-Hant-TW", "zh-Hant-TW"),
        ("燈塔在霧裡亮著，漁民們都看見了回家的路。", "zh-Hans", "zh-Hant"),
        ("灯塔在雾里亮着，渔民们都看见了回家的路。", "zh-Hant-TW", "zh-Hans"),
        ("山上有人，天上有月。", "zh-Hant-TW", "zh-Hant-TW"),
        ("山上有人，天上有月。", "", "zh-Hans"),
        ("山上有人，天上有月。", "en", "zh-Hans"),
        ("灯塔（Lighthouse）重新亮起，OECD 的报告说。", "", "zh-Hans"),
        ("霧の中に灯台がともり、漁師たちは帰り道を見つけた。", "", "ja"),
        ("東京都港区、灯台修復完了のお知らせです", "zh-Hans", "ja"),
        ("등대가 안개 속에서 다시 켜졌다.", "", "ko"),
        ("The lamp is lit, and the boats are on their way home.", "zh-Hans", "en"),
        ("Le phare est dans la brume et les pêcheurs sont sur le quai.", "", "fr"),
        ("Der Leuchtturm steht im Nebel, und die Fischer sind nicht auf der Mole.", "", "de"),
        ("El faro está en la niebla y los pescadores van por las rocas.", "", "es"),
        ("Маяк снова горит в тумане.", "", "ru"),
        ("المنارة تضيء من جديد في الضباب.", "", "ar"),
        ("فانوس دریایی دوباره روشن شد و ماهیگیران راه خانه را پیدا کردند، گفت پیرمرد.", "", "fa"),
        ("ماياك تۇماندا يەنە يورۇدى، بېلىقچىلار ئۆيىگە قايتتى.", "", "ug"),
        ("המגדלור דולק שוב בערפל.", "", "he"),
        ("https://harbour.example/the-lamp-is-lit", "zh-Hans", "zh-Hans"),
        ("12:00", "zh-Hant-TW", "zh-Hant-TW"),
        ("12:00", "", "und"),
    ],
)
def test_a_text_is_known_by_its_letters(text: str, usual: str, lang: str) -> None:
    assert detect(text, usual) == lang


def test_a_chinese_article_that_quotes_japanese_is_chinese() -> None:
    assert detect("灯塔在雾里亮着，渔民们都看见了回家的路。" * 5 + "他说了一句：ありがとう。") == "zh-Hans"


def test_only_the_beginning_is_looked_at() -> None:
    assert detect("灯塔在雾里亮着。" * 500 + "The lamp is lit. " * 5_000) == "zh-Hans"
