"""Build every edition, run by the Python that has Pelican; `plan.json` says what there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pelican import Pelican, signals
from pelican.settings import read_settings


def main() -> None:
    """One site after another."""
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    signals.article_generator_finalized.connect(neighbours)
    for slug in plan["editions"]:
        Pelican(read_settings(override=settings(plan, slug))).run()


def neighbours(generator: Any) -> None:
    """The articles before and after each in its topic."""
    for _, articles in generator.categories:
        for older, article, newer in zip([*articles[1:], None], articles, [None, *articles], strict=False):
            article.older, article.newer = older, newer


def settings(plan: dict[str, Any], slug: str) -> dict[str, Any]:
    """What Pelican has to know of an edition."""
    edition = plan["editions"][slug]
    size = plan["page_size"]
    return {
        "PATH": f"content/{slug}",
        "OUTPUT_PATH": f"public/{slug}",
        "THEME": ".",
        "SITEURL": plan["address"] + slug,
        "SITENAME": edition["title"],
        "DEFAULT_LANG": edition["lang"],
        "TIMEZONE": "UTC",
        "DEFAULT_DATE_FORMAT": "%Y-%m-%d",
        "WORDS": edition["words"],
        "TOPICS": edition["topics"],
        "EDITIONS": plan["editions"],
        "SLUG": slug,
        "ADDRESS": plan["address"],
        "SLUGIFY_USE_UNICODE": True,
        "PAGE_PATHS": ["none"],
        "STATIC_PATHS": [],
        **places("ARTICLE", "articles/{slug}.html"),
        **places("CATEGORY", "topics/{slug}.html"),
        **places("AUTHOR", "publishers/{slug}.html"),
        **places("TAG", "tags/{slug}.html"),
        **places("DAY_ARCHIVE", "days/{date:%Y-%m-%d}.html"),
        **places("MONTH_ARCHIVE", "months/{date:%Y-%m}.html"),
        "DEFAULT_PAGINATION": size,
        "PAGINATED_TEMPLATES": {"category": size, "author": size, "tag": size},
        "DIRECT_TEMPLATES": ["index", "authors", "tags", "archives", "sitemap"],
        "SITEMAP_SAVE_AS": "sitemap.xml",
        "FEED_ALL_ATOM": "feeds/all.xml",
        "CATEGORY_FEED_ATOM": "feeds/{slug}.xml",
        "TRANSLATION_FEED_ATOM": None,
        "AUTHOR_FEED_ATOM": None,
        "AUTHOR_FEED_RSS": None,
        "FEED_MAX_ITEMS": plan["feed"],
    }


def places(kind: str, path: str) -> dict[str, str]:
    """The address of a kind of page, and its file."""
    return {f"{kind}_URL": path, f"{kind}_SAVE_AS": path}


if __name__ == "__main__":
    main()
