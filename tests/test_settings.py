"""content/site.toml: its defaults, and the one line that says what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.errors import ConfigError
from generator.limits import DEFAULTS
from generator.locales import in_locale
from generator.models import Edition
from generator.settings import _KEYS, DEFAULT_EDITIONS, Settings, load_settings
from tests.conftest import ROOT


def settings(folder: Path, text: str) -> Settings:
    """Load a site.toml."""
    (folder / "site.toml").write_text(text, "utf-8")
    return load_settings(folder)


def said(error: ConfigError) -> str:
    """What an error says behind the place: ``content/site.toml:12: ``."""
    return re.sub(r"\A.*?site\.toml:\d+: ", "", str(error))


def test_every_key_has_a_default(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path)
    assert (loaded.base_url, loaded.noindex, loaded.page_size) == ("", True, 30)
    assert loaded.editions == DEFAULT_EDITIONS
    assert in_locale(loaded.title, "en") == "Qingdu"
    assert len({topic.slug for topic in loaded.topics}) == len(loaded.topics) >= 14


def test_what_the_owner_decides(tmp_path: Path) -> None:
    loaded = settings(
        tmp_path,
        """
        base_url = "https://example.org/news"
        noindex = false
        page_size = 5
        title = "小站"
        description = { en = "A site" }
        [[editions]]
        locale = "zh-Hant-HK"
        script = "zh-Hant-HK"
        [[editions]]
        slug = "plain"
        locale = "en"
        [[topics]]
        slug = "harbour"
        keywords = ["灯塔"]
        [[topics]]
        slug = "world"
        keywords = ["远方"]
        [topics.name]
        en = "Far away"
        """,
    )
    assert (loaded.base_url, loaded.noindex, loaded.page_size) == ("https://example.org/news/", False, 5)
    assert (loaded.title, loaded.description) == ({"": "小站"}, {"en": "A site"})
    assert loaded.editions == (Edition("zh-hant-hk", "zh-Hant-HK", "zh-Hant-HK"), Edition("plain", "en", "original"))
    harbour, world = loaded.topics[:2]
    assert (harbour.slug, harbour.name, harbour.keywords) == ("harbour", {"": "harbour"}, ("灯塔",))
    assert world.name["en"] == "Far away"
    assert world.name["zh-Hans"] == "国际"
    assert world.keywords[-1] == "远方"
    assert len(world.keywords) > 10
    assert [topic.slug for topic in loaded.topics].count("world") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page_sise = 20", "site.toml: unknown key 'page_sise'; did you mean 'page_size'?"),
        (
            "xyzzy = 1",
            "site.toml: unknown key 'xyzzy'; the known keys are base_url, books, canonical, convert, description, editions, feeds, host, images, limits, mirrors, noindex, offline, page_size, pictures, title, topics",
        ),
        ("[[editions]]\nlocal = 'en'", "editions #1: unknown key 'local'; did you mean 'locale'?"),
        ("[[topics]]\nslug = 'a'\nkeyword = []", "topics #1: unknown key 'keyword'; did you mean 'keywords'?"),
        ("noindex = 'yes'", "noindex: 'yes' is not true or false; write true or false"),
        ("canonical = 'theirs'", "canonical: 'theirs' is not known; write one of self, original, none"),
        ("canonical = true", "canonical: True is not known; write one of self, original, none"),
        ("noindex = 1", "noindex: 1 is not true or false; write true or false"),
        ("page_size = true", "page_size: True is not a whole number; write a whole number"),
        ("page_size = 2.5", "page_size: 2.5 is not a whole number; write a whole number"),
        ("page_size = 4", "page_size: 4 is out of range; write a number from 5 to 500"),
        ("page_size = 501", "page_size: 501 is out of range; write a number from 5 to 500"),
        ("title = 7", "title: 7 is not a text or a table of texts by locale"),
        ("title = {en = 7}", "title.en: 7 is not a text"),
        ("base_url = 7", "base_url: 7 is not an address or an empty text"),
        (
            "base_url = 'example.org'",
            "base_url: 'example.org' is not the address of a site; write it like https://example.org/news/",
        ),
        ("base_url = 'https://example.org/?a=1'", "base_url: 'https://example.org/?a=1' is not the address of a site"),
        ("base_url = 'ftp://example.org'", "base_url: 'ftp://example.org' is not the address of a site"),
        ("editions = []", "editions: a site needs at least one; add an [[editions]] block or leave them out"),
        ("editions = 'en'", "editions: 'en' is not [[editions]] blocks"),
        (
            "[[editions]]\nlocale = 'en'\nscript = 'latin'",
            "editions #1: unknown script 'latin'; the scripts are zh-Hans, zh-Hant-TW",
        ),
        (
            "[[editions]]\nlocale = 'en'\n[[editions]]\nlocale = 'en'",
            "editions #2: a second edition in the folder 'en'; give each edition its own slug",
        ),
        (
            "[[editions]]\nslug = '../x'\nlocale = 'en'",
            "editions #1: '../x' cannot be the folder of an edition; use small letters, digits and -",
        ),
        ("[[editions]]\nslug = 'static'\nlocale = 'en'", "editions #1: 'static' cannot be the folder of an edition"),
        ("[[editions]]\nslug = 'media'\nlocale = 'en'", "editions #1: 'media' cannot be the folder of an edition"),
        ("[[topics]]\nslug = 'Big Topic'", "topics #1: 'Big Topic' cannot be a slug; use small letters, digits and -"),
        ("[[topics]]\nslug = 'a'\nkeywords = 'x'", "topics #1: 'x' is not a list of texts"),
        ("[[topics]]\nslug = 'a'\nkeywords = [7]", "topics #1: 7 is not a text"),
        ("[[editions]]\nlocale = 'fr'", "editions #1: no locale 'fr'; use one of: ar, en, ja, zh-Hans, "),
        ("title = ", "site.toml: this is not TOML: "),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert said(caught.value).startswith(message.removeprefix("site.toml: "))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("editions = ['en']", "editions #1: 'en' is not "),
        ("topics = ['world']", "topics #1: 'world' is not "),
    ],
)
def test_a_text_where_a_block_belongs_is_said(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert said(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("title = 'x'\n\n# of the lists\npage_sise = 20\n", 4, "unknown key 'page_sise'; did you mean 'page_size'?"),
        ("page_size = 20\n[convert]\nquotes = 'no'\n", 3, "convert.quotes: 'no' is not true or false"),
        ("[convert]\nregional = true\nquote = true\n", 3, "convert: unknown key 'quote'; did you mean 'quotes'?"),
        ("[[editions]]\nlocale = 'en'\n\n[[editions]]\nlocale = 'ja'\nscript = 'latin'\n", 4, "editions #2: unknown script"),
        ("[[topics]]\nslug = 'a'\nkeywords = [\n  'x',\n  7,\n]\n", 1, "topics #1: 7 is not a text"),
        ("title = {\nen = 7}", 1, "this is not TOML"),
        ("[title]\nen = 'x'\nja = 7\n", 3, "title.ja: 7 is not a text"),
        ("noindex = true\n[limits]\nseconds = 0\n", 3, "limits.seconds: 0 leaves nothing; write a whole number from 1 up"),
        ("[limits]\nsecond = 9\n", 2, "limits: unknown key 'second'; did you mean 'seconds'?"),
        ("title = 'a'\nnoindex = maybe\n", 2, "this is not TOML"),
        ("title = 'a'\ntitle = 'b'\n", 2, "this is not TOML"),
        ("page_size = [\n1,\n2,\n]\nnoindex = true\n", 1, "page_size: [1, 2] is not a whole number"),
    ],
)  # fmt: skip
def test_errors_say_the_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/site.toml:{line}: {what}")


def test_the_sample_of_the_readme_is_one_that_names_every_key(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    mirrors, sample = (block for block in blocks if "[[mirrors]]" in block or "base_url" in block)
    loaded = settings(tmp_path, sample + mirrors)
    assert [topic.slug for topic in loaded.topics][:2] == ["world", "islands"]
    assert (loaded.topics[1].parent, loaded.sources[0].folder) == ("world", "pages")
    missing = [key for key in _KEYS if not re.search(rf"\b{key}\b", sample + mirrors)]
    assert not missing, f"README does not name the settings {missing}"


def test_limits_are_settings(tmp_path: Path) -> None:
    loaded = settings(tmp_path, "[limits]\ndocument_bytes = 1000\ndepth = 9\n")
    assert (loaded.limits.document_bytes, loaded.limits.depth) == (1000, 9)
    assert loaded.limits.seconds == DEFAULTS.seconds


def test_a_file_that_is_no_utf8_is_said(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes('title = "灯塔日报"'.encode("gbk"))
    with pytest.raises(ConfigError, match=r"site\.toml: cannot be read .*; make it a readable UTF-8 file"):
        load_settings(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="there is no such folder; name the folder that holds the articles with --content"
    ):
        load_settings(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("names", "locale", "text"),
    [
        ({"zh-Hant-TW": "a", "zh-Hans": "b"}, "zh-Hant-TW", "a"),
        ({"zh-Hant": "a", "zh-Hans": "b"}, "zh-Hant-HK", "a"),
        ({"zh-Hans": "b", "en": "c"}, "zh-Hant-TW", "b"),
        ({"en": "c", "zh-Hans": "b"}, "ja", "c"),
        ({"": "d", "en": "c"}, "ja", "d"),
        ({"fr": "e"}, "ja", "e"),
        ({}, "ja", ""),
    ],
)
def test_a_text_is_given_in_the_nearest_language(names: dict[str, str], locale: str, text: str) -> None:
    assert in_locale(names, locale) == text
