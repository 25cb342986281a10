"""Marks: short stamps of what pages show of articles, stories and lists of them. The same for every edition."""

from __future__ import annotations

from collections.abc import Iterable

from generator.models import Article, Library, Story, Term
from generator.pages.relations import Relations
from generator.pictures import Gallery
from generator.provenance import found_in
from generator.stamps import key_of


class Marks:
    """The marks of a library, each worked out once."""

    def __init__(self, library: Library, gallery: Gallery, homes: dict[str, str]) -> None:
        self.relations = Relations(library)
        self.gallery = gallery
        self._homes = homes
        self._names = {term.slug: str(term.name) for term in library.publishers}
        self._shown: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        self._pages: dict[str, str] = {}
        self._told: dict[str, str] = {}

    def shown(self, article: Article) -> str:
        """Changes with whatever a list shows of an article."""
        if article.id not in self._shown:
            kept = self.gallery.kept.get(article.lead_figure)
            by_hand = [made.face for _, made in article.by_hand]
            parts = (article.id, article.face, *by_hand, kept, self._names[article.publisher])
            self._shown[article.id] = key_of(*map(str, parts))
        return self._shown[article.id]

    def of(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Changes with whatever a list shows of these articles."""
        return tuple(map(self.shown, articles))

    def heads(self, terms: Iterable[Term], most: int) -> list[tuple[str, int, tuple[str, ...]]]:
        """Changes with whatever a list shows of terms: how many articles they have, and the newest few of each."""
        return [(term.slug, len(term.articles), self.of(term.articles[:most])) for term in terms]

    def whole(self, article: Article) -> str:
        """Changes with anything of an article: its text, what its links lead to here, its pictures, its copies."""
        if article.id not in self._whole:
            ids = self.relations.by_address
            links = [ids[url] for url in article.traces.links if url in ids]
            kept = list(map(self.gallery.known, article.traces.pictures))
            by_hand = [made.stamp for _, made in article.by_hand]
            home = self._homes.get(article.publisher, "")
            parts = (article.stamp, links, kept, by_hand, article.copies, home)
            self._whole[article.id] = key_of(self.shown(article), *map(str, parts))
        return self._whole[article.id]

    def told(self, story: Story) -> str:
        """Changes with whatever a list shows of a story."""
        if story.slug not in self._told:
            self._told[story.slug] = key_of(
                story.slug, story.lead.id, str(sorted(story.copies)), *self.of(story.articles)
            )
        return self._told[story.slug]

    def page(self, article: Article) -> str:
        """Changes with whatever the page of an article shows: the article, what stands beside it, where it comes from."""
        if article.id not in self._pages:
            beside = self.relations.beside(article)
            near = [self.shown(one) if one else "" for one in self.relations.neighbours[article.id]]
            borne = [(term.slug, term.name, term.kind) for term in beside.tags]
            story = self.told(beside.story) if beside.story else ""
            origin, *rest = found_in(self.relations.library.origins, article.path)
            parts = (near, borne, story, self.of(beside.related), origin.repository if origin else "", rest)
            self._pages[article.id] = key_of(self.whole(article), *map(str, parts))
        return self._pages[article.id]
