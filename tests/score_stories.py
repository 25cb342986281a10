"""How right the stories and topics are, against labels made by hand: `./build.sh score stories EXPORT [--final]`.

EXPORT is what `qingdu export` printed for the corpus that the labels in ``tests/stories`` belong to. The half that is
kept for the final figure, and what was drawn blind later, are only scored with ``--final``: who tunes looks at the other one.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator import events, stories, words
from generator.copies import traces
from generator.models import Article, Body
from generator.settings import load_settings
from tests.conftest import ROOT

LABELS = ROOT / "tests" / "stories"


def rows(name: str) -> list[list[str]]:
    """The lines of a table of labels, without its comments."""
    lines = (LABELS / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def articles(export: Path) -> Iterator[Article]:
    """The articles of an export, known by their paths."""
    for line in export.read_text("utf-8").rstrip("\n").split("\n"):
        yield article(json.loads(line))


def article(said: dict[str, Any]) -> Article:
    """An article as the export tells it."""
    when = said["published"]
    return Article(
        id=said["path"],
        path=said["path"],
        title=said["title"],
        published=None if not when else dt.datetime.fromisoformat(when) if "T" in when else dt.date.fromisoformat(when),
        updated=None,
        lang=said["lang"],
        canonical_url=said["canonical_url"] or "",
        publisher=said["publisher"],
        publisher_name={},
        author="",
        credits=(),
        topic=said["topic"],
        tags=tuple(said["tags"]),
        lead_figure="",
        excerpt="",
        reading_minutes=1,
        mirrors=(),
        convert=True,
        terms=(),
        sha256="",
        mirrored=None,
        picture_files=(),
        traces=replace(
            traces(said["title"], said["html"], said["text"]),
            words=words.told(said["title"], said["text"]),
            marks=words.marks(said["title"], said["text"]),
            facts=events.told(said["title"], said["text"]),
        ),
        body=Body(said["html"], said["text"]),
        copies=tuple(said["copies"]),
    )


def score_pairs(story_of: dict[str, str], publisher_of: dict[str, str], half: str) -> str:
    """Precision and recall over the labelled pairs.

    Plain; of two publishers, since what one alone tells is no story; weighed by how many pairs each band really holds.
    """
    sizes = dict(
        part.split("=") for part in (LABELS / "pairs.tsv").read_text("utf-8").split("\n")[1].split() if "=" in part
    )
    pairs = [row for row in rows("pairs.tsv") if row[3] == half and row[2] != "unsure"]
    drawn = Counter(row[4] for row in pairs)
    counts = {name: Counter[str]() for name in ("plain", "of two publishers", "weighed by band")}
    for one, other, label, _, band in pairs:
        together = one in story_of and story_of[one] == story_of.get(other)
        verdict = {(True, True): "right", (True, False): "false", (False, True): "missed"}.get(
            (together, label == "same"), ""
        )
        counts["plain"][verdict] += 1
        counts["of two publishers"][verdict] += publisher_of.get(one) != publisher_of.get(other)
        counts["weighed by band"][verdict] += int(sizes.get(band, 0)) / drawn[band]  # type: ignore[assignment]
    shown = (
        f"{name} precision {c['right'] / max(1e-9, c['right'] + c['false']):.3f}, recall {c['right'] / max(1e-9, c['right'] + c['missed']):.3f}"
        for name, c in counts.items()
    )
    return f"{len(pairs)} pairs: {'; '.join(shown)}"


def score_topics(topic_of: dict[str, str], half: str) -> str:
    """How many topics are right (the first or the second label), and which are taken for which."""
    parents = {topic.slug: topic.parent or topic.slug for topic in load_settings(ROOT / "content").topics}
    best = accepted = exact = 0
    wrong = Counter[str]()
    labelled = [row for row in rows("topics.tsv") if row[2] == half and row[0] in topic_of]
    for path, label, _ in labelled:
        labels = label.split(",")
        got, wanted = parents[topic_of[path]], [parents[name] for name in labels]
        best += got == wanted[0]
        accepted += got in wanted
        exact += topic_of[path] in labels
        if got not in wanted:
            wrong[f"{wanted[0]} taken for {got}"] += 1
    size = len(labelled)
    shares = (
        f"right {accepted / size:.3f}, as the first label {best / size:.3f}, on the second level {exact / size:.3f}"
    )
    return f"{size} articles: {shares}; " + ", ".join(f"{what} {count}" for what, count in wrong.most_common(12))


def main(export: Path, halves: tuple[str, ...]) -> None:
    """Print the figures."""
    found = list(articles(export))
    start = time.process_time()
    for one in found:
        words.told(one.title, one.text), words.marks(one.title, one.text), events.told(one.title, one.text)
    read = time.process_time() - start
    result = stories.stories(found)
    joined = time.process_time() - start - read
    story_of = {report.id: story.slug for story in result for report in story.articles}
    topic_of = {a.path: a.topic for a in found}
    publisher_of = {a.path: a.publisher for a in found}
    for half in halves:
        print(f"pairs, {half}: {score_pairs(story_of, publisher_of, half)}")
    for half in (*halves[:2], *(["earlier"] if "final" in halves else [])):
        said = " (learnt from these; see tests/stories/learn_topics.py --check)" if half == "tune" else ""
        print(f"topics, {half}{said}: {score_topics(topic_of, half)}")
    held = sum(topic != "other" for topic in topic_of.values())
    print(f"topics hold for {held / len(found):.1%} of {len(found):,} articles")
    print(
        f"{len(result)} stories of {len(story_of)} articles; words {1000 * read / len(found):.2f} ms, stories {1000 * joined / len(found):.2f} ms an article"
    )
    for story in sorted(result, key=lambda story: -len(story.articles))[:10]:
        print(
            f"  {len(story.articles):3} reports, {len({a.publisher for a in story.articles})} publishers: {story.lead.title}"
        )
    for number, name in enumerate(path for path in story_of if path.startswith("seeds/")):
        print(f"  seed {number}: {name.rpartition('/')[2][:40]} in {story_of[name]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), ("tune", "final", "blind") if "--final" in sys.argv else ("tune",))
