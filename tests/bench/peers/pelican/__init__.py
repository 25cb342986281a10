"""Pelican: a site an edition, one after another in one process; categories for topics, authors for publishers."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from tests.bench.peers import ADDRESS, Plan, Post
from tests.bench.peers.installing import said_by, with_pip


class Pelican:
    """The best known of those in Python."""

    name = "pelican"
    template = "templates/base.html"
    static = "static"
    kept: tuple[str, ...] = ("cache",)

    def install(self, tools: Path) -> str:
        """Install it, with pip."""
        return said_by(tools / "bin/pelican", "--version") if with_pip(tools, "pelican") else ""

    def command(self, tools: Path) -> tuple[str, ...]:
        """Build once, all editions."""
        return (str(tools / "bin/python"), "build.py")

    def settings(self, plan: Plan) -> dict[str, str]:
        """What `build.py` reads."""
        editions = {
            one.slug: {"lang": one.lang, "name": one.name, "title": one.title, "words": one.words, "topics": one.topics}
            for one in plan.editions
        }
        told = {"address": ADDRESS, "page_size": plan.page_size, "feed": plan.feed, "editions": editions}
        return {"plan.json": json.dumps(told, ensure_ascii=False, indent=1)}

    def post(self, edition: str, post: Post) -> tuple[str, str]:
        """HTML as it is, what is known of it in its head; a date it must have."""
        said = {
            "date": post["date"] or "1970-01-01",
            "category": post["topic"],
            "authors": _one(post["publisher"]),
            "tags": ", ".join(map(_one, post["tags"])),
            "summary": post["excerpt"],
            "slug": post["id"],
            "writer": post["author"],
            **{key: str(post[key]) for key in ("minutes", "original", "source", "sha256")},
            "tongue": post["lang"],
        }
        head = "".join(f'<meta name="{key}" content="{escape(value)}">\n' for key, value in said.items() if value)
        title = f"<title>{escape(post['title'], quote=False)}</title>"
        text = f"<html><head>{title}\n{head}</head><body>\n{post['html']}\n</body></html>\n"
        return f"content/{edition}/{post['id']}.html", text


def _one(name: str) -> str:
    """A name that is not taken for several."""
    return name.replace(",", "，").replace(";", "；")
