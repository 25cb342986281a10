"""Steps on the blocks, and what is left out in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from generator.boilerplate import learn, sample
from generator.models import Article, LeftOut
from tests.samples import HARBOUR, blocks, body, cleaned

TEXT = [
    "<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。</p>",
    "<p>守塔人每晚六点上楼，数完四十七级台阶，再点一支烟。</p>",
    "<p>他说，灯不是给他自己点的，是给还没有回来的人点的。</p>",
    "<p>镇上的孩子们把这句话写在了学校的墙上。</p>",
]
STORY = "\n".join(TEXT)
FILLING = "".join(f"<p>这一天的第{n}班船准点离开了码头，船上坐着{n}位乘客。</p>" for n in range(2, 12))


def steps(html: str, **said: Any) -> list[tuple[str, str]]:
    """Give step and text of every removal."""
    result = cleaned(html, **said)
    assert isinstance(result, Article), result
    return [(removal.step, removal.text) for removal in result.removals]


def test_a_sound_article_loses_nothing() -> None:
    assert body(STORY) == STORY
    assert steps(STORY) == []


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：方晓",
        "（责任编辑：方晓）",
        "責任編輯：方曉#",
        "（记者宁静远综合报导/责任编辑：方晓）",
        "（记者：舒望   责编：申迟   网编：洪远）",
        "审校 简宁",
        "编译：顾一白",
        "校对：文思远",
    ],
)
def test_editors_credits_are_data(line: str) -> None:
    assert body(f"{STORY}<p>{line}</p>") == STORY
    assert [step for step, _ in steps(f"{STORY}<p>{line}</p>")] == ["credit"]


@pytest.mark.parametrize(
    "line",
    [
        "编辑部的灯一直亮到天亮。",
        "他当了三十年的校对，没有漏过一个字。",
        "“责任编辑是谁？”老人问。",
        "审校之后，书才付印，" + "书很厚，" * 30 + "完。",
    ],
)
def test_sentences_about_editors_are_text(line: str) -> None:
    assert line in body(f"{STORY}<p>{line}</p>")


def test_a_credit_of_the_publishers_own_form_is_data() -> None:
    publisher = replace(HARBOUR, credits=("^文/",))
    result = cleaned(f"{STORY}<p>文/安若素</p>", publisher)
    assert isinstance(result, Article)
    assert [removal.step for removal in result.removals] == ["credit"]


@pytest.mark.parametrize("tag", ["h1", "p", "h3"])
def test_the_title_is_not_said_twice(tag: str) -> None:
    assert body(f"<{tag}>灯塔 又亮了</{tag}>{STORY}", title="灯塔又亮了") == STORY


def test_words_of_the_title_further_down_are_text() -> None:
    html = f"{STORY}{FILLING}<p>灯塔又亮了</p><p>人们都说。</p>"
    assert "<p>灯塔又亮了</p>" in body(html, title="灯塔又亮了")


@pytest.mark.parametrize(
    "line",
    ["2026年3月9日", "2026-03-09 08:05", "发布时间：2026年3月9日 19:28", "14/05/2026 - 17:32", "20 分钟前", "3小时前", "October 3, 2026 at 4:05 pm", "03/04/2026", "2026年10月3日（土）午後4時5分", "السبت، 3 أكتوبر 2026"],
)  # fmt: skip
def test_a_date_line_at_the_head_is_shown_elsewhere(line: str) -> None:
    assert steps(f"<p>{line}</p>{STORY}") == [("repeat", line)]


def test_the_days_of_a_diary_are_its_headings() -> None:
    days = [f"<h2>October {day}, 2026</h2>{STORY}" for day in (3, 4)]
    assert steps("".join(days)) == []
    assert steps(days[0]) == [("repeat", "October 3, 2026")]


@pytest.mark.parametrize("line", ["2026年3月9日，灯塔亮了。", "1911年", "2026年3月9日晚上"])
def test_a_sentence_with_a_date_is_text(line: str) -> None:
    assert steps(f"<p>{line}</p>{STORY}") == []


@pytest.mark.parametrize("line", ["© 2026 港湾日报", "Copyright 2026 Harbour Daily", "(c) Harbour 2026"])
def test_a_copyright_line_goes(line: str) -> None:
    assert [step for step, _ in steps(f"{STORY}<p>{line}</p>")] == ["promotion"]


@pytest.mark.parametrize(
    "head",
    [
        "相关新闻：",
        "延伸阅读",
        "【相关阅读】",
        "相關報導：",
        "Related stories",
        "You may also like",
        "あわせて読みたい",
        "【関連記事】",
        "اقرأ أيضا",
    ],
)
def test_a_list_of_related_articles_goes_with_its_head(head: str) -> None:
    links = '<p><a href="/a">一则旧闻</a></p><ul><li><a href="https://other.example/b">另一则旧闻</a></li></ul>'
    assert body(f"{STORY}<h3>{head}</h3>{links}") == STORY


def test_a_sentence_with_a_link_behind_the_head_is_text() -> None:
    told = '<p>守塔人在<a href="/a">一则旧闻</a>里说过，灯塔从来没有灭过，一天也没有。</p>'
    assert "从来没有灭过" in body(f"{TEXT[0]}<p>相关新闻：</p>{told}{TEXT[1]}")


@pytest.mark.parametrize("head", ["See also: ", "相关阅读｜", "اقرأ أيضا: "])
def test_a_line_that_leads_to_another_article_goes_wherever_it_stands(head: str) -> None:
    line = f'<h4><em>{head}</em><a href="/a">一则写了很久才写完的旧闻</a></h4>'
    assert body(f"{TEXT[0]}{line}{TEXT[1]}") == "\n".join(TEXT[:2])


@pytest.mark.parametrize("line", ["請繼續往下閱讀...", "广告", "Advertisement", "我要举报", "+1", "点我下载APP"])
def test_what_is_said_to_readers_of_the_page_is_no_text(line: str) -> None:
    assert body(f"{TEXT[0]}<p>{line}</p>{TEXT[1]}") == "\n".join(TEXT[:2])


def test_links_that_lead_nowhere_any_more_go_with_the_head_of_their_list() -> None:
    links = (
        '<ul><li><a href="javascript:go(1)">一则旧闻</a></li><li><a href="javascript:go(2)">另一则旧闻</a></li></ul>'
    )
    assert body(f"{STORY}<h2>相关新闻</h2>{links}") == STORY


def test_behind_the_related_list_the_article_goes_on() -> None:
    html = f'{TEXT[0]}<p>相关新闻：</p><p><a href="/a">一则旧闻</a></p>{TEXT[1]}'
    assert body(html) == "\n".join(TEXT[:2])


def test_a_list_of_links_to_the_publishers_own_pages_goes() -> None:
    links = '<ul><li><a href="/a">一则旧闻</a></li><li><a href="https://www.harbour.example/b">另一则旧闻</a></li></ul>'
    assert body(f"{TEXT[0]}{links}{TEXT[1]}{FILLING}").count("旧闻") == 0


def test_a_list_of_links_elsewhere_is_the_article() -> None:
    links = '<ul><li><a href="https://a.example/1">一份报告</a></li><li><a href="https://b.example/2">一张海图</a></li></ul>'
    assert body(f"{STORY}{links}").count("<li>") == 2


@pytest.mark.parametrize(
    "line",
    [
        "订阅我们的电子报",
        "扫描下面的二维码",
        "Sign up for our morning newsletter",
        "版权所有，未经授权不得转载",
        "本網站之文字、圖片及影音，非經授權，不得轉載、公開播送。",
        "现在用APP看新闻 保证天天有奖",
        "点击上方蓝字关注我们",
        "※ 提醒您：禁止酒駕",
        "港湾新闻报料：021-555-0100",
        "《 港湾日报 》（ 2026年04月11日 07 版）",
        'The post <a href="https://www.harbour.example/x">灯塔</a> appeared first on <a href="https://www.harbour.example">Harbour</a>.',
        '<a href="https://www.harbour.example/x">Continue reading...</a>',
        "▼下載《港灣》APP，隨時掌握最新消息",
        '📢频道：<a href="https://t.me/gw">@gw</a>',
        "如果您喜欢这篇文章，请考虑捐款支持我们的独立报道。",
        "版權聲明：本文為港灣日報所有，未經書面許可不得轉載。",
        "※本サイトの記事・写真の無断転載を禁じます。",
        "تابعنا على تويتر وفيسبوك",
        "Follow us on Twitter @harbour and like us on Facebook.",
        "Archived by news-mirror-bot at 2026-05-09",
    ],
)
def test_a_pitch_goes_from_the_edge(line: str) -> None:
    assert body(f"{STORY}<p>{line}</p>") == STORY


@pytest.mark.parametrize(
    "line",
    [
        "他呼吁大家捐款支持渔民，并在下周把名单贴在渡口。",
        "报社说，未来的频道会少一些广告，多一些海况。",
        "“欢迎你们来信，”守塔人说，“我会一封一封地回。”",
        "Subscribers of the ferry line will pay less from March.",
        "Continue reading the tide tables, the keeper told us, and you will never be late.",
    ],
)
def test_a_sentence_with_such_words_is_text(line: str) -> None:
    assert line in body(f"{STORY}<p>{line}</p>")


def test_what_the_publisher_says_of_its_lines() -> None:
    publisher = replace(HARBOUR, lines=("^收听更多",), end=("^【征求会员】",))
    result = cleaned(f"{STORY}<p>收听更多节目</p><p>【征求会员】一年一次。</p><p>会员可以进灯塔。</p>", publisher)
    assert isinstance(result, Article)
    assert result.html == STORY
    assert [removal.text for removal in result.removals] == [
        "【征求会员】一年一次。",
        "会员可以进灯塔。",
        "收听更多节目",
    ]


def test_a_bold_line_before_text_is_a_heading() -> None:
    html = f"{TEXT[0]}<p><b>四十七级台阶</b></p>{TEXT[1]}{TEXT[2]}"
    assert "<h2>四十七级台阶</h2>" in body(html)


@pytest.mark.parametrize(
    "line",
    [
        "<p><b>他哭了。</b></p>",
        "<p><b>“灯亮了”</b></p>",
        "<p><b>四十七级</b>台阶</p>",
        f"<p><b>{'台阶' * 30}</b></p>",
        "<p><b>一</b></p>",
    ],
)
def test_other_bold_paragraphs_are_none(line: str) -> None:
    assert "<h2>" not in body(f"{TEXT[0]}{line}{TEXT[1]}{TEXT[2]}")


def test_an_interview_with_bold_questions_keeps_them() -> None:
    talk = "".join(f"<p><b>问：第{n}次上楼时</b></p><p>答：数到第{n}级台阶，我就知道风向了。</p>" for n in range(5))
    assert "<h2>" not in body(talk)


def test_a_bold_last_line_is_no_heading() -> None:
    assert "<h2>" not in body(f"{STORY}<p><b>完结</b></p>")


@pytest.mark.parametrize(
    ("given", "levels"),
    [
        (["h4"], ["h2"]),
        (["h1", "h3", "h6"], ["h2", "h3", "h4"]),
        (["h2", "h4", "h2"], ["h2", "h3", "h2"]),
        (["h1", "h2", "h3", "h4"], ["h2", "h3", "h4", "h4"]),
    ],
)
def test_headings_start_below_the_title_and_leave_no_level_out(given: list[str], levels: list[str]) -> None:
    html = "".join(f"<{level}>第{n}节：台阶</{level}>{TEXT[n]}" for n, level in enumerate(given))
    shown = body(html)
    assert [shown[shown.index(f"第{n}节") - 3 :][:2] for n in range(len(given))] == levels


@pytest.mark.parametrize("edge", ["<hr>", "<p>***</p>", "<p>————————</p>", "<p>· · ·</p>"])
def test_separators_separate_something(edge: str) -> None:
    assert body(f"{edge}{STORY}{edge}") == STORY
    assert body(f"{TEXT[0]}<hr><hr>{TEXT[1]}") == f"{TEXT[0]}\n<hr>\n{TEXT[1]}"


def test_a_separator_that_goes_is_told() -> None:
    assert steps(f"{STORY}<p>————————</p>") == [("empty", "————————")]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<div> <p>&nbsp;</p></div>", "empty"),
        ("<p>灯塔</p>", "title only"),
        ("<p>雾散了。</p>", "too short"),
        (f"{TEXT[0]}<p>请订阅或登录，以继续阅读全文！</p>", "stub"),
        (f"{TEXT[0]}<p>本文仅限会员阅读</p>", "stub"),
        ("<p>The lamp is lit again, and the boats are home. Subscribe to continue reading.</p>", "stub"),
        ("<p>" + "雾\ufffd" * 40 + "</p>", "damaged"),
    ],
)
def test_what_tells_nothing_is_left_out_with_its_reason(html: str, reason: str) -> None:
    result = cleaned(html)
    assert isinstance(result, LeftOut)
    assert (result.path, result.reason) == ("mirror/a.html", reason)


def test_what_holds_nothing_but_chrome_is_left_out() -> None:
    row = "<p>扫码关注我们的频道</p>"
    samples = [sample("mirror", "harbour", blocks(f"<p>第{chr(0x4E00 + n)}篇的正文。</p>{row}")) for n in range(80)]
    result = cleaned(row, learnt=learn(samples))
    assert isinstance(result, LeftOut)
    assert result.reason == "boilerplate only"


def test_a_page_of_links_is_no_article() -> None:
    links = "".join(f'<p><a href="https://other.example/{n}">第{n}条旧闻，说的是灯塔</a></p>' for n in range(9))
    result = cleaned(links)
    assert isinstance(result, LeftOut)
    assert result.reason == "navigation"


@pytest.mark.parametrize(
    "row",
    [
        '<h4><a href="https://other.example/v">一部关于滩涂的短片</a></h4>',
        '<p><a href="/a">首页</a> | <a href="/b">国际</a> | <a href="/c">社会</a></p>',
        '<h3><a href="/index.md">首页</a></h3>',
    ],
)
def test_a_row_of_links_goes(row: str) -> None:
    assert body(f"{TEXT[0]}{row}{TEXT[1]}{TEXT[2]}") == "\n".join(TEXT[:3])


@pytest.mark.parametrize(
    "row",
    [
        '<h4><a href="/keeper">守塔人</a>的四十七级台阶</h4>',
        '<h4><a href="/keeper">守塔人</a></h4>',
        '<p>见<a href="https://a.example/1">报告</a> | <a href="https://b.example/2">海图</a>，都在馆里。</p>',
    ],
)
def test_a_line_with_links_in_it_is_text(row: str) -> None:
    assert steps(f"{TEXT[0]}{row}{TEXT[1]}{TEXT[2]}") == []


@pytest.mark.parametrize(
    "line", ["原文地址：https://www.harbour.example/1", "https://mirror.example/blob/lamp-1773.md"]
)
def test_the_address_of_the_document_is_shown_elsewhere(line: str) -> None:
    assert body(f"{STORY}<p>{line}</p>", path="mirror/lamp-1773.md") == STORY


def test_a_long_article_may_speak_of_subscribing() -> None:
    assert isinstance(cleaned(f"{STORY}{FILLING * 4}<p>他说，订阅后才能阅读全文的报纸，他读不起。</p>"), Article)


def test_a_picture_alone_is_an_article() -> None:
    result = cleaned('<img src="https://img.example/a.jpg">')
    assert isinstance(result, Article)
    assert result.lead_figure == "https://img.example/a.jpg"


def test_the_wrappers_picture_leads_where_the_body_has_none() -> None:
    html = body(STORY, lead_figure="https://img.example/w.jpg?utm_source=x")
    assert html == f'<figure><img src="https://img.example/w.jpg" alt=""></figure>\n{STORY}'
    assert "w.jpg" not in body(f'<img src="https://img.example/a.jpg">{STORY}', lead_figure="https://img.example/w.jpg")
    assert body(STORY, lead_figure="https://picsum.photos/400") == STORY


@pytest.mark.parametrize(
    "line",
    [
        "<p>この記事をシェアする</p>",
        "<p>ページトップへ戻る</p>",
        "<p>Video Ad Feedback</p>",
        "<p>01:12 - Source: CN</p>",
        "<p>NEWSLETTER SIGN-UP</p>",
        "<ul><li>Log in to post comments</li></ul>",
        "<p>5人喜欢</p>",
        "<p>更多港湾日报独家内幕：</p><p><a href='/a'>七分钟</a></p>",
        "<p>(Updates with comments from the board in fourth paragraph.)</p>",
        "<p>— With assistance by Odile Ferrant</p>",
        "<p>特别声明：以上内容为用户上传，本平台仅提供信息存储服务。</p>",
        "<p>（ここから続き）</p>",
        "<p>desk@harbour.example</p>",
        "<p>記者：何硯青</p>",
    ],
)
def test_what_a_page_says_of_itself_is_no_text(line: str) -> None:
    assert body(f"{STORY}{line}") == STORY


@pytest.mark.parametrize(
    "line",
    [
        '<p>更多验证的方法，请见<a href="https://other.example/list">列表三</a>。</p>',
        "<p>他写道：desk@harbour.example 是唯一的地址。</p>",
        "<p>下一页是空白的。</p>",
        "<p>記者：何硯青說他看見了燈。</p>",
    ],
)
def test_what_only_begins_like_it_is_text(line: str) -> None:
    assert line.partition(">")[2][:6] in body(f"{STORY}{line}{TEXT[0]}")


@pytest.mark.parametrize(
    ("end", "author"),
    [
        ("灯台は二十年ぶりに灯った。（汐見ふみ）", "汐見ふみ"),
        ("灯台は二十年ぶりに灯った。（共同）", ""),
        ("灯塔亮了一整夜。（何砚青）", ""),
    ],
)
def test_the_signature_of_an_article_in_japanese_is_its_author(end: str, author: str) -> None:
    result = cleaned(f"{STORY}<p>{end}</p>")
    assert isinstance(result, Article)
    assert result.author == author


def test_a_control_is_no_text() -> None:
    assert body(f'{STORY}<p><a href="javascript:history.back()">返回</a></p>') == STORY


def as_windows_reads(data: bytes) -> str:
    """Read bytes as Windows-1252 does in browsers: what it does not know is a control character."""
    known = (bytes([byte]) for byte in data)
    return "".join(
        one.decode("cp1252") if one not in b"\x81\x8d\x8f\x90\x9d" else one.decode("latin-1") for one in known
    )


@pytest.mark.parametrize(
    "read", [lambda data: data.decode("latin-1"), as_windows_reads], ids=["Latin-1", "Windows-1252"]
)
def test_text_that_was_read_in_the_wrong_encoding_is_mended(read: Callable[[bytes], str]) -> None:
    sound = STORY + "\n<p>“灯亮了！”他说：（笑）——真的…</p>"
    result = cleaned(read(sound.encode()), title=read("灯塔又亮了一整夜呢".encode()))
    assert isinstance(result, Article)
    assert (result.title, result.html) == ("灯塔又亮了一整夜呢", sound)
    assert [removal.rule for removal in result.removals] == ["mojibake repaired"]


def test_a_language_with_accents_is_not_mended() -> None:
    html = "<p>Überall hört man große Öfen prasseln, während draußen Schnee fällt, und die Äste ächzen schön.</p>"
    assert body(html) == html


def test_nothing_dangerous_comes_out() -> None:
    evil = (
        '<p onclick="x()" style="color:red" class="a">一<a href="java&#10;script:x()">二</a></p><base href="https://evil.example/">'
        '<img src=x onerror="x()"><iframe srcdoc="<script>x()</script>"></iframe><math><mi href="javascript:x()">三</mi></math>'
        "<svg><script>x()</script></svg><p>&lt;script&gt;四&lt;/script&gt;</p><form action='//evil.example'><input></form>"
    )
    html = body(STORY + evil)
    for danger in (
        "onclick",
        "onerror",
        "style=",
        "class=",
        "javascript",
        "srcdoc",
        "evil.example",
        "<script",
        "<form",
        "<svg",
    ):
        assert danger not in html
    assert "&lt;script&gt;四&lt;/script&gt;" in html
