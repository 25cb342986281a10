"""Pictures with their captions, wherever the publisher put them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.cleaning import Prepared, finish, prepare
from generator.models import Article
from generator.publishers import Publishers
from generator.settings import load_settings
from tests.samples import HARBOUR, body, draft

LONG = "<p>灯塔在雾里亮着，渔民们都看见了回家的路，谁也没有迷路。</p>"
SRC = "https://img.example/a.jpg"
IMG = f'<img src="{SRC}" alt="灯塔">'


def figures(html: str) -> list[tuple[str, str]]:
    """Give address and caption of every figure of a cleaned body."""
    found = re.findall(
        r'<figure><img src="([^"]*)"[^>]*>(?:<figcaption>(.*?)</figcaption>)?</figure>', body(f"{LONG}{html}{LONG}")
    )
    assert len(found) == body(f"{LONG}{html}{LONG}").count("<img")
    return found


@pytest.mark.parametrize(
    "html",
    [
        f"<figure>{IMG}<figcaption>雾中的灯塔</figcaption></figure>",
        f"<figure><div><a href='/big.jpg'>{IMG}</a></div><br/><figcaption><p>雾中的灯塔</p></figcaption><br/></figure>",
        f'<figure class="wp-caption">{IMG}雾中的灯塔</figure>',
        f'<div class="wp-caption"><p>{IMG}</p><p class="wp-caption-text">雾中的灯塔</p></div>',
        f'<div class="featured_image"><figure>{IMG}</figure><br/><span class="caption">雾中的灯塔</span></div>',
        f'<div>{IMG}<div class="caption">雾中的灯塔</div></div>',
        f'<div>{IMG}<br/><figcaption class="caption">雾中的灯塔</figcaption></div>',
        f'<p style="text-align:center">{IMG}<br>雾中的灯塔</br></p>',
        f"<center>{IMG}<br>雾中的灯塔</center>",
        f'<div id="headerimg">{IMG}<div><div id="headerimgcaption"><span>雾中的灯塔</span></div></div></div>',
        f'<p><br/><div class="image-inline captioned"><div>{IMG}</div><div class="image-caption">雾中的灯塔</div></div></p>',
        f'<figure><img src="{SRC}" alt="灯塔"><br/><figcaption>雾中的灯塔</figcaption><br/></img></figure>',
        f'<span class="ph_b"><span class="ph_i"><a class="image-popup" href="/big.jpg">{IMG}</a></span><span class="ph_d">雾中的灯塔</span></span>',
        f'<p class="image_ref">{IMG}</p><p class="image_desc">雾中的灯塔</p>',
        f'<section>{IMG}</section><p style="text-align:center"><span>雾中的灯塔</span></p>',
    ],
)
def test_a_caption_finds_its_picture(html: str) -> None:
    assert figures(html) == [(SRC, "雾中的灯塔")]


@pytest.mark.parametrize(
    "line",
    ['<p style="text-align: center">雾中的灯塔</p>', "<center>雾中的灯塔</center>", '<p class="pic-tu">雾中的灯塔</p>'],
)
def test_a_short_centred_line_below_a_picture_is_its_caption(line: str) -> None:
    assert figures(f"<p>{IMG}</p>{line}") == [(SRC, "雾中的灯塔")]


def test_credits_come_last_in_a_caption() -> None:
    html = f'<figure><p class="Copyright-sc">GETTY</p>{IMG}<p>雾中的灯塔</p></figure>'
    assert figures(html) == [(SRC, "雾中的灯塔 GETTY")]


@pytest.mark.parametrize(
    "html",
    [
        f"<p>渔船回港时，{IMG}岸上有人数灯。</p>",
        f"<p>{IMG}</p><p>渔船回港时，岸上有人数灯。</p>",
        f"<div>{IMG}<p>渔船回港时，岸上有人数灯。</p></div>",
        f'<p style="text-align:center">{IMG}<br>{"渔船回港时，岸上有人数灯。" * 25}</p>',
    ],
)
def test_running_text_is_no_caption(html: str) -> None:
    assert figures(html) == [(SRC, "")]
    assert "岸上有人数灯。" in body(LONG + html)


def test_words_below_a_picture_that_is_not_there_go_with_it() -> None:
    html = body(f'{LONG}<figure><img src="data:,"><figcaption>雾中的灯塔</figcaption></figure>{LONG}')
    assert "雾中的灯塔" not in html


def test_the_address_may_stand_in_a_source_only() -> None:
    choices = "https://img.example/a.jpg 640w, https://img.example/b.jpg 1200w"
    assert figures(f'<picture><source srcset="{choices}"><img alt="灯塔"></picture>') == [
        ("https://img.example/b.jpg", "")
    ]


def test_two_pictures_are_two_figures() -> None:
    html = f'<div class="figure">{IMG}<img src="https://img.example/b.jpg" alt=""></div>'
    assert [src for src, _ in figures(html)] == [SRC, "https://img.example/b.jpg"]


@pytest.mark.parametrize(
    ("attributes", "src"),
    [
        ('src="data:image/gif;base64,R0" data-src="/a.jpg"', "https://www.harbour.example/a.jpg"),
        ('src="https://a.example/lazyload.gif" data-original="https://img.example/a.jpg"', SRC),
        ('data-lazy-src="//img.example/a.jpg"', SRC),
        (
            'srcset="https://img.example/s.jpg 240w, https://img.example/a.jpg 800w, https://img.example/m.jpg 480w"',
            SRC,
        ),
        ('data-srcset="https://img.example/s.jpg 1x, https://img.example/a.jpg 2.5x"', SRC),
        ('src="https://images.weserv.nl/?url=img.example/a.jpg"', "https://img.example/a.jpg"),
        ('src="https://img.example/a.jpg?utm_source=x"', SRC),
    ],
)
def test_the_real_address_is_found(attributes: str, src: str) -> None:
    assert figures(f"<p><img {attributes}></p>") == [(src, "")]


@pytest.mark.parametrize(
    "attributes", ["", 'src=""', 'src="data:image/png;base64,iVBO"', 'src="javascript:x"', 'srcset="x"']
)
def test_a_picture_without_an_address_goes(attributes: str) -> None:
    assert figures(f"<p><img alt='x' {attributes}></p>") == []


@pytest.mark.parametrize(
    "attributes", ['width="20" height="20" alt="🌊"', 'class="emoji" alt="🌊"', 'class="wp-smiley" alt="🌊"']
)
def test_an_emoji_is_a_letter(attributes: str) -> None:
    assert "涨潮🌊了" in body(f'{LONG}<p>涨潮<img src="{SRC}" {attributes}>了</p>')


def test_sizes_are_kept_when_they_are_numbers() -> None:
    html = body(f'{LONG}<img src="{SRC}" width="640" height="50%" alt=" 灯 \n 塔 ">')
    assert f'<img src="{SRC}" alt="灯 塔" width="640">' in html


def picture_of(folder: Path, src: str, path: str = "mirror/posts/a.html") -> str:
    """Clean a document of a content folder and give the address of its picture."""
    html = f'{LONG}<img src="{src}">'
    prepared = prepare(draft(html, path=path, title="灯塔"), Publishers([HARBOUR]), load_settings(folder))
    assert isinstance(prepared, Prepared)
    result = finish(prepared, (), load_settings(folder))
    assert isinstance(result, Article)
    return result.lead_figure


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Make a content folder with a picture and with things that are none."""
    folder = tmp_path / "content"
    (folder / "mirror/images").mkdir(parents=True)
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    for file in (folder / "mirror/images/lamp.png", tmp_path / "outside.png"):
        file.write_bytes(picture)
    (folder / "mirror/images/fake.png").write_text("<script>alert(1)</script>")
    (folder / "mirror/images/lamp.svg").write_bytes(picture)
    (folder / "mirror/images/link.png").symlink_to(tmp_path / "outside.png")
    return folder


@pytest.mark.parametrize(
    "src", ["../images/lamp.png", "../images/lamp.png?v=2", "./../images/./lamp.png", "../images/%6Camp.png"]
)
def test_a_picture_of_the_content_folder_is_found(content: Path, src: str) -> None:
    assert picture_of(content, src) == "media:mirror/images/lamp.png"


@pytest.mark.parametrize(
    "src",
    [
        "../images/fake.png",
        "../images/lamp.svg",
        "../images/link.png",
        "../images/none.png",
        "../../../outside.png",
        "/etc/passwd.png",
        "..\\images\\lamp.png",
        "media:mirror/images/lamp.png",
        "file:///outside.png",
    ],
)
def test_what_is_no_picture_of_the_content_folder_is_not_taken(content: Path, src: str) -> None:
    assert not picture_of(content, src).startswith(("media:", "file:"))
