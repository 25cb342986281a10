"""Page -> bytes: Jinja with autoescape, undefined names are errors; pictures and links in articles made local."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from markupsafe import Markup, escape

from generator import permalinks
from generator.errors import QingduError
from generator.models import Page
from generator.pages import Shelf, picture, when_iso
from generator.settings import in_locale

_LINK = re.compile(r'<a href="([^"]*)"([^>]*)>')
#: The first tag of each block (a block stands at the start of a line): its number is the same in every edition.
_BLOCK = re.compile(r"^<(p|h[2-4]|[uo]l|blockquote|figure|table|pre)\b([^>]*)>", re.M)
_IMAGE = re.compile(r'<img([^>]*?)src="([^"]*)"([^>]*)>')


class RenderError(QingduError):
    """A template that cannot be used as it is written."""


class Renderer:
    """Renders the pages of one edition. ``assets`` maps the name of a static file to its version."""

    def __init__(self, shelf: Shelf, folders: list[Path], assets: dict[str, str]) -> None:
        self.shelf = shelf
        self.assets = assets
        self.environment = Environment(
            loader=FileSystemLoader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        locale = shelf.locale
        self.environment.globals.update(
            t=locale.t,
            n=locale.n,
            day_text=locale.day,
            month_text=locale.month,
            time_text=locale.time,
            clock_text=locale.clock,
            weekday_text=locale.weekday,
            number_text=locale.number,
            iso=when_iso,
            **self._frame(),
        )

    def _frame(self) -> dict[str, Any]:
        """What every page of the edition shows round its own part."""
        shelf, settings = self.shelf, self.shelf.settings
        slug = shelf.edition.slug
        paths = {name: permalinks.index(slug, name) for name in ("topics", "archive", "publishers", "about", "search")}
        return {
            "site": {
                "title": in_locale(settings.title, shelf.locale.tag),
                "description": in_locale(settings.description, shelf.locale.tag),
                "base_url": settings.base_url,
                "noindex": settings.noindex,
            },
            "edition": {
                "slug": slug,
                "lang": shelf.locale.tag,
                "dir": shelf.locale.dir,
                "name": shelf.locale.name,
                "home": permalinks.home(slug),
            },
            "nav": list(shelf.topics.values()),
            "paths": {**paths, "home": permalinks.home(slug)},
        }

    def render(self, page: Page) -> bytes:
        """The bytes of a page's file; raises RenderError with the template's name and line."""
        href = self._href(page.path)
        try:
            context = page.context()
            if "article" in context:
                article = context["article"]
                context["article"] = {**article, "html": Markup(self._body(article["html"], href))}  # noqa: S704 - sanitised
            head = {
                **context.get("page", {}),
                "canonical": self._canonical(page.path),
                "door": page.path == "index.html",
            }
            template = self.environment.get_template(page.template)
            text = template.render({**context, "page": head, "href": href, "src": self._src(href), "asset": self._asset(href),
                                    "editions": self._editions(page.path)})  # fmt: skip
        except TemplateSyntaxError as error:
            raise RenderError(
                f"{error.filename or page.template}:{error.lineno}", str(error.message), "mend the template"
            ) from None
        except TemplateError as error:
            raise RenderError(page.template, f"{error.message} (on {page.path})", "mend the template") from None
        return text.encode()

    def _href(self, path: str) -> Callable[[str], str]:
        """Relative links from a page; from the page for lost addresses absolute ones, since it is shown anywhere."""
        if path == "404.html":
            root = re.sub(r"\Ahttps?://[^/]+", "", self.shelf.settings.base_url) or "/"
            return lambda target: root + target
        return lru_cache(None)(lambda target: permalinks.relative(target, path))

    def _src(self, href: Callable[[str], str]) -> Callable[[str], str]:
        return lambda address: href(address) if address.startswith("media/") else address

    def _asset(self, href: Callable[[str], str]) -> Callable[[str], str]:
        return lambda name: f"{href(f'static/{name}')}?v={self.assets[name]}"

    def _canonical(self, path: str) -> str:
        base = self.shelf.settings.base_url
        shown = permalinks.home(self.shelf.edition.slug) if path == "index.html" else path
        return base + shown.removesuffix("index.html") if base else ""

    def _editions(self, path: str) -> list[dict[str, Any]]:
        """The same page in each edition: all have the same pages."""
        here = self.shelf.edition.slug
        tail = path.removeprefix(f"{here}/") if path.startswith(f"{here}/") else "index.html"
        return [
            {
                "name": locale.name,
                "lang": locale.tag,
                "dir": locale.dir,
                "path": f"{edition.slug}/{tail}",
                "current": edition.slug == here,
            }
            for edition in self.shelf.settings.editions
            for locale in [self.shelf.locales[edition.slug]]
        ]

    def _body(self, html: str, href: Callable[[str], str]) -> str:
        """An article's HTML: links to other articles of the site local, blocks numbered, pictures loaded late."""

        def link(match: re.Match[str]) -> str:
            local = self.shelf.by_url.get(unescape(match[1]))
            return f'<a href="{escape(href(local))}">' if local else match[0]

        def image(match: re.Match[str]) -> str:
            address = picture(unescape(match[2]))
            shown = href(address) if address.startswith("media/") else address
            return f'<img{match[1]}src="{escape(shown)}"{match[3]} loading="lazy" decoding="async" referrerpolicy="no-referrer">'

        numbers = count(1)
        numbered = _BLOCK.sub(lambda m: m[0] if " id=" in m[0] else f'<{m[1]} id="p-{next(numbers)}"{m[2]}>', str(html))
        return _IMAGE.sub(image, _LINK.sub(link, numbered))
