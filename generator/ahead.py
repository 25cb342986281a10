"""The pages of a document that was just saved, ahead of the build: who writes sees the change at once.

They are made of what the last build knew of all the other documents, and are shown until the next build has ended.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from generator.build import Built
from generator.collecting import finish_one, prepare_one
from generator.documents import Found, path_of
from generator.models import Article, LeftOut
from generator.pages.articles import article_page


def pages_of(built: Built, file: Path) -> dict[str, bytes]:
    """Path in the site -> bytes: the article's page in each edition; nothing for a file that was no article so far."""
    content = built.outcome.rules.settings.content
    path = path_of(file.relative_to(content.absolute()))
    known = next((article for article in built.outcome.library.articles if article.path == path), None)
    article = _cleaned(built, Found(file, path)) if known else None
    if not known or not article:
        return {}
    article = replace(article, id=known.id, copies=known.copies, by_hand=known.by_hand)
    made: dict[str, bytes] = {}
    for renderer in built.renderers:
        renderer.shelf.forget(article)
        page = article_page(renderer.shelf, article)
        made[page.path] = renderer.render(page)
    return made


def _cleaned(built: Built, found: Found) -> Article | None:
    prepared = prepare_one(built.outcome.rules, found)
    if isinstance(prepared, LeftOut):
        return None
    result = finish_one(built.outcome.rules, prepared, built.outcome.learnt.of(prepared.sample()))
    return result if isinstance(result, Article) else None
