"""Steps on the tree: cut out what is invisible, what tracks, what promotes. One function a step."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from lxml import html
from lxml.cssselect import CSSSelector, SelectorError

from generator.addresses import absolute, host_of
from generator.cleaning.workspace import Element, Workspace, amount, elements, inside, names, put_in_place, tag, visible
from generator.errors import ConfigError

_MACHINERY = ("script", "style", "template", "object", "embed", "applet", "form", "input", "button", "select", "textarea", "svg",
              "canvas", "head", "link", "meta", "base", "title", "map", "frame", "frameset", "dialog", "portal", "math")  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
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
    r"outbrain\w*|dable\w*|sponsor\w*|promo\w*|self-?promo\w*|newsletter\w*|subscri(?:be|ption)\w*|paywall\w*|donat\w*|membership|share\w*|sharing|"
    r"sharedaddy|social\w*|addthis\w*|addtoany\w*|related\w*|jp-relatedposts|recommend\w*|more-?(?:news|stories|articles)|most-?read|trending|popular|"
    r"read-?(?:next|also|more)|breadcrumbs?|pagination|pager|comments?|disqus\w*|respond|cookie\w*|consent|gdpr|toolbar|navigation|navbar|menu|sidebar|"
    r"widget\w*|popup|modal|overlay|skip-?link|print-?(?:link|button)|likes?-widget\w*|post-?(?:tags|likes\w*)|tag-?(?:list|cloud|links)|entry-footer|"
    r"author-?(?:box|bio|card|info)|entry-author-wrapper|qr-?code|footer|site-header|masthead|cta(?:-\w+)?|AudioCompact\w*|complementary|"
    r"contentinfo|banner|search|(?:entry|post|article)-meta|cat-links|posted-on|published-on|word-count|view-?count)(?:$|[\s_-])",
    re.I,
)
_PROMOTION_TAGS = ("nav", "aside", "footer", "menu")
#: Containers of the text of an article, best first, as the large systems of the web name them.
_CONTAINERS = (
    '[itemprop="articleBody"]', "div.entry-content", "div.post-content", "div.article-content", "div.article-body", "div.article__body",
    "div.story-body", "div.post_content", "div.article_content", "#article-body", "#articleBody", "div.content-body", "article", "main",
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
    best = _densest(work.root)
    if best is not None and best is not work.root:
        _keep(work, best, "densest part")


def _keep(work: Workspace, body: Element, rule: str) -> None:
    leads = [e for selector in work.publisher.lead for e in select(selector, work.root) if body not in e.iter()]
    leads = leads or _figures_before(work.root, body)
    root = html.Element("div")
    for part in (*[e for e in leads if e not in body.iter()], body):
        part.drop_tree()
        part.tail = None
        root.append(part)
    rest = visible(work.root)
    if rest:
        work.record("promotion", f"outside of {rule}", rest)
    work.root = root


def _figures_before(root: Element, body: Element) -> list[Element]:
    """Figures between the page's heading and its body: the lead picture of most sites."""
    found: list[Element] = []
    heading = False
    for element in root.iter():
        if element is body:
            break
        heading = heading or element.tag == "h1"
        if heading and element.tag == "figure":
            found.append(element)
    return found[:1]


def _densest(root: Element) -> Element | None:
    """The element whose own paragraphs hold the most text."""
    scores: dict[Element, int] = {}
    for paragraph in root.iter("p"):
        parent = paragraph.getparent()
        length = len(visible(paragraph))
        if parent is not None and length > 25:
            scores[parent] = scores.get(parent, 0) + length
    return max(scores, key=lambda element: scores[element]) if scores else None


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
        if element.tag in _PROMOTION_TAGS or _PROMOTION.search(names(element)):
            size = amount(element)
            if size * 3 < total and not _reads_like_text(element):
                work.drop(element, "promotion", names(element)[:80] or f"<{tag(element)}>")


def _reads_like_text(element: Element) -> bool:
    long = [p for p in element.iter("p") if len(visible(p)) > 90]
    in_links = sum(amount(a) for a in element.iter("a"))
    return len(long) >= 2 and in_links * 3 < amount(element)


STEPS = (
    unwrap_lazy,
    link_embeds,
    drop_trackers,
    drop_machinery,
    drop_hidden,
    strip_known,
    choose_body,
    drop_promotions,
)
