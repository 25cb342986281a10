"""The mirrors of the settings -> folders of the content, by git: shallow, and only the files that are wanted.

git keeps what it fetched under ``.qingdu/mirrors/<name>.git`` of the content folder, without a working tree of its own:
of a commit's files the documents and pictures are chosen, written into a tree object, and that is checked out to
``<name>/``. So a mirror of a million files costs the names of all and the contents of those that are wanted, a file that
left the mirror leaves the folder, and no nested repository stands in the owner's own.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from generator.documents import SUFFIXES
from generator.errors import QingduError
from generator.models import Source
from generator.places import KEPT

FOLDER = f"{KEPT}/mirrors"
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
#: Seconds that one call of git may take; between the attempts.
_TIMEOUT, _PAUSES = 1_800, (2.0, 8.0)
#: A mirror's files never run anything here: no hooks, no helpers, no links, no line ends made other.
_SAFELY = (
    *("core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "core.autocrlf=false"),
    *("core.attributesFile=/dev/null", "core.protectNTFS=true", "core.protectHFS=true", "protocol.ext.allow=never"),
    *("submodule.recurse=false", "gc.autoDetach=false", "advice.detachedHead=false"),
    *("http.lowSpeedLimit=1000", "http.lowSpeedTime=60"),
)
_FILE = b"100"  # the modes of plain files; links and submodules have others


@dataclass(frozen=True, slots=True)
class Cloned:
    """What fetching a mirror gave: the commit ("" for none), how many documents are at hand, and what went wrong."""

    name: str
    commit: str
    documents: int
    trouble: str = ""


def clone(source: Source, content: Path, pictures: bool = True) -> Cloned:
    """Bring a mirror's documents (and its own pictures) into its folder of the content.

    When the mirror cannot be reached, what an earlier run fetched is used, if it fetched anything, and the trouble is
    told. Raises QingduError when the commit, branch or folder does not exist, and for a folder of somebody else.
    """
    store, folder = content / FOLDER / f"{source.name}.git", content / source.name
    _check_folder(source, store, folder)
    trouble = _fetch(source, store)
    if trouble and not _fetched(store):
        return Cloned(source.name, "", 0, trouble)
    commit = _git(store, "rev-parse", "--verify", "refs/qingdu/wanted^{commit}").decode().strip()
    wanted, documents = _choose(source, _entries(source, store, commit), pictures)
    _check_out(store, folder, wanted)
    return Cloned(source.name, commit, documents, trouble)


def _check_folder(source: Source, store: Path, folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise QingduError(str(folder), "is not a folder", "move it away, or give the mirror another name")
    if not store.exists() and folder.exists() and any(folder.iterdir()):
        raise QingduError(
            str(folder), "holds files that no fetch put there", f"move them away, or give {source.git} another name"
        )


def _fetch(source: Source, store: Path) -> str:
    """Fetch the wanted commit without its files' contents; returns what went wrong."""
    if not (store / "HEAD").is_file():
        store.parent.mkdir(parents=True, exist_ok=True)
        _git(store, "init", "--quiet", "--bare", str(store))
    address = str(Path(source.git).absolute()) if source.git.startswith(".") else source.git
    for key, value in {"url": address, "promisor": "true", "partialclonefilter": "blob:none"}.items():
        _git(store, "config", f"remote.mirror.{key}", value)
    if _has(store, source.ref):
        _git(store, "update-ref", "refs/qingdu/wanted", source.ref)
        return ""
    return _fetch_ref(source, store)


def _has(store: Path, ref: str) -> bool:
    """Whether a pinned commit is already here: it never changes, so nobody need be asked."""
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", ref):
        return False
    return _run(store, "cat-file", "-e", f"{ref}^{{tree}}", offline=True).returncode == 0


def _fetch_ref(source: Source, store: Path) -> str:
    said = ""
    options = ("--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "--no-write-fetch-head", "--force")
    for pause in (*_PAUSES, None):
        answer = _run(store, "fetch", *options, "mirror", f"{source.ref}:refs/qingdu/wanted")
        if answer.returncode == 0:
            return ""
        said = fault(answer.stderr.decode("utf-8", "replace"))
        if "couldn't find remote ref" in said or "not our ref" in said:
            raise QingduError(source.git, f"has no branch, tag or commit {source.ref!r}", "mend ref in [[mirrors]]")
        if pause is not None:
            time.sleep(pause)
    todo = "what was fetched before is used" if _fetched(store) else "look at the address and the network"
    return f"{source.git}: cannot be reached ({said}); {todo}"


def _fetched(store: Path) -> bool:
    """Whether there is something that an earlier run, or this one, fetched."""
    return _run(store, "rev-parse", "--verify", "--quiet", "refs/qingdu/wanted").returncode == 0


def _entries(source: Source, store: Path, commit: str) -> list[tuple[bytes, bytes]]:
    """(path, "mode object") of every plain file in the wanted folder of a commit."""
    place = [f"{source.folder}/"] if source.folder else []
    listed = _git(store, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *place).split(b"\0")
    rows = (line.split(b"\t", 1) for line in listed if line.startswith(_FILE))
    found = [(path, b" ".join(facts.split()[::2])) for facts, path in rows]
    if not found:
        raise QingduError(
            source.git, f"has no files in {source.folder or 'it'!r} at {commit[:12]}", "mend folder in [[mirrors]]"
        )
    return found


def _choose(
    source: Source, entries: list[tuple[bytes, bytes]], pictures: bool
) -> tuple[list[tuple[bytes, bytes]], int]:
    """The files to check out, and how many of them are documents: with a limit those whose numbers are the highest."""
    suffixes = tuple(suffix.encode() for suffix in SUFFIXES)
    documents = [entry for entry in entries if entry[0].lower().endswith(suffixes)]
    if source.limit and len(documents) > source.limit:
        documents = sorted(documents, key=lambda entry: _age(entry[0]))[-source.limit :]
    shown = tuple(suffix.encode() for suffix in PICTURES) if pictures else ()
    others = [entry for entry in entries if shown and entry[0].lower().endswith(shown)]
    return sorted(documents + others), len(documents)


def _age(path: bytes) -> tuple[list[int], bytes]:
    """Mirrors name files by date or by a number that grows; so the numbers of its name say how new a file is."""
    name = path.rpartition(b"/")[2]
    return [int(digits[:18]) for digits in re.findall(rb"\d+", name)], path


def _check_out(store: Path, folder: Path, wanted: list[tuple[bytes, bytes]]) -> None:
    """Make the folder hold these files; what an earlier fetch put there and is not wanted any more goes."""
    lines = b"".join(b"%s\t%s\0" % (facts, path) for path, facts in wanted)
    fresh = {"GIT_INDEX_FILE": str((store / "wanted-index").absolute())}
    (store / "wanted-index").unlink(missing_ok=True)
    _git(store, "update-index", "-z", "--index-info", feed=lines, env=fresh)
    tree = _git(store, "write-tree", "--missing-ok", env=fresh).decode().strip()
    (store / "wanted-index").unlink(missing_ok=True)
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", "utf-8")  # the owner's repository need not hold what is fetched
    place = {"GIT_WORK_TREE": str(folder.absolute()), "GIT_INDEX_FILE": str((store / "index").absolute())}
    _git(store, "-c", "core.bare=false", "read-tree", "-u", "--reset", tree, env=place, cwd=folder)


def _git(
    store: Path, *arguments: str, feed: bytes = b"", env: dict[str, str] | None = None, cwd: Path | None = None
) -> bytes:
    """Run git on the store; raises QingduError with what it says."""
    answer = _run(store, *arguments, feed=feed, env=env, cwd=cwd)
    if answer.returncode:
        raise QingduError(
            f"git {arguments[0]}",
            fault(answer.stderr.decode("utf-8", "replace")),
            f"if it stays so, delete {store} and fetch again",
        )
    return answer.stdout


def _run(
    store: Path,
    *arguments: str,
    feed: bytes = b"",
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    offline: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    settings = [part for pair in _SAFELY for part in ("-c", pair)]
    never = {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_DIR": str(store.absolute())}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key == "GIT_SSH_COMMAND"}
    if offline:
        never["GIT_NO_LAZY_FETCH"] = "1"
    try:
        return subprocess.run(
            ["git", *settings, *arguments],  # noqa: S607 - the system's git
            input=feed,
            env={**kept, **never, **(env or {})},
            cwd=cwd,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise QingduError("git", "is not installed", "install git to fetch mirrors") from None
    except subprocess.TimeoutExpired:
        raise QingduError(f"git {arguments[0]}", f"took longer than {_TIMEOUT // 60} minutes", "try again") from None


def fault(said: str) -> str:
    """What is wrong, of all that git says on its standard error: advice may follow it."""
    lines = [line for line in said.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (told or lines or ["it ended without a word"])[0].removeprefix("fatal: ").removeprefix("error: ")[:300]
