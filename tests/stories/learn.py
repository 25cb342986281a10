"""Make ``generator/words.tsv``: on how many days words stood in the news. Only counts of words, no text.

python -m tests.stories.learn EXPORT    EXPORT: what `qingdu export` printed
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from math import log
from pathlib import Path

from generator.words import counted
from tests.conftest import ROOT
from tests.score_stories import articles

#: A word of fewer days is rare; counts are rounded to steps of a quarter.
LEAST, STEP = 3, 1.25


def main(export: Path) -> None:
    """Count, round, and write the table, commonest first."""
    days: dict[object, set[str]] = defaultdict(set)
    for article in articles(export):
        if article.day:
            days[article.day].update(counted(article.title, article.text))
    counts = Counter(word for said in days.values() for word in said)
    steps: dict[int, list[str]] = defaultdict(list)
    for word, count in counts.items():
        if count >= LEAST:
            steps[round(STEP ** round(log(count) / log(STEP)))].append(word)
    rows = [f"{step}\t{' '.join(sorted(steps[step]))}" for step in sorted(steps, reverse=True)]
    latin = {article.day for article in articles(export) if article.day and not article.lang.startswith(("zh", "ja"))}
    rows += [f"{len(days)}\t*", f"{len(latin)}\t*latin"]
    head = f"# On how many of {len(days)} days these words stood in the news; made by tests/stories/learn.py\n"
    (ROOT / "generator" / "words.tsv").write_text(head + "\n".join(rows) + "\n", "utf-8")
    print(f"{sum(map(len, steps.values())):,} words")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
