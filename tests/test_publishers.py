"""Publishers: found by host or name, made up where nobody knows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import ConfigError
from generator.models import Publisher
from generator.publishers import Publishers, load_publishers

KNOWN = Publishers(
    [
        Publisher("harbour", {"zh": "港湾日报"}, hosts=("harbour.example",), aliases=("Harbour · Daily",)),
        Publisher("sea", {"en": "Sea"}, hosts=("sea.harbour.example",)),
    ]
)


@pytest.mark.parametrize(
    ("url", "source", "slug"),
    [
        ("https://harbour.example/a", "", "harbour"),
        ("https://M.Harbour.example/a", "Sea", "harbour"),
        ("https://blog.sea.harbour.example/a", "", "sea"),
        ("", "港湾日报", "harbour"),
        ("", "harbour daily - 国际", "harbour"),
        ("", "SEA", "sea"),
    ],
)
def test_is_found_by_host_then_by_name(url: str, source: str, slug: str) -> None:
    assert KNOWN.find(url, source) is KNOWN.known[slug]


@pytest.mark.parametrize("host", ["notharbour.example", "harbour.example.evil.test", "example"])
def test_a_host_that_only_looks_alike_is_another(host: str) -> None:
    assert KNOWN.find(f"https://{host}/a", "") not in KNOWN.known.values()


def test_one_made_up_never_takes_the_slug_of_a_known_one() -> None:
    assert KNOWN.find("https://harbour.blogs.test/a", "").slug != "harbour"


@pytest.mark.parametrize(
    ("url", "source", "slug", "name"),
    [
        ("https://www.tidepost.example/a", "", "tidepost", "tidepost.example"),
        ("https://news.tidepost.example/a", "The Tide Post", "tidepost", "The Tide Post"),
        ("", "", "unknown", "Unknown source"),
    ],
)
def test_one_that_nobody_knows_is_made_up(url: str, source: str, slug: str, name: str) -> None:
    found = KNOWN.find(url, source)
    assert found.slug == slug
    assert name in found.name.values()


def test_one_known_by_name_alone_is_called_by_it() -> None:
    assert KNOWN.find("", "Skerry Herald - News").slug == "skerry-herald"


def test_two_known_by_their_names_alone_are_two() -> None:
    slugs = {KNOWN.find("", name).slug for name in ("海峡晚报", "早潮新闻")}
    assert len(slugs) == 2
    assert all(slug.isascii() for slug in slugs)


def test_ones_own_wins_over_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "ntdtv.toml").write_text('name = "Mine"\nhosts = ["mine.example"]\n', "utf-8")
    known = load_publishers(tmp_path, tmp_path / "not there")
    assert known.find("https://mine.example/", "").name == {"": "Mine"}
    assert known.known["ntdtv"].hosts == ("mine.example",)
    assert len(known.known) == len(load_publishers().known)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("host = ['x.example']", "unknown key 'host'; did you mean 'hosts'?"),
        ("hosts = 'x.example'", "is not a list of texts"),
        ("lines = ['[']", "is not a pattern"),
        ("id = '('", "is not a pattern"),
        ("name = 7", "is not a text or a table of texts"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_publishers(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).startswith("publishers/mine.toml")
