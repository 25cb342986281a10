"""Document -> Draft: take off what mirrors wrapped round an article, one family of wrappers a ``*.toml`` file.

Wrappers nest: front matter stands round a crawl head, a crawl head round a page. Every family whose ``detect`` matches
is peeled once, until none matches.

Keys of a family file (every pattern is a regular expression in multi-line mode):

    detect        patterns that must all be found
    title, url, author, stamp, channel
                  patterns with one group: what the wrapper says of the article (``stamp``: milliseconds since 1970).
                  Also ``site``: the name of the publisher.
    remove        patterns whose matches are the mirror's own
    foot          pattern of the line from which everything is the mirror's own (the last match counts)
    folder        pattern on the document's path; its group is the channel
    body          "html" (default) or "markdown"
    [front_matter]
    needs         keys that must all be there
    title, url, published, author, site, tags, channel, lead_figure
                  where each fact stands: a list of keys, ``categories.1`` is the second item of a list
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.errors import ConfigError
from generator.limits import DEFAULTS, Limits, TooSlowError, tame, too_slow, within
from generator.mirrors.front_matter import facts, split
from generator.mirrors.imprint import read_imprint
from generator.mirrors.saved_page import is_page, page_facts
from generator.models import Document, Draft, LeftOut, Removal
from generator.patterns import pattern, refuse_endless
from generator.toml import check_keys, expect, is_shipped, lines_of, read_toml, rule_files, strings

_FACTS = ("title", "url", "author", "stamp", "channel", "site")
_KEYS = ("detect", *_FACTS, "remove", "foot", "folder", "body", "front_matter")
_FRONT_KEYS = ("needs", "title", "url", "published", "author", "site", "tags", "channel", "lead_figure")
#: Where Hexo, Jekyll, Hugo and Eleventy posts say things when no family knows better.
DEFAULT_FRONT_MATTER: dict[str, list[str]] = {
    "title": ["title"],
    "url": ["canonical_url", "original_url", "source_url", "from", "original", "link", "url", "source"],
    "published": ["date", "published", "pubDate", "created"],
    "author": ["author", "authors", "byline", "creator"],
    "site": ["site", "publisher", "siteName", "site_name", "source"],
    "tags": ["tags", "keywords"],
    "channel": ["category", "categories"],
    "lead_figure": ["headimg", "cover", "image", "thumbnail"],
}
#: Marks that only Markdown has, at the start of a line: headings, links, quotes, fences, lists.
_MARKDOWN = re.compile(r"^(?:#{1,6} +\S|!?\[[^\]\n]*\]\([^)\s]+\)|> \S|```|[-*+] \S|\d+\. \S)", re.M)
#: A paragraph without tags behind an empty line.
_PLAIN_PARAGRAPH = re.compile(r"\n[ \t]*\n(?=[^\s<&])")
_BLOCK_TAG = re.compile(r"<(?:p|div|br|article|section|main|figure|h[1-6]|table|ul|ol)\b", re.I)
#: A document that begins with its own title as a link.
_FIRST_LINK = re.compile(r"\s*(?:<!--.*?-->\s*)?\[([^\n]{1,500})\]\((https?://\S{1,2000})\)[ \t]*\n")
#: How mirrors that nobody described name the original.
_ORIGINAL = re.compile(
    r"(?:^|<(?:p|div|li|td|br|blockquote|span)\b[^>\n]*>)(?:<[^>\n]+>|\W){0,8}(?:原文|原始|来源|來源|出处|出處|original|source|via|from)[^\n:：]{0,24}[:：]\s*(?:<a[^>]*href=[\"'])?(https?://[^\s\"'<>)\]]+)",
    re.I | re.M,
)


@dataclass(frozen=True, slots=True)
class Mirror:
    """A family of wrappers."""

    name: str
    detect: tuple[re.Pattern[str], ...] = ()
    facts: dict[str, re.Pattern[str]] = field(default_factory=dict)
    remove: tuple[re.Pattern[str], ...] = ()
    foot: re.Pattern[str] | None = None
    folder: re.Pattern[str] | None = None
    body: str = "html"
    front_matter: dict[str, list[str]] = field(default_factory=dict)


def load_mirrors(*folders: Path) -> tuple[Mirror, ...]:
    """The shipped families and those of the given folders (theirs win over a shipped one of the same name)."""
    return tuple(_mirror(name, file) for name, file in rule_files("mirrors", folders))


def _mirror(name: str, path: Path) -> Mirror:
    where = f"mirrors/{name}.toml"
    given = read_toml(path, where)
    with lines_of(path, where):
        family = _family(name, given)
        if not is_shipped(path):
            refuse_endless(given, (*_FACTS, "detect", "remove", "foot", "folder"))
        return family


def _family(name: str, given: dict[str, Any]) -> Mirror:
    check_keys("", given, _KEYS)
    body = given.get("body", "html")
    if body not in ("html", "markdown"):
        raise ConfigError("body", f"{body!r} is no kind of body", 'write "html" or "markdown"')
    single = {key: pattern(key, given[key]) for key in (*_FACTS, "foot", "folder") if key in given}
    return Mirror(
        name=name,
        detect=_patterns("detect", given),
        facts={key: rule for key, rule in single.items() if key in _FACTS},
        remove=_patterns("remove", given),
        foot=single.get("foot"),
        folder=single.get("folder"),
        body=body,
        front_matter=_front_matter(given.get("front_matter", {})),
    )


def _patterns(key: str, given: dict[str, Any]) -> tuple[re.Pattern[str], ...]:
    return tuple(pattern(key, text) for text in strings(key, given.get(key, [])))


def _front_matter(given: object) -> dict[str, list[str]]:
    front: dict[str, Any] = expect("front_matter", given, dict, "a [front_matter] table")
    check_keys("front_matter", front, _FRONT_KEYS)
    if front and "needs" not in front:
        raise ConfigError("front_matter", "says nothing of the keys it is known by", "add needs = [...]")
    return {key: list(strings(f"front_matter.{key}", names)) for key, names in front.items()}


def unwrap(document: Document, mirrors: tuple[Mirror, ...], limits: Limits = DEFAULTS) -> Draft | LeftOut:
    """Peel every wrapper that matches, front matter first; what is left is the publisher's own HTML."""
    text = tame(document.text.lstrip("\ufeff"), document.path, limits)
    if isinstance(text, LeftOut):
        return text
    try:
        with within(limits.seconds):
            return _unwrap(Draft(document, text), mirrors)
    except TooSlowError:
        return too_slow(document.path, limits)


def _unwrap(draft: Draft, mirrors: tuple[Mirror, ...]) -> Draft | LeftOut:
    draft = _peel_front_matter(draft, mirrors)
    waiting = [mirror for mirror in mirrors if mirror.detect]
    body = ""
    while family := next((one for one in waiting if all(p.search(draft.html) for p in one.detect)), None):
        draft, body = _peel(draft, family), family.body
        waiting.remove(family)
    if is_page(draft.html):
        draft = _peel_page(draft)
        return _or_left_out(draft)
    if not body:
        draft = _guess(draft)
    if not body and _is_markdown(draft):
        draft, body = _peel_imprint(draft), "markdown"
    if body == "markdown":
        draft = replace(draft, html=_render_markdown(draft.html))
    return _or_left_out(draft)


def _guess(draft: Draft) -> Draft:
    """Where the original stands, as mirrors that nobody described put it: a line that says so, or the first link."""
    if not draft.url and (url := _original(draft.html)):
        return replace(draft, url=url)
    if match := _FIRST_LINK.match(draft.html):
        return replace(draft, url=draft.url or match[2], title=draft.title or match[1])
    return draft


def _peel_imprint(draft: Draft) -> Draft:
    found = read_imprint(draft.html)
    return replace(
        draft,
        html=found.rest,
        title=draft.title or found.title,
        url=draft.url or found.url,
        published=draft.published or found.published,
        author=draft.author or found.author,
        source=draft.source or found.source,
        tags=draft.tags or found.tags,
        removals=(*draft.removals, *(Removal("wrapper", "imprint", line) for line in found.lines)),
    )


def _original(html: str) -> str:
    match = _ORIGINAL.search(html)
    return match[1] if match else ""


def _or_left_out(draft: Draft) -> Draft | LeftOut:
    document = draft.document
    return (
        draft if draft.html.strip() else LeftOut(document.path, "empty", "nothing is left under the mirror's wrapper")
    )


def _peel_front_matter(draft: Draft, mirrors: tuple[Mirror, ...]) -> Draft:
    found = split(draft.html)
    if found is None:
        return draft
    values, rest = found
    family = next(
        (m for m in mirrors if m.front_matter and all(key in values for key in m.front_matter["needs"])), None
    )
    table = {**DEFAULT_FRONT_MATTER, **(family.front_matter if family else {})}
    known = facts(values, table)
    return replace(draft, html=rest, mirrors=(family.name if family else "front-matter",), **known)


def _peel(draft: Draft, mirror: Mirror) -> Draft:
    said: dict[str, Any] = {}
    for key, rule in mirror.facts.items():
        if match := rule.search(draft.html):
            said[key] = next(filter(None, match.groups()), "").strip()
    html, removals = draft.html, list(draft.removals)
    title = said.get("title", "")
    if mirror.foot and (feet := list(mirror.foot.finditer(html))):
        cut = feet[-1].start()
        removals += _rows(mirror, "foot", html[cut:])
        html = html[:cut]
    for rule in mirror.remove:
        rows = [match[0] for match in rule.finditer(html)]
        for row in rows:
            removals += _rows(mirror, "row", row, title)
        html = rule.sub("\n", html) if rows else html
    folder = mirror.folder.search(draft.document.path) if mirror.folder else None
    channel = tuple(filter(None, (said.get("channel", ""), folder[1] if folder else "")))
    return replace(
        draft,
        html=html,
        mirrors=(*draft.mirrors, mirror.name),
        title=draft.title or said.get("title", ""),
        url=draft.url or said.get("url", ""),
        author=draft.author or said.get("author", ""),
        source=draft.source or said.get("site", ""),
        channel=draft.channel + channel,
        stamped=draft.stamped or _stamp(said.get("stamp", "")),
        removals=tuple(removals),
    )


def _rows(mirror: Mirror, rule: str, text: str, title: str = "") -> list[Removal]:
    """One removal a line of visible text; the title is not removed, only moved."""
    visible = re.sub(r"<[^>]*>|&nbsp;|\[|\]\([^)]*\)|^[#\s|]+|^-{3,}$", " ", text, flags=re.M)
    lines = (" ".join(line.split()).strip(" |") for line in visible.splitlines())
    return [Removal("wrapper", f"{mirror.name}: {rule}", line) for line in lines if line and line != title]


def _stamp(text: str) -> dt.datetime | None:
    """Milliseconds (or seconds) since 1970 as a time in UTC, when they make sense for a news article."""
    if not text.isdigit():
        return None
    seconds = int(text) / (1000 if len(text) > 10 else 1)
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if 0 < seconds < 4e9 else None


def _peel_page(draft: Draft) -> Draft:
    found = page_facts(draft.html)
    return replace(
        draft,
        html=found.html,
        mirrors=(*draft.mirrors, "saved-page"),
        title=draft.title or found.title,
        url=draft.url or found.url or _original(found.html),
        published=draft.published or found.published,
        author=draft.author or found.author,
        source=draft.source or found.site,
        channel=draft.channel + found.channel,
        tags=draft.tags or found.tags,
        lead_figure=draft.lead_figure or found.lead_figure,
    )


def _is_markdown(draft: Draft) -> bool:
    """Markdown is what no family claims and what has no block tags, or Markdown's marks beside them."""
    if not draft.document.path.lower().endswith((".md", ".markdown", ".txt")):
        return False
    html = draft.html
    return not _BLOCK_TAG.search(html) or bool(
        _MARKDOWN.search(html) or ("<pre" not in html and _PLAIN_PARAGRAPH.search(html))
    )


def _render_markdown(text: str) -> str:
    from markdown_it import MarkdownIt  # late: most mirrors need no Markdown, and it costs 46 ms to import

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.disable("code")  # indented lines are a pretty-printer's HTML, not code
    return str(parser.render(text))
