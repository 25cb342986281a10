"""Feeds: the newest articles of the site, a topic, a publisher or a language, whole, for reading elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from urllib.parse import urlsplit

from generator import permalinks
from generator.locales import in_locale
from generator.models import Article, Page, Published, Term
from generator.pages.shelf import Context, Shelf

#: The year in the ids of entries (RFC 4151): part of their names for ever, whatever the present year.
_MINTED = "2026"
#: Bodies are shared by the Atom and the JSON form of a feed, and by feeds that stand side by side.
_BODIES = 256


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in all its forms: its paths, the page that shows the same articles, its newest articles."""

    name: str
    title: str
    path: str
    json: str
    page: str
    articles: tuple[Article, ...]


def feeds(shelf: Shelf) -> Iterator[Page]:
    """Every feed of the edition as Atom and as JSON Feed, the list of all for readers, and the same for programs."""
    groups = _groups(shelf)
    if not groups["feeds.all"]:
        return
    body = lru_cache(_BODIES)(shelf.html_of)
    title, described = shelf.locale.t("feeds"), shelf.locale.t("feeds.intro")
    path = permalinks.index(shelf.edition.slug, "feeds")
    listed = ([(heading, feed.title, feed.path, feed.page) for heading, group in groups.items() for feed in group],)
    yield shelf.page(path, "feeds.html", lambda: _listed(shelf, groups), title, described, listed)
    yield shelf.page(_style(shelf), "feed.css", dict, shows=())
    yield shelf.page(_opml(shelf), "feeds.opml", lambda: _listed(shelf, groups), title, shows=listed)
    for feed in (feed for group in groups.values() for feed in group):
        show = _feed_context(shelf, feed, body)
        shows = (feed.page, [shelf.marks.whole(article) for article in feed.articles])
        yield shelf.page(feed.path, "feed.xml", show, feed.title, shows=shows)
        yield shelf.page(feed.json, "feed.json", show, feed.title, shows=shows)


def _opml(shelf: Shelf) -> str:
    return f"{shelf.edition.slug}/feeds/all.opml"


def _style(shelf: Shelf) -> str:
    return f"{shelf.edition.slug}/feeds/feed.css"


def _groups(shelf: Shelf) -> dict[str, list[Feed]]:
    """The feeds of an edition under the messages that head them; a heading may have no feeds."""
    library, home = shelf.library, permalinks.home(shelf.edition.slug)

    def of_terms(kind: str, terms: tuple[Term, ...], shown: dict[str, Context]) -> list[Feed | None]:
        return [
            _feed(shelf, shown[term.slug]["name"], term.articles, shown[term.slug]["path"], kind, term.slug)
            for term in terms
        ]

    found = {
        "feeds.all": [_feed(shelf, in_locale(shelf.settings.title, shelf.locale.tag), library.articles, home)],
        "topics": of_terms("topics", library.topics, shelf.topics),
        "publishers": of_terms("publishers", library.publishers, shelf.publishers),
        "feeds.languages": [
            _feed(shelf, shelf.locale.language(tag), articles, home, "languages", tag)
            for tag, articles in _by_language(shelf).items()
        ],
    }
    return {heading: [feed for feed in group if feed] for heading, group in found.items()}


def _by_language(shelf: Shelf) -> dict[str, tuple[Article, ...]]:
    """The articles of each language, all scripts of it together; nothing where there is only one."""
    terms = sorted(shelf.by_language, key=lambda term: term.slug)
    return {term.slug: term.articles for term in terms if term.slug != "und"} if len(terms) > 1 else {}


def _feed(
    shelf: Shelf, name: str, articles: tuple[Article, ...], page: str, kind: str = "", slug: str = ""
) -> Feed | None:
    path = shelf.feed(articles, kind, slug)
    if not path:
        return None
    site = in_locale(shelf.settings.title, shelf.locale.tag)
    dated = tuple(takewhile(lambda article: article.day, articles[: shelf.settings.feeds.entries]))
    json = permalinks.feed(shelf.edition.slug, kind, slug, "json")
    return Feed(name, f"{name} · {site}" if kind else site, path, json, page, dated)


def _listed(shelf: Shelf, groups: dict[str, list[Feed]]) -> Context:
    return {"groups": {heading: group for heading, group in groups.items() if group}, "opml": _opml(shelf)}


def _feed_context(shelf: Shelf, feed: Feed, body: Callable[[Article], str]) -> Callable[[], Context]:
    def show() -> Context:
        base = shelf.settings.base_url
        newest = max(moment(article.updated or article.published) for article in feed.articles if article.published)
        head = {
            "id": _tag(shelf, feed.path.removesuffix(".xml")),
            "title": feed.title,
            "atom": base + feed.path,
            "json": base + feed.json,
            "page": base + feed.page.removesuffix("index.html"),
            "about": base + permalinks.index(shelf.edition.slug, "about"),
            "updated": newest,
        }
        return {
            "style": _style(shelf),
            "told": head,
            "entries": [_entry(shelf, article, body) for article in feed.articles],
        }

    return show


def _entry(shelf: Shelf, article: Article, body: Callable[[Article], str]) -> Context:
    base, entry = shelf.settings.base_url, shelf.entry(article)
    image = shelf.gallery.thumbnail(article.lead_figure, large=True)
    assert article.published  # noqa: S101 - undated articles are in no feed
    return {
        **entry,
        "id": _tag(shelf, entry["path"].removesuffix(".html")),
        "url": base + entry["path"],
        "via": article.canonical_url,
        "home": shelf.homes.get(article.publisher, ""),
        "published": moment(article.published),
        "updated": moment(article.updated or article.published),
        "image": base + image if image.startswith("media/") else image,
        "html": body(article),
        "source": article.path,
        "original_lang": article.lang,
    }


def _tag(shelf: Shelf, name: str) -> str:
    """An id that stays when the site moves, if the site says in ``feeds.tag`` whose ids they are."""
    return f"tag:{shelf.settings.feeds.tag or urlsplit(shelf.settings.base_url).hostname},{_MINTED}:{name}"


def moment(published: Published) -> str:
    """A time as feeds want it (RFC 3339, in UTC).

    A publisher's clock of which no zone is known is read as UTC, at most 14 hours off. A mere day becomes its noon:
    nearly everywhere on Earth that is the same day, and midnight would be the day before in half of the world.
    """
    if not isinstance(published, dt.datetime):
        published = dt.datetime.combine(published, dt.time(12))
    known = published if published.tzinfo else published.replace(tzinfo=dt.UTC)
    return known.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
