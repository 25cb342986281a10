"""What plain documents say of themselves in their first and last lines."""

from __future__ import annotations

import datetime as dt

import pytest

from generator.cleaning.dates import published
from generator.limits import DEFAULTS
from generator.mirrors import unwrap
from generator.mirrors.front_matter import split
from generator.mirrors.imprint import read_imprint
from generator.models import Document, Draft, Publisher

TEXT = (
    "雾港县政府原订下周拆除码头边的旧盐仓，石桥小学的学生却交出三十七张设计图。\n\n校长说，这原本只是四年级的美术作业。"
)
URL = "https://gangwan.example/2026/05/08/salt"
TITLE = "学生把旧盐仓画成图书馆"
DAY = dt.date(2026, 5, 8)
TIME = dt.datetime(2026, 5, 8, 17, 41)


@pytest.mark.parametrize(
    ("head", "published", "author"),
    [
        (f"> 原文链接：[{URL}]({URL})\n> 作者：沈牧之\n> 发布时间：2026-05-08 17:41\n> 来源：港湾日报", TIME, "沈牧之"),
        (f"- **Author**: Tove Lind\n- **Date**: 2026-05-08\n- **Source**: [Gangwan]({URL})", DAY, "Tove Lind"),
        (f"| 标题 | {TITLE} |\n| --- | --- |\n| 来源 | [港湾日报]({URL}) |\n| 时间 | 2026年5月8日 |", DAY, ""),
        (f"[港湾日报]({URL}) | 沈牧之 | 2026-05-08 17:41", TIME, "沈牧之"),
        (f"المصدر: [الجسر]({URL})\nالتاريخ: 2026-05-08", DAY, ""),
        (f"*By Tove Lind | May 8, 2026 | [Harbour Daily]({URL})*", DAY, "Tove Lind"),
        (f"by [沈牧之](https://a.example/u)\n2026-05-08\n原文：{URL}", DAY, "沈牧之"),
        (f"原文：{URL}\n日期：2026/5/8\n标签：盐仓、图书馆", DAY, ""),
    ],
)
def test_the_first_lines_name_address_day_and_writer(head: str, published: dt.date, author: str) -> None:
    found = read_imprint(f"# {TITLE}\n\n{head}\n\n{TEXT}")
    assert (found.url, found.published, found.author) == (URL, published, author)
    assert found.rest.split() == f"# {TITLE}\n\n{TEXT}".split()
    assert found.lines


@pytest.mark.parametrize(
    "foot",
    [
        f"[原文链接]({URL})",
        f"---\n*本文由机器人自动抓取，[点击查看原文]({URL})*",
        f"原文：{URL}\n\n版权归原作者所有",
        f"---\n\nOriginally published at [gangwan.example]({URL}).",
        URL,
        f"[Read the original]({URL})\n\n**[返回首页](../README.md) | [上一篇](./1.md)**",
    ],
)
def test_the_last_lines_lead_to_the_original(foot: str) -> None:
    found = read_imprint(f"{TEXT}\n\n{foot}\n")
    assert (found.url, found.rest.split()) == (URL, TEXT.split())


@pytest.mark.parametrize("head", [f"**{TITLE}**\n", f"{TITLE}\n沈牧之\n2026-05-08\n", f"{TITLE}\n"])
def test_a_first_line_that_is_no_sentence_is_the_title(head: str) -> None:
    found = read_imprint(f"{head}\n{TEXT}\n\n#雾港 #盐仓\n\n[港湾](https://a.example/) | [频道](https://t.me/b)\n")
    assert (found.title, found.tags, found.rest.split()) == (TITLE, ("雾港", "盐仓"), TEXT.split())


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"时间：一切都过去了。\n\n{TEXT}",
        f"编者按：以下是学生的信。\n\n{TEXT}",
        f"作者的话\n{TEXT}",
        f"他说：\n\n{TEXT}\n\n---\n\n完",
        f"{TEXT}\n\n1. [海图](https://a.example/1)\n2. [潮汐表](https://a.example/2)",
        f"{TEXT}\n\n---\n",
    ],
)
def test_text_is_no_imprint(text: str) -> None:
    found = read_imprint(text)
    assert (found.rest, found.lines, found.url) == (text, [], "")


def test_an_underlined_heading_stays_one() -> None:
    text = f"{TITLE}\n===\n\n日期：2026-05-08\n\n{TEXT}"
    assert read_imprint(text).rest.startswith(f"{TITLE}\n===\n")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{\n "title": "灯塔",\n "date": "2026-05-08"\n}\n\n正文', "title"),
        ("Title: 灯塔\nDate: 2026-05-08\n\n正文", "title"),
        ("title: 灯塔\nauthor: 沈牧之\nurl: https://a.example/\n\n正文", "title"),
    ],
)
def test_front_matter_may_stand_without_a_fence(text: str, key: str) -> None:
    found = split(text)
    assert found is not None
    assert (found[0][key], found[1].strip()) == ("灯塔", "正文")


@pytest.mark.parametrize(
    "text", ["{这是一句话}\n\n正文", '{"a": 1}', "Title: 灯塔\n\n正文", "他说: 灯塔\n又说: 海\n\n正文", "{" * 9_000]
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert split(text) is None


def test_a_sites_own_keys_are_read() -> None:
    toml = f'+++\ntitle = "灯塔"\n[params]\nsource_url = "{URL}"\n+++\n{TEXT}'
    draft = unwrap(Document("m/a.md", toml, "utf-8"), (), DEFAULTS)
    assert isinstance(draft, Draft)
    assert (draft.title, draft.url) == ("灯塔", URL)


def test_a_document_tells_what_was_taken_from_it() -> None:
    draft = unwrap(Document("m/a.md", f"> 作者：沈牧之\n> 原文：{URL}\n\n{TEXT}", "utf-8"), (), DEFAULTS)
    assert isinstance(draft, Draft)
    assert (draft.author, draft.url) == ("沈牧之", URL)
    assert [removal.text for removal in draft.removals] == ["作者：沈牧之", f"原文：{URL}"]


def test_a_name_may_hold_the_day() -> None:
    found = unwrap(Document("m/2026-05-08 旧盐仓.md", TEXT, "utf-8"), (), DEFAULTS)
    assert isinstance(found, Draft)
    assert published(found, Publisher("x", {}), []) == DAY


def test_plain_paragraphs_between_tags_are_markdown() -> None:
    found = unwrap(Document("m/a.md", f"<h1>{TITLE}</h1>\n<div>{TEXT}</div>", "utf-8"), (), DEFAULTS)
    assert isinstance(found, Draft)
    assert "<p>校长说" in found.html
    code = "<pre>a\n\nb</pre>\n<p>一</p>\n"
    assert unwrap(Document("m/b.md", code, "utf-8"), (), DEFAULTS) == Draft(Document("m/b.md", code, "utf-8"), code)
