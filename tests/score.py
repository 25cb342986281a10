"""How well the cleaning does on the gold articles of the shared folder; exit 1 below the floors.

    python -m tests.score [--shared DIR]

The floors are what has been reached: raise them when the cleaning gets better, never lower them in silence.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT

#: figure -> the least that is good enough (for leaks: the most).
WITH_RULES = {
    "F1": 0.999,
    "par_recall": 0.999,
    "exact": 0.99,
    "spacing": 0.99,
    "chrome_leak": 0.0,
    "tracker_leak": 0.0,
    "figcap": 1.0,
    "title": 1.0,
    "date": 1.0,
    "url": 1.0,
    "perfect": 16.0,
}
WITHOUT_RULES = {"F1": 0.998, "chrome_leak": 0.02, "perfect": 15.0}
#: The gold articles stand among their own kind, so that what repeats there is known: part of the name -> mirror.
MIRRORS = {"seed": "seeds", "bn1": "banned-news", "bn2": "banned-news2", "mh": "duty-machine-news", "oped2": "oped2"}


def main() -> int:
    """Score both ways and say which floors do not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.score", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", metavar="DIR", help="holds corpus/, gold/ and tools/"
    )
    shared: Path = parser.parse_args().shared
    if not all((shared / name).is_dir() for name in ("corpus", "gold", "tools")):
        print(f"score: left out, {shared} does not hold corpus/, gold/ and tools/", file=sys.stderr)
        return 0
    below = []
    with tempfile.TemporaryDirectory() as folder:
        content = join(shared, Path(folder) / "content")
        for name, options, floors in (("with rules", [], WITH_RULES), ("without rules", ["--no-rules"], WITHOUT_RULES)):
            table = score(shared, content, Path(folder) / "export.jsonl", options)
            print(f"--- {name}\n{table}")
            below += [f"{name}: {line}" for line in under(figures(table), floors)]
    for line in below:
        print(f"below the floor, {line}", file=sys.stderr)
    return 1 if below else 0


def join(shared: Path, content: Path) -> Path:
    """Corpus and gold in one content folder, copied, since links are not followed."""
    places = {
        file: content / file.relative_to(shared / "corpus") for file in (shared / "corpus").rglob("*") if file.is_file()
    }
    for document in (shared / "gold").glob("*.txt"):
        mirror = next((folder for part, folder in MIRRORS.items() if f"_{part}_" in document.name), "gold")
        places[document] = content / mirror / "gold" / document.name
    for source, target in places.items():
        target.parent.mkdir(parents=True, exist_ok=True)  # not copytree: it would copy the folders' write protection
        shutil.copyfile(source, target)
    return content


def score(shared: Path, content: Path, exported: Path, options: list[str]) -> str:
    """The table of figures of one export."""
    command = [sys.executable, "-m", "generator.cli", "export", "--content", str(content), *options]
    with exported.open("wb") as out:
        subprocess.run(command, stdout=out, check=True, cwd=ROOT)
    command = [sys.executable, str(shared / "tools/score_clean.py"), str(shared / "gold"), str(exported)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def figures(table: str) -> dict[str, float]:
    """The figures of a table by name."""
    return {name: float(value) for name, value in re.findall(r"(?m)^(\w+)\s+(\d+(?:\.\d+)?)\b", table)}


def under(found: dict[str, float], floors: dict[str, float]) -> list[str]:
    """A line for each figure that does not reach its floor; one that is missing does not either."""
    lines = []
    for name, floor in floors.items():
        value = found.get(name)
        leak = name.endswith("_leak")
        if value is None or (value > floor if leak else value < floor):
            lines.append(
                f"{name} {'is missing' if value is None else f'{value:g}'}, {'at most' if leak else 'at least'} {floor:g}"
            )
    return lines


if __name__ == "__main__":
    sys.exit(main())
