"""Reading files: which are documents, and what their bytes say."""

from __future__ import annotations

import codecs
import os
from hashlib import sha256
from pathlib import Path

import pytest

from generator import documents
from generator.documents import Found, decode, find, read
from generator.limits import DEFAULTS
from generator.models import Document, LeftOut

SIMPLIFIED = "灯塔在雾里亮着，渔民们说他们看得见回家的路。这是一个小镇的故事。"
TRADITIONAL = "燈塔在霧裡亮著，漁民們說他們看得見回家的路。這是一個小鎮的故事。"


def written(folder: Path, name: str, data: bytes) -> Document | LeftOut:
    """Write a file and read it as a document."""
    file = folder / name
    file.write_bytes(data)
    return read(Found(file, name))


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(SIMPLIFIED.encode(), "utf-8", id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + SIMPLIFIED.encode(), "utf-8", id="UTF-8 with a mark"),
        pytest.param(codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"), "utf-16le", id="UTF-16, little end first"),
        pytest.param(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"), "utf-16be", id="UTF-16, big end first"),
        pytest.param(SIMPLIFIED.encode("gb18030"), "gb18030", id="GB18030, undeclared"),
        pytest.param(SIMPLIFIED.encode("gbk"), "gb18030", id="GBK, undeclared"),
    ],
)
def test_text_is_decoded_without_its_mark(data: bytes, encoding: str) -> None:
    assert decode(data) == (SIMPLIFIED, encoding)


def test_big5_is_told_from_gb18030_by_its_words() -> None:
    assert decode(TRADITIONAL.encode("big5")) == (TRADITIONAL, "big5hkscs")


def test_what_a_page_declares_is_believed() -> None:
    page = '<meta charset="shift_jis"><p>灯台の灯がともる。港の人々は喜んだ。'
    assert decode(page.encode("shift_jis")) == (page, "shift_jis")


def test_a_page_that_declares_gb2312_may_hold_the_characters_of_gb18030() -> None:
    page = '<meta charset="gb2312"><p>鎔，㐂：这两个字不在最初的字表里。'
    assert decode(page.encode("gb18030"))[0] == page


def test_utf8_wins_over_a_declaration_that_is_wrong() -> None:
    page = f'<meta charset="gb2312"><p>{SIMPLIFIED}'
    assert decode(page.encode()) == (page, "utf-8")


def test_a_few_broken_bytes_do_not_cost_the_article() -> None:
    text, encoding = decode((SIMPLIFIED * 20).encode() + b"\xff" + SIMPLIFIED.encode())
    assert encoding == "utf-8"
    assert text is not None
    assert text.count("\ufffd") == 1


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", b"\xff" * 300])
def test_what_is_no_text_is_not_guessed_at(data: bytes) -> None:
    assert decode(data) == (None, "")


def test_line_ends_become_one_and_nul_goes(tmp_path: Path) -> None:
    data = b"one\r\ntwo\rthree\0\n"
    expected = Document("a.md", "one\ntwo\nthree\n", "utf-8", sha256(data).hexdigest())
    assert written(tmp_path, "a.md", data) == expected


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.md", b" \n\t", "empty"),
        ("README.md", b"an index", "navigation"),
        ("summary.MD", b"an index", "navigation"),
        ("a.html", b"\xff" * 300, "encoding"),
    ],
)
def test_what_is_no_article_is_left_out_with_its_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    result = written(tmp_path, name, data)
    assert isinstance(result, LeftOut)
    assert (result.path, result.reason) == (name, reason)
    assert result.detail


def test_a_file_that_is_too_large_is_left_out_unread(tmp_path: Path) -> None:
    file = tmp_path / "big.md"
    with file.open("wb") as opened:
        opened.truncate(DEFAULTS.document_bytes + 1)
    result = read(Found(file, "big.md"))
    assert isinstance(result, LeftOut)
    assert (result.reason, f"{DEFAULTS.document_bytes:,}" in result.detail) == ("too large", True)


def test_a_file_that_went_away_is_left_out(tmp_path: Path) -> None:
    result = read(Found(tmp_path / "gone.md", "gone.md"))
    assert isinstance(result, LeftOut)
    assert result.reason == "unreadable"


def test_a_link_to_a_file_is_found_but_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("not for readers")
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").symlink_to(secret)
    (found,) = find(content)
    result = read(found)
    assert isinstance(result, LeftOut)
    assert result.reason == "link"


def test_a_link_to_a_folder_is_not_entered(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.md").write_text("not for readers")
    content = tmp_path / "content"
    content.mkdir()
    (content / "mirror").symlink_to(outside, target_is_directory=True)
    assert list(find(content)) == []


def test_documents_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    names = ["b/2.md", "b/10.HTML", "a/c/x.markdown", "top.txt"]
    others = ["b/picture.webp", "b/.hidden.md", ".git/x.md", "site.toml", "publishers/x.md", "templates/x.html"]
    for name in [*names, *others, "a/publishers/kept.md"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    paths = [found.path for found in find(tmp_path)]
    assert paths == ["top.txt", "a/c/x.markdown", "a/publishers/kept.md", "b/10.HTML", "b/2.md"]


def test_no_two_names_share_a_path_and_each_path_leads_back(tmp_path: Path) -> None:
    names = [b"a\x07.md", b"a\\x07.md", b"a\\u0007.md", b"a\x85.md", b"a\xc2\x85.md", b"\xff.md", b"\\xff.md",
             "\u200b.md".encode(), b"\\u200b.md", "\U000e0041.md".encode(), b"\\\\.md", b"\n.md", "灯.md".encode()]  # fmt: skip
    for name in names:
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    found = list(find(tmp_path))
    assert len({one.path for one in found}) == len(names)
    for one in found:
        assert one.path.isprintable()
        assert documents.file_of(tmp_path, one.path) == one.file


def test_a_file_that_is_too_large_or_none_is_not_read_for_its_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert documents.contents(tmp_path / "pipe.md", 9) == (None, 0)
    (tmp_path / "large.md").write_bytes(b"x" * 10)
    assert documents.contents(tmp_path / "large.md", 9) == (b"", 10)
