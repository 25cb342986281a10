"""Eleventy: collections and pagination for every list, Nunjucks for the layouts."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.peers import ADDRESS, Plan, Post, with_head
from tests.bench.peers.installing import said_by, with_npm


class Eleventy:
    """The fastest of those in JavaScript."""

    name = "eleventy"
    template = "layouts/base.njk"
    static = "static"
    kept: tuple[str, ...] = (".cache",)

    def install(self, tools: Path) -> str:
        """Install it, with npm."""
        program = tools / "node_modules/.bin/eleventy"
        return said_by(program, "--version") if with_npm(tools, "@11ty/eleventy@3.1.5") else ""

    def command(self, tools: Path) -> tuple[str, ...]:
        """Build once."""
        return (str(tools / "node_modules/.bin/eleventy"), "--config=site.mjs", "--quiet")

    def settings(self, plan: Plan) -> dict[str, str]:
        """What all layouts read, and what all posts have in common."""
        editions = [
            {"slug": one.slug, "lang": one.lang, "name": one.name, "title": one.title, "words": one.words, "topics": one.topics}
            for one in plan.editions
        ]  # fmt: skip
        told = {"address": ADDRESS, "pageSize": plan.page_size, "feed": plan.feed, "editions": editions}
        return {
            "input/_data/plan.json": json.dumps(told, ensure_ascii=False, indent=1),
            "input/posts/posts.json": json.dumps({"layout": "article.njk", "tags": "post"}),
        }

    def post(self, edition: str, post: Post) -> tuple[str, str]:
        """HTML as it is: no template to be rendered."""
        head = {key: value for key, value in post.items() if key not in ("html", "tags", "date")}
        head |= {"edition": edition, "published": post["date"], "named": post["tags"]}
        head |= {"permalink": f"{edition}/articles/{post['id']}.html"}
        return f"input/posts/{edition}/{post['id']}.html", with_head(head, post["html"], ("---json\n", "---"))
