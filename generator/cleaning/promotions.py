"""Promotions on the tree: what asks for an address, what leads elsewhere, what sells; told by tag, name and role."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from urllib.parse import urlsplit

from generator.addresses import absolute, host_of, original
from generator.cleaning.workspace import Element, Workspace, amount, elements, inside, names, select, tag, visible

#: What the class, id or role of a promotion says. Each word stands alone between separators.
_PROMOTION = re.compile(
    r"(?:^|[\s_-])(?:ad|ads|adv|advert\w*|adbox|adsbygoogle|ad[_-]?(?:slot|unit|container|wrap\w*|block)|AdContainer\w*|dfp\w*|gpt-ad|taboola\w*|"
    r"outbrain\w*|dable\w*|sponsor\w*|promo\w*|self-?promo\w*|newsletter\w*|subscri(?:be|ption)\w*|sign-?up\w*|paywall\w*|donat\w*|membership|share\w*|sharing|"
    r"sharedaddy|social\w*|addthis\w*|addtoany\w*|related\w*|jp-relatedposts|recommend\w*|more-?(?:news|stor(?:y|ies)|articles?)|most-?read|trending|popular|"
    r"read-?(?:next|also|more)|breadcrumbs?|pagination|pager|comments?|disqus\w*|discuss\w*|keywords?|respond|cookie\w*|consent|gdpr|toolbar|navigation|navbar|menu|sidebar|"
    r"widget\w*|popup|modal|overlay|skip-?link|print-?(?:link|button)|likes?-widget\w*|post-?(?:tags|likes\w*)|tag-?(?:list|cloud|links)|(?:field|entry|article|story|news|keyword)-?tags?|tags|entry-footer|"
    r"author-?(?:box|bio|card|info)|entry-author-wrapper|qr-?code|footer|site-header|masthead|cta(?:-\w+)?|AudioCompact\w*|complementary|"
    r"contentinfo|aside|(?:hide|toggle)-caption|sns(?:[_-]\w+)?|internallink|banner|search|submeta|(?<!image__)metadata|printfooter|catlinks|mw-editsection|(?:entry|post|article)-meta|cat-links|posted-on|published-on|word-count|view-?count)(?:$|[\s_-])",
    re.I,
)
_PROMOTION_TAGS = ("nav", "aside", "footer", "menu")
_TOLD_BY_TAG = frozenset((*_PROMOTION_TAGS, "a", "figure"))
#: Where page builders whose classes are digests still say what a part is.
BUILDER_NAMES = (
    "data-testid",
    "data-test-id",
    "data-component",
    "data-module",
    "data-gu-name",
    "data-type",
    "data-inset_type",
    "aria-label",
    "aria-labelledby",
)
_TEASER = "teaser of another page"
_NAMING = frozenset(("class", "id", "role", *BUILDER_NAMES))
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: What the class of a link says that shows its picture in large.
_ENLARGES = re.compile(r"popup|modal|overlay", re.I)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.I)
_E_MAIL = re.compile(r"e-?mail|邮箱|郵箱|信箱|メール|بريد", re.I)
#: A link in a caption that sells the picture.
_SELLS = re.compile(r"\s*(?:purchase|buy) (?:licensing rights|this (?:photo|picture|image|print))", re.I)
#: How a sentence ends.
_ENDS = re.compile(r".{8}[.!?。！？؟…][\"”»」』]?\Z")
#: What offers to pass over something that is not the article, to those who listen to a page.
_SKIP = re.compile(r"(?:跳过|跳過|略过|略過|スキップ|تخط[يى])|skip (?!to\b)|(?:passer|überspringen|saltar)\b", re.I)
#: What a button says that leads to where readers leave their address.
_CALL = re.compile(
    r"(?:sign[ -]?up|subscribe|register|join)(?: (?:now|here|today|us|free|for free))?\W{0,3}\Z|(?:立即|免費|免费|马上|馬上|我要)?(?:订阅|訂閱|注册|註冊)(?:电子报|電子報)?\W{0,3}\Z|"
    r"(?:無料)?(?:会員)?登録(?:する|はこちら)\W{0,3}\Z|(?:اشترك|سجّل)(?: الآن)?\W{0,3}\Z",
    re.I,
)
#: A box in which readers leave their address says at most so much.
MAX_BOX = 260
#: The title on a card has at least so many characters.
MIN_TITLE = 8
#: The end of what can be passed over is marked by at most so many characters.
MAX_END = 40
#: A page offers to pass over a few things; for each the whole page is searched.
MOST_SKIPS = 20
#: So many links to other pages are looked at for cards, each with what stands round it.
MOST_LINKS = 200


def drop_sign_up_boxes(work: Workspace) -> None:
    """Boxes that ask for an e-mail address, with the words that coax: known by their field, whatever their names."""
    fields = [
        field
        for field in elements(work.root, "input")
        if field.get("type") == "email" or _E_MAIL.search(f"{field.get('name')} {field.get('placeholder')}")
    ]
    if work.draft.whole_page:
        fields += islice((link for link in elements(work.root, "a") if _calls(link)), MOST_SKIPS)
    total = amount(work.root) if fields else 0
    for field in fields:
        if not inside(field, work.root):
            continue
        work.drop(_box_of(field, work.root, total), "promotion", "box that asks for an address")


def _calls(link: Element) -> bool:
    """Whether a link is a button that calls to sign up, and no part of a sentence."""
    if not link.text or len(link.text) > 24 or not _CALL.match(link.text.strip()):
        return False
    return not any(text and text.strip() for text in (link.tail, _text_before(link)))


def _text_before(element: Element) -> str | None:
    """The text right before an element, in what holds it."""
    before, holder = element.getprevious(), element.getparent()
    return before.tail if before is not None else holder.text if holder is not None else None


def _box_of(part: Element, root: Element, total: int) -> Element:
    """The largest box round a part that may hold nothing of the article."""
    box = part
    for ancestor in part.iterancestors():
        size = amount(ancestor)
        if ancestor is root or size > MAX_BOX or size * 3 > total or _holds_text_beside(ancestor, box):
            break
        box = ancestor
    return box


def _holds_text_beside(element: Element, box: Element) -> bool:
    """Whether a headline, a caption or a paragraph in an element, outside of a box in it, may be the article's."""
    return any(
        amount(p) > (80 if p.tag == "p" else 0) and p not in box.iter() and box not in p.iter()
        for p in element.iter("p", "h1", "figcaption")
    )


def drop_skipped(work: Workspace) -> None:
    """What a link offers to pass over: all from it to the place it leads to, with the few words that mark this end."""
    skips = (
        link
        for link in elements(work.root, "a")
        if len(target := link.get("href", "")) > 1 and target.startswith("#") and _SKIP.match(visible(link))
    )
    for link in islice((link for link in skips if inside(link, work.root)), MOST_SKIPS):
        target = link.get("href", "")[1:]
        end = next((e for e in work.root.iter() if target in (e.get("id"), e.get("name"))), None)
        if end is not None and end not in link.iterancestors():
            _drop_between(link, end, work)


def _drop_between(first: Element, last: Element, work: Workspace) -> None:
    above = {*first.iterancestors()}
    outer = next((e for e in last.iterancestors() if e in above), None)
    if outer is None:
        return
    start, end = (next(child for child in outer if e is child or e in child.iterdescendants()) for e in (first, last))
    parts = list(outer)
    skipped = parts[parts.index(start) : parts.index(end) + (amount(end) < MAX_END)]
    if sum(map(amount, skipped)) * 3 < amount(work.root) and not any(map(_reads_like_text, skipped)):
        for part in skipped:
            work.drop(part, "promotion", "passed over")


def drop_cards(work: Workspace) -> None:
    """Cards of other pages of the site, whatever their names: a head that is a link, a picture and a title with one target.

    They are spared where they are much of the page: a review of the week is made of such.
    """
    if not work.draft.whole_page:
        return
    total = amount(work.root)
    links = islice((link for link in elements(work.root, "a") if _leads_to_other_page(link, work)), MOST_LINKS)
    parts = [part for link in links if (part := _part_of_card(link)) is not None]
    found = {part: card for part in parts if (card := _card(part, work, total)) is not None}
    cards = [card for card in dict.fromkeys(found.values()) if found.keys().isdisjoint(card.iterancestors())]
    cards = [card for card in cards if not any(outer in cards for outer in card.iterancestors())]
    if 2 * len(found) < len(parts) or 3 * sum(map(amount, cards)) > total:
        return
    for card in cards:
        _drop_from_shelf(card, work, "card of another page")


def _drop_from_shelf(card: Element, work: Workspace, why: str) -> None:
    """Drop a card, and with the last of several the head above them."""
    shelves = list(card.iterancestors())
    work.drop(card, "promotion", why)
    bare = list(takewhile(_is_bare_shelf, shelves[: shelves.index(work.root)]))
    if bare and amount(bare[-1]):
        work.drop(bare[-1], "promotion", "head of cards")


def _is_bare_shelf(element: Element) -> bool:
    """Whether nothing but a short head is left in a box."""
    shown = next(element.iter("img", "video", "audio", "iframe", "a"), None) is not None
    return not shown and amount(element) <= MAX_END and not _ENDS.search(visible(element))


def _part_of_card(link: Element) -> Element | None:
    """The head that is nothing but a link to another page, or the link round a picture whose target a title shares."""
    if size := amount(link):
        head = next(link.iterancestors("h2", "h3", "h4", "h5"), None)
        return head if head is not None and amount(head) == size else None
    target, near = link.get("href"), next(islice(link.iterancestors(), 2, 3), None)
    if near is None or next(link.iter("img"), None) is None:
        return None
    return link if any(a.get("href") == target and amount(a) >= MIN_TITLE for a in near.iter("a")) else None


def _card(part: Element, work: Workspace, total: int) -> Element | None:
    """The box round a part of a card; None where it would be the part alone, or where links are not much of it."""
    box = _box_of(part, work.root, total)
    titles = sum(amount(link) for link in box.iter("a") if _leads_to_other_page(link, work))
    return box if box is not part and titles * 4 > amount(box) else None


def _leads_to_other_page(link: Element, work: Workspace) -> bool:
    target = _target_on_site(link, work)
    return bool(target) and target.partition("#")[0] != original(work.base)


def _target_on_site(link: Element, work: Workspace) -> str:
    """Where a link leads on the host of its page, "" where it leads elsewhere; what an archive kept stands where it stood."""
    target = original(absolute(link.get("href", ""), work.base))
    return target if host_of(target) == host_of(original(work.base)) != "" else ""


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
            if size * 3 >= total or _reads_like_text(element):
                continue
            if why == _TEASER:
                _drop_from_shelf(element, work, why)
            else:
                work.drop(element, "promotion", why)


def _promotes(element: Element, work: Workspace) -> str:
    """What tells that an element promotes, or ""."""
    keys = element.keys()
    if element.tag not in _TOLD_BY_TAG and _NAMING.isdisjoint(keys):
        return ""
    said = names(element)
    built = " ".join(element.get(name, "") for name in BUILDER_NAMES if name in keys)
    called = f"{said} {built}".strip()
    if element.tag == "a" and next(element.iter("img"), None) is not None and not amount(element):
        called = _ENLARGES.sub("", called)
    parted = _HUMP.sub("-", called) if called else ""
    if (element.tag in _PROMOTION_TAGS and not _is_pull_quote(element)) or (
        called and _PROMOTION.search(called if parted == called else f"{called} {parted}")
    ):
        return (said or built)[:80] or f"<{tag(element)}>"
    if element.tag == "a" and _BUTTON.search(said) and 0 < amount(element) < 40:
        return "button"
    if element.tag == "a" and element.text and _SELLS.match(element.text):
        return "sells the picture"
    if element.tag == "figure":
        return "link to another page" if _only_leads_on(element, work) else ""
    if element.tag != "a" or not work.draft.whole_page:
        return ""
    if _leads_to_other_page(element, work) and _is_teaser(element):
        return _TEASER
    return "link to the front page" if _returns(element, work) else ""


def _returns(link: Element, work: Workspace) -> bool:
    """Whether a link behind the last sentence of a paragraph leads back to the site's front page."""
    said = _text_before(link)
    if link.getnext() is not None or (link.tail and link.tail.strip()) or not said or not _ENDS.search(said.rstrip()):
        return False
    target = _target_on_site(link, work)
    return bool(target) and urlsplit(target).path in ("", "/")


def _is_pull_quote(element: Element) -> bool:
    """A bare ``<aside>`` of one sentence that leads nowhere: editors set words of the text apart by it."""
    plain = not element.keys() and all(
        e.tag in ("p", "br", "em", "i", "b", "strong") for e in element.iterdescendants()
    )
    return element.tag == "aside" and plain and bool(_ENDS.search(visible(element)))


def _only_leads_on(figure: Element, work: Workspace) -> bool:
    """A figure without anything to see, whose words are links to other pages of the same site."""
    links = list(figure.iter("a"))
    own = (host_of(absolute(a.get("href", ""), work.base)) in ("", host_of(work.base)) for a in links)
    shows = next(figure.iter("img", "video", "audio", "picture", "table", "pre", "blockquote"), None) is not None
    return bool(links) and not shows and all(own) and sum(map(amount, links)) * 2 > amount(figure)


def _is_teaser(link: Element) -> bool:
    """A link round blocks: a title, a picture, a description."""
    return amount(link) < MAX_BOX and any(
        part.tag in ("div", "p", "h2", "h3", "h4") and amount(part) for part in link.iterdescendants()
    )


def _reads_like_text(element: Element) -> bool:
    long = [p for p in element.iter("p") if len(visible(p)) > 90]
    in_links = sum(amount(a) for a in element.iter("a"))
    return len(long) >= 2 and in_links * 3 < amount(element)
