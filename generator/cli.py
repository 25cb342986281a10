"""The command line: ``qingdu build serve check fetch publish new explain export book``."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

from generator import __version__
from generator.errors import QingduError

EXIT_OK, EXIT_CONTENT, EXIT_USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 well, 1 the content needs a look, 2 it was asked wrongly."""
    options = _parser().parse_args(argv)
    _speak_utf8(options.run is _export or getattr(options, "json", False))
    try:
        return int(options.run(options))
    except QingduError as error:
        print(f"qingdu: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK


def _speak_utf8(for_machines: bool) -> None:
    """Data goes out in UTF-8; words for people never break on a terminal that cannot show them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if for_machines and stream is sys.stdout:
                stream.reconfigure(encoding="utf-8")
            else:
                stream.reconfigure(errors="backslashreplace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qingdu", description="Qingdu (清读): mirrored news articles in, a clean multilingual site out."
    )
    parser.add_argument("--version", action="version", version=f"qingdu {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (
        _add_build,
        _add_serve,
        _add_check,
        _add_fetch,
        _add_publish,
        _add_new,
        _add_explain,
        _add_export,
        _add_book,
    ):
        add(commands)
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        metavar="DIR",
        help="folder of the articles and site.toml (content)",
    )
    parser.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="processes to use (all processors)")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every document that is left out")
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    parser.set_defaults(run=run)
    return parser


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes from 1 up")
    return int(text)


def _add_build(commands: Any) -> None:
    parser = _command(commands, "build", _build, "build the site")
    parser.add_argument(
        "--output", type=Path, default=Path("public"), metavar="DIR", help="folder of the site (public)"
    )
    parser.add_argument(
        "--store", type=Path, metavar="DIR", help="folder of what earlier builds worked out (.qingdu in the content)"
    )
    parser.add_argument("--fresh", action="store_true", help="use nothing of earlier builds")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="have the workers of a Dask scheduler do the work (tcp://host:8786)"
    )
    parser.add_argument("--base-url", metavar="URL", help="where the site will stand, for the sitemap (from site.toml)")
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 when a document is left out or a warning is given"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_serve(commands: Any) -> None:
    parser = _command(commands, "serve", _serve, "build, show the site, build again on every change")
    parser.add_argument(
        "--output", type=Path, default=Path("public"), metavar="DIR", help="folder of the site (public)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--open", action="store_true", help="open the site in the browser")


def _add_check(commands: Any) -> None:
    parser = _command(commands, "check", _check, "read and clean everything, say what is wrong, write no site")
    _add_output(parser)
    parser.add_argument(
        "--script", metavar="SCRIPT", help="also list the one-to-many characters that no rule decides in a script"
    )
    parser.add_argument(
        "--learn", action="store_true", help="keep what repeats, for smaller batches of the same mirrors to come"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 when a document is left out or a warning is given"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", type=Path, default=Path("public"), metavar="DIR", help="folder of the site (public)"
    )


def _add_fetch(commands: Any) -> None:
    parser = _command(
        commands, "fetch", _fetch, "bring the mirrors of site.toml and the pictures of the articles up to date"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a mirror is out of reach")


def _add_new(commands: Any) -> None:
    text = "make a site to start from, or a mirror family with its case from a sample document"
    parser: argparse.ArgumentParser = commands.add_parser("new", help=text, description=text)
    parser.add_argument(
        "what",
        metavar="DIR | mirror NAME SAMPLE",
        nargs="+",
        help="a new folder, or the word mirror, a name, and a document or a folder of them",
    )
    parser.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        metavar="DIR",
        help="folder that the mirror's rule goes to (content)",
    )
    parser.set_defaults(run=_new)


def _add_publish(commands: Any) -> None:
    parser = _command(commands, "publish", _publish, "push a built site to a branch, for hosts that publish one")
    _add_output(parser)
    parser.add_argument("--remote", default="origin", help="remote or address to push to (origin)")
    parser.add_argument("--branch", default="gh-pages", help="branch that then holds the site alone (gh-pages)")


def _add_explain(commands: Any) -> None:
    parser = _command(
        commands,
        "explain",
        _explain,
        "show the journey of one document: what was peeled, removed and decided",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a document of the content folder")
    parser.add_argument("--script", metavar="SCRIPT", help="also show the text in a script, e.g. zh-Hant-TW")
    parser.add_argument("--alone", action="store_true", help="do not read the other documents to learn what repeats")


def _add_export(commands: Any) -> None:
    parser = _command(commands, "export", _export, "print every cleaned article as a line of JSON")
    parser.add_argument(
        "--no-rules",
        action="store_true",
        help="use no mirror and publisher file: what the generic steps can do",
    )


def _add_book(commands: Any) -> None:
    parser = _command(
        commands, "book", _book, "bind the articles of a day, a week, a topic or a story into an EPUB book"
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--day", default="", metavar="DAY", help="the articles of a day, e.g. 2020-10-28")
    when.add_argument("--week", default="", metavar="WEEK", help="the articles of a week, e.g. 2020-W44")
    when.add_argument("--story", default="", metavar="STORY", help="the reports of a story, by the name of its page")
    parser.add_argument("--topic", default="", metavar="TOPIC", help="a topic, by its slug; alone, its newest articles")
    parser.add_argument("--script", default="", metavar="SCRIPT", help="e.g. zh-Hant-TW (that of the first edition)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="the book's file (named after what is in it)")


def _build(options: argparse.Namespace) -> int:
    from generator.reports import say_weight
    from generator.settings import load_settings

    report, files = _built(options)
    if options.json:
        print(json.dumps({**asdict(report), "output": str(report.output)}, ensure_ascii=False))
    elif not options.quiet:
        _clear()
        _say_left_out(report.left_out, report.warnings, options.verbose)
        if sys.stderr.isatty():
            sys.stderr.writelines(f"hint: {hint}\n" for hint in report.hints)
        made = (
            f"{report.pages:,} pages from {report.articles:,} articles "
            f"({report.documents:,} documents, {len(report.left_out):,} left out; "
            f"{report.written:,} files written) in {report.seconds:.1f} s; "
        )
        say_weight(options.output, load_settings(options.content).host, options.verbose, made=made, files=files)
    return EXIT_CONTENT if options.strict and (report.left_out or report.warnings) else EXIT_OK


def _built(options: argparse.Namespace) -> tuple[Any, list[tuple[str, int]]]:
    """The report of a build, and the files of the site with their sizes; nothing is built where nothing has changed."""
    from generator import standing
    from generator.documents import KEPT
    from generator.output import sizes

    start = time.monotonic()
    output = str(options.output)
    wanted = standing.asked(options.content, options.output, options.store or options.content / KEPT, options.base_url)
    look = cache(lambda: list(sizes(output)) if options.output.is_dir() else [])
    if not options.fresh and (known := standing.report(wanted, look)):
        return replace(known, seconds=time.monotonic() - start), look()
    from generator.build import build, show_progress  # late: it brings everything

    progress = None if options.quiet else show_progress
    with _workers(options):
        report = build(
            options.content, options.output, options.jobs, options.base_url, progress, options.store, options.fresh
        )
    files = list(sizes(output))
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


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")


def _say_left_out(left_out: Sequence[Any], warnings: Sequence[str], verbose: bool) -> None:
    """Documents left out, grouped by reason, and warnings; a few of each, all with -v."""
    most = None if verbose else 3
    groups: dict[str, list[Any]] = {}
    for one in left_out:
        groups.setdefault(one.reason, []).append(one)
    for reason, group in sorted(groups.items()):
        print(f"left out, {reason}: {len(group):,}", file=sys.stderr)
        for one in group[:most]:
            print(f"  {one.path}: {one.detail}", file=sys.stderr)
        if most and len(group) > most:
            print(f"  … and {len(group) - most:,} more (-v lists all)", file=sys.stderr)
    for text in warnings[:most]:
        print(f"warning: {text}", file=sys.stderr)
    if most and len(warnings) > most:
        print(f"warning: … and {len(warnings) - most:,} more (-v lists all)", file=sys.stderr)


def _serve(options: argparse.Namespace) -> int:
    from generator.serve import serve

    serve(options.content, options.output, options.host, options.port, options.open)
    return EXIT_OK


def _check(options: argparse.Namespace) -> int:
    from generator.build import kept_in, opened, show_progress
    from generator.collecting import collect, load_rules

    rules = load_rules(options.content)
    progress = None if options.quiet else show_progress
    with opened(kept_in(options.content)) as store:
        outcome = collect(rules, store, options.jobs, progress)
        return _say_checked(options, outcome)


def _say_checked(options: argparse.Namespace, outcome: Any) -> int:
    from generator.collecting import keep_learnt
    from generator.reports import say_pictures, say_site
    from generator.scaffold import changed_cases

    articles = outcome.library.articles
    if options.script:
        _say_unresolved(outcome, options.script)
    if options.learn:
        keep_learnt(outcome)
    warnings = (*outcome.warnings, *changed_cases(options.content))
    if options.json:
        left_out = [asdict(one) for one in outcome.left_out]
        print(json.dumps({"articles": len(articles), "left_out": left_out, "warnings": warnings}, ensure_ascii=False))
    elif not options.quiet:
        _clear()
        _say_left_out(outcome.left_out, warnings, options.verbose)
        counts = Counter(article.topic for article in articles)
        undated = len(outcome.library.undated)
        print(
            f"{len(articles):,} articles, {len(outcome.left_out):,} left out, {undated:,} without a date, {counts['other']:,} without a topic"
        )
        say_pictures(articles, outcome.rules.settings)
    wrong = say_site(options.output, outcome.rules.settings, options.verbose, options.quiet or options.json)
    return EXIT_CONTENT if wrong or (options.strict and (outcome.left_out or warnings)) else EXIT_OK


def _say_unresolved(outcome: Any, script: str) -> None:
    """One-to-many characters that neither a word nor a term decides, most frequent first, each with where it stands."""
    from generator.explain import checked_script
    from generator.scripts import TermStore, unresolved

    settings = outcome.rules.settings
    store = TermStore(settings.content, checked_script(script), settings.regional)
    found: dict[str, Counter[str]] = {}
    for article in outcome.library.articles:
        terms = store.of(article.publisher, article.topic, article.terms)
        for character, place in unresolved(f"{article.title}\n{article.text}", article.lang, script, terms):
            found.setdefault(character, Counter())[place] += 1
    for character, places in sorted(found.items(), key=lambda item: (-item[1].total(), item[0])):
        examples = "  ".join(place for place, _ in places.most_common(5))
        print(f"{places.total():>7,}  {character}  {examples}")


def _fetch(options: argparse.Namespace) -> int:
    from generator.build import show_progress
    from generator.fetching import fetch
    from generator.reports import say_fetched

    fetched = fetch(options.content, options.jobs, None if options.quiet else show_progress)
    _clear()
    trouble = say_fetched(fetched, options.content, options.verbose, options.quiet)
    return EXIT_CONTENT if trouble and options.strict else EXIT_OK


def _new(options: argparse.Namespace) -> int:
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


def _publish(options: argparse.Namespace) -> int:
    from generator.publishing import publish
    from generator.settings import load_settings

    commit = publish(options.output, options.remote, options.branch, load_settings(options.content).base_url)
    if not options.quiet:
        print(f"{options.output}: pushed to {options.branch} at {options.remote} as {commit[:12]}")
    return EXIT_OK


def _explain(options: argparse.Namespace) -> int:
    from generator.explain import explain

    for line in explain(options.file, options.content, options.script or "", options.alone, options.jobs):
        print(line)
    return EXIT_OK


def _export(options: argparse.Namespace) -> int:
    from generator.build import kept_in, opened
    from generator.collecting import collect, load_rules

    rules = load_rules(options.content, rules=not options.no_rules)
    with opened(None if options.no_rules else kept_in(options.content)) as store:
        outcome = collect(rules, store, options.jobs)
        stories = {report.id: story.slug for story in outcome.library.stories for report in story.articles}
        for article in outcome.library.articles:
            line = _exported(article, stories.get(article.id), outcome.library.origins)
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return EXIT_OK


def _exported(article: Any, story: str | None, origins: Any) -> dict[str, Any]:
    return {
        "path": article.path,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "lang": article.lang,
        "canonical_url": article.canonical_url or None,
        "publisher": article.publisher,
        "topic": article.topic,
        "tags": article.tags,
        "author": article.author,
        "html": article.html,
        "text": article.text,
        "copies": article.copies,
        "id": article.id,
        "story": story,
        "sha256": article.sha256,
        "mirrored": article.mirrored.isoformat() if article.mirrored else None,
        **_clone(origins, article.path),
        "removals": [asdict(removal) for removal in article.removals],
    }


def _book(options: argparse.Namespace) -> int:
    from generator.books import Wanted, make_book

    if not (options.day or options.week or options.topic or options.story):
        raise QingduError("book", "which articles?", "name them with --day, --week, --topic or --story")
    wanted = Wanted(options.day, options.week, options.topic, options.story, options.script)
    book, data = make_book(options.content, wanted, options.jobs)
    file: Path = options.output or Path(Path(book.path).name)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise QingduError(str(file), f"cannot be written ({error.strerror})", "choose another --output") from None
    if not options.quiet:
        print(f"{file}: {book.title}, {len(book.articles):,} articles, {len(data) / 1e6:,.1f} MB")
    return EXIT_OK


def _clone(origins: Any, path: str) -> dict[str, str | None]:
    """Repository, commit and the document's path in it, null where its folder is no git clone."""
    from generator.provenance import found_in

    origin, place, commit = found_in(origins, path)
    return {
        "repository": origin.repository if origin else None,
        "repository_path": place or None,
        "commit": commit.id if commit else None,
        "committed": commit.date if commit else None,
    }


if __name__ == "__main__":
    sys.exit(main())
