"""The things that move through the pipeline: one type a stage, complete when made, never changed."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

#: When an article was published: with the time of day where it is known.
Published = dt.datetime | dt.date


@dataclass(frozen=True, slots=True)
class Document:
    """A file as found. ``path`` is relative to the content folder, with ``/``."""

    path: str
    text: str
    encoding: str
    sha256: str = ""  # of the file's bytes


@dataclass(frozen=True, slots=True)
class Removal:
    """One cut: the step that made it, the rule that asked for it, the text that went."""

    step: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document holds once its wrappers are off. Empty means: the wrapper did not say."""

    document: Document
    html: str
    mirrors: tuple[str, ...] = ()
    title: str = ""
    url: str = ""
    published: Published | None = None
    stamped: dt.datetime | None = None  # when the mirror says that it crawled the page
    author: str = ""
    channel: tuple[str, ...] = ()  # the mirror's or the publisher's section, most specific first
    source: str = ""  # the publisher's name as the mirror writes it
    tags: tuple[str, ...] = ()
    lead_figure: str = ""
    convert: bool = True  # False: the author wants no conversion between scripts
    terms: tuple[tuple[str, str], ...] = ()  # the author's own words: (as written, in Traditional Chinese)
    removals: tuple[Removal, ...] = ()

    @property
    def whole_page(self) -> bool:
        """Whether the document was a whole saved page, with navigation and all."""
        return "saved-page" in self.mirrors


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that became no article, with the reason a reader of the report understands."""

    path: str
    reason: str
    detail: str = ""


class Block(NamedTuple):
    """A piece of a cleaned body; a tuple, since processes hand each other thousands of them.

    ``kind`` is its element (``p``, ``h2``, ``figure`` …), ``html`` the whole element, ``lines`` its visible text (one
    entry a line; a figure's lines are its caption).
    """

    kind: str
    html: str
    lines: tuple[str, ...]
    links: tuple[str, ...] = ()
    link_text: int = 0  # characters of the text that stand inside links

    @property
    def text(self) -> str:
        """The visible text, lines joined by a line break."""
        return self.lines[0] if len(self.lines) == 1 else "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Publisher:
    """What is known of an original site; see ``generator/publishers`` for the meaning of each key."""

    slug: str
    name: dict[str, str]
    hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    home: str = ""
    lang: str = ""
    id: str = ""
    date: tuple[str, ...] = ()
    page_date: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    channels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """The heavy part of an article: its cleaned HTML, the visible text of it, and what was cut."""

    html: str
    text: str
    removals: tuple[Removal, ...] = ()


class KeptBody(Protocol):
    """A body that may lie somewhere else until it is read."""

    @property
    def html(self) -> str:
        """The cleaned HTML."""

    @property
    def text(self) -> str:
        """The visible text of it."""

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What was cut."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What other articles have to know of a body, so that nobody reads it again; see `copies`."""

    letters: int = 0  # characters of the text
    pictures: tuple[str, ...] = ()  # their addresses
    text_key: str = ""  # equal for equal texts; "" where the text is too short to tell
    shingles: array[int] = field(default_factory=lambda: array("I"))  # a fixed sample of its pieces, rising
    links: tuple[str, ...] = ()  # where its links lead
    words: str = ""  # the words by which stories find it; "" for a round-up of many events
    marks: tuple[str, ...] = ()  # what its beginning holds that is written alike in every language
    facts: tuple[str, ...] = ()  # what it says of its event besides its words; see `events`
    people: tuple[str, ...] = ()  # those of its tags that it treats as persons


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article. Everything is decided: nothing is filled in later."""

    id: str
    path: str
    title: str
    published: Published | None
    updated: Published | None
    lang: str
    canonical_url: str
    publisher: str
    publisher_name: dict[str, str] = field(hash=False)
    author: str
    credits: tuple[str, ...]
    topic: str
    tags: tuple[str, ...]
    lead_figure: str
    excerpt: str
    reading_minutes: int
    mirrors: tuple[str, ...]
    convert: bool
    terms: tuple[tuple[str, str], ...]
    sha256: str  # of the document
    mirrored: dt.datetime | None  # when the mirror says that it took the page
    picture_files: tuple[str, ...]  # paths in the content folder
    traces: Traces = field(hash=False)
    body: KeptBody = field(compare=False)
    copies: tuple[str, ...] = ()
    by_hand: tuple[tuple[str, Article], ...] = ()  # (script, the article as somebody wrote it in that script)
    face: str = ""  # changes when something changes that a list shows
    stamp: str = ""  # changes when anything changes
    day: dt.date | None = field(init=False, repr=False, compare=False)  # in the publisher's own time zone

    def __post_init__(self) -> None:
        """Know the day: it is asked for more often than anything else."""
        known = self.published
        object.__setattr__(self, "day", known.date() if isinstance(known, dt.datetime) else known)

    @property
    def html(self) -> str:
        """The cleaned, sanitised body."""
        return self.body.html

    @property
    def text(self) -> str:
        """The visible text of the body."""
        return self.body.text

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What was cut, in order."""
        return self.body.removals


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """One of our topics: its names by locale and the words by which it is recognised. Compared by identity."""

    slug: str
    name: dict[str, str]
    keywords: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()  # names that publishers and mirrors give to it
    signs: tuple[str, ...] = ()  # patterns in the title or the first lines that settle it
    wide: bool = False  # holds news of every kind from a region
    parent: str = ""  # the topic that it is a part of


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a taxonomy with its articles, newest first."""

    slug: str
    name: dict[str, str]
    articles: tuple[Article, ...]
    kind: str = ""  # of a tag: see ``names``


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of a git clone: its name and date (ISO 8601)."""

    id: str
    date: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The git clone that a folder of documents is.

    Its address for readers ("" where it is a place on the owner's machine), and the last commit of each file.
    """

    repository: str
    commits: dict[str, Commit]


@dataclass(frozen=True, slots=True)
class Story:
    """Reports of one event by several publishers, newest first; ``lead`` is the one that speaks for all.

    ``copies``: the ids of articles that print the text of an earlier one; they are no reports of their own.
    """

    slug: str
    lead: Article
    articles: tuple[Article, ...]
    copies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Library:
    """All articles, newest first (undated last), and the ways into them."""

    articles: tuple[Article, ...]
    topics: tuple[Term, ...]
    publishers: tuple[Term, ...]
    days: dict[dt.date, tuple[Article, ...]]
    undated: tuple[Article, ...]
    stories: tuple[Story, ...] = ()
    tags: tuple[Term, ...] = ()
    kin: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)  # id -> who is near by its words
    origins: dict[str, Origin] = field(default_factory=dict)  # first folder of a document's path -> its clone


@dataclass(frozen=True, slots=True)
class Edition:
    """A rendered copy of the site: a locale of the interface plus a script of the articles."""

    slug: str
    locale: str
    script: str


@dataclass(frozen=True, slots=True)
class Source:
    """A mirror that `qingdu fetch` brings: a git repository, and the folder of the content it goes to.

    ``ref`` is a branch, a tag or a commit; ``folder`` the part of the repository that holds the articles ("" is all of
    it); ``limit`` the most documents to bring, 0 all.
    """

    name: str
    git: str
    ref: str = "HEAD"
    folder: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site before rendering: ``path`` in the site, ``template``, and what the template shows.

    The context is made when it is asked for, so that a worker only pays for its own share.
    """

    path: str
    template: str
    context: Callable[[], dict[str, Any]]
    shows: tuple[object, ...] | None = None  # all that the context is made of; None: only its bytes tell what changed


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    documents: int
    articles: int
    pages: int
    written: int  # files that were not there before as they are now
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    seconds: float
    output: Path | None = None
    hints: tuple[str, ...] = ()  # what the owner may want to know, and nothing to mend
