"""What each command does: it takes the options, says what came of it, and returns the exit code.

Every import is late: a command loads only what it needs, and ``--help`` and ``--version`` load nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from generator.errors import QingduError

#: Well; the content needs a look; asked wrongly.
EXIT_OK, EXIT_CONTENT, EXIT_USAGE = 0, 1, 2


def build(options: argparse.Namespace) -> int:
    """Build the site, where something has changed."""
    report, files = _built(options)
    if options.json:
        print(json.dumps({**asdict(report), "output": str(report.output)}, ensure_ascii=False))
    elif not options.quiet:
        from generator.reports import clear, say_left_out, say_weight
        from generator.settings import load_settings
        from generator.weights import counted

        clear()
        say_left_out(report.left_out, report.warnings, options.verbose)
        if sys.stderr.isatty():
            sys.stderr.writelines(f"hint: {hint}\n" for hint in report.hints)
        made = (
            f"{counted(report.pages, 'page')} from {counted(report.articles, 'article')} "
            f"({counted(report.documents, 'document')}, {len(report.left_out):,} left out; "
            f"{counted(report.written, 'file')} written) in {report.seconds:.1f} s; "
        )
        say_weight(options.output, load_settings(options.content).host, options.verbose, made=made, files=files)
    return EXIT_CONTENT if options.strict and (report.left_out or report.warnings) else EXIT_OK


def _built(options: argparse.Namespace) -> tuple[Any, list[tuple[str, int]]]:
    """The report of a build, and the files of the site with their sizes; nothing is built where nothing has changed."""
    from generator.output import look_up

    start = time.monotonic()
    stands = not options.fresh and options.output.is_dir()
    look = look_up(str(options.output)) if stands else list
    from generator import standing
    from generator.places import KEPT

    wanted = standing.asked(options.content, options.output, options.store or options.content / KEPT, options.base_url)
    if stands and (known := standing.report(wanted, look)):
        return replace(known, seconds=time.monotonic() - start), look()
    from generator.build import build, show_progress

    progress = None if options.quiet else show_progress
    places = (options.content, options.output, options.jobs, options.base_url)
    files: list[tuple[str, int]] = []
    with _workers(options):
        report = build(*places, progress, options.store, options.fresh, listed=files.extend)
    standing.keep(wanted, report, files)
    return report, files


def _workers(options: argparse.Namespace) -> AbstractContextManager[None]:
    """The processes of this machine, or a cluster, whose workers find everything by absolute paths."""
    if not options.cluster:
        return nullcontext()
    from generator.cluster import hire

    options.content, options.output = options.content.absolute(), options.output.absolute()
    options.store = options.store and options.store.absolute()
    return hire(options.cluster, options.output.parent)


def serve(options: argparse.Namespace) -> int:
    """Build, show the site, build again on every change."""
    from generator.serve import serve

    serve(options.content, options.output, options.host, options.port, options.open, options.jobs)
    return EXIT_OK


def check(options: argparse.Namespace) -> int:
    """Read and clean everything, and say what is wrong."""
    from generator.build import kept_in, opened, show_progress
    from generator.collecting import collect, load_rules

    rules = load_rules(options.content)
    progress = None if options.quiet else show_progress
    with opened(kept_in(options.content)) as store:
        outcome = collect(rules, store, options.jobs, progress)
        return _say_checked(options, outcome)


def _say_checked(options: argparse.Namespace, outcome: Any) -> int:
    from generator.collecting import keep_learnt
    from generator.reports import clear, say_left_out, say_pictures, say_site, say_unresolved
    from generator.scaffold import changed_cases
    from generator.weights import counted

    articles = outcome.library.articles
    if options.script:
        say_unresolved(outcome, options.script)
    learnt = keep_learnt(outcome) if options.learn else None
    warnings = (*outcome.warnings, *changed_cases(options.content))
    if options.json:
        left_out = [asdict(one) for one in outcome.left_out]
        print(json.dumps({"articles": len(articles), "left_out": left_out, "warnings": warnings}, ensure_ascii=False))
    elif not options.quiet:
        clear()
        say_left_out(outcome.left_out, warnings, options.verbose)
        counts = Counter(article.topic for article in articles)
        undated = len(outcome.library.undated)
        print(
            f"{counted(len(articles), 'article')}, {len(outcome.left_out):,} left out, "
            f"{undated:,} without a date, {counts['other']:,} without a topic"
        )
        if learnt:
            print(f"{learnt}: what repeats here, for smaller batches in its place")
        say_pictures(articles, outcome.rules.settings)
    wrong = say_site(options.output, outcome.rules.settings, options.verbose, options.quiet or options.json)
    return EXIT_CONTENT if wrong or (options.strict and (outcome.left_out or warnings)) else EXIT_OK


def fetch(options: argparse.Namespace) -> int:
    """Bring mirrors and pictures up to date."""
    from generator.build import show_progress
    from generator.fetching import fetch
    from generator.reports import clear, say_fetched

    fetched = fetch(options.content, options.jobs, None if options.quiet else show_progress)
    clear()
    trouble = say_fetched(fetched, options.content, options.verbose, options.quiet)
    return EXIT_CONTENT if fetched.lacks or (trouble and options.strict) else EXIT_OK


def new(options: argparse.Namespace) -> int:
    """Make a site to start from, or a mirror family with its case."""
    from generator.scaffold import new_mirror, new_site

    match options.what:
        case ["mirror", name, sample]:
            rule, source = new_mirror(name, Path(sample), options.content)
            print(
                f"{rule}: guessed; mend it until `qingdu explain {source} --content {options.content}` shows the article alone"
            )
        case ["mirror", *_]:
            raise QingduError(
                "new mirror", "needs a name and a sample", "write `qingdu new mirror NAME FILE-OR-FOLDER`"
            )
        case [folder]:
            for name in new_site(Path(folder)):
                print(Path(folder) / name)
            print(f"next: cd {folder}; qingdu serve --open")
        case _:
            raise QingduError("new", "makes one site at a time", "write `qingdu new DIR`")
    return EXIT_OK


def publish(options: argparse.Namespace) -> int:
    """Push the built site to a branch."""
    from generator.publishing import publish
    from generator.settings import load_settings

    commit = publish(options.output, options.remote, options.branch, load_settings(options.content).base_url)
    if not options.quiet:
        print(f"{options.output}: pushed to {options.branch} at {options.remote} as {commit[:12]}")
    return EXIT_OK


def explain(options: argparse.Namespace) -> int:
    """Show the journey of one document."""
    from generator.explain import explain

    for line in explain(options.file, options.content, options.script or "", options.alone, options.jobs):
        print(line)
    return EXIT_OK


def export(options: argparse.Namespace) -> int:
    """Print every cleaned article as a line of JSON."""
    from generator.export import export

    for line in export(options.content, options.jobs, rules=not options.no_rules):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return EXIT_OK


def book(options: argparse.Namespace) -> int:
    """Bind articles into an EPUB book."""
    from generator.books import Wanted, make_book
    from generator.weights import counted

    if not (options.day or options.week or options.topic or options.story):
        raise QingduError("book", "says not of which articles", "name them with --day, --week, --topic or --story")
    wanted = Wanted(options.day, options.week, options.topic, options.story, options.script)
    book, data = make_book(options.content, wanted, options.jobs)
    file: Path = options.output or Path(Path(book.path).name)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise QingduError(str(file), f"cannot be written ({error.strerror})", "choose another --output") from None
    if not options.quiet:
        print(f"{file}: {book.title}, {counted(len(book.articles), 'article')}, {len(data) / 1e6:,.1f} MB")
    return EXIT_OK
