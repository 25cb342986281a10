"""Page -> bytes: Jinja with autoescape, undefined names are errors; pictures and links in articles made local."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, MutableMapping
from functools import cached_property, lru_cache, partial
from html import unescape
from itertools import count
from pathlib import Path
from types import CodeType, MethodType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.bccache import Bucket
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from generator import permalinks
from generator.errors import QingduError
from generator.locales import in_locale, nearest_locale
from generator.models import Page, Published
from generator.pages import Shelf, primary, when_iso
from generator.stamps import code, fields_of, folder, key_of, text_of
from generator.topics import OTHER

_LINK = re.compile(r'<a href="([^"]*)"([^>]*)>')
#: The first tag of each block (a block stands at the start of a line): its number is the same in every edition.
_BLOCK = re.compile(r"^<(p|h[2-4]|[uo]l|blockquote|figure|table|pre)\b([^>]*)>", re.M)
#: What XML 1.0 cannot hold, not even escaped.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IMAGE = re.compile(r'<img([^>]*?)src="([^"]*)"([^>]*)>')


def captioned(image: re.Match[str]) -> bool:
    """Whether a picture stands in a figure with a caption."""
    html, at = image.string, image.start()
    end, following = html.find("</figure>", at), html.find("<figure", at)
    inside = end != -1 and (following == -1 or end < following)
    return inside and "<figcaption" in html[at:end]


_NONE = Markup()
#: Bodies of feeds that an edition remembers: each is shown in Atom and in JSON.
_BODIES = 64
#: Written times that an edition remembers.
_TIMES = 10_000


class RenderError(QingduError):
    """A template that cannot be used as it is written."""


class _Compiled(BytecodeCache):
    """Templates, compiled once for all editions of this process."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self.codes[bucket.key, bucket.checksum] = bucket.code


_compiled = _Compiled()


class _Context(Context):
    """What a page shows. Our own functions, methods all, ask for no context: nobody has to find that out at every call."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if type(obj) is not MethodType:
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


class _Environment(Environment):
    """What templates are shown are dictionaries: their keys come first, and nobody waits for an exception."""

    context_class = _Context

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """No template has globals of its own: theirs are the environment's as they are, and sooner looked up."""
        return super().make_globals(d) if d else self.globals


def _environment(folders: list[Path], words: dict[str, Any]) -> Environment:
    """Templates, and what they see on every page of an edition: macros and parts need no context of a page."""
    environment = _Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=_compiled,
    )
    environment.globals.update(words)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment


class Renderer:
    """Renders the pages of one edition. ``assets`` maps the name of a static file to its version."""

    def __init__(self, shelf: Shelf, folders: list[Path], assets: dict[str, str]) -> None:
        self.shelf = shelf
        self.assets = assets
        self.templates = tuple(folder(path) for path in folders)
        self.path = ""  # of the page that is being rendered
        self._times: dict[tuple[Published, bool, str], Markup] = {}
        self._tongues: dict[str, Markup] = {"": _NONE, shelf.locale.tag: _NONE}
        self._frames: dict[tuple[str, ...], Markup] = {}
        self._led: dict[str, str] | None = None  # the ways that a part leads while it is rendered: target -> link
        locale = shelf.locale
        words: dict[str, Any] = dict(
            t=locale.t,
            n=locale.n,
            date_text=locale.date,
            day_text=locale.day,
            day_of_month=locale.day_of_month,
            month_name=locale.month_name,
            month_text=locale.month,
            time_text=locale.time,
            clock_text=locale.clock,
            weekday_text=locale.weekday,
            number_text=locale.number,
            iso=when_iso,
            absolute=lru_cache(_BODIES)(self._absolute),
            tongue=self._tongue,
            when=self._when,
            once=self._once,
            href=self._href,
            src=self._src,
            asset=self._asset,
            **self._frame(),
        )
        self._ways = {*words["paths"].values(), *(topic["path"] for topic in words["nav"])}
        self.environment = _environment(folders, words)

    def _frame(self) -> dict[str, Any]:
        """What every page of the edition shows round its own part."""
        shelf, settings = self.shelf, self.shelf.settings
        slug = shelf.edition.slug
        names = ("topics", "stories", "tags", "archive", "publishers", "languages", "about", "feeds", "books", "search")
        paths = {name: permalinks.index(slug, name) for name in names}
        return {
            "site": {
                "title": in_locale(settings.title, shelf.locale.tag),
                "title_lang": nearest_locale(settings.title, shelf.locale.tag),
                "description": in_locale(settings.description, shelf.locale.tag),
                "description_lang": nearest_locale(settings.description, shelf.locale.tag),
                "base_url": settings.base_url,
                "noindex": settings.noindex,
                "images": settings.images,
                "offline": settings.offline,
            },
            "edition": {
                "slug": slug,
                "lang": shelf.locale.tag,
                "language": primary(shelf.locale.tag),
                "territory": shelf.locale.territory,
                "dir": shelf.locale.dir,
                "name": shelf.locale.name,
                "home": permalinks.home(slug),
            },
            # What has no topic comes and goes: no reason to make every page anew.
            "nav": [shelf.topics[term.slug] for term in shelf.main_topics if term.slug != OTHER],
            "feed": shelf.feed(shelf.library.articles),
            "books": bool(
                settings.books.days or settings.books.weeks or settings.books.stories or settings.books.topics
            ),
            "paths": {**paths, "home": permalinks.home(slug), "panel": permalinks.panel(slug)},
        }

    def key(self, page: Page) -> str:
        """The stamp of all that a page is made of; "" where only its bytes tell whether it changed."""
        if page.shows is None:
            return ""
        return key_of(self._stamp, page.path, page.template, repr(page.shows))

    @cached_property
    def _stamp(self) -> str:
        """The stamp of what every page of the edition is made of: code, templates, words, settings, tables of terms."""
        shelf = self.shelf
        settings = {name: value for name, value in fields_of(shelf.settings) if name != "content"}
        parts = (shelf.edition, settings, self.assets, self._frame())
        return key_of(code(), text_of(parts), *self.templates, folder(shelf.settings.content / "terms"))

    def render(self, page: Page) -> bytes:
        """The bytes of a page's file; raises RenderError with the template's name and line."""
        self.path, self._led = page.path, None
        try:
            context = page.context()
            if "article" in context:
                article = context["article"]
                context["article"] = {**article, "html": Markup(self._body(article["html"]))}  # noqa: S704 - sanitised
            head = {
                **context.get("page", {}),
                "address": self._address(page.path),
                "door": page.path == "index.html",
            }
            head["canonical"] = self._canonical(head)
            whole = {
                **context,
                "page": head,
                "editions": self._editions(page.path),
                "framed": partial(self._framed, head),
            }
            text = self.environment.get_template(page.template).render(whole)
        except TemplateSyntaxError as error:
            raise RenderError(
                f"{error.filename or page.template}:{error.lineno}", str(error.message), "mend the template"
            ) from None
        except TemplateError as error:
            raise RenderError(page.template, f"{error.message} (on {page.path})", "mend the template") from None
        if not page.path.endswith(".html"):
            text = NO_XML.sub("", text)
        return text.encode()

    def _framed(self, head: dict[str, Any], template: str) -> Markup:
        """A part of the frame, rendered once for all pages of a kind in a folder that it does not lead to."""
        path = head["path"] if head["path"] in self._ways else ""
        key = (template, self.path.rpartition("/")[0], head["kind"], path)
        if key not in self._frames:
            part = self.environment.get_template(template)
            text = part.render(page={"kind": head["kind"], "path": path}).rstrip("\n")
            self._frames[key] = Markup(text)  # noqa: S704 - a template
        return self._frames[key]

    def _once(self, macro: Macro, item: dict[str, Any], *options: object) -> str:
        """What a macro makes of an article in a list: once for all pages on which the ways that it leads are the same.

        The article holds it itself: then nobody has to say when it changes.
        """
        made: list[tuple[dict[str, str], str]] = item.setdefault("made", {}).setdefault((macro.name, *options), [])
        for ways, text in made:
            if all(self._href(target) == way for target, way in ways.items()):
                return text
        around, self._led = self._led, {}
        text, ways = macro(item, *options), self._led
        self._led = around
        if around is not None:
            around.update(ways)
        made.append((ways, text))
        return text

    def _tongue(self, item: dict[str, Any]) -> Markup:
        """``lang`` and ``dir`` of a text that is not in the language of the edition."""
        lang = item["lang"]
        if lang not in self._tongues:
            self._tongues[lang] = Markup(' lang="{}" dir="{}"').format(lang, item["dir"])
        return self._tongues[lang]

    def _when(self, published: Published, form: str = "time") -> Markup:
        """When an article was published: "time" says all that is known, "date" the day, "clock" the time of day if known."""
        key = (published, isinstance(published, dt.datetime), form)
        if key not in self._times:
            locale = self.shelf.locale
            words = {"time": locale.time, "date": locale.date, "clock": locale.clock}[form](published)
            if len(self._times) >= _TIMES:
                self._times.clear()
            made = Markup('<time datetime="{}">{}</time>').format(when_iso(published), words) if words else _NONE
            self._times[key] = made
        return self._times[key]

    def _href(self, target: str) -> str:
        """Relative links from a page; from the page for lost addresses absolute ones, since it is shown anywhere."""
        if self.path == "404.html":
            way = (re.sub(r"\Ahttps?://[^/]+", "", self.shelf.settings.base_url) or "/") + target
        else:
            way = permalinks.relative(target, self.path)
        if self._led is not None:
            self._led[target] = way
        return way

    def _src(self, address: str) -> str:
        return self._href(address) if address.startswith("media/") else address

    def _asset(self, name: str) -> str:
        return f"{self._href(f'static/{name}')}?v={self.assets[name]}"

    def _canonical(self, head: dict[str, Any]) -> str:
        """The address that counts, by the owner's policy: for an article perhaps the one at its publisher."""
        policy = self.shelf.settings.canonical
        own = str(head["address"]) if policy != "none" else ""
        return str(head.get("original") or own) if policy == "original" else own

    def _address(self, path: str) -> str:
        """The absolute address of a page; empty where the site's own is not known."""
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
                "territory": locale.territory,
                "path": f"{edition.slug}/{tail}",
                "address": self._address(f"{edition.slug}/{tail}"),
                "current": edition.slug == here,
            }
            for edition in self.shelf.settings.editions
            for locale in [self.shelf.locales[edition.slug]]
        ]

    def _body(self, html: str) -> str:
        """An article's HTML: links to other articles of the site local, blocks numbered, pictures loaded late."""
        numbers = count(1)
        numbered = _BLOCK.sub(lambda m: m[0] if " id=" in m[0] else f'<{m[1]} id="p-{next(numbers)}"{m[2]}>', str(html))
        return self._linked(numbered, self._href)

    def _absolute(self, html: str, url: str) -> str:
        """An article's HTML as it can be read anywhere; ``url`` is the address of its page."""
        base = self.shelf.settings.base_url
        linked = self._linked(html, lambda target: base + target)
        return linked.replace('href="#', f'href="{escape(url)}#')

    def _linked(self, html: str, href: Callable[[str], str]) -> str:
        def link(match: re.Match[str]) -> str:
            local = self.shelf.local(unescape(match[1]))
            return f'<a href="{escape(href(local))}">' if local else match[0]

        def described(match: re.Match[str]) -> str:
            """A picture that nothing describes says at least that it is one; a caption is description enough."""
            return match[0] if captioned(match) else match[0].replace(' alt=""', f' alt="{unnamed}"')

        unnamed = escape(self.shelf.locale.t("article.picture"))
        linked = _IMAGE.sub(described, _LINK.sub(link, html))
        return self.shelf.gallery.show(linked, href, self.shelf.locale.t)
