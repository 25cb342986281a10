"""Where the text of a page stands: the element that holds the most of it in long pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.cleaning.workspace import Element

INLINE = frozenset(
    "a b i u em strong font span br small big sub sup code q cite abbr mark time ruby rt rb rp center".split()
)
HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{4}")
_END = re.compile(r"[.。！？!?؟…][\"”」』]?\Z")


def densest(root: Element) -> Element | None:
    """The element that holds the most text in long pieces; of a piece in a box of its own the half counts further out.

    A piece is what stands together between tags, links not counted: old pages part paragraphs by ``<br>``.
    """
    scores: dict[Element, float] = {}
    for element in root.iter():
        if element.tag in INLINE or element.tag == "figcaption":
            continue
        length = own_length(element, 25)
        holder = element.getparent() if element.tag == "p" else element
        if not length or holder is None:
            continue
        scores[holder] = scores.get(holder, 0) + length
        outer = holder.getparent()
        if outer is not None and holder is not root:
            scores[outer] = scores.get(outer, 0) + length / 2
    return max(scores, key=lambda element: scores[element]) if scores else None


def own_length(element: Element, least: int = 0) -> int:
    """The characters of an element's own pieces of text that are longer than ``least``."""
    return sum(size for piece in _pieces(element) if (size := len(piece.strip())) > least)


def told(element: Element) -> int:
    """The characters of an element's own pieces of text that are long, or sentences."""
    pieces = (piece.strip() for piece in _pieces(element))
    return sum(len(piece) for piece in pieces if len(piece) > 60 or _is_sentence(piece))


def _is_sentence(piece: str) -> bool:
    """Whether a piece of text ends like a sentence and is as long as one."""
    return len(piece) > (5 if HAN.search(piece) else 20) and bool(_END.search(piece))


def _pieces(element: Element) -> Iterator[str]:
    """The text that stands in an element itself, or in inline elements in it that are no links."""
    yield element.text or ""
    for child in element:
        if child.tag in INLINE and child.tag != "a":
            yield from _pieces(child)
        yield child.tail or ""
