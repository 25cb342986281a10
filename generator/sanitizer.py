"""The only tags, attributes and addresses that may come out. Nothing from a document reaches a page past `sanitize`.

nh3 (ammonia, html5ever) is the gate: it parses as browsers do and writes anew only what is listed here.
"""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

TAGS = frozenset(
    "p h2 h3 h4 ul ol li blockquote figure figcaption img table thead tbody tfoot tr th td caption pre code hr br a strong em b i u s "
    "sub sup small q cite abbr time mark ruby rt rp dl dt dd del ins span".split()
)
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "time": {"datetime"},
    "ol": {"start"},
    "*": {"id", "lang", "dir"},
}
#: Ids from documents get this prefix, so that none can stand for a name that a script or an anchor of ours uses.
ID_PREFIX = "a-"
#: The scheme of pictures that stand in the content folder; written by us alone (see `cleaning.pictures`).
MEDIA = "media"
_SAFE_ID = re.compile(r"a-[\w.:-]{1,80}\Z")
_NUMBER = re.compile(r"\d{1,4}\Z")
_TAG = re.compile(r"<[^>]*>")
#: Real articles need two passes; a text that still changes after so many is shown without any markup.
_MOST_PASSES = 8
#: What may be a scheme to a lenient reader: anything up to a colon that no slash precedes.
_SCHEME = re.compile(r"[^/?#]*:")
_KNOWN_SCHEME = re.compile(rf"(?:https?|mailto|{MEDIA}):", re.I)
_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in ("href", "src"):
        return value if not _SCHEME.match(value) or _KNOWN_SCHEME.match(value) else None
    if name == "id":
        return value if _SAFE_ID.match(value) else None
    if name in ("width", "height", "colspan", "rowspan", "start"):
        return value if _NUMBER.match(value) else None
    if name == "lang":
        return value if _LANG.match(value) else None
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        "script",
        "style",
        "iframe",
        "object",
        "noscript",
        "template",
        "svg",
        "math",
        "title",
        "textarea",
    },
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", MEDIA},
    link_rel="noopener noreferrer nofollow external",
    strip_comments=True,
)


def sanitize(html: str) -> str:
    """HTML that holds nothing but the allow-list; a fixed point of itself.

    What is taken out may have held together what stands round it (``<p><select><hr>`` leaves a rule in a paragraph, which
    no browser reads as it is written), so a text is passed until a pass changes nothing: then every parser sees the same.
    """
    html = html.replace("\ufeff", "")
    for _ in range(_MOST_PASSES):
        # Browsers drop the first line break inside <pre>, and so would every further pass.
        clean = re.sub(r"(<pre[^>]*>)\n+", r"\1", _CLEANER.clean(html))
        if clean == html:
            return clean
        html = clean
    return escape(unescape(_TAG.sub("", html)), quote=False)
