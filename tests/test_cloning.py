"""Mirrors fetched by git: only what is wanted, pinned when asked, nothing of the owner's touched."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from generator import cloning
from generator.cli import main
from generator.cloning import clone
from generator.errors import ConfigError, QingduError
from generator.models import Source
from generator.settings import load_settings
from tests.repositories import Mirror, git, post


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    """Make a mirror of four articles."""
    return Mirror(tmp_path / "mirror")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Make an empty content folder."""
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


def files(content: Path) -> list[str]:
    """List the files of the fetched folder."""
    folder = content / "news"
    return sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".gitignore"
    )


def test_documents_come_without_a_repository_round_them(mirror: Mirror, content: Path) -> None:
    mirror.push({"README.rst": "no document", "tool.py": "print()", "pages/map.webp": "picture"})
    cloned = clone(Source("news", mirror.address), content)
    assert (cloned.documents, cloned.trouble) == (4, "")
    assert files(content) == ["pages/1.md", "pages/2.md", "pages/3.md", "pages/4.md", "pages/map.webp"]
    assert sorted(file.name for file in content.iterdir()) == [".qingdu", "news"]
    clone(Source("news", mirror.address), content, pictures=False)
    assert "pages/map.webp" not in files(content)


def test_what_changes_and_goes_in_the_mirror_does_so_here(mirror: Mirror, content: Path) -> None:
    clone(Source("news", mirror.address), content)
    commit = mirror.push({"pages/1.md": None, "pages/2.md": post(2, "改过的标题"), "pages/deep/5.md": post(5)})
    assert clone(Source("news", mirror.address), content).commit == commit
    assert files(content) == ["pages/2.md", "pages/3.md", "pages/4.md", "pages/deep/5.md"]
    assert "改过的标题" in (content / "news/pages/2.md").read_text("utf-8")


def test_only_the_wanted_contents_are_fetched(mirror: Mirror, content: Path) -> None:
    mirror.push({"other/99.md": post(99)})
    clone(Source("news", mirror.address, folder="pages", limit=2), content)
    assert files(content) == ["pages/3.md", "pages/4.md"]
    store = content / cloning.FOLDER / "news.git"
    blob = git(mirror.work, "rev-parse", "HEAD:other/99.md")
    here = git(store, "rev-list", "--objects", "--all", "--missing=print")
    assert f"?{blob}" in here
    assert git(store, "rev-list", "--count", "refs/qingdu/wanted") == "1"


def test_numbers_and_dates_say_what_is_newest(mirror: Mirror, content: Path) -> None:
    mirror.push(
        {f"pages/{name}.md": post(7, name) for name in ("9", "10", "2026-10-09-a", "2026-10-10-b", "2025-12-31-c")}
    )
    clone(Source("news", mirror.address, limit=2), content)
    assert files(content) == ["pages/2026-10-09-a.md", "pages/2026-10-10-b.md"]


def test_a_pinned_commit_stays_and_needs_no_network(mirror: Mirror, content: Path) -> None:
    pinned = git(mirror.work, "rev-parse", "HEAD")
    mirror.push({"pages/5.md": post(5)})
    assert clone(Source("news", mirror.address, ref=pinned), content).commit == pinned
    mirror.bare.rename(mirror.bare.with_name("away.git"))
    assert clone(Source("news", mirror.address, ref=pinned), content).trouble == ""
    assert "pages/5.md" not in files(content)


@pytest.mark.parametrize("ref", ["v1", "HEAD", "refs/tags/v1"])
def test_tags_and_branches(ref: str, mirror: Mirror, content: Path) -> None:
    git(mirror.work, "tag", "v1")
    git(mirror.work, "push", "--quiet", "origin", "v1")
    assert clone(Source("news", mirror.address, ref=ref), content).documents == 4


def test_an_unreachable_mirror_leaves_what_was_fetched(
    mirror: Mirror, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloning, "_PAUSES", (0.0,))
    clone(Source("news", mirror.address), content)
    for file in (content / "news/pages").iterdir():
        file.unlink()  # as in a fresh checkout with the store restored from a cache
    mirror.bare.rename(mirror.bare.with_name("away.git"))
    assert "cannot be reached" in clone(Source("news", mirror.address), content).trouble
    assert len(files(content)) == 4
    other = clone(Source("other", mirror.address), content)
    assert (other.commit, other.documents) == ("", 0)
    assert re.search(r": cannot be reached \(.+\); look at the address and the network\Z", other.trouble)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Source("news", "", ref="no-such-branch"), "has no branch, tag or commit 'no-such-branch'"),
        (Source("news", "", ref="0" * 40), "has no branch, tag or commit"),
        (Source("news", "", folder="no/such/folder"), "has no files in 'no/such/folder'"),
    ],
)
def test_what_does_not_exist_is_said(source: Source, message: str, mirror: Mirror, content: Path) -> None:
    with pytest.raises(QingduError, match=message):
        clone(Source(source.name, mirror.address, source.ref, source.folder), content)


def test_the_owner_s_files_are_never_touched(mirror: Mirror, content: Path) -> None:
    (content / "news").mkdir()
    (content / "news/mine.md").write_text("mine", "utf-8")
    with pytest.raises(QingduError, match="holds files that no fetch put there"):
        clone(Source("news", mirror.address), content)
    assert files(content) == ["mine.md"]
    (content / "link").symlink_to(content / "news")
    with pytest.raises(QingduError, match="is not a folder"):
        clone(Source("link", mirror.address), content)


def test_links_submodules_and_settings_of_the_mirror_do_nothing(mirror: Mirror, content: Path) -> None:
    secret = content.parent / "secret.md"
    secret.write_text("secret", "utf-8")
    (mirror.work / "pages/link.md").symlink_to(secret)
    (mirror.work / "away").symlink_to(content.parent)
    mirror.push(
        {
            ".gitattributes": "*.md filter=evil text eol=crlf\n",
            ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = /etc\n',
        }
    )
    clone(Source("news", mirror.address), content)
    assert files(content) == ["pages/1.md", "pages/2.md", "pages/3.md", "pages/4.md"]
    assert b"\r" not in (content / "news/pages/1.md").read_bytes()


def test_the_command_fetches_and_the_build_shows(
    mirror: Mirror, content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "site.toml").write_text(
        f'images = "none"\n[[mirrors]]\ngit = "{mirror.address}"\nname = "news"\n', "utf-8"
    )
    assert main(["fetch", "--content", str(content)]) == 0
    assert re.match(r".*news: 4 documents at [0-9a-f]{12}\n", capsys.readouterr().out)
    assert main(["build", "--content", str(content), "--output", str(content.parent / "public"), "--jobs", "1"]) == 0
    assert "4 articles" in capsys.readouterr().out


def test_a_mirror_out_of_reach_keeps_no_other_from_being_fetched(
    mirror: Mirror, content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloning, "_PAUSES", (0.0,))
    block = '[[mirrors]]\ngit = "{}"\nname = "{}"\n'
    settings = content / "site.toml"
    away = mirror.bare.with_name("away.git")
    settings.write_text(
        'images = "none"\n' + block.format(away, "away") + block.format(mirror.address, "news"), "utf-8"
    )
    assert main(["fetch", "--content", str(content)]) == 1  # there is nothing of it: a site would lack its articles
    out, err = capsys.readouterr()
    assert re.fullmatch(r".*/news: 4 documents at [0-9a-f]{12}\npictures: .*\n", out)
    assert re.fullmatch(rf"warning: {away}: cannot be reached \(.+\); look at the address and the network\n", err)
    mirror.bare.rename(away)
    assert main(["fetch", "--content", str(content)]) == 0
    assert "warning" in capsys.readouterr().err
    assert main(["fetch", "--content", str(content), "--strict"]) == 1
    assert "; what was fetched before is used\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ('git = "--upload-pack=touch /tmp/x"', "is no address of a git repository"),
        ('git = "ext::sh -c id"', "is no address of a git repository"),
        ('git = ""', "is no address of a git repository"),
        ('git = "https://a.example/x.git"\nref = "--output=x"', "is no branch, tag or commit"),
        ('git = "https://a.example/x.git"\nref = "a b"', "is no branch, tag or commit"),
        ('git = "https://a.example/x.git"\nfolder = "../x"', "is no folder of the mirror"),
        ('git = "https://a.example/x.git"\nname = "templates"', "cannot be a folder of the content"),
        ('git = "https://a.example/x.git"\nname = ".qingdu"', "cannot be a folder of the content"),
        ('git = "https://a.example/x.git"\nname = "a/b"', "cannot be a folder of the content"),
        ('git = "https://a.example/x.git"\nlimit = 0', "0 is out of range"),
        ('git = "https://a.example/x.git"\nbranch = "main"', "unknown key 'branch'"),
        (
            'git = "https://a.example/x.git"\n[[mirrors]]\ngit = "https://b.example/x"',
            "a second mirror in the folder 'x'",
        ),
    ],
)
def test_wrong_settings(block: str, message: str, content: Path) -> None:
    (content / "site.toml").write_text(f"[[mirrors]]\n{block}\n", "utf-8")
    with pytest.raises(ConfigError, match=message):
        load_settings(content)


@pytest.mark.parametrize(
    "git_address",
    ["https://a.example/b/news.git", "git@a.example:b/news.git", "ssh://a.example/news", "/mirrors/news", "./news"],
)
def test_the_folder_is_named_after_the_address(git_address: str, content: Path) -> None:
    (content / "site.toml").write_text(f'[[mirrors]]\ngit = "{git_address}"\n', "utf-8")
    assert load_settings(content).sources == (Source("news", git_address),)


def test_git_is_needed(mirror: Mirror, content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PATH", str(content))
    with pytest.raises(QingduError, match="git: is not installed; install git to fetch mirrors"):
        clone(Source("news", mirror.address), content)
