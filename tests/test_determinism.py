"""A build is a function of its content: nothing of the machine, the moment or the number of processes gets in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import ROOT

#: What must not matter: name -> (environment, options, another folder for the content).
EVERYTHING = "everything at once"
VARIANTS: dict[str, tuple[dict[str, str], list[str], str]] = {
    EVERYTHING: (
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LANG": "C", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        ["--jobs", "2"],
        "somewhere else/ein Ordner",
    ),
    "hash seed": ({"PYTHONHASHSEED": "12"}, ["--jobs", "1"], ""),
    "time zone and language": (
        {"TZ": "America/St_Johns", "LANGUAGE": "zh_TW:zh", "LANG": "de_DE.UTF-8"},
        ["--jobs", "1"],
        "",
    ),
    "processes": ({}, ["--jobs", "2"], ""),
    "folder of the content": ({}, ["--jobs", "1"], "elsewhere"),
}


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder by its path, with a digest of its bytes."""
    return {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def build(content: Path, output: Path, options: list[str], **changed: str) -> dict[str, str]:
    """Build in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ"))}
    subprocess.run(
        [
            sys.executable,
            "-m",
            "generator.cli",
            "build",
            "-q",
            "--content",
            str(content),
            "--output",
            str(output),
            *options,
        ],
        cwd=ROOT,
        env={**environment, **changed},
        check=True,
        capture_output=True,
    )
    return digests(output)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build the demo once, plainly."""
    made = build(
        ROOT / "content", tmp_path_factory.mktemp("reference") / "public", ["--jobs", "1"], PYTHONHASHSEED="0", TZ="UTC"
    )
    assert len(made) > 150
    return made


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == EVERYTHING else [pytest.mark.slow]) for name in VARIANTS]
)
def test_builds_are_the_same_byte_for_byte(name: str, reference: dict[str, str], tmp_path: Path) -> None:
    environment, options, elsewhere = VARIANTS[name]
    content = ROOT / "content"
    if elsewhere:
        content = tmp_path / elsewhere
        shutil.copytree(ROOT / "content", content)
    made = build(content, tmp_path / "out/site", options, **environment)
    assert sorted(made) == sorted(reference)
    assert {path for path in made if made[path] != reference[path]} == set()


@pytest.mark.slow
def test_the_times_of_files_do_not_matter(reference: dict[str, str], tmp_path: Path) -> None:
    content = tmp_path / "content"
    for file in sorted((path for path in (ROOT / "content").rglob("*") if path.is_file()), reverse=True):
        copy = content / file.relative_to(ROOT / "content")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        os.utime(copy, (1_000_000_000, 1_000_000_000))
    assert build(content, tmp_path / "public", ["--jobs", "1"], PYTHONHASHSEED="5") == reference


@pytest.mark.slow
def test_nothing_of_the_machine_is_in_the_site(tmp_path: Path) -> None:
    build(ROOT / "content", tmp_path / "public", ["--jobs", "1"])
    for file in (
        path for path in (tmp_path / "public").rglob("*") if path.suffix in (".html", ".xml", ".txt", ".json")
    ):
        text = file.read_text("utf-8")
        assert str(ROOT) not in text, file
        assert str(tmp_path) not in text, file
