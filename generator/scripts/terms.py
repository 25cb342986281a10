"""Tables of terms: words that a conversion by characters and phrases gets wrong, in layers.

Each layer overrides the one before: our table for news (``news.tsv``), our regional words (``regional.tsv``, opt-in), the
site's ``content/terms/*.tsv``, its tables for a publisher or a topic (``publisher.<slug>.tsv``, ``topic.<slug>.tsv``),
and the terms of one article's front matter. ``content/terms/protect.txt`` lists names that are never touched.

A table has a row a term, columns separated by tabs: zh-Hans, zh-Hant-TW, zh-Hant-HK (empty: as in Taiwan); what stands
behind ``#`` at the start of a line is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from generator.errors import ConfigError

SCRIPTS = ("zh-Hans", "zh-Hant-TW", "zh-Hant-HK")
#: source -> (target, name of the table)
Table = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found in a text: ``text[start:end]`` becomes ``target``, because ``rule`` says so."""

    start: int
    end: int
    target: str
    rule: str


class Terms:
    """A table of terms for one script, ready to be found in texts (longest first, from the left)."""

    def __init__(self, table: Table) -> None:
        self.table = dict(table)
        self._sources = list(self.table)

    def __reduce__(self) -> tuple[object, ...]:
        """In another process the automaton is built anew."""
        return Terms, (self.table,)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._sources, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[Hit]:
        """The terms of a text; none overlaps another."""
        for number, start, end in self._automaton.find_matches_as_indexes(text) if self._sources else ():
            yield Hit(start, end, *self.table[self._sources[number]])

    def over(self, table: Table) -> Terms:
        """These terms with a further layer over them."""
        return Terms({**self.table, **table}) if table else self


NO_TERMS = Terms({})


@cache
def shipped(script: str, regional: bool = False) -> Terms:
    """Our own tables for a script."""
    names = ("news.tsv", "regional.tsv") if regional else ("news.tsv",)
    folder = files("generator") / "scripts"
    table: dict[str, tuple[str, str]] = {}
    for name in names:
        table.update(rows((folder / name).read_text("utf-8"), name, script))
    return Terms(table)


def rows(text: str, name: str, script: str) -> dict[str, tuple[str, str]]:
    """The rows of a table as source -> (target, table's name) for a script; raises ConfigError with the line."""
    table: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not 2 <= len(cells) <= 3 or not cells[0] or not cells[1]:
            raise ConfigError(
                f"{name}:{number}", f"{line!r} is no row", "write zh-Hans, zh-Hant-TW and zh-Hant-HK with tabs between"
            )
        hans, taiwan, hongkong = cells[0], cells[1], (cells[2] if len(cells) > 2 and cells[2] else cells[1])
        if script == "zh-Hans":
            table.update(dict.fromkeys((hongkong, taiwan), (hans, name)))
        else:
            table[hans] = (taiwan if script == "zh-Hant-TW" else hongkong, name)
    return table


class TermStore:
    """All tables of a site for one script; gives each article the terms that apply to it."""

    def __init__(self, content: Path, script: str, regional: bool = False) -> None:
        self._common = shipped(script, regional) if script in SCRIPTS else NO_TERMS
        self._special: dict[str, dict[str, tuple[str, str]]] = {}
        self._traditional = script.startswith("zh-Hant")
        self._made: dict[tuple[str, str], Terms] = {}
        folder = content / "terms"
        for file in sorted(folder.glob("*.tsv")) if script in SCRIPTS else ():
            table = rows(_read(file), f"terms/{file.name}", script)
            if re.match(r"(?:publisher|topic)\.", file.stem):
                self._special[file.stem] = table
            else:
                self._common = self._common.over(table)
        if script in SCRIPTS and (folder / "protect.txt").is_file():
            names = [line.strip() for line in _read(folder / "protect.txt").splitlines()]
            self._common = self._common.over(
                {n: (n, "terms/protect.txt") for n in names if n and not n.startswith("#")}
            )

    def of(self, publisher: str, topic: str, own: Iterable[tuple[str, str]] = ()) -> Terms:
        """The terms for an article: the common ones, its publisher's, its topic's, and its own."""
        key = (publisher, topic)
        if key not in self._made:
            tables = (self._special.get(f"publisher.{publisher}", {}), self._special.get(f"topic.{topic}", {}))
            self._made[key] = self._common.over({**tables[0], **tables[1]})
        if not self._traditional:
            return self._made[key]
        return self._made[key].over({source: (target, "front matter") for source, target in own})


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"terms/{file.name}", f"cannot be read ({error})", "make it a readable UTF-8 file") from None
