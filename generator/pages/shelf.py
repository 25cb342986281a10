"""A library as one edition shows it: names in its locale, texts in its script, addresses in its folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from generator import permalinks
from generator.languages import RTL, detect
from generator.locales import Locale, in_locale
from generator.models import Article, Edition, Library, Page, Published, Term
from generator.pages.marks import Marks
from generator.pages.relations import Relations, primary
from generator.pictures import Gallery
from generator.scripts import TermStore, convert_html, convert_text, shown_lang
from generator.settings import Settings

Context = dict[str, Any]
#: Articles of which an edition remembers how lists show them: the pages of one day are made one after another.
_REMEMBERED = 4_000


def direction(lang: str) -> str:
    """``rtl`` or ``ltr``, the direction in which a language is written."""
    return "rtl" if lang.split("-")[0] in RTL else "ltr"


@dataclass(frozen=True)
class Shelf:
    """A library as one edition shows it: names in its locale, texts in its script."""

    library: Library
    edition: Edition
    settings: Settings
    homes: dict[str, str]  # publisher -> address of its own site
    locales: dict[str, Locale]  # locale of every edition
    marks: Marks  # of the library, and what stands beside what in it
    about: str = ""
    _entries: dict[str, Context] = field(default_factory=dict)
    _tags: dict[tuple[str, str], Context] = field(default_factory=dict)

    @property
    def relations(self) -> Relations:
        """What stands beside what in the library."""
        return self.marks.relations

    def local(self, address: str) -> str:
        """The path here of the article that a publisher has at an address; "" where it is not here."""
        name = self.relations.by_address.get(address)
        return permalinks.article(self.edition.slug, name) if name else ""

    @property
    def locale(self) -> Locale:
        """The words of this edition."""
        return self.locales[self.edition.slug]

    @cached_property
    def terms(self) -> TermStore:
        """The tables of terms for this edition's script."""
        return TermStore(self.settings.content, self.edition.script, self.settings.regional)

    @property
    def gallery(self) -> Gallery:
        """The pictures of articles as the site shows them."""
        return self.marks.gallery

    def in_script(self, article: Article) -> Article:
        """The article as this edition shows it: in its script, by hand where somebody wrote it so."""
        script, quotes = self.edition.script, self.settings.quotes
        made = dict(article.by_hand).get(script)
        if made:
            return replace(article, title=made.title, excerpt=made.excerpt, body=made.body, lang=script)
        if not article.convert or not article.lang.startswith("zh"):
            return article
        terms = self.terms.of(article.publisher, article.topic, article.terms)

        def shown(text: str) -> str:
            return convert_text(text, article.lang, script, terms, quotes)

        return replace(
            article,
            title=shown(article.title),
            excerpt=shown(article.excerpt),
            author=shown(article.author),
            credits=tuple(shown(line) for line in article.credits),
            tags=tuple(shown(tag) for tag in article.tags),
            lang=shown_lang(article.lang, script),
        )

    def html_of(self, article: Article) -> str:
        """The body of an article as this edition shows it."""
        script = self.edition.script
        made = dict(article.by_hand).get(script)
        if made or not article.convert:
            return made.html if made else article.html
        terms = self.terms.of(article.publisher, article.topic, article.terms)
        return convert_html(article.html, article.lang, script, terms, self.settings.quotes)

    @cached_property
    def publishers(self) -> dict[str, Context]:
        """The publishers' names and pages by slug."""
        return {term.slug: self.term(term, "publishers") for term in self.library.publishers}

    @cached_property
    def topics(self) -> dict[str, Context]:
        """The topics' names and pages by slug, and the topic that each is a part of ("" for none)."""
        above = {topic.slug: topic.parent for topic in self.settings.topics}
        return {term.slug: {**self.term(term, "topics"), "parent": above[term.slug]} for term in self.library.topics}

    @property
    def main_topics(self) -> list[Term]:
        """The topics that are part of no other."""
        return [term for term in self.library.topics if not self.topics[term.slug]["parent"]]

    @cached_property
    def by_language(self) -> tuple[Term, ...]:
        """The languages that articles are written in, the most frequent first."""
        groups = self.relations.by_language.items()
        return tuple(Term(tag, {"": self.locale.language(tag)}, articles) for tag, articles in groups)

    @cached_property
    def languages(self) -> dict[str, Context]:
        """The languages' names and pages by tag."""
        found = {term.slug: self.term(term, "languages") for term in self.by_language}
        # The feed of the only language would be that of the site; what is in a language that nobody knows has none.
        return {slug: one if len(found) > 1 and slug != "und" else {**one, "feed": ""} for slug, one in found.items()}

    def tag(self, term: Term) -> Context:
        """A tag as templates see it, its name in the edition's script; made once an edition."""
        key = (term.slug, term.kind)
        if key not in self._tags:
            self._tags[key] = self._tag(term)
        return self._tags[key]

    def _tag(self, term: Term) -> Context:
        name = term.name[""]
        lang = detect(name, "zh-Hans")
        shown = convert_text(name, lang, self.edition.script) if lang.startswith("zh") else name
        path = permalinks.listing(self.edition.slug, "tags", term.slug)
        tongue = shown_lang(lang, self.edition.script)
        return {
            "slug": term.slug,
            "name": shown,
            "path": path,
            "kind": term.kind,
            "lang": tongue,
            "dir": direction(tongue),
        }

    def term(self, term: Term, kind: str) -> Context:
        """A term as templates see it."""
        name = in_locale(term.name, self.locale.tag)
        return {
            "slug": term.slug,
            "name": name,
            "path": permalinks.listing(self.edition.slug, kind, term.slug),
            "feed": self.feed(term.articles, kind, term.slug),
        }

    def feed(self, articles: tuple[Article, ...], kind: str = "", slug: str = "") -> str:
        """The path of the feed of these articles; "" where there is none.

        A feed names everything by absolute addresses and stands in time: it needs ``base_url`` and dated articles.
        """
        told = self.settings.base_url and self.settings.feeds.entries and articles and articles[0].day
        return permalinks.feed(self.edition.slug, kind, slug) if told else ""

    def entry(self, article: Article) -> Context:
        """An article as lists show it; made once an edition, as far as it is remembered."""
        if article.id not in self._entries:
            if len(self._entries) >= _REMEMBERED:
                self._entries.clear()
            shown = self.in_script(article)
            self._entries[article.id] = {
                "title": shown.title,
                "lang": shown.lang,
                "language": self.languages[primary(article.lang)],
                "dir": direction(shown.lang),
                "path": permalinks.article(self.edition.slug, article.id),
                "excerpt": shown.excerpt,
                "published": article.published,
                "publisher": self.publishers[article.publisher],
                "topic": self.topics[article.topic],
                "thumbnail": self.gallery.thumbnail(article.lead_figure),
                "picture": self.gallery.thumbnail(article.lead_figure, large=True),
                "reading_minutes": article.reading_minutes,
                "author": shown.author,
                "credits": list(shown.credits),
                "tags": list(shown.tags),
            }
        return self._entries[article.id]

    def forget(self, article: Article) -> None:
        """Show an article anew that has changed."""
        self._entries.pop(article.id, None)

    def entries(self, articles: Iterable[Article]) -> list[Context]:
        """Articles as lists show them."""
        return [self.entry(article) for article in articles]

    def page(
        self,
        path: str,
        template: str,
        make: Callable[[], Context],
        title: str | Callable[[], str] = "",
        description: str | Callable[[], str] = "",
        shows: tuple[object, ...] | None = None,
    ) -> Page:
        """A page of this edition. ``shows``: all that its context is made of, if that is cheap to say.

        What has to be converted for a title is said by a function, and ``shows`` holds what it is made of: most pages
        are planned and never rendered.
        """

        def show() -> Context:
            head = {
                "path": path,
                "kind": template.removesuffix(".html"),
                "title": _said(title),
                "description": _said(description),
            }
            return {"page": head, **make()}

        plain = tuple(said for said in (title, description) if isinstance(said, str))
        return Page(path, template, show, None if shows is None else (*plain, *shows))

    def by_topic(self, articles: tuple[Article, ...], most: int | None = None) -> list[Context]:
        """Articles in sections by topic, in the order of the topics."""
        groups: dict[str, list[Article]] = {}
        for article in articles:
            groups.setdefault(article.topic, []).append(article)
        return [
            {"topic": topic, "entries": self.entries(groups[slug][:most]), "count": len(groups[slug])}
            for slug, topic in self.topics.items()
            if slug in groups
        ]

    def by_day(self, articles: Iterable[Article]) -> list[Context]:
        """Consecutive articles under their days; the undated under none."""
        groups: dict[dt.date | None, list[Article]] = {}
        for article in articles:
            groups.setdefault(article.day, []).append(article)
        return [
            {"date": day, "path": self.day_path(day), "entries": self.entries(group)} for day, group in groups.items()
        ]

    def day_path(self, day: dt.date | None) -> str:
        """The page of a day, or that of the undated."""
        return permalinks.day(self.edition.slug, day) if day else permalinks.index(self.edition.slug, "undated")


def _said(words: str | Callable[[], str]) -> str:
    return words if isinstance(words, str) else words()


def when_iso(published: Published) -> str:
    """A date or time as ``<time datetime>`` wants it."""
    return published.isoformat(timespec="minutes") if isinstance(published, dt.datetime) else published.isoformat()
