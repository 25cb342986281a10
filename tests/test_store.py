"""What earlier builds worked out never shows: a build with it equals a clean one, whatever happened in between."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build import build
from generator.models import Report
from generator.store import open_store
from tests.conftest import ROOT

STORE = ".qingdu/store.sqlite"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Copy a small site."""
    ignored = shutil.ignore_patterns(".qingdu")
    shutil.copytree(ROOT / "tests/sites/harbour/content", tmp_path / "content", ignore=ignored)
    return tmp_path / "content"


def files(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def again(content: Path) -> Report:
    """Build with all that was worked out before, and see that a clean build gives the same."""
    public = content.parent / "public"
    report = build(content, public, jobs=1)
    clean = content.parent / "clean"
    shutil.rmtree(clean, ignore_errors=True)
    whole = build(content, clean, jobs=1, store=content.parent / "no-store")
    shutil.rmtree(content.parent / "no-store")
    assert files(public) == files(clean)
    assert (report.left_out, report.warnings) == (whole.left_out, whole.warnings)
    return report


def documents(content: Path) -> list[Path]:
    """Give the documents of a site."""
    return sorted(
        file for file in content.rglob("*") if file.suffix in (".md", ".html") and "templates" not in file.parts
    )


def test_nothing_is_done_twice(content: Path) -> None:
    first, second = again(content), again(content)
    assert first.written > 40
    assert second.written == 0


def test_a_touched_file_is_the_same_file(content: Path) -> None:
    again(content)
    documents(content)[0].touch()
    assert again(content).written == 0


def add(content: Path, dice: random.Random) -> None:
    """A new document, or one more copy of one."""
    one = dice.choice(documents(content))
    text = one.read_text("utf-8")
    new = text.replace("的", "底") if dice.random() < 0.7 else text
    one.with_name(f"new{dice.randrange(1000)}{one.suffix}").write_text(new, "utf-8")


def add_to_a_part(content: Path, dice: random.Random) -> None:
    """The first article of a part of a topic, from a publisher that is there already."""
    (content / "posts/part.md").write_text(
        f"---\ntitle: 美国的渡轮第{dice.randrange(9)}次靠岸\ndate: 2026-03-05\ncategory: 美国\n"
        "url: https://courier.example/us/1.html\n---\n<p>船长说，他只是想看看对岸的灯还亮不亮。岸上的人说灯一直亮着，只是雾太浓，谁也看不见谁，钟声倒是听得清楚。</p>\n",
        "utf-8",
    )


def edit_body(content: Path, dice: random.Random) -> None:
    """A sentence more."""
    one = dice.choice(documents(content))
    one.write_text(
        one.read_text("utf-8") + f"\n<p>后来补上的第{dice.randrange(1000)}句话，说的还是同一件事。</p>\n", "utf-8"
    )


def edit_words(content: Path, dice: random.Random) -> None:
    """Other words everywhere, in the title too."""
    one = dice.choice(documents(content))
    one.write_text(one.read_text("utf-8").replace("港", "湾").replace("日", "曰", dice.randrange(3)), "utf-8")


def rename(content: Path, dice: random.Random) -> None:
    """Another file name."""
    one = dice.choice(documents(content))
    one.rename(one.with_name(f"renamed{dice.randrange(1000)}{one.suffix}"))


def delete(content: Path, dice: random.Random) -> None:
    """One document less."""
    dice.choice(documents(content)).unlink()


def touch(content: Path, dice: random.Random) -> None:
    """Another time."""
    dice.choice(documents(content)).touch()


def edit_publisher(content: Path, dice: random.Random) -> None:
    """A publisher's rule changes."""
    file = dice.choice(sorted((content / "publishers").glob("*.toml")))
    text = "".join(line for line in file.read_text("utf-8").splitlines(True) if not line.startswith("lines"))
    file.write_text(f'lines = ["^{dice.choice("云岛港灯")}"]\n{text}', "utf-8")


def edit_template(content: Path, dice: random.Random) -> None:
    """A template of the site's own."""
    (content / "templates").mkdir(exist_ok=True)
    text = (ROOT / "templates/topics.html").read_text("utf-8")
    (content / "templates/topics.html").write_text(f"{text}{{# {dice.random()} #}}", "utf-8")


def edit_terms(content: Path, dice: random.Random) -> None:
    """A table of terms of the site's own."""
    (content / "terms").mkdir(exist_ok=True)
    (content / "terms/own.tsv").write_text(f"云汐\t雲{dice.choice('汐夕錫')}\n", "utf-8")


def edit_settings(content: Path, dice: random.Random) -> None:
    """Another number of entries on a page."""
    file = content / "site.toml"
    text = "".join(line for line in file.read_text("utf-8").splitlines(True) if not line.startswith("page_size"))
    file.write_text(f"page_size = {dice.randrange(5, 9)}\n{text}", "utf-8")


def put_picture(content: Path, dice: random.Random) -> None:
    """A picture of the content folder changes, or goes."""
    pictures = sorted(file for file in content.rglob("*") if file.suffix in (".png", ".jpg", ".webp"))
    if pictures:
        one = dice.choice(pictures)
        one.unlink() if dice.random() < 0.5 else one.write_bytes(one.read_bytes() + b"\0")


CHANGES: tuple[Callable[[Path, random.Random], None], ...] = (
    *(add, add_to_a_part, edit_body, edit_words, rename, delete, touch),
    *(edit_publisher, edit_template, edit_terms, edit_settings, put_picture),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_build_after_a_change_equals_a_clean_one(
    content: Path, change: Callable[[Path, random.Random], None]
) -> None:
    again(content)
    change(content, random.Random(change.__name__))  # noqa: S311 - a dice, not a secret
    again(content)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_build_after_any_changes_equals_a_clean_one(content: Path, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a dice, not a secret
    again(content)
    kept = tmp_path / "revert"
    shutil.copytree(content, kept, ignore=shutil.ignore_patterns(".qingdu"))
    for _ in range(5):
        for change in dice.choices(CHANGES, k=dice.randrange(1, 4)):
            change(content, dice)
        again(content)
    for folder in content.iterdir():
        if folder.is_dir() and folder.name != ".qingdu":
            shutil.rmtree(folder)
    shutil.copytree(kept, content, dirs_exist_ok=True)
    again(content)


def scribble(file: Path) -> None:
    """Damage the middle of the file."""
    data = bytearray(file.read_bytes())
    for place in range(len(data) // 4, len(data), 997):
        data[place] ^= 0x55
    file.write_bytes(bytes(data))


def cut(file: Path) -> None:
    """Only the first half is there."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def replace_by_text(file: Path) -> None:
    """It is no database."""
    file.write_text("this is a letter to the editor", "utf-8")


def replace_by_another(file: Path) -> None:
    """It is somebody else's database."""
    file.unlink()
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE documents (id INTEGER)")
    other.close()


def empty_records(file: Path) -> None:
    """Every record is damaged, and the file is whole."""
    with sqlite3.connect(file) as other:
        other.execute("UPDATE results SET record = x'00', body = x'0102'")
    other.close()


def lose_records(file: Path) -> None:
    """Some records are gone."""
    with sqlite3.connect(file) as other:
        other.execute("DELETE FROM results WHERE key > '8'")
    other.close()


@pytest.mark.parametrize(
    "damage",
    [scribble, cut, replace_by_text, replace_by_another, empty_records, lose_records],
    ids=lambda d: d.__name__,
)
def test_a_damaged_store_is_made_anew(
    content: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    again(content)
    damage(content / STORE)
    edit_body(content, random.Random(1))  # noqa: S311 - a dice, not a secret
    capsys.readouterr()
    again(content)
    said = capsys.readouterr().err
    assert damage is lose_records or "made anew" in said
    assert said.count("\n") <= 1
    again(content)
    assert capsys.readouterr().err == ""


def test_a_store_that_another_build_uses_is_left_alone(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again(content)
    other = open_store(content / ".qingdu")
    edit_body(content, random.Random(1))  # noqa: S311 - a dice, not a secret
    again(content)
    assert "another build is using the store; this one works without it" in capsys.readouterr().err
    other.close()
    again(content)
    assert capsys.readouterr().err == ""


def test_a_content_folder_that_cannot_be_written_is_built_all_the_same(content: Path) -> None:
    (content / ".qingdu").write_text("a file where the store would be")
    assert again(content).articles > 3
