"""The whole line, top to bottom: content -> documents -> drafts -> articles -> library -> pages -> site."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from generator import boilerplate, documents, mirrors, permalinks
from generator.boilerplate import Boilerplate
from generator.cleaning import Prepared, finish, prepare
from generator.errors import ConfigError, QingduError
from generator.library import shelve
from generator.locales import Locale, load_locale
from generator.models import Article, Edition, LeftOut, Library, Page, Report
from generator.output import Output, write
from generator.pages import Shelf, plan
from generator.parallel import cores, spread
from generator.publishers import Publishers, load_publishers
from generator.rendering import Renderer
from generator.sanitizer import sanitize
from generator.scripts import TermStore
from generator.settings import Settings, check_base_url, load_settings

#: Told what is being done and how far it is: (stage, done, of).
Progress = Callable[[str, int, int], None]
HERE = Path(__file__).parent
#: What `qingdu check --learn` keeps in the content folder, for smaller batches to come.
LEARNT = ".qingdu/boilerplate.json"


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is known before the first document is read."""

    settings: Settings
    mirrors: tuple[mirrors.Mirror, ...]
    publishers: Publishers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading and cleaning a content folder gave."""

    rules: Rules
    library: Library
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    learnt: Boilerplate
    pictures: dict[str, str]  # path in the site -> path in the content folder


def load_rules(content: Path, base_url: str | None = None, rules: bool = True) -> Rules:
    """Settings, mirrors and publishers; ``rules=False`` leaves every rule file out."""
    settings = load_settings(content)
    if base_url is not None:
        settings = replace(settings, base_url=check_base_url(base_url))
    if not rules:
        return Rules(settings, (), Publishers(()))
    return Rules(settings, mirrors.load_mirrors(content / "mirrors"), load_publishers(content / "publishers"))


def prepare_one(rules: Rules, found: documents.Found) -> Prepared | LeftOut:
    """Read, unwrap and clean one document as far as it can be cleaned alone."""
    document = documents.read(found, rules.settings.limits)
    if isinstance(document, LeftOut):
        return document
    try:
        draft = mirrors.unwrap(document, rules.mirrors, rules.settings.limits)
        return draft if isinstance(draft, LeftOut) else prepare(draft, rules.publishers, rules.settings)
    except Exception as error:
        return _fault(found.path, error)


def _fault(path: str, error: Exception) -> LeftOut:
    """A document on which the generator stumbles is left out, and the build goes on; what the owner wrote stops it."""
    if isinstance(error, QingduError):
        raise error
    return LeftOut(path, "fault", f"the generator stumbled ({type(error).__name__}: {error}); please report it")


def learn_from(prepared: Iterable[Prepared]) -> Boilerplate:
    """What repeats across documents."""
    return boilerplate.learn(boilerplate.sample(p.mirror, p.publisher.slug, p.blocks) for p in prepared)


def collect(rules: Rules, jobs: int = 0, progress: Progress | None = None) -> Outcome:
    """Read and clean everything: two passes, since what repeats is only known when all has been read."""
    jobs = jobs or cores()
    tell = progress or (lambda stage, done, of: None)
    found = list(documents.find(rules.settings.content))
    prepared: list[Prepared] = []
    left_out: list[LeftOut] = []
    for done, one in enumerate(spread(prepare_one, found, rules, jobs), 1):
        tell("reading", done, len(found))
        if isinstance(one, LeftOut):
            left_out.append(one)
        else:
            prepared.append(one)
    learnt = boilerplate.merge(
        boilerplate.load(rules.settings.content / LEARNT),
        learn_from(prepared),
    )
    articles: list[Article] = []
    state = (prepared, learnt, rules.settings)
    for done, result in enumerate(spread(_finish_one, range(len(prepared)), state, jobs), 1):
        tell("cleaning", done, len(prepared))
        if isinstance(result, LeftOut):
            left_out.append(result)
        else:
            articles.append(result)
    names = {p.publisher.slug: p.publisher.name for p in reversed(prepared)}
    library, copies, warnings = shelve(articles, rules.settings.topics, rules.publishers, names)
    pictures = {permalinks.media(path): path for p in prepared for _, path in p.pictures}
    return Outcome(
        rules,
        library,
        tuple(sorted([*left_out, *copies], key=lambda o: o.path)),
        tuple(warnings),
        learnt,
        pictures,
    )


def keep_learnt(outcome: Outcome) -> Path:
    """Keep what the folder taught, so that a smaller batch in its place profits from it; returns the file."""
    file = outcome.rules.settings.content / LEARNT
    file.parent.mkdir(exist_ok=True)
    file.write_text(boilerplate.dump(outcome.learnt), "utf-8")
    return file


def _finish_one(state: tuple[list[Prepared], Boilerplate, Settings], index: int) -> Article | LeftOut:
    prepared, learnt, settings = state
    try:
        return finish(prepared[index], learnt, settings)
    except Exception as error:
        return _fault(prepared[index].draft.document.path, error)


def build(
    content: Path, output: Path, jobs: int = 0, base_url: str | None = None, progress: Progress | None = None
) -> Report:
    """Build the site of a content folder. The last good site stays until the new one is whole.

    Raises QingduError for settings, rules, templates or an output folder that cannot be used.
    """
    start = time.monotonic()
    rules = load_rules(content, base_url)
    load_locales(rules.settings)
    for edition in rules.settings.editions:
        TermStore(content, edition.script, rules.settings.regional)  # a table that cannot be used is said at once
    place = Output(output, content)
    outcome = collect(rules, jobs, progress)
    staging = place.stage()
    try:
        paths = _write_site(outcome, staging, jobs or cores(), progress)
        place.swap(paths)
    except BaseException:
        place.drop()
        raise
    library = outcome.library
    return Report(
        documents=len(library.articles) + len(outcome.left_out),
        articles=len(library.articles),
        pages=sum(path.endswith(".html") for path in paths),
        left_out=outcome.left_out,
        warnings=outcome.warnings,
        seconds=time.monotonic() - start,
        output=output,
    )


def _write_site(outcome: Outcome, staging: Path, jobs: int, progress: Progress | None) -> list[str]:
    tell = progress or (lambda stage, done, of: None)
    content = outcome.rules.settings.content
    assets, paths = _copy_static(content, staging)
    paths += _copy_pictures(outcome.pictures, content, staging)
    renderers = [
        Renderer(shelf_of(outcome, edition), _template_folders(content), assets)
        for edition in outcome.rules.settings.editions
    ]
    work = [(renderer, page) for renderer in renderers for page in plan(renderer.shelf)]
    _check_paths([page.path for _, page in work])
    rendered = spread(_render_one, range(len(work)), (work, staging), jobs)
    for done, path in enumerate(rendered, 1):
        tell("rendering", done, len(work))
        paths.append(path)
    return paths


def _render_one(state: tuple[list[tuple[Renderer, Page]], Path], index: int) -> str:
    work, staging = state
    renderer, page = work[index]
    write(staging, page.path, renderer.render(page))
    return page.path


def shelf_of(outcome: Outcome, edition: Edition) -> Shelf:
    """The library as an edition shows it."""
    homes = {slug: p.home for slug, p in outcome.rules.publishers.known.items() if p.home}
    settings = outcome.rules.settings
    return Shelf(outcome.library, edition, settings, homes, load_locales(settings), _about(settings.content))


def load_locales(settings: Settings) -> dict[str, Locale]:
    """The words of every edition; raises ConfigError for a locale that nobody knows."""
    return {edition.slug: load_locale(edition.locale) for edition in settings.editions}


def _about(content: Path) -> str:
    """The owner's own words about the site (``about.md`` beside ``site.toml``), as sanitised HTML."""
    file = content / "about.md"
    if not (content / "site.toml").is_file() or not file.is_file():
        return ""
    from markdown_it import MarkdownIt

    return sanitize(str(MarkdownIt("commonmark").enable("table").render(file.read_text("utf-8"))))


def _check_paths(paths: list[str]) -> None:
    """Two pages never fight for one path, also where the file system does not tell capitals apart."""
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.lower(), path)
        if other is not path:
            raise QingduError(path, f"two pages want this path (the other: {other})", "give one of them another slug")


def shipped(name: str) -> Path:
    """``templates`` or ``static`` as they ship: inside the package when installed, beside it in a checkout."""
    inside = HERE / name
    folder = inside if inside.is_dir() else HERE.parent / name
    if not folder.is_dir():
        raise ConfigError(str(folder), "the generator's own files are missing", "install qingdu again")
    return folder


def _template_folders(content: Path) -> list[Path]:
    return [folder for folder in (content / "templates", shipped("templates")) if folder.is_dir()]


def _copy_static(content: Path, staging: Path) -> tuple[dict[str, str], list[str]]:
    """Copy static files, the site's own over the shipped ones; returns their versions and their paths."""
    files: dict[str, Path] = {}
    for folder in (shipped("static"), content / "static"):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file() and not file.is_symlink():
                files[file.relative_to(folder).as_posix()] = file
    versions: dict[str, str] = {}
    for name, file in files.items():
        data = file.read_bytes()
        versions[name] = blake2b(data, digest_size=4).hexdigest()
        write(staging, f"static/{name}", data)
    return versions, [f"static/{name}" for name in files]


def _copy_pictures(pictures: dict[str, str], content: Path, staging: Path) -> list[str]:
    for path, source in sorted(pictures.items()):
        target = staging / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(documents.file_of(content, source), target)
    return sorted(pictures)


def show_progress(stage: str, done: int, of: int) -> None:
    """One line on a terminal that counts up; silent elsewhere."""
    if sys.stderr.isatty() and (done == of or done % 50 == 0):
        sys.stderr.write(f"\r\x1b[K{stage} {done:,} of {of:,}")
        sys.stderr.flush()
