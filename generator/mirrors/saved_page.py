"""Whole pages as a browser or a crawler saved them: what the head says of the article, and the body."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Any

from generator.bylines import correspondent
from generator.dates import find_date, read_date
from generator.mirrors.front_matter import plain
from generator.models import Published

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import NavigableString

_PAGE = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*+(?:<!doctype\s+html|<html\b|<head\b)", re.I | re.S)
#: schema.org types that are an article.
_ARTICLE_TYPES = (
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "OpinionNewsArticle",
    "Report",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "LiveBlogPosting",
)
#: Where a browser ("save page as") or an extension wrote the address that the head does not tell.
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>\"]+)", re.I
)
#: What sites put between a headline and their own name.
_SEPARATOR = re.compile(r"\s*[|｜_·•»›：]\s*|\s+[-–—:]\s+|(?<=[\u3000-\u9fff])[-–—]+(?=[\u3000-\u9fff])")
#: Elements that name the writer, surest first.
_WRITERS = (
    '[rel~="author"]', '[itemprop~="author"]', '[class~="author"]', '[class*="author-name" i]', '[class*="authorname" i]', '[class~="byline"]',
    '[class~="writer"]', '[class~="username"]', '[class~="reporter"]', '[class*="author-details" i]', '[class$="__author" i]', '[class$="-author" i]', '[class*="author-info" i]', '[class*="authorinfo" i]',
    '[class~="reader-credits"]', '[data-testid*="authorname" i]', '[class*="author__name" i]', '[class*="author_name" i]', "address",
)  # fmt: skip
_BY = re.compile(
    r"\A(?:(?:by|from|written by|作者|撰文|文|بقلم|بواسطة|كتبت?)\b|[^\s/／]{0,6}?(?:记者|記者)(?=[\s:：/／]|[\u4e00-\u9fff]{2,3}\Z))\s*[:：/／]?\s*",
    re.I,
)
_CREDITED = re.compile(
    r"(?:作者|记者|記者|撰文|撰稿(?:编辑|編輯)?)\s*[:：]\s*([^\s:：,，、;；|｜【】()（）]{2,12})|(?:记者|記者)\s*([\u4e00-\u9fff]{2,4})\s*(?:[／/].*)?\Z|"
    r"\A[【（(]\s*文\s*[/／].{0,12}\s([\u4e00-\u9fff]{2,4})\s*[】）)]|\ABy ([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3})(?= in | for | \|)"
)
#: A byline says more than the name: "Name - place", "Name | desk".
_BEHIND_NAME = re.compile(r"\s+[-–—|/]\s.*|\s*[|｜／,，].*")
#: A year that stands alone, or with its month; the rest of the date stands in elements beside it.
_YEAR = re.compile(r"(?:19|20)\d\d\s?(?:[年/.-]\s?(?:\d{1,2}\s?月?)?)?")
_YEAR_DAY = re.compile(
    r"\A((?:19|20)\d\d)[\s年/.-]{1,3}(\d{1,2})(?:\s?[月/.-]\s?|\s(?=\d\d(?!\d)))(\d{1,2})(?!\d)(?:\s?日)?"
)
_DAY_YEAR = re.compile(r"\A(\d{1,2})\s?日?\s((?:19|20)\d\d)\s?[年/.-]\s?(\d{1,2})(?!\d)(?:\s?月)?")
#: So far up from the year is the block of its date, which begins with so few elements and characters.
_DEEP, _FEW, _SHORT = 4, 30, 40
_SEVERAL = re.compile(r"[,、，&;；]|\b(?:and|with)\b|\sو|[和与與]")
_NO_NAME = re.compile(r"\d|://|(?:编辑|編輯|校对|校對)\s*[:：]")
#: The office in a byline whose name stands in an element of its own.
_OFFICE = re.compile(
    r"(?:文|撰文|撰稿|作者|记者|記者|取材・文|by|written by|authors?|بقلم|كتبت?|الكاتب)\s*[:：/／,，]?", re.I
)
#: A byline stands within so many pieces of text of the headline.
_NEAR = 40
#: A date above the headline stands within so many, one in several elements within so many.
_ABOVE = (12, 40)
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page's head says, and the HTML of its body."""

    html: str
    title: str
    url: str
    published: Published | None
    author: str
    site: str
    channel: tuple[str, ...]
    tags: tuple[str, ...]
    lead_figure: str


def is_page(text: str) -> bool:
    """Whether the text starts like a whole HTML page."""
    return bool(_PAGE.match(text[:4000]))


def page_facts(text: str) -> PageFacts:
    """Read the head (JSON-LD, Open Graph, meta, link) and take the body out. BeautifulSoup, since saved pages are odd."""
    from bs4 import BeautifulSoup  # late: it costs 90 ms to import, and most mirrors keep no whole pages

    soup = BeautifulSoup(text, "lxml")
    meta = _meta(soup)
    data = _json_ld(soup)

    def first(*names: str) -> str:
        return next((meta[name] for name in names if meta.get(name)), "")

    canonical = soup.find("link", rel="canonical")
    url = str(canonical.get("href", "")) if canonical else ""
    saved_from = _SAVED_FROM.search(text[:4000])
    body = soup.body or soup
    site = _name(data.get("publisher")) or first("og:site_name", "application-name")
    title = _title(soup, _text(data.get("headline")) or first("og:title", "twitter:title"), site)
    beside = _beside(body, title)
    tags = first("news_keywords", "keywords")
    return PageFacts(
        html=body.decode_contents() if soup.body else str(body),
        title=title,
        url=next((u for u in (url, first("og:url"), _text(data.get("url"))) if u.startswith("http")), "")
        or (saved_from[1] if saved_from else ""),
        published=read_date(
            _text(data.get("datePublished"))
            or first("article:published_time", "pubdate", "publishdate", "date", "dc.date")
        )
        or _date(body, beside),
        author=_author(
            (_person(data.get("author")), first("author"), first("article:author"), first("byl", "byline")), site
        )
        or _writer(body, beside),
        site=site,
        channel=tuple(filter(None, (_text(data.get("articleSection")), first("article:section", "section")))),
        tags=tuple(tag.strip() for tag in re.split(r"[,，、;]", tags) if tag.strip())[:12],
        lead_figure=first("og:image", "twitter:image"),
    )


def _title(soup: BeautifulSoup, said: str, site: str) -> str:
    """The headline: the longest part of the title that the page shows alone, as its heading before all.

    Titles carry the site's name behind the headline (or before it), and ``<h1>`` may hold the site's logo.
    """
    title = said or _text(soup.title.get_text() if soup.title else "")
    headings = [_text(heading.get_text(" ")) for heading in soup.find_all("h1", limit=10)]
    if not title:
        return headings[0] if headings else ""
    lesser = [_text(heading.get_text(" ")) for heading in soup.find_all(("h2", "h3"), limit=20)]
    inside = sorted(
        (text for text in (*headings, *lesser) if len(text) > 3 and text in title and text != site), key=len
    )
    least = max(map(len, _SEPARATOR.split(title)))  # the site's name is shorter than the headline, nearly always
    if inside and len(inside[-1]) >= least:
        return inside[-1]
    alone = {_text(text) for text in (soup.body or soup).stripped_strings}
    cuts = [match.span() for match in _SEPARATOR.finditer(title)]
    parts = sorted([title, *(title[:a] for a, _ in cuts), *(title[b:] for _, b in cuts)], key=len, reverse=True)
    shown = (part for part in parts if part in alone and part != site and len(part) >= least)
    return next(shown, inside[-1] if inside else title)


def _beside(body: Tag, title: str) -> list[Tag]:
    """The elements behind the headline, where names and dates stand; from the start of a body that shows none."""
    headings = (e for e in body.find_all("h1", limit=10) if (text := _text(e.get_text(" "))) and text in title)
    texts = (text for text in body.find_all(string=True) if title and _text(text) == title)
    found = next(headings, None) or next(texts, None) or body
    return list(found.find_all_next(True, limit=200))


def _date(body: Tag, beside: list[Tag]) -> Published | None:
    """The date that the page shows: marked as such, else the first close behind the headline, else right before it."""
    marked = body.select('[itemprop~="datePublished"], [property~="dc:created"], abbr[class~="published"]', limit=1)
    times = [*marked, *(e for e in beside if e.name == "time")]
    said = (str(e.get("content") or e.get("datetime") or e.get("title") or _text(e.get_text())) for e in times)
    near, above = _pieces(beside), beside[0].find_all_previous(string=True, limit=_ABOVE[1]) if beside else []
    shown = (_shown(piece) for piece in (*near, *above[: _ABOVE[0]]))
    return next(filter(None, chain(map(read_date, said), shown, map(_apart, above))), None)


def _shown(piece: NavigableString) -> Published | None:
    """The date in a piece of text, or in the block whose year the piece is."""
    text = _text(piece)
    return (find_date(text) if len(text) < 80 else None) or _apart(piece)


def _apart(piece: NavigableString) -> Published | None:
    """The date of which a piece of text is the year, and the elements beside it are the rest."""
    year = _text(piece)
    if not _YEAR.fullmatch(year):
        return None
    texts = (text for block in islice(piece.parents, _DEEP) if year in (text := _beginning(block)))
    dates = [find_date(_YEAR_DAY.sub(r"\1-\2-\3 ", _DAY_YEAR.sub(r"\2-\3-\1 ", text))) for text in texts]
    return next((when for when in dates if isinstance(when, dt.datetime)), None) or next(filter(None, dates), None)


def _beginning(block: Tag) -> str:
    """The first words of an element."""
    texts = (one[:_SHORT] for one in islice(block.descendants, _FEW) if isinstance(one, str))
    return _text(" ".join(texts))[:_SHORT]


def _near(beside: list[Tag]) -> list[str]:
    """The first texts behind the headline."""
    return [_text(piece) for piece in _pieces(beside)]


def _pieces(beside: list[Tag]) -> list[NavigableString]:
    """The first pieces of text behind the headline."""
    pieces = beside[0].find_all_next(string=True, limit=2 * _NEAR) if beside else []
    return [piece for piece in pieces if _text(piece)][:_NEAR]


def _author(names: tuple[str, ...], site: str) -> str:
    """The first that is a name: Open Graph asks for the address of a profile, and many sites name themselves."""
    return next((name for name in names if name and name != site and "://" not in name), "")


def _writer(body: Tag, beside: list[Tag]) -> str:
    """The writer as the page shows it close to the headline."""
    near = {id(e) for e in beside}
    for selector in _WRITERS:
        for element in body.select(selector, limit=5):
            said = _text(element.get_text(" "))
            links = [_text(link.get_text(" ")) for link in element.find_all("a") if link.get_text(strip=True)]
            alone = links[0] if len(links) == 1 and not _SEVERAL.search(said) and _is_name(links[0]) else ""
            bare = _BY.sub("", said)
            name = _credited(said) or correspondent(bare, credited=True) or alone or _BEHIND_NAME.sub("", bare)
            if id(element) in near and 1 < len(name) <= MAX_NAME and not _NO_NAME.search(name):
                return name
    texts = _near(beside)
    credited = (name for text in texts if (name := _credited(text)))
    behind = (name for office, name in pairwise(texts) if _OFFICE.fullmatch(office))
    return next(credited, "") or next((name for name in behind if _is_name(name)), "")


def _is_name(text: str) -> bool:
    return bool(1 < len(text) <= MAX_NAME // 2 and not re.search(r"[\d:：/。.!?]", text))


def _credited(text: str) -> str:
    """The name behind the office in a byline (作者：…, 記者…), "" for none."""
    match = _CREDITED.search(text)
    return next(filter(None, match.groups()), "") if match else correspondent(text)


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta", limit=200):
        name = str(tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()
        if name and name not in found:
            found[name] = _text(tag.get("content"))
    return found


def _json_ld(soup: BeautifulSoup) -> dict[str, Any]:
    """The first schema.org article of the page, else an empty table."""
    for script in soup.find_all("script", type="application/ld+json", limit=10):
        try:
            data = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        nodes = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for node in nodes if isinstance(nodes, list) else []:
            if isinstance(node, dict) and _is_article(node.get("@type")):
                return node
    return {}


def _is_article(types: Any) -> bool:
    return any(said in _ARTICLE_TYPES for said in (types if isinstance(types, list) else [types]))


def _name(value: Any) -> str:
    """The name of somebody or something of schema.org, or of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_name(item) for item in value[:5])))
    return _name(value.get("name")) if isinstance(value, dict) else _text(value)


def _person(value: Any) -> str:
    """The names of those of some authors who are no organisation."""
    several = value if isinstance(value, list) else [value]
    return _name([one for one in several if not (isinstance(one, dict) and "Organization" in str(one.get("@type")))])


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""
