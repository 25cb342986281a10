"""A cleaned tree, written anew as a flat list of blocks: paragraphs, headings, lists, quotes, figures, tables.

The tree of a mirrored page is broken in every way there is (paragraphs in paragraphs, text beside paragraphs, lines for
paragraphs, captions swallowed by pictures). Mending it in place is endless; so the text is read in order and set anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from generator.cleaning.paragraphs import BREAK, CLOSE, DEAD_LINK, OPEN, TEXT, Token, compose
from generator.cleaning.workspace import Element, amount, number
from generator.documents import UNSEEN
from generator.models import Block

_INLINE = {
    "a": "a", "strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "s": "s", "strike": "s", "del": "del", "ins": "ins",
    "sub": "sub", "sup": "sup", "small": "small", "q": "q", "cite": "cite", "abbr": "abbr", "mark": "mark", "code": "code", "kbd": "code",
    "samp": "code", "tt": "code", "ruby": "ruby", "rt": "rt", "rp": "rp",
}  # fmt: skip
#: Elements that start a new paragraph; everything unknown is transparent.
_CONTAINERS = frozenset(
    "p div section article main header footer aside nav center form fieldset details summary dl dd dt address td th tr tbody thead tfoot "
    "table caption figcaption figure hgroup li ul ol legend optgroup option".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Resolves the address of a link; "" for one that must not be kept.
Resolve = Callable[[str], str]


@dataclass(slots=True)
class Builder:
    """Reads a tree in order and writes blocks. ``stack`` holds the inline elements that are open across paragraphs."""

    resolve: Resolve
    anchors: frozenset[str] = frozenset()
    blocks: list[Block] = field(default_factory=list)
    kind: str = "p"
    tokens: list[Token] = field(default_factory=list)
    stack: list[Token] = field(default_factory=list)
    said: bool = False  # the tokens hold a text that is more than white space
    anchor: str = ""
    lang: str = ""

    def build(self, root: Element) -> list[Block]:
        """All blocks of the content of an element."""
        self.walk(root)
        self.flush()
        return self.blocks

    def walk(self, node: Element) -> None:
        """The content of an element, in order."""
        self.text(node.text)
        for child in node:
            if isinstance(child.tag, str):
                self.element(child)
            self.text(child.tail)

    def text(self, text: str | None) -> None:
        """A piece of text."""
        if text:
            self.tokens.append((TEXT, text))
            self.said = self.said or not text.isspace()

    def element(self, node: Element) -> None:
        """An element and its content; its tail is the caller's."""
        if self.anchors:
            self._note_anchor(node)
        outer, self.lang = self.lang, node.get("lang") or self.lang
        self._place(str(node.tag).lower(), node)
        self.lang = outer

    def _place(self, name: str, node: Element) -> None:
        if name in _INLINE or (name == "span" and node.get("lang")) or (node.get("href") and name not in _CONTAINERS):
            self._inline(name, node)
        elif name in HEADINGS:
            self._heading(name, node)
        elif name == "br":
            self._break()
            self.walk(node)  # `<br>caption</br>` of an XML-minded writer
        elif name in _SPECIAL:
            self.flush()
            _SPECIAL[name](self, node)
        elif name in _CONTAINERS:
            self.flush()
            self.walk(node)
            self.flush()
        else:
            self.walk(node)

    def _note_anchor(self, node: Element) -> None:
        name = node.get("id") or node.get("name") or ""
        if name in self.anchors:
            self.anchor = name

    def _inline(self, name: str, node: Element) -> None:
        opened = self._opening(name, node)
        if opened:
            self.stack.append((OPEN, opened))
            self.tokens.append((OPEN, opened))
        self.walk(node)
        if opened:
            self.stack.pop()
            self.tokens.append((CLOSE, f"</{_name(opened)}>"))

    def _opening(self, name: str, node: Element) -> str:
        """The opening tag to write, or "" when the element is transparent."""
        href = node.get("href")
        if href:
            inside = any(_name(opened) == "a" for _, opened in self.stack)
            target = self._target(href)
            if inside:
                return ""
            return f'<a href="{escape(target)}">' if target else DEAD_LINK
        if name == "a":
            return ""
        if name == "span":
            return f'<span lang="{escape(node.get("lang", ""))}">'
        return f"<{_INLINE[name]}>"

    def _target(self, href: str) -> str:
        if href.startswith("#"):
            return f"#a-{href[1:]}" if href[1:] in self.anchors else ""
        return self.resolve(href)

    def _heading(self, name: str, node: Element) -> None:
        self.flush()
        self.kind = name
        self.walk(node)
        self.flush()
        self.kind = "p"

    def _break(self) -> None:
        """One ``<br>`` is a line, two are a paragraph."""
        for kind, value in reversed(self.tokens):
            if kind == BREAK:
                self.flush()
                return
            if kind == TEXT and value.strip():
                break
        self.tokens.append((BREAK, "<br>"))

    def flush(self) -> None:
        """End the paragraph; inline elements that are open go on in the next one."""
        if not self.said:
            self.tokens = list(self.stack)
            return
        self.said = False
        tokens = [*self.tokens, *((CLOSE, f"</{_name(opened)}>") for _, opened in reversed(self.stack))]
        self.tokens = list(self.stack)
        line = compose(tokens)
        if line.lines:
            ident = f' id="a-{escape(self.anchor)}"' if self.anchor else ""
            ident += f' lang="{escape(self.lang)}"' if self.lang else ""
            self.anchor = ""
            self.blocks.append(
                Block(
                    self.kind,
                    f"<{self.kind}{ident}>{line.html}</{self.kind}>",
                    line.lines,
                    line.links,
                    line.link_text,
                )
            )

    def _inner(self, node: Element) -> list[Block]:
        """The content of an element as blocks of its own, with the inline elements that are open round it."""
        inner = Builder(self.resolve, self.anchors, stack=list(self.stack), tokens=list(self.stack), lang=self.lang)
        return inner.build(node)

    def _list(self, node: Element) -> None:
        items: list[list[Block]] = []
        idents: list[str] = []
        loose = Builder(self.resolve, self.anchors)
        loose.text(node.text)
        for child in node:
            name = str(child.get("id") or "")
            if child.tag == "li":
                blocks = self._inner(child)
            else:
                holder = Builder(self.resolve, self.anchors)
                holder.element(child)
                holder.flush()
                blocks = holder.blocks
            if blocks:
                items.append(blocks)
                idents.append(f' id="a-{escape(name)}"' if name in self.anchors else "")
            loose.text(child.tail)
        loose.flush()
        self.blocks += loose.blocks
        if items:
            tag = "ol" if node.tag == "ol" else "ul"
            start = f' start="{number(node, "start")}"' if tag == "ol" and number(node, "start") >= 0 else ""
            body = "".join(f"<li{ident}>{inner_html(blocks)}</li>" for ident, blocks in zip(idents, items, strict=True))
            self.blocks.append(_group(tag, f"<{tag}{start}>{body}</{tag}>", [b for blocks in items for b in blocks]))

    def _quote(self, node: Element) -> None:
        blocks = self._inner(node)
        if blocks:
            body = "".join(block.html for block in blocks)
            self.blocks.append(_group("blockquote", f"<blockquote>{body}</blockquote>", blocks))

    def _figure(self, node: Element) -> None:
        picture = node.find("img")
        if picture is None:
            self.walk(node)
            self.flush()
            return
        caption = node.find("figcaption")
        blocks = [b for b in self._inner(caption) if b.kind != "figure"] if caption is not None else []
        names = ("src", "alt", "width", "height")
        shown = "".join(f' {n}="{escape(picture.get(n) or "")}"' for n in names if n == "alt" or picture.get(n))
        self.blocks.append(_figure(f"<img{shown}>", blocks))

    def _figcaption(self, node: Element) -> None:
        """A caption that stands behind its figure."""
        last = self.blocks[-1] if self.blocks else None
        blocks = self._inner(node)
        if last is not None and last.kind == "figure" and not last.lines and blocks:
            self.blocks[-1] = _figure(last.html.removeprefix("<figure>").removesuffix("</figure>"), blocks)
        else:
            self.blocks += blocks

    def _pre(self, node: Element) -> None:
        text = UNSEEN.sub("", "".join(node.itertext("*"))).strip("\n")
        if text.strip():
            lines = tuple(line.strip() for line in text.splitlines() if line.strip())
            self.blocks.append(Block("pre", f"<pre>{escape(text, quote=False)}</pre>", lines))

    def _table(self, node: Element) -> None:
        rows = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if not _is_data(node, cells):
            self.walk(node)
            self.flush()
            return
        body, blocks = "", []
        for row in cells:
            body += "<tr>"
            for cell in row:
                tag = str(cell.tag)
                inner = self._inner(cell)
                blocks += inner
                spans = "".join(f' {n}="{number(cell, n)}"' for n in ("colspan", "rowspan") if number(cell, n) > 0)
                body += f"<{tag}{spans}>{cell_html(inner)}</{tag}>"
            body += "</tr>"
        self.blocks.append(_group("table", f"<table><tbody>{body}</tbody></table>", blocks))

    def _rule(self, node: Element) -> None:
        self.blocks.append(Block("hr", "<hr>", ()))
        self.walk(node)


_SPECIAL: dict[str, Callable[[Builder, Element], None]] = {
    "ul": Builder._list,
    "ol": Builder._list,
    "menu": Builder._list,
    "blockquote": Builder._quote,
    "figure": Builder._figure,
    "figcaption": Builder._figcaption,
    "pre": Builder._pre,
    "table": Builder._table,
    "hr": Builder._rule,
}


def _name(opened: str) -> str:
    return opened[1:-1].partition(" ")[0]


def inner_html(blocks: list[Block]) -> str:
    """The inside of a list item: bare text where it is one paragraph."""
    if len(blocks) == 1 and blocks[0].kind == "p":
        return bare(blocks[0])
    if blocks and blocks[0].kind == "p" and all(block.kind in ("ul", "ol") for block in blocks[1:]):
        return bare(blocks[0]) + "".join(block.html for block in blocks[1:])
    return "".join(block.html for block in blocks)


def cell_html(blocks: list[Block]) -> str:
    """The inside of a table cell: lines instead of paragraphs."""
    return "<br>".join(bare(block) if block.kind == "p" else block.html for block in blocks)


def bare(block: Block) -> str:
    """The inside of a block's element."""
    return re.sub(r"\A<\w+[^>]*>|</\w+>\Z", "", block.html)


def _group(kind: str, markup: str, blocks: list[Block]) -> Block:
    return Block(
        kind,
        markup,
        tuple(line for block in blocks for line in block.lines),
        tuple(link for block in blocks for link in block.links),
        sum(block.link_text for block in blocks),
    )


def _figure(picture: str, caption: list[Block]) -> Block:
    body = " ".join(bare(block) for block in caption)
    shown = f"<figcaption>{body}</figcaption>" if body else ""
    return Block(
        "figure",
        f"<figure>{picture}{shown}</figure>",
        tuple(line for block in caption for line in block.lines),
    )


def _is_data(node: Element, cells: list[list[Element]]) -> bool:
    """A table of data: two rows and two columns at least, short cells, none nested; all others only place things."""
    rows = [row for row in cells if row]
    if next(node.iter("img", "figure"), None) is not None and sum(amount(cell) > 0 for row in rows for cell in row) < 4:
        return False
    if len(rows) < 2 or max(len(row) for row in rows) < 2 or next(node.iterdescendants("table"), None) is not None:
        return False
    sizes = [amount(cell) for row in rows for cell in row]
    return max(sizes) <= 600 and sum(size > 0 for size in sizes) * 3 >= len(sizes)
