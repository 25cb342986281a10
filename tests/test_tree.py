"""Steps on the tree: what is invisible, what tracks, what promotes; and what only looks like it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.cleaning.media import drop_trackers, is_picture, link_embeds, unwrap_lazy
from generator.cleaning.promotions import drop_promotions, drop_skipped
from generator.cleaning.tree import drop_hidden, drop_machinery, strip_known
from generator.cleaning.whole_page import choose_body
from generator.cleaning.workspace import parse, select, visible
from generator.errors import ConfigError
from tests.samples import HARBOUR, body, prepared, workspace

TEXT = "<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。</p>"


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://a.example/a.jpg" width="1" height="1">',
        '<img src="https://a.example/a.jpg" width="0px">',
        '<img src="https://a.example/a.jpg" style="width: 1px; height:1px">',
        '<img src="https://a.example/a.jpg" style="color:red;max-height:0">',
        '<img src="https://a.example/a.jpg" style="visibility:hidden">',
        '<img src="https://a.example/a.jpg" style="opacity: 0">',
        '<img src="https://medium.com/_/stat?event=post">',
        '<img src="https://www.facebook.com/tr?id=1">',
        '<img src="https://pixel.harbour.example/lamp">',
        '<img src="https://stats.harbour.example/a.gif?id=7">',
        '<img src="https://harbour.example/pixel.gif?x=1">',
        '<img src="https://harbour.example/pages/1.md">',
        '<img src="https://harbour.example/count.php?id=1">',
        '<img src="/ads/728x90.jpg">',
        '<img src="https://harbour.example/qrcode/1.png">',
        '<img data-src="https://www.google-analytics.com/collect">',
    ],
)
def test_a_picture_that_nobody_sees_goes(image: str) -> None:
    work = workspace(f"{TEXT}{image}")
    drop_trackers(work)
    assert not list(work.root.iter("img"))
    assert [removal.step for removal in work.removals] == ["tracker"]


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://a.example/a.jpg" width="100%" height="auto">',
        '<img src="https://a.example/a.jpg" style="border-width:1px;max-width:600px">',
        '<img src="https://a.example/a.jpg" style="opacity: 0.9">',
        '<img src="https://a.example/a.md/lamp.jpg">',
        '<img src="https://a.example/show.php?file=lamp.jpg">',
        '<img src="https://a.example/pixelart/lamp.jpg">',
        '<img src="https://a.example/uploads/readme-lamp.jpg">',
        '<img src="https://a.example/shadow/lamp.jpg">',
    ],
)
def test_a_picture_of_the_article_stays(image: str) -> None:
    work = workspace(f"{TEXT}{image}")
    drop_trackers(work)
    assert len(list(work.root.iter("img"))) == 1
    assert not work.removals


def test_a_hidden_pixel_is_told_as_a_tracker() -> None:
    address = "https://www.facebook.com/tr?id=1"
    removals = prepared(f'{TEXT}<img src="{address}" width="1" style="display:none">').removals
    assert [(removal.step, removal.text) for removal in removals] == [("tracker", address)]


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        ('<img src="data:x"><noscript><img src="/a.jpg"></noscript>', ["/a.jpg"]),
        ('<img src="/a.jpg"><noscript><img src="/b.jpg"></noscript>', ["/a.jpg"]),
        ('<span><img src="/blank.gif"></span><noscript><img src="/a.jpg"></noscript>', ["/a.jpg"]),
        ('<noscript><img src="/a.jpg"></noscript>', ["/a.jpg"]),
        ("<noscript>Please turn scripts on</noscript>", []),
    ],
)
def test_a_lazy_picture_and_its_double_are_one(html: str, sources: list[str]) -> None:
    work = workspace(f"<p>{html}</p>")
    unwrap_lazy(work)
    assert [img.get("src") for img in work.root.iter("img")] == sources
    assert "scripts" not in visible(work.root)


@pytest.mark.parametrize(
    ("src", "real"),
    [
        ("https://a.example/a.jpg", True),
        ("", False),
        (" data:image/gif;base64,R0", False),
        ("about:blank", False),
        ("https://picsum.photos/400", False),
        ("/static/lazyload.gif", False),
        ("/img/blank-pixel.png", False),
    ],
)
def test_placeholders_are_known(src: str, real: bool) -> None:
    assert is_picture(src) is real


@pytest.mark.parametrize("name", ["blanket.jpg", "greyhound-race.jpg", "transparency.png"])
def test_a_name_that_begins_like_a_placeholders_is_a_picture(name: str) -> None:
    assert is_picture(f"https://img.example/{name}")


@pytest.mark.parametrize(
    ("html", "target"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abcDEF_123?rel=0"></iframe>',
            "https://www.youtube.com/watch?v=abcDEF_123",
        ),
        (
            '<iframe data-src="//www.youtube-nocookie.com/embed/abcDEF_123"></iframe>',
            "https://www.youtube.com/watch?v=abcDEF_123",
        ),
        ('<iframe src="https://player.vimeo.com/video/1234"></iframe>', "https://vimeo.com/1234"),
        ('<video><source src="/v/a.mp4"></video>', "https://www.harbour.example/v/a.mp4"),
        ('<audio src="https://a.example/a.mp3"></audio>', "https://a.example/a.mp3"),
        (
            '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2F1"></iframe>',
            "https://www.facebook.com/a/1",
        ),
    ],
)
def test_a_player_becomes_a_link_to_what_it_shows(html: str, target: str) -> None:
    work = workspace(f"一{html}二")
    link_embeds(work)
    (link,) = work.root.iter("a")
    assert (link.get("href"), link.text) == (target, target)
    assert visible(work.root) == f"一{target}二"


@pytest.mark.parametrize(
    "src", ["https://ads.example/frame", "javascript:alert(1)", "https://www.youtube.com/embed/", ""]
)
def test_any_other_frame_goes(src: str) -> None:
    work = workspace(f'一<iframe src="{src}">x</iframe>二')
    link_embeds(work)
    assert visible(work.root) == "一二"
    assert [removal.rule for removal in work.removals] == ["iframe"]


def test_machinery_goes_and_its_tail_stays() -> None:
    work = workspace("一<script>x()</script>二<style>p{}</style>三<button>OK</button>四<svg><text>5</text></svg>")
    drop_machinery(work)
    assert visible(work.root) == "一二三四"
    assert [removal.rule for removal in work.removals] == ["script", "style", "button", "svg"]


def test_a_form_round_the_whole_page_is_no_form() -> None:
    work = workspace(f"<form>{TEXT}<input></form>")
    drop_machinery(work)
    assert visible(work.root).startswith("灯塔")


@pytest.mark.parametrize(
    "attribute",
    [
        'style="display: none"',
        'style="color:red;VISIBILITY:hidden"',
        "hidden",
        'class="sr-only"',
        'class="a screen-reader-text"',
        'class="VisuallyHiddenText-sc-1"',
    ],
)
def test_what_is_hidden_from_the_eye_goes(attribute: str) -> None:
    work = workspace(f"{TEXT}<p {attribute}>采集编号</p>")
    drop_hidden(work)
    assert "采集编号" not in visible(work.root)
    assert [removal.text for removal in work.removals] == ["采集编号"]


def test_an_article_that_a_script_would_show_is_not_hidden() -> None:
    work = workspace(f'<div style="display:none">{TEXT}</div><p>载入中</p>')
    drop_hidden(work)
    assert "灯塔" in visible(work.root)


@pytest.mark.parametrize(
    "html",
    [
        "<nav>首页</nav>",
        "<aside>订阅</aside>",
        "<footer>版权</footer>",
        '<div class="share-bar">分享</div>',
        '<div class="post related-articles">相关</div>',
        '<div id="taboola-below">推荐</div>',
        '<section class="newsletter">订阅</section>',
        '<div role="complementary">热门</div>',
        '<div id="comments">沙发</div>',
        '<ul class="breadcrumb">首页</ul>',
        '<div class="ad">广告</div>',
    ],
)
def test_promotion_goes_by_what_it_is_called(html: str) -> None:
    work = workspace(f"{TEXT}{html}")
    drop_promotions(work)
    assert visible(work.root) == visible(parse(TEXT))
    assert [removal.step for removal in work.removals] == ["promotion"]


@pytest.mark.parametrize(
    "name",
    [
        "roadmap",
        "shadow",
        "headline",
        "adapted",
        "download-speed",
        "reader",
        "commentary",
        "unrelated",
        "banners-of-war",
    ],
)
def test_a_name_that_only_holds_such_a_word_promotes_nothing(name: str) -> None:
    work = workspace(f'{TEXT}{TEXT}{TEXT}<div class="{name}">雾散了</div>')
    drop_promotions(work)
    assert "雾散了" in visible(work.root)


def test_what_a_link_offers_to_pass_over_goes_up_to_its_end() -> None:
    skipped = '<section><a href="#end">跳过热读继续阅读</a><ul><li>旧闻</li></ul><p id="end">End of 热读</p></section>'
    work = workspace(f"{TEXT}{skipped}{TEXT}")
    drop_skipped(work)
    assert visible(work.root) == visible(parse(TEXT * 2))


def test_an_article_is_not_passed_over() -> None:
    work = workspace(f'<div><a href="#end">Skip this</a>{TEXT * 3}<p id="end">完</p></div>')
    drop_skipped(work)
    assert "灯塔" in visible(work.root)


def test_a_figure_of_links_to_the_same_site_shows_nothing() -> None:
    work = workspace(
        f'{TEXT * 3}<figure><a href="/b">另一则</a> 阅读</figure><figure><a href="https://o.example/">影片</a></figure>'
    )
    drop_promotions(work)
    assert "另一则" not in visible(work.root)
    assert "影片" in visible(work.root)


def test_an_article_is_spared_whatever_its_class_says() -> None:
    work = workspace(f'<div class="post-share sidebar">{TEXT}</div><p>完</p>')
    drop_promotions(work)
    assert "灯塔" in visible(work.root)


def test_long_paragraphs_in_an_aside_are_text() -> None:
    told = "<p>" + "灯塔在雾里亮着。" * 12 + "</p>"
    work = workspace(f"{TEXT * 30}<aside>{told * 2}</aside>")
    drop_promotions(work)
    assert not work.removals


def test_what_the_publisher_never_means_goes() -> None:
    publisher = replace(HARBOUR, strip=(".single_ad", "[id^=gpt]"))
    work = workspace(f'{TEXT}<div class="single_ad">一</div><p id="gpt-1">二</p>', publisher)
    strip_known(work)
    assert [(removal.rule, removal.text) for removal in work.removals] == [
        ("harbour: .single_ad", "一"),
        ("harbour: [id^=gpt]", "二"),
    ]


def test_nested_matches_are_one_removal() -> None:
    work = workspace(
        f'{TEXT}<div class="ad-box"><p class="ad-text">一</p></div>', replace(HARBOUR, strip=("[class^=ad-]",))
    )
    strip_known(work)
    assert [removal.text for removal in work.removals] == ["一"]


def test_a_selector_that_is_none_says_so() -> None:
    with pytest.raises(ConfigError, match=r"'p\[' is no CSS selector .*; mend it in the publisher's file"):
        select("p[", parse(TEXT))


SAVED = f"""<div class="top"><a href="/">首页</a></div><h1>灯塔</h1>
<figure><img src="/lead.jpg"></figure><div class="art">{TEXT}</div><figure><img src="/other.jpg"></figure>"""


def test_of_a_saved_page_the_container_and_the_lead_figure_stay() -> None:
    work = workspace(SAVED, replace(HARBOUR, body=("div.none", "div.art")), mirrors=("saved-page",))
    choose_body(work)
    assert [img.get("src") for img in work.root.iter("img")] == ["/lead.jpg"]
    assert visible(work.root) == visible(parse(TEXT))
    assert [(removal.rule, removal.text) for removal in work.removals] == [("outside of div.art", "首页灯塔")]


def test_the_lead_figure_stands_where_the_publisher_says() -> None:
    publisher = replace(HARBOUR, body=("div.art",), lead=("div.top",))
    work = workspace(SAVED, publisher, mirrors=("saved-page",))
    choose_body(work)
    assert visible(work.root).startswith("首页")
    assert not list(work.root.iter("img"))


def test_without_a_known_container_the_densest_part_is_the_article() -> None:
    work = workspace(f"<div><p>菜单</p></div><div>{TEXT * 3}</div>", mirrors=("saved-page",))
    choose_body(work)
    assert "菜单" not in visible(work.root)


def test_a_text_in_two_parts_is_one_without_what_stands_between() -> None:
    part = f'<div class="article-body">{TEXT * 5}</div>'
    work = workspace(f"<h1>灯塔</h1>{part}<div><a href='/b'>相关</a></div>{part}", mirrors=("saved-page",))
    choose_body(work)
    assert visible(work.root) == visible(parse(TEXT * 10))


def test_a_captioned_figure_above_the_headline_leads_and_the_writers_face_does_not() -> None:
    figure = "<figure><img src='/lead.jpg'><figcaption>雾</figcaption></figure>"
    face = "<div><a><img src='/face.jpg'></a><time>3月9日</time></div>"
    work = workspace(f"{figure}<h1>灯塔</h1>{face}<article>{TEXT * 5}</article>", mirrors=("saved-page",))
    choose_body(work)
    assert [img.get("src") for img in work.root.iter("img")] == ["/lead.jpg"]


def test_a_bare_aside_of_a_sentence_is_set_apart_and_stays() -> None:
    work = workspace(f"{TEXT * 5}<aside>只要有人在等，灯就不能熄。</aside><aside>订阅</aside>")
    drop_promotions(work)
    assert visible(work.root).endswith("灯就不能熄。")


def test_a_fragment_is_kept_whole() -> None:
    work = workspace(SAVED, replace(HARBOUR, body=("div.art",)))
    choose_body(work)
    assert visible(work.root).startswith("首页")


@pytest.mark.parametrize("depth", [150, 20_000])
def test_any_depth_is_survived(depth: int) -> None:
    nested = "<div>" * depth + "灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。" + "</div>" * depth
    assert "谁也没有迷路。" in body(nested)
