"""What can go wrong on a machine: the last good site stays whole, and the next build equals a clean one."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from html import unescape
from pathlib import Path

import pytest

from generator import output
from generator.build import build
from generator.output import LEDGER, OutputError
from tests.conftest import ROOT

KILLS = 50


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Copy the sample site."""
    shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns(".qingdu"))
    return tmp_path / "content"


def files(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def clean(content: Path) -> dict[str, bytes]:
    """Build with nothing of earlier builds."""
    folder = content.parent / "clean"
    shutil.rmtree(folder, ignore_errors=True)
    build(content, folder, jobs=1, store=content.parent / "no-store", fresh=True)
    return files(folder)


def started(content: Path, public: Path, *options: str) -> subprocess.Popen[bytes]:
    """Begin a build in a process of its own."""
    command = [sys.executable, "-m", "generator.cli", "build", "-q", "--content", str(content), "--output", str(public)]
    return subprocess.Popen([*command, *options], cwd=ROOT, stderr=subprocess.PIPE)


def edit(content: Path, dice: random.Random) -> None:
    """Change a few documents, or the template of every page."""
    if dice.random() < 0.3:
        (content / "templates").mkdir(exist_ok=True)
        text = (ROOT / "templates/base.html").read_text("utf-8")
        (content / "templates/base.html").write_text(f"{text}<!-- {dice.random()} -->", "utf-8")
        return
    for file in dice.sample(sorted((content / "goodnews").rglob("*.md")), 2):
        file.write_text(
            file.read_text("utf-8").replace("的", dice.choice("的底地")) + "\n<p>又添了一句。</p>\n", "utf-8"
        )


def broken_links(site: dict[str, bytes]) -> list[str]:
    """Links of pages to files that the site does not have."""
    missing = []
    for path, data in site.items():
        if not path.endswith(".html"):
            continue
        for link in re.findall(r'(?:href|src)="([^"#?:]+)[^":]*"', data.decode("utf-8")):
            target = os.path.normpath(f"{os.path.dirname(path)}/{unescape(link)}").lstrip("/")  # noqa: PTH120
            if target not in site and path != "404.html":
                missing.append(f"{path} -> {target}")
    return missing


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_a_whole_site(content: Path, tmp_path: Path) -> None:
    dice = random.Random(2026)  # noqa: S311 - a dice, not a secret
    public = tmp_path / "public"
    start = time.monotonic()
    build(content, public, jobs=2)
    usual = 1.5 * (time.monotonic() - start)
    killed = 0
    for _ in range(KILLS):
        edit(content, dice)
        process = started(content, public, "--jobs", "2")
        time.sleep(dice.uniform(0.1, usual))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.communicate()
        site = files(public)
        assert LEDGER in site
        assert broken_links(site) == []
        assert all(
            data.rstrip().endswith((b"</html>", b"-->")) for path, data in site.items() if path.endswith(".html")
        )
    assert killed > KILLS // 3
    time.sleep(0.5)
    build(content, public, jobs=2)
    assert files(public) == clean(content)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".public")] == []


@pytest.mark.parametrize("after", [0, 5, 60])
def test_a_full_disk_is_said_and_costs_nothing(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    public = tmp_path / "public"
    build(content, public, jobs=1)
    before = files(public)
    edit(content, random.Random(3))  # noqa: S311 - a dice, not a secret
    (content / "site.toml").write_text(
        (content / "site.toml").read_text("utf-8").replace("Sampler", "Example"), "utf-8"
    )
    written, write = 0, output._write

    def full(target: str, data: bytes) -> None:
        nonlocal written
        written += 1
        if written > after:
            Path(target).write_bytes(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(target, data)

    monkeypatch.setattr(output, "_write", full)
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\); make room"):
        build(content, public, jobs=1)
    assert files(public) == before
    monkeypatch.undo()
    build(content, public, jobs=1)
    assert files(public) == clean(content)


def test_two_builds_at_once(content: Path, tmp_path: Path) -> None:
    public = tmp_path / "public"
    processes = [started(content, public, "--jobs", "1") for _ in range(2)]
    said = [process.communicate(timeout=300)[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert files(public) == clean(content)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".public")] == []


def test_a_site_that_cannot_be_written_is_said(content: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match=r"cannot be written \(.*\); choose another --output"):
        build(content, tmp_path / "file" / "public", jobs=1)


@pytest.mark.parametrize("shift", [-86_400 * 400, 86_400 * 400])
def test_a_clock_that_jumps_changes_nothing(content: Path, tmp_path: Path, shift: int) -> None:
    public = tmp_path / "public"
    build(content, public, jobs=1)
    now = time.time() + shift
    for file in sorted((content / "goodnews").rglob("*.md"))[:3]:
        file.write_text(file.read_text("utf-8") + "\n<p>又添了一句，时钟走到了别处。</p>\n", "utf-8")
        os.utime(file, (now, now))
    for file in (content / "goodnews").rglob("*.md"):
        os.utime(file, (now, now))
    build(content, public, jobs=1)
    assert files(public) == clean(content)


def test_an_edit_of_the_same_size_and_time_is_seen(content: Path, tmp_path: Path) -> None:
    public = tmp_path / "public"
    file = min((content / "goodnews").rglob("*.md"))
    stat = file.stat()
    build(content, public, jobs=1)
    text = file.read_text("utf-8")
    file.write_text(text.replace("的", "底"), "utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert file.stat().st_size == stat.st_size
    build(content, public, jobs=1)
    assert files(public) == clean(content)
