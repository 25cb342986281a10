"""Where the documents of a content folder come from: the git clone that the folder, or a mirror's folder in it, is.

Each document has the commit that changed it last, so that a page does not change with every commit of the mirror. No page
says when it was built: the same content gives the same bytes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from generator.models import Commit, Origin

#: Seconds for one question to git.
PATIENCE = 60
_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://)?(?:[^@/\s]*@)?([\w.-]+\.[a-z]{2,})(?::\d+)?[:/]+([\w./~-]+?)(?:\.git)?/?"
)


def origins(content: Path, paths: Iterable[str]) -> dict[str, Origin]:
    """The clone of each first folder of the documents' paths ("" for the content folder itself).

    Without git, and in a folder that is no clone, nothing is known and nothing fails.
    """
    folders = {"", *(path.partition("/")[0] for path in paths if "/" in path)}
    clones = [folder for folder in sorted(folders) if (content / folder / ".git").exists()]
    if not clones or not shutil.which("git"):
        return {}
    return {folder: _origin(content / folder) for folder in clones}


def _origin(folder: Path) -> Origin:
    remote = _git(folder, "config", "--get", "remote.origin.url").strip()
    log = _git(folder, "log", "--no-show-signature", "--no-renames", "--name-only", "-z", "--format=%x01%H %cI")
    return Origin(public_address(remote), _last_commits(log))


def _last_commits(log: str) -> dict[str, Commit]:
    """The last commit of each file, from a log that begins with the newest."""
    commits: dict[str, Commit] = {}
    for part in log.split("\x01")[1:]:
        head, *names = part.replace("\n", "\0").split("\0")
        ident, _, date = head.partition(" ")
        commit = Commit(ident, date)
        for name in filter(None, names):
            commits.setdefault(name, commit)
    return commits


def _git(folder: Path, *words: str) -> str:
    """What git answers, "" when it cannot."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],  # noqa: S607
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def public_address(remote: str) -> str:
    """A remote as an address for readers, without user names and passwords; "" for a place on the owner's machine."""
    match = _REMOTE.fullmatch(remote)
    return f"https://{match[1]}/{match[2].lstrip('/')}" if match else ""


def found_in(origins: dict[str, Origin], path: str) -> tuple[Origin | None, str, Commit | None]:
    """(clone, the document's path in it, the commit that changed it last) of a document."""
    folder, slash, rest = path.partition("/")
    if slash and folder in origins:
        return origins[folder], rest, origins[folder].commits.get(rest)
    if "" in origins:
        return origins[""], path, origins[""].commits.get(path)
    return None, "", None
