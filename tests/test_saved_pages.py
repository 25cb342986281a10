"""Whole saved pages against what an editor wrote beforehand, by hand, in a case's ``perfect.toml``.

An ``expected.html`` says what the generator makes of a page; ``perfect.toml`` says what it ought to make. It names the
facts, the kinds of the blocks in their order, the caption of the lead figure, and phrases that must and must not be there.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from generator.mirrors.saved_page import page_facts
from generator.models import Article
from tests.golden import cases, outcome, settings_of

PERFECT = "perfect.toml"


def parameters() -> list[object]:
    """Give every case with a hand-written result; one whose bug is known is expected to fail."""
    found: list[object] = []
    for case in cases():
        if (case / PERFECT).is_file():
            bug = settings_of(case).get("known_bug", "")
            found.append(
                pytest.param(case, id=case.name, marks=[pytest.mark.xfail(strict=True, reason=bug)] if bug else [])
            )
    return found


@pytest.mark.parametrize("case", parameters())
def test_comes_out_as_an_editor_would_have_it(case: Path) -> None:
    perfect = tomllib.loads((case / PERFECT).read_text("utf-8"))
    article = outcome(case)
    assert isinstance(article, Article)
    without_captions = re.sub(r"<figcaption>.*?</figcaption>", "", article.html)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", article.html)
    assert {
        "title": article.title,
        "published": article.published.isoformat() if article.published else "",
        "author": article.author,
        "lang": article.lang,
        "lead_figure": article.lead_figure,
        "blocks": re.findall(r"^<(\w+)", article.html, re.M),
        "missing": [phrase for phrase in perfect["there"] if phrase not in article.html],
        "leaked": [phrase for phrase in perfect["not_there"] if phrase in without_captions],
        "captioned": any(perfect["caption"] in caption for caption in captions),
    } == {
        "title": perfect["title"],
        "published": perfect["published"],
        "author": perfect["author"],
        "lang": perfect["lang"],
        "lead_figure": perfect["lead_figure"],
        "blocks": perfect["blocks"].split(),
        "missing": [],
        "leaked": [],
        "captioned": True,
    }


@pytest.mark.parametrize(
    ("said", "body", "title"),
    [
        ("The lamp - Harbour", "<div>The lamp</div>", "The lamp"),
        ("Harbour | The old lamp", "<b>The old lamp</b><i>Harbour</i>", "The old lamp"),
        ("The lamp goes out - Harbour", "<h1>Harbour</h1><div>The lamp goes out</div>", "The lamp goes out"),
        ("灯塔熄灭_海港新闻", "<td>灯塔熄灭</td>", "灯塔熄灭"),
        ("灯塔：海港", "<h1></h1><p>别的</p>", "灯塔：海港"),
    ],
)
def test_the_title_is_what_the_page_shows_alone(said: str, body: str, title: str) -> None:
    assert page_facts(f"<html><head><title>{said}</title></head><body>{body}</body></html>").title == title


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0034)https://harbour.example/lamp.htm -->",
        "<!--\n Page saved with SingleFile \n url: https://harbour.example/lamp.htm \n saved date: today -->",
    ],
)
def test_the_address_may_stand_in_a_comment_of_the_browser(comment: str) -> None:
    page = f"<!doctype html>{comment}<html><head><title>灯塔</title></head><body>雾</body></html>"
    assert page_facts(page).url == "https://harbour.example/lamp.htm"


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ('<a rel="author">By J. Vale</a>', "J. Vale"),
        ('<span class="writer">J. Vale - Oake Point</span>', "J. Vale"),
        ("<p>来源：海港　作者：沈木生　编辑</p>", "沈木生"),
        ('<span class="byline">12 March</span>', ""),
        ('<div>文／<a href="/a">沈木生</a> 攝影／<a href="/b">林秋</a></div>', "沈木生"),
        ("<p>【文/海港 沈木生】</p>", "沈木生"),
        ("<p>By J. Vale in Oake Point | Harbour Daily</p>", "J. Vale"),
        ('<div class="post-author"><a>沈木生</a><span>水手</span></div>', "沈木生"),
        ('<div class="author">责任编辑：沈木生</div>', ""),
    ],
)
def test_an_address_is_no_author_and_the_byline_is(byline: str, author: str) -> None:
    head = '<title>灯塔</title><meta property="article:author" content="https://social.example/harbour">'
    assert page_facts(f"<html><head>{head}</head><body><h1>灯塔</h1>{byline}</body></html>").author == author


@pytest.mark.parametrize(
    ("shown", "published"),
    [
        ('<time datetime="2026-03-09">vorgestern</time>', "2026-03-09"),
        ("<p>2026年3月9日 5時07分</p>", "2026-03-09T05:07:00"),
        ("<p>更新：2026/3/9 05:07</p>", "2026-03-09T05:07:00"),
        ("<p>9 March 2026 - 05:07 GMT</p>", "2026-03-09T05:07:00"),
        ("<p>9 March 2026, 5:07 pm</p>", "2026-03-09T17:07:00"),
        ("<p>09.03.2026 | 05:07</p>", "2026-03-09T05:07:00"),
        ("<p>2026-03-09 HKT 05:07</p>", "2026-03-09T05:07:00"),
        ("<p>2026年3月9日（月）午後5時07分</p>", "2026-03-09T17:07:00"),
        ("<p>الإثنين ٩ آذار/مارس ٢٠٢٦ - ٠٥:٠٧ م</p>", "2026-03-09T17:07:00"),
        ("<p>民國115年3月9日</p>", "2026-03-09"),
        ("<div><p><i>2026</i></p><p>03/09</p><p>05:07</p></div>", "2026-03-09T05:07:00"),
        ("<div><i>2026年</i><i>3月9日</i></div><p>雾</p>", "2026-03-09"),
        ("<div><b><i>2026</i></b><b><i>03</i>/<i>09</i></b> <b>05:07:08</b></div>", "2026-03-09T05:07:08"),
        ("<div><i>09</i><i>Mar</i><i>2026</i></div>", "2026-03-09"),
        ("<div><i>09</i><i>2026-03</i></div>", "2026-03-09"),
        ("<p>2026</p><p>3 comments</p><p>9 shares</p>", ""),
        ("<div><i>2026</i><i>3</i><i>9</i></div>", ""),
        (f"<div><i>2026</i><i>03/09</i><i>05:07</i><p>{'雾' * 90}</p></div>", "2026-03-09T05:07:00"),
        (f"<div><i>2026</i><p>{'雾' * 40}</p><i>3月9日</i></div>", ""),
        ("<p>03/04/2026</p>", ""),
        ("<p>2026/13/9</p>", ""),
        ("<p>nothing</p>", ""),
    ],
)
def test_the_date_may_stand_behind_the_headline(shown: str, published: str) -> None:
    facts = page_facts(f"<html><head><title>灯塔</title></head><body><h1>灯塔</h1>{shown}</body></html>")
    assert (facts.published.isoformat() if facts.published else "") == published


def test_an_article_may_be_of_several_kinds() -> None:
    data = '{"@type": ["Article", "LiveBlogPosting"], "headline": "灯塔", "author": {"name": ["沈木生", "林秋"]}}'
    script = f'<script type="application/ld+json">{data}</script>'
    assert page_facts(f"<html><head>{script}</head><body><p>雾</p></body></html>").author == "沈木生, 林秋"


def test_the_date_may_stand_right_above_the_headline() -> None:
    facts = page_facts("<html><body><p>09.03.2026 | 05:07</p><h1>灯塔</h1><p>雾</p></body></html>")
    assert facts.published is not None
    assert facts.published.isoformat() == "2026-03-09T05:07:00"
    apart = "<div><i>2026</i>\n<i><b>03</b>/<b>09</b></i>\n<i> 05:07:08</i></div>\n<div>来源：海港</div>\n"
    facts = page_facts(f"<html><body>{apart}<h1>灯塔</h1><p>雾</p></body></html>")
    assert facts.published is not None
    assert facts.published.isoformat() == "2026-03-09T05:07:08"
