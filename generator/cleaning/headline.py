"""What stands round the headline of a whole page: kickers, names, dates and buttons; subtitles and pictures stay."""

from __future__ import annotations

import re

from generator.cleaning.blocks import HEADINGS
from generator.cleaning.density import HAN, INLINE, densest, own_length
from generator.cleaning.promotions import MAX_BOX
from generator.cleaning.workspace import Element, Workspace, amount, names, number, visible

#: What stands in these is no paragraph of the text.
_NO_PARAGRAPH = HEADINGS | {"figure", "figcaption", "li", "header"}
#: What a subtitle or a summary above the text is called, and the elements that they are.
STANDFIRST = re.compile(
    r"sub-?(?:title|head)|standfirst|\bde(?:c)?k\b|excerpt|summary|(?:^|[\s_-])(?:lead|lede|intro|preface|abstract|teaser-?text)(?:$|\s)",
    re.I,
)
STANDFIRSTS = ("p", "div", "h2", "h3", "h4")
#: It has at least so many characters.
MIN_STANDFIRST = 12
#: The points of a summary have so many characters on average, half as many in Han characters.
MIN_POINT = 28
#: A line of names and dates, however long.
_BYLINE = re.compile(r"\A(?:by|记者|記者)\b.{0,80}[|｜].{0,60}\d{4}|[|｜].{0,40}(?:updated|更新).{0,20}\d{4}", re.I)
_SENTENCE = re.compile(r".{12}[.。！？!?؟…][\"”」』]?\Z")
_SHORT_SENTENCE = re.compile(r"(?!(?:by|from)\b)\D{3,}[.。！？!?؟…][\"”」』]?\Z", re.I)
#: What a caption is called.
CAPTIONED = re.compile(r"caption|credit|copyright", re.I)


def drop_byline(work: Workspace) -> None:
    """Round the headline of a whole page: kickers above it; names, dates, counts and buttons between it and the text.

    Pictures stay, and below the headline what reads like a standfirst.
    """
    headline = next((e for e in work.root.iter() if is_headline(e, work)), None) if work.draft.whole_page else None
    first = _first_paragraph(work.root, headline) if headline is not None else None
    if headline is None or first is None:
        return
    spine = {*first.iterancestors(), *headline.iterancestors(), *headline.iter()}
    below = False
    for element in list(work.root.iter()):
        if element is first:
            break
        below = below or element is headline
        if element not in spine and element.getparent() in spine and not (below and _begins_text(element, first)):
            _sift(element, work, below)


def _begins_text(element: Element, first: Element) -> bool:
    """Whether an epigraph, or a short sentence in a paragraph like the first long one, stands right beside that."""
    if element.getparent() is not first.getparent():
        return False
    alike = element.tag == first.tag == "p" and element.get("class") == first.get("class")
    return element.tag in ("blockquote", "pre") or (alike and bool(_SHORT_SENTENCE.match(visible(element))))


def _first_paragraph(root: Element, headline: Element) -> Element | None:
    """The first long paragraph below the headline in the densest part of the page."""
    part = densest(root)
    least = 24 if part is not None and HAN.search(visible(part)) else 40
    below = False
    for element in root.iter():
        below = below or element is headline
        if not below or element.tag in INLINE or element.tag in _NO_PARAGRAPH:
            continue
        around = (element, *element.iterancestors())
        if part in around and not any(e.tag in _NO_PARAGRAPH for e in around) and own_length(element) > least:
            return element
    return None


def _sift(element: Element, work: Workspace, below: bool) -> None:
    """Drop an element, or the parts of it that are not worth keeping."""
    if _is_worth(element, work, below):
        if element.tag in STANDFIRSTS and STANDFIRST.search(names(element)) and not pictured(element):
            element.tag = "p"  # a subtitle heads no section
        return
    if any(_is_worth(part, work, below) for part in element.iterdescendants()):
        for part in list(element):
            _sift(part, work, below)
    else:
        work.drop(element, "promotion", "beside the headline")


def _is_worth(element: Element, work: Workspace, below: bool) -> bool:
    """A picture that is no portrait, with its caption; below the headline a subtitle or a sentence."""
    if element.tag in ("img", "figure"):
        return any(not is_portrait(image, work) for image in element.iter("img"))
    text = visible(element)
    if not below or not text or text in work.draft.author:
        return False
    if element.tag in ("h2", "h3"):
        return True
    if CAPTIONED.search(names(element)):
        return True
    if STANDFIRST.search(names(element)) and len(text) >= MIN_STANDFIRST:
        return element.tag in STANDFIRSTS or element.tag in ("ul", "ol")
    if _stands_below_picture(element, work) or _tells(element):
        return True
    if _BYLINE.search(text):
        return False
    if element.tag == "p" and _follows_headline(element, work) and len(text) >= 2 * MIN_STANDFIRST:
        return True
    leaf = element.tag in ("p", "div", "h4") and all(child.tag in INLINE for child in element)
    return leaf and (len(text) > 60 or bool(_SENTENCE.search(text)))


def is_second_line(element: Element, work: Workspace) -> bool:
    """Whether a sentence stands right below the headline."""
    return bool(_follows_headline(element, work) and _SENTENCE.search(visible(element)))


def _follows_headline(element: Element, work: Workspace) -> bool:
    """Whether a paragraph stands right below the headline and names neither the writer nor a day."""
    before = element.getprevious()
    text = visible(element)
    named = bool(work.draft.author) and work.draft.author.split(",")[0] in text
    return (
        before is not None
        and is_headline(before, work)
        and not named
        and not re.search(r"\d{4}|[|｜@]|\A(?:by|from)\b", text, re.I)
    )


def _tells(element: Element) -> bool:
    """Whether a list tells the article in short: several points as long as sentences, and no links."""
    points = [visible(point) for point in element.iter("li")] if element.tag in ("ul", "ol") else []
    if len(points) < 2 or next(element.iter("a"), None) is not None:
        return False
    least = MIN_POINT // 2 if HAN.search(points[0]) else MIN_POINT
    return sum(map(len, points)) >= least * len(points)


def is_headline(element: Element, work: Workspace) -> bool:
    """Whether an element says the title, or is a page's first heading."""
    title = work.draft.title
    return element.tag == "h1" or bool(title and element.text and " ".join(element.text.split()) == title)


def pictured(element: Element) -> bool:
    """Whether a picture stands in an element."""
    return next(element.iter("img", "figure"), None) is not None


def is_portrait(image: Element, work: Workspace) -> bool:
    """A writer's face, a logo, an icon: small, or called so, or labelled with the writer's name."""
    holder = image.getparent()
    said = f"{names(image)} {names(holder) if holder is not None else ''} {image.get('src', '')}"
    small = 0 < max(number(image, "width"), number(image, "height")) <= 160
    labelled = bool(work.draft.author) and image.get("alt", "").strip() == work.draft.author
    return (
        small
        or labelled
        or _stands_in_byline(image)
        or bool(re.search(r"avatar|author|profile|logo|icon|portrait|user-?pic", said, re.I))
    )


def _stands_in_byline(image: Element) -> bool:
    """Whether a picture shares a small box with a time of day, as the faces of writers do."""
    boxes = [box for _, box in zip(range(3), image.iterancestors(), strict=False)]
    return any(
        next(box.iter("time"), None) is not None and amount(box) < MAX_BOX // 2 for box in boxes if box.tag != "figure"
    )


def _stands_below_picture(element: Element, work: Workspace) -> bool:
    """The other half of a box whose first half is a picture that is no portrait: its caption, whatever its name."""
    before, box = element.getprevious(), element.getparent()
    if before is None or box is None or len(box) != 2 or amount(box) > MAX_BOX:
        return False
    return any(not is_portrait(image, work) for image in before.iter("img"))
