"""Other generators, measured beside ours: each gets the cleaned articles in every edition, and layouts like ours.

A peer is a folder here: what installs it, what settings it gets, how a post is written for it, and its layouts. They are
as small as these generators' own documentation would have them, and show what our pages show: the same masthead,
lists of as many entries, article pages with JSON-LD and neighbours in the topic, a page a day, a month, a publisher and a
tag, feeds and sitemaps. What ours has beyond that (stories, the search index, books, removals, the reading panel), they
are spared.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from generator.build import shelves_of
from generator.collecting import Outcome
from generator.locales import in_locale
from generator.models import Article
from generator.pages import Shelf
from generator.parallel import spread
from generator.places import shipped
from tests.bench.contents import Contender, Edited

#: Where the sites are said to stand.
ADDRESS = "https://news.example/"
#: The words of the interface that layouts use.
_WORDS = (
    *("skip", "archive", "publishers", "tags", "topics", "latest", "latest.days", "older", "newer", "footer.note"),
    *("byline.publisher", "byline.author", "byline.published", "article.read_original", "source.title"),
)

Post = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """What a peer has to know of an edition."""

    slug: str
    lang: str
    name: str
    title: str
    words: dict[str, str]
    topics: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a peer's site is: its editions, entries on a page of a list, entries of a feed."""

    editions: tuple[Edition, ...]
    page_size: int
    feed: int


class Peer(Protocol):
    """One other generator."""

    name: str
    template: str  # the layout of every page, in the site's folder
    static: str  # where it looks for static files, in the site's folder
    kept: tuple[str, ...]  # what it keeps between builds, in the site's folder

    def install(self, tools: Path) -> str:
        """Install it into a folder; returns its version, "" where it cannot be had."""

    def command(self, tools: Path) -> tuple[str, ...]:
        """What builds the site, run in the site's folder; the output is ``public`` there."""

    def settings(self, plan: Plan) -> dict[str, str]:
        """The files of the site besides posts, layouts and static files: path -> text."""

    def post(self, edition: str, post: Post) -> tuple[str, str]:
        """(path, text) of a post in the site's folder."""


def editions_of(shelves: Sequence[Shelf]) -> tuple[Edition, ...]:
    """The editions as peers see them."""
    return tuple(
        Edition(
            shelf.edition.slug,
            shelf.locale.tag,
            shelf.locale.name,
            in_locale(shelf.settings.title, shelf.locale.tag),
            {key.replace(".", "_"): shelf.locale.t(key) for key in _WORDS},
            {slug: topic["name"] for slug, topic in shelf.topics.items()},
        )
        for shelf in shelves
    )


def post_of(shelf: Shelf, article: Article) -> Post:
    """An article as an edition shows it, converted already."""
    entry = shelf.entry(article)
    return {
        "id": article.id,
        "title": entry["title"],
        "date": article.published.isoformat() if article.published else "",
        "lang": entry["lang"],
        "topic": article.topic,
        "publisher": entry["publisher"]["name"],
        "author": entry["author"],
        "tags": [shelf.tag(term)["name"] for term in shelf.relations.tags_of.get(article.id, [])],
        "excerpt": entry["excerpt"],
        "minutes": entry["reading_minutes"],
        "original": article.canonical_url,
        "source": article.path,
        "sha256": article.sha256,
        "html": shelf.html_of(article),
    }


def lay_out(peers: Sequence[Peer], outcome: Outcome, folder: Path, jobs: int) -> None:
    """Write the sites of the peers, each into a folder of its name."""
    settings = outcome.rules.settings
    shelves = shelves_of(outcome)
    plan = Plan(editions_of(shelves), settings.page_size, settings.feeds.entries)
    for peer in peers:
        here = Path(__file__).parent / peer.name
        shutil.copytree(here, folder / peer.name, ignore=shutil.ignore_patterns("__*"))
        shutil.copytree(shipped("static"), folder / peer.name / peer.static)
        for path, text in peer.settings(plan).items():
            _write(folder / peer.name / path, text)
    for shelf in shelves:
        numbers = range(len(outcome.library.articles))
        for _ in spread(_write_posts, numbers, (peers, shelf, folder), jobs):
            pass


def _write_posts(state: tuple[Sequence[Peer], Shelf, Path], number: int) -> None:
    peers, shelf, folder = state
    post = post_of(shelf, shelf.library.articles[number])
    for peer in peers:
        path, text = peer.post(shelf.edition.slug, post)
        _write(folder / peer.name / path, text)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def contender(
    peer: Peer, tools: Path, outcome: Outcome, folder: Path, edited: Article, held: Sequence[Article]
) -> Contender:
    """A peer with its site."""
    shelves = shelves_of(outcome)
    site = folder / peer.name

    def file(shelf: Shelf, article: Article) -> Path:
        return site / peer.post(shelf.edition.slug, post_of(shelf, article))[0]

    return Contender(
        peer.name,
        peer.command(tools),
        site,
        site / "public",
        tuple(site / name for name in peer.kept),
        tuple(Edited(file(shelf, edited), shelf.entry(edited)["title"], "</p>") for shelf in shelves),
        tuple(file(shelf, article) for shelf in shelves for article in held),
        site / peer.template,
        folder / "aside",
    )


def with_head(head: dict[str, Any], body: str, fence: tuple[str, str] = ("", "")) -> str:
    """A post under its head in JSON."""
    return f"{fence[0]}{json.dumps(head, ensure_ascii=False, indent=1)}\n{fence[1]}\n{body}\n"
