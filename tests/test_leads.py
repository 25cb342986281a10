"""What leads elsewhere from a whole saved page goes, and what is told goes not, however alike the two look."""

from __future__ import annotations

import pytest

from generator.models import Article
from tests.samples import HARBOUR, URL, body, cleaned

FILLER = "".join(f"<p>The keeper climbed the tower for the {day} time and found the lamp alight, as he had left it.</p>" for day in ("first", "second", "third", "fourth"))  # fmt: skip
HAN = "".join(f"<p>守灯人第{day}次登上灯塔，看见灯还亮着，和他离开的时候一模一样。</p>" for day in "一二三四")


def saved(html: str, text: str = FILLER) -> str:
    """Give the cleaned HTML of a whole page in which something stands amid a text."""
    half = len(text) // 2
    cut = text.index("<p>", half)
    page = f"<h1>灯塔</h1><div class='entry-content'>{text[:cut]}{html}{text[cut:]}</div>"
    return body(page, mirrors=("saved-page",))


@pytest.mark.parametrize(
    "lead",
    [
        '<p>Keep up with the coast in Harbour Lights. Sign up <a href="/newsletters/lights">here</a>.</p>',
        '<p><em>If you enjoyed this, get it in your inbox: <a href="https://letters.harbour.example/subscribe">LEAD</a></em></p>',
        '<p>Follow LEAD on <a href="https://www.facebook.com/h">Facebook</a> and <a href="https://x.com/h">X</a>.</p>',
        '<p><a href="/newsletters"><b>LEAD newsletter:</b> the news of the mole</a></p>',
        '<p>【LEAD 欢迎订阅我们的<a href="https://t.me/harbour">频道</a>】</p>',
        '<p>LEAD لمتابعة آخر الأخبار اشتركوا في <a href="https://whatsapp.com/channel/1">قناتنا على واتساب</a></p>',
        '<p>LEAD 公式LINEの友だち追加は<a href="https://line.me/h">こちら</a></p>',
        '<p><strong><a href="/news/other">► LEAD sails again</a></strong></p>',
        '<p><a href="https://harbour.example/news/other">LEAD sails again</a></p>',
        '<h3>More on LEAD</h3><ul><li><b>A crossing:</b> LEAD by rope. <a href="/news/rope">They prefer it</a></li></ul>',
        '<div class="css-1a"><a href="/news/a"><img src="/a.jpg"></a><div><h4><a href="/news/a">LEAD sails</a></h4><p>At noon.</p></div></div>',
        ('<table><tr><td><a href="/news/a"><img src="/a.jpg"></a></td><td><a href="/news/a">LEAD goes out</a><br>Short.</td></tr>'
        '<tr><td><a href="/news/b"><img src="/b.jpg"></a></td><td><a href="/news/b">LEAD comes in</a><br>Short.</td></tr></table>'),
        '<div class="m"><h4>LEAD by mail</h4><p>Each morning.</p><a href="/nl">Sign up</a></div>',
        '<p>To view this video please enable JavaScript, and consider upgrading to a web browser that LEAD</p>',
    ],
)  # fmt: skip
def test_what_leads_elsewhere_goes(lead: str) -> None:
    html = saved(lead)
    assert "LEAD" not in html
    assert "newsletter" not in html
    assert html.count("<p>") == 4


@pytest.mark.parametrize(
    "told",
    [
        '<p>Residents can sign up for a fitting, and <a href="https://town.example/form">the form is here</a>.</p>',
        '<p>“Sign up for our newsletter,” he said, <a href="/newsletter-history">as keepers have since 1904</a>.</p>',
        '<p>The board joined <a href="https://twitter.com/board">Twitter</a> and said nothing.</p>',
        '<p>“Follow us on <a href="https://twitter.com/board">Twitter</a>,” it said, and nobody did.</p>',
        '<p>The table can be had here:</p><p><a href="/tables/2026">Tide table of the year</a></p>',
        '<p>The table: <a href="/table.pdf">PDF</a></p><p><a href="/uploads/table.pdf">Tide table (PDF)</a></p>',
        '<p>Here is the whole series so far:</p><ul><li><a href="/one">The moon</a></li><li><a href="/two">The mud</a></li></ul>',
        '<h2><a href="#pairs">Pairs of lamps</a></h2><p id="pairs">There are two.</p>',
        '<h3><a href="https://finch.example/">Ada Finch</a></h3><p>Shows at the chandler’s.</p>',
        '<h2>More on the lamp</h2><p>It has never been out.</p>',
        '<table><tr><th>Year</th><th>Parish</th></tr><tr><td>2024</td><td><a href="/p/mell">Mell</a></td></tr></table>',
        '<div><a href="/gallery/1"><img src="/1.jpg" width="900"></a><p>The bollard at six. <a href="/gallery/1">Enlarge</a></p></div>',
        "<p>Posted 3 miles out, the old buoy replies to nobody.</p>",
    ],
)  # fmt: skip
def test_what_is_told_stays(told: str) -> None:
    plain = saved("")
    html = saved(told)
    words = [word for word in ("here", "since 1904", "Twitter", "Tide table", "The mud", "Pairs", "Ada Finch", "More on", "Mell", "at six", "buoy") if word in told]  # fmt: skip
    assert len(html) > len(plain)
    assert all(word in html for word in words)


def test_a_list_of_what_the_page_says_below_goes() -> None:
    events = '<h2>Key events</h2><ul><li><time>10.12</time> <a href="#a">Ferry back</a></li><li><a href="#b">Lamp out</a></li></ul>'
    html = saved(f'{events}<h2 id="a">Ferry back</h2><p>It is late.</p><h2 id="b">Lamp out</h2><p>It is dark.</p>')
    assert html.count("Ferry back") == html.count("Lamp out") == 1
    assert "Key events" not in html


def test_a_spoken_farewell_is_text() -> None:
    farewell = '<p>今天就讨论到这里，欢迎<a href="https://www.youtube.com/channel/1">订阅</a>点赞，我们下次再见。</p>'
    assert "下次再见" in saved(farewell, HAN)


def test_a_review_of_the_week_is_made_of_leads() -> None:
    items = "".join(
        f'<div class="i"><h3><a href="/letters/{n}">Letter {n}</a></h3><p>A reader writes for the {n}th time of the goose that she saw.</p></div>'
        for n in range(5)
    )
    html = body(f"<h1>灯塔</h1><div class='entry-content'><p>Five letters.</p>{items}</div>", mirrors=("saved-page",))
    assert html.count("<h2>") == 5


def test_all_posts_of_a_live_page_are_its_text() -> None:
    posts = "".join(
        f'<article class="post" id="p{n}"><h2>Post {n}</h2><p>The ferry has come back for the {n}th time with all of its passengers, who sing.</p></article>'
        for n in range(3)
    )
    html = body(f"<main><h1>灯塔</h1><div>{posts}</div></main>", mirrors=("saved-page",))
    assert [f"Post {n}" in html for n in range(3)] == [True] * 3


def test_comments_that_call_themselves_articles_are_none() -> None:
    said = (
        "<p>I remember when the bench stood on the left, before the square was moved to make room for a fountain.</p>"
        * 3
    )
    comment = f'<ol><li><article class="c">{said}</article></li></ol>'
    html = body(f"<h1>灯塔</h1><div>{FILLER}</div><div>{comment}</div>", mirrors=("saved-page",))
    assert html.count("the lamp alight") == 4
    assert "fountain" not in html


def test_the_points_of_a_summary_stand_above_the_text() -> None:
    points = "<ul><li>The clock has run slow since the flood</li><li>The town would sooner be early</li></ul>"
    page = f"<h1>灯塔</h1><div><span>By J. Vale</span></div><h2>Key points</h2>{points}<div>{FILLER}</div>"
    assert "sooner be early" in body(f"<main>{page}</main>", mirrors=("saved-page",))


def test_a_text_in_boxes_within_boxes_is_one() -> None:
    boxes = "".join(f'<div class="_c1"><div class="_c2">{p}</p></div></div>' for p in FILLER.split("</p>")[:-1])
    page = f'<div class="_b1"><h1>灯塔</h1>{boxes}<div class="_d1"><h4>Perhaps also</h4><a href="/p"><div>LEAD</div></a></div></div>'
    html = body(f'<div id="app"><div class="_a1"><a href="/">Home</a></div>{page}</div>', mirrors=("saved-page",))
    assert html.count("the lamp alight") == 4
    assert "Perhaps also" not in html


def test_in_an_archive_other_sites_are_other_sites() -> None:
    kept = "https://web.archive.org/web/20260401000000/"
    card = '<div><h3><a href="{}/finch">Ada Finch</a></h3><p>Shows in May.</p></div>'
    page = f"{FILLER}{card.format(kept + 'https://finch.example')}{card.format(kept + 'https://harbour.example').replace('Ada', 'LEAD')}{FILLER}"
    html = body(f"<h1>灯塔</h1><div class='entry-content'>{page}</div>", mirrors=("saved-page",), url=f"{kept}{URL}")
    assert "Ada Finch" in html
    assert "LEAD" not in html


def test_the_stories_beside_a_text_are_others() -> None:
    story = (
        '<div class="a"><h2><a href="/mill">LEAD</a></h2><p>The mill stopped, and somebody put a piano in it.</p></div>'
    )
    page = f'<div class="a"><h1>灯塔</h1><div>{FILLER}</div></div>{story}'
    assert "LEAD" not in body(f"<div><div>Home</div>{page}</div>", mirrors=("saved-page",))


def test_a_text_may_begin_with_a_short_sentence() -> None:
    head = "<h1>灯塔</h1><div><span>By J. Vale</span></div><p>3 min read</p>"
    html = body(
        f"<main>{head}<blockquote>And the sea</blockquote><p>Nobody came.</p>{FILLER}</main>", mirrors=("saved-page",)
    )
    assert "Nobody came." in html
    assert "And the sea" in html
    assert "J. Vale" not in html
    assert "min read" not in html


def test_mirrored_fragments_keep_their_own_links() -> None:
    result = cleaned(f'{FILLER}<p><a href="/news/other">Another lamp</a></p>{FILLER}', HARBOUR)
    assert isinstance(result, Article)
    assert "Another lamp" in result.html
