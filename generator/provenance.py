"""Where the documents of a content folder come from: the git clone that each mirror's folder is, where it is one.

No page says when it was built: the same content gives the same bytes. The date of the commit says how new a copy is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from generator.models import Origin

#: Seconds for one question to git.
PATIENCE = 5


def origins(content: Path, paths: Iterable[str]) -> dict[str, Origin]:
    """The clone of each first folder of the documents' paths ("" for documents at the top); those without are left out.

    Without git, or in a folder that is no clone, nothing is known and nothing fails.
    """
    if not shutil.which("git"):
        return {}
    folders = sorted({path.partition("/")[0] if "/" in path else "" for path in paths})
    found = {folder: _origin(content / folder) for folder in folders if (content / folder).is_dir()}
    return {folder: origin for folder, origin in found.items() if origin}


def _origin(folder: Path) -> Origin | None:
    """The clone in which a folder stands. A file that git does not know there (a scratch copy) has no commit."""
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        return None
    if not _git(folder, "ls-tree", "--name-only", "HEAD", "."):
        return None
    return Origin(
        repository=public_address(_git(folder, "config", "--get", "remote.origin.url")),
        commit=commit,
        committed=_git(folder, "show", "--no-show-signature", "-s", "--format=%cI", "HEAD"),
        prefix=_git(folder, "rev-parse", "--show-prefix"),
    )


def _git(folder: Path, *words: str) -> str:
    """What git answers, "" when it cannot."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],  # noqa: S607
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def public_address(remote: str) -> str:
    """A remote as an address for readers, without user names and passwords; "" for a place on the owner's machine."""
    match = re.fullmatch(
        r"(?:(?:https?|ssh|git)://)?(?:[^@/\s]*@)?([\w.-]+\.[a-z]{2,})(?::\d+)?[:/]+([\w./~-]+?)(?:\.git)?/?", remote
    )
    return f"https://{match[1]}/{match[2].lstrip('/')}" if match else ""
