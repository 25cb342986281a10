"""bytes -> public/: written aside and swapped in whole; each path once, nothing outside, nothing deleted but our own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from generator.errors import QingduError

#: Names the files of a site that we made; without it a folder is somebody else's.
LEDGER = ".qingdu-files.json"


class OutputError(QingduError):
    """The site cannot be written where it should be."""


class Output:
    """The folder of a site. ``stage()``, write below ``staging``, then ``swap()``; until then the last site stands."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder = folder.absolute()
        self.staging = self.folder.with_name(f".{self.folder.name}.new")
        self.old = self.folder.with_name(f".{self.folder.name}.old")
        _check_place(self.folder, content)

    def stage(self) -> Path:
        """An empty folder beside the site to write into; heals what an interrupted build left behind."""
        if self.old.exists() and not self.folder.exists():
            self.old.rename(self.folder)
        self._owned()
        shutil.rmtree(self.staging, ignore_errors=True)
        try:
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise OutputError(
                str(self.folder), f"cannot be written ({error.strerror})", "choose another --output"
            ) from None
        return self.staging

    def _owned(self) -> list[str]:
        """The files of the present site that an earlier build made; raises OutputError for a folder of somebody else."""
        if not self.folder.exists():
            return []
        if not self.folder.is_dir():
            raise OutputError(str(self.folder), "is a file, not a folder", "choose another --output")
        try:
            files = json.loads((self.folder / LEDGER).read_text("utf-8"))["files"]
            return [str(name) for name in files]
        except FileNotFoundError:
            if any(self.folder.iterdir()):
                raise OutputError(
                    str(self.folder),
                    "holds files that no build of ours made",
                    "choose another --output, or empty it yourself",
                ) from None
            return []
        except (OSError, ValueError, KeyError, TypeError):
            raise OutputError(
                str(self.folder / LEDGER), "is damaged", "remove the folder yourself and build again"
            ) from None

    def swap(self, paths: Iterable[str]) -> None:
        """Put the staged site in place of the present one. Files that others put there are carried over."""
        made = sorted(paths)
        (self.staging / LEDGER).write_text(json.dumps({"files": made}, indent=0) + "\n", "utf-8")
        self._carry_over(set(self._owned()))
        shutil.rmtree(self.old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(self.old)
        self.staging.rename(self.folder)
        shutil.rmtree(self.old, ignore_errors=True)

    def _carry_over(self, ours: set[str]) -> None:
        if not self.folder.exists():
            return
        for place, _, names in os.walk(self.folder):
            for name in names:
                file = Path(place) / name
                path = file.relative_to(self.folder).as_posix()
                if path in ours or path == LEDGER:
                    continue
                target = self.staging / path
                if target.exists():
                    raise OutputError(path, "the site has a page where somebody else put a file", "move that file away")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, target, follow_symlinks=False)

    def drop(self) -> None:
        """Forget what was staged."""
        shutil.rmtree(self.staging, ignore_errors=True)


def _check_place(folder: Path, content: Path) -> None:
    site, source = folder.resolve(), content.resolve()
    if site == source or site in source.parents or source in site.parents:
        raise OutputError(
            str(folder),
            "the site would be written over or into the content",
            "choose an --output beside the content folder",
        )


def write(staging: Path, path: str, data: bytes) -> None:
    """Write one file of the site; the path cannot lead outside."""
    target = staging / path
    if ".." in path.split("/") or path.startswith("/"):
        raise OutputError(path, "leads out of the site", "this is a fault of the generator; please report it")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
