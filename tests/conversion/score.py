"""How well texts are converted between the Chinese scripts, class by class; always exits 0.

    python -m tests.conversion.score

`sentences.tsv` holds the sentences: its class (a character with several readings, or a kind), the sentence in
Simplified, in Traditional of Taiwan and of Hong Kong, and what the Taiwanese one must be in Simplified again. A cell
with ` | ` holds all forms that are right; each right form of Taiwan must lead back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator.scripts import convert_html, convert_text

SENTENCES = Path(__file__).with_name("sentences.tsv")
SCRIPTS = ("zh-Hant-TW", "zh-Hant-HK", "zh-Hans")
#: The sentences of this class are HTML.
TAGS = "tags"
ALL = "all"

#: text, its language, the script wanted -> the text in that script
Convert = Callable[[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the right forms of it; `back` is what the ones of Taiwan must be in Simplified."""

    kind: str
    hans: str
    taiwan: tuple[str, ...]
    hongkong: tuple[str, ...]
    back: tuple[str, ...]

    def tasks(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """What to convert: script wanted, text, its language, right forms."""
        yield "zh-Hant-TW", self.hans, "zh-Hans", self.taiwan
        yield "zh-Hant-HK", self.hans, "zh-Hans", self.hongkong
        for text in self.taiwan:
            yield "zh-Hans", text, "zh-Hant-TW", self.back


@dataclass(slots=True)
class Figures:
    """What came out for a class: how many sentences are right by script, and the wrong ones, marked."""

    sentences: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SCRIPTS, 0))
    wrong: list[str] = field(default_factory=list)

    def add(self, mistakes: dict[str, str]) -> None:
        """Count a sentence with what is wrong in it by script."""
        self.sentences += 1
        for script in SCRIPTS:
            self.right[script] += script not in mistakes
        self.wrong += [f"{script}  {text}" for script, text in mistakes.items()]

    def rate(self, script: str) -> float:
        """The share of sentences that are right in a script."""
        return self.right[script] / self.sentences if self.sentences else 1.0


def read_sentences(file: Path = SENTENCES) -> list[Sentence]:
    """All sentences of a table."""
    sentences = []
    for line in file.read_text("utf-8").splitlines()[1:]:
        kind, hans, *cells = line.split("\t")
        taiwan, hongkong, back = (tuple(cell.split(" | ")) for cell in cells)
        sentences.append(Sentence(kind, hans, taiwan, hongkong, back))
    return sentences


def evaluate(convert: Convert = convert_text, convert_tags: Convert = convert_html) -> dict[str, Figures]:
    """The figures by class, in the order of the table; `ALL` at the end."""
    table: dict[str, Figures] = {}
    whole = Figures()
    for sentence in read_sentences():
        mistakes = wrong(sentence, convert_tags if sentence.kind == TAGS else convert)
        table.setdefault(sentence.kind, Figures()).add(mistakes)
        whole.add(mistakes)
    return {**table, ALL: whole}


def wrong(sentence: Sentence, convert: Convert) -> dict[str, str]:
    """The sentence with what is wrong in it, by script; only the scripts in which something is."""
    mistakes: dict[str, str] = {}
    for script, text, lang, forms in sentence.tasks():
        converted = convert(text, lang, script)
        if converted not in forms:
            mistakes.setdefault(script, min((marked(converted, form) for form in forms), key=_marks))
    return mistakes


def marked(converted: str, form: str) -> str:
    """A text in which each wrong character is marked and followed by the right one: `美國[製→制]裁`."""
    if len(converted) != len(form):
        return f"{converted} [→ {form}]"
    return "".join(a if a == b else f"[{a}→{b}]" for a, b in zip(converted, form, strict=True))


def _marks(text: str) -> int:
    return text.count("→")


def report(table: dict[str, Figures]) -> Iterator[str]:
    """The table as lines: the wrong sentences, then a line a class."""
    for kind, figures in table.items():
        if kind != ALL:
            yield from (f"{kind}  {line}" for line in figures.wrong)
    yield "\t".join(("class", "sentences", *SCRIPTS))
    for kind, figures in table.items():
        cells = [kind, str(figures.sentences), *(str(figures.right[script]) for script in SCRIPTS)]
        yield "\t".join(cells)
    yield "\t".join(("right", "", *(f"{table[ALL].rate(script):.2%}" for script in SCRIPTS)))


def main() -> int:
    """Print the table; what is too little is for the tests to say."""
    print("\n".join(report(evaluate())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
