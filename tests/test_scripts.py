"""An article in another Chinese script: its words, never its addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.scripts import convert_html, convert_text, shown_lang


@pytest.mark.parametrize(
    ("text", "lang", "script", "shown"),
    [
        ("灯塔里面的头发", "zh-Hans", "zh-Hant-TW", "燈塔裡面的頭髮"),
        ("灯塔里面的头发", "zh-Hans", "zh-Hant-HK", "燈塔裏面的頭髮"),
        ("燈塔裡面的頭髮", "zh-Hant-TW", "zh-Hans", "灯塔里面的头发"),
        ("燈塔裏面的頭髮", "zh-Hant", "zh-Hans", "灯塔里面的头发"),
        ("皇后在后面", "zh-Hans", "zh-Hant-TW", "皇后在後面"),
        ("发展理发，干杯晒干", "zh-Hans", "zh-Hant-TW", "發展理髮，乾杯曬乾"),
        ("美国制裁", "zh-Hans", "zh-Hant-TW", "美國制裁"),
        ("支持软件发布会", "zh-Hans", "zh-Hant-TW", "支持軟件發佈會"),
        ("灯塔", "zh-Hans", "original", "灯塔"),
        ("燈塔", "zh-Hant-TW", "zh-Hant-TW", "燈塔"),
        ("灯台の学校", "ja", "zh-Hant-TW", "灯台の学校"),
        ("The lamp", "en", "zh-Hans", "The lamp"),
        ("", "zh-Hans", "zh-Hant-TW", ""),
    ],
)
def test_texts(text: str, lang: str, script: str, shown: str) -> None:
    assert convert_text(text, lang, script) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param("<p>头<b>发</b></p>", "<p>頭<b>髮</b></p>", id="a word across an inline element"),
        pytest.param("<p>理<a href='/x'>发</a>店</p>", "<p>理<a href='/x'>髮</a>店</p>", id="and across two"),
        pytest.param("<p>头</p><p>发展</p>", "<p>頭</p><p>發展</p>", id="but not across paragraphs"),
        pytest.param("头<br>发展", "頭<br>發展", id="nor lines"),
        pytest.param("<li>头</li><li>发展</li>", "<li>頭</li><li>發展</li>", id="nor items"),
        pytest.param(
            '<a href="https://a.example/发/头发.html">发</a>',
            '<a href="https://a.example/发/头发.html">發</a>',
            id="addresses stay",
        ),
        pytest.param(
            '<img src="/头发.jpg" alt="头发" width="9">',
            '<img src="/头发.jpg" alt="頭髮" width="9">',
            id="the words for a picture do not",
        ),
        pytest.param("<p>发<code>发</code>发</p>", "<p>發<code>发</code>發</p>", id="code stays"),
        pytest.param("<pre>头发<b>发</b></pre>发", "<pre>头发<b>发</b></pre>發", id="also with elements inside"),
        pytest.param('<span lang="ja">会議</span>发', '<span lang="ja">会議</span>發', id="a foreign span stays"),
        pytest.param(
            '<p lang="ja">会<i>議</i></p><p>发</p>',
            '<p lang="ja">会<i>議</i></p><p>發</p>',
            id="and any foreign element",
        ),
        pytest.param(
            '<span lang="ja">会<span>議</span>会</span>发',
            '<span lang="ja">会<span>議</span>会</span>發',
            id="and what is nested in it",
        ),
        pytest.param('<span lang="zh-Hans">发</span>', '<span lang="zh-Hans">發</span>', id="a Chinese span does not"),
        pytest.param("<p>a &lt;发&gt; &amp;</p>", "<p>a &lt;發&gt; &amp;</p>", id="what was escaped stays escaped"),
    ],
)
def test_html(html: str, shown: str) -> None:
    assert convert_html(html, "zh-Hans", "zh-Hant-TW") == shown


@pytest.mark.parametrize(("lang", "script"), [("ja", "zh-Hans"), ("zh-Hans", "original"), ("zh-Hant-TW", "zh-Hant-TW")])
def test_what_needs_no_conversion_comes_back_as_it_is(lang: str, script: str) -> None:
    html = "<p>裡頭发</p>"
    assert convert_html(html, lang, script) == html


@pytest.mark.parametrize(
    ("lang", "script", "shown"),
    [("zh-Hans", "zh-Hant-TW", "zh-Hant-TW"), ("zh-Hant", "original", "zh-Hant"), ("en", "zh-Hans", "en")],
)
def test_the_language_shown(lang: str, script: str, shown: str) -> None:
    assert shown_lang(lang, script) == shown


PIECES = st.sampled_from(
    [
        "头",
        "发",
        "里面",
        "<b>",
        "</b>",
        "<p>",
        "</p>",
        "<br>",
        '<a href="/发">',
        "</a>",
        "&amp;",
        "\n",
        " ",
        "x",
        "软件",
        "\x01",
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_the_tags_come_out_as_they_went_in(html: str) -> None:
    converted = convert_html(html, "zh-Hans", "zh-Hant-TW")
    assert re.findall(r"<[^>]*>", converted) == re.findall(r"<[^>]*>", html)
