"""Steps on the tree: cut out what is invisible, what tracks, what promotes. One function a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from lxml import html
from lxml.cssselect import CSSSelector, SelectorError

from generator.addresses import absolute, host_of
from generator.cleaning.workspace import (
    Element,
    Workspace,
    amount,
    elements,
    inside,
    names,
    number,
    put_in_place,
    tag,
    visible,
)
from generator.errors import ConfigError

_MACHINERY = ("script", "style", "template", "object", "embed", "applet", "form", "input", "button", "select", "textarea", "svg",
              "canvas", "head", "link", "meta", "base", "title", "map", "frame", "frameset", "dialog", "portal", "math",
              "amp-ad", "amp-embed", "amp-sticky-ad", "amp-auto-ads", "amp-analytics", "amp-pixel", "amp-sidebar", "amp-social-share",
              "amp-user-notification", "amp-consent", "amp-state", "amp-list")  # fmt: skip
#: What AMP calls the elements that HTML has.
_AMP = {"amp-img": "img", "amp-anim": "img", "amp-iframe": "iframe", "amp-video": "video", "amp-audio": "audio"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]", re.I)
_HIDDEN_NAMES = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader(?:-text)?|visually-?hidden\w*|VisuallyHidden\w*|offscreen)(?:$|[\s_-])",
    re.I,
)
_BEACON = re.compile(
    r"medium\.com/_/stat|pixel\.wp\.com|stats\.wp\.com|scorecardresearch|hm\.baidu\.com|statcounter|facebook\.com/tr\b|google-analytics|"
    r"googletagmanager|doubleclick\.net|(?:matomo|piwik)\.(?:php|js)|counter\.yadro|quantserve|adsct|bing\.com/action|mc\.yandex|"
    r"feeds\.feedburner\.com/~[r4]|feedsportal|flattr\.com|b\.scorecard|pixel\.quantserve|sb\.scorecard|omtrdc\.net|2o7\.net|chartbeat|"
    r"(?:^|[/.])(?:pixel|beacon|track(?:er|ing)?|analytics|counter|telemetry|stat|stats|log)s?\.[\w.-]+/|/(?:pixel|beacon|track|__utm|collect|1x1|spacer|blank|"
    r"transparent)\b[\w.-]*(?:\.(?:gif|png|php|js))?(?:[?#]|\Z)",
    re.I,
)
_NOT_A_PICTURE = re.compile(r"\.(?:md|php|js|html?|aspx?|cgi|txt|json)\Z", re.I)
_ADVERT_IMAGE = re.compile(
    r"/(?:ads?|adverts?|banners?|promo|sponsor)/|(?:^|[_-])(?:728x90|300x250|160x600|468x60|320x50|970x250)(?:[_.-]|\Z)|/qr(?:code)?[_./-]|qrcode|\.(?:md|html?)\.(?:png|jpe?g|gif)\Z",
    re.I,
)
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
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.I)
_E_MAIL = re.compile(r"e-?mail|邮箱|郵箱|信箱|メール|بريد", re.I)
_STANDFIRST = re.compile(r"sub-?(?:title|head)|standfirst|\bde(?:c)?k\b|excerpt|summary", re.I)
_CAPTIONED = re.compile(r"caption|credit|copyright", re.I)
#: A box in which readers leave their address says at most so much.
MAX_BOX = 260
#: Containers of the text of an article, best first, as the large systems of the web name them.
_CONTAINERS = (
    '[itemprop="articleBody"]', "div.entry-content", "div.post-content", "div.article-content", "div.article-body", "div.article__body",
    "div.story-body", "div.post_content", "div.article_content", "#article-body", "#articleBody", "div.content-body",
    "div.wp-block-post-content", "div.field--name-body", "div.amp-wp-article-content", "div.available-content",
    "article", "main",
    '[role="main"]', "#content", "div.content",
)  # fmt: skip
_PLAYERS = {
    "youtube.com": r"/embed/([\w-]{6,})",
    "youtube-nocookie.com": r"/embed/([\w-]{6,})",
    "player.vimeo.com": r"/video/(\d+)",
    "dailymotion.com": r"/embed/video/(\w+)",
}
_WATCH = {
    "player.vimeo.com": "https://vimeo.com/{}",
    "dailymotion.com": "https://www.dailymotion.com/video/{}",
}


def select(selector: str, root: Element) -> list[Element]:
    """The descendants that a CSS selector matches; raises ConfigError when it is no selector."""
    try:
        return list(_compiled(selector)(root))
    except SelectorError as error:
        raise ConfigError(
            "selector", f"{selector!r} is no CSS selector ({error})", "mend it in the publisher's file"
        ) from None


_SELECTORS: dict[str, CSSSelector] = {}


def _compiled(selector: str) -> CSSSelector:
    if selector not in _SELECTORS:
        _SELECTORS[selector] = CSSSelector(selector, translator="html")
    return _SELECTORS[selector]


def read_amp(work: Workspace) -> None:
    """AMP's elements under the names that HTML gives them; what they hold for browsers without AMP goes."""
    for element in elements(work.root, *_AMP):
        first = next(element.iter("img"), None)
        if first is not None and not element.get("src"):
            element.set("src", first.get("src", ""))
        element.tag = _AMP[tag(element)]
        for part in list(element.iterchildren("noscript", "img", "i-amphtml-sizer")):
            part.drop_tree()


def unwrap_lazy(work: Workspace) -> None:
    """``<noscript>`` doubles of lazy pictures: one picture stays, with the address that is real."""
    for noscript in elements(work.root, "noscript"):
        doubles = list(noscript.iter("img"))
        before = list(noscript.itersiblings("img", preceding=True)) or [
            img for sibling in noscript.itersiblings(preceding=True) for img in sibling.iter("img")
        ]
        if doubles and not before:
            noscript.drop_tag()
            continue
        if doubles and before and not is_picture(before[0].get("src", "")):
            before[0].set("src", doubles[0].get("src", ""))
        noscript.drop_tree()


def is_picture(src: str) -> bool:
    """Whether an ``src`` looks like the real thing and not like a placeholder that a script would replace."""
    return bool(src) and not re.match(r"data:|about:|javascript:", src.strip(), re.I) and not _PLACEHOLDER.search(src)


_PLACEHOLDER = re.compile(
    r"picsum\.photos|placeholder|placehold\.|/(?:blank|spacer|loading|lazy(?:load)?|grey|transparent|1x1)(?:[_-][\w-]*)?\.(?:gif|png|svg|jpe?g)",
    re.I,
)


def link_embeds(work: Workspace) -> None:
    """Players and frames become plain links to what they show; other frames go."""
    for frame in elements(work.root, "iframe", "video", "audio"):
        sources = [
            frame.get("src", ""),
            frame.get("data-src", ""),
            *(s.get("src", "") for s in frame.iter("source")),
        ]
        address = next((a for s in sources if (a := absolute(s, work.base))), "")
        target = _watch(address) if frame.tag == "iframe" else address
        if not target:
            work.drop(frame, "hidden", tag(frame))
            continue
        link = html.Element("p")
        anchor = html.Element("a", href=target)
        anchor.text = target
        link.append(anchor)
        put_in_place(link, frame)


def _watch(address: str) -> str:
    """The page on which a reader can watch what a player frame shows; "" for any other frame."""
    host = host_of(address)
    match = re.search(_PLAYERS[host], address) if host in _PLAYERS else None
    if match:
        return _WATCH.get(host, "https://www.youtube.com/watch?v={}").format(match[1])
    if host == "facebook.com" and "/plugins/" in address:
        return absolute(parse_qs(urlsplit(address).query).get("href", [""])[0], "")
    return ""


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


def drop_machinery(work: Workspace) -> None:
    """Scripts, styles, forms, vector drawings, heads: what a reader never reads."""
    for element in elements(work.root, *_MACHINERY):
        if element.tag == "form" and amount(element) > amount(work.root) / 2:
            element.drop_tag()  # ASP.NET puts the whole page into one form
        elif element.tag == "embed":
            work.record("hidden", "embed", element.get("src", ""))
            element.drop_tag()  # libxml2 does not know that it is empty and puts all that follows into it
        else:
            work.drop(element, "hidden", tag(element))


def drop_hidden(work: Workspace) -> None:
    """What the publisher hides from the eye; unless it hides most of the article until a script runs."""
    total = amount(work.root)
    for element in elements(work.root):
        hidden = element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style", ""))
        if (hidden or _HIDDEN_NAMES.search(names(element))) and amount(element) * 2 <= total:
            work.drop(element, "hidden", "hidden by style or class")


def drop_trackers(work: Workspace) -> None:
    """Pictures that nobody sees: by size, by known host, by an address that is no picture."""
    for image in elements(work.root, "img"):
        reason = tracks(image)
        if reason:
            work.record("tracker", reason, image.get("src", ""))
            image.drop_tree()


def tracks(image: Element) -> str:
    """Why a picture is a tracker or an advert, or ""."""
    src = image.get("src", "") or image.get("data-src", "")
    style = image.get("style", "")
    sizes = [image.get("width", ""), image.get("height", "")]
    sizes += re.findall(r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*([\d.]+)(?:px)?\s*(?:;|$|!)", style)
    if any(_tiny(size) for size in sizes):
        return "picture of at most 2 px"
    if _HIDDEN_STYLE.search(style) or re.search(r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)", style):
        return "hidden picture"
    if _BEACON.search(src):
        return "beacon"
    path = src.partition("?")[0].partition("#")[0]
    if _NOT_A_PICTURE.search(path) and not re.search(r"\.(?:jpe?g|png|gif|webp|avif)", src, re.I):
        return "address of no picture"
    if _ADVERT_IMAGE.search(src):
        return "advertising or QR picture"
    holder = image.getparent()
    if (
        holder is not None
        and holder.tag == "a"
        and src.startswith(holder.get("href") or "\0")
        and len(src) > len(holder.get("href", ""))
    ):
        return "QR picture of its own link"
    return ""


def _tiny(size: str) -> bool:
    match = re.match(r"\s*([\d.]+)\s*(?:px)?\s*\Z", size)
    try:
        return bool(match) and float(match[1]) <= 2  # type: ignore[index]
    except ValueError:
        return False


def strip_known(work: Workspace) -> None:
    """What the publisher's file says is never the article."""
    for selector in work.publisher.strip:
        for element in select(selector, work.root):
            if inside(element, work.root):
                work.drop(element, "promotion", f"{work.publisher.slug}: {selector}")


def choose_body(work: Workspace) -> None:
    """In a whole saved page, the container of the text (and the lead figure beside it) is the article."""
    if not work.whole_page:
        return
    total = amount(work.root)
    for selector in (*work.publisher.body, *_CONTAINERS):
        found = [element for element in select(selector, work.root) if amount(element) >= min(200, total / 4)]
        if found:
            _keep(work, max(found, key=amount), selector)
            return
    best = _whole(_densest(work.root), work.root)
    if best is not None and best is not work.root:
        _keep(work, best, "densest part")


def _whole(part: Element | None, root: Element) -> Element | None:
    """The densest part, or an element close round it that adds little but more long pieces: a page in sections."""
    best = part
    for level, outer in enumerate(part.iterancestors() if part is not None else ()):
        if level > 2 or outer is root or best is None:
            break
        mine = {*best.iter()}
        more = sum(_length(e, 60) for e in outer.iter() if e not in mine and e.tag not in _INLINE)
        if more and more > 0.7 * (amount(outer) - amount(best)):
            best = outer
    return best


def _keep(work: Workspace, body: Element, rule: str) -> None:
    leads = [e for selector in work.publisher.lead for e in select(selector, work.root) if body not in e.iter()]
    leads = leads or _lead_before(work, body)
    root = html.Element("div")
    for part in (*[e for e in leads if e not in body.iter()], body):
        part.drop_tree()
        part.tail = None
        root.append(part)
    rest = visible(work.root)
    if rest:
        work.record("promotion", f"outside of {rule}", rest)
    work.root = root


def _lead_before(work: Workspace, body: Element) -> list[Element]:
    """The lead picture of most sites stands outside of the text, with its caption.

    It is a figure between the headline and the text; or the picture that the page's head names, wherever it stands
    above the text; or a large picture between the two.
    """
    figures, named, large = [], [], []
    lead, headline = _stem(work.draft.lead_figure), False
    for element in work.root.iter():
        if element is body:
            break
        headline = headline or _is_headline(element, work)
        if headline and element.tag == "figure":
            figures.append(element)
        elif element.tag == "img" and not _is_portrait(element, work):
            if lead and any(_stem(value) == lead for value in element.values()):
                named.append(element)
            elif headline:
                large.append(element)
    if figures:
        return figures[:1]
    return [_picture_box(picture, work, body) for picture in (*named, *large)[:1]]


def _is_headline(element: Element, work: Workspace) -> bool:
    title = work.draft.title
    return element.tag == "h1" or bool(title and element.text and " ".join(element.text.split()) == title)


def _stem(address: str) -> str:
    """The name of a picture without its folder, ending and size: sites name one picture in several sizes."""
    name = urlsplit(address).path.rpartition("/")[2].partition(".")[0] if "/" in address else ""
    return re.sub(r"[-_](?:scaled|\d{2,4}(?:x\d{2,4})?)\Z", "", name)


def _is_portrait(image: Element, work: Workspace) -> bool:
    """A writer's face, a logo, an icon: small, or called so, or labelled with the writer's name."""
    holder = image.getparent()
    said = f"{names(image)} {names(holder) if holder is not None else ''} {image.get('src', '')}"
    small = 0 < max(number(image, "width"), number(image, "height")) <= 160
    labelled = bool(work.draft.author) and image.get("alt", "").strip() == work.draft.author
    return small or labelled or bool(re.search(r"avatar|author|profile|logo|icon|portrait|user-?pic", said, re.I))


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


#: What stands in these is no paragraph of the text.
_NO_PARAGRAPH = frozenset("h1 h2 h3 h4 h5 h6 figure figcaption li header".split())
_INLINE = frozenset(
    "a b i u em strong font span br small big sub sup code q cite abbr mark time ruby rt rb rp center".split()
)


def _length(element: Element, least: int = 0) -> int:
    """The characters of an element's own pieces of text that are longer than ``least``."""
    return sum(size for piece in _pieces(element) if (size := len(piece.strip())) > least)


def _pieces(element: Element) -> Iterator[str]:
    """The text that stands in an element itself, or in inline elements in it that are no links."""
    yield element.text or ""
    for child in element:
        if child.tag in _INLINE and child.tag != "a":
            yield from _pieces(child)
        yield child.tail or ""


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
        if element not in spine and element.getparent() in spine:
            _sift(element, work, below)


def _first_paragraph(root: Element, headline: Element) -> Element | None:
    """The first long paragraph below the headline in the densest part of the page."""
    part = _densest(root)
    below = False
    for element in root.iter():
        below = below or element is headline
        if not below or element.tag in _INLINE or element.tag in _NO_PARAGRAPH:
            continue
        around = (element, *element.iterancestors())
        if part in around and not any(e.tag in _NO_PARAGRAPH for e in around) and _length(element) > 40:
            return element
    return None


def _sift(element: Element, work: Workspace, below: bool) -> None:
    """Drop an element, or the parts of it that are not worth keeping."""
    if _is_worth(element, work, below):
        if _STANDFIRST.search(names(element)):
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
    leaf = element.tag in ("p", "div", "h4") and all(child.tag in _INLINE for child in element)
    return leaf and (len(text) > 60 or bool(re.search(r".{12}[.。！？!?؟…][\"”」』]?\Z", text)))


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
    for element in elements(work.root):
        if element in kept:
            continue
        if why := _promotes(element, work):
            size = amount(element)
            if size * 3 < total and not _reads_like_text(element):
                work.drop(element, "promotion", why)


def _promotes(element: Element, work: Workspace) -> str:
    """What tells that an element promotes, or ""."""
    if element.tag not in _PROMOTION_TAGS and not element.attrib:
        return ""
    said = names(element)
    built = " ".join(filter(None, (element.get(name) for name in _BUILDER_NAMES)))
    called = f"{said} {built}".strip()
    parted = _HUMP.sub("-", called)
    if element.tag in _PROMOTION_TAGS or _PROMOTION.search(called if parted == called else f"{called} {parted}"):
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


STEPS = (
    read_amp,
    unwrap_lazy,
    link_embeds,
    drop_trackers,
    drop_sign_up_boxes,
    drop_machinery,
    drop_hidden,
    strip_known,
    choose_body,
    drop_byline,
    drop_promotions,
)
