"""The folder of the site: swapped whole, nothing outside of it, nothing of others lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import output
from generator.output import LEDGER, Output, OutputError, Sizes, look_up, sizes, write


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Make a content folder."""
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


@pytest.fixture
def public(tmp_path: Path, content: Path) -> Path:
    """Build a first site of two pages."""
    folder = tmp_path / "public"
    publish(Output(folder, content), {"index.html": "one", "en/about.html": "about"})
    return folder


def publish(output: Output, pages: dict[str, str], unchanged: tuple[str, ...] = ()) -> None:
    """Stage pages and put them in place; those that did not change stand there already."""
    try:
        output.open()
        made = output.made()
        for path, text in pages.items():
            write(output.staging, path, text.encode())
        all_files = {path: (len(text.encode()), "key") for path, text in pages.items()}
        output.commit({**all_files, **{path: made[path] for path in unchanged}}, set(pages))
    finally:
        output.close()


def staged(output: Output) -> Path:
    """Open a site, and give the folder to write into."""
    output.open()
    return output.staging


def files(folder: Path) -> dict[str, str]:
    """Give every file of a folder with its text."""
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()
    }


def test_a_site_and_the_list_of_its_files(public: Path) -> None:
    made = files(public)
    assert json.loads(made.pop(LEDGER)) == {"files": {"en/about.html": [5, "key"], "index.html": [3, "key"]}}
    assert made == {"index.html": "one", "en/about.html": "about"}
    assert [path.name for path in public.parent.iterdir() if path.name.startswith(".")] == []


def test_pages_that_are_no_longer_made_go(public: Path, content: Path) -> None:
    publish(Output(public, content), {"index.html": "two"})
    made = files(public)
    del made[LEDGER]
    assert made == {"index.html": "two"}


def test_the_last_site_stands_until_the_swap(public: Path, content: Path) -> None:
    output = Output(public, content)
    write(staged(output), "index.html", b"half")
    assert files(public)["index.html"] == "one"
    output.close()
    assert files(public)["index.html"] == "one"
    assert [path.name for path in public.parent.iterdir() if path.name.startswith(".")] == []


def test_files_that_others_put_there_are_carried_over(public: Path, content: Path) -> None:
    (public / "en/feed").mkdir()
    (public / "en/feed/own.xml").write_text("mine")
    (public / "CNAME").write_text("example.org")
    (public / "link").symlink_to("CNAME")
    for _ in range(2):
        publish(Output(public, content), {"index.html": "two"})
    assert files(public)["en/feed/own.xml"] == "mine"
    assert files(public)["CNAME"] == "example.org"
    assert (public / "link").is_symlink()
    assert json.loads(files(public)[LEDGER]) == {"files": {"index.html": [3, "key"]}}


def test_a_page_never_writes_over_somebody_elses_file(public: Path, content: Path) -> None:
    (public / "own.html").write_text("mine")
    with pytest.raises(
        OutputError, match=r"own\.html: the site has a page where somebody else put a file; move that file away"
    ):
        publish(Output(public, content), {"own.html": "ours"})
    assert files(public)["own.html"] == "mine"
    assert files(public)["index.html"] == "one"


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, content: Path) -> None:
    folder = tmp_path / "precious"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(
        OutputError, match="holds files that no build of ours made; choose another --output, or empty it yourself"
    ):
        Output(folder, content).open()
    assert files(folder) == {"letter.txt": "mine"}


def test_an_empty_folder_may_be_taken(tmp_path: Path, content: Path) -> None:
    (tmp_path / "public").mkdir()
    publish(Output(tmp_path / "public", content), {"index.html": "one"})
    assert files(tmp_path / "public")["index.html"] == "one"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, content: Path) -> None:
    (tmp_path / "public").write_text("mine")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        Output(tmp_path / "public", content).open()


@pytest.mark.parametrize("ledger", ["", "{", "[]", '{"files": 7}', '{"other": []}'])
def test_a_damaged_list_is_not_guessed_at(public: Path, content: Path, ledger: str) -> None:
    (public / LEDGER).write_text(ledger)
    with pytest.raises(OutputError, match="is damaged; remove the folder yourself and build again"):
        Output(public, content).open()
    assert files(public)["index.html"] == "one"


def test_an_interrupted_swap_is_healed(public: Path, content: Path) -> None:
    output = Output(public, content)
    public.rename(output.old)
    output.staging.mkdir()
    (output.staging / "half.html").write_text("half")
    again = Output(public, content)
    assert files(staged(again)) == {}
    assert files(public)["index.html"] == "one"
    again.close()
    publish(Output(public, content), {"index.html": "two"})
    assert files(public)["index.html"] == "two"
    assert not output.old.exists()
    assert not output.staging.exists()


@pytest.mark.parametrize("place", ["content", "content/public", "."])
def test_the_content_is_never_written_over(tmp_path: Path, content: Path, place: str) -> None:
    (content / "a.md").write_text("text")
    with pytest.raises(OutputError, match="the site would be written over or into the content"):
        Output(tmp_path / place, content)
    assert files(content) == {"a.md": "text"}


def test_a_link_to_the_content_does_not_hide_it(tmp_path: Path, content: Path) -> None:
    (tmp_path / "public").symlink_to(content, target_is_directory=True)
    with pytest.raises(OutputError):
        Output(tmp_path / "public", content)


@pytest.mark.parametrize("path", ["../out.html", "en/../../out.html", "/out.html"])
def test_no_page_is_written_outside(tmp_path: Path, path: str) -> None:
    staging = tmp_path / "staging"
    staging.mkdir()
    with pytest.raises(OutputError, match="leads out of the site"):
        write(staging, path, b"x")
    assert files(tmp_path) == {}


def test_only_what_changed_is_touched(public: Path, content: Path) -> None:
    before = (public / "index.html").stat().st_ino
    publish(Output(public, content), {"en/new.html": "new"}, unchanged=("index.html",))
    made = files(public)
    assert json.loads(made.pop(LEDGER)) == {"files": {"en/new.html": [3, "key"], "index.html": [3, "key"]}}
    assert made == {"index.html": "one", "en/new.html": "new"}
    assert (public / "index.html").stat().st_ino == before
    assert [path.name for path in public.parent.iterdir() if path.name.startswith(".")] == []


def test_folders_that_hold_nothing_any_more_go(public: Path, content: Path) -> None:
    publish(Output(public, content), {}, unchanged=("index.html",))
    assert not (public / "en").exists()


def test_a_change_never_writes_over_somebody_elses_file(public: Path, content: Path) -> None:
    (public / "own.html").write_text("mine")
    with pytest.raises(OutputError, match=r"own\.html: the site has a page where somebody else put a file"):
        publish(Output(public, content), {"own.html": "ours"}, unchanged=("index.html",))
    assert files(public)["own.html"] == "mine"


@pytest.mark.parametrize("after", range(4))
def test_a_change_that_was_interrupted_is_finished(
    public: Path, content: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    replace, count = Path.replace, 0

    def failing(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count > after:
            raise KeyboardInterrupt
        return replace(self, target)

    pages = {"index.html": "two", "en/new.html": "new", "zz/deep/er.html": "deep"}
    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(KeyboardInterrupt):
        publish(Output(public, content), pages, unchanged=("en/about.html",))
    monkeypatch.undo()
    publish(Output(public, content), {"index.html": "three"}, unchanged=("en/new.html", "zz/deep/er.html"))
    made = files(public)
    assert len(json.loads(made.pop(LEDGER))["files"]) == len(made)
    assert made == {**pages, "index.html": "three"}


def test_a_file_that_was_tampered_with_is_not_counted_as_made(public: Path, content: Path) -> None:
    (public / "index.html").write_text("cut short by a full disk")
    (public / "en/about.html").unlink()
    output = Output(public, content)
    output.open()
    assert output.made() == {}
    output.close()


def test_a_large_site_is_looked_up_by_others(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (public / "en/feed").mkdir()
    (public / "en/feed/own.xml").write_text("mine")
    (public / "link").symlink_to("en")
    small = look_up(str(public))()
    asked: list[object] = []

    def noted(question: Callable[[], Sizes]) -> Callable[[], Sizes]:
        asked.append(question)
        return question

    monkeypatch.setattr(output, "_LARGE", 0)
    monkeypatch.setattr(output, "meanwhile", noted)
    assert look_up(str(public))() == small == sizes(str(public))
    assert len(asked) == 1
    assert [path for path, _ in small] == [LEDGER, "en/about.html", "en/feed/own.xml", "index.html", "link"]


def test_what_stands_after_a_build_is_known_without_looking(public: Path, content: Path) -> None:
    (public / "CNAME").write_text("example.org")
    for pages, unchanged in (
        ({"index.html": "two!", "zz/new.html": "new"}, ()),
        ({"index.html": "three"}, ("zz/new.html",)),
        ({}, ()),
    ):
        site = Output(public, content)
        publish(site, pages, unchanged)
        assert site.standing() == sizes(str(public))
