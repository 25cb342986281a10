"""What holds for every input: nothing raises, nothing dangerous passes, no character is invented or lost."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from generator.addresses import absolute, image, link, without_tracking
from generator.boilerplate import learn, line_key, link_key
from generator.cleaning import finish, prepare
from generator.cleaning.paragraphs import BREAK, CLOSE, OPEN, TEXT, Token, compose
from generator.collecting import load_rules
from generator.dates import read_date
from generator.documents import decode
from generator.languages import detect
from generator.mirrors import unwrap
from generator.mirrors.front_matter import split
from generator.models import Article, Document, LeftOut
from generator.permalinks import media, relative
from generator.sanitizer import ATTRIBUTES, MEDIA, TAGS, sanitize
from generator.scripts import convert_html, convert_text
from tests.conftest import ROOT
from tests.sites.checks import parse

FEW, MANY, MOST = 60, 2500, 15_000
RULES = load_rules(ROOT / "content")
NOTHING_LEARNT = learn([])
SCRIPTS = ("zh-Hans", "zh-Hant-TW", "zh-Hant-HK", "original")

#: What mirrored documents are made of, and what people write who mean no good.
FRAGMENTS = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<br/>",
        "</br>",
        "<span>",
        "</span>",
        "<b>",
        "</b>",
        "<em>",
        "<ul><li>",
        "</li></ul>",
    ),
    *(
        "<table><tr><td>",
        "</td><td>",
        "</td></tr></table>",
        "<blockquote>",
        "</blockquote>",
        "<figure>",
        "<figcaption>",
        "</figure>",
        "<hr>",
    ),
    *(
        '<img src="http://a.example/b.jpg" alt="图">',
        "<img>",
        '<img src="../b.png" width="20">',
        '<img srcset="http://a.example/c.jpg 2x, d 1x">',
    ),
    *(
        '<a href="http://a.example/?utm_source=x&id=1">',
        '<a href="#x">',
        '<a href="javascript:alert(1)">',
        "</a>",
        '<p id="x">',
        '<a name="x">',
    ),
    *(
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<svg>",
        "<math>",
        "<template>",
        "<noscript>",
        "<textarea>",
        "<title>",
        "<iframe src=x>",
        "<form>",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?php",
        "?>",
        "<!doctype html>",
        "<html>",
        "<head>",
        "<body>",
        "<h1>",
        "<h2>",
        "</h2>",
        "<pre>",
        "</pre>",
    ),
    *(
        "<p",
        ">",
        "<",
        "&",
        "&lt;",
        "&#0;",
        "&#xD800;",
        "&#x202e;",
        "&nbsp;",
        "&quot;",
        '"',
        "'",
        "`",
        "=",
        "\\",
        "\x01",
        "\u200b",
        "\u202e",
        "\ufeff",
    ),
    *(
        "---\n",
        "\n---\n",
        "title: x\n",
        "date: 2020-01-02\n",
        "date: !!x y\n",
        "tags: [a, b]\n",
        "url: http://[x\n",
        "a: &b c\n",
        "+++\n",
        ";;;\n",
        ": ",
        "- ",
    ),
    *(
        "### 标题\n------------------------\n",
        "#### [首页](http://a.example/README.md)\n",
        "\n原文地址：http://a.example/1.html\n",
        "<hr/>\n手机上长按并复制\n",
    ),
    *(
        "<!--1588291200000-->\n[题目](http://a.example/x)\n------\n",
        "<!--1-->",
        "[题目](http://a.example)",
        "# ",
        "**",
        "| a | b |\n|---|---|\n",
        "```",
        "> ",
    ),
    *(
        '<meta property="og:title" content="x">',
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":',
        '"x"}',
        "{{7*7}}",
        "{% if %}",
    ),
    *(
        "【港城邮报2026年3月4日讯】",
        "（责任编辑：某人）",
        "相关阅读",
        "https://a.example/中文?utm_source=1",
        "２０２６",
        "²",
        "٣",
        "2026年13月45日",
        "昨天",
        "新闻",
    ),
    *(
        "一段足够长的正文，用来让这篇文章不会因为太短而被留下。",
        "A sentence that is long enough to be the text of an article.",
        "نص عربي طويل",
        "\n",
        "\n\n",
        " ",
        "\t",
        "　",
    ),
)
words = st.sampled_from(FRAGMENTS)
texts = st.lists(words | st.text(max_size=12), max_size=30).map("".join)
paths = st.sampled_from(
    ("m/a.md", "m/pages/x/1.md", "m/_posts/2020-01-02-题.md", "m/articles/某/1_题.md", "a.html", "b.txt")
)
#: Texts without lone surrogates: no file decodes to one.
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

few = settings(max_examples=FEW, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=MANY, suppress_health_check=[HealthCheck.too_slow])
most = settings(max_examples=MOST, suppress_health_check=[HealthCheck.too_slow])


def clean(path: str, text: str) -> Article | LeftOut:
    """Take one document through the whole line."""
    draft = unwrap(Document(path, text, "utf-8"), RULES.mirrors)
    if isinstance(draft, LeftOut):
        return draft
    prepared = prepare(draft, RULES.publishers, RULES.settings)
    return prepared if isinstance(prepared, LeftOut) else finish(prepared, (), RULES.settings)


def check_outcome(path: str, text: str) -> None:
    """An article that is complete and safe, or a reason why there is none."""
    result = clean(path, text)
    if isinstance(result, LeftOut):
        assert result.path == path
        assert result.reason
        assert result.detail
        return
    for written in (
        result.title,
        result.html,
        result.text,
        result.author,
        result.excerpt,
        result.canonical_url,
        *result.tags,
    ):
        written.encode()
    assert result.title
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", result.id), result.id
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})*", result.lang), result.lang
    assert result.canonical_url == "" or result.canonical_url.startswith(("http://", "https://"))
    assert result.reading_minutes >= 1
    assert sanitize(result.html) == result.html
    assert_allowed(result.html)


BODY = "<p>一段足够长的正文，用来让这篇文章不会因为太短而被留下，真的足够长了。</p>"
SAVED = '<!doctype html><html><head><script type="application/ld+json">{"@type":"NewsArticle","headline":"%s"}</script></head><body>%s</body></html>'


@given(paths, texts)
@few
@example("m/a.md", '<img src="http://a.example/b.jpg" alt="图">\x08')
def test_no_document_breaks_the_line(path: str, text: str) -> None:
    check_outcome(path, text)


@pytest.mark.slow
@given(paths, st.lists(words | st.text(max_size=20), max_size=120).map("".join))
@many
def test_no_long_document_breaks_the_line(path: str, text: str) -> None:
    check_outcome(path, text)


@pytest.mark.slow
@given(st.sampled_from(("title", "url", "date", "author", "tags", "categories", "headimg", "site", "from")), texts)
@many
def test_no_front_matter_breaks_the_line(key: str, value: str) -> None:
    check_outcome("m/a.md", f"---\ntitle: a\n{key}: {value}\n---\n{BODY}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('<img src="http://a.example/c.jpg" width="²">' + BODY, id="superscript width"),
        pytest.param(f'<img src="http://a.example/c.jpg" width="{"1" * 5000}">{BODY}', id="endless width"),
        pytest.param('<img srcset="http://a.example/a.jpg 1.2.3w">' + BODY, id="odd srcset"),
        pytest.param("---\ntitle: a\ndate: !!timestamp x\n---\n" + BODY, id="yaml timestamp"),
        pytest.param("---\ntitle: a\ndate: !!bool x\n---\n" + BODY, id="yaml bool"),
        pytest.param('---\ntitle: a\ndate: !!int ""\n---\n' + BODY, id="yaml int"),
        pytest.param('---\ntitle: a\nurl: "http://[bad/x"\n---\n' + BODY, id="odd address"),
        pytest.param('<img src="http://a.example/b.jpg">\x08' + BODY, id="control character"),
        pytest.param('<img src="http://a.example/b.jpg">&#8;' + BODY, id="control character as entity"),
        pytest.param(SAVED % ("\\ud800", BODY), id="lone surrogate"),
        pytest.param(f"---\n{'a: [' * 3000}\n---\n{BODY}", id="deep yaml"),
        pytest.param(f"---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n{BODY}", id="yaml aliases"),
        pytest.param(SAVED % ("[" * 5000, BODY), id="deep json"),
        pytest.param("<b>" * 1500 + BODY, id="deep inline"),
        pytest.param("<blockquote>" * 1500 + BODY, id="deep quotes"),
        pytest.param(f'<ol start="{"9" * 5000}"><li>x</li></ol>{BODY}', id="endless start"),
        pytest.param(
            f'<table><tr><td colspan="{"9" * 5000}">x</td><td>y</td></tr><tr><td>1</td><td>2</td></tr></table>{BODY}',
            id="endless colspan",
        ),
    ],
)
def test_oddities_do_not_break_the_line(text: str) -> None:
    check_outcome("m/a.md", text)


def test_a_text_under_many_open_elements_is_kept() -> None:
    result = clean("m/a.md", "<div>" * 3000 + BODY)
    assert isinstance(result, Article)
    assert "真的足够长了" in result.text


@given(st.binary(max_size=300))
@few
def test_decoding_never_raises_and_says_how(data: bytes) -> None:
    text, encoding = decode(data)
    assert (text is None) == (encoding == "")
    if text is not None:
        text.encode()  # no lone surrogates


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("text", ["岛上的灯塔昨天晚上又亮了，船都回来了。", "島上的燈塔昨天晚上又亮了，船都回來了。"])
def test_decoding_reads_what_the_encodings_of_chinese_write(text: str, encoding: str) -> None:
    if encoding == "big5hkscs" and "岛" in text:
        pytest.skip("Big5 has no Simplified characters")
    assert decode(text.encode(encoding))[0] == text


# --- sanitizing ----------------------------------------------------------------------------------------------


def assert_allowed(markup: str) -> None:
    """Check that there is nothing in a fragment but the allow-list: tags, attributes, schemes."""
    tree = parse(f"<div>{markup}</div>")[0][0]
    assert not list(tree.iter(etree.Comment, etree.ProcessingInstruction))
    for element in tree.iterdescendants():
        tag = str(element.tag)
        assert tag in TAGS, tag
        names = ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | ({"rel"} if tag == "a" else set())
        assert set(element.keys()) <= names, (tag, element.keys())
        for name in ("href", "src"):
            assert_address(element.get(name, ""))


def assert_address(address: str) -> None:
    """Check the scheme of an address as a browser reads it: without control characters and space."""
    shown = re.sub(r"[\x00-\x20]", "", unescape(address))
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", shown)
    assert scheme is None or scheme[1].lower() in {"http", "https", "mailto", MEDIA}, address


def test_sanitizing_keeps_line_breaks_in_pre() -> None:
    once = sanitize("<pre>\n\nx</pre>")
    assert sanitize(once) == once


@given(texts)
@few
def test_sanitizing_lets_nothing_else_out_and_is_a_fixed_point(text: str) -> None:
    once = sanitize(text)
    assert sanitize(once) == once
    assert_allowed(once)


@pytest.mark.slow
@given(st.lists(words | st.text(max_size=20), max_size=120).map("".join))
@most
def test_sanitizing_long_texts_lets_nothing_else_out(text: str) -> None:
    once = sanitize(text)
    assert sanitize(once) == once
    assert_allowed(once)


def test_the_check_of_the_allow_list_bites() -> None:
    for markup in (
        "<script>1</script>",
        '<p onclick="x">',
        '<a href="javascript:x">a</a>',
        "<p><!-- x --></p>",
        '<img src=" data:image/png,x">',
        '<p class="x">',
    ):
        with pytest.raises(AssertionError):
            assert_allowed(markup)


# --- blocks --------------------------------------------------------------------------------------------------

inline = st.sampled_from(("strong", "em", "u", "sup", "code"))
pieces = plain | st.sampled_from(
    ("中文", " word ", "\n  ", "，", "“", "”", "a\nb", "　", "\u00a0", "&", "<", "…\n好", "”\n好", "・")
)


@st.composite
def token_lists(draw: st.DrawFn) -> list[Token]:
    """Draw the tokens of a paragraph: texts, breaks and well nested inline elements."""
    tokens: list[Token] = []
    opened: list[str] = []
    for kind in draw(st.lists(st.integers(0, 3), max_size=14)):
        if kind == OPEN:
            opened.append(draw(inline))
            tokens.append((OPEN, f"<{opened[-1]}>"))
        elif kind == CLOSE and opened:
            tokens.append((CLOSE, f"</{opened.pop()}>"))
        elif kind == BREAK:
            tokens.append((BREAK, "<br>"))
        else:
            tokens.append((TEXT, draw(pieces)))
    return [*tokens, *((CLOSE, f"</{name}>") for name in reversed(opened))]


#: Not shown: controls, zero-width and directional characters, byte order marks, non-characters.
_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)


def seen(text: str) -> str:
    """The characters that ink is spent on."""
    return _UNSEEN.sub("", text)


@given(token_lists())
@few
@example([(TEXT, "　"), (OPEN, "<em>"), (TEXT, "　"), (CLOSE, "</em>"), (TEXT, "x")])
@example([(TEXT, "x"), (BREAK, "<br>"), (OPEN, "<em>"), (BREAK, "<br>"), (CLOSE, "</em>"), (TEXT, "y")])
def test_composing_a_paragraph_neither_invents_nor_loses_a_character(tokens: list[Token]) -> None:
    composed = compose(tokens)
    written = seen("".join(value for kind, value in tokens if kind == TEXT))
    assert seen("".join(composed.lines)) == written
    assert seen(unescape(re.sub(r"<[^>]*>", "", composed.html))) == written


@given(token_lists())
@few
def test_composing_a_paragraph_leaves_its_elements_nested(tokens: list[Token]) -> None:
    opened: list[str] = []
    for slash, name in re.findall(r"<(/?)(\w+)[^>]*>", compose(tokens).html):
        if name == "br":
            continue
        if slash:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []


@given(token_lists())
@few
def test_lines_have_no_white_space_at_their_edges_nor_doubled(tokens: list[Token]) -> None:
    for line in compose(tokens).lines:
        assert line == line.strip(" \t\n\r\f\v\u00a0\u3000")
        assert not re.search(r"[ \t\n\r\f\v]{2}", line)


# --- addresses -----------------------------------------------------------------------------------------------

parameters = st.sampled_from(
    (
        "id=1",
        "utm_source=x",
        "fbclid=abc",
        "q=%E4%B8%AD",
        "from=feed",
        "UTM_Medium=y",
        "t=12",
        "si=abc",
        "a",
        "",
        "amp;gclid=1",
        "%75tm_x=1",
    )
)
addresses = st.builds(
    lambda host, path, query, fragment: f"https://{host}/{path}" + ("?" + "&".join(query) if query else "") + fragment,
    st.sampled_from(("a.example", "www.youtube.com", "youtu.be", "twitter.com", "wsrv.nl")),
    st.sampled_from(("", "a/b.html", "中文", "watch")),
    st.lists(parameters, max_size=5),
    st.sampled_from(("", "#x", "#?utm_source=1")),
)


@given(addresses | plain)
@few
@example("https://a.example/?utm_source=x#?utm_source=1")
def test_taking_tracking_out_twice_is_taking_it_out_once(address: str) -> None:
    once = without_tracking(absolute(address, "https://base.example/"))
    assert without_tracking(once) == once
    assert not re.search(r"[?&](?:utm_|fbclid|gclid)", once.partition("#")[0], re.I)


@given(addresses)
@few
def test_taking_tracking_out_touches_nothing_else(address: str) -> None:
    head, _, query = address.partition("#")[0].partition("?")
    kept_head, _, kept_query = without_tracking(address).partition("#")[0].partition("?")
    assert kept_head == head
    assert not Counter(filter(None, kept_query.split("&"))) - Counter(filter(None, query.split("&")))
    assert [pair for pair in query.split("&") if pair in ("id=1", "q=%E4%B8%AD", "from=feed")] == [
        pair for pair in kept_query.split("&") if pair in ("id=1", "q=%E4%B8%AD", "from=feed")
    ]


@given(plain | texts, st.sampled_from(("", "https://base.example/a/b.html")))
@few
def test_addresses_are_absolute_or_nothing(address: str, base: str) -> None:
    for resolve in (absolute, link, image):
        assert re.match(r"https?://[^/]|mailto:[^@]+@|\Z", resolve(address, base), re.I)


segments = st.lists(st.sampled_from(("zh-hans", "en", "articles", "days", "a")), max_size=3)


@given(segments, segments)
@few
def test_relative_links_lead_back_to_their_target(here: list[str], there: list[str]) -> None:
    page, target = "/".join([*here, "page.html"]), "/".join([*there, "target.html"])
    assert posixpath.normpath(posixpath.join(posixpath.dirname(page), relative(target, page))) == target


@given(plain)
@few
def test_places_of_pictures_are_plain_paths(path: str) -> None:
    place = media(path + "x.png")
    assert re.fullmatch(r"media/[A-Za-z0-9-]+\.png", place), place


# --- scripts -------------------------------------------------------------------------------------------------

chinese = st.text("国家的发布会里面后来干净台湾头发电车开发計畫臺灣後來裡面乾淨頭髮", max_size=20)
markup = st.lists(
    st.sampled_from(("<p>", "</p>", "<strong>", "</strong>", "<br>", '<a href="https://a.example/国">', "</a>", '<span lang="ja">', "</span>", "<code>", "</code>",
                     '<img src="https://a.example/国.jpg" alt="国">', '<p id="a-x">', "<em>"))
    | chinese
    | plain,
    max_size=16,
).map(lambda parts: sanitize("".join(parts)))  # fmt: skip


@given(markup, st.sampled_from(("zh-Hans", "zh-Hant", "en", "ja")), st.sampled_from(SCRIPTS))
@few
def test_conversion_keeps_every_tag_byte_for_byte(text: str, lang: str, script: str) -> None:
    def tags(converted: str) -> list[str]:
        return [re.sub(r'\b(alt|title)="[^"]*"', r'\1=""', tag) for tag in re.findall(r"<[^>]*>", converted)]

    assert tags(convert_html(text, lang, script)) == tags(text)


@given(markup, st.sampled_from(SCRIPTS))
@few
def test_only_chinese_is_converted(text: str, script: str) -> None:
    assert convert_html(text, "en", script) == text
    assert convert_html(text, "zh-Hans", "original") == text


@given(st.text("国家发布会里后来干净台湾头发电车", max_size=30), st.sampled_from(SCRIPTS[1:3]))
@few
def test_conversion_keeps_the_number_of_characters(text: str, script: str) -> None:
    assert len(convert_text(text, "zh-Hans", script)) == len(text)


# --- small readers -------------------------------------------------------------------------------------------


def readers() -> list[Callable[[str], object]]:
    """Everything that reads a text of which nothing is known."""
    return [detect, read_date, split, line_key, link_key]


@pytest.mark.parametrize("reader", readers(), ids=lambda reader: reader.__name__)
@given(text=texts | plain)
@few
def test_small_readers_never_raise(reader: Callable[[str], object], text: str) -> None:
    reader(text)


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)))
@few
def test_dates_are_read_as_they_are_written(when: dt.datetime) -> None:
    when = when.replace(microsecond=0)
    assert read_date(when.isoformat()) == when
    assert read_date(f"{when:%Y/%m/%d %H:%M}") == when.replace(second=0)
    assert read_date(when.date().isoformat()) == when.date()


@given(st.text(max_size=60))
@few
def test_reading_front_matter_loses_nothing_of_the_body(body: str) -> None:
    found = split(f"---\ntitle: x\n---\n{body}")
    assert found == ({"title": "x"}, body)


def test_rules_of_the_demo_are_loaded() -> None:
    assert isinstance(RULES.settings.content, Path)
    assert RULES.mirrors
