"""A site that stands as it was built is told by looks alone; whatever may have changed is built."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import build, cli, standing
from generator.output import sizes
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a small site, and wait until the clock of the file system has gone on."""
    place = tmp_path_factory.mktemp("standing")
    shutil.copytree(ROOT / "tests/sites/harbour/content", place / "content", ignore=shutil.ignore_patterns(".qingdu"))
    settle()
    assert command(place) == 0
    return place


def settle() -> None:
    """Wait so long that a file cannot have changed in the same tick of the clock."""
    time.sleep(0.08)


def command(place: Path, *options: str) -> int:
    """Build as people do."""
    return cli.main(["build", "--content", str(place / "content"), "--output", str(place / "public"), *options])


def stands(place: Path, base_url: str | None = None) -> bool:
    """Whether nothing would be built."""
    content, output = place / "content", place / "public"
    wanted = standing.asked(content, output, content / ".qingdu", base_url)
    return standing.report(wanted, lambda: sizes(str(output))) is not None


def test_nothing_is_built_where_nothing_changed(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(*args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(build, "build", never)
    assert command(site) == 0
    said = capsys.readouterr()
    assert "0 files written" in said.out
    assert "left out" in said.err


def test_who_asks_for_all_gets_all(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settle()
    assert command(site, "--fresh") == 0
    assert " 0 files written" not in capsys.readouterr().out
    assert stands(site)


def edited(name: str) -> Callable[[Path], None]:
    """Give what writes a file of the content folder."""

    def edit(place: Path) -> None:
        file = place / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as open_file:
            open_file.write("\n")

    return edit


def page_of(place: Path) -> Path:
    """Give a page of the built site."""
    return min((place / "public").rglob("articles/*.html"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a document": lambda place: edited(min((place / "content").rglob("*.md")).relative_to(place / "content").as_posix())(place),
    "a new document": edited("posts/new.md"),
    "a document is gone": lambda place: min((place / "content").rglob("*.md")).unlink(),
    "the settings": edited("site.toml"),
    "a template": edited("templates/_bar.html"),
    "a style": edited("static/own.css"),
    "a rule": edited("publishers/own.toml"),
    "a term": edited("terms/own.tsv"),
    "a copy of a picture": edited(".qingdu/pictures/index.json"),
    "what was learnt": edited(".qingdu/boilerplate.json"),
    "a page is gone": lambda place: page_of(place).unlink(),
    "a page is cut": lambda place: page_of(place).write_bytes(b""),
    "a page of somebody else": lambda place: (place / "public/CNAME").write_text("news.example\n"),
    "a build was interrupted": lambda place: (place / ".public.changes").mkdir(),
    "the note is damaged": lambda place: (place / "content/.qingdu/standing.json").write_text("{"),
    "a clone elsewhere": lambda place: (place / "content/.git").write_text("gitdir: /elsewhere\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_built(name: str, site: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(site, place)
    settle()
    assert command(place, "--quiet") == 0
    settle()
    assert stands(place)
    CHANGES[name](place)
    settle()
    assert not stands(place)


def test_another_address_is_another_site(site: Path) -> None:
    assert stands(site)
    assert not stands(site, "https://news.example/")


def test_a_commit_is_a_change(site: Path, tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
        subprocess.run(["git", *who, *words], cwd=place / "content", check=True, capture_output=True)

    place = tmp_path / "place"
    shutil.copytree(site, place)
    git("init", "--quiet")
    git("add", ".")
    settle()
    assert command(place, "--quiet") == 0
    settle()
    assert stands(place)
    git("commit", "--quiet", "-m", "a")
    settle()
    assert not stands(place)


def test_a_file_just_written_tells_nothing(site: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    shutil.copytree(site, place)
    edited("site.toml")(place)
    content, output = place / "content", place / "public"
    assert standing.asked(content, output, content / ".qingdu", None).stamp == ""
    settle()
    assert standing.asked(content, output, content / ".qingdu", None).stamp
