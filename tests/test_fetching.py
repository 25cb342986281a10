"""Pictures of other sites: fetched once, made small, shown from here; what a page shows where there is none."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from generator import fetching
from generator.build import build
from generator.cli import main
from generator.collecting import collect, load_rules
from generator.downloads import Downloader
from generator.errors import ConfigError
from generator.fetching import Fetched, fetch_pictures
from generator.pictures import FOLDER, Gallery, Kept, load_gallery, read_index, write_index
from generator.resizing import NoPictureError, resize
from generator.settings import load_settings
from tests.hostile import SECRET, Hostile, bomb, picture, serving
from tests.loops import apart
from tests.sites.checks import Site, dangers, elements

BODY = "潮水退去以后，孩子们沿着石堤往回走，灯塔的光一圈一圈扫过来，照着他们湿透的鞋子和手里的贝壳。" * 4
HERE = "127.0.0.1"


@pytest.fixture
def server() -> Iterator[tuple[str, type[Hostile]]]:
    """Run the hostile server."""
    with serving() as running:
        yield running


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Path]:
    """Make a content folder with one article that shows these pictures."""

    def make(*addresses: str, settings: str = "") -> Path:
        content = tmp_path / "content"
        (content / "posts").mkdir(parents=True, exist_ok=True)
        shown = "\n".join(
            f'<figure><img src="{address}" alt="图{number}" width="77" height="55"><figcaption>第{number}张。</figcaption></figure>\n<p>{BODY}{number}</p>'
            for number, address in enumerate(addresses)
        )
        (content / "posts/tide.md").write_text(
            f"---\ntitle: 退潮\ndate: 2026-10-12 08:00:00\nurl: https://daily.example/tide.html\n---\n<p>{BODY}</p>\n{shown}\n",
            "utf-8",
        )
        (content / "site.toml").write_text(settings, "utf-8")
        return content

    return make


async def no_sleep(seconds: float) -> None:
    """Wait for nothing."""


def fetched(content: Path, whole: float = 10) -> Fetched:
    """Fetch the pictures of a content folder, also from this machine."""
    articles = collect(load_rules(content), jobs=1).library.articles
    settings = load_settings(content)
    return apart(lambda: fetch_pictures(settings, articles, Downloader((HERE,), whole=whole, sleep=no_sleep)))


def built(content: Path) -> Site:
    """Build the site of a content folder."""
    build(content, content.parent / "public", jobs=1)
    return Site(content.parent / "public")


def shown(site: Site) -> str:
    """Give the article's page in the first edition."""
    return site.markup(next(page for page in site.pages if page.startswith("zh-hans/articles/")))


def test_copies_are_small_and_shown_with_their_size(
    site: Callable[..., Path], server: tuple[str, type[Hostile]]
) -> None:
    content = site(f"{server[0]}/good.jpg", f"{server[0]}/small.png")
    result = fetched(content)
    assert (result.pictures, result.new, result.gone, result.away) == (2, 2, 0, 0)
    kept = read_index(content)[f"{server[0]}/good.jpg"]
    assert (kept.width, kept.height, kept.widths, kept.tone) == (960, 640, (400, 960), "#336799")
    made = built(content)
    assert made.folder.joinpath(kept.path(400)).read_bytes() == content.joinpath(FOLDER, kept.file(400)).read_bytes()
    with Image.open(made.folder / kept.path(960)) as copy:
        assert (copy.format, copy.size) == ("WEBP", (960, 640))
    page = shown(made)
    assert f'srcset="../../{kept.path(400)} 400w, ../../{kept.path(960)} 960w"' in page
    assert 'width="960" height="640" data-tone="#336799"' in page
    assert 'alt="图0"' in page
    assert page.count("<img") == 3  # the masthead's and two
    assert server[0] not in page
    assert "img-src 'self';" in page
    assert dangers(page) == []


def test_no_page_names_another_site_for_a_picture(site: Callable[..., Path], server: tuple[str, type[Hostile]]) -> None:
    content = site(f"{server[0]}/good.jpg", f"{server[0]}/missing.jpg", "https://never.example/asked.jpg")
    fetched(content)
    made = built(content)
    for page in made.pages:
        for image in elements(made.tree(page), "img"):
            for address in [
                image.get("src", ""),
                *(part.split()[0] for part in image.get("srcset", "").split(",") if part),
            ]:
                target = made.target(page, address)
                assert target in made.paths, (page, address)


def test_the_second_fetch_asks_for_nothing(site: Callable[..., Path], server: tuple[str, type[Hostile]]) -> None:
    content = site(f"{server[0]}/good.jpg", f"{server[0]}/missing.jpg")
    fetched(content)
    before = dict(server[1].asked)
    again = fetched(content)
    assert dict(server[1].asked) == before
    assert (again.pictures, again.new, again.gone) == (1, 0, 1)


def test_an_old_copy_is_asked_for_with_its_validator(
    site: Callable[..., Path], server: tuple[str, type[Hostile]]
) -> None:
    content = site(f"{server[0]}/good.jpg")
    fetched(content)
    write_index(content, {url: replace(kept, seen="2020-01-01") for url, kept in read_index(content).items()})
    again = fetched(content)
    assert (again.pictures, again.new, server[1].conditions) == (1, 0, ["/good.jpg"])
    assert read_index(content)[f"{server[0]}/good.jpg"].seen > "2026"


def test_a_copy_outlives_its_publisher(site: Callable[..., Path], server: tuple[str, type[Hostile]]) -> None:
    content = site(f"{server[0]}/good.jpg")
    fetched(content)
    kept = read_index(content)[f"{server[0]}/good.jpg"]
    write_index(content, {f"{server[0]}/gone.jpg": replace(kept, seen="2020-01-01")})
    site(f"{server[0]}/gone.jpg")
    assert fetched(content).pictures == 1
    assert kept.path(960) in shown(built(content))


def test_other_settings_make_other_copies(site: Callable[..., Path], server: tuple[str, type[Hostile]]) -> None:
    content = site(f"{server[0]}/good.jpg")
    fetched(content)
    content = site(f"{server[0]}/good.jpg", settings="[pictures]\nwidth = 640\nquality = 50\n")
    fetched(content)
    kept = read_index(content)[f"{server[0]}/good.jpg"]
    assert kept.widths == (400, 640)
    files = sorted(file.name for file in (content / FOLDER).iterdir())
    assert files == sorted([kept.file(400), kept.file(640), "index.json"])  # the old copies are gone


def test_everything_that_lies_becomes_a_placeholder_and_never_a_file(
    site: Callable[..., Path], server: tuple[str, type[Hostile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.downloads.MAX_BYTES", 3_000_000)
    lies = ["lies.png", "svg.svg", "cut.jpg", "bomb.png", "packed.jpg", "declared.jpg", "endless.jpg", "missing.jpg"]
    private = ["to.jpg?http://127.0.0.2/secret", "to.jpg?http://169.254.169.254/x.png", "to.jpg?file:///etc/passwd"]
    content = site(*(f"{server[0]}/{path}" for path in lies + private), f"{server[0]}/text.jpg")
    result = fetched(content, whole=20)
    assert (result.pictures, result.gone, result.away) == (1, len(lies + private), 0), result.reasons
    page = shown(built(content))
    assert page.count('class="no-picture"') == len(lies + private)
    assert page.count("这张图片已经无法取得") == len(lies + private)
    assert page.count("<figcaption") == len(lies + private) + 1
    assert SECRET not in b"".join(file.read_bytes() for file in (content / FOLDER).iterdir())


def test_what_hangs_is_asked_for_again_another_day(
    site: Callable[..., Path], server: tuple[str, type[Hostile]]
) -> None:
    content = site(f"{server[0]}/hang.jpg", f"{server[0]}/drip.jpg", f"{server[0]}/good.jpg")
    result = fetched(content, whole=3)
    assert (result.pictures, result.gone, result.away) == (1, 0, 2)
    page = shown(built(content))
    assert f'href="{server[0]}/hang.jpg">图片在原站: 图0</a>' in page
    fetched(content, whole=3)
    assert server[1].asked["/hang.jpg"] == 2


def test_a_silent_host_is_left_in_peace(
    site: Callable[..., Path], server: tuple[str, type[Hostile]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PER_HOST", 1)
    content = site(*(f"{server[0]}/hang.jpg?{number}" for number in range(9)))
    assert fetched(content, whole=0.2).away == 9
    assert sum(server[1].asked.values()) == fetching.PATIENCE


def test_a_build_asks_nobody(site: Callable[..., Path], server: tuple[str, type[Hostile]]) -> None:
    content = site(f"{server[0]}/good.jpg")
    page = shown(built(content))
    assert sum(server[1].asked.values()) == 0
    assert (
        f'<a class="no-picture away" rel="noopener noreferrer nofollow external" href="{server[0]}/good.jpg">' in page
    )


def test_check_says_how_many_pictures_wait(
    site: Callable[..., Path], server: tuple[str, type[Hostile]], capsys: pytest.CaptureFixture[str]
) -> None:
    content = site(f"{server[0]}/good.jpg", f"{server[0]}/missing.jpg")
    fetched(content)
    site(f"{server[0]}/good.jpg", f"{server[0]}/missing.jpg", "https://never.example/asked.jpg")
    assert main(["check", "--content", str(content), "--jobs", "1", "--output", str(content.parent / "public")]) == 0
    assert "pictures: 1 here, 1 cannot be had; `qingdu fetch` may bring 1 more\n" in capsys.readouterr().out


def test_copies_that_were_deleted_are_not_promised(
    site: Callable[..., Path], server: tuple[str, type[Hostile]]
) -> None:
    content = site(f"{server[0]}/good.jpg")
    fetched(content)
    kept = read_index(content)[f"{server[0]}/good.jpg"]
    (content / FOLDER / kept.file(960)).unlink()
    write_index(content, read_index(content))
    assert "no-picture away" in shown(built(content))
    assert fetched(content).new == 1


def test_without_pictures_captions_stay(site: Callable[..., Path]) -> None:
    content = site("https://pictures.example/a.jpg", settings='images = "none"\n')
    made = built(content)
    page = shown(made)
    assert page.count("<img") == 1  # the masthead's
    assert ">第0张。</figcaption>" in page
    assert "pictures.example" not in page
    assert "本站不放图片" in made.markup("zh-hans/about.html")
    assert not any(path.startswith("media/") for path in made.paths)


def test_only_the_owner_s_word_lets_pages_load_from_elsewhere(site: Callable[..., Path]) -> None:
    content = site("https://pictures.example/a.jpg", settings='images = "remote"\n')
    made = built(content)
    page = shown(made)
    assert "img-src 'self' https: http:;" in page
    assert (
        '<img src="https://pictures.example/a.jpg" alt="图0" width="77" height="55" loading="lazy" decoding="async" referrerpolicy="no-referrer">'
        in page
    )
    assert "原站会知道你的网络地址" in made.markup("zh-hans/about.html")


def test_a_damaged_list_is_said(site: Callable[..., Path]) -> None:
    content = site("https://pictures.example/a.jpg")
    (content / FOLDER).mkdir(parents=True)
    for text in ("{", "[]", '{"a": {"nonsense": 1}}', '{"a": 3}'):
        (content / FOLDER / "index.json").write_text(text, "utf-8")
        with pytest.raises(ConfigError, match="is damaged; delete it"):
            read_index(content)


def test_the_list_keeps_what_it_was_given(tmp_path: Path) -> None:
    index = {
        "https://a.example/ü.jpg": Kept("ab", 960, 640, "#123456", (400, 960), (960, 70), etag='"x"'),
        "b": Kept(gone=True, reason="404"),
    }
    write_index(tmp_path, index)
    assert read_index(tmp_path) == index
    assert "modified" not in json.loads((tmp_path / FOLDER / "index.json").read_text("utf-8"))["b"]


def test_the_command_says_what_it_did(
    site: Callable[..., Path], capsys: pytest.CaptureFixture[str], server: tuple[str, type[Hostile]]
) -> None:
    content = site(f"{server[0]}/good.jpg")  # this machine is not on the public internet
    assert apart(lambda: main(["fetch", "--content", str(content), "--jobs", "1"])) == 0
    answer = capsys.readouterr()
    assert answer.out == "pictures: 0 here (0 new), 1 cannot be had, 0 out of reach for now\n"
    assert "127.0.0.1 is not on the public internet" in answer.err
    assert sum(server[1].asked.values()) == 0


def test_in_a_link_there_is_no_second_link() -> None:
    gallery = Gallery("local", {})
    shown = gallery.show('<p><a href="/x"><img src="https://a.example/b.png" alt="&quot;c&lt;"></a></p>', str, str)
    assert shown == '<p><a href="/x"><span class="no-picture">pictures.away: &#34;c&lt;</span></a></p>'


def test_another_gallery_after_another_fetch(site: Callable[..., Path]) -> None:
    content = site()
    settings = load_settings(content)
    assert load_gallery(settings).kept == {}
    write_index(content, {"https://a.example/b.png": Kept(gone=True)})
    assert load_gallery(settings).kept["https://a.example/b.png"].gone


# --- the bytes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_kind_becomes_webp(kind: str) -> None:
    resized = resize(picture(kind, (500, 1000)), 960, 70)
    assert (resized.width, resized.height, list(resized.copies)) == (500, 1000, [500])
    assert all(copy[8:12] == b"WEBP" for copy in resized.copies.values())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        bomb(),
        bomb(8_000, 8_000),
        picture("PNG", (1, 900)),
        picture()[:300],
        picture("BMP"),
        picture("TIFF"),
    ],
    ids=["nothing", "text", "bomb", "smaller bomb", "line", "cut", "bmp", "tiff"],
)
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(NoPictureError):
        resize(data, 960, 70)


def test_what_is_transparent_has_no_colour_behind_it() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (500, 300), (200, 20, 20, 128)).save(out, "PNG")
    resized = resize(out.getvalue(), 960, 70)
    assert resized.tone == ""
    with Image.open(io.BytesIO(resized.copies[500])) as copy:
        assert copy.mode == "RGBA"


def test_photographs_are_turned_as_the_camera_was_held() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where and by whom it was taken"
    Image.new("RGB", (600, 300), "#336699").save(out, "JPEG", exif=exif)
    resized = resize(out.getvalue(), 960, 70)
    assert (resized.width, resized.height) == (300, 600)
    assert b"where and by whom" not in resized.copies[300]


def test_the_same_bytes_give_the_same_copies() -> None:
    assert resize(picture(), 960, 70) == resize(picture(), 960, 70)
