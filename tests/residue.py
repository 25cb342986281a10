"""What survives cleaning in the most documents of a folder: the fastest way to see what the rules miss.

    python -m tests.residue FOLDER [--top 40]

For each mirror and each publisher: lines (compared without white space and digits) and targets of links, with the
number and the share of its articles in which they stand, and one example.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from generator.boilerplate import line_key, link_key
from generator.collecting import collect, load_rules
from generator.errors import QingduError
from generator.models import Article

#: Less often than this, a line is no pattern.
FEWEST = 3


@dataclass
class Count:
    """What stands in the articles of one mirror or publisher."""

    articles: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)  # key -> as it is written, path of the document

    def add(self, article: Article) -> None:
        """Count every line and target of an article once."""
        self.articles += 1
        self._add(self.lines, {line_key(line): line for line in article.text.splitlines()}, article.path)
        targets = map(unescape, re.findall(r'<a href="([^"]*)"', article.html))
        self._add(self.links, {link_key(target): target for target in targets}, article.path)

    def _add(self, counter: Counter[str], found: dict[str, str], path: str) -> None:
        found.pop("", None)
        counter.update(found.keys())
        for key, written in found.items():
            self.examples.setdefault(key, (written, path))


def count(articles: Iterable[Article]) -> dict[str, Count]:
    """The counts of each mirror and publisher, largest first."""
    counts: dict[str, Count] = {}
    for article in articles:
        mirror = article.path.partition("/")[0] if "/" in article.path else "."
        for scope in (f"mirror {mirror}", f"publisher {article.publisher}"):
            counts.setdefault(scope, Count()).add(article)
    return dict(sorted(counts.items(), key=lambda item: (-item[1].articles, item[0])))


def report(counts: dict[str, Count], top: int) -> Iterator[str]:
    """The lines to print."""
    for scope, one in counts.items():
        yield f"{scope}: {one.articles:,} articles"
        for kind, counter in (("line", one.lines), ("link", one.links)):
            often = [(key, n) for key, n in counter.items() if n >= FEWEST]
            for key, n in sorted(often, key=lambda item: (-item[1], item[0]))[:top]:
                written, path = one.examples[key]
                yield f"  {kind} {n:6,} {n / one.articles:6.1%}  {' '.join(written.split())[:100]}  ({path})"


def main() -> int:
    """Clean the folder and print what repeats in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.residue", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a content folder")
    parser.add_argument("--top", type=int, default=40, metavar="N", help="so many lines and links of each (40)")
    options = parser.parse_args()
    try:
        outcome = collect(load_rules(options.folder))
    except QingduError as error:
        print(f"residue: {error}", file=sys.stderr)
        return 2
    for line in report(count(outcome.library.articles), options.top):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
