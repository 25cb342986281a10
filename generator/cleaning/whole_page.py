"""Whole saved pages: which part is the article, which picture leads it, what stands round its headline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from generator.addresses import absolute
from generator.cleaning.blocks import HEADINGS
from generator.cleaning.promotions import BUILDER_NAMES, MAX_BOX
from generator.cleaning.workspace import Element, Workspace, amount, names, number, put_in_place, select, visible

#: Containers of the text of an article, best first, as the large systems of the web name them.
_CONTAINERS = (
    '[itemprop="articleBody"]', "div.entry-content", "div.post-content", "div.article-content", "div.article-body", "div.article__body",
    "div.story-body", "div.post_content", "div.article_content", "#article-body", "#articleBody", "div.content-body",
    "div.wp-block-post-content", "div.field--name-body", "div.amp-wp-article-content", "div.available-content", "#js_content", "div.mw-parser-output",
    "article", "main",
    '[role="main"]', "#content", "div.content",
)  # fmt: skip
#: Those that say that they hold text, and no more than one article's of a name in one place.
_NAMED = ('[itemprop="articleBody"]', "div.")
#: What stands in these is no paragraph of the text.
_NO_PARAGRAPH = HEADINGS | {"figure", "figcaption", "li", "header"}
_INLINE = frozenset(
    "a b i u em strong font span br small big sub sup code q cite abbr mark time ruby rt rb rp center".split()
)
_STANDFIRST = re.compile(
    r"sub-?(?:title|head)|standfirst|\bde(?:c)?k\b|excerpt|summary|(?:^|[\s_-])(?:lead|lede|intro|preface|abstract|teaser-?text)(?:$|\s)",
    re.I,
)
_STANDFIRSTS = ("p", "div", "h2", "h3", "h4")
MIN_STANDFIRST = 12
#: The points of a summary have so many characters on average, half as many in Han characters.
MIN_POINT = 28
#: A line of names and dates, however long.
_BYLINE = re.compile(r"\A(?:by|记者|記者)\b.{0,80}[|｜].{0,60}\d{4}|[|｜].{0,40}(?:updated|更新).{0,20}\d{4}", re.I)
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{4}")
_END = re.compile(r"[.。！？!?؟…][\"”」』]?\Z")
_SENTENCE = re.compile(r".{12}[.。！？!?؟…][\"”」』]?\Z")
_SHORT_SENTENCE = re.compile(r"(?!(?:by|from)\b)\D{3,}[.。！？!?؟…][\"”」』]?\Z", re.I)
_CAPTIONED = re.compile(r"caption|credit|copyright", re.I)


def choose_body(work: Workspace) -> None:
    """In a whole saved page, the container of the text (and the lead figure beside it) is the article."""
    if not work.whole_page:
        return
    total = amount(work.root)
    for selector in (*work.publisher.body, *_CONTAINERS):
        found = [element for element in select(selector, work.root) if amount(element) >= min(200, total / 4)]
        best = max(found, key=amount) if found else None
        if best is not None and not (selector == "article" and _is_beside_text(best, work)):
            best = _posts(best, work) if selector == "article" else _joined(best, selector, work.root)
            _keep(work, best, selector)
            return
    best = _whole(_densest(work.root), work)
    if best is not None and best is not work.root:
        _keep(work, best, "densest part")


def _joined(body: Element, selector: str, root: Element) -> Element:
    """A body with its brothers of the same name in it: some sites part the text in two and set boxes between."""
    holder = body.getparent()
    if holder is None or not selector.startswith(_NAMED) or selector == "div.content":
        return body
    parts = [e for e in select(selector, root) if e.getparent() is holder]
    if len(parts) < 2:
        return body
    joined = html.Element("div")
    holder.insert(holder.index(parts[0]), joined)
    for part in parts:
        part.drop_tree()
        part.tail = None
        joined.append(part)
    return joined


def _is_beside_text(article: Element, work: Workspace) -> bool:
    """Whether an ``<article>`` is a comment or a teaser: without the headline, and not where most of the text is."""
    if any(_is_headline(e, work) for e in article.iter()):
        return False
    part = _densest(work.root)
    return part is not None and part not in article.iter() and part not in article.iterancestors()


def _posts(article: Element, work: Workspace) -> Element:
    """All the posts of a page that follows an event: an ``<article>`` each, below a headline that belongs to none."""
    called = article.get("class")
    posts = [
        e
        for e in work.root.iter("article")
        if e.get("class") == called and next(e.iterancestors("article"), None) is None
    ]
    heads = [head for post in posts for head in post.iter("h1", "h2", "h3")]
    if len(posts) < 2 or any(_is_headline(head, work) or _leads_away(head, work) for head in heads):
        return article
    joined = html.Element("div")
    put_in_place(joined, posts[0])
    for post in posts:
        if post is not posts[0]:
            post.drop_tree()
        post.tail = None
        joined.append(post)
    return joined


def _leads_away(head: Element, work: Workspace) -> bool:
    """Whether a heading holds, or stands in, a link to another page."""
    links = (*head.iter("a"), *head.iterancestors("a"))
    targets = (absolute(link.get("href", ""), work.base) for link in links)
    return any(
        target.partition("#")[0].partition("?")[0] != work.base.partition("?")[0] for target in targets if target
    )


def _whole(part: Element | None, work: Workspace) -> Element | None:
    """The densest part, or an element close round it that adds little but more text, links and captions not counted."""
    best = part
    levels = 0
    for outer in part.iterancestors() if part is not None else ():
        if levels > 2 or outer is work.root or best is None:
            break
        levels += amount(outer) > amount(best)
        mine = {*best.iter()}
        no_text = mine.union(*(other.iter() for other in _others(outer, mine, work)))
        more = sum(_told(e) for e in outer.iter() if e not in no_text and e.tag not in _INLINE)
        beside = sum(amount(e) for e in outer.iter("a", "figcaption", *HEADINGS) if e not in mine)
        if more and more > 0.7 * (amount(outer) - amount(best) - beside):
            best = outer
    return best


def _others(outer: Element, mine: set[Element], work: Workspace) -> Iterator[Element]:
    """Comments that call themselves articles, and boxes of other stories: their heads lead to other pages."""
    yield from (article for article in outer.iter("article") if article not in mine)
    for head in outer.iter("h2", "h3", "h4", "h5"):
        box = head.getparent()
        if head not in mine and box is not None and box is not outer and _leads_away(head, work):
            yield box


def _keep(work: Workspace, body: Element, rule: str) -> None:
    leads = [e for selector in work.publisher.lead for e in select(selector, work.root) if body not in e.iter()]
    leads = leads or [*_standfirst(work, body), *_lead_before(work, body)]
    root = html.Element("div")
    for part in (*[e for e in leads if e not in body.iter()], body):
        part.drop_tree()
        part.tail = None
        root.append(part)
    rest = visible(work.root)
    if rest:
        work.record("promotion", f"outside of {rule}", rest)
    work.root = root


def _standfirst(work: Workspace, body: Element) -> list[Element]:
    """The sentence or two that some sites set between the headline and the text, unless the text says them again."""
    headline, said = False, ""
    for element in work.root.iter():
        if element is body:
            break
        headline = headline or _is_headline(element, work)
        called = element.tag in _STANDFIRSTS and (
            _STANDFIRST.search(_called(element)) or (element.tag == "p" and _is_second_line(element, work))
        )
        if not headline or not called or body in element.iterdescendants() or _pictured(element):
            continue
        text = visible(element)
        if MIN_STANDFIRST <= len(text) <= 2 * MAX_BOX:
            said = said or visible(body)
            if text not in said:
                element.tag = "p"
                return [element]
    return []


def _called(element: Element) -> str:
    """What an element is called, also where its classes are digests."""
    return " ".join((names(element), *(element.get(name, "") for name in BUILDER_NAMES)))


def _pictured(element: Element) -> bool:
    return next(element.iter("img", "figure"), None) is not None


def _lead_before(work: Workspace, body: Element) -> list[Element]:
    """The lead picture of most sites stands outside of the text, with its caption.

    It is a figure between the headline and the text; or the picture that the page's head names, wherever it stands
    above the text; or a large picture between the two.
    """
    above: list[Element] = []
    figures: list[Element] = []
    named, large = [], []
    lead, headline = _stem(work.draft.lead_figure), False
    for element in work.root.iter():
        if element is body:
            break
        headline = headline or _is_headline(element, work)
        if element.tag == "figure":
            captioned = any(amount(caption) for caption in element.iter("figcaption"))
            (figures if headline else above if captioned else []).append(element)
        elif element.tag == "img" and not _is_portrait(element, work):
            if lead and any(_stem(value) == lead for value in element.values()):
                named.append(element)
            elif headline:
                large.append(element)
    if figures:
        return figures[:1]
    return [_picture_box(picture, work, body) for picture in (*named, *large)[:1]] or above[:1]


def _is_headline(element: Element, work: Workspace) -> bool:
    title = work.draft.title
    return element.tag == "h1" or bool(title and element.text and " ".join(element.text.split()) == title)


def _stem(address: str) -> str:
    """The name of a picture without its folder, ending and size: sites name one picture in several sizes."""
    plain = re.split("[?#]", address, maxsplit=1)[0]  # it may be no address at all
    name = plain.rpartition("/")[2].partition(".")[0] if "/" in plain else ""
    return re.sub(r"[-_](?:scaled|\d{2,4}(?:x\d{2,4})?)\Z", "", name)


def _is_portrait(image: Element, work: Workspace) -> bool:
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


def _picture_box(picture: Element, work: Workspace, body: Element) -> Element:
    """A picture and the caption round or behind it, as a figure."""
    outer = {*body.iterancestors()}
    for heading in (e for e in work.root.iter() if _is_headline(e, work)):
        outer |= {heading, *heading.iterancestors()}
    box = picture
    for ancestor in picture.iterancestors():
        if ancestor in outer or amount(ancestor) > MAX_BOX or sum(1 for _ in ancestor.iter("img")) > 1:
            break
        box = ancestor
    figure = html.Element("figure")
    behind = box.getnext()
    put_in_place(figure, box)
    figure.append(box)
    if behind is not None and not amount(box) and _CAPTIONED.search(names(behind)) and amount(behind) <= MAX_BOX:
        behind.drop_tree()
        behind.tail = None
        figure.append(behind)
    return figure


def _densest(root: Element) -> Element | None:
    """The element that holds the most text in long pieces; of a piece in a box of its own the half counts further out.

    A piece is what stands together between tags, links not counted: old pages part paragraphs by ``<br>``.
    """
    scores: dict[Element, float] = {}
    for element in root.iter():
        if element.tag in _INLINE or element.tag == "figcaption":
            continue
        length = _length(element, 25)
        holder = element.getparent() if element.tag == "p" else element
        if not length or holder is None:
            continue
        scores[holder] = scores.get(holder, 0) + length
        outer = holder.getparent()
        if outer is not None and holder is not root:
            scores[outer] = scores.get(outer, 0) + length / 2
    return max(scores, key=lambda element: scores[element]) if scores else None


def _length(element: Element, least: int = 0) -> int:
    """The characters of an element's own pieces of text that are longer than ``least``."""
    return sum(size for piece in _pieces(element) if (size := len(piece.strip())) > least)


def _told(element: Element) -> int:
    """The characters of an element's own pieces of text that are long, or sentences."""
    pieces = (piece.strip() for piece in _pieces(element))
    return sum(len(piece) for piece in pieces if len(piece) > 60 or _is_sentence(piece))


def _is_sentence(piece: str) -> bool:
    """Whether a piece of text ends like a sentence and is as long as one."""
    return len(piece) > (5 if _HAN.search(piece) else 20) and bool(_END.search(piece))


def _pieces(element: Element) -> Iterator[str]:
    """The text that stands in an element itself, or in inline elements in it that are no links."""
    yield element.text or ""
    for child in element:
        if child.tag in _INLINE and child.tag != "a":
            yield from _pieces(child)
        yield child.tail or ""


def _stands_below_picture(element: Element, work: Workspace) -> bool:
    """The other half of a box whose first half is a picture that is no portrait: its caption, whatever its name."""
    before, box = element.getprevious(), element.getparent()
    if before is None or box is None or len(box) != 2 or amount(box) > MAX_BOX:
        return False
    return any(not _is_portrait(image, work) for image in before.iter("img"))


def drop_byline(work: Workspace) -> None:
    """Round the headline of a whole page: kickers above it; names, dates, counts and buttons between it and the text.

    Pictures stay, and below the headline what reads like a standfirst.
    """
    headline = next((e for e in work.root.iter() if _is_headline(e, work)), None) if work.whole_page else None
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
    part = _densest(root)
    least = 24 if part is not None and _HAN.search(visible(part)) else 40
    below = False
    for element in root.iter():
        below = below or element is headline
        if not below or element.tag in _INLINE or element.tag in _NO_PARAGRAPH:
            continue
        around = (element, *element.iterancestors())
        if part in around and not any(e.tag in _NO_PARAGRAPH for e in around) and _length(element) > least:
            return element
    return None


def _sift(element: Element, work: Workspace, below: bool) -> None:
    """Drop an element, or the parts of it that are not worth keeping."""
    if _is_worth(element, work, below):
        if element.tag in _STANDFIRSTS and _STANDFIRST.search(names(element)) and not _pictured(element):
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
        return any(not _is_portrait(image, work) for image in element.iter("img"))
    text = visible(element)
    if not below or not text or text in work.draft.author:
        return False
    if element.tag in ("h2", "h3"):
        return True
    if _CAPTIONED.search(names(element)):
        return True
    if _STANDFIRST.search(names(element)) and len(text) >= MIN_STANDFIRST:
        return element.tag in _STANDFIRSTS or element.tag in ("ul", "ol")
    if _stands_below_picture(element, work) or _tells(element):
        return True
    if _BYLINE.search(text):
        return False
    if element.tag == "p" and _follows_headline(element, work) and len(text) >= 2 * MIN_STANDFIRST:
        return True
    leaf = element.tag in ("p", "div", "h4") and all(child.tag in _INLINE for child in element)
    return leaf and (len(text) > 60 or bool(_SENTENCE.search(text)))


def _is_second_line(element: Element, work: Workspace) -> bool:
    """Whether a sentence stands right below the headline."""
    return bool(_follows_headline(element, work) and _SENTENCE.search(visible(element)))


def _follows_headline(element: Element, work: Workspace) -> bool:
    """Whether a paragraph stands right below the headline and names neither the writer nor a day."""
    before = element.getprevious()
    text = visible(element)
    named = bool(work.draft.author) and work.draft.author.split(",")[0] in text
    return (
        before is not None
        and _is_headline(before, work)
        and not named
        and not re.search(r"\d{4}|[|｜@]|\A(?:by|from)\b", text, re.I)
    )


def _tells(element: Element) -> bool:
    """Whether a list tells the article in short: several points as long as sentences, and no links."""
    points = [visible(point) for point in element.iter("li")] if element.tag in ("ul", "ol") else []
    if len(points) < 2 or next(element.iter("a"), None) is not None:
        return False
    least = MIN_POINT // 2 if _HAN.search(points[0]) else MIN_POINT
    return sum(map(len, points)) >= least * len(points)
