"""What the set-up promises: commands, lock files, the shape of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import BROWSERS, ROOT

BUILD = (ROOT / "build.sh").read_text("utf-8")
PYPROJECT_TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
PYPROJECT = tomllib.loads(PYPROJECT_TEXT)
RUNTIME_LOCK, DEV_LOCK = ROOT / ".ci/requirements.txt", ROOT / ".ci/requirements-dev.txt"
COMMANDS = re.findall(r"(?m)^([a-z]+)\(\) \{ ## \S", BUILD)
RUNTIME = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
EXTRAS = [Requirement(line) for extra in PYPROJECT["project"]["optional-dependencies"].values() for line in extra]
SETUP, DEV = (
    [Requirement(line) for line in PYPROJECT["dependency-groups"][group] if isinstance(line, str)]
    for group in ("setup", "dev")
)
TOP_LEVEL = {
    *("generator", "templates", "static", "content", "tests"),
    *(
        "pyproject.toml",
        "build.sh",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "SECURITY.md",
        ".github",
        ".ci",
        ".gitignore",
    ),
}
# Spelled so that this file does not name them itself.
PATH_OF_ONE_MACHINE = re.compile(r"(?<![\w.~-])/(?:work|root|Users)/|bash[_]jobs")
REGISTRY = re.compile(r"py[p]i\.org|python[h]osted|registry\.npm[j]s|crates\.i[o]\b")


def repository_files() -> list[Path]:
    """List every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def locked(path: Path) -> dict[str, list[Version]]:
    """Read a lock file: the versions of each package (several where they depend on the Python)."""
    versions: dict[str, list[Version]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;]+)", path.read_text("utf-8")):
        versions.setdefault(canonicalize_name(name), []).append(Version(version))
    return versions


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the build script of a folder with a clean environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["bash", str(folder / "build.sh"), *arguments],
        env=kept | environment,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the build script reads into a folder that has no environment yet."""
    folder = tmp_path / "a folder" / "qingdu"
    (folder / ".ci").mkdir(parents=True)
    for name in ("build.sh", "pyproject.toml", ".ci/requirements.txt", ".ci/requirements-dev.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def fake_python(folder: Path, body: str) -> str:
    """Write a program that pretends to be some Python; returns its path."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\ncase "$*" in\n{body}\nesac\n', "utf-8")
    path.chmod(0o755)
    return str(path)


# --- build.sh ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["build.sh", ".ci/run"])
def test_scripts_parse_and_may_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True)


def test_ci_runs_the_build_script_and_nothing_else() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert script == '#!/usr/bin/env bash\nexec "$(dirname "${BASH_SOURCE[0]}")/../build.sh" ci\n'


def test_help_lists_every_command(checkout: Path) -> None:
    answer = run(checkout, "help")
    assert answer.returncode == 0
    assert re.findall(r"(?m)^  ([a-z]+) +\S", answer.stdout) == COMMANDS
    assert {"build", "serve", "test", "lint", "golden", "residue", "score", "bench", "ci"} <= {*COMMANDS}


def test_readme_names_only_commands_that_exist() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README yet")
    named = set(re.findall(r"\./build\.sh ([a-z]+)", readme.read_text("utf-8")))
    assert named <= set(COMMANDS)
    assert "test" in named


@pytest.mark.parametrize("command", ["nonsense", "say", "main", "--strict", ".*"])
def test_unknown_command_is_refused(checkout: Path, command: str) -> None:
    answer = run(checkout, command)
    assert answer.returncode == 1
    assert "./build.sh help lists them" in answer.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("command", ["residue", "bench"])
def test_measuring_is_left_out_without_the_articles(checkout: Path, command: str) -> None:
    answer = run(checkout, command)
    assert answer.returncode == 0
    assert answer.stderr == f"{command}: left out, it measures on ../shared and that is not here\n"


def test_no_python_is_said(checkout: Path) -> None:
    answer = run(checkout, "build", PYTHON="no-such-python")
    assert answer.returncode == 1
    assert "there is no no-such-python here" in answer.stderr
    assert "install Python 3.11 or newer, or name one: PYTHON=/path/to/python ./build.sh" in answer.stderr


def test_old_python_is_said(checkout: Path) -> None:
    old = fake_python(checkout, "-V) echo Python 3.9.2 ;;\n*version_info*) exit 1 ;;")
    answer = run(checkout, "build", PYTHON=old)
    assert answer.returncode == 1
    assert f"{old} is Python 3.9.2, and 3.11 or newer is needed" in answer.stderr


def test_missing_venv_module_is_said(checkout: Path) -> None:
    bare = fake_python(checkout, "-V) echo Python 3.11.2 ;;\n*ensurepip*) exit 1 ;;")
    answer = run(checkout, "build", PYTHON=bare)
    assert answer.returncode == 1
    assert f"{bare} has no venv module (on Debian and Ubuntu: apt-get install python3-venv)" in answer.stderr


def test_the_browser_is_looked_for_under_the_same_names() -> None:
    names = re.search(r"(?m)^BROWSERS=\((.*)\)$", BUILD)
    assert names is not None
    assert tuple(names[1].split()) == BROWSERS


# --- the lock files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEV_LOCK], ids=lambda path: path.name)
def test_lock_names_no_address_and_hashes_everything(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert not re.search(r"://|(?m:^--(?!hash))|(?m:^-\w)| @ |trusted-host|find-links", text)
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", text)[1:]
    assert len(entries) == sum(map(len, locked(lock).values()))
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [(RUNTIME_LOCK, RUNTIME + SETUP), (DEV_LOCK, RUNTIME + EXTRAS + SETUP + DEV)],
    ids=["runtime", "dev"],
)
def test_every_dependency_is_locked(lock: Path, wanted: list[Requirement]) -> None:
    versions = locked(lock)
    missing = [
        str(requirement)
        for requirement in wanted
        if not any(
            requirement.specifier.contains(version) for version in versions.get(canonicalize_name(requirement.name), [])
        )
    ]
    assert missing == [], "./build.sh lock makes the lock files again"


def test_the_lock_files_agree() -> None:
    dev = locked(DEV_LOCK)
    assert {name: dev.get(name) for name in locked(RUNTIME_LOCK)} == locked(RUNTIME_LOCK)


def test_every_dependency_and_every_exception_has_its_reason() -> None:
    dependencies = re.findall(r'(?m)^ +"[a-z][\w.-]*[>=<~].*$', PYPROJECT_TEXT)
    rules = re.findall(r'(?m)^ +"[A-Z]+\d*",.*$', PYPROJECT_TEXT)
    assert len(dependencies) == len(RUNTIME + EXTRAS + SETUP + DEV)
    assert len(rules) > len(PYPROJECT["tool"]["ruff"]["lint"]["ignore"])
    assert [line for line in dependencies + rules if not re.search(r",\s+# \S", line)] == []


# --- the repository ----------------------------------------------------------------------------------------


def test_top_level_is_as_agreed() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in repository_files()}
    assert names <= TOP_LEVEL


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in repository_files():
        text = path.read_bytes().decode("utf-8", "replace")
        if "\0" not in text:  # an image may hold any bytes
            hits = [*PATH_OF_ONE_MACHINE.findall(text), *REGISTRY.findall(text)]
            found += [(path.relative_to(ROOT).as_posix(), hit) for hit in hits]
    assert found == []
