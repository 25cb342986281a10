"""bytes -> public/: written aside, then put in place; each path once, nothing outside, nothing deleted but our own.

A site that is new or wholly changed is swapped in as a folder. Where few files change, they are laid ready in a folder
whose renaming is the decision, and moved into the site from there; what interrupts that is made good by the next build.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from pathlib import Path

from generator.errors import QingduError
from generator.locks import give_back, take
from generator.meanwhile import meanwhile

#: Names the files of a site that we made, each with its size and with what it was made from; without it a folder is
#: somebody else's.
LEDGER = ".qingdu-files.json"
#: In a folder of changes: what is to be deleted from the site.
_LEAVING = ".qingdu-leaving.json"

#: Processes that look at the files of a large site: one whose ledger has so many bytes, some 70 a file.
_LOOKING, _LARGE = 4, 150_000

#: What a site consists of: path -> (size in bytes, key of what it was made from).
Files = dict[str, tuple[int, str]]
#: Files below a folder: path and size in bytes, sorted.
Sizes = list[tuple[str, int]]


class OutputError(QingduError):
    """The site cannot be written where it should be."""


class Output:
    """The folder of a site.

    ``open()`` it, ``write()`` what changed from what is ``made()``, then ``commit()``: until then the last site stands.
    ``close()`` at the end.
    """

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder = folder.absolute()
        self.staging = beside(self.folder, "new")
        self.old = beside(self.folder, "old")
        self.changes = beside(self.folder, "changes")
        self._before: Files = {}  # as the ledger says
        self._files: Files = {}  # as the commit leaves it
        self._found: Callable[[], Sizes] = list  # as they stand there
        self._lock: int | None = None
        _check_place(self.folder, content)

    def open(self, say: Callable[[str], None] = lambda text: None) -> None:
        """Begin a build of the site; heals what an interrupted build left behind, and waits for another build.

        Raises OutputError for a folder of somebody else, or one that cannot be written.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._take(say)
            self._heal()
            self._look()
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir()
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(str(self.folder), f"cannot be written ({error.strerror})", "choose another --output")

    def _take(self, say: Callable[[str], None]) -> None:
        """Lock the site for one build; waits for another one."""
        self._lock = take(beside(self.folder, "lock"))
        if self._lock is None:
            say(f"{self.folder}: waiting for another build of this site")
            self._lock = take(beside(self.folder, "lock"), wait=True)

    def close(self) -> None:
        """Forget what was staged, and let others build."""
        shutil.rmtree(self.staging, ignore_errors=True)
        if self._lock is not None:
            give_back(beside(self.folder, "lock"), self._lock)
            self._lock = None

    def _heal(self) -> None:
        if self.old.exists() and not self.folder.exists():
            self.old.rename(self.folder)
        if (self.changes / LEDGER).is_file():
            self._apply()
        shutil.rmtree(self.changes, ignore_errors=True)
        shutil.rmtree(self.old, ignore_errors=True)

    def _look(self) -> None:
        """What an earlier build made, and, looked up by another process, what stands there now."""
        if not self.folder.exists():
            return
        if not self.folder.is_dir():
            raise OutputError(str(self.folder), "is a file, not a folder", "choose another --output")
        self._before = self._ledger()
        self._found = look_up(str(self.folder))

    def made(self) -> Files:
        """The files that an earlier build made and that still have their size."""
        found = dict(self._found())
        return {path: entry for path, entry in self._before.items() if found.get(path) == entry[0]}

    def standing(self) -> Sizes:
        """The files of the folder after the commit, those of others as they stood at the beginning."""
        ledger = (LEDGER, (self.folder / LEDGER).stat().st_size)
        others = ((path, size) for path, size in self._found() if path not in self._before and path != LEDGER)
        return sorted([*others, *((path, size) for path, (size, _) in self._files.items()), ledger])

    def _ledger(self) -> Files:
        """The files that an earlier build made; raises OutputError for a folder of somebody else."""
        try:
            files = json.loads((self.folder / LEDGER).read_text("utf-8"))["files"]
            return {str(path): (int(size), str(key)) for path, (size, key) in files.items()}
        except FileNotFoundError:
            if any(self.folder.iterdir()):
                raise OutputError(
                    str(self.folder),
                    "holds files that no build of ours made",
                    "choose another --output, or empty it yourself",
                ) from None
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise OutputError(
                str(self.folder / LEDGER), "is damaged", "remove the folder yourself and build again"
            ) from None

    def commit(self, files: Files, written: set[str]) -> None:
        """Put the site in place: ``files`` is all of it, ``written`` what was staged; the rest stands there already."""
        ours, self._files = set(self._before), files
        if self._before == files and (self.folder / LEDGER).is_file():
            return
        try:
            (self.staging / LEDGER).write_text(_ledger_of(files), "utf-8")
            if written == files.keys():
                self._swap(ours)
            else:
                self._change(ours - files.keys(), written - ours)
        except OSError as error:
            raise self._unwritable(error) from None

    def _swap(self, ours: set[str]) -> None:
        """The staged folder in place of the present one. Files that others put there are carried over."""
        self._carry_over(ours)
        shutil.rmtree(self.old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(self.old)
        self.staging.rename(self.folder)
        shutil.rmtree(self.old, ignore_errors=True)

    def _change(self, leaving: set[str], new: set[str]) -> None:
        """The staged files into the present folder."""
        for path in sorted(new):
            if os.path.lexists(self.folder / path):
                raise _taken(path)
        (self.staging / _LEAVING).write_text(json.dumps(sorted(leaving)), "utf-8")
        self.staging.rename(self.changes)
        self._apply()
        shutil.rmtree(self.changes, ignore_errors=True)

    def _apply(self) -> None:
        """Move the laid ready files: what others link to first, the ledger last; whatever was moved before is done."""
        leaving = json.loads((self.changes / _LEAVING).read_text("utf-8"))
        names = [path for path, _ in sizes(str(self.changes)) if path not in (LEDGER, _LEAVING)]
        for path in sorted(names, key=lambda path: ("/articles/" not in path, path)):
            target = self.folder / path
            try:
                (self.changes / path).replace(target)
            except FileNotFoundError:
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.changes / path).replace(target)
        for path in leaving:
            (self.folder / path).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # a folder that still holds something stays
                (self.folder / path).parent.rmdir()
        (self.changes / LEDGER).replace(self.folder / LEDGER)

    def _carry_over(self, ours: set[str]) -> None:
        if not self.folder.exists():
            return
        for path, _ in sizes(str(self.folder)):
            if path in ours or path == LEDGER:
                continue
            target = self.staging / path
            if target.exists():
                raise _taken(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.folder / path, target, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Site:
    """The site that is being written: its folder, what stands there, what it will consist of, what was staged."""

    place: Output
    made: Files
    files: Files = field(default_factory=dict)
    staged: set[str] = field(default_factory=set)

    def add(self, path: str, data: bytes, key: str) -> None:
        """Stage a file unless the site has it as it is."""
        new = self.made.get(path) != (len(data), key)
        if new:
            write(self.place.staging, path, data)
        self.note(path, len(data), key, new)

    def note(self, path: str, size: int, key: str, staged: bool = True) -> None:
        """Remember a file of the site, and whether somebody staged it."""
        self.files[path] = (size, key)
        if staged:
            self.staged.add(path)


def _ledger_of(files: Files) -> str:
    """The ledger as JSON, a line a file: it may be kept in a repository. Indenting, ``json`` is far slower."""
    quoted = json.encoder.encode_basestring_ascii
    rows = (f"{quoted(path)}: [{size}, {quoted(key)}]" for path, (size, key) in sorted(files.items()))
    return '{"files": {\n' + ",\n".join(rows) + "\n}}\n"


def beside(folder: Path, name: str) -> Path:
    """A place of the build's own beside the folder of a site."""
    return folder.with_name(f".{folder.name}.{name}")


def _taken(path: str) -> OutputError:
    return OutputError(path, "the site has a page where somebody else put a file", "move that file away")


def sizes(folder: str) -> Sizes:
    """Every file below a folder with its size, sorted; symbolic links count as files and are not followed."""
    return sorted(_below(folder, [""]))


def look_up(folder: str) -> Callable[[], Sizes]:
    """`sizes`, of a large site worked out by other processes meanwhile: each looks into some of its folders."""
    ledger = Path(folder, LEDGER)
    if not ledger.is_file() or ledger.stat().st_size < _LARGE:
        return cache(partial(sizes, folder))
    files, waiting = _here(folder, "")
    parts = [waiting[first::_LOOKING] for first in range(min(_LOOKING, len(waiting)))]
    answers = [meanwhile(partial(_below, folder, part)) for part in parts]
    return cache(lambda: sorted(chain(files, *(answer() for answer in answers))))


def _below(folder: str, waiting: list[str]) -> Sizes:
    """The files below some folders of a folder."""
    found = []
    while waiting:
        files, folders = _here(folder, waiting.pop())
        found += files
        waiting += folders
    return found


def _here(folder: str, path: str) -> tuple[Sizes, list[str]]:
    """The files of one folder, and the folders in it; a path is empty or ends with a stroke."""
    files, folders = [], []
    with os.scandir(f"{folder}/{path}") as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{path}{entry.name}/")
            else:
                files.append((path + entry.name, entry.stat(follow_symlinks=False).st_size))
    return files, folders


def _check_place(folder: Path, content: Path) -> None:
    site, source = folder.resolve(), content.resolve()
    if site == source or site in source.parents or source in site.parents:
        raise OutputError(
            str(folder),
            "the site would be written over or into the content",
            "choose an --output beside the content folder",
        )


def write(staging: Path, path: str, data: bytes) -> None:
    """Write one file of the site; the path cannot lead outside. Raises OutputError, also for a full disk."""
    if ".." in path.split("/") or path.startswith("/"):
        raise OutputError(path, "leads out of the site", "this is a fault of the generator; please report it")
    try:
        try:
            _write(f"{staging}/{path}", data)
        except FileNotFoundError:
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            _write(f"{staging}/{path}", data)
    except OSError as error:
        raise OutputError(
            path, f"cannot be written ({error.strerror})", "make room, or choose another --output"
        ) from None


def _write(target: str, data: bytes) -> None:
    with open(target, "wb") as file:  # noqa: PTH123 - a third of the cost of pathlib, forty thousand times
        file.write(data)
