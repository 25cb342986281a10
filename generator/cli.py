"""The command line: ``qingdu build serve check fetch publish new explain export book``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from generator import __version__, commands
from generator.commands import EXIT_OK, EXIT_USAGE
from generator.errors import QingduError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 well, 1 the content needs a look, 2 it was asked wrongly."""
    parser = _parser()
    options = parser.parse_args(argv)
    if "run" not in options:
        parser.exit(EXIT_USAGE, parser.format_help())
    _speak_utf8(options.run is commands.export or getattr(options, "json", False))
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
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
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
        add(subparsers)
    return parser


def _command(subparsers: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        metavar="DIR",
        help="folder of the articles and site.toml (content)",
    )
    parser.set_defaults(run=run)
    return parser


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="processes to use (all processors)")


def _add_quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")


def _add_loudness(parser: argparse.ArgumentParser, most: str = "list every document that is left out") -> None:
    parser.add_argument("-v", "--verbose", action="store_true", help=most)
    _add_quiet(parser)


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes from 1 up")
    return int(text)


def _folder(text: str) -> Path:
    """A folder with a name: what is made beside it, until it takes its place, is named after it."""
    folder = Path(text)
    folder = folder if folder.name not in ("", "..") else folder.resolve()
    if not folder.name:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be the folder of a site")
    return folder


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, a number from 0 to 65535")
    return int(text)


def _add_build(subparsers: Any) -> None:
    parser = _command(subparsers, "build", commands.build, "build the site")
    _add_jobs(parser)
    _add_loudness(parser)
    _add_output(parser)
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


def _add_serve(subparsers: Any) -> None:
    parser = _command(subparsers, "serve", commands.serve, "build, show the site, build again on every change")
    _add_jobs(parser)
    _add_output(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on, 0 for any that is free (8000)")
    parser.add_argument("--open", action="store_true", help="open the site in the browser")


def _add_check(subparsers: Any) -> None:
    parser = _command(
        subparsers, "check", commands.check, "read and clean everything, say what is wrong, write no site"
    )
    _add_jobs(parser)
    _add_loudness(parser)
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
        "--output", type=_folder, default=Path("public"), metavar="DIR", help="folder of the site (public)"
    )


def _add_fetch(subparsers: Any) -> None:
    parser = _command(
        subparsers,
        "fetch",
        commands.fetch,
        "bring the mirrors of site.toml and the pictures of the articles up to date",
    )
    _add_jobs(parser)
    _add_loudness(parser, "list every reason why pictures cannot be had")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit with 1 when a mirror is out of reach, even when an earlier fetch brought something of it",
    )


def _add_new(subparsers: Any) -> None:
    text = "make a site to start from, or a mirror family with its case from a sample document"
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "new", help=text, description=text, usage="qingdu new [-h] [--content DIR] (DIR | mirror NAME SAMPLE)"
    )
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
    parser.set_defaults(run=commands.new)


def _add_publish(subparsers: Any) -> None:
    parser = _command(
        subparsers, "publish", commands.publish, "push a built site to a branch, for hosts that publish one"
    )
    _add_quiet(parser)
    _add_output(parser)
    parser.add_argument("--remote", default="origin", help="remote or address to push to (origin)")
    parser.add_argument("--branch", default="gh-pages", help="branch that then holds the site alone (gh-pages)")


def _add_explain(subparsers: Any) -> None:
    parser = _command(
        subparsers,
        "explain",
        commands.explain,
        "show the journey of one document: what was peeled, removed and decided",
    )
    _add_jobs(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="a document of the content folder")
    parser.add_argument("--script", metavar="SCRIPT", help="also show the text in a script, e.g. zh-Hant-TW")
    parser.add_argument("--alone", action="store_true", help="do not read the other documents to learn what repeats")


def _add_export(subparsers: Any) -> None:
    parser = _command(subparsers, "export", commands.export, "print every cleaned article as a line of JSON")
    _add_jobs(parser)
    parser.add_argument(
        "--no-rules",
        action="store_true",
        help="use no mirror and publisher file: what the generic steps can do",
    )


def _add_book(subparsers: Any) -> None:
    parser = _command(
        subparsers, "book", commands.book, "bind the articles of a day, a week, a topic or a story into an EPUB book"
    )
    _add_jobs(parser)
    _add_quiet(parser)
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--day", default="", metavar="DAY", help="the articles of a day, e.g. 2020-10-28")
    when.add_argument("--week", default="", metavar="WEEK", help="the articles of a week, e.g. 2020-W44")
    when.add_argument("--story", default="", metavar="STORY", help="the reports of a story, by the name of its page")
    parser.add_argument("--topic", default="", metavar="TOPIC", help="a topic, by its slug; alone, its newest articles")
    parser.add_argument("--script", default="", metavar="SCRIPT", help="e.g. zh-Hant-TW (that of the first edition)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="the book's file (named after what is in it)")


if __name__ == "__main__":
    sys.exit(main())
