"""Addresses: absolute, freed of proxies and of what tracks, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.addresses import absolute, host_of, image, link, original, unproxied, without_tracking

BASE = "https://harbour.example/news/2026/lamp.html"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://lamp.example/a", "https://lamp.example/a"),
        ("HTTP://Lamp.example/a", "HTTP://Lamp.example/a"),
        ("/about", "https://harbour.example/about"),
        ("../2025/keeper.html", "https://harbour.example/news/2025/keeper.html"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("?page=2", f"{BASE}?page=2"),
        ("https://lamp.example/灯塔", "https://lamp.example/灯塔"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("mailto:keeper@harbour.example", "mailto:keeper@harbour.example"),
    ],
)
def test_becomes_absolute(address: str, expected: str) -> None:
    assert absolute(address, BASE) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (" https://lamp.example/a ", "https://lamp.example/a"),
        ("https://lamp.example/a\n", "https://lamp.example/a"),
        ("https://lamp.exa\tmple/a", "https://lamp.example/a"),
        ("\u200bhttps://lamp.example/a\u202e", "https://lamp.example/a"),
        ("'https://lamp.example/a'", "https://lamp.example/a"),
        ("“https://lamp.example/a”", "https://lamp.example/a"),
    ],
)
def test_loses_what_does_not_belong_to_it(address: str, expected: str) -> None:
    assert absolute(address, BASE) == expected


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://lamp.example/a",
        "blob:https://lamp.example/1",
        "media:secret.jpg",
        "mailto:keeper@harbour.example?bcc=all@harbour.example",
        "mailto:nobody",
        "https://",
        "https://user:word@lamp.example/",
        "https://lamp.example:port/",
        "https://lamp",
        "http://lamp example/a b",
        "https://la^mp.example/",
        "https://[::1/",
        "https://lamp.example/" + "a" * 4_000,
    ],
)
def test_leads_nowhere(address: str) -> None:
    assert absolute(address, BASE) == ""


def test_a_space_inside_is_written_as_browsers_do() -> None:
    assert absolute("https://img.example/the lamp.jpg", BASE) == "https://img.example/the%20lamp.jpg"


def test_a_relative_address_without_a_base_leads_nowhere() -> None:
    assert absolute("/about", "") == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/?utm_source=rss&utm_medium=feed", "https://a.example/"),
        ("https://a.example/?id=7&fbclid=x#top", "https://a.example/?id=7#top"),
        ("https://a.example/?UTM_Source=x&q=%E7%81%AF+b", "https://a.example/?q=%E7%81%AF+b"),
        ("https://a.example/?a=1&amp;gclid=2&amp;b=3", "https://a.example/?a=1&b=3"),
        ("https://a.example/?ref=home&from=feed&source=x", "https://a.example/?ref=home&from=feed&source=x"),
        ("https://a.example/?b=&a", "https://a.example/?b=&a"),
        ("https://twitter.com/a/status/1?s=20&t=x", "https://twitter.com/a/status/1"),
        ("https://www.youtube.com/watch?v=abc&feature=share&si=x", "https://www.youtube.com/watch?v=abc"),
        ("https://a.example/?s=search&t=10", "https://a.example/?s=search&t=10"),
        ("https://a.example/#lamp?", "https://a.example/#lamp?"),
    ],
)
def test_loses_what_tracks_and_nothing_else(url: str, expected: str) -> None:
    assert without_tracking(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://images.weserv.nl/?url=img.example/a.jpg", "https://img.example/a.jpg"),
        ("https://images.weserv.nl/?url=ssl:img.example/a.jpg&w=300", "https://img.example/a.jpg"),
        ("https://wsrv.nl/?url=http%3A%2F%2Fimg.example%2Fa.jpg%3Fv%3D2", "http://img.example/a.jpg?v=2"),
        (
            "https://external-content.duckduckgo.com/iu/?u=https%3A%2F%2Fimg.example%2Fa.jpg",
            "https://img.example/a.jpg",
        ),
        ("https://cors.netnr.workers.dev/?https://img.example/a.jpg", "https://img.example/a.jpg"),
        ("https://images.weserv.nl/?w=300", "https://images.weserv.nl/?w=300"),
        ("https://images.weserv.nl/?url=javascript:alert(1)", "https://images.weserv.nl/?url=javascript:alert(1)"),
        ("https://img.example/?url=other.example/a.jpg", "https://img.example/?url=other.example/a.jpg"),
    ],
)
def test_an_image_proxy_is_stepped_over(url: str, expected: str) -> None:
    assert unproxied(url) == expected


def test_links_and_pictures_take_the_whole_way() -> None:
    assert link("lamp2.html?utm_source=x", BASE) == "https://harbour.example/news/2026/lamp2.html"
    assert image("//wsrv.nl/?url=img.example/a.jpg%3Futm_source%3Dx", BASE) == "https://img.example/a.jpg"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.harbour.example/a", "harbour.example"),
        ("http://198.51.100.24:10000/x", "IP"),
        ("http://[2001:db8::1]/x", "IP"),
        ("not an address", ""),
        ("https://[::1/", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://web.archive.org/web/20260312081500/https://lamp.example/a?b=c", "https://lamp.example/a?b=c"),
        ("http://web.archive.org/web/2026im_/http://lamp.example/a.jpg", "http://lamp.example/a.jpg"),
        ("https://wayback.archive-it.org/12/20260312081500/https://lamp.example/", "https://lamp.example/"),
        ("https://web.archive.org/web/20260312081500/https://javascript:alert(1)", None),
        ("https://web.archive.org/about", None),
    ],
)
def test_an_archive_shows_the_copy_of_another_address(url: str, expected: str | None) -> None:
    assert original(url) == (expected or url)


@given(st.text(max_size=60), st.sampled_from(("", BASE)))
def test_whatever_stands_in_a_document_gives_a_safe_address_or_none(address: str, base: str) -> None:
    found = link(address, base)
    assert not found or found.lower().startswith(("http://", "https://", "mailto:"))
    assert link(found, base) == found
