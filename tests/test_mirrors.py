"""Wrappers: what they say of the article, what of them goes, and how they nest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from generator.errors import ConfigError
from generator.mirrors import Mirror, load_mirrors, unwrap
from generator.models import Document, Draft, LeftOut

FAMILIES = load_mirrors()
PARAGRAPH = "<p>灯塔在雾里亮着。</p>"


def peeled(text: str, path: str = "mirror/a.md", families: tuple[Mirror, ...] = FAMILIES) -> Draft:
    """Unwrap a document of which something must be left."""
    draft = unwrap(Document(path, text, "utf-8"), families)
    assert isinstance(draft, Draft)
    return draft


def family(folder: Path, name: str, text: str) -> tuple[Mirror, ...]:
    """Write a family of one's own and load it with the shipped ones."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return load_mirrors(folder)


CRAWL = f"<!--1773043200000-->\n[灯塔 [图]](https://harbour.example/a?b=(1))\n------\n\n<div>{PARAGRAPH}</div>"
JEKYLL = (
    '---\nlayout: post\ntitle: "灯塔"\ndate: 2026-03-09T16:03:05+00:00\nauthor: 芒草\n'
    "from: https://harbour.example/lamp\ntags: [ Matters ]\ncategories: [ Matters ]\n---\n"
)
GFW = f"""### 灯塔又亮了
------------------------

#### [首页](../../README.md) &nbsp;|&nbsp; [国际新闻](../../indexes/E国际新闻.md) &nbsp;|&nbsp; [热点推荐](../../indexes/热点推荐.md)

<div>
 {PARAGRAPH}

---

#### 💥 [短片](http://198.51.100.24/a.html)

 <p>
  ### 这不是标题
 </p>
</div>
<hr/>
手机上长按并复制下列链接或二维码分享本文章：<br/>
https://github.com/example/pages/x/1.md <br/>
原文地址（需翻墙访问）：https://harbour.example/2026/1.html


------------------------
#### [首页](../../README.md)

<img src='http://pixel.example/pages/x/1.md' width='0px' height='0px'/>"""


def test_a_crawl_head() -> None:
    draft = peeled(CRAWL, "duty/articles/港湾/1_灯塔.md")
    assert (draft.title, draft.url, draft.mirrors) == ("灯塔 [图]", "https://harbour.example/a?b=(1)", ("crawl-head",))
    assert draft.stamped == dt.datetime(2026, 3, 9, 8, 0, tzinfo=dt.UTC)
    assert draft.channel == ("港湾",)
    assert draft.html.strip() == f"<div>{PARAGRAPH}</div>"


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("1773043200", dt.datetime(2026, 3, 9, 8, 0, tzinfo=dt.UTC)),
        ("1773043200000", dt.datetime(2026, 3, 9, 8, 0, tzinfo=dt.UTC)),
        ("000000000000", None),
        ("99999999999999", None),
    ],
)
def test_stamps_are_seconds_or_milliseconds(stamp: str, when: dt.datetime | None) -> None:
    assert peeled(CRAWL.replace("1773043200000", stamp)).stamped == when


def test_front_matter_stands_round_a_crawl_head() -> None:
    draft = peeled(JEKYLL + CRAWL)
    assert draft.mirrors == ("jekyll-crawl", "crawl-head")
    assert (draft.title, draft.url, draft.author) == ("灯塔", "https://harbour.example/lamp", "芒草")
    assert draft.published == dt.datetime(2026, 3, 9, 16, 3, 5, tzinfo=dt.UTC)
    assert (draft.source, draft.tags) == ("Matters", ())
    assert draft.html.strip() == f"<div>{PARAGRAPH}</div>"


def test_a_page_stands_inside_a_crawl_head_inside_front_matter() -> None:
    page = "<html><head><meta property='og:site_name' content='Harbour'></head><body><p>Lamp.</p></body></html>"
    draft = peeled(JEKYLL + CRAWL.partition("<div>")[0] + page)
    assert draft.mirrors == ("jekyll-crawl", "crawl-head", "saved-page")
    assert draft.html == "<p>Lamp.</p>"
    assert draft.source == "Matters"


def test_rows_and_foot_go_and_are_told() -> None:
    draft = peeled(GFW, "goodnews/pages/prog1/1.md")
    assert (draft.title, draft.url, draft.mirrors) == (
        "灯塔又亮了",
        "https://harbour.example/2026/1.html",
        ("gfw-breaker",),
    )
    assert draft.channel == ("国际新闻", "prog1")
    for gone in ("首页", "短片", "长按", "pixel", "原文地址"):
        assert gone not in draft.html
    assert PARAGRAPH in draft.html
    assert {(r.rule, r.text) for r in draft.removals} == {
        ("gfw-breaker: row", "首页 | 国际新闻 | 热点推荐"),
        ("gfw-breaker: row", "💥 短片"),
        ("gfw-breaker: foot", "手机上长按并复制下列链接或二维码分享本文章："),
        ("gfw-breaker: foot", "https://github.com/example/pages/x/1.md"),
        ("gfw-breaker: foot", "原文地址（需翻墙访问）：https://harbour.example/2026/1.html"),
        ("gfw-breaker: foot", "首页"),
    }
    assert {r.step for r in draft.removals} == {"wrapper"}


def test_indented_lines_that_look_like_rows_are_the_article() -> None:
    assert "### 这不是标题" in peeled(GFW).html


def test_a_phrase_of_the_foot_inside_the_article_cuts_nothing() -> None:
    quoted = GFW.replace(PARAGRAPH, "<p>\n  他说：手机上长按并复制是骗人的。\n </p>")
    assert "是骗人的" in peeled(quoted).html


def test_a_wrapper_round_nothing_is_left_out() -> None:
    result = unwrap(Document("a.md", CRAWL.partition("<div>")[0], "utf-8"), FAMILIES)
    assert isinstance(result, LeftOut)
    assert result.reason == "empty"


def test_markdown_is_rendered_with_its_tables() -> None:
    draft = peeled("# Lamp\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | ~~2~~ |\n")
    for part in ("<h1>Lamp</h1>", "<li>one</li>", "<td>1</td>", "<s>2</s>"):
        assert part in draft.html


def test_plain_text_has_its_paragraphs() -> None:
    assert peeled("雾散了。\n\n灯还亮着。").html == "<p>雾散了。</p>\n<p>灯还亮着。</p>\n"


def test_html_with_stars_in_its_text_is_not_markdown() -> None:
    html = "<div><p>**标题**</p>\n<p>一</p>\n<p>二</p></div>"
    assert peeled(html).html == html


def test_a_family_without_body_html_is_read_as_markdown(tmp_path: Path) -> None:
    text = "detect = ['\\A@@ ']\ntitle = '\\A@@ (.*)'\nremove = ['\\A@@ .*']\nbody = \"markdown\"\n"
    draft = peeled("@@ Lamp\n\none\n\ntwo", families=family(tmp_path / "mirrors", "at", text))
    assert (draft.title, draft.mirrors) == ("Lamp", ("at",))
    assert draft.html == "<p>one</p>\n<p>two</p>\n"


def test_ones_own_family_wins_over_a_shipped_one(tmp_path: Path) -> None:
    own = family(tmp_path / "mirrors", "crawl-head", "detect = ['never to be found']\n")
    assert peeled(CRAWL, families=own).mirrors == ()
    assert [m.name for m in own] == [m.name for m in FAMILIES]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("detekt = ['x']", "unknown key 'detekt'; did you mean 'detect'?"),
        ("[front_matter]\nneed = ['x']", "unknown key 'need'; did you mean 'needs'?"),
        ("detect = ['(']", "'(' is not a pattern"),
        ("detect = ", "this is not TOML"),
    ],
)
def test_a_family_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        family(tmp_path / "mirrors", "mine", text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("mirrors/mine.toml")


def page(head: str, body: str = PARAGRAPH) -> Draft:
    """Unwrap a saved page."""
    return peeled(f"<!doctype html>\n<html><head>{head}</head><body>{body}</body></html>", "saved/a.html")


def test_a_saved_page_tells_its_facts() -> None:
    draft = page(
        '<link rel="canonical" href="https://harbour.example/lamp">'
        '<meta property="og:image" content="https://img.example/a.jpg">'
        '<meta name="author" content="nobody">'
        '<script type="application/ld+json">[{"@type": "WebSite", "name": "no"}, {"@type": ["NewsArticle"],'
        '"headline": "The\\n lamp", "datePublished": "2026-03-09T08:00:00Z", "author": [{"name": "A. Crane"}, "J. Vale"],'
        '"publisher": {"name": "Harbour"}, "articleSection": "World"}]</script>'
    )
    assert (draft.title, draft.url, draft.source) == ("The lamp", "https://harbour.example/lamp", "Harbour")
    assert draft.published == dt.datetime(2026, 3, 9, 8, 0, tzinfo=dt.UTC)
    assert (draft.author, draft.channel) == ("A. Crane, J. Vale", ("World",))
    assert draft.lead_figure == "https://img.example/a.jpg"
    assert draft.html == PARAGRAPH


@pytest.mark.parametrize(
    "data", ["{", "[]", "null", '"x"', '{"@graph": {"@type": "Article"}}', '{"@type": 7, "headline": 7}', "[[[]]]"]
)
def test_json_ld_that_is_no_article_is_passed_over(data: str) -> None:
    assert page(f'<title>灯塔</title><script type="application/ld+json">{data}</script>').title == "灯塔"


def test_a_page_without_an_end_is_a_page() -> None:
    assert peeled("<html><head><title>灯塔</title><body><p>雾", "saved/a.html").html == "<p>雾</p>"
