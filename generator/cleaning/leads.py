"""What of a text leads elsewhere: to other articles, to a list or channel that wants readers, to a front page."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from generator.addresses import host_of
from generator.cleaning.blocks import HEADINGS
from generator.copies import closed_up
from generator.models import Block

#: Where the publisher's own pages take readers on.
_JOINS = re.compile(
    r"newsletters?\b|subscri|sign-?up|/(?:apps?|join|register|registration|membership|donate|donation|alerts?|whatsapp|telegram)(?:[/?.#_-]|\Z)|"
    r"\Ahttps?://(?:apps?|subscribe|newsletters?|membership)\.",
    re.I,
)
#: Where everybody has channels and sells programs.
_CHANNELS = re.compile(
    r"(?:\A|\.)(?:facebook|fb|twitter|x|instagram|threads|youtube|tiktok|linkedin|weibo|whatsapp|telegram|t|line|flipboard|apple|google)"
    r"\.(?:com|net|me|be|app|org)\Z|\A(?:lin\.ee|bsky\.app|wa\.me|youtu\.be)\Z"
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|epub|csv|jpe?g|png|gif|webp|mp[34]|m4[av]|webm|ogg)\Z", re.I)
#: When something happened: all that stands beside the links in lists of other articles.
_WHEN = re.compile(
    r"\d{1,2}[:.]\d\d(?: ?[A-Z]{2,4})?|\d{1,4}[/.年月-]\d{1,2}[/.月日-]?(?:\d{1,4}日?)?|\d{1,2} (?:minutes?|hours?|days?|weeks?) ago|\d{1,2}\s?(?:分钟|分鐘|小时|小時|天|時間|日)(?:之)?前",
    re.I,
)
_SPOKEN = re.compile(r"[“\"][^”\"]{4,}[”\"].{8}|「[^」]{4,}」.{4}|«[^»]{4,}».{8}", re.S)
_LINES = ("p", "h2", "h3", "h4", "ul")
#: A page has at most so many parts to list.
MOST_PARTS = 200
#: A paragraph that asks for readers is shorter than this.
MAX_ASKING = 280


@cache
def known_lines() -> dict[str, re.Pattern[str]]:
    """The patterns of lines.toml by the kind of line that they find."""
    table = tomllib.loads((files("generator") / "cleaning/lines.toml").read_text("utf-8"))
    return {what: re.compile("|".join(rules), re.I) for what, rules in table.items()}


def says(what: str, text: str) -> bool:
    """Whether a text is such a line as lines.toml has."""
    return bool(known_lines()[what].match(text))


def leads_on(block: Block) -> bool:
    """Whether a line says ``See also:``, and the rest of it is a link."""
    match = known_lines()["leads_on"].match(block.text)
    return match is not None and 0 < 0.85 * len(closed_up(block.text[match.end() :])) <= block.link_text


def only_links(block: Block) -> bool:
    """Whether all that a block says stands in links, also in such as lead nowhere any more."""
    return block.link_text > 0 and block.link_text >= 0.85 * len(closed_up(block.text))


def is_own(link: str, own: str) -> bool:
    """Whether a link leads to a host of the same site."""
    host = host_of(link)
    return bool(own) and (host == own or host.endswith(f".{own}") or own.endswith(f".{host}"))


def is_link_list(block: Block, own: str) -> bool:
    """A short list in which every item is one link to the article's own host: other articles, not the text."""
    if block.kind not in ("ul", "ol") or not block.links or not only_links(block):
        return False
    return bool(own) and all(host_of(link) == own for link in block.links)


def lists_pages(block: Block, own: str) -> bool:
    """A list each item of which leads to a page of the site, whatever it says of it besides."""
    items = block.html.count("<li") if block.kind in ("ul", "ol") else 0
    return 0 < items <= len(block.links) and all(is_own(link, own) for link in block.links)


def is_teaser(block: Block, own: str) -> bool:
    """A line that is nothing but the link to another page of the site."""
    if block.kind not in ("p", *HEADINGS) or len(block.links) != 1 or len(block.lines) != 1 or not only_links(block):
        return False
    (link,) = block.links
    words = len(block.text) > 5 and not block.text.lower().startswith(("http://", "https://", "www."))
    return words and not link.startswith("#") and is_own(link, own) and not _FILE.search(urlsplit(link).path)


def is_front_page(block: Block) -> bool:
    """A line that is nothing but the link to the front page of a site."""
    return (
        len(block.links) == 1
        and block.kind == "p"
        and only_links(block)
        and not block.text.startswith("http")
        and urlsplit(block.links[0]).path in ("", "/")
        and block.links[0].startswith("http")
    )


def is_contents(block: Block, address: str, text: str) -> bool:
    """A list of links into the page itself that says nothing but what stands in its ``text`` again, squashed."""
    if block.kind not in ("ul", "ol") or not 2 <= len(block.links) <= MOST_PARTS:
        return False
    page = address.partition("#")[0].partition("?")[0]
    inside = all(link.startswith("#") or link.partition("#")[0].partition("?")[0] == page for link in block.links)
    lines = [closed_up(_WHEN.sub("", line)) for line in block.lines] if inside else []
    return inside and all(text.count(line) > 1 for line in lines)


def is_spoken(text: str) -> bool:
    """Whether a text begins with words that somebody says, and goes on behind them."""
    return bool(_SPOKEN.match(text))


def asks_for_readers(block: Block, own: str) -> bool:
    """A short paragraph that asks to subscribe, follow or install, and links to nothing but where readers can."""
    text = block.text.strip()
    if not block.links or len(block.lines) > 2 or len(text) > MAX_ASKING or block.kind not in _LINES or is_spoken(text):
        return False
    if not all(_takes_readers(link, own) for link in block.links):
        return False
    return says("asks", text) or (only_links(block) and says("channel", text))


def _takes_readers(link: str, own: str) -> bool:
    if link.startswith("mailto:"):
        return True
    return bool(_CHANNELS.search(host_of(link)) or (is_own(link, own) and _JOINS.search(link)))
