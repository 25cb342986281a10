"""The golden cases: `tests/articles/<mirror>--<publisher>-<slug>/`, and the tool that rewrites their results.

A case is a document (``source.md`` or ``source.html``), where it would stand in a content folder (``case.toml``: the
mirror's folders name channels), and what has to come out of it (``expected.html``: metadata and removals in a comment,
then the cleaned blocks, one a line). `python -m tests.golden` rewrites every ``expected.html``; the diff is the review.
A case whose ``case.toml`` names a ``known_bug`` keeps the result that an editor wrote by hand, until the bug is mended.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from generator.cleaning import finish
from generator.collecting import Rules, load_rules, prepare_one
from generator.documents import Found
from generator.models import Article, LeftOut, Removal

ARTICLES = Path(__file__).parent / "articles"
SOURCES = ("source.md", "source.html")
EXPECTED = "expected.html"
MAX_TEXT = 90


def cases() -> list[Path]:
    """Every case's folder, sorted by name."""
    return sorted(folder for folder in ARTICLES.iterdir() if folder.is_dir())


def source(case: Path) -> Path:
    """The document of a case; raises FileNotFoundError when it has none."""
    for name in SOURCES:
        if (case / name).is_file():
            return case / name
    raise FileNotFoundError(f"{case.name} has no {' or '.join(SOURCES)}")


@cache
def settings_of(case: Path) -> dict[str, str]:
    """What ``case.toml`` says: ``path`` in the content folder, and ``known_bug`` where the result is not yet right."""
    return tomllib.loads((case / "case.toml").read_text("utf-8"))


@cache
def rules() -> Rules:
    """The shipped rules and the default settings."""
    return load_rules(ARTICLES)


def outcome(case: Path) -> Article | LeftOut:
    """What the cleaning makes of a case alone, with nothing learnt from other documents."""
    prepared = prepare_one(rules(), Found(source(case), settings_of(case)["path"]))
    return prepared if isinstance(prepared, LeftOut) else finish(prepared, (), rules().settings)


def render(result: Article | LeftOut) -> str:
    """The text of ``expected.html``."""
    if isinstance(result, LeftOut):
        return f"<!--\nleft out: {result.reason}: {result.detail}\n-->\n"
    head = {
        "title": result.title,
        "published": result.published.isoformat() if result.published else "",
        "lang": result.lang,
        "publisher": result.publisher,
        "topic": result.topic,
        "author": result.author,
        "canonical_url": result.canonical_url,
        "tags": ", ".join(result.tags),
        "lead_figure": result.lead_figure,
        "mirrors": ", ".join(result.mirrors),
    }
    lines = [f"{key}: {value}".rstrip() for key, value in head.items()] + removed(result.removals)
    comment = "\n".join(lines).replace("-->", "--&gt;")
    return f"<!--\n{comment}\n-->\n{result.html}\n"


def removed(removals: tuple[Removal, ...]) -> list[str]:
    """The removals, one a line; those of one step stand together, equal ones are counted."""
    counts: Counter[str] = Counter()
    steps = list(dict.fromkeys(removal.step for removal in removals))
    for removal in sorted(removals, key=lambda removal: steps.index(removal.step)):
        text = " ".join(removal.text.split())
        short = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
        counts[f"removed: {removal.step}: {removal.rule}: {short}".rstrip()] += 1
    return [line if count == 1 else f"{line} (×{count})" for line, count in counts.items()]


def main() -> int:
    """Rewrite every ``expected.html`` but those of known bugs, and name what changed."""
    changed = 0
    for case in cases():
        if bug := settings_of(case).get("known_bug"):
            print(f"kept, known bug: {case.name}: {bug}")
            continue
        text, path = render(outcome(case)), case / EXPECTED
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed += 1
            print(f"rewritten: tests/articles/{case.name}/{EXPECTED}")
    print(f"{changed} of {len(cases())} cases changed; `git diff tests/articles` is the review")
    return 0


if __name__ == "__main__":
    sys.exit(main())
