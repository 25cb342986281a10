"""Promotions on the tree: what asks for an address, what leads elsewhere, what sells; told by tag, name and role."""

from __future__ import annotations

import re

from generator.addresses import absolute, host_of
from generator.cleaning.workspace import Element, Workspace, amount, elements, inside, names, select, tag, visible

#: What the class, id or role of a promotion says. Each word stands alone between separators.
_PROMOTION = re.compile(
    r"(?:^|[\s_-])(?:ad|ads|adv|advert\w*|adbox|adsbygoogle|ad[_-]?(?:slot|unit|container|wrap\w*|block)|AdContainer\w*|dfp\w*|gpt-ad|taboola\w*|"
    r"outbrain\w*|dable\w*|sponsor\w*|promo\w*|self-?promo\w*|newsletter\w*|subscri(?:be|ption)\w*|sign-?up\w*|paywall\w*|donat\w*|membership|share\w*|sharing|"
    r"sharedaddy|social\w*|addthis\w*|addtoany\w*|related\w*|jp-relatedposts|recommend\w*|more-?(?:news|stor(?:y|ies)|articles?)|most-?read|trending|popular|"
    r"read-?(?:next|also|more)|breadcrumbs?|pagination|pager|comments?|disqus\w*|respond|cookie\w*|consent|gdpr|toolbar|navigation|navbar|menu|sidebar|"
    r"widget\w*|popup|modal|overlay|skip-?link|print-?(?:link|button)|likes?-widget\w*|post-?(?:tags|likes\w*)|tag-?(?:list|cloud|links)|(?:field|entry|article|story|news|keyword)-?tags?|tags|entry-footer|"
    r"author-?(?:box|bio|card|info)|entry-author-wrapper|qr-?code|footer|site-header|masthead|cta(?:-\w+)?|AudioCompact\w*|complementary|"
    r"contentinfo|banner|search|(?:entry|post|article)-meta|cat-links|posted-on|published-on|word-count|view-?count)(?:$|[\s_-])",
    re.I,
)
_PROMOTION_TAGS = ("nav", "aside", "footer", "menu")
#: Where page builders whose classes are digests still say what a part is.
_BUILDER_NAMES = ("data-testid", "data-test-id", "data-component", "data-module")
_NAMING = frozenset(("class", "id", "role", *_BUILDER_NAMES))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.I)
_E_MAIL = re.compile(r"e-?mail|邮箱|郵箱|信箱|メール|بريد", re.I)
#: A box in which readers leave their address says at most so much.
MAX_BOX = 260


def drop_sign_up_boxes(work: Workspace) -> None:
    """Boxes that ask for an e-mail address, with the words that coax: known by their field, whatever their names."""
    fields = [
        field
        for field in elements(work.root, "input")
        if field.get("type") == "email" or _E_MAIL.search(f"{field.get('name')} {field.get('placeholder')}")
    ]
    total = amount(work.root) if fields else 0
    for field in fields:
        if not inside(field, work.root):
            continue
        box = field
        for ancestor in field.iterancestors():
            size = amount(ancestor)
            if ancestor is work.root or size > MAX_BOX or size * 3 > total or _holds_text_beside(ancestor, box):
                break
            box = ancestor
        work.drop(box, "promotion", "box that asks for an address")


def _holds_text_beside(element: Element, box: Element) -> bool:
    """Whether a paragraph in an element, outside of a box in it, may be the article's."""
    return any(amount(p) > 80 and p not in box.iter() and box not in p.iter() for p in element.iter("p"))


def drop_promotions(work: Workspace) -> None:
    """Navigation, share bars, adverts, related lists, newsletters: by tag, role and what their class says.

    An element that holds a good part of the text, or long paragraphs with few links, is spared whatever its class says.
    """
    total = max(1, amount(work.root))
    kept = {
        part
        for selector in work.publisher.keep
        for found in select(selector, work.root)
        for part in (*found.iter(), *found.iterancestors())
    }
    for element in list(work.root.iterdescendants()):
        if element not in kept and (why := _promotes(element, work)) and inside(element, work.root):
            size = amount(element)
            if size * 3 < total and not _reads_like_text(element):
                work.drop(element, "promotion", why)


def _promotes(element: Element, work: Workspace) -> str:
    """What tells that an element promotes, or ""."""
    if element.tag not in (*_PROMOTION_TAGS, "a") and _NAMING.isdisjoint(element.keys()):
        return ""
    said = names(element)
    built = " ".join(filter(None, (element.get(name) for name in _BUILDER_NAMES)))
    called = f"{said} {built}".strip()
    parted = _HUMP.sub("-", called) if called else ""
    if element.tag in _PROMOTION_TAGS or (
        called and _PROMOTION.search(called if parted == called else f"{called} {parted}")
    ):
        return (said or built)[:80] or f"<{tag(element)}>"
    if element.tag == "a" and _BUTTON.search(said) and 0 < amount(element) < 40:
        return "button"
    return "teaser of another page" if element.tag == "a" and work.whole_page and _is_teaser(element, work) else ""


def _is_teaser(link: Element, work: Workspace) -> bool:
    """A link round blocks (a title, a picture, a description) to another page of the same site."""
    target = absolute(link.get("href", ""), work.base)
    own = host_of(target) == host_of(work.base) != "" and target != work.base
    return (
        own
        and amount(link) < MAX_BOX
        and any(part.tag in ("div", "p", "h2", "h3", "h4") and amount(part) for part in link.iterdescendants())
    )


def _reads_like_text(element: Element) -> bool:
    long = [p for p in element.iter("p") if len(visible(p)) > 90]
    in_links = sum(amount(a) for a in element.iter("a"))
    return len(long) >= 2 and in_links * 3 < amount(element)
