"""Where documents come from: clones, commits, addresses without secrets."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator import provenance

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not here")


def git(folder: Path, *words: str) -> str:
    """Run git with a name of its own and a fixed date."""
    environment = {
        "PATH": __import__("os").environ["PATH"],
        "HOME": str(folder),
        "GIT_AUTHOR_DATE": "2026-03-09T08:00:00+08:00",
        "GIT_COMMITTER_DATE": "2026-03-09T08:00:00+08:00",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    named = ["git", "-c", "user.name=m", "-c", "user.email=m@mirror.example", "-C", str(folder), *words]
    return subprocess.run(named, check=True, capture_output=True, text=True, env=environment).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A content folder with one mirror that is a clone of two commits, and one that is none."""
    mirror = tmp_path / "mirror"
    (mirror / "页").mkdir(parents=True)
    (tmp_path / "loose").mkdir()
    (mirror / "页/灯 塔.md").write_text("灯塔", "utf-8")
    git(mirror, "init", "-q")
    git(mirror, "remote", "add", "origin", "https://reader:secret@git.example.org/paper/mirror.git")
    git(mirror, "add", ".")
    git(mirror, "commit", "-q", "-m", "one")
    (mirror / "b.md").write_text("渡船", "utf-8")
    git(mirror, "add", ".")
    git(mirror, "commit", "-q", "-m", "two")
    return tmp_path


@needs_git
def test_each_document_has_its_last_commit(clone: Path) -> None:
    found = provenance.origins(clone, ["mirror/页/灯 塔.md", "mirror/b.md", "loose/c.md"])
    assert list(found) == ["mirror"]
    origin, place, commit = provenance.found_in(found, "mirror/页/灯 塔.md")
    assert origin
    assert commit
    assert (origin.repository, place) == ("https://git.example.org/paper/mirror", "页/灯 塔.md")
    assert commit.id == git(clone / "mirror", "rev-parse", "HEAD~1")
    assert commit.date == "2026-03-09T08:00:00+08:00"
    assert provenance.found_in(found, "mirror/b.md")[2] != commit
    assert provenance.found_in(found, "loose/c.md") == (None, "", None)


@needs_git
def test_a_document_that_git_does_not_know_has_no_commit(clone: Path) -> None:
    found = provenance.origins(clone, ["mirror/new.md"])
    assert provenance.found_in(found, "mirror/new.md")[2] is None


def test_a_folder_inside_of_someone_elses_clone_is_no_clone(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "content/mirror").mkdir(parents=True)
    assert provenance.origins(tmp_path / "content", ["mirror/a.md"]) == {}


def test_without_git_nothing_is_known(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert provenance.origins(clone, ["mirror/b.md"]) == {}


def test_a_broken_clone_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror/.git").write_text("nonsense", "utf-8")
    found = provenance.origins(tmp_path, ["mirror/a.md"])
    assert provenance.found_in(found, "mirror/a.md")[2] is None


@pytest.mark.parametrize(
    ("remote", "shown"),
    [
        ("https://git.example.org/paper/mirror.git", "https://git.example.org/paper/mirror"),
        ("https://u:p@git.example.org/paper/mirror", "https://git.example.org/paper/mirror"),
        ("git@git.example.org:paper/mirror.git", "https://git.example.org/paper/mirror"),
        ("ssh://git@git.example.org:22/paper/mirror.git", "https://git.example.org/paper/mirror"),
        ("/home/someone/mirror", ""),
        ("file:///home/someone/mirror", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_remotes_are_shown_without_secrets(remote: str, shown: str) -> None:
    assert provenance.public_address(remote) == shown
