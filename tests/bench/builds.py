"""How long builds take, cold and after a change, ours beside those of other generators on the same articles.

    python -m tests.bench.builds [FOLDER] [--articles N] [--runs N] [--jobs N] [--peers hugo,pelican,eleventy]

Works on a copy of the folder. With --articles the documents are multiplied: each copy tells another story, letter by
letter, in the same markup. Ours begins with the documents; the others get the cleaned articles, converted for every edition
(see `tests.bench.peers`). All take turns, row by row. Figures only, no verdict: what is good depends on the machine and on
who else uses it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator import documents
from generator.build import opened
from generator.collecting import Outcome, collect, load_rules
from generator.models import Article
from generator.parallel import cores
from generator.places import KEPT
from tests.bench import peers
from tests.bench.contents import Contender, Edited, editable, lay_out
from tests.bench.costs import Cost, median
from tests.bench.peers import ADDRESS, Peer
from tests.bench.peers.eleventy import Eleventy
from tests.bench.peers.hugo import Hugo
from tests.bench.peers.pelican import Pelican
from tests.conftest import ROOT

PEERS: dict[str, Peer] = {"hugo": Hugo(), "pelican": Pelican(), "eleventy": Eleventy()}
#: Articles that are added later: the newest, at most this part of all.
_NEW, _PART = 300, 4


def installed(names: Sequence[str], tools: Path) -> list[Peer]:
    """The peers of these names that can be had; says which version, or that one is left out."""
    found = []
    for name in names:
        version = PEERS[name].install(tools / name)
        print(f"{name} {version}" if version else f"{name}: left out, it cannot be installed from here", flush=True)
        found += [PEERS[name]] if version else []
    return found


def ours(content: Path, folder: Path, edited: Edited, held: Sequence[Article], jobs: int) -> Contender:
    """Our own generator with its site; a document that others repeat goes with them."""
    output = folder / "public"
    command = (*(sys.executable, "-m", "generator.cli", "build", "--quiet", "--base-url", ADDRESS),)
    places = ("--content", str(content), "--output", str(output), "--jobs", str(jobs))
    files = tuple(content / path for article in held for path in (article.path, *article.copies))
    template = content / "templates/base.html"
    template.parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / "templates/base.html", template)
    return Contender(
        "qingdu", (*command, *places), ROOT, output, (content / KEPT,), (edited,), files, template, folder / "aside"
    )


def contenders(content: Path, folder: Path, named: Sequence[Peer], tools: Path, jobs: int) -> list[Contender]:
    """Ours and the peers, each with its site; the newest articles are held back."""
    rules = load_rules(content, ADDRESS)
    with opened(content / KEPT) as store:
        outcome = collect(rules, store, jobs)
        peers.lay_out(named, outcome, folder, jobs)
        found = outcome.library.articles
        held = found[: min(_NEW, len(found) // _PART)]
        article, edited = _edited(outcome, content, len(held))
        others = [peers.contender(one, tools / one.name, outcome, folder, article, held) for one in named]
    return [ours(content, folder, edited, held, jobs), *others]


def _edited(outcome: Outcome, content: Path, first: int) -> tuple[Article, Edited]:
    """An article of the older ones, and how its document is edited."""
    for article in outcome.library.articles[first:]:
        edited = editable(content, article)
        if edited:
            return article, edited
    raise SystemExit("bench: there is no article whose title and text stand in its document as readers see them")


def measure(all_of_them: Sequence[Contender], runs: int) -> Iterator[tuple[str, list[Cost]]]:
    """The medians of every kind of build: (kind, cost of each contender)."""
    for one in all_of_them:
        one.hide()
    kinds = ("cold", "nothing changed", "a body edited", "a title edited", "a template edited")
    for kind in (*kinds, f"{len(all_of_them[0].held)} articles added"):
        rounds = [[after(kind, one, number) for one in all_of_them] for number in range(1, runs + 1)]
        yield kind, [median(costs) for costs in zip(*rounds, strict=True)]


def after(kind: str, one: Contender, number: int) -> Cost:
    """What a build takes after something happened, for the nth time."""
    if kind == "cold":
        one.forget()
    elif kind == "a template edited":
        one.edit_template(number)
    elif kind.endswith("edited"):
        for edited in one.edited:
            (edited.edit_title if "title" in kind else edited.edit_body)(number)
    elif kind.endswith("added"):
        if number > 1:
            one.hide()
            one.build()
        one.add()
    return one.build()


def table(names: Sequence[str], rows: Iterator[tuple[str, list[Cost]]]) -> Iterator[str]:
    """The lines of the table: a contender a line; of the others how many times as long ours took, and as much CPU."""
    yield f"{'':20}{'':10}{'wall s':>9}{'CPU s':>9}{'MB':>7}{'files':>9}{'bytes':>15}{'written':>9}  ours is × wall, CPU"
    for kind, costs in rows:
        first = costs[0]
        for name, cost in zip(names, costs, strict=True):
            ratio = "" if cost is first else f"{_times(first.wall, cost.wall)}{_times(first.cpu, cost.cpu)}"
            figures = f"{cost.wall:9.2f}{cost.cpu:9.2f}{cost.memory:7.0f}"
            left = f"{cost.files:9,.0f}{cost.bytes:15,.0f}{cost.written:9,.0f}"
            yield f"{kind if cost is first else '':20}{name:10}{figures}{left}{ratio}".rstrip()


def _times(one: float, other: float) -> str:
    return f"{one / other:9.2f}" if other else f"{'-':>9}"


def report(content: Path, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    """The lines to print."""
    tools = folder / "tools"
    named = installed(options.peers, tools)
    found = contenders(content, folder, named, tools, options.jobs)
    yield from table([one.name for one in found], measure(found, options.runs))
    store = sum(file.stat().st_size for file in (content / KEPT).glob("store.sqlite*"))
    raw = sum(one.file.stat().st_size for one in documents.find(content))
    yield f"the store is {store / raw:.0%} of the documents' {raw:,} bytes"
    yield f"{cores()} processors, load average {' '.join(f'{load:.2f}' for load in os.getloadavg())}"


def _names(text: str) -> list[str]:
    names = [name for name in text.split(",") if name and name != "none"]
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: known are {', '.join(PEERS)}, and none")
    return names


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.builds", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=ROOT.parent / "shared/corpus", metavar="FOLDER", help="a content folder"
    )
    parser.add_argument("--articles", type=int, default=0, metavar="N", help="multiply the documents (as they are)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of which the median is taken (5)")
    parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes to use (all processors)")
    parser.add_argument(
        "--peers", type=_names, default=["hugo"], metavar="NAMES", help=f"of {', '.join(PEERS)}, or none (hugo)"
    )
    return parser.parse_args()


def main() -> int:
    """Measure and print."""
    options = _options()
    if not options.folder.is_dir():
        print(f"bench: left out, {options.folder} is not here", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = folder / "content"
        print(f"{lay_out(options.folder, content, options.articles):,} documents, medians of {options.runs}")
        for line in report(content, folder, options):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
