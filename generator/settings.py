"""content/site.toml -> Settings; a key that nobody knows is an error that names the known ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from generator.errors import ConfigError
from generator.limits import DEFAULTS, Limits
from generator.models import Edition, Source, Topic
from generator.patterns import pattern
from generator.toml import check_keys, expect, lines_of, one_of, read_toml, rule_files, strings, within, words

SCRIPTS = ("zh-Hans", "zh-Hant-TW", "zh-Hant-HK", "original")
DEFAULT_EDITIONS = (
    Edition("zh-hans", "zh-Hans", "zh-Hans"),
    Edition("zh-tw", "zh-Hant-TW", "zh-Hant-TW"),
    Edition("en", "en", "original"),
)
DEFAULT_TITLE = {"zh-Hans": "清读", "zh-Hant": "清讀", "en": "Qingdu"}
#: Which address a page of an article names as the one that counts: its own, that at the publisher, or none.
CANONICAL = ("self", "original", "none")
_KEYS = (
    *("title", "description", "base_url", "noindex", "canonical", "page_size", "editions", "topics", "convert"),
    *("feeds", "books", "images", "pictures", "mirrors", "host", "limits", "offline"),
)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+\Z")
#: Where a reader's browser gets the pictures of articles: this site, the publishers' sites, or there are none.
IMAGES = ("local", "remote", "none")
#: The hosts whose limits we know, see `weights`.
HOSTS = ("github-pages", "cloudflare-pages", "none")
_TOPIC_KEYS = ("slug", "name", "keywords", "sections", "signs", "wide", "parent", "merge")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
#: What git may be told: no options, no helpers that run a program.
_GIT = re.compile(r"(?:(?:https?|ssh|git|file)://\S|/\S|\w[\w.-]*@[\w.-]+:\S|\.{1,2}/)[^\x00-\x1f]*\Z")
_REF = re.compile(r"(?:[A-Za-z0-9][\w./+-]*)?\Z")
_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*\Z", re.A)


@dataclass(frozen=True, slots=True)
class Feeds:
    """``[feeds]``: the most entries of a feed (0: no feeds), and the authority in the ids of entries (a domain)."""

    entries: int = 30
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """``[books]``: how many of the newest days, weeks and stories become books, whether topics do, the most articles of a topic."""

    days: int = 0
    weeks: int = 0
    topics: bool = False
    stories: int = 0
    articles: int = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """What the owner of a site decides. ``content`` is the folder that the settings were read for."""

    content: Path
    title: Mapping[str, str]
    description: Mapping[str, str]
    base_url: str
    noindex: bool
    page_size: int
    editions: tuple[Edition, ...]
    topics: tuple[Topic, ...]
    regional: bool = False  # our table of regional words (川普 for 特朗普 in Taiwan), too
    quotes: bool = False  # quotation marks in the form of the script
    feeds: Feeds = Feeds()
    books: Books = Books()
    canonical: str = "self"  # one of CANONICAL
    images: str = "local"  # one of IMAGES
    picture_width: int = 960  # pixels of the largest local copy
    picture_quality: int = 70  # of WebP
    sources: tuple[Source, ...] = ()  # the mirrors that `qingdu fetch` brings
    host: str = "github-pages"  # whose limits the site has to keep
    limits: Limits = DEFAULTS
    offline: bool = True  # a service worker keeps what is read


def load_settings(content: Path) -> Settings:
    """Read ``content/site.toml``; every key has a default, so the file may be missing.

    Raises ConfigError for a missing folder, an unknown key or a value of the wrong kind.
    """
    if not content.is_dir():
        raise ConfigError(
            str(content), "there is no such folder", "name the folder that holds the articles with --content"
        )
    path = content / "site.toml"
    given = read_toml(path) if path.is_file() else {}
    with lines_of(path, str(path)):
        return _settings(content, given)


def _settings(content: Path, given: dict[str, Any]) -> Settings:
    check_keys("", given, _KEYS)
    convert: dict[str, Any] = expect("convert", given.get("convert", {}), dict, "a [convert] table")
    check_keys("convert", convert, ("regional", "quotes"))
    pictures: dict[str, Any] = expect("pictures", given.get("pictures", {}), dict, "a [pictures] table")
    check_keys("pictures", pictures, ("width", "quality"))
    return Settings(
        content=content,
        title=words("title", given.get("title", DEFAULT_TITLE)),
        description=words("description", given.get("description", "")),
        base_url=check_base_url(given.get("base_url", "")),
        noindex=expect("noindex", given.get("noindex", True), bool, "true or false"),
        page_size=within("page_size", given.get("page_size", 30), 5, 500),
        editions=_editions(given.get("editions")),
        topics=_topics(given.get("topics", [])),
        regional=expect("convert.regional", convert.get("regional", False), bool, "true or false"),
        quotes=expect("convert.quotes", convert.get("quotes", False), bool, "true or false"),
        feeds=_feeds(given.get("feeds", {})),
        books=_books(given.get("books", {})),
        canonical=one_of("canonical", given.get("canonical", "self"), CANONICAL),
        images=one_of("images", given.get("images", "local"), IMAGES),
        picture_width=within("pictures.width", pictures.get("width", 960), 200, 2400),
        picture_quality=within("pictures.quality", pictures.get("quality", 70), 20, 95),
        sources=_sources(given.get("mirrors")),
        host=one_of("host", given.get("host", "github-pages"), HOSTS),
        limits=_limits(given.get("limits", {})),
        offline=expect("offline", given.get("offline", True), bool, "true or false"),
    )


def _sources(given: object) -> tuple[Source, ...]:
    sources: list[Source] = []
    for number, block in enumerate(expect("mirrors", given or [], list, "[[mirrors]] blocks"), 1):
        source = _source(f"mirrors #{number}", expect(f"mirrors #{number}", block, dict, "a [[mirrors]] block"))
        if any(source.name == other.name for other in sources):
            raise ConfigError(f"mirrors #{number}", f"a second mirror in the folder {source.name!r}", "give it a name")
        sources.append(source)
    return tuple(sources)


def _source(where: str, block: dict[str, Any]) -> Source:
    check_keys(where, block, ("git", "name", "ref", "folder", "limit"))
    text = {
        key: expect(f"{where} {key}", block.get(key, ""), str, "a text") for key in ("git", "name", "ref", "folder")
    }
    if not _GIT.match(text["git"]):
        raise ConfigError(where, f"{text['git']!r} is no address of a git repository", 'write git = "https://…"')
    name = text["name"] or re.sub(r"\.git\Z", "", re.split(r"[/:]", text["git"].rstrip("/"))[-1])
    if not _NAME.match(name) or name in ("publishers", "mirrors", "templates", "static", "terms"):
        raise ConfigError(where, f"{name!r} cannot be a folder of the content", 'give it another with name = "…"')
    if not _REF.match(text["ref"]):
        raise ConfigError(where, f"{text['ref']!r} is no branch, tag or commit", "write the name, or all 40 digits")
    if text["folder"].startswith("/") or ".." in text["folder"].split("/"):
        raise ConfigError(
            where, f"{text['folder']!r} is no folder of the mirror", "write it as seen from the mirror's top"
        )
    limit = within(f"{where} limit", block["limit"], 1, 10_000_000) if "limit" in block else 0
    return Source(name, text["git"], text["ref"] or "HEAD", text["folder"].strip("/"), limit)


def _limits(given: object) -> Limits:
    table: dict[str, Any] = expect("limits", given, dict, "a [limits] table")
    check_keys("limits", table, (field.name for field in fields(Limits)))
    for name, value in table.items():
        if expect(f"limits.{name}", value, int, "a whole number") < 1:
            raise ConfigError(f"limits.{name}", f"{value} leaves nothing", "write a whole number from 1 up")
    return Limits(**table)


def check_base_url(value: object) -> str:
    """An absolute address that ends in ``/``, or ""."""
    url: str = expect("base_url", value, str, "an address or an empty text")
    if not url:
        return ""
    if not re.match(r"https?://[^\s/?#]+(/[^\s?#]*)?\Z", url):
        raise ConfigError(
            "base_url", f"{url!r} is not the address of a site", "write it like https://example.org/news/"
        )
    return url.rstrip("/") + "/"


def _feeds(given: object) -> Feeds:
    table: dict[str, Any] = expect("feeds", given, dict, "a [feeds] table")
    check_keys("feeds", table, ("entries", "tag"))
    tag = expect("feeds.tag", table.get("tag", ""), str, "a domain name")
    if tag and not _DOMAIN.match(tag):
        raise ConfigError("feeds.tag", f"{tag!r} is not a domain name", "write it like news.example.org")
    return Feeds(within("feeds.entries", table.get("entries", Feeds().entries), 0, 500), tag)


def _books(given: object) -> Books:
    table: dict[str, Any] = expect("books", given, dict, "a [books] table")
    check_keys("books", table, ("days", "weeks", "topics", "stories", "articles"))
    return Books(
        days=within("books.days", table.get("days", 0), 0, 10_000),
        weeks=within("books.weeks", table.get("weeks", 0), 0, 10_000),
        stories=within("books.stories", table.get("stories", 0), 0, 10_000),
        topics=expect("books.topics", table.get("topics", False), bool, "true or false"),
        articles=within("books.articles", table.get("articles", Books().articles), 0, 10_000),
    )


def _editions(given: object) -> tuple[Edition, ...]:
    if given is None:
        return DEFAULT_EDITIONS
    editions: list[Edition] = []
    known = [name for name, _ in rule_files("locales", ())]
    for number, block in enumerate(expect("editions", given, list, "[[editions]] blocks"), 1):
        where = f"editions #{number}"
        expect(where, block, dict, "an [[editions]] block")
        check_keys(where, block, ("slug", "locale", "script"))
        locale = expect(where, block.get("locale", ""), str, "a locale")
        if locale not in known:
            raise ConfigError(where, f"no locale {locale!r}", f"use one of: {', '.join(known)}")
        script = expect(where, block.get("script", "original"), str, "a script")
        if script not in SCRIPTS:
            raise ConfigError(where, f"unknown script {script!r}", f"the scripts are {', '.join(SCRIPTS)}")
        slug = expect(where, block.get("slug", locale.lower()), str, "a folder name")
        if not _SLUG.match(slug) or slug in ("static", "media", "search"):
            raise ConfigError(where, f"{slug!r} cannot be the folder of an edition", "use small letters, digits and -")
        if any(slug == other.slug for other in editions):
            raise ConfigError(where, f"a second edition in the folder {slug!r}", "give each edition its own slug")
        editions.append(Edition(slug, locale, script))
    if not editions:
        raise ConfigError("editions", "a site needs at least one", "add an [[editions]] block or leave them out")
    return tuple(editions)


def _topics(given: object) -> tuple[Topic, ...]:
    """The shipped topics, changed and extended by the site's own blocks; the site's come first, in its order."""
    shipped = tomllib.loads((files("generator") / "topics.toml").read_text("utf-8"))["topics"]
    base = {block["slug"]: _topic(f"topics.toml {block['slug']}", block, Topic(block["slug"], {})) for block in shipped}
    own: dict[str, Topic] = {}
    merged: dict[str, str] = {}
    for number, block in enumerate(expect("topics", given, list, "[[topics]] blocks"), 1):
        where = f"topics #{number}"
        expect(where, block, dict, "a [[topics]] block")
        check_keys(where, block, _TOPIC_KEYS)
        slug = expect(where, block.get("slug", ""), str, "a slug")
        if not _SLUG.match(slug):
            raise ConfigError(where, f"{slug!r} cannot be a slug", "use small letters, digits and -")
        own[slug] = _topic(where, block, base.get(slug, Topic(slug, {"": slug})))
        merged.update((other, slug) for other in strings(where, block.get("merge", [])))
    return _merged({**own, **{slug: topic for slug, topic in base.items() if slug not in own}}, merged)


def _topic(where: str, block: dict[str, Any], before: Topic) -> Topic:
    """A topic as it was, with what a block says; ``-word`` among the keywords takes a word away."""
    keywords = strings(where, block.get("keywords", []))
    gone = {word[1:] for word in keywords if word.startswith("-")}
    signs = strings(where, block.get("signs", []))
    for sign in signs:
        pattern(where, sign)
    return Topic(
        before.slug,
        {**before.name, **words(where, block.get("name", {}))},
        tuple(word for word in before.keywords + keywords if word not in gone and not word.startswith("-")),
        before.sections + strings(where, block.get("sections", [])),
        before.signs + signs,
        expect(where, block.get("wide", before.wide), bool, "true or false"),
        expect(where, block.get("parent", before.parent), str, "the slug of a topic"),
    )


def _merged(topics: dict[str, Topic], into: dict[str, str]) -> tuple[Topic, ...]:
    """Topics that another one takes in give it their words and sections, and their parts, and are no more."""
    for slug, target in into.items():
        if slug not in topics or target not in topics or slug in (target, "other"):
            raise ConfigError("topics", f"{target!r} cannot take in {slug!r}", "merge takes slugs of other topics")
        one, other = topics[target], topics.pop(slug)
        topics[target] = replace(
            one,
            keywords=one.keywords + other.keywords,
            sections=(*one.sections, *other.sections, *other.name.values(), slug),
            signs=one.signs + other.signs,
        )
    for slug, topic in topics.items():
        parent = into.get(topic.parent, topic.parent)
        parent = "" if parent == slug and topic.parent != slug else parent
        if parent and (parent not in topics or parent == slug or topics[parent].parent):
            raise ConfigError("topics", f"{slug!r} cannot be a part of {parent!r}", "name a topic of the first level")
        topics[slug] = replace(topic, parent=parent)
    return tuple(topics.values())
