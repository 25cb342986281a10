"""What is built: a copy of a content folder, as many documents as wanted, and what happens to a site in the course of time."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator import documents
from generator.models import Article
from tests.bench import costs
from tests.bench.costs import Cost

#: Letters that change places in the copies: frequent ones, so that no text is like another.
_PAIRS = ("的和", "了就", "在对", "是将", "有被", "他她", "不也", "这那", "国家", "们要", "個為", "到会")
_NUMBER = re.compile(r"(?<=[a-z/_-])(?!20[012]\d[01]\d[0-3]\d(?!\d))\d{6,}")
#: The year of a date, and how many years lie between a text and its copy: a site grows in time and not on the same days.
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=[-/.年]|[01]\d[0-3]\d(?!\d))|(?<=/(?:gb|b5)/)[12]\d(?=/\d)")
_APART = 2
#: What stands in a title or a line as it stands in every kind of source: no quotation marks, no markup.
_PLAIN = re.compile(r"""[^"'\\&<>{}\n]{4,}""")
HELD = ".held"


def multiplied(text: str, copy: int) -> str:
    """Tell another story of the same length in the same markup, some years before.

    Some letters change places, numbers in addresses grow.
    """
    if not copy:
        return text
    table: dict[int, str] = {}
    for index, pair in enumerate(_PAIRS):
        one, other = pair[0], pair[1]
        if copy >> index & 1 or index >= 4:
            shift = chr(0x5000 + 37 * copy + index)
            table.update({ord(one): shift, ord(other): one})
    text = _YEAR.sub(lambda match: f"{int(match[0]) - _APART * copy}", text)
    return _NUMBER.sub(lambda match: f"{match[0]}{copy}", text).translate(table)


def lay_out(folder: Path, content: Path, articles: int) -> int:
    """Copy the documents of a folder, over and over until there are enough; returns how many there are."""
    found = list(documents.find(folder))
    wanted = articles or len(found)
    for number in range(wanted):
        copy, index = divmod(number, len(found))
        one = found[index]
        target = content / one.path
        if copy:
            target = target.with_name(f"{target.stem}--{copy}{target.suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        data = one.file.read_bytes()
        target.write_bytes(multiplied(data.decode("utf-8", "surrogateescape"), copy).encode("utf-8", "surrogateescape"))
    return wanted


@dataclass(frozen=True, slots=True)
class Edited:
    """A source file that is edited: its title as it stands there, and a text of its body."""

    file: Path
    title: str
    line: str

    def edit_body(self, number: int) -> None:
        """Write something new into the body."""
        before, line, after = self.file.read_text("utf-8").rpartition(self.line)
        self.file.write_text(f"{before}第{number}次修改。{line}{after}", "utf-8")

    def edit_title(self, number: int) -> None:
        """Give it another title."""
        text = self.file.read_text("utf-8")
        self.file.write_text(text.replace(self.title, f"{number} {self.title}"), "utf-8")


def editable(content: Path, article: Article) -> Edited | None:
    """How an article's document is edited; None where title and text do not stand there as readers see them."""
    file = content / article.path
    text = file.read_text("utf-8", "replace")
    lines = [line for line in article.text.splitlines() if _PLAIN.fullmatch(line) and text.count(line) == 1]
    if not lines or "\ufffd" in text or not _PLAIN.fullmatch(article.title) or article.title not in text:
        return None
    return Edited(file, article.title, lines[len(lines) // 2])


@dataclass(frozen=True, slots=True)
class Contender:
    """A generator with its site: how it is run, what it keeps between builds, and its sources that change."""

    name: str
    command: tuple[str, ...]
    folder: Path  # it is run in
    output: Path
    kept: tuple[Path, ...]
    edited: tuple[Edited, ...]  # the files of one article: one, or one an edition
    held: tuple[Path, ...]  # the files of the articles that are added later
    template: Path  # that every page is made of
    aside: Path  # a folder for what it made earlier

    def build(self) -> Cost:
        """Build the site, as far as this generator finds that needed."""
        return costs.run(self.command, self.output, self.folder)

    def forget(self) -> None:
        """Take away what it made and kept, as if it had never been run.

        Moved, not deleted: ext4 gives nobody the numbers of files that were deleted in the last minutes, and looks for
        others file by file, which can cost whoever writes next several times the writing.
        """
        self.aside.mkdir(exist_ok=True)
        for path in (self.output, *self.kept):
            if path.exists():
                path.rename(Path(tempfile.mkdtemp(dir=self.aside)) / path.name)

    def edit_template(self, number: int) -> None:
        """Change what every page is made of."""
        self.template.write_text(f"{self.template.read_text('utf-8')}<!-- {number} -->\n", "utf-8")

    def hide(self) -> None:
        """Take the articles away that are added later."""
        for file in self.held:
            file.rename(file.with_name(f"{file.name}{HELD}"))

    def add(self) -> None:
        """Put them back."""
        for file in self.held:
            file.with_name(f"{file.name}{HELD}").rename(file)
