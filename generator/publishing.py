"""public/ -> a branch of a git repository, as hosts that publish a branch (`gh-pages`) want it.

The branch holds the present site alone, without history: news sites are large, and yesterday's can be built again.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from generator.cloning import fault
from generator.errors import QingduError

#: Who the commits are by where git was told nothing.
_NOBODY = {"NAME": "Qingdu", "EMAIL": "qingdu@localhost"}


def publish(output: Path, remote: str, branch: str, base_url: str = "") -> str:
    """Push a built site to a branch, which then holds nothing else; returns the commit.

    ``remote`` is a remote of the repository round ``output``, or an address. Raises QingduError when there is no site,
    no repository, or the push is refused.
    """
    if not (output / "index.html").is_file():
        raise QingduError(str(output), "holds no site", "run `qingdu build` first")
    if remote.startswith("-") or branch.startswith("-"):
        raise QingduError("publish", "a remote or a branch cannot begin with -", "mend the option")
    with tempfile.TemporaryDirectory() as scratch:
        repository = Path(_git("rev-parse", "--absolute-git-dir", cwd=output).strip())
        place = {
            "GIT_DIR": str(repository),
            "GIT_WORK_TREE": str(output.absolute()),
            "GIT_INDEX_FILE": f"{scratch}/index",
        }
        _git("-c", "core.autocrlf=false", "add", "--all", "--force", "--", ".", ":!.*", cwd=output, env=place)
        for name, text in _extras(base_url).items():
            blob = _git("hash-object", "-w", "--stdin", cwd=output, env=place, feed=text).strip()
            _git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", cwd=output, env=place)
        tree = _git("write-tree", cwd=output, env=place).strip()
        commit = _git(
            "commit-tree", tree, "-m", "Publish the site", cwd=output, env={**place, **_author(output)}
        ).strip()
        _git(
            "push",
            "--quiet",
            "--force",
            remote,
            f"{commit}:refs/heads/{branch}",
            cwd=output,
            env={"GIT_DIR": str(repository)},
        )
    return commit


def _extras(base_url: str) -> dict[str, str]:
    """``.nojekyll`` (the host shall take the files as they are), and ``CNAME`` where the site has a name of its own."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    own = host and parts.path in ("", "/") and not host.endswith((".github.io", ".gitlab.io", ".pages.dev"))
    return {".nojekyll": "", **({"CNAME": f"{host}\n"} if own else {})}


def _author(folder: Path) -> dict[str, str]:
    env: dict[str, str] = {}
    for part, default in _NOBODY.items():
        told = _run("config", f"user.{part.lower()}", cwd=folder).stdout.strip()
        for role in ("AUTHOR", "COMMITTER"):
            env[f"GIT_{role}_{part}"] = os.environ.get(f"GIT_{role}_{part}") or told or default
    return env


def _git(*arguments: str, cwd: Path, env: dict[str, str] | None = None, feed: str = "") -> str:
    answer = _run(*arguments, cwd=cwd, env=env, feed=feed)
    if answer.returncode:
        raise QingduError("git", fault(answer.stderr), "publish from a clone of the repository that may be pushed to")
    return answer.stdout


def _run(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, feed: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments],  # noqa: S607 - the system's git
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=feed,
        capture_output=True,
        text=True,
        check=False,
    )
