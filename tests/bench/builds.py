"""How long builds take, cold and after a change: wall, CPU and memory of the command, medians of several runs.

    python -m tests.bench.builds [FOLDER] [--articles N] [--runs N] [--jobs N]

Works on a copy of the folder. With --articles the documents are multiplied: each copy tells another story, letter by
letter, in the same markup. Figures only, no verdict: what is good depends on the machine and on who else uses it.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator import documents
from generator.parallel import cores
from tests.conftest import ROOT

#: Letters that change places in the copies: frequent ones, so that no text is like another.
_PAIRS = ("的和", "了就", "在对", "是将", "有被", "他她", "不也", "这那", "国家", "们要", "個為", "到会")
_NUMBER = re.compile(r"(?<=[a-z/_-])\d{6,}")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of the command took: seconds, seconds of all processors, megabytes of the largest process."""

    wall: float
    cpu: float
    memory: float


def multiplied(text: str, copy: int) -> str:
    """Tell another story of the same length in the same markup: some letters change places, numbers in addresses grow."""
    if not copy:
        return text
    table: dict[int, str] = {}
    for index, pair in enumerate(_PAIRS):
        one, other = pair[0], pair[1]
        if copy >> index & 1 or index >= 4:
            shift = chr(0x5000 + 37 * copy + index)
            table.update({ord(one): shift, ord(other): one})
    return _NUMBER.sub(lambda match: f"{match[0]}{copy}", text).translate(table)


def lay_out(folder: Path, content: Path, articles: int) -> int:
    """Copy the documents of a folder, over and over until there are enough; returns how many there are."""
    found = list(documents.find(folder))
    wanted = articles or len(found)
    for number in range(wanted):
        copy, index = divmod(number, len(found))
        one = found[index]
        target = content / one.path
        if copy:
            target = target.with_name(f"{target.stem}--{copy}{target.suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        data = one.file.read_bytes()
        target.write_bytes(multiplied(data.decode("utf-8", "surrogateescape"), copy).encode("utf-8", "surrogateescape"))
    return wanted


def run(content: Path, output: Path, *options: str) -> Cost:
    """Build in a process of its own."""
    command = [sys.executable, "-m", "generator.cli", "build", "--quiet"]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--content", str(content), "--output", str(output), *options], cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for here, for its usage
    if process.returncode:
        raise SystemExit(f"bench: the build ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def changes(content: Path, held: list[Path]) -> Iterator[tuple[str, Callable[[], None]]]:
    """What happens to a site, one after another: (name, how to do it once more)."""
    some = min(content.rglob("*.md"))
    counter = iter(range(10**6))

    def edit_body() -> None:
        text = some.read_text("utf-8")
        some.write_text(f"{text}\n<p>这一段话是后来补上的，第{next(counter)}次修改，全文仍旧是同一篇。</p>\n", "utf-8")

    def edit_title() -> None:
        text = some.read_text("utf-8")
        some.write_text(
            re.sub(r"(?m)^(title: |# |<h1[^>]*>)", lambda m: f"{m[0]}{next(counter)} ", text, count=1), "utf-8"
        )

    def edit_template() -> None:
        (content / "templates").mkdir(exist_ok=True)
        text = (ROOT / "templates/base.html").read_text("utf-8")
        (content / "templates/base.html").write_text(f"{text}<!-- {next(counter)} -->\n", "utf-8")

    def add() -> None:
        for file in held:
            file.rename(file.with_suffix(""))

    yield "nothing changed", lambda: None
    yield "a body edited", edit_body
    yield "a title edited", edit_title
    yield "a template edited", edit_template
    yield f"{len(held)} articles added", add


def hold_back(content: Path, count: int) -> list[Path]:
    """Hide the last documents, to be added later."""
    files = sorted(file for file in content.rglob("*.md"))[-count:]
    held = [file.with_name(f"{file.name}.held") for file in files]
    for file, hidden in zip(files, held, strict=True):
        file.rename(hidden)
    return held


def measure(content: Path, output: Path, runs: int, options: list[str]) -> Iterator[tuple[str, Cost]]:
    """The medians of every kind of build."""
    held = hold_back(content, min(300, sum(1 for _ in content.rglob("*.md")) // 4))
    costs = []
    for _ in range(runs):
        for folder in (output, content / ".qingdu"):
            shutil.rmtree(folder, ignore_errors=True)
        costs.append(run(content, output, *options))
    yield "cold", median(costs)
    for name, change in changes(content, held):
        costs = []
        for _ in range(1 if name.endswith("added") else runs):
            change()
            costs.append(run(content, output, *options))
        yield name, median(costs)


def median(costs: list[Cost]) -> Cost:
    """The middle of each figure."""
    return Cost(
        *(statistics.median(figures) for figures in zip(*((c.wall, c.cpu, c.memory) for c in costs), strict=True))
    )


def report(content: Path, output: Path, runs: int, options: list[str]) -> Iterator[str]:
    """The lines to print."""
    yield f"{'':22}{'wall s':>9}{'CPU s':>9}{'MB':>7}"
    for name, cost in measure(content, output, runs, options):
        yield f"{name:22}{cost.wall:9.2f}{cost.cpu:9.2f}{cost.memory:7.0f}"
    files = [file for file in output.rglob("*") if file.is_file()]
    store = sum(file.stat().st_size for file in (content / ".qingdu").glob("store.sqlite*"))
    raw = sum(one.file.stat().st_size for one in documents.find(content))
    yield f"{len(files):,} files, {sum(f.stat().st_size for f in files):,} bytes; the store is {store / raw:.0%} of the documents"
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    yield f"largest process of all {workers * (1 if sys.platform == 'darwin' else 1024) / 1e6:,.0f} MB"
    yield f"{cores()} processors, load average {' '.join(f'{load:.2f}' for load in os.getloadavg())}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.builds", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", default=ROOT.parent / "shared/corpus", metavar="FOLDER", help="a content folder"
    )
    parser.add_argument("--articles", type=int, default=0, metavar="N", help="multiply the documents (as they are)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of which the median is taken (3)")
    parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes to use (all processors)")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"bench: left out, {options.folder} is not here", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        print(f"{lay_out(options.folder, content, options.articles):,} documents, medians of {options.runs}")
        for line in report(content, Path(folder) / "public", options.runs, ["--jobs", str(options.jobs)]):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
