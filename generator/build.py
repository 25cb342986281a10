"""The whole line, top to bottom: content -> documents -> drafts -> articles -> library -> pages -> site."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

from generator import assets, permalinks, search
from generator.collecting import Outcome, Progress, Rules, collect, load_rules
from generator.epub import bind
from generator.errors import QingduError
from generator.indexing import write_index
from generator.locales import Locale, load_locale
from generator.models import Edition, Page, Report
from generator.output import Output, Site, Sizes, write
from generator.pages import Shelf, plan
from generator.pages.marks import Marks
from generator.parallel import cores, spread
from generator.pictures import load_gallery
from generator.places import KEPT
from generator.records import DamagedStoreError
from generator.rendering import Renderer
from generator.sanitizer import sanitize
from generator.scripts import TermStore
from generator.settings import Settings
from generator.store import Store, open_store

NO_ADDRESS = (
    "no feeds and no sitemap, since they name the site's address: set base_url in site.toml, or give --base-url"
)


def build(
    content: Path,
    output: Path,
    jobs: int = 0,
    base_url: str | None = None,
    progress: Progress | None = None,
    store: Path | Store | None = None,
    fresh: bool = False,
    told: Callable[[Built], None] = lambda built: None,
    listed: Callable[[Sizes], None] | None = None,
) -> Report:
    """Build the site of a content folder, as far as it is not built yet. The last good site stays until then.

    ``store`` is the folder of what earlier builds worked out (``content/.qingdu``), or that store itself, which stays
    open; ``fresh`` uses nothing of it, and writes every file. ``told`` hears of what was built, ``listed`` of the
    files in the folder of the site. Raises QingduError for settings, rules, templates or an output folder that cannot be
    used.
    """
    start = time.monotonic()
    rules = load_rules(content, base_url)
    load_locales(rules.settings)
    for edition in rules.settings.editions:
        TermStore(content, edition.script, rules.settings.regional)  # a table that cannot be used is said at once
    place = Output(output, content)
    try:
        place.open(say)
        with opened(store or content / KEPT) as kept, _keeping_all():
            if fresh:
                kept.wipe()
            built, site = _site(rules, kept, place, fresh, jobs or cores(), progress)
        place.commit(site.files, site.staged)
        if listed:
            listed(place.standing())
    finally:
        place.close()
    told(built)
    outcome = built.outcome
    return Report(
        documents=len(outcome.library.articles) + len(outcome.left_out),
        articles=len(outcome.library.articles),
        pages=sum(path.endswith(".html") for path in site.files),
        written=len(site.staged),
        left_out=outcome.left_out,
        warnings=outcome.warnings,
        hints=() if rules.settings.base_url else (NO_ADDRESS,),
        seconds=time.monotonic() - start,
        output=output,
    )


@contextmanager
def _keeping_all() -> Iterator[None]:
    """Nearly all that a build makes lives until it ends: looking for garbage meanwhile costs a tenth of it, and more later."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Built:
    """What a build worked with: the articles, a renderer for each edition; and the paths of what it wrote anew."""

    outcome: Outcome
    renderers: tuple[Renderer, ...]
    written: set[str]


def _site(
    rules: Rules, kept: Store, place: Output, fresh: bool, jobs: int, progress: Progress | None
) -> tuple[Built, Site]:
    """What was built, and the site, ready to be put in place; once more if the store is damaged."""
    try:
        return _site_with(rules, kept, place, fresh, jobs, progress)
    except DamagedStoreError as error:
        say(f"{kept.file}: {error}; made anew")
        kept.wipe()
        return _site_with(rules, kept, place, fresh, jobs, progress)


def _site_with(
    rules: Rules, kept: Store, place: Output, fresh: bool, jobs: int, progress: Progress | None
) -> tuple[Built, Site]:
    outcome = collect(rules, kept, jobs, progress)
    site = Site(place, {} if fresh else place.made())
    renderers = _write_pages(outcome, site, jobs, progress)
    write_index(search.in_order(outcome.library), rules.settings, kept, site, jobs)
    return Built(outcome, renderers, site.staged), site


@dataclass(frozen=True, slots=True)
class _Work:
    """A page to be rendered: its key, or "" where only its bytes tell whether it changed."""

    renderer: Renderer
    page: Page
    key: str


def _write_pages(outcome: Outcome, site: Site, jobs: int, progress: Progress | None) -> tuple[Renderer, ...]:
    """Stage the pages and assets that the site does not have yet; returns a renderer for each edition."""
    tell = progress or (lambda stage, done, of: None)
    content = outcome.rules.settings.content
    versions = assets.copy(assets.sources(content, pictures(outcome)), site)
    folders = assets.template_folders(content)
    renderers = tuple(Renderer(shelf, folders, versions) for shelf in shelves_of(outcome))
    work = [_Work(one, page, one.key(page)) for one, page in _planned(renderers)]
    _check_paths([*site.files, *(one.page.path for one in work)])
    fresh = [one for one in work if not one.key or site.made.get(one.page.path, (0, ""))[1] != one.key]
    site.files.update((one.page.path, site.made[one.page.path]) for one in work if one.page.path in site.made)
    rendered = spread(_render_one, range(len(fresh)), (_Stale(fresh, outcome, versions), site), jobs)
    for done, row in enumerate(rendered, 1):
        tell("rendering", done, len(fresh))
        site.note(*row)
    return renderers


class _Stale(list[_Work]):
    """Pages to be rendered. Another process plans them anew: what pages show is worked out by closures."""

    def __init__(self, work: list[_Work], outcome: Outcome, versions: dict[str, str]) -> None:
        super().__init__(work)
        self._made_of = (outcome, versions)

    def __reduce__(self) -> tuple[Any, ...]:
        return _planned_again, (*self._made_of, {one.page.path: one.key for one in self})


def _planned_again(outcome: Outcome, versions: dict[str, str], keys: dict[str, str]) -> list[_Work]:
    """The pages of these paths, in the order of the plan."""
    folders = assets.template_folders(outcome.rules.settings.content)
    renderers = [Renderer(shelf, folders, versions) for shelf in shelves_of(outcome)]
    return [_Work(one, page, keys[page.path]) for one, page in _planned(renderers) if page.path in keys]


def _planned(renderers: Sequence[Renderer]) -> Iterator[tuple[Renderer, Page]]:
    """Every page; that of one thing in all editions together, so that bodies are read and reports compared once."""
    rows: dict[str, list[tuple[Renderer, Page]]] = {}
    for one in renderers:
        for page in plan(one.shelf):
            rows.setdefault(page.path.removeprefix(f"{one.shelf.edition.slug}/"), []).append((one, page))
    return chain.from_iterable(rows.values())


def pictures(outcome: Outcome) -> dict[str, str]:
    """Path in the site -> path in the content folder: of the documents' own pictures and of copies of others."""
    settings, articles = outcome.rules.settings, outcome.library.articles
    if settings.images == "none":
        return {}
    own = {permalinks.media(path): path for article in articles for path in article.picture_files}
    shown = (address for one in articles for address in (*one.traces.pictures, one.lead_figure))
    return {**own, **load_gallery(settings).files(shown)}


def _render_one(state: tuple[list[_Work], Site], index: int) -> tuple[str, int, str, bool]:
    """Stage a page unless the site has the same bytes: (path, size, key, whether it was staged)."""
    work, site = state
    made, place = site.made, site.place
    one = work[index]
    path = one.page.path
    data = bind(one.renderer, one.page) if path.endswith(".epub") else one.renderer.render(one.page)
    changed = path not in made or made[path][0] != len(data) or (place.folder / path).read_bytes() != data
    if changed:
        write(place.staging, path, data)
    return path, len(data), one.key or f"={blake2b(data, digest_size=8).hexdigest()}", changed


def kept_in(content: Path) -> Path | None:
    """The folder of the store, where a build has made one."""
    folder = content / KEPT
    return folder if folder.is_dir() else None


@contextmanager
def opened(folder: Path | Store | None) -> Iterator[Store]:
    """The store of a folder for the time of one command; a temporary one without a folder.

    One that is open already is used for so long, and stays open with what it remembers.
    """
    if isinstance(folder, Store):
        folder.resume(say)
        try:
            yield folder
        finally:
            folder.pause()
        return
    store = open_store(folder, say)
    try:
        yield store
    finally:
        store.close()


def say(text: str) -> None:
    """Tell people something that is no error."""
    sys.stderr.write(f"qingdu: {text}\n")


def shelves_of(outcome: Outcome, *editions: Edition) -> list[Shelf]:
    """The library as each edition shows it: as those that are named, or all of the site."""
    settings, publishers = outcome.rules.settings, outcome.rules.publishers.known
    homes = {slug: one.home for slug, one in publishers.items() if one.home}
    marks = Marks(outcome.library, load_gallery(settings), homes)
    shown = editions or settings.editions
    locales = {**load_locales(settings), **{one.slug: load_locale(one.locale) for one in shown}}
    about = _about(settings.content)
    return [Shelf(outcome.library, edition, settings, homes, locales, marks, about) for edition in shown]


def load_locales(settings: Settings) -> dict[str, Locale]:
    """The words of every edition; raises ConfigError for a locale that nobody knows."""
    return {edition.slug: load_locale(edition.locale) for edition in settings.editions}


def _about(content: Path) -> str:
    """The owner's own words about the site (``about.md`` beside ``site.toml``), as sanitised HTML."""
    file = content / "about.md"
    if not (content / "site.toml").is_file() or not file.is_file():
        return ""
    from markdown_it import MarkdownIt

    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QingduError("about.md", f"cannot be read: {error}", "save it as UTF-8") from None
    return sanitize(str(MarkdownIt("commonmark").enable("table").render(text)))


def _check_paths(paths: list[str]) -> None:
    """Two pages never fight for one path, also where the file system does not tell capitals apart."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.lower(), path)
        if other is not path:
            raise QingduError(path, f"two pages want this path (the other: {other})", "give one of them another slug")


def show_progress(stage: str, done: int, of: int) -> None:
    """One line on a terminal that counts up; silent elsewhere."""
    if sys.stderr.isatty() and (done == of or done % 50 == 0):
        sys.stderr.write(f"\r\x1b[K{stage} {done:,} of {of:,}")
        sys.stderr.flush()
