"""Pictures, players and trackers: one address for each picture, links for players, nothing that counts readers."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import parse_qs, urlsplit

from lxml import html

from generator.addresses import MAX_LENGTH, absolute, host_of
from generator.cleaning.workspace import HIDDEN_STYLE, Element, Workspace, amount, elements, put_in_place, tag

#: What AMP calls the elements that HTML has.
_AMP = {"amp-img": "img", "amp-anim": "img", "amp-iframe": "iframe", "amp-video": "video", "amp-audio": "audio"}
_PLACEHOLDER = re.compile(
    r"picsum\.photos|placeholder|placehold\.|/(?:blank|spacer|loading|lazy(?:load)?|grey|transparent|1x1)(?:[_-][\w-]*)?\.(?:gif|png|svg|jpe?g)",
    re.I,
)
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
_BEACON = re.compile(
    r"medium\.com/_/stat|pixel\.wp\.com|stats\.wp\.com|scorecardresearch|hm\.baidu\.com|statcounter|facebook\.com/tr\b|google-analytics|"
    r"googletagmanager|doubleclick\.net|(?:matomo|piwik)\.(?:php|js)|counter\.yadro|quantserve|adsct|bing\.com/action|mc\.yandex|"
    r"feeds\.feedburner\.com/~[r4]|feedsportal|flattr\.com|b\.scorecard|pixel\.quantserve|sb\.scorecard|omtrdc\.net|2o7\.net|chartbeat|"
    r"(?:^|[/.])(?:pixel|beacon|track(?:er|ing)?|analytics|counter|telemetry|stat|stats|log)s?\.[\w.-]+/|/(?:pixel|beacon|track|__utm|collect|1x1|spacer|blank|"
    r"transparent)\b[\w.-]*(?:\.(?:gif|png|php|js))?(?:[?#]|\Z)",
    re.I,
)
_SIZE_STYLE = re.compile(r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*([\d.]+\s*[a-z%]*)\s*(?:;|$|!)")
#: The largest size that nobody sees, by unit.
_TINY = {"px": 2, "pt": 2, "em": 0.15, "rem": 0.15}
#: What a ``style`` says of what nobody sees: hidden, clear, far off, shrunk or cut to nothing.
_UNSEEN_STYLE = re.compile(
    HIDDEN_STYLE.pattern
    + r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|(?:left|top|right|bottom|margin[a-z-]*|text-indent)\s*:\s*-\d{3,}|"
    r"scale\w*\s*[(:]\s*0(?:\.0+)?\s*[),;]|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0)",
    re.I,
)
_NO_PATH = re.compile(r"(?:https?:)?//[^/?#]*/?(?:[?#]|\Z)", re.I)
_TINY_QUERY = re.compile(r"[?&;](?:w|h|width|height)=[012](?:[&;#]|\Z)", re.I)
_NOT_A_PICTURE = re.compile(r"\.(?:md|php|js|html?|aspx?|cgi|txt|json)\Z", re.I)
_ADVERT_IMAGE = re.compile(
    r"/(?:ads?|adverts?|banners?|promo|sponsor)/|(?:^|[_-])(?:728x90|300x250|160x600|468x60|320x50|970x250)(?:[_.-]|\Z)|/qr(?:code)?[_./-]|qrcode|\.(?:md|html?)\.(?:png|jpe?g|gif)\Z",
    re.I,
)


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


def drop_trackers(work: Workspace) -> None:
    """Pictures that nobody sees: by size, by known host, by an address that is no picture."""
    for image in elements(work.root, "img"):
        reason = tracks(image)
        if reason:
            work.record("tracker", reason, image.get("src", ""))
            image.drop_tree()


def tracks(image: Element) -> str:
    """Why a picture is a tracker or an advert, or ""."""
    src = (image.get("src", "") or image.get("data-src", ""))[:MAX_LENGTH]
    style = _plain_style(image)
    sizes = [image.get("width", ""), image.get("height", ""), *_SIZE_STYLE.findall(style)]
    if any(_tiny(size) for size in sizes):
        return "picture of at most 2 px"
    if image.get("hidden") is not None or _UNSEEN_STYLE.search(style) or any(map(_hides, image.iterancestors())):
        return "hidden picture"
    if reason := counts(src):
        return reason
    holder = image.getparent()
    if (
        holder is not None
        and holder.tag == "a"
        and src.startswith(holder.get("href") or "\0")
        and len(src) > len(holder.get("href", ""))
    ):
        return "QR picture of its own link"
    return ""


def counts(src: str) -> str:
    """Why an address is that of a tracker or an advert and not of a picture, or ""."""
    if _BEACON.search(src):
        return "beacon"
    path = src.partition("?")[0].partition("#")[0]
    named = re.search(r"\.(?:jpe?g|png|gif|webp|avif|svg)", src, re.I)
    if not named and (_NOT_A_PICTURE.search(path) or _NO_PATH.match(src) or host_of(src) == "IP"):
        return "address of no picture"
    if _TINY_QUERY.search(src):
        return "picture of at most 2 px"
    return "advertising or QR picture" if _ADVERT_IMAGE.search(src) else ""


def _plain_style(element: Element) -> str:
    """A ``style`` as its words mean it: small letters, without comments, digits of ASCII."""
    style = element.get("style", "")[:MAX_LENGTH]
    return normalize("NFKC", re.sub(r"/\*.*?(?:\*/|\Z)", "", style, flags=re.S)).lower() if style else ""


def _hides(box: Element) -> bool:
    """Whether a box shows nothing of what is in it. A box without height may still get one from its padding."""
    style = _plain_style(box)
    if not style:
        return False
    shut = "overflow" in style and "padding" not in style and any(_tiny(size) for size in _SIZE_STYLE.findall(style))
    return shut or bool(_UNSEEN_STYLE.search(style) and not amount(box))


def _tiny(size: str) -> bool:
    match = re.match(
        r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(px|pt|r?em|%|vw|vh)?\s*\Z", normalize("NFKC", size[:40]), re.I | re.A
    )
    return bool(match) and float(match[1]) <= _TINY.get((match[2] or "px").lower(), 0)  # type: ignore[index]
