"""How long a cold build takes, stage by stage; what cleaning and converting an article cost.

    python -m tests.bench [FOLDER] [--jobs N]

Figures only, no verdict: what is good depends on the machine and on who else uses it.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator import documents
from generator.boilerplate import Boilerplate
from generator.build import Outcome, Rules, learn_from, load_rules, prepare_one, shelf_of, shipped
from generator.cleaning import Prepared, finish
from generator.errors import QingduError
from generator.languages import converter
from generator.library import shelve
from generator.models import Article, LeftOut, Page
from generator.output import write
from generator.pages import plan
from generator.parallel import cores, spread
from generator.rendering import Renderer
from generator.scripts import convert_html, convert_text
from generator.settings import Settings
from tests.conftest import ROOT


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        start = time.perf_counter()
        yield
        self.stages[name] = time.perf_counter() - start


def clean(rules: Rules, jobs: int, clock: Clock) -> tuple[Outcome, int]:
    """What `build.collect` does, timed; also the number of documents."""
    with clock.stage("read, prepare"):
        found = list(documents.find(rules.settings.content))
        first = list(spread(prepare_one, found, rules, jobs))
    prepared = [one for one in first if isinstance(one, Prepared)]
    with clock.stage("learn"):
        learnt = learn_from(prepared)
    with clock.stage("finish"):
        second = list(spread(_finish, range(len(prepared)), (prepared, learnt, rules.settings), jobs))
    with clock.stage("shelve"):
        names = {p.publisher.slug: p.publisher.name for p in reversed(prepared)}
        articles = [one for one in second if isinstance(one, Article)]
        library, copies, warnings = shelve(articles, rules.settings.topics, rules.publishers, names)
    return Outcome(rules, library, tuple(copies), tuple(warnings), learnt, {}), len(found)


def _finish(state: tuple[list[Prepared], Boilerplate, Settings], index: int) -> Article | LeftOut:
    prepared, learnt, settings = state
    return finish(prepared[index], learnt, settings)


def render(outcome: Outcome, folder: Path, jobs: int, clock: Clock) -> None:
    """Write the pages of each edition, timed."""
    static = shipped("static")
    assets = {file.relative_to(static).as_posix(): "0" for file in static.rglob("*") if file.is_file()}
    for edition in outcome.rules.settings.editions:
        with clock.stage(f"render {edition.slug}"):
            renderer = Renderer(shelf_of(outcome, edition), [shipped("templates")], assets)
            pages = list(plan(renderer.shelf))
            for _ in spread(_render, range(len(pages)), (renderer, pages, folder), jobs):
                pass


def _render(state: tuple[Renderer, list[Page], Path], index: int) -> None:
    renderer, pages, folder = state
    write(folder, pages[index].path, renderer.render(pages[index]))


def cleaning(rules: Rules) -> Iterator[str]:
    """What a document costs from its file to its article, in this process, once all tables are loaded."""
    found = list(documents.find(rules.settings.content))
    chosen = found[:: max(1, len(found) // 500)]
    for last in (False, True):
        start = time.process_time()
        prepared = [one for one in (prepare_one(rules, each) for each in chosen) if isinstance(one, Prepared)]
        between = time.process_time()
        learnt = learn_from(prepared)
        for one in prepared:
            finish(one, learnt, rules.settings)
        end = time.process_time()
        if last and prepared:
            first, second = (1000 * seconds / len(chosen) for seconds in (between - start, end - between))
            yield f"{'to clean':16} {first + second:8.2f} ms of CPU a document ({first:.2f} alone, {second:.2f} with the others)"


def conversion(articles: Sequence[Article]) -> Iterator[str]:
    """What an article costs in each script, words met for the first time included, against OpenCC on the same strings."""
    chinese = [one for one in articles if one.lang.startswith("zh")]
    for script, config in (("zh-Hans", "t2s"), ("zh-Hant-TW", "s2tw"), ("zh-Hant-HK", "s2hk")):
        convert_text("暖身", "zh-Hans", script)
        plain, own, opencc = converter(config).convert, [], []
        for article in chinese[:: max(1, len(chinese) // 1_000)]:
            start = time.process_time()
            convert_html(article.html, article.lang, script)
            convert_text(article.title, article.lang, script)
            convert_text(article.excerpt, article.lang, script)
            between = time.process_time()
            for text in (article.html, article.title, article.excerpt):
                plain(text)
            own.append(1000 * (between - start))
            opencc.append(1000 * (time.process_time() - between))
        if own:
            ours, theirs = statistics.median(own), statistics.median(opencc)
            yield f"{f'to {script}':16} {ours:8.2f} ms of CPU an article (median), {ours / theirs:.2f} of plain OpenCC"


def report(clock: Clock, articles: int, found: int, folder: Path) -> Iterator[str]:
    """The lines to print."""
    total = sum(clock.stages.values())
    for name, seconds in clock.stages.items():
        yield f"{name:16} {seconds:8.2f} s   {1000 * seconds / max(1, articles):8.2f} ms an article"
    yield f"{'all':16} {total:8.2f} s   {1000 * total / max(1, articles):8.2f} ms an article"
    files = [file for file in folder.rglob("*") if file.is_file()]
    yield f"{found:,} documents, {articles:,} articles, {len(files):,} files, {sum(f.stat().st_size for f in files):,} bytes"
    unit = 1 if sys.platform == "darwin" else 1024
    own, workers = (
        resource.getrusage(who).ru_maxrss * unit / 1e6 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    yield f"largest process {own:,.0f} MB, largest worker {workers:,.0f} MB"
    yield f"{cores()} processors, load average {' '.join(f'{load:.2f}' for load in os.getloadavg())}"


def main() -> int:
    """Build once, cold, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", default=ROOT.parent / "shared/corpus", metavar="FOLDER", help="a content folder"
    )
    parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes to use (all processors)")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"bench: left out, {options.folder} is not here", file=sys.stderr)
        return 0
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        try:
            with clock.stage("rules"):
                rules = load_rules(options.folder)
            outcome, found = clean(rules, options.jobs, clock)
            render(outcome, Path(folder), options.jobs, clock)
        except QingduError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 2
        for line in report(clock, len(outcome.library.articles), found, Path(folder)):
            print(line)
    for line in (*cleaning(rules), *conversion(outcome.library.articles)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
