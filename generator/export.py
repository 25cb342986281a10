"""Every cleaned article, as programs read them: what `qingdu export` prints, a line of JSON each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator.build import kept_in, opened
from generator.collecting import collect, load_rules
from generator.models import Article, Origin
from generator.provenance import found_in


def export(content: Path, jobs: int = 0, rules: bool = True) -> Iterator[dict[str, Any]]:
    """The articles of a content folder, in the order of the library; without ``rules`` as the generic steps clean them."""
    with opened(kept_in(content) if rules else None) as store:
        library = collect(load_rules(content, rules=rules), store, jobs).library
        stories = {report.id: story.slug for story in library.stories for report in story.articles}
        for article in library.articles:
            yield _exported(article, stories.get(article.id), library.origins)


def _exported(article: Article, story: str | None, origins: dict[str, Origin]) -> dict[str, Any]:
    return {
        "path": article.path,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "lang": article.lang,
        "canonical_url": article.canonical_url or None,
        "publisher": article.publisher,
        "topic": article.topic,
        "tags": article.tags,
        "author": article.author,
        "html": article.html,
        "text": article.text,
        "copies": article.copies,
        "id": article.id,
        "story": story,
        "sha256": article.sha256,
        "mirrored": article.mirrored.isoformat() if article.mirrored else None,
        **_clone(origins, article.path),
        "removals": [asdict(removal) for removal in article.removals],
    }


def _clone(origins: dict[str, Origin], path: str) -> dict[str, str | None]:
    """Repository, commit and the document's path in it, null where its folder is no git clone."""
    origin, place, commit = found_in(origins, path)
    return {
        "repository": origin.repository if origin else None,
        "repository_path": place or None,
        "commit": commit.id if commit else None,
        "committed": commit.date if commit else None,
    }
