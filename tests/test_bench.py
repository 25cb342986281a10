"""The parts of the bench that are the same on every machine: what is built, what is counted, what other generators get."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import pytest

from generator.build import shelves_of
from generator.collecting import collect, load_rules
from tests.bench import builds, peers
from tests.bench.builds import PEERS
from tests.bench.contents import Contender, Edited, editable, lay_out, multiplied
from tests.bench.costs import Cost, descendants, left, median, proportional, run
from tests.bench.peers import Plan, Post
from tests.conftest import ROOT
from tests.samples import article

POST: Post = {
    "id": "harbour-lamp",
    "title": "灯塔 & 海",
    "date": "2026-10-14T08:30:00+08:00",
    "lang": "zh-Hans",
    "topic": "society",
    "publisher": "Harbour, Daily",
    "author": "",
    "tags": ["灯, 塔", "海"],
    "excerpt": "灯塔<重新>亮起。",
    "minutes": 1,
    "original": "https://www.harbour.example/lamp.html",
    "source": "mirror/lamp.md",
    "sha256": "00",
    "html": "<p>{{ 灯塔 }}重新亮起。</p>",
}
COST = Cost(2.0, 3.0, 100.0, 10, 2000, 5)


def test_a_copy_tells_another_story_of_the_same_length() -> None:
    text = '<p>国家的灯塔，是在对岸。</p><a href="/news/20261014/n7261014.html">'
    copies = [multiplied(text, number) for number in range(5)]
    assert copies[0] == text
    assert len(set(copies)) == 5
    assert 'href="/news/20201014/n72610143.html"' in copies[3]
    assert {copy.count("<") for copy in copies} == {text.count("<")}


def test_documents_are_copied_until_there_are_enough(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/a.md").write_text("的", "utf-8")
    (tmp_path / "one/b.md").write_text("了", "utf-8")
    assert lay_out(tmp_path / "one", tmp_path / "as-it-is", 0) == 2
    assert lay_out(tmp_path / "one", tmp_path / "more", 5) == 5
    names = sorted(file.name for file in (tmp_path / "more").iterdir())
    assert names == ["a--1.md", "a--2.md", "a.md", "b--1.md", "b.md"]


def test_an_article_is_edited_where_its_words_stand(tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    file = tmp_path / "mirror/lamp.md"
    file.write_text("# 灯塔在星期三重新亮起\n\n<p>守塔人说，渔船又能找到回家的路了。</p>\n", "utf-8")
    lamp = article("lamp", title="灯塔在星期三重新亮起", text="守塔人说，渔船又能找到回家的路了。")
    edited = editable(tmp_path, lamp)
    assert edited
    edited.edit_title(1)
    edited.edit_body(2)
    text = file.read_text("utf-8")
    assert text == "# 1 灯塔在星期三重新亮起\n\n<p>第2次修改。守塔人说，渔船又能找到回家的路了。</p>\n"
    assert editable(tmp_path, article("lamp", title="灯塔在星期三重新亮起", text="别处的话，不在这一篇里。")) is None


def contender(folder: Path) -> Contender:
    (folder / "new.md").write_text("新", "utf-8")
    (folder / "base.html").write_text("<html>", "utf-8")
    (folder / "old.md").write_text("旧的标题，", "utf-8")
    write = f"import pathlib; pathlib.Path({str(folder / 'out')!r}).mkdir(exist_ok=True)"
    edited = (Edited(folder / "old.md", "标题", "，"),)
    command = (sys.executable, "-c", write)
    kept = (folder / "kept",)
    held, template, aside = (folder / "new.md",), folder / "base.html", folder / "aside"
    return Contender("other", command, folder, folder / "out", kept, edited, held, template, aside)


def test_what_happens_to_a_site_happens_to_its_sources(tmp_path: Path) -> None:
    one = contender(tmp_path)
    one.hide()
    assert not (tmp_path / "new.md").exists()
    for kind in ("cold", "nothing changed", "a body edited", "a title edited", "a template edited", "1 articles added"):
        builds.after(kind, one, 1)
    assert (tmp_path / "new.md").read_text("utf-8") == "新"
    assert (tmp_path / "old.md").read_text("utf-8") == "旧的1 标题第1次修改。，"
    assert (tmp_path / "base.html").read_text("utf-8") == "<html><!-- 1 -->\n"


def test_what_was_made_is_forgotten_and_not_deleted(tmp_path: Path) -> None:
    one = contender(tmp_path)
    for number in range(2):
        (tmp_path / "out").mkdir()
        (tmp_path / "out/page").write_text(str(number))
        (tmp_path / "kept").write_text("known")
        one.forget()
        assert not (tmp_path / "out").exists()
        assert not (tmp_path / "kept").exists()
    assert {file.read_text() for file in (tmp_path / "aside").rglob("page")} == {"0", "1"}


def test_a_command_is_counted_with_what_it_leaves(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/old").write_bytes(b"12345")
    os.utime(tmp_path / "out/old", (1, 1))
    # It stays for a moment, so that a busy machine finds the time to look at its memory.
    write = "import pathlib, time; pathlib.Path('out/new').write_bytes(b'123'); list(range(10**6)); time.sleep(1)"
    cost = run([sys.executable, "-c", write], tmp_path / "out", tmp_path)
    assert (cost.files, cost.bytes, cost.written) == (2, 8, 1)
    assert 0 < cost.cpu < 60
    assert cost.memory > 1
    assert left(tmp_path / "nowhere", 0) == (0, 0, 0)
    with pytest.raises(SystemExit, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, tmp_path)


def test_memory_is_that_of_all_processes() -> None:
    assert os.getpid() in descendants(os.getpid())
    if Path("/proc/self/smaps_rollup").exists():
        assert proportional(os.getpid()) > 1_000_000
    assert proportional(2**30) == 0


def test_the_middle_is_taken_of_each_figure() -> None:
    costs = [Cost(wall, 4 - wall, 0, 0, 0, 0) for wall in (3.0, 1.0, 2.0)]
    assert median(costs) == Cost(2.0, 2.0, 0, 0, 0, 0)


def test_the_table_says_how_many_times_as_long_ours_takes() -> None:
    rows = iter([("cold", [COST, Cost(0.5, 1.5, 50.0, 4, 900, 4)])])
    head, first, second = builds.table(["qingdu", "hugo"], rows)
    assert head.split() == "wall s CPU s MB files bytes written ours is × wall, CPU".split()
    assert first.split() == ["cold", "qingdu", "2.00", "3.00", "100", "10", "2,000", "5"]
    assert second.split() == ["hugo", "0.50", "1.50", "50", "4", "900", "4", "4.00", "2.00"]


def test_peers_are_named() -> None:
    assert builds._names("hugo,eleventy") == ["hugo", "eleventy"]
    assert builds._names("none") == []
    with pytest.raises(argparse.ArgumentTypeError, match="known are hugo, pelican, eleventy, and none"):
        builds._names("jekyll")


def test_a_peer_that_cannot_be_had_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(type(PEERS["hugo"]), "install", lambda peer, tools: "")
    monkeypatch.setattr(type(PEERS["pelican"]), "install", lambda peer, tools: "4.12.0")
    assert [peer.name for peer in builds.installed(["hugo", "pelican"], tmp_path)] == ["pelican"]
    assert capsys.readouterr().out == "hugo: left out, it cannot be installed from here\npelican 4.12.0\n"


# --- what the others get -----------------------------------------------------------------------------------


def test_hugo_gets_what_is_known_in_json() -> None:
    path, text = PEERS["hugo"].post("zh-hans", POST)
    head, end = json.JSONDecoder().raw_decode(text)
    assert path == "content/zh-hans/society/harbour-lamp.html"
    assert (head["days"], head["months"]) == (["2026-10-14"], ["2026-10"])
    assert head["publishers"] == ["Harbour, Daily"]
    assert text[end:].strip() == "<p>&#123;{ 灯塔 }}重新亮起。</p>"
    head, _ = json.JSONDecoder().raw_decode(PEERS["hugo"].post("en", {**POST, "date": ""})[1])
    assert head["days"] == ["undated"]
    assert not {"date", "months"} & head.keys()


def test_pelican_gets_it_in_the_head_of_the_page() -> None:
    path, text = PEERS["pelican"].post("zh-hans", POST)
    assert path == "content/zh-hans/harbour-lamp.html"
    assert "<title>灯塔 &amp; 海</title>" in text
    assert '<meta name="authors" content="Harbour， Daily">' in text
    assert '<meta name="tags" content="灯， 塔, 海">' in text
    assert '<meta name="summary" content="灯塔&lt;重新&gt;亮起。">' in text
    assert '"writer"' not in text
    assert '<meta name="date" content="1970-01-01">' in PEERS["pelican"].post("en", {**POST, "date": ""})[1]


def test_eleventy_gets_it_between_fences() -> None:
    path, text = PEERS["eleventy"].post("zh-hans", POST)
    _, head, body = text.split("---")
    assert path == "input/posts/zh-hans/harbour-lamp.html"
    assert json.loads(head.removeprefix("json"))["permalink"] == "zh-hans/articles/harbour-lamp.html"
    assert body.strip() == POST["html"]


@pytest.mark.parametrize("name", list(PEERS))
def test_a_peer_gets_every_article_in_every_edition(name: str, tmp_path: Path) -> None:
    peer = PEERS[name]
    outcome = collect(load_rules(ROOT / "content", peers.ADDRESS), jobs=1)
    peers.lay_out([peer], outcome, tmp_path, 1)
    found = outcome.library.articles
    one = peers.contender(peer, tmp_path, outcome, tmp_path, found[-1], found[:2])
    editions = outcome.rules.settings.editions
    assert all(file.is_file() for file in one.held)
    assert len(one.held) == 2 * len(editions)
    assert len(one.edited) == len(editions)
    for edited in one.edited:
        text = edited.file.read_text("utf-8")
        assert edited.title in text
        assert edited.line in text
    assert one.template.is_file()
    assert (one.folder / peer.static / "site.css").is_file()


def test_editions_are_told_in_their_own_words() -> None:
    outcome = collect(load_rules(ROOT / "content"), jobs=1)
    shelves = shelves_of(outcome)
    editions = peers.editions_of(shelves)
    assert len({edition.words["byline_publisher"] for edition in editions}) > 1
    for peer in PEERS.values():
        for path, text in peer.settings(Plan(editions, 30, 30)).items():
            assert path.endswith((".json", ".html"))
            assert json.loads(text)
