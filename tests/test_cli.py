"""The command line is a contract: commands, exit codes, error texts, and what goes to which stream."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import __version__, cli, commands
from generator.cli import main
from tests import residue, score
from tests.bench import builds
from tests.conftest import ROOT

FIELDS = {
    *(
        "path",
        "title",
        "published",
        "lang",
        "canonical_url",
        "publisher",
        "topic",
        "tags",
        "author",
        "html",
        "text",
        "copies",
        "removals",
    ),
}
BRIDGE = """---
title: 吊桥合龙
url: https://courier.example/world/2026/03/04/bridge-day.html?utm_source=feed
author: 苏见山
tags: [吊桥]
---
<script>alert(1)</script>
<p><img src="https://pictures.example/bridge.jpg" alt="吊桥"></p>
<p>造了六年的吊桥昨天清晨合龙。桥面最后一段重一百二十吨，用了四十分钟才升到位。</p>
<p>（责任编辑：周一帆）</p>
"""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with one article, below the working directory."""
    folder = tmp_path / "content"
    (folder / "posts").mkdir(parents=True)
    (folder / "posts/bridge.md").write_text(BRIDGE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "generator.cli", *arguments]
    full = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, env=full, capture_output=True, text=True, encoding="utf-8", check=False)


def error_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a wrong command says on standard error; nothing goes to standard output."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == 1, err
    return lines[0]


# --- the frame -----------------------------------------------------------------------------------------------


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"qingdu {__version__}\n", "")


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in ("build", "serve", "check", "explain", "export"):
        assert re.search(rf"(?m)^    {command}\s+\w", done.stdout), command


@pytest.mark.parametrize("command", ["build", "serve", "check", "explain", "export"])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert "--content DIR" in out
    for line in re.findall(r"(?m)^  (--?[a-z].*)$", out):
        assert re.search(r"\S  +\S", line) or len(line) > 22, f"{command}: {line} is not explained"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["bild"],
        ["build", "--no-such"],
        ["build", "--jobs", "0"],
        ["build", "--jobs", "many"],
        ["explain"],
        ["serve", "--port", "70000"],
        ["build", "--output", "/"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: ")


def test_what_is_learnt_is_kept_where_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "tests/sites/harbour/content", tmp_path / "content")
    assert main(["check", "--learn", "--jobs", "1", "--content", str(tmp_path / "content")]) == 0
    kept = tmp_path / "content/.qingdu/boilerplate.json"
    assert f"{kept}: what repeats here, for smaller batches in its place\n" in capsys.readouterr().out
    assert kept.is_file()


def test_no_command_takes_an_option_that_it_does_not_look_at() -> None:
    (added,) = (action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction))
    for name, parser in added.choices.items():
        taken = {action.dest for action in parser._actions} - {"help"}
        unused = taken - looked_at(parser.get_default("run"))
        assert not unused, f"{name} does nothing with {unused}"


def looked_at(command: Callable[..., object]) -> set[str]:
    """Give the options that a command looks at, itself or in what it is made of."""
    source = inspect.getsource(command)
    found = set(re.findall(r"\boptions\.(\w+)", source))
    helpers = set(re.findall(r"(?<!def )\b(_\w+)\(", source))
    return found.union(*(looked_at(getattr(commands, name)) for name in helpers))


# --- building ------------------------------------------------------------------------------------------------


def test_build_says_one_line(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--jobs", "1"]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(
        r"public: \d+ pages from 1 article \(1 document, 0 left out; \d+ files written\) in \d+\.\d s; [\d.]+ kB in \d+ files, less than 1 % of what GitHub Pages takes\n",
        out,
    )
    assert err == ""
    assert (content.parent / "public/index.html").is_file()


def test_quiet_build_says_nothing(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "posts/empty.md").write_text("---\ntitle: x\n---\n", "utf-8")
    assert main(["build", "-q", "--jobs", "1"]) == 0
    assert capsys.readouterr() == ("", "")


def test_build_as_json(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--json", "--jobs", "1", "--output", "site"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {"documents", "articles", "pages", "left_out", "warnings", "seconds", "output"} <= set(report)
    assert (report["documents"], report["articles"], report["output"]) == (1, 1, "site")


@pytest.mark.parametrize("command", ["build", "check"])
def test_strict_exits_with_1_when_a_document_is_left_out(
    content: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--strict", "--jobs", "1"]) == 0
    (content / "posts/empty.md").write_text("---\ntitle: x\n---\n", "utf-8")
    assert main([command, "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main([command, "--strict", "--jobs", "1"]) == 1
    assert (
        capsys.readouterr().err == "left out, empty: 1\n  posts/empty.md: nothing is left under the mirror's wrapper\n"
    )


def test_documents_left_out_are_listed_whole_when_asked(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(5):
        (content / f"posts/empty{number}.md").write_text("---\ntitle: x\n---\n", "utf-8")
    main(["check", "--jobs", "1"])
    short = capsys.readouterr().err
    main(["check", "-v", "--jobs", "1"])
    long = capsys.readouterr().err
    assert "… and 2 more (-v lists all)" in short
    assert (short.count("posts/empty"), long.count("posts/empty")) == (3, 5)


def test_base_url_makes_a_sitemap(content: Path) -> None:
    assert main(["build", "-q", "--jobs", "1", "--base-url", "https://news.example/r"]) == 0
    public = content.parent / "public"
    assert "https://news.example/r/en/sitemaps/lists.xml" in (public / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://news.example/r/en/</loc>" in (public / "en/sitemaps/lists.xml").read_text("utf-8")


@pytest.mark.slow
def test_building_works_from_any_folder(content: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run("build", "--content", "../content", "--output", "../made", "--jobs", "1", folder=elsewhere)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (content.parent / "made/en/index.html").is_file()


# --- errors --------------------------------------------------------------------------------------------------


def test_missing_folder(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert error_of(capsys, "build", "--content", "nowhere") == (
        "qingdu: nowhere: there is no such folder; name the folder that holds the articles with --content"
    )
    assert not (content.parent / "public").exists()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ("page_sise = 5\n", "site.toml: unknown key 'page_sise'; did you mean 'page_size'?"),
        (
            'colour = "red"\n',
            "site.toml: unknown key 'colour'; the known keys are base_url, books, canonical, convert, description, editions, feeds, host, images, limits, mirrors, noindex, offline, page_size, pictures, title, topics",
        ),
        ("page_size = 3\n", "page_size: 3 is out of range; write a number from 5 to 500"),
        ('page_size = "many"\n', "page_size: 'many' is not a whole number; write a whole number"),
        ("page_size = true\n", "page_size: True is not a whole number; write a whole number"),
        ("noindex = 1\n", "noindex: 1 is not true or false; write true or false"),
        (
            'base_url = "news"\n',
            "base_url: 'news' is not the address of a site; write it like https://example.org/news/",
        ),
        (
            '[[editions]]\nlocale = "en"\nscript = "latin"\n',
            "editions #1: unknown script 'latin'; the scripts are zh-Hans, zh-Hant-TW, zh-Hant-HK, original",
        ),
        (
            '[[editions]]\nlocale = "en"\nslug = "../x"\n',
            "editions #1: '../x' cannot be the folder of an edition; use small letters, digits and -",
        ),
        (
            '[[editions]]\nlocale = "en"\n[[editions]]\nlocale = "en"\n',
            "editions #2: a second edition in the folder 'en'; give each edition its own slug",
        ),
        ("editions = []\n", "editions: a site needs at least one; add an [[editions]] block or leave them out"),
        (
            '[[topics]]\nslug = "World News"\n',
            "topics #1: 'World News' cannot be a slug; use small letters, digits and -",
        ),
    ],
)
def test_wrong_settings(content: Path, settings: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "site.toml").write_text(settings, "utf-8")
    for command in ("build", "check"):
        said = re.sub(r"content/site\.toml:\d+: ", "", error_of(capsys, command))
        assert said == f"qingdu: {line.removeprefix('site.toml: ')}"


def test_settings_that_are_no_toml_name_the_line(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "site.toml").write_text('title = "a"\npage_size 5\n', "utf-8")
    assert re.fullmatch(
        r"qingdu: content/site\.toml:2: this is not TOML: .*line 2.*; mend that line", error_of(capsys, "build")
    )


def test_unknown_locale_names_the_known(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "site.toml").write_text('[[editions]]\nslug = "x"\nlocale = "tlh"\n', "utf-8")
    said = "content/site.toml:1: editions #1: no locale 'tlh'; use one of: ar, en, ja, zh-Hans, zh-Hant-HK, zh-Hant-TW"
    assert error_of(capsys, "build") == f"qingdu: {said}"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "publishers/courier.toml",
            'hots = ["x.example"]\n',
            "publishers/courier.toml:1: unknown key 'hots'; did you mean 'hosts'?",
        ),
        (
            "publishers/courier.toml",
            "lines = ['(']\n",
            "publishers/courier.toml:1: lines: '(' is not a pattern: missing ), unterminated subpattern at position 0; mend the regular expression",
        ),
        (
            "mirrors/roll.toml",
            "detect = ['[']\n",
            "mirrors/roll.toml:1: detect: '[' is not a pattern: unterminated character set at position 0; mend the regular expression",
        ),
        ("mirrors/roll.toml", "detct = ['x']\n", "mirrors/roll.toml:1: unknown key 'detct'; did you mean 'detect'?"),
        (
            "mirrors/roll.toml",
            "foot = '^---$'\ndetect = '(\\w+\\s*)+:'\n",
            "mirrors/roll.toml:2: detect: '(\\\\w+\\\\s*)+:' is not a list of texts; write a list of texts",
        ),
        (
            "mirrors/roll.toml",
            "foot = '^---$'\ndetect = ['(\\w+\\s*)+:']\n",
            (
                "mirrors/roll.toml:2: detect: '(\\\\w+\\\\s*)+:' could run without end (on many 'a', for one); "
                "let no loop stand in or beside another that takes the same characters"
            ),
        ),
        (
            "mirrors/roll.toml",
            "[front_matter]\ntitle = ['name']\n",
            "mirrors/roll.toml:1: front_matter: says nothing of the keys it is known by; add needs = [...]",
        ),
        (
            "mirrors/roll.toml",
            "[front_matter]\nneeds = ['a']\ntitle = 'name'\n",
            "mirrors/roll.toml:3: front_matter.title: 'name' is not a list of texts; write a list of texts",
        ),
        (
            "mirrors/roll.toml",
            "body = 'text'\n",
            'mirrors/roll.toml:1: body: \'text\' is no kind of body; write "html" or "markdown"',
        ),
        (
            "publishers/courier.toml",
            "hosts = ['x.example']\nhome = 7\n",
            "publishers/courier.toml:2: home: 7 is not a text; write a text",
        ),
        (
            "publishers/courier.toml",
            "hosts = ['x.example']\n\nstrip = ['div[']\n",
            "publishers/courier.toml:3: strip: 'div[' is no CSS selector (Expected ident or '*', got <EOF at 4>); mend the selector",
        ),
        (
            "publishers/courier.toml",
            "date = ['/(?P<y>20\\d\\d)/']\n",
            "publishers/courier.toml:1: date: '/(?P<y>20\\\\d\\\\d)/' has no group d, m; name them: (?P<y>…)",
        ),
        (
            "publishers/courier.toml",
            "end = ['(a|aa)+$']\n",
            (
                "publishers/courier.toml:1: end: '(a|aa)+$' could run without end (on many 'a', for one); "
                "let no loop stand in or beside another that takes the same characters"
            ),
        ),
    ],
)
def test_wrong_rules(content: Path, name: str, text: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    (content / name).parent.mkdir()
    (content / name).write_text(text, "utf-8")
    assert error_of(capsys, "check") == f"qingdu: {line}"


@pytest.mark.parametrize(
    ("name", "text", "pattern"),
    [
        ("about.html", "{% if %}", r"qingdu: .*about\.html:1: .+; mend the template"),
        (
            "about.html",
            "{{ nobody }}",
            r"qingdu: about\.html: 'nobody' is undefined \(on zh-hans/about\.html\); mend the template",
        ),
        (
            "about.html",
            '{{ t("no.such.word") }}',
            r'qingdu: locale zh-Hans: message "no\.such\.word" does not exist; .+',
        ),
        ("about.html", '{% include "gone.html" %}', r"qingdu: .*gone\.html.*; mend the template"),
    ],
)
def test_broken_template(content: Path, name: str, text: str, pattern: str, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "templates").mkdir()
    (content / "templates" / name).write_text(text, "utf-8")
    assert re.fullmatch(pattern, error_of(capsys, "build", "--jobs", "1"))
    assert not (content.parent / "public").exists()


@pytest.mark.parametrize("output", ["content", "content/public", "."])
def test_output_in_or_round_the_content(content: Path, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(content.rglob("*"))
    line = error_of(capsys, "build", "--output", output)
    assert line.endswith(
        ": the site would be written over or into the content; choose an --output beside the content folder"
    )
    assert sorted(content.rglob("*")) == before


def test_output_of_somebody_else(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content.parent / "public").mkdir()
    (content.parent / "public/diary.txt").write_text("mine\n")
    line = error_of(capsys, "build")
    assert line.endswith(
        "public: holds files that no build of ours made; choose another --output, or empty it yourself"
    )
    assert [file.name for file in (content.parent / "public").iterdir()] == ["diary.txt"]


def test_output_that_is_a_file(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content.parent / "public").write_text("mine\n")
    assert error_of(capsys, "build").endswith("public: is a file, not a folder; choose another --output")


def test_damaged_list_of_files(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build", "-q", "--jobs", "1"])
    (content.parent / "public/.qingdu-files.json").write_text("{")
    assert error_of(capsys, "build").endswith(
        ".qingdu-files.json: is damaged; remove the folder yourself and build again"
    )
    assert (content.parent / "public/index.html").is_file()


# --- check, explain, export ----------------------------------------------------------------------------------


def test_check_writes_nothing(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--jobs", "1"]) == 0
    assert capsys.readouterr().out == (
        "1 article, 0 left out, 0 without a date, 0 without a topic\n"
        "pictures: 0 here, 0 cannot be had; `qingdu fetch` may bring 1 more\n"
        "public: no site is built there, so its links and its size are not checked\n"
    )
    assert sorted(path.name for path in content.parent.iterdir()) == ["content"]


def test_check_as_json(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "posts/empty.md").write_text("---\ntitle: x\n---\n", "utf-8")
    assert main(["check", "--json", "--jobs", "1"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["articles"], [one["path"] for one in found["left_out"]], found["warnings"]) == (
        1,
        ["posts/empty.md"],
        [],
    )
    assert err == ""


def test_explain_shows_the_journey(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "content/posts/bridge.md", "--script", "zh-Hant-TW"]) == 0
    out, err = capsys.readouterr()
    facts = dict(line.split(maxsplit=1) for line in out.splitlines() if re.match(r"[a-z]+ +\S", line))
    assert facts["document"] == "posts/bridge.md"
    assert facts["wrappers"] == "front-matter"
    assert facts["title"] == "吊桥合龙"
    assert facts["published"] == "2026-03-04"
    assert facts["author"] == "苏见山"
    assert (
        facts["original"]
        == "https://courier.example/world/2026/03/04/bridge-day.html?utm_source=feed".partition("?")[0]
    )
    assert re.search(r"(?m)^  hidden +script +alert\(1\)$", out)
    assert re.search(r"(?m)^  credit +editor's credit +（责任编辑：周一帆）$", out)
    assert "造了六年的吊橋昨天清晨合龍" in out
    assert err == ""


def test_explain_names_the_wrappers_of_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    file = "content/goodnews/pages/b5p1/1019204.md"
    assert main(["explain", str(ROOT / file), "--content", str(ROOT / "content"), "--alone"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"(?m)^wrappers +gfw-breaker$", out)
    assert len(re.findall(r"(?m)^  wrapper +gfw-breaker: ", out)) > 5


def test_explain_says_why_a_document_is_left_out(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "posts/empty.md").write_text("---\ntitle: x\n---\n", "utf-8")
    assert main(["explain", "posts/empty.md"]) == 0
    assert re.search(r"(?m)^left out +empty: ", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["gone.md"], "gone.md: there is no such file; name a document of the content folder"),
        (["outside.md"], "outside.md: stands outside of content; say where the content is with --content"),
        (
            ["posts/bridge.md", "--script", "latin"],
            "--script: unknown script 'latin'; the scripts are zh-Hans, zh-Hant-TW, zh-Hant-HK, original",
        ),
    ],
)
def test_explain_of_what_is_not_there(
    content: Path, arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (content.parent / "outside.md").write_text("x")
    assert error_of(capsys, "explain", *arguments) == f"qingdu: {line}"


def test_export_has_the_fields_of_the_contract(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "posts/again.md").write_text(BRIDGE, "utf-8")
    assert main(["export", "--jobs", "1"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    articles = [json.loads(line) for line in out.splitlines()]
    assert len(articles) == 1
    article = articles[0]
    assert set(article) >= FIELDS
    assert article["path"] == "posts/again.md"
    assert article["copies"] == ["posts/bridge.md"]
    assert (article["title"], article["published"], article["lang"]) == ("吊桥合龙", "2026-03-04", "zh-Hans")
    assert article["canonical_url"] == "https://courier.example/world/2026/03/04/bridge-day.html"
    assert (article["author"], article["tags"]) == ("苏见山", ["吊桥"])
    assert article["html"].startswith('<figure><img src="https://pictures.example/bridge.jpg"')
    assert article["text"] == "造了六年的吊桥昨天清晨合龙。桥面最后一段重一百二十吨，用了四十分钟才升到位。"
    assert [set(removal) for removal in article["removals"]] == [{"step", "rule", "text"}] * len(article["removals"])
    assert {removal["step"] for removal in article["removals"]} == {"hidden", "credit"}


def test_export_prints_nothing_but_json() -> None:
    done = run("export", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    articles = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(articles) > 20
    assert all(set(article) >= FIELDS for article in articles)


def test_export_is_utf_8_whatever_the_terminal_is(content: Path) -> None:
    done = run("export", "--jobs", "1", folder=content.parent, PYTHONUTF8="0", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "吊桥合龙"


def test_export_without_rules_uses_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--no-rules", "--content", str(ROOT / "content"), "--jobs", "1"]) == 0
    articles = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    rules = {removal["rule"] for article in articles for removal in article["removals"]}
    assert rules
    assert not [rule for rule in rules if rule.startswith(("gfw-breaker", "crawl-head", "chaosheng", "islandtimes"))]


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m generator.cli export --content content | head -c 20"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


# --- the tools beside the tests ------------------------------------------------------------------------------


def test_residue_lists_what_survives_in_many_documents(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, word in enumerate(("灯塔", "渡轮", "电车")):
        text = f"<p>{word}的故事从{word}开始，岛上的人又一次说起它。</p><p>每日一景：第{number}号窗口</p><p><a href='https://a.example/p{number}'>一</a>张图</p>"
        (content / f"posts/{number}.md").write_text(f"---\ntitle: {word}\nsite: 日报\n---\n{text}", "utf-8")
    monkeypatch.setattr(sys, "argv", ["residue", str(content), "--top", "5"])
    assert residue.main() == 0
    out = capsys.readouterr().out
    assert re.search(r"(?m)^mirror posts: 4 articles$", out)
    assert re.search(r"(?m)^  line      3  75\.0%  每日一景：第\d号窗口  \(posts/\d\.md\)$", out)
    assert re.search(r"(?m)^  link      3  75\.0%  https://a\.example/p\d  \(posts/\d\.md\)$", out)


def test_score_names_what_is_below_its_floor() -> None:
    found = score.figures(
        "articles 17  missing from the export 0\nF1           0.9970\nchrome_leak  0.0100\nperfect      17 of 17\n"
    )
    assert found == {"articles": 17, "F1": 0.997, "chrome_leak": 0.01, "perfect": 17}
    assert score.under(found, {"F1": 0.998, "chrome_leak": 0.0, "perfect": 16, "title": 1.0}) == [
        "F1 0.997, at least 0.998",
        "chrome_leak 0.01, at most 0",
        "title is missing, at least 1",
    ]
    assert score.under(found, {"F1": 0.997, "chrome_leak": 0.01, "perfect": 17}) == []


def test_score_and_bench_are_left_out_where_there_is_nothing_to_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["score", "--shared", str(tmp_path / "gone")])
    assert score.main() == 0
    monkeypatch.setattr(sys, "argv", ["builds", str(tmp_path / "gone")])
    assert builds.main() == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.partition(",")[0] for line in err.splitlines()] == ["score: left out", "bench: left out"]


@pytest.mark.slow
def test_bench_times_every_kind_of_build(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(7):
        text = "".join(chr(0x4E10 + 97 * number + letter) for letter in range(80))
        page = BRIDGE.replace("吊桥合龙", f"第{number}座吊桥合龙").replace("造了六年的吊桥昨天清晨合龙", text)
        (content / f"posts/{number}.md").write_text(page.replace("bridge-day", f"bridge-{number}"), "utf-8")
    options = ["--jobs", "1", "--runs", "1", "--peers", "none"]
    monkeypatch.setattr(sys, "argv", ["builds", str(content), *options])
    assert builds.main() == 0
    rows = re.findall(r"(?m)^(\w[\w ]*?) +qingdu(?: +[\d,.]+){6}$", capsys.readouterr().out)
    kinds = ["nothing changed", "a body edited", "a title edited", "a template edited", "2 articles added"]
    assert rows == ["cold", *kinds]
