"""What an article is called, who wrote it, what it is about, how it is found."""

from __future__ import annotations

import pytest

from generator.cleaning import metadata
from generator.models import Block, Publisher
from tests.samples import HARBOUR, draft

RFI = Publisher("rfi", {"zh-Hans": "法国国际广播电台"}, aliases=("法广", "RFI"))


def paragraph(text: str, html: str = "") -> Block:
    """Make a paragraph."""
    return Block("p", html or f"<p>{text}</p>", tuple(text.split("\n")))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  灯塔\n 又亮了 ", "灯塔 又亮了"),
        ("A&amp;amp;B &#039;lamp&#039;", "A&B 'lamp'"),
        ("灯塔 - 港湾日报", "灯塔"),
        ("灯塔 | Harbour Daily", "灯塔"),
        ("灯塔_港湾日报", "灯塔"),
        ("港湾日报的灯塔", "港湾日报的灯塔"),
        ("\u200b灯\ufeff塔", "灯塔"),
        ("a" * 400, "a" * 300),
    ],
)
def test_titles(given: str, shown: str) -> None:
    assert metadata.title(draft(title=given), HARBOUR, None) == shown


def test_every_name_of_the_publisher_is_taken_off_the_title() -> None:
    assert metadata.title(draft(title="海豹 – 法国国际广播电台 - RFI"), RFI, None) == "海豹"


@pytest.mark.parametrize(
    ("path", "shown"),
    [("m/2026-03-09-灯塔 亮了.md", "灯塔 亮了"), ("m/1047001_灯塔.md", "灯塔"), ("m/the_lamp.html", "the lamp")],
)
def test_a_document_without_a_title_is_called_after_its_file(path: str, shown: str) -> None:
    assert metadata.title(draft(path=path), HARBOUR, paragraph("文")) == shown


def test_a_heading_on_top_is_the_title_where_nothing_else_is() -> None:
    assert metadata.title(draft(), HARBOUR, Block("h1", "<h1>灯塔</h1>", ("灯塔",))) == "灯塔"


@pytest.mark.parametrize(
    ("head", "credits", "author"),
    [
        ("【港湾日报】（大纪元记者安若素报导）灯塔亮了。", [], "安若素"),
        ("（看中国记者柳如织综合报导）灯塔亮了。", [], "柳如织"),
        ("（本臺記者易知秋綜合報道）燈塔亮了。", [], "易知秋"),
        ("灯塔亮了。", ["（记者：舒望 责编：申迟 网编：洪远）"], "舒望"),
        ("灯塔亮了。", ["作者：安若素"], "安若素"),
        ("灯塔亮了。", ["责任编辑：方晓"], ""),
        ("灯塔亮了，记者在场。", [], ""),
    ],
)
def test_reporters(head: str, credits: list[str], author: str) -> None:
    assert metadata.author(draft(), HARBOUR, [paragraph(head)], credits) == author


def test_a_reporter_in_a_credit_has_a_whole_name_and_no_more() -> None:
    credits = ["（记者宁静远综合报导/责任编辑：方晓）"]
    assert metadata.author(draft(), HARBOUR, [paragraph("灯塔亮了。")], credits) == "宁静远"


def test_the_wrapper_knows_the_author_best() -> None:
    assert metadata.author(draft(author="芒草"), HARBOUR, [paragraph("（记者安若素报导）")], []) == "芒草"


@pytest.mark.parametrize("name", ["港湾日报", "Harbour daily", "harbour"])
def test_a_publisher_is_no_author(name: str) -> None:
    assert metadata.author(draft(author=name), HARBOUR, [], []) == ""


def test_tags_come_from_the_wrapper_and_from_links_to_tag_pages() -> None:
    link = paragraph(
        "灯塔", '<p><a href="https://h.example/tag/lamp.html">灯塔</a><a href="https://h.example/news/1">不是</a></p>'
    )
    assert metadata.tags(draft(tags=("海", "渔船", "x" * 31, "渔船")), [link]) == ("渔船", "灯塔")


@pytest.mark.parametrize(
    ("pattern", "url", "ident"),
    [
        (r"/(a\d+)\.html", "https://h.example/2026/a1034602.html", "h-a1034602"),
        (r"-([A-Za-z0-9]{10,})\Z", "https://h.example/x-BAFYreid0001", "h-bafyreid0001"),
        ("", "https://h.example/2026/the_lamp-goes.out.html", "h-"),
        ("", "https://h.example/2026/The_Lamp.html", "h-the-lamp"),
        ("", "https://h.example/%e7%81%af/", "h-"),
        ("", "", "h-"),
    ],
)
def test_an_article_is_named_after_its_own_id_or_address(pattern: str, url: str, ident: str) -> None:
    name = metadata.identifier(draft(url=url), Publisher("h", {"": "H"}, id=pattern))
    assert name == ident or (ident == "h-" and len(name) == 12)
    assert name.isascii()


def test_names_made_of_addresses_differ_and_last() -> None:
    names = [metadata.identifier(draft(path=path), HARBOUR) for path in ("a.md", "b.md", "a.md")]
    assert names[0] == names[2] != names[1]


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (
            ["【港湾日报2026年3月9日讯】（记者安若素报导）灯塔在雾里又亮了起来，渔民们都很高兴。"],
            "灯塔在雾里又亮了起来，渔民们都很高兴。",
        ),
        (
            ["短。", "灯塔在浓浓的大雾里又亮了起来。", "渔民们都说很高兴，很高兴。"],
            "灯塔在浓浓的大雾里又亮了起来。渔民们都说很高兴，很高兴。",
        ),
        (["The lamp is lit again today.", "The boats come home."], "The lamp is lit again today. The boats come home."),
        (["雾" * 100 + "。" + "灯" * 100], "雾" * 100 + "。"),
        (["雾" * 300], "雾" * 120 + "…"),
        (["word " * 100], "word " * 47 + "word…"),
    ],
)
def test_excerpts_begin_with_the_text_and_end_with_a_sentence(texts: list[str], shown: str) -> None:
    assert metadata.excerpt([paragraph(text) for text in texts]) == shown


@pytest.mark.parametrize(
    ("text", "minutes"), [("", 1), ("雾" * 440 * 3, 3), ("lamp " * 238 * 2, 2), ("雾" * 440 + " lamp" * 238, 2)]
)
def test_reading_time_counts_characters_and_words(text: str, minutes: int) -> None:
    assert metadata.reading_minutes(text) == minutes
