"""Pictures with their captions, wherever the publisher put them, as ``<figure><img><figcaption>``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from generator.addresses import image
from generator.cleaning.media import counts, is_picture
from generator.cleaning.pictures import local_picture
from generator.cleaning.workspace import Element, Workspace, amount, elements, names, number, put_in_place
from generator.mirrors.front_matter import plain

_LAZY = (
    "data-lazy-src",
    "data-src",
    "data-original",
    "data-original-src",
    "data-actualsrc",
    "data-url",
    "data-full-url",
    "data-hi-res-src",
)
_CAPTION = re.compile(
    r"caption|(?:^|[\s_-])(?:credit|copyright|photo-?by|legend|cutline)|(?:^|[\s_-])(?:img|image|pic|picture|photo|ph)[_-]?(?:desc\w*|info|text|txt|note|d)(?:$|[\s_-])",
    re.I,
)
_CREDIT = re.compile(r"credit|copyright", re.I)
_FIGURE = re.compile(
    r"\bfigure\b|wp-caption|featured[_-](?:image|photo|media)|image-inline|\bcaptioned\b|headerimg\b|media-image|photo-(?:embed|object)|"
    r"PrimaryAsset|imageMedia|lead-?(?:image|media)|hero-?image|\bFigure-",
    re.I,
)
_STOP = frozenset(("body", "article", "main", "td", "th", "li", "ul", "ol", "blockquote", "table", "section"))
#: A caption under a centred picture is short; the longest in the measured articles has 170 characters.
MAX_CAPTION = 240


def gather_figures(work: Workspace) -> None:
    """Turn every picture into a figure that stands between paragraphs, with the caption that belongs to it."""
    for img in elements(work.root, "img"):
        src = address(img, work)
        if not src:
            work.record("empty", "picture without address", img.get("alt", ""))
            _drop_with_caption(img, work)
        elif reason := counts(src):
            work.record("tracker", reason, src)
            img.drop_tree()
        elif _is_glyph(img):
            img.tail = (img.get("alt", "") if len(img.get("alt", "")) <= 2 else "") + (img.tail or "")
            img.drop_tree()
        else:
            _make_figure(img, src, work)


def _drop_with_caption(img: Element, work: Workspace) -> None:
    """Words below a picture that is not there say nothing."""
    figure = next(img.iterancestors("figure"), None)
    if figure is not None and _only_picture(figure) and 0 < amount(figure) <= MAX_CAPTION:
        work.drop(figure, "empty", "caption of a picture without address")
    else:
        img.drop_tree()


def address(img: Element, work: Workspace) -> str:
    """The real address of a picture: lazy attributes and ``srcset`` where ``src`` is a placeholder, proxies undone."""
    candidates = [
        img.get("src", ""),
        *(img.get(name, "") for name in _LAZY),
        _largest(img.get("srcset") or img.get("data-srcset") or ""),
        *(_largest(choice.get("srcset") or choice.get("data-srcset") or "") for choice in _choices(img)),
    ]
    for candidate in candidates:
        if is_picture(candidate):
            found = local_picture(candidate, work) or image(candidate, work.base)
            if found:
                return found
    return ""


def _choices(img: Element) -> Iterator[Element]:
    """The other formats of a picture in ``<picture>``: often only they are named before a script runs."""
    holder = img.getparent()
    while holder is not None and holder.tag == "source":  # some parsers do not know that it has no end tag
        holder = holder.getparent()
    return holder.iter("source") if holder is not None and holder.tag == "picture" else iter(())


def _largest(srcset: str) -> str:
    """The widest picture of a ``srcset``."""
    choices = re.findall(r"(\S+)\s+(\d{1,5}(?:\.\d{1,3})?)[wx]", srcset, re.A)
    return max(choices, key=lambda choice: float(choice[1]))[0].lstrip(",") if choices else ""


def _is_glyph(img: Element) -> bool:
    """An emoji or an icon that stands in a line of text."""
    largest = max(number(img, "width"), number(img, "height"))
    return 0 < largest <= 36 or bool(re.search("emoji|wp-smiley", names(img)))


def _make_figure(img: Element, src: str, work: Workspace) -> None:
    box = _box(img, work.root)
    figure = html.Element("figure")
    picture = html.Element("img", src=src, alt=plain(img.get("alt", "")))
    for name in ("width", "height"):
        if number(img, name) > 0:
            picture.set(name, str(number(img, name)))
    figure.append(picture)
    put_in_place(figure, box)
    if box is not img:
        img.drop_tree()
        if amount(box):
            figure.append(_caption(box))
            return
    following = figure.getnext()
    if following is not None and not (figure.tail or "").strip() and _is_caption_line(following):
        following.drop_tree()
        following.tail = None
        figure.append(html.Element("figcaption"))
        figure[-1].append(following)


def _is_caption_line(element: Element) -> bool:
    """A short centred paragraph right below a picture."""
    return (
        element.tag in ("p", "div", "center", "span")
        and _is_centred(element)
        and 0 < amount(element) <= MAX_CAPTION
        and next(element.iter("img", "h1", "h2", "h3", "h4", "strong", "b"), None) is None
    )


def _is_centred(element: Element) -> bool:
    named = re.search(r"center|(?:^|[\s_-])(?:caption|tu|pic|photo)(?:$|[\s_-])", names(element))
    style = element.get("style", "").replace(" ", "")
    centred = element.tag == "center" or "text-align:center" in style or element.get("align") == "center"
    return centred or bool(named or _CAPTION.search(names(element)))


def _caption(box: Element) -> Element:
    """All the text of the box, credits last."""
    caption = html.Element("figcaption")
    credits = [
        e
        for e in box.iter()
        if e is not box and _CREDIT.search(names(e)) and not any(_CREDIT.search(names(a)) for a in e.iterancestors())
    ]
    for credit in credits:
        credit.drop_tree()
        credit.tail = None
    for part in (box, *credits):
        caption.append(part)
    return caption


def _box(img: Element, root: Element) -> Element:
    """The largest element round a picture that holds nothing but the picture and its caption."""
    figure = _figure_like(img, root)
    box = img if figure is None else figure
    parent = box.getparent()
    while parent is not None and parent is not root and _may_hold(parent) and _only_picture(parent):
        rest = amount(parent) - (amount(box) if box is not img else 0)
        if rest and not (_captions_hold(parent, box, rest) or (box is img and _centred_with_caption(parent, img))):
            break
        box, parent = parent, parent.getparent()
    return box


def _may_hold(element: Element) -> bool:
    """Whether an element may be the box of a picture; editors of some sites make a section of each paragraph."""
    return element.tag not in _STOP or (element.tag == "section" and not amount(element))


def _figure_like(img: Element, root: Element) -> Element | None:
    """The outermost near ancestor that calls itself a figure and holds no other picture and little text."""
    found = _captioning_table(img, root)
    for level, ancestor in enumerate(img.iterancestors()):
        if level > 7 or ancestor is root or ancestor.tag in _STOP or not _only_picture(ancestor):
            break
        if (ancestor.tag == "figure" or _FIGURE.search(names(ancestor))) and amount(ancestor) <= 3 * MAX_CAPTION:
            found = ancestor
    return found


def _captioning_table(img: Element, root: Element) -> Element | None:
    """The table that holds one picture above one short line: how pages were captioned before there was CSS."""
    table = next(img.iterancestors("table"), None)
    if table is None or table is root or not _only_picture(table) or not 0 < amount(table) <= MAX_CAPTION:
        return None
    cells = [cell for cell in table.iter("td", "th") if amount(cell)]
    return table if len(cells) == 1 and not any(cells[0] is a for a in img.iterancestors()) else None


def _only_picture(element: Element) -> bool:
    pictures = element.iter("img")
    next(pictures, None)
    return next(pictures, None) is None


def _captions_hold(parent: Element, box: Element, rest: int) -> bool:
    """Whether all the text beside the box is inside of elements that call themselves captions."""
    held = 0
    for element in parent.iter():
        is_caption = element.tag == "figcaption" or _CAPTION.search(names(element))
        if element is not parent and is_caption and not _within(element, box) and not _nested_caption(element, parent):
            held += amount(element)
    return held >= rest


def _within(element: Element, box: Element) -> bool:
    return element is box or any(ancestor is box for ancestor in element.iterancestors())


def _nested_caption(element: Element, stop: Element) -> bool:
    for ancestor in element.iterancestors():
        if ancestor is stop:
            return False
        if ancestor.tag == "figcaption" or _CAPTION.search(names(ancestor)):
            return True
    return False


def _centred_with_caption(parent: Element, img: Element) -> bool:
    """``<p style="text-align:center"><img><br>caption</p>``: the picture first, then a short text."""
    if parent.tag not in ("p", "div", "center") or not 0 < amount(parent) <= MAX_CAPTION or (parent.text or "").strip():
        return False
    if any(e.tag in ("p", "div", "h2", "h3", "h4") and amount(e) for e in parent.iterdescendants()):
        return False
    before = next((e for e in parent.iter() if e is not parent), None)
    leads = (
        before is not None and (before is img or img in before.iter()) and not (amount(before) and before is not img)
    )
    following = img.getnext()
    return leads and (
        _is_centred(parent) or (following is not None and following.tag == "br" and not (img.tail or "").strip())
    )
