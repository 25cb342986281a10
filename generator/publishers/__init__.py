"""What is known of each original site: one small ``*.toml`` each, found by the host of an article's address.

Keys (patterns are regular expressions, selectors are CSS):

    name        the publisher's name by locale              aliases   other names by which mirrors call it
    hosts       hosts of its articles (sub-domains count)   home      its own address
    lang        the usual language of its articles
    id          pattern on the address; its group is the article's own id
    date        patterns on the address with groups y, m, d (and h, min)
    page_date   the same, looked for in the page's HTML
    body        selectors of the container of the text: the first that matches
    lead        selectors of the lead figure where it stands outside of the container
    strip       selectors of what is never the article
    keep        selectors of what looks like promotion and is the article
    lines       patterns: a block that matches from its start is not the article
    end         patterns: the article ends before the block that matches
    credits     patterns: a block that matches is an editor's credit: data, not body
    [channels]  the publisher's sections (part of the address, the mirror's folder or channel name) -> our topic
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml.cssselect import CSSSelector, SelectorError

from generator.errors import ConfigError
from generator.models import Publisher
from generator.patterns import pattern, refuse_endless
from generator.toml import check_keys, expect, is_shipped, lines_of, read_toml, rule_files, strings, words

_LISTS = ("hosts", "aliases", "date", "page_date", "body", "lead", "strip", "keep", "lines", "end", "credits")
_PATTERNS = ("date", "page_date", "lines", "end", "credits")
_KEYS = ("name", "home", "lang", "id", "channels", *_LISTS)
#: Labels of host names that name no publisher.
_PLAIN_LABELS = frozenset("www m mobile amp news cn zh chinese big5 gb com org net info gov edu co ac tv".split())


class Publishers:
    """All known publishers, found by host or by name; one that nobody knows is made up from what is there."""

    def __init__(self, known: Iterable[Publisher]) -> None:
        self.known = {publisher.slug: publisher for publisher in known}
        self._by_host = {host: p for p in self.known.values() for host in p.hosts}
        self._by_name = {_fold(name): p for p in self.known.values() for name in (p.slug, *p.name.values(), *p.aliases)}

    def find(self, url: str, source: str) -> Publisher:
        """The publisher of an article, by its address first, then by the name that the mirror gives."""
        host = (urlsplit(url).hostname or "") if url else ""
        publisher = self._of_host(host) or self._of_name(source)
        if publisher:
            return publisher
        made = _unknown(host, source)
        return replace(made, slug=f"{made.slug}-{_slug('·' + host)}") if made.slug in self.known else made

    def _of_host(self, host: str) -> Publisher | None:
        labels = host.lower().split(".")
        return next((p for i in range(len(labels)) if (p := self._by_host.get(".".join(labels[i:])))), None)

    def _of_name(self, source: str) -> Publisher | None:
        return self._by_name.get(_fold(source)) or self._by_name.get(_fold(source.split(" - ")[0])) if source else None


def load_publishers(*folders: Path) -> Publishers:
    """The shipped publishers and those of the given folders (theirs win over a shipped one of the same name)."""
    return Publishers(_publisher(slug, file) for slug, file in rule_files("publishers", folders))


def _publisher(slug: str, path: Path) -> Publisher:
    where = f"publishers/{slug}.toml"
    given: dict[str, Any] = read_toml(path, where)
    with lines_of(path, where):
        publisher = _described(slug, given)
        if not is_shipped(path):
            refuse_endless(given, ("id", *_PATTERNS))
        return publisher


def _described(slug: str, given: dict[str, Any]) -> Publisher:
    check_keys("", given, _KEYS)
    lists = {key: strings(key, given.get(key, [])) for key in _LISTS}
    texts = {key: expect(key, given.get(key, ""), str, "a text") for key in ("home", "lang", "id")}
    for key in _PATTERNS:
        for text in lists[key]:
            _check_groups(key, pattern(key, text))
    pattern("id", texts["id"])
    for key in ("body", "lead", "strip", "keep"):
        for selector in lists[key]:
            _check_selector(key, selector)
    return Publisher(
        slug=slug,
        name=words("name", given.get("name", slug)),
        channels=words("channels", given.get("channels", {})),
        home=texts["home"],
        lang=texts["lang"],
        id=texts["id"],
        **lists,
    )


def _check_groups(key: str, rule: re.Pattern[str]) -> None:
    missing = {"y", "m", "d"} - set(rule.groupindex) if key in ("date", "page_date") else set()
    if missing:
        raise ConfigError(key, f"{rule.pattern!r} has no group {', '.join(sorted(missing))}", "name them: (?P<y>…)")


def _check_selector(key: str, selector: str) -> None:
    try:
        CSSSelector(selector, translator="html")
    except SelectorError as error:
        raise ConfigError(key, f"{selector!r} is no CSS selector ({error})", "mend the selector") from None


def _fold(name: str) -> str:
    return re.sub(r"[\s·.\-_]+", "", name).lower()


def _unknown(host: str, source: str) -> Publisher:
    """A publisher that no file describes: named as the mirror names it, else after its host."""
    name = source.split(" - ")[0].strip() or re.sub(r"\A(?:www|m)\.", "", host)
    if not name:
        return Publisher("unknown", {"zh": "来源不明", "zh-Hant": "來源不明", "en": "Unknown source"})
    labels = [label for label in host.lower().split(".")[:-1] if label not in _PLAIN_LABELS]
    return Publisher(_slug("-".join(labels) or name), {"": name})


def _slug(name: str) -> str:
    """A short ASCII name; one made of a digest where the name has other letters, so that no two share it."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return slug if slug and name.isascii() else f"p-{blake2b(name.encode(), digest_size=4).hexdigest()}"
