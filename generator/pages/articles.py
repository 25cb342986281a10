"""The page of each article, with its neighbours and what was removed from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from markupsafe import Markup

from generator import permalinks
from generator.mirrors.front_matter import plain
from generator.models import Article, Page
from generator.names import known_as
from generator.pages.metadata import news_article, picture_address
from generator.pages.shelf import Context, Shelf
from generator.pages.stories import beside
from generator.scripts import convert_text

_HEADING = re.compile(r"<(/?)h([2-4])\b")


def articles(shelf: Shelf) -> Iterator[Page]:
    """Each article, with its neighbours in the topic."""
    return (article_page(shelf, article) for article in shelf.library.articles)


def article_page(shelf: Shelf, article: Article) -> Page:
    """The page of one article."""
    path = permalinks.article(shelf.edition.slug, article.id)
    return Page(path, "article.html", partial(_article_context, shelf, article), (shelf.marks.page(article),))


def _article_context(shelf: Shelf, article: Article) -> Context:
    older, newer = shelf.relations.neighbours[article.id]
    entry = shelf.entry(article)
    paged = {known_as(term.name[""]) for term in shelf.relations.beside(article).tags}
    head = {
        "path": entry["path"],
        "kind": "article",
        "title": entry["title"],
        "description": entry["excerpt"],
        "original": article.canonical_url,
        "image": picture_address(shelf, article),
        "data": news_article(shelf, article),
    }
    return {
        "page": head,
        "article": {
            **entry,
            "tags": [
                shown for tag, shown in zip(article.tags, entry["tags"], strict=True) if known_as(tag) not in paged
            ],
            "day_path": shelf.day_path(article.day),
            "html": Markup(in_steps(shelf.html_of(article))),  # noqa: S704 - sanitised
            "updated": article.updated,
            "canonical_url": article.canonical_url,
            "copies": list(article.copies),
            "source": article.path,
            "original_title": article.title,
            "original_lang": article.lang,
            "body_lang": entry["lang"],
            "removals": _removals(article, shelf.edition.script),
            "removals_lang": "zh" if shelf.edition.script == "original" else shelf.edition.script,
            "removed_count": len(article.removals),
        },
        **beside(shelf, article),
        "previous": shelf.entry(older) if older else None,
        "next": shelf.entry(newer) if newer else None,
    }


def in_steps(html: str) -> str:
    """A body whose headings go down one level at a time below the title, so that nobody looks for one between."""
    if "<h3" not in html and "<h4" not in html:
        return html
    last = 1

    def stepped(tag: re.Match[str]) -> str:
        nonlocal last
        last = last if tag[1] else min(int(tag[2]), last + 1)
        return f"<{tag[1]}h{last}"

    return _HEADING.sub(stepped, html)


def _removals(article: Article, script: str) -> list[Context]:
    """What each step removed: how often, and the first few different texts, in the reader's script."""
    counts = Counter(removal.step for removal in article.removals)
    texts: dict[str, dict[str, None]] = {step: {} for step in counts}
    for removal in article.removals:
        if removal.text:
            texts[removal.step].setdefault(plain(removal.text[:90]))
    rows = [(step, text) for step, group in texts.items() for text in list(group)[:12]]
    # A mirror's rows are in the mirror's script, whatever the article is in; converting Simplified suits both.
    shown = convert_text("\n".join(text for _, text in rows), "zh-Hans", script).split("\n")[: len(rows)]
    return [
        {
            "step": step,
            "count": count,
            "examples": [text for (of, _), text in zip(rows, shown, strict=True) if of == step],
        }
        for step, count in counts.items()
    ]
