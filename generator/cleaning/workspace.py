"""The bench on which an article is cleaned: its tree, what is known of it, and the ledger of removals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from lxml import etree, html
from lxml.cssselect import CSSSelector, SelectorError

from generator.boilerplate import Repeats
from generator.errors import ConfigError
from generator.limits import DEFAULTS
from generator.models import Block, Draft, Publisher, Removal

Element = html.HtmlElement
#: libxml2 stops at 2,048 levels and forgets what lies deeper, so such sources lose their containers before.
MAX_SOURCE_DEPTH = 1_000
#: What a ``style`` says of elements that nobody sees.
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]", re.I)
#: Characters that XML cannot hold: libxml2 lets them in, and lxml refuses to move them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));?", re.I)
_WRAPPERS = re.compile(
    r"</?(?:div|span|font|b|i|u|em|strong|section|blockquote|ul|ol|li|center|p|a|table|tr|td|tbody)\b[^>]*>",
    re.I,
)
_text_of = etree.XPath("string()", smart_strings=False)
_NUMBER = re.compile(r"[0-9]{1,5}")
#: lxml.html's own parser asks a function in Python for the class of every element that is touched; one class does.
_PARSER = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
_SELECTORS: dict[str, CSSSelector] = {}


@dataclass(slots=True)
class Workspace:
    """Mutable on purpose: every step cuts from ``root`` and writes what it cut into ``removals``."""

    root: Element
    draft: Draft
    publisher: Publisher
    base: str
    content: Path
    removals: list[Removal] = field(default_factory=list)
    picture_bytes: int = DEFAULTS.picture_bytes
    pictures: dict[str, bool] = field(default_factory=dict)  # path in the content folder -> whether it is there

    def drop(self, element: Element, step: str, rule: str) -> None:
        """Cut an element out (its tail stays) and record what went."""
        self.record(step, rule, visible(element))
        element.drop_tree()

    def record(self, step: str, rule: str, text: str) -> None:
        """Note a removal; the text is kept short, it is there to be recognised."""
        self.removals.append(Removal(step, rule, text[:300]))


@dataclass(slots=True)
class Blocks:
    """The blocks of an article while the last steps cut from them."""

    blocks: list[Block]
    draft: Draft
    publisher: Publisher
    title: str
    base: str
    repeats: Repeats
    credits: list[str] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)

    def cut(self, index: int, step: str, rule: str) -> None:
        """Take one block out and record it."""
        block = self.blocks.pop(index)
        self.removals.append(Removal(step, rule, (block.text or block.kind)[:300]))

    def backwards(self) -> Iterator[tuple[int, Block]]:
        """Every block with its index, last first, so that cutting is safe."""
        for index in range(len(self.blocks) - 1, -1, -1):
            yield index, self.blocks[index]


def parse(markup: str, depth: int = DEFAULTS.depth) -> Element:
    """The tree of a fragment under one ``<div>``. libxml2 closes ``<p>`` inside ``<p>`` and survives any nesting.

    Trees deeper than ``depth`` are attacks or accidents; real pages stay below 80 once ``<p>`` inside ``<p>`` is closed.
    """
    markup = _CONTROL.sub("", markup)
    markup = _ENTITY.sub(_allowed, markup) if "&#" in markup else markup
    if markup.count("<") > MAX_SOURCE_DEPTH and _source_depth(markup) > MAX_SOURCE_DEPTH:
        markup = _WRAPPERS.sub("\n", markup)
    page = f"<html><body><div>{markup}</div></body></html>"
    document = cast("Element", etree.fromstring(page.encode(), _PARSER))
    body = document.find("body")
    root = cast("Element", _PARSER.makeelement("div"))
    for part in body if body is not None else ():
        root.append(part)
    if markup.count("<") > depth and _too_deep(root, depth):
        etree.strip_tags(
            root,
            "div",
            "span",
            "font",
            "b",
            "i",
            "em",
            "strong",
            "section",
            "blockquote",
            "ul",
            "li",
            "center",
            "p",
            "u",
        )
        if _too_deep(root, depth):
            flat = html.Element("div")
            flat.text = root.text_content()
            return flat
    return root


def _allowed(match: re.Match[str]) -> str:
    """A character reference, unless it stands for a character that XML cannot hold."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return "" if code > 0x10FFFF or _CONTROL.match(chr(code)) else match[0]


def _source_depth(markup: str) -> int:
    """How deep the containers of a source are nested, about."""
    depth = deepest = 0
    for match in _WRAPPERS.finditer(markup):
        depth = max(0, depth - 1) if match[0].startswith("</") else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _too_deep(root: Element, most: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            return True
    return False


def visible(element: Element) -> str:
    """The text of an element, white space collapsed."""
    return " ".join(str(_text_of(element)).split())


def tag(element: Element) -> str:
    """The name of an element in small letters."""
    return str(element.tag).lower()


def put_in_place(new: Element, old: Element) -> None:
    """Replace an element by another; the text behind it stays."""
    parent = old.getparent()
    new.tail, old.tail = old.tail, None
    if parent is not None:
        parent.replace(old, new)


def amount(element: Element) -> int:
    """How much text an element holds: characters that are not white space."""
    return len("".join(str(_text_of(element)).split()))


def number(element: Element, name: str) -> int:
    """An attribute that is a plain number of at most five digits; else -1."""
    value = element.get(name, "").strip()
    return int(value) if _NUMBER.fullmatch(value) else -1


def names(element: Element) -> str:
    """Class, id and role of an element, for patterns."""
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}".strip()


def elements(root: Element, *tags: str) -> Iterator[Element]:
    """A list of descendants that is safe to change while going through it; those cut meanwhile are passed over."""
    for element in list(root.iter(*tags)):
        if element is not root and inside(element, root):
            yield element


def inside(element: Element, root: Element) -> bool:
    """Whether an element is still part of a tree."""
    parent = element.getparent()
    while parent is not None and parent is not root:
        parent = parent.getparent()
    return parent is root


def select(selector: str, root: Element) -> list[Element]:
    """The descendants that a CSS selector matches; raises ConfigError when it is no selector."""
    try:
        return list(_compiled(selector)(root))
    except SelectorError as error:
        raise ConfigError(
            "selector", f"{selector!r} is no CSS selector ({error})", "mend it in the publisher's file"
        ) from None


def _compiled(selector: str) -> CSSSelector:
    if selector not in _SELECTORS:
        _SELECTORS[selector] = CSSSelector(selector, translator="html")
    return _SELECTORS[selector]
