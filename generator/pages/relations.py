"""What stands beside what in a library: the same for every edition, and worked out once for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from generator import tags
from generator.models import Article, Library, Story, Term

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the page of an article shows besides: its story with the other reports, its tags' pages, related articles."""

    story: Story | None
    others: tuple[Article, ...]
    tags: tuple[Term, ...]
    related: tuple[Article, ...]


class Relations:
    """The ways between the articles of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._beside: dict[str, Beside] = {}
        self._by_day: dict[str, dict[dt.date, list[Article]]] = {}

    @cached_property
    def by_id(self) -> dict[str, Article]:
        """The articles by their ids."""
        return {article.id: article for article in self.library.articles}

    @cached_property
    def by_address(self) -> dict[str, str]:
        """Address at the publisher -> id of the article."""
        return {article.canonical_url: article.id for article in self.library.articles if article.canonical_url}

    @cached_property
    def by_language(self) -> dict[str, tuple[Article, ...]]:
        """The articles of each language (all of Chinese as one), the most frequent first."""
        groups: dict[str, list[Article]] = {}
        for article in self.library.articles:
            groups.setdefault(primary(article.lang), []).append(article)
        return {tag: tuple(groups[tag]) for tag in sorted(groups, key=lambda tag: (-len(groups[tag]), tag))}

    @cached_property
    def neighbours(self) -> dict[str, tuple[Article | None, Article | None]]:
        """The articles before and after each in its topic, by its id: (older, newer)."""
        near: dict[str, tuple[Article | None, Article | None]] = {}
        for term in self.library.topics:
            # A larger topic has its parts' articles, too; their neighbours are those of the part.
            row = [article for article in term.articles if article.topic == term.slug]
            near.update((a.id, (older, newer)) for newer, a, older in with_neighbours(row))
        return near

    @cached_property
    def story_of(self) -> dict[str, Story]:
        """The story that each article is a report of, by the article's id."""
        return {article.id: story for story in self.library.stories for article in story.articles}

    @cached_property
    def tags_of(self) -> dict[str, list[Term]]:
        """The tags with a page that each article bears, by the article's id."""
        borne: dict[str, list[Term]] = {}
        for term in self.library.tags:
            for article in term.articles:
                borne.setdefault(article.id, []).append(term)
        return borne

    def by_day(self, topic: Term) -> dict[dt.date, list[Article]]:
        """The dated articles of a topic by their days, newest first; worked out once."""
        if topic.slug not in self._by_day:
            groups = self._by_day[topic.slug] = {}
            for article in topic.articles:
                if article.day:
                    groups.setdefault(article.day, []).append(article)
        return self._by_day[topic.slug]

    def beside(self, article: Article) -> Beside:
        """What the page of an article shows besides the article; worked out once."""
        if article.id not in self._beside:
            self._beside[article.id] = self._found(article)
        return self._beside[article.id]

    def _found(self, article: Article) -> Beside:
        story = self.story_of.get(article.id)
        others = tuple(one for one in story.articles if one.id != article.id) if story else ()
        borne = self.tags_of.get(article.id, [])
        shown = {article.id, *(one.id for one in others)}
        near = [(self.by_id[name], nearness) for name, nearness in self.library.kin.get(article.id, ())]
        found = tags.related(article, borne, [(one, nearness) for one, nearness in near if one.id not in shown])
        return Beside(story, others, tuple(borne), tuple(one for one in found if one.id not in shown))


def primary(lang: str) -> str:
    """The language of a tag without its script and region: ``zh`` of ``zh-Hant-TW``."""
    return lang.partition("-")[0]


def with_neighbours(row: Iterable[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    """(newer, one, older) of dates or articles that stand newest first."""
    items = list(row)
    yield from zip([None, *items], items, [*items[1:], None], strict=False)
