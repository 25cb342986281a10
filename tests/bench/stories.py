"""What stories cost: CPU an article, and seconds for some articles more when the rest is known.

    python -m tests.bench.stories [EXPORT] [--articles N] [--added N]

EXPORT is what `qingdu export` printed; without it the articles of ../shared/corpus are cleaned first. They are multiplied
to so many, each copy of the whole some years later; with --dense on the same days, the rare words of each copy made its
own, so that the days are that much fuller. Figures only, no verdict.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator import events, stories, words
from generator.collecting import collect, load_rules
from generator.models import Article, Body
from generator.parallel import cores
from tests.conftest import ROOT
from tests.score_stories import articles as exported

CORPUS = ROOT.parent / "shared/corpus"
#: How many days later the next copy of the articles is; how much a word says that only belongs to one event.
YEARS, RARE = 3000, 4.0


def multiply(found: list[Article], wanted: int, dense: bool) -> list[Article]:
    """So many articles, the words of each still to be read."""
    rows = []
    for number in range(wanted):
        copy, index = divmod(number, len(found))
        one = found[index]
        later = one.published + dt.timedelta(0 if dense else copy * YEARS) if one.published else None
        rows.append(replace(one, id=f"{one.id}--{copy}", published=later, body=Body("", one.text)))
    return rows


def read(found: list[Article]) -> list[Article]:
    """The articles with their words."""
    rows = []
    for one in found:
        told = replace(
            one.traces,
            words=words.told(one.title, one.text),
            marks=words.marks(one.title, one.text),
            facts=events.told(one.title, one.text),
            shingles=array("I"),
        )
        rows.append(replace(one, traces=told))
    return rows


def other_events(one: Article) -> Article:
    """The article with its rare words as they would be in other news of the same day."""
    copy = one.id.rpartition("--")[2]
    own = (part if words.rare(part.partition("*")[0]) < RARE else f"{copy}{part}" for part in one.traces.words.split())
    return replace(one, traces=replace(one.traces, words=" ".join(sorted(own))))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of some work, and what it gave."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def report(found: list[Article], added: int, dense: bool) -> Iterator[str]:
    """The lines to print."""
    count = len(found)
    reading, found = timed(lambda: read(found))
    found = [other_events(one) for one in found] if dense else found
    comparing, whole = timed(lambda: stories.stories(found))
    yield f"{count:,} articles on {len({a.day for a in found})} days, {len(whole):,} stories"
    yield f"words {1000 * reading / count:.3f} ms, stories {1000 * comparing / count:.3f} ms, together {1000 * (reading + comparing) / count:.3f} ms of CPU an article"
    dated = sorted((a for a in found if a.day), key=lambda a: (str(a.day), a.id))
    choices = {"of the newest days": set(dated[-added:]), "of all days": set(dated[:: len(dated) // added][:added])}
    for name, new in choices.items():
        known: dict[str, Any] = {}
        stories.stories([one for one in found if one not in new], known)
        cost, (grown, _) = timed(lambda new=new, known=known: (stories.stories(found, known), read(list(new))))  # type: ignore[misc]
        yield f"{added} articles {name} more: {cost:.2f} s of CPU{'' if grown == whole else ', AND ANOTHER RESULT'}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.stories", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("export", type=Path, nargs="?", default=CORPUS, metavar="EXPORT", help="what an export printed")
    parser.add_argument("--articles", type=int, default=14_500, metavar="N", help="so many articles (14,500)")
    parser.add_argument("--added", type=int, default=50, metavar="N", help="so many are added (50)")
    parser.add_argument("--dense", action="store_true", help="all of them on the same days")
    options = parser.parse_args()
    if not options.export.exists():
        print(f"bench: left out, {options.export} is not here", file=sys.stderr)
        return 0
    known = options.export.is_file()
    found = list(exported(options.export) if known else collect(load_rules(options.export)).library.articles)
    for line in report(multiply(found, options.articles, options.dense), options.added, options.dense):
        print(line, flush=True)
    print(f"{cores()} processors, load average {' '.join(f'{load:.2f}' for load in os.getloadavg())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
