"""Whole saved pages: which part is the article, which standfirst and which picture lead it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from generator.addresses import absolute
from generator.cleaning.blocks import HEADINGS
from generator.cleaning.density import INLINE, densest, told
from generator.cleaning.headline import (
    CAPTIONED,
    MIN_STANDFIRST,
    STANDFIRST,
    STANDFIRSTS,
    is_headline,
    is_portrait,
    is_second_line,
    pictured,
)
from generator.cleaning.promotions import BUILDER_NAMES, MAX_BOX
from generator.cleaning.workspace import Element, Workspace, amount, names, put_in_place, select, visible

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


def choose_body(work: Workspace) -> None:
    """In a whole saved page, the container of the text (and the lead figure beside it) is the article."""
    if not work.draft.whole_page:
        return
    total = amount(work.root)
    for selector in (*work.publisher.body, *_CONTAINERS):
        found = [element for element in select(selector, work.root) if amount(element) >= min(200, total / 4)]
        best = max(found, key=amount) if found else None
        if best is not None and not (selector == "article" and _is_beside_text(best, work)):
            best = _posts(best, work) if selector == "article" else _joined(best, selector, work.root)
            _keep(work, best, selector)
            return
    best = _whole(densest(work.root), work)
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
    if any(is_headline(e, work) for e in article.iter()):
        return False
    part = densest(work.root)
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
    if len(posts) < 2 or any(is_headline(head, work) or _leads_away(head, work) for head in heads):
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
        more = sum(told(e) for e in outer.iter() if e not in no_text and e.tag not in INLINE)
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
        headline = headline or is_headline(element, work)
        called = element.tag in STANDFIRSTS and (
            STANDFIRST.search(_called(element)) or (element.tag == "p" and is_second_line(element, work))
        )
        if not headline or not called or body in element.iterdescendants() or pictured(element):
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
        headline = headline or is_headline(element, work)
        if element.tag == "figure":
            captioned = any(amount(caption) for caption in element.iter("figcaption"))
            (figures if headline else above if captioned else []).append(element)
        elif element.tag == "img" and not is_portrait(element, work):
            if lead and any(_stem(value) == lead for value in element.values()):
                named.append(element)
            elif headline:
                large.append(element)
    if figures:
        return figures[:1]
    return [_picture_box(picture, work, body) for picture in (*named, *large)[:1]] or above[:1]


def _stem(address: str) -> str:
    """The name of a picture without its folder, ending and size: sites name one picture in several sizes."""
    plain = re.split("[?#]", address, maxsplit=1)[0]  # it may be no address at all
    name = plain.rpartition("/")[2].partition(".")[0] if "/" in plain else ""
    return re.sub(r"[-_](?:scaled|\d{2,4}(?:x\d{2,4})?)\Z", "", name)


def _picture_box(picture: Element, work: Workspace, body: Element) -> Element:
    """A picture and the caption round or behind it, as a figure."""
    outer = {*body.iterancestors()}
    for heading in (e for e in work.root.iter() if is_headline(e, work)):
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
    if behind is not None and not amount(box) and CAPTIONED.search(names(behind)) and amount(behind) <= MAX_BOX:
        behind.drop_tree()
        behind.tail = None
        figure.append(behind)
    return figure
