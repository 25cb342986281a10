"""Whether a site stands as the last build left it, told by how files look: then there is nothing to build.

Nothing is read, so this is for the one question that is asked most often: has anything changed at all?
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from generator.output import beside
from generator.places import HERE, KEPT, TICK, shipped

if TYPE_CHECKING:
    from generator.models import Report

#: In the folder of the store: what every site that was built with it was made of.
_NAME = "standing.json"
#: Of a git clone only what changes with a commit; of the store only what a build reads and does not write.
_GIT = ("HEAD", "config", "packed-refs", "logs", "refs", "shallow")
_STORE = ("pictures", "boilerplate.json")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a build is asked for: the site's folder, the note of it, and a stamp of all that it would be made of.

    The stamp is "" when looks do not tell: a file just written may be written again in the same tick of the clock.
    """

    output: Path
    file: Path
    stamp: str


def asked(content: Path, output: Path, store: Path, base_url: str | None) -> Asked:
    """Look at everything that a site is made of; nothing is read."""
    digest = blake2b(f"{sys.version}\0{base_url}\0{os.fsencode(content.absolute())!r}".encode(), digest_size=16)
    newest = 0
    for folder in (content, HERE, shipped("templates"), shipped("static")):
        for look, changed in _looks(folder):
            digest.update(look.encode("utf-8", "surrogateescape"))
            newest = max(newest, changed)
    for name in ("purelib", "platlib"):
        digest.update(str(Path(sysconfig.get_path(name)).stat().st_mtime_ns).encode())
    known = time.time_ns() - newest > TICK
    return Asked(output.absolute(), store / _NAME, digest.hexdigest() if known else "")


def _looks(folder: Path) -> Iterator[tuple[str, int]]:
    """Each file below a folder: its path, size, times and number; and when it changed last."""
    waiting = [str(folder)]
    while waiting:
        here = waiting.pop()
        only = {".git": _GIT, KEPT: _STORE}.get(Path(here).name)
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.name == "__pycache__" or (only and entry.name not in only):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                        continue
                    if entry.name == ".git":  # a clone whose commits lie elsewhere
                        yield entry.path, time.time_ns()
                    s = entry.stat(follow_symlinks=False)
                    look = f"{entry.path}\0{s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino} {s.st_mode}\n"
                    yield look, max(s.st_mtime_ns, s.st_ctime_ns)
        except OSError as error:
            yield f"{here}\0{error.errno}\n", 0


def report(wanted: Asked, files: Callable[[], Iterable[tuple[str, int]]]) -> Report | None:
    """What the last build of a site said, if that site stands and would be made of the same.

    ``files`` gives what `keep` wants, in the same order; it is asked only where all else is the same.
    """
    interrupted = any(beside(wanted.output, name).exists() for name in ("new", "old", "changes"))
    noted = _read(wanted.file).get(str(wanted.output))
    if not wanted.stamp or interrupted or not isinstance(noted, dict) or noted.get("stamp") != wanted.stamp:
        return None
    if noted.get("files") != _digest(files()):
        return None
    from generator.models import LeftOut, Report

    said = noted["report"]
    left_out = tuple(LeftOut(**one) for one in said.pop("left_out"))
    warnings, hints = tuple(said.pop("warnings")), tuple(said.pop("hints"))
    return Report(**said, left_out=left_out, warnings=warnings, hints=hints, output=wanted.output)


def keep(wanted: Asked, said: Report, files: Iterable[tuple[str, int]]) -> None:
    """Note what a site was made of, and its files with their sizes; a note that cannot be written is none."""
    if not wanted.stamp:
        return
    plain = asdict(said)
    plain.pop("output")
    noted = {"stamp": wanted.stamp, "files": _digest(files), "report": {**plain, "written": 0}}
    try:
        rows = {path: row for path, row in _read(wanted.file).items() if Path(path).exists()}
        fresh = wanted.file.with_suffix(".new")
        fresh.write_text(json.dumps({**rows, str(wanted.output): noted}), "utf-8")
        fresh.replace(wanted.file)
    except OSError:
        return


def _digest(files: Iterable[tuple[str, int]]) -> str:
    return blake2b(repr(list(files)).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _read(file: Path) -> dict[str, object]:
    try:
        rows = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return rows if isinstance(rows, dict) else {}
