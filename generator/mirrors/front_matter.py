"""Front matter of Hexo, Jekyll, Hugo and their kind: read what parses, rescue what does not."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from generator.dates import read_date
from generator.documents import UNSEEN
from generator.models import Published

_FENCE = re.compile(r"\s*(---|\+\+\+|;;;)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.S)
_LINE = re.compile(r"^([A-Za-z_][\w-]*):[ \t]*(.*)$")
#: An alias may make a small text expand without end ("YAML bomb"); news front matter has no use for one.
_ALIAS = re.compile(r"(?m)(?:^|[\s\[,:-])[&*][A-Za-z0-9_]+(?=\s|$|[,\]])")
MAX_LENGTH = 20_000
#: A head without fences holds at least two of these.
_HEAD_KEYS = {"title", "date", "author", "authors", "url", "link", "source", "category", "tags", "slug", "summary"}


def split(text: str) -> tuple[dict[str, Any], str] | None:
    """(values, rest of the document), or None when there is no front matter."""
    match = _FENCE.match(text)
    if match is None:
        return _braced(text) or _headed(text)
    if len(match[2]) > MAX_LENGTH or not re.search(r"(?m)^[\w-]+\s*[:=]", match[2]):
        return None
    return _parse(match[1], match[2]), text[match.end() :]


def _braced(text: str) -> tuple[dict[str, Any], str] | None:
    """Front matter in JSON, as Hugo has it."""
    start = len(text) - len(text.lstrip())
    if not text.startswith("{", start) or '"title"' not in text[start : start + MAX_LENGTH]:
        return None
    try:
        values, end = json.JSONDecoder().raw_decode(text[: start + MAX_LENGTH], start)
    except (ValueError, RecursionError):
        return None
    return (values, text[end:]) if isinstance(values, dict) else None


def _headed(text: str) -> tuple[dict[str, Any], str] | None:
    """Lines like ``Title: …`` without fences, as Pelican and MultiMarkdown have them; keys in small letters."""
    head, _, rest = text.lstrip().partition("\n\n")
    lines = head.splitlines()
    keys = [match[1].lower() if (match := _LINE.match(line)) else "" for line in lines[:30]]
    if "title" not in keys or not all(keys) or len({*keys} & _HEAD_KEYS) < 2 or len(lines) > len(keys):
        return None
    return {key: _scalar(line.partition(":")[2]) for key, line in zip(keys, lines, strict=True)}, rest


def _parse(fence: str, block: str) -> dict[str, Any]:
    if fence == "+++":
        try:
            return tomllib.loads(block)
        except (ValueError, RecursionError):
            return rescue(block)
    if _ALIAS.search(block):
        return rescue(block)
    try:
        values = yaml.load(block, _Loader)  # noqa: S506 - a safe loader, of our own
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError, KeyError, IndexError, TypeError):
        return rescue(block)  # PyYAML's constructors trip over explicit tags in ways of their own
    return values if isinstance(values, dict) else rescue(block)


class _Loader(yaml.CSafeLoader):
    """Safe YAML in which every scalar stays the text that the author wrote (a title ``2010`` is no number)."""


_Loader.yaml_implicit_resolvers = {}


def rescue(block: str) -> dict[str, Any]:
    """Read ``key: value`` line by line where YAML gives up (a colon or a quote inside a title, mostly)."""
    values: dict[str, Any] = {}
    key = ""
    for line in block.splitlines():
        match = _LINE.match(line)
        if match:
            key = match[1]
            values[key] = _scalar(match[2])
        elif key and line.strip().startswith("- "):
            before = values[key]
            values[key] = [*(before if isinstance(before, list) else []), _scalar(line.strip()[2:])]
        elif key and line.strip() and isinstance(values[key], str):
            values[key] = f"{values[key]} {_scalar(line)}".strip()
    return values


def _scalar(text: str) -> Any:
    text = text.strip()
    if re.fullmatch(r"\[.*\]", text):
        return [_scalar(item) for item in text[1:-1].split(",") if item.strip()]
    while len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return text


def facts(values: Mapping[str, Any], table: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the front matter says, under the names of Draft's fields."""

    def first(field: str) -> str:
        for key in table.get(field, []):
            if text := _text(_at(values, key)):
                return text
        return ""

    more = (values.get(name) for name in ("params", "extra"))  # where Hugo and Zola have a site's own keys
    values = {**{key: value for table in more if isinstance(table, dict) for key, value in table.items()}, **values}
    url = first("url")
    tags = [tag for key in table.get("tags", []) for tag in _texts(_at(values, key))]
    channel = [name for key in table.get("channel", []) for name in _texts(_at(values, key))]
    return {
        "title": first("title"),
        "url": url if url.startswith(("http://", "https://")) else "",
        "published": _without_midnight(read_date(first("published"))),
        "author": first("author").replace("[[", "").replace("]]", ""),  # as notes link to notes
        "source": first("site"),
        "tags": tuple(dict.fromkeys(tags)),
        "channel": tuple(dict.fromkeys(channel)),
        "lead_figure": first("lead_figure"),
        "convert": _text(values.get("convert")).lower() not in ("false", "no", "off"),
        "terms": _pairs(values.get("terms")),
    }


def _without_midnight(when: Published | None) -> Published | None:
    """Midnight to the second is what programs write where they know the day only."""
    return when.date() if isinstance(when, dt.datetime) and when.time() == dt.time() else when


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """A table of terms: as written -> in Traditional Chinese."""
    items = value.items() if isinstance(value, dict) else ()
    return tuple((source, target) for key, text in items if (source := _text(key)) and (target := _text(text)))


def _at(values: Mapping[str, Any], key: str) -> Any:
    """The value under ``categories`` or, with ``categories.1``, an item of a list."""
    name, _, index = key.partition(".")
    value = values.get(name)
    if not index:
        return value
    items = _texts(value)
    return items[int(index)] if int(index) < len(items) else None


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items[:50] if (text := _text(item))]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_texts(value))
    if value is None or isinstance(value, dict):
        return ""
    try:
        text = plain(str(value))
    except (ValueError, RecursionError):  # a number of thousands of digits
        return ""
    return "" if text.lower() in ("null", "none", "undefined", "~", "nan") else text


def plain(text: str) -> str:
    """Text on one line, without lone surrogates (which no file can hold), controls and turns of direction."""
    return " ".join(UNSEEN.sub("", text).split())
