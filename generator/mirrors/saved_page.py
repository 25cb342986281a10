"""Whole pages as a browser or a crawler saved them: what the head says of the article, and the body."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

from generator.mirrors.front_matter import plain, read_date
from generator.models import Published

_PAGE = re.compile(r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html\b|<head\b)", re.I | re.S)
#: schema.org types that are an article.
_ARTICLE_TYPES = (
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "OpinionNewsArticle",
    "Report",
)


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
    soup = BeautifulSoup(text, "lxml")
    meta = _meta(soup)
    data = _json_ld(soup)

    def first(*names: str) -> str:
        return next((meta[name] for name in names if meta.get(name)), "")

    canonical = soup.find("link", rel="canonical")
    url = str(canonical.get("href", "")) if canonical else ""
    body = soup.body or soup
    title = _title(soup, _text(data.get("headline")) or first("og:title", "twitter:title"))
    tags = first("news_keywords", "keywords")
    return PageFacts(
        html=body.decode_contents() if soup.body else str(body),
        title=title,
        url=next((u for u in (url, first("og:url"), _text(data.get("url"))) if u.startswith("http")), ""),
        published=read_date(
            _text(data.get("datePublished"))
            or first("article:published_time", "pubdate", "publishdate", "date", "dc.date")
        ),
        author=_name(data.get("author")) or first("author", "article:author", "byl"),
        site=_name(data.get("publisher")) or first("og:site_name", "application-name"),
        channel=tuple(filter(None, (_text(data.get("articleSection")), first("article:section", "section")))),
        tags=tuple(tag.strip() for tag in re.split(r"[,，、;]", tags) if tag.strip())[:12],
        lead_figure=first("og:image", "twitter:image"),
    )


def _title(soup: BeautifulSoup, said: str) -> str:
    """The headline: the page's first heading where the title is the same with the site's name behind it."""
    title = said or _text(soup.title.get_text() if soup.title else "")
    heading = soup.find("h1")
    text = _text(heading.get_text(" ")) if heading else ""
    return text if (len(text) > 3 and text in title) or not title else title


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
            if isinstance(node, dict) and str(node.get("@type", "")).strip("[]'\"") in _ARTICLE_TYPES:
                return node
    return {}


def _name(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_name(item) for item in value[:5])))
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""
