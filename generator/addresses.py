"""Addresses in documents: made absolute, freed of proxies and tracking parameters, or refused."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

#: Parameters that only follow people around. Prefixes and names as miniflux's urlcleaner, Mozilla's strip list and
#: ClearURLs agree on (read November 2026); `ref`, `from` and `source` are left alone: sites use them for content.
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "hsa_", "_hs", "__hs", "oly_", "vero_", "ga_")
_TRACKING = frozenset(
    "fbclid gclid dclid gbraid wbraid gclsrc msclkid yclid ysclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok srsltid wickedid "
    "_openstat spm ref_src ref_url s_cid ncid cmpid smid smtyp at_campaign at_medium at_custom1 at_custom2 at_custom3 at_custom4 "
    "xtor __twitter_impression mbid rb_clickid epik _branch_match_id guccounter guce_referrer guce_referrer_sig".split()
)
#: Parameters that follow people around on certain hosts only.
_TRACKING_ON = {
    "twitter.com": {"s", "t"},
    "x.com": {"s", "t"},
    "youtu.be": {"si"},
    "youtube.com": {"si", "feature"},
}
#: Image proxies: host (and start of the path) -> the query parameter that holds the real address ("" = the whole query).
_PROXIES = {
    "images.weserv.nl": "url",
    "wsrv.nl": "url",
    "imageproxy.pimg.tw": "url",
    "proxy.duckduckgo.com": "u",
    "external-content.duckduckgo.com": "u",
    "pocket-image-cache.com": "",
    "img.nga.178.com": "",
}
#: Pages that only note who leaves for where: (host and path, the parameters that may hold the target; "" = the query).
_REDIRECTORS = re.compile(
    r"(?:(?:lm?\.facebook|l\.instagram|l\.messenger)\.com/(?:l\.php)?|google\.[a-z.]{2,6}/url|youtube\.com/redirect|link\.zhihu\.com/|"
    r"vk\.com/away\.php|t\.umblr\.com/redirect|medium\.com/r/|[\w-]+\.safelinks\.protection\.outlook\.com/|slack-redir\.net/link|"
    r"disq\.us/url|out\.reddit\.com/\w*|steamcommunity\.com/linkfilter/?|link\.jianshu\.com/|link\.juejin\.cn/|douban\.com/link2/|href\.li/)\Z"
)
_TARGETS = ("url", "u", "q", "target", "to", "z", "t")
#: A page or a file as a web archive kept it.
_ARCHIVED = re.compile(
    r"https?://(?:(?:web\.archive\.org/web|wayback\.archive-it\.org/\d+)/\d{4,14}(?:[a-z]{2}_)?|"
    r"archive\.(?:today|ph|is|md|fo|li|vn)/\d{4}[\d.-]{4,16})/(?=https?://)",
    re.I,
)
_WORKER = re.compile(r"(?:cors|proxy|image|img)[\w.-]*\.workers\.dev\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
#: An address about which nothing has to be asked.
_ORDINARY = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[/?#]|\Z)")
MAX_LENGTH = 4_000


@lru_cache(20_000)
def absolute(address: str, base: str) -> str:
    """A link's address as http(s) or mailto, absolute against ``base``; "" when it is neither or cannot be made so."""
    address = address if address.isprintable() else _CONTROL.sub("", address)
    address = address.strip(" '\"“”「」<>\u3000\u00a0").replace(" ", "%20")
    if not address or len(address) > MAX_LENGTH:
        return ""
    if _ORDINARY.match(address):
        return address
    scheme = _SCHEME.match(address)
    if scheme and scheme[0].lower() not in ("http:", "https:", "mailto:"):
        return ""
    if scheme and scheme[0].lower() == "mailto:":
        return address if re.fullmatch(r"mailto:[^\s<>\"'?&]+@[^\s<>\"'?&]+", address, re.I) else ""
    try:
        url = address if scheme else urljoin(base or "https:", address)
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 - raises ValueError for a port that is no number
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not _plausible(host):
        return ""
    return url


def _plausible(host: str) -> bool:
    return ("." in host or ":" in host) and not re.search(r"[\s<>\"'\\^`{|}]", host)


def link(address: str, base: str) -> str:
    """The address of a link without what tracks; "" when it leads nowhere that a reader may be sent."""
    url = without_tracking(direct(absolute(address, base)))
    return "" if "/cdn-cgi/" in url else url  # Cloudflare's own pages: protected e-mail addresses, challenges


def direct(url: str) -> str:
    """The address to which a page leads that only counts who passes; three such pages deep."""
    for _ in range(3):
        head, mark, query = url.partition("?")
        place = re.sub(r"\Ahttps?://(?:www\.)?", "", head)
        if not mark or not _REDIRECTORS.match(place):
            return url
        given = parse_qs(query.replace("&amp;", "&"))
        named = next((given[name][0] for name in _TARGETS if name in given), unquote(query))
        target = absolute(named, "") if _SCHEME.match(named) else ""
        if not target:
            return url
        url = target
    return url


def original(url: str) -> str:
    """The address of which a web archive shows a copy; any other address as it is."""
    return absolute(_ARCHIVED.sub("", url), "") or url


def image(address: str, base: str) -> str:
    """The address of a picture without proxy or tracking; "" when it is none."""
    return without_tracking(unproxied(absolute(address, base)))


def unproxied(url: str) -> str:
    """The address that an image proxy stands in for."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.hostname or ""
    if host not in _PROXIES and not _WORKER.search(host):
        return url
    name = _PROXIES.get(host, "")
    real = parse_qs(parts.query).get(name, [""])[0] if name else unquote(parts.query)
    if not real:
        return url
    real = real.removeprefix("ssl:")
    return absolute(real if _SCHEME.match(real) else "https://" + real.lstrip("/"), "") or url


def without_tracking(url: str) -> str:
    """The address without its tracking parameters; everything else stays as it was written."""
    head, hash_mark, fragment = url.partition("#")
    head, mark, query = head.partition("?")
    if not mark:
        return url
    host = (urlsplit(head).hostname or "").removeprefix("www.")
    also = _TRACKING_ON.get(host, set())
    pairs = re.split(r"&(?:amp;)?", query)
    kept = [pair for pair in pairs if not _tracks(pair, also)]
    if len(kept) == len(pairs):
        return url
    return head + ("?" + "&".join(kept) if kept else "") + hash_mark + fragment


def _tracks(pair: str, also: set[str]) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in _TRACKING or name in also or name.startswith(_TRACKING_PREFIXES)


def host_of(url: str) -> str:
    """The host of an address, with numeric hosts folded into "IP" (mirrors move from one to the next)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return "IP" if re.fullmatch(r"[\d.]+|[\da-f:]+", host) else host.removeprefix("www.")
