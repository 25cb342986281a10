"""What an article says of itself to machines: schema.org's NewsArticle, and the picture that previews show."""

from __future__ import annotations

from typing import Any

from generator.locales import in_locale
from generator.models import Article
from generator.pages.shelf import Context, Shelf, when_iso


def news_article(shelf: Shelf, article: Article) -> dict[str, Any]:
    """The article as JSON-LD: published by its outlet, based on the original, offered by this site."""
    entry = shelf.entry(article)
    address = _address(shelf, entry["path"])
    publisher = {"name": entry["publisher"]["name"], "url": shelf.homes.get(article.publisher, "")}
    site = {"name": in_locale(shelf.settings.title, shelf.locale.tag), "url": shelf.settings.base_url}
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": entry["title"],
        "description": entry["excerpt"],
        "inLanguage": entry["lang"],
        "datePublished": when_iso(article.published) if article.published else "",
        "dateModified": when_iso(article.updated) if article.updated else "",
        "author": _thing("Person", {"name": entry["author"]}),
        "publisher": _thing("NewsMediaOrganization", publisher),
        "sdPublisher": _thing("Organization", site),
        "isBasedOn": article.canonical_url,
        "url": address,
        "mainEntityOfPage": _page(shelf, entry, address),
        "image": picture_address(shelf, article),
        "articleSection": entry["topic"]["name"],
        "keywords": entry["tags"],
        "isAccessibleForFree": True,
    }
    return {key: value for key, value in said.items() if value}


def _page(shelf: Shelf, entry: Context, address: str) -> dict[str, Any]:
    """The page of an article with the way to it: its topic, below the topic that this is a part of."""
    if not address:
        return {}
    above = [topic for topic in (shelf.topics.get(entry["topic"]["parent"]), entry["topic"]) if topic]
    steps = [(topic["name"], _address(shelf, topic["path"])) for topic in above] + [(entry["title"], address)]
    way = [{"@type": "ListItem", "position": n, "name": name, "item": item} for n, (name, item) in enumerate(steps, 1)]
    return {
        "@type": "WebPage",
        "@id": address,
        "breadcrumb": {"@type": "BreadcrumbList", "itemListElement": way},
    }


def picture_address(shelf: Shelf, article: Article) -> str:
    """The absolute address of an article's lead picture; empty where it has none that others could load."""
    address = shelf.gallery.thumbnail(article.lead_figure, large=True)
    if address.startswith("media/"):
        return _address(shelf, address)
    return address if address.startswith(("https://", "http://")) else ""


def _address(shelf: Shelf, path: str) -> str:
    """The absolute address of a path in the site; empty where the site's own is not known."""
    return shelf.settings.base_url + path if shelf.settings.base_url else ""


def _thing(kind: str, said: dict[str, str]) -> dict[str, str]:
    """Something of schema.org with a name; nothing where it has none."""
    return {"@type": kind, **{key: value for key, value in said.items() if value}} if said["name"] else {}
