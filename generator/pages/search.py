"""The search page of an edition, and the titles that it shows results with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator import permalinks, search
from generator.models import Article, Page
from generator.pages.shelf import Context, Shelf, when_iso

#: What the script says; the words come from the catalogues.
_WORDS = ("none", "near", "file", "offline", "failed")


def search_pages(shelf: Shelf) -> Iterator[Page]:
    """The page with the form, and files of so many titles each, numbered from the oldest article."""

    def show() -> Context:
        t = shelf.locale.t
        names = [{"slug": lang, "name": shelf.locale.language(lang)} for lang in langs]
        return {
            "topics": [{**topic, "parts": parts[slug]} for slug, topic in shelf.topics.items()],
            "publishers": sorted(shelf.publishers.values(), key=lambda one: (one["name"].casefold(), one["slug"])),
            "languages": sorted(names, key=lambda one: (one["name"].casefold(), one["slug"])),
            "index": f"{search.FOLDER}/",
            "cards": f"{shelf.edition.slug}/{search.FOLDER}/",
            "articles": f"{shelf.edition.slug}/articles/",
            "words": {"count": shelf.locale.messages["search.count"], **{name: t(f"search.{name}") for name in _WORDS}},
        }

    slug, words = shelf.edition.slug, shelf.locale.t
    langs = sorted(shelf.relations.by_language)
    parts = {slug: [one["slug"] for one in shelf.topics.values() if one["parent"] == slug] for slug in shelf.topics}
    path, title, described = permalinks.index(slug, "search"), words("search.title"), words("search.hint")
    yield shelf.page(path, "search.html", show, title, described, (langs, shelf.publishers, shelf.topics))
    articles = search.in_order(shelf.library)
    for number, first in enumerate(range(0, len(articles), search.CARDS)):
        part = articles[first : first + search.CARDS]
        yield Page(f"{slug}/{search.FOLDER}/{number}.json", "search.json", _cards(shelf, part), shelf.marks.of(part))


def _cards(shelf: Shelf, part: tuple[Article, ...]) -> Callable[[], Context]:
    return lambda: {"cards": [_card(shelf, article) for article in part]}


def _card(shelf: Shelf, article: Article) -> list[str]:
    """Name of the page, title, day, publisher, language."""
    entry = shelf.entry(article)
    return [article.id, entry["title"], when_iso(article.day) if article.day else "", article.publisher, entry["lang"]]
