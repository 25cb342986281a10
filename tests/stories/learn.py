"""Make ``generator/words.tsv``: in how many news articles common words stand. Only counts of words, no text.

python -m tests.stories.learn EXPORT    EXPORT: what `qingdu export` printed
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from generator.stories import _simplified, _words
from tests.conftest import ROOT

#: A word in fewer articles is rare; a text is read so far.
LEAST, HEAD = 12, 2400


def main(export: Path) -> None:
    """Count, round to three figures' worth of steps, and write the table, commonest first."""
    counts: Counter[str] = Counter()
    number = 0
    for line in export.read_text("utf-8").rstrip("\n").split("\n"):
        article = json.loads(line)
        counts.update(set(_words(_simplified(f"{article['title']}\n{article['text'][:HEAD]}"))))
        number += 1
    steps: dict[int, list[str]] = defaultdict(list)
    for word, count in counts.items():
        if count >= LEAST and not any(mark.isspace() or mark.isdigit() for mark in word):
            steps[round(1.25 ** round(_log(count)))].append(word)
    rows = [f"{step}\t{' '.join(sorted(steps[step]))}" for step in sorted(steps, reverse=True)]
    head = f"# How many of {number} news articles hold these words; made by tests/stories/learn.py\n{number}\t\n"
    (ROOT / "generator" / "words.tsv").write_text(head + "\n".join(rows) + "\n", "utf-8")


def _log(count: int) -> float:
    from math import log

    return log(count) / log(1.25)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
