"""Git repositories of invented articles, made on this machine: mirrors for the tests of fetching and publishing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

TEXT = "海风从堤上吹过来，孩子们收起风筝，沿着石阶往家里走，身后的灯塔亮了起来，像有人把一天轻轻合上。" * 4
_PLAIN = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{
        f"GIT_{role}_{part}": "somebody@island.example"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    },
}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; gives what it says."""
    answer = subprocess.run(["git", *arguments], cwd=folder, env=_PLAIN, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def post(number: int, title: str = "") -> str:
    """Write an article as Jekyll mirrors keep them."""
    return (
        f"---\nlayout: post\ntitle: {title or f'第{number}夜'}\ndate: 2026-10-{number % 28 + 1:02} 08:00:00\n"
        f"from: https://island.example/news/{number}.html\ncategories: [海岛日报]\n---\n<p>{number}：{TEXT}</p>\n"
    )


class Mirror:
    """A bare repository that serves as a mirror, with a clone in which it is changed."""

    def __init__(self, root: Path, posts: int = 4) -> None:
        self.work, self.bare = root / "work", root / "island-mirror.git"
        self.work.mkdir(parents=True)
        git(self.work, "init", "--quiet", "--initial-branch=main")
        self.commit({f"pages/{number}.md": post(number) for number in range(1, posts + 1)})
        git(root, "clone", "--quiet", "--bare", str(self.work), str(self.bare))
        git(self.bare, "config", "uploadpack.allowFilter", "true")
        git(self.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        git(self.work, "remote", "add", "origin", str(self.bare))

    @property
    def address(self) -> str:
        """Where it is fetched from."""
        return self.bare.as_uri()

    def commit(self, files: dict[str, str | None]) -> str:
        """Write (or with None delete) files and commit; gives the commit."""
        for name, text in files.items():
            file = self.work / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink() if text is None else file.write_text(text, "utf-8")
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--message", "Change")
        return git(self.work, "rev-parse", "HEAD")

    def push(self, files: dict[str, str | None]) -> str:
        """Commit and publish."""
        commit = self.commit(files)
        git(self.work, "push", "--quiet", "origin", "main")
        return commit
