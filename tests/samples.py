"""Small documents, drafts and articles, made for a test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from generator import boilerplate, events, names, words
from generator.boilerplate import Boilerplate
from generator.cleaning import Prepared, finish, prepare
from generator.cleaning.blocks import Builder
from generator.cleaning.workspace import Workspace, parse
from generator.copies import traces
from generator.models import Article, Block, Body, Document, Draft, LeftOut, Publisher, Traces
from generator.publishers import Publishers
from generator.settings import Settings, load_settings

SETTINGS: Settings = load_settings(Path(__file__).parent)
HARBOUR = Publisher("harbour", {"zh-Hans": "港湾日报", "en": "Harbour Daily"}, hosts=("harbour.example",))
URL = "https://www.harbour.example/news/lamp.html"
NOTHING_LEARNT = boilerplate.learn([])


def draft(html: str = "", path: str = "mirror/a.html", **said: Any) -> Draft:
    """Make the draft of a document that holds nothing but ``html``."""
    return Draft(Document(path, html, "utf-8"), html, **said)


def workspace(html: str, publisher: Publisher = HARBOUR, base: str = URL, **said: Any) -> Workspace:
    """Make the bench with a parsed fragment on it."""
    return Workspace(parse(html), draft(html, **said), publisher, base, Path("nowhere"))


def prepared(html: str, publisher: Publisher = HARBOUR, **said: Any) -> Prepared:
    """Clean a fragment of a publisher as far as it can be cleaned alone."""
    one = draft(html, **{"url": URL, "title": "灯塔", **said})
    result = prepare(one, Publishers([publisher]), SETTINGS)
    assert isinstance(result, Prepared), result
    return result


def cleaned(
    html: str, publisher: Publisher = HARBOUR, learnt: Boilerplate = NOTHING_LEARNT, **said: Any
) -> Article | LeftOut:
    """Clean a fragment of a publisher to the end."""
    one = prepared(html, publisher, **said)
    return finish(one, learnt.of(one.sample()), SETTINGS)


def body(html: str, publisher: Publisher = HARBOUR, **said: Any) -> str:
    """Give the cleaned HTML of a fragment; what is left out fails the test that asked."""
    result = cleaned(html, publisher, **said)
    assert isinstance(result, Article), result
    return result.html


def blocks(html: str, anchors: frozenset[str] = frozenset()) -> list[Block]:
    """Write a fragment anew as blocks, with no other step."""
    return Builder(lambda href: href, anchors).build(parse(html))


def markup(html: str) -> list[str]:
    """Give the HTML of the blocks of a fragment."""
    return [block.html for block in blocks(html)]


ARTICLE = Article(
    id="harbour-lamp",
    path="mirror/lamp.md",
    title="灯塔",
    published=None,
    updated=None,
    lang="zh-Hans",
    canonical_url="",
    publisher="harbour",
    publisher_name={},
    author="",
    credits=(),
    topic="society",
    tags=(),
    lead_figure="",
    excerpt="",
    reading_minutes=1,
    mirrors=(),
    convert=True,
    terms=(),
    sha256="",
    mirrored=None,
    picture_files=(),
    traces=Traces(),
    body=Body("<p>灯塔重新亮起。</p>", "灯塔重新亮起。" * 20),
)


def article(ident: str, **changes: Any) -> Article:
    """Make an article whose text and path are its own."""
    given = {
        "path": f"mirror/{ident}.md",
        "html": ARTICLE.html,
        "text": f"第{ident}篇。" * 30,
        "removals": (),
        **changes,
    }
    body = Body(given.pop("html"), given.pop("text"), given.pop("removals"))
    title = given.get("title", ARTICLE.title)
    marks = replace(
        traces(title, body.html, body.text),
        words=words.told(title, body.text),
        marks=words.marks(title, body.text),
        facts=events.told(title, body.text),
        people=names.people(given.get("tags", ()), body.text),
    )
    return replace(ARTICLE, id=ident, **{"traces": marks, "body": body, **given})
