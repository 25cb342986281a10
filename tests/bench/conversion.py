"""What a conversion between scripts costs an article, beside plain OpenCC on the same strings in the same run.

python -m tests.bench.conversion [FOLDER]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from generator.collecting import collect, load_rules
from generator.languages import converter
from generator.models import Article
from generator.scripts import convert_html, convert_text
from tests.conftest import ROOT

#: So many articles are converted at most, spread over the folder.
SAMPLE = 1_000


def milliseconds(work: Callable[[], object]) -> float:
    """The processor time of one call."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def _convert(html: str, texts: tuple[str, ...], lang: str, script: str) -> None:
    convert_html(html, lang, script)
    for text in texts:
        convert_text(text, lang, script)


def _each(convert: Callable[[str], str], texts: tuple[str, ...]) -> None:
    for text in texts:
        convert(text)


def conversion(articles: Sequence[Article]) -> Iterator[str]:
    """What an article costs in each script, words met for the first time included."""
    chinese = [one for one in articles if one.lang.startswith("zh")]
    for script, config in (("zh-Hans", "t2s"), ("zh-Hant-TW", "s2tw"), ("zh-Hant-HK", "s2hk")):
        convert_text("暖身", "zh-Hans", script)
        plain, own, opencc = converter(config).convert, [], []
        for article in chinese[:: max(1, len(chinese) // SAMPLE)]:
            html, texts = article.html, (article.title, article.excerpt)
            own.append(milliseconds(partial(_convert, html, texts, article.lang, script)))
            opencc.append(milliseconds(partial(_each, plain, (html, *texts))))
        if own:
            ours, theirs = statistics.median(own), statistics.median(opencc)
            yield f"{f'to {script}':16} {ours:8.2f} ms of CPU an article (median), {ours / theirs:.2f} of plain OpenCC"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.conversion", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared/corpus", metavar="FOLDER")
    folder = parser.parse_args().folder
    if not folder.is_dir():
        print(f"bench: left out, {folder} is not here", file=sys.stderr)
        return 0
    for line in conversion(collect(load_rules(folder)).library.articles):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
