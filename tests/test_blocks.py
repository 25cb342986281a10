"""The body set anew: white space, paragraphs, lists, quotes, tables, inline elements, anchors."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import blocks, body, markup

LONG = "<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。</p>"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param(
            "<p>\n 灯塔在\n <b>雾里</b>\n 亮着。\n</p>",
            "<p>灯塔在<strong>雾里</strong>亮着。</p>",
            id="indentation in Chinese vanishes",
        ),
        pytest.param("<p>灯塔 又亮了</p>", "<p>灯塔 又亮了</p>", id="a plain space in Chinese stays"),
        pytest.param("<p>灯塔 \n 又亮了</p>", "<p>灯塔又亮了</p>", id="a run with a line break is indentation"),
        pytest.param("<p>the lamp\n  is lit</p>", "<p>the lamp is lit</p>", id="a line break between words is a space"),
        pytest.param("<p>灯塔(Lamp)\n又亮了</p>", "<p>灯塔(Lamp)又亮了</p>", id="a break beside Chinese vanishes"),
        pytest.param("<p>第4\n号灯</p>", "<p>第4号灯</p>", id="beside a digit too"),
        pytest.param("<p>등대가\n다시 켜졌다</p>", "<p>등대가 다시 켜졌다</p>", id="Korean has spaces"),
        pytest.param("<p>灯台が\nともった</p>", "<p>灯台がともった</p>", id="Japanese has none"),
        pytest.param(
            "<p>他说：\n“亮了。”\n她笑。</p>", "<p>他说：“亮了。”她笑。</p>", id="quotes beside Chinese are Chinese"
        ),
        pytest.param(
            "<p>she said,\n“lit”\nand left</p>", "<p>she said, “lit” and left</p>", id="quotes beside words are not"
        ),
        pytest.param("<p>　　灯塔　亮了　</p>", "<p>灯塔　亮了</p>", id="wide spaces go at the edges only"),
        pytest.param(
            "<p>&nbsp; &nbsp;lamp&nbsp;&nbsp;lit &#8203;</p>", "<p>lamp lit</p>", id="hard and invisible spaces"
        ),
        pytest.param(
            "<p>lamp <b> lit </b> again</p>", "<p>lamp <strong>lit</strong> again</p>", id="one space round an element"
        ),
        pytest.param("<p><b>lamp</b><i>lit</i></p>", "<p><strong>lamp</strong><em>lit</em></p>", id="none is invented"),
        pytest.param("<p>a &lt;b&gt; &amp; c</p>", "<p>a &lt;b&gt; &amp; c</p>", id="what was escaped stays escaped"),
        pytest.param("<p>left\u202eright\ufeff\x07</p>", "<p>leftright</p>", id="what turns text round goes"),
        pytest.param("<p>می‌روم</p>", "<p>می‌روم</p>", id="a joiner inside a word stays"),
    ],
)
def test_white_space(html: str, shown: str) -> None:
    assert markup(html) == [shown]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>一<br><br>二</p>", ["<p>一</p>", "<p>二</p>"]),
        ("<p>一<br/>\n &nbsp; <br/>二</p>", ["<p>一</p>", "<p>二</p>"]),
        ("<p>一<br>二<br>三</p>", ["<p>一<br>二<br>三</p>"]),
        ("<p><br>一<br></p>", ["<p>一</p>"]),
        ("<b>一<br><br>二</b>三", ["<p><strong>一</strong></p>", "<p><strong>二</strong>三</p>"]),
        ("一<p>二</p>三", ["<p>一</p>", "<p>二</p>", "<p>三</p>"]),
        ("<p>一<p>二<p>三</p></p></p>", ["<p>一</p>", "<p>二</p>", "<p>三</p>"]),
        ("<p>一<div>二</div>三</p>", ["<p>一</p>", "<p>二</p>", "<p>三</p>"]),
        ("<span>一<section>二</section></span>", ["<p>一</p>", "<p>二</p>"]),
        ("<p> </p><p><br></p><p>&nbsp;</p><p><b></b></p>", []),
        ("<font><center>一</center></font>", ["<p>一</p>"]),
        ("<dl><dt>一</dt><dd>二</dd></dl>", ["<p>一</p>", "<p>二</p>"]),
    ],
)
def test_paragraphs(html: str, shown: list[str]) -> None:
    assert markup(html) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            "<b>一<div>二</div>三</b>",
            ["<p><strong>一</strong></p>", "<p><strong>二</strong></p>", "<p><strong>三</strong></p>"],
        ),
        ('<a href="/x">一<div>二</div></a>', ['<p><a href="/x">一</a></p>', '<p><a href="/x">二</a></p>']),
        ("<i><b>一</i>二</b>", ["<p><em><strong>一</strong></em>二</p>"]),
        ("<b><ul><li>一</li></ul></b>", ["<ul><li><strong>一</strong></li></ul>"]),
    ],
)
def test_inline_elements_go_on_across_paragraphs(html: str, shown: list[str]) -> None:
    assert markup(html) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<i>一</i><b>二</b><tt>三</tt>", "<p><em>一</em><strong>二</strong><code>三</code></p>"),
        ("<font color=red>一</font><blink>二</blink>", "<p>一二</p>"),
        ('<ok href="/x">灯塔</ok>', '<p><a href="/x">灯塔</a></p>'),
        ('<span href="/x">灯塔</span>', '<p><a href="/x">灯塔</a></p>'),
        ('<a name="x">灯塔</a>', "<p>灯塔</p>"),
        ('<a href="/x">灯<a href="/y">塔</a></a>', '<p><a href="/x">灯</a><a href="/y">塔</a></p>'),
        ('<a href="/x?a=1&amp;b=2">灯</a>', '<p><a href="/x?a=1&amp;b=2">灯</a></p>'),
        ("<a href='/x&quot;onclick=y'>灯</a>", '<p><a href="/x&quot;onclick=y">灯</a></p>'),
        ('<span lang="fr">phare</span>', '<p><span lang="fr">phare</span></p>'),
        ("<ruby>灯<rt>dēng</rt></ruby>", "<p><ruby>灯<rt>dēng</rt></ruby></p>"),
    ],
)
def test_inline_elements(html: str, shown: str) -> None:
    assert markup(html) == [shown]


def test_a_link_that_leads_nowhere_is_its_text() -> None:
    html = '<p>灯塔<a href="javascript:x()">在雾里</a>亮着，渔民们都看见了回家的路，谁也没有迷路。</p>'
    assert body(html) == "<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。</p>"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<ul><li>一</li><li> </li><li>二</li></ul>", "<ul><li>一</li><li>二</li></ul>"),
        ("<ol start=3><li><p>一</p></li></ol>", '<ol start="3"><li>一</li></ol>'),
        ("<ol start=x><li>一</li></ol>", "<ol><li>一</li></ol>"),
        ("<ul><li>一<ul><li>二</li></ul></li></ul>", "<ul><li>一<ul><li>二</li></ul></li></ul>"),
        ("<ul><li>一</li><ul><li>二</li></ul></ul>", "<ul><li>一</li><li><ul><li>二</li></ul></li></ul>"),
        ("<ul><li><p>一</p><p>二</p></li></ul>", "<ul><li><p>一</p><p>二</p></li></ul>"),
        ("<menu><li>一</li></menu>", "<ul><li>一</li></ul>"),
        ("<blockquote>一<br><br>二</blockquote>", "<blockquote><p>一</p><p>二</p></blockquote>"),
        ("<pre>\n a  b\n\tc &lt;\n</pre>", "<pre> a  b\n\tc &lt;</pre>"),
        ("<h2>一<br>二</h2>", "<h2>一<br>二</h2>"),
        ("<h2><div>一</div></h2>", "<h2>一</h2>"),
        (
            "<table><tr><th>港</th><th>船</th></tr><tr><td colspan=2><p>北</p><p>南</p></td></tr></table>",
            '<table><tbody><tr><th>港</th><th>船</th></tr><tr><td colspan="2">北<br>南</td></tr></tbody></table>',
        ),
    ],
)
def test_lists_quotes_tables(html: str, shown: str) -> None:
    assert markup(html) == [shown]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>一</td></tr><tr><td>二</td></tr></table>",
        "<table><tr><td>一</td><td>二</td></tr></table>",
        "<table><tr><td>一</td></tr><tr><td><table><tr><td>二</td></tr></table></td></tr></table>",
    ],
)
def test_a_table_that_only_places_things_is_paragraphs(html: str) -> None:
    assert markup(html) == ["<p>一</p>", "<p>二</p>"]


def test_words_beside_list_items_are_not_lost() -> None:
    text = "".join(block.text for block in blocks("<ul>前<li>一</li>后</ul>"))
    assert sorted(text) == sorted("前一后")


def test_only_the_ids_that_something_leads_to_stay() -> None:
    html = '<p id="n1">一<a href="#r1">↩</a></p><p id="r1">二<a href="#n1">1</a></p><p id="x">三</p>'
    shown = body(LONG + html)
    assert '<p id="a-n1">一<a href="#a-r1"' in shown
    assert '<p id="a-r1">二<a href="#a-n1"' in shown
    assert "<p>三</p>" in shown


def test_a_link_to_an_anchor_that_is_not_there_is_its_text() -> None:
    assert "<p>三4</p>" in body(f'{LONG}<p>三<a href="#gone">4</a></p>')


def test_an_anchor_inside_a_list_keeps_its_item() -> None:
    html = (
        '<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路<a href="#f1">1</a>。</p><ol><li id="f1">注</li></ol>'
    )
    assert '<ol><li id="a-f1">注</li></ol>' in body(html)


def test_a_block_in_another_language_says_so() -> None:
    assert markup('<blockquote><p lang="ja">会いたい</p></blockquote>') == [
        '<blockquote><p lang="ja">会いたい</p></blockquote>'
    ]


LETTERS = st.text("灯塔雾 ab\n<>&/“”1", max_size=30)
TREE = st.recursive(
    LETTERS.map(lambda text: text.replace("<", "&lt;")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(("p", "div", "b", "i", "span", "ul", "li", "blockquote", "h2", "table", "tr", "td", "center")),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(TREE)
def test_no_letter_is_lost_and_every_element_is_closed(html: str) -> None:
    def letters(text: str) -> str:
        return "".join(sorted(re.sub(r"[^灯塔雾ab1]", "", unescape(re.sub(r"<[^>]*>", "", text)))))

    written = markup(html)
    assert letters("".join(written)) == letters(html)
    for block in written:
        stack: list[str] = []
        for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", block):
            if name != "br":
                assert not closing or stack.pop() == name
                stack += [] if closing else [name]
        assert not stack
