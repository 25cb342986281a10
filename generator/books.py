"""One book, asked for by name: ``qingdu book``."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from generator.assets import template_folders
from generator.build import kept_in, opened, shelves_of
from generator.collecting import collect, load_rules
from generator.epub import bind
from generator.errors import QingduError
from generator.locales import known_locales
from generator.models import Edition
from generator.pages import Shelf
from generator.pages.books import Book, bound, day_book, only_topic, story_book, topic_book, week_book
from generator.rendering import Renderer
from generator.settings import SCRIPTS, Settings


class BookError(QingduError):
    """A book that cannot be made as it was asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: a day (2020-10-28), a week (2020-W44), a topic or a story (its slug), or a topic of a day or a week."""

    day: str = ""
    week: str = ""
    topic: str = ""
    story: str = ""
    script: str = ""


def make_book(content: Path, wanted: Wanted, jobs: int = 0) -> tuple[Book, bytes]:
    """The book of a content folder that was asked for, and the bytes of its file.

    Raises BookError where there is nothing to bind.
    """
    rules = load_rules(content)
    edition = _edition(rules.settings, wanted.script)
    with opened(kept_in(content)) as store:
        (shelf,) = shelves_of(collect(rules, store, jobs), edition)
        book = _book(shelf, wanted)
        if not book.articles:
            asked = " ".join(filter(None, (wanted.day, wanted.week, wanted.topic)))
            raise BookError(asked, "there are no articles to bind", "`qingdu export` shows the days and topics")
        return book, bind(Renderer(shelf, template_folders(content), {}), bound(shelf, book))


def _edition(settings: Settings, script: str) -> Edition:
    """The site's edition in a script; where the site has none, one made for the book."""
    if not script:
        return settings.editions[0]
    if script not in SCRIPTS:
        raise BookError(script, "there is no such script", f"use one of: {', '.join(SCRIPTS)}")
    found = next((edition for edition in settings.editions if edition.script == script), None)
    locale = script if script in known_locales() else settings.editions[0].locale
    return found or Edition(script.lower(), locale, script)


def _book(shelf: Shelf, wanted: Wanted) -> Book:
    if wanted.topic and wanted.topic not in shelf.topics:
        raise BookError(wanted.topic, "no article is of such a topic", f"the topics are {', '.join(shelf.topics)}")
    if wanted.story:
        return _story_book(shelf, wanted.story)
    if not (wanted.day or wanted.week):
        return topic_book(shelf, wanted.topic)
    book = day_book(shelf, _day(wanted.day)) if wanted.day else week_book(shelf, _monday(wanted.week))
    return only_topic(shelf, book, wanted.topic) if wanted.topic else book


def _story_book(shelf: Shelf, slug: str) -> Book:
    for story in shelf.library.stories:
        if story.slug == slug:
            return story_book(shelf, story)
    raise BookError(slug, "there is no such story", "its name is the last part of its page's address")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BookError(text, "is not a day", "write it like 2020-10-28") from None


def _monday(text: str) -> dt.date:
    match = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text)
    try:
        return dt.date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else _day("")
    except (ValueError, BookError):
        raise BookError(text, "is not a week", "write it like 2020-W44") from None
