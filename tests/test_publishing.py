"""Before and after publishing: what the site weighs, dead links, the branch, the site to start from, mirror rules."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator import weights
from generator.build import build
from generator.cli import main
from generator.errors import QingduError
from generator.inspection import dead
from generator.output import sizes
from generator.publishing import publish
from generator.scaffold import changed_cases, new_mirror, new_site
from generator.settings import HOSTS as HOST_NAMES
from generator.weights import HOSTS, Weight, exceeded, in_words, summary, weigh
from tests.conftest import ROOT
from tests.repositories import TEXT, git, post


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Build a site of two articles in the folder of a repository."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "content").mkdir()
    for number in (1, 2):
        (tmp_path / f"content/{number}.md").write_text(post(number), "utf-8")
    build(tmp_path / "content", tmp_path / "public", jobs=1)
    return tmp_path / "public"


# --- limits ------------------------------------------------------------------------------------------------


def test_a_site_is_weighed_without_what_is_not_deployed(site: Path) -> None:
    weight = weigh(sizes(str(site)))
    listed = [file for file in site.rglob("*") if file.is_file() and not file.name.startswith(".")]
    assert (weight.files, weight.size) == (len(listed), sum(file.stat().st_size for file in listed))
    assert weight.pages == sum(file.suffix == ".html" for file in listed)
    assert weight.largest[0][0] == max(file.stat().st_size for file in listed)


@pytest.mark.parametrize(
    ("size", "files", "host", "found"),
    [
        (700_000_000, 30_000, "github-pages", []),
        (900_000_000, 30_000, "github-pages", [False]),
        (1_100_000_000, 30_000, "github-pages", [True]),
        (10_000_000, 17_000, "cloudflare-pages", [False]),
        (10_000_000, 25_000, "cloudflare-pages", [True]),
        (9_000_000_000, 900_000, "none", []),
    ],
)
def test_limits_are_said_before_they_are_met(size: int, files: int, host: str, found: list[bool]) -> None:
    over = exceeded(Weight(size, files, files, size, ()), HOSTS[host])
    assert [too_much for too_much, _ in over] == found
    assert all("fewer [[editions]]" in text and "a site of its own for old years" in text for _, text in over)


def test_a_file_that_the_host_refuses() -> None:
    over = exceeded(Weight(200 * 2**20, 1, 0, 0, ((200 * 2**20, "media/film.webp"),)), HOSTS["github-pages"])
    assert over == [(True, "media/film.webp: 210 MB and GitHub Pages takes 105 MB a file; leave it out")]


def test_numbers_for_people() -> None:
    assert [in_words(size) for size in (0, 999, 1_000, 12_345_678, 123_456_789, 2_500_000_000)] == [
        *("0 bytes", "999 bytes", "1.0 kB", "12.3 MB", "123 MB", "2.5 GB")
    ]
    assert (
        summary(Weight(500_000_000, 7, 0, 0, ()), HOSTS["github-pages"])
        == "500 MB in 7 files, 50 % of what GitHub Pages takes"
    )


def test_every_host_of_the_settings_has_its_limits() -> None:
    assert tuple(HOSTS) == HOST_NAMES


def test_commands_tell_the_weight_and_stop_at_a_limit(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--content", str(site.parent / "content"), "--output", str(site), "--jobs", "1"]
    assert main(["build", *options]) == 0
    assert "files, less than 1 % of what GitHub Pages takes" in capsys.readouterr().out
    monkeypatch.setitem(
        weights.HOSTS, "github-pages", weights.Host("GitHub Pages", size=1_000, traffic=10**11, minutes=10)
    )
    assert main(["build", *options]) == 0  # it is built, and can be looked at
    assert main(["check", *options]) == 1  # but not deployed
    answer = capsys.readouterr()
    assert "too much: the site has" in answer.err
    assert "deployments end after 10 minutes" in answer.err
    assert "a page on average" in answer.out


# --- links -------------------------------------------------------------------------------------------------


def test_a_whole_site_has_no_dead_links(site: Path, tmp_path: Path) -> None:
    assert list(dead(site)) == []
    build(site.parent / "content", tmp_path / "based", jobs=1, base_url="https://news.example/deep/reader/")
    assert list(dead(tmp_path / "based")) == []


def test_dead_links_and_missing_pictures_are_found(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = site / "zh-hans/about.html"
    shown = '<a href="gone.html#x">a</a> <img src="../media/gone.webp" srcset="../media/a.webp 400w, ../media/b.webp 960w"> <a href="../en">e</a> <a href="#main">m</a> <a href="https://a.example/gone.html">w</a> <a href="mailto:a@b.example">m</a>'
    page.write_text(page.read_text("utf-8").replace("</main>", f"{shown}</main>"), "utf-8")
    addresses = ["gone.html#x", "../media/gone.webp", "../media/a.webp", "../media/b.webp"]
    assert list(dead(site)) == [("zh-hans/about.html", address) for address in addresses]
    assert main(["check", "--content", str(site.parent / "content"), "--output", str(site), "--quiet"]) == 1
    assert "dead link: zh-hans/about.html: gone.html#x" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ('<a href="#main">m</a> <a href="../en/about.html#main">m</a> <a href="#:~:text=tide">t</a>', []),
        ('<a href="#gone">g</a> <a href="../en/about.html#gone">g</a>', ["#gone", "../en/about.html#gone"]),
        ('<img src="" alt="">', [""]),
        ('<a href="/en/about.html">a</a> <a href="/site/en/about.html">a</a> <a href="/">h</a>', []),
        ('<a href="/en/gone.html">g</a>', ["/en/gone.html"]),
    ],
)
def test_places_on_pages_and_addresses_from_the_root(site: Path, shown: str, found: list[str]) -> None:
    page = site / "zh-hans/about.html"
    page.write_text(page.read_text("utf-8").replace("</main>", f"{shown}</main>"), "utf-8")
    assert sorted(dead(site)) == sorted(("zh-hans/about.html", address) for address in found)


def test_whole_addresses_in_feeds_and_lists_are_looked_at(site: Path, tmp_path: Path) -> None:
    base = "https://news.example/reader/"
    build(site.parent / "content", tmp_path / "based", jobs=1, base_url=base)
    assert list(dead(tmp_path / "based", base)) == []
    lost = min((tmp_path / "based").glob("en/articles/*.html"))
    lost.unlink()
    files = {file for file, _ in dead(tmp_path / "based", base)}
    assert {"en/feeds/all.xml", "en/feeds/all.json", "en/index.html"} <= files
    assert any(file.startswith("zh-hans/sitemaps/") for file in files)


def test_without_a_site_its_links_are_not_checked(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--content", str(site.parent / "content"), "--output", str(tmp_path / "nothing")]) == 0
    assert "no site is built there" in capsys.readouterr().out


# --- a branch ----------------------------------------------------------------------------------------------


def test_the_branch_holds_the_site_and_nothing_else(site: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "host.git")
    git(tmp_path, "remote", "add", "origin", str(tmp_path / "host.git"))
    first = publish(site, "origin", "gh-pages")
    listed = git(tmp_path / "host.git", "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert set(listed) == {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()} - {
        ".qingdu-files.json"
    } | {".nojekyll"}
    (site / "zh-hans/index.html").write_text("changed", "utf-8")
    second = publish(site, "origin", "gh-pages", "https://news.example/")
    assert first != second == git(tmp_path / "host.git", "rev-parse", "gh-pages")
    assert git(tmp_path / "host.git", "rev-list", "--count", "gh-pages") == "1"  # no history
    assert git(tmp_path / "host.git", "show", "gh-pages:zh-hans/index.html") == "changed"
    assert git(tmp_path / "host.git", "show", "gh-pages:CNAME") == "news.example"
    assert (
        git(tmp_path, "status", "--porcelain") == "?? content/\n?? host.git/\n?? public/"
    )  # the owner's own index is as it was


@pytest.mark.parametrize("base_url", ["https://somebody.github.io/", "https://news.example/reader/", ""])
def test_only_a_site_with_a_name_of_its_own_gets_one(base_url: str, site: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "host.git")
    publish(site, str(tmp_path / "host.git"), "pages", base_url)
    assert "CNAME" not in git(tmp_path / "host.git", "ls-tree", "--name-only", "pages").splitlines()


def test_what_cannot_be_published_is_said(site: Path, tmp_path: Path) -> None:
    with pytest.raises(QingduError, match="holds no site; run `qingdu build` first"):
        publish(tmp_path / "nothing", "origin", "gh-pages")
    with pytest.raises(QingduError, match="publish from a clone"):
        publish(site, "no-such-remote", "gh-pages")
    subprocess.run(["git", "init", "-q", site], check=True)
    with pytest.raises(
        QingduError, match=r"git: 'nowhere' does not appear to be a git repository; publish from a clone"
    ):
        publish(site, "nowhere", "gh-pages")
    shutil.rmtree(site / ".git")
    with pytest.raises(QingduError, match="cannot begin with -"):
        publish(site, "--receive-pack=id", "gh-pages")


# --- new ---------------------------------------------------------------------------------------------------


def test_a_new_site_builds_and_passes_its_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "fresh")]) == 0
    content = tmp_path / "fresh/content"
    options = ["--content", str(content), "--output", str(tmp_path / "fresh/public"), "--jobs", "1"]
    assert main(["build", "--strict", *options]) == 0
    assert main(["check", "--strict", *options]) == 0
    assert "1 article, 0 left out, 0 without a date, 0 without a topic" in capsys.readouterr().out
    assert (tmp_path / "fresh/.gitignore").read_text("utf-8").count("/") >= 4


@pytest.mark.parametrize("commented", [False, True], ids=["as it is", "all switched on"])
def test_the_settings_of_a_new_site_are_right(commented: bool, tmp_path: Path) -> None:
    new_site(tmp_path / "fresh")
    settings = tmp_path / "fresh/content/site.toml"
    if commented:
        lines = settings.read_text("utf-8").splitlines()
        settings.write_text(
            "\n".join(
                line.removeprefix("# ")
                if line.startswith(("# [[", "# ")) and ("=" in line or "[[" in line) and line[2] in "[gnrfls"
                else line
                for line in lines
            ),
            "utf-8",
        )
    from generator.settings import load_settings

    loaded = load_settings(tmp_path / "fresh/content")
    assert (loaded.images, bool(loaded.sources)) == ("local", commented)


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    assert main(["new", str(tmp_path)]) == 2
    assert "is not an empty folder; name one that does not exist yet" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


WRAPPED = "# 第{0}夜的潮声\n\n#### [首页](https://hub.example/{0}) | [频道导航](https://hub.example/c) | [更多](https://hub.example/m)\n\n<div>\n  <p>{0}：{1}</p>\n</div>\n\n---\n\n原文链接：https://island.example/news/{0}.html\n\n扫描二维码关注本镜像，编号 {0}\n"


def test_a_rule_is_guessed_from_what_samples_share(tmp_path: Path) -> None:
    samples, content = tmp_path / "samples", tmp_path / "content"
    samples.mkdir()
    for number in range(11, 16):
        (samples / f"{number}.md").write_text(WRAPPED.format(number, TEXT), "utf-8")
    rule, source = new_mirror("hub", samples, content)
    assert source.read_text("utf-8") == WRAPPED.format(11, TEXT)
    expected = source.with_name("expected.txt").read_text("utf-8")
    assert "wrappers    hub" in expected
    assert "title       第11夜的潮声" in expected
    assert "original    https://island.example/news/11.html" in expected
    assert "频道导航" not in expected.partition("in original")[2]
    assert "二维码" not in expected.partition("in original")[2]
    assert changed_cases(content) == []
    rule.write_text(rule.read_text("utf-8").replace("title =", "# title ="), "utf-8")
    assert "its case is not cleaned as it was" in changed_cases(content)[0]
    source.with_name("expected.txt").unlink()
    assert changed_cases(content) == []
    assert source.with_name("expected.txt").is_file()


def test_front_matter_gives_its_keys_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = tmp_path / "a.md"
    sample.write_text(
        f"---\ntitle: 潮声\nwhen: 2026-10-12\nhref: https://island.example/a.html\nauthor: 林望潮\n---\n<p>{TEXT}</p>\n",
        "utf-8",
    )
    assert main(["new", "mirror", "tide", str(sample), "--content", str(tmp_path / "content")]) == 0
    rule = (tmp_path / "content/mirrors/tide.toml").read_text("utf-8")
    for line in (
        "needs = ['title', 'when', 'href', 'author']",
        "published = ['when']",
        "url = ['href']",
        "# tags = []",
    ):
        assert line in rule
    expected = (tmp_path / "content/mirrors/tide/expected.txt").read_text("utf-8")
    assert "published   2026-10-12" in expected
    assert "original    https://island.example/a.html" in expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new", "mirror", "tide"], "needs a name and a sample"),
        (["new", "a", "b"], "makes one site at a time"),
        (["new", "mirror", "No Name", "x"], "cannot be the name of a mirror"),
        (["new", "mirror", "tide", "/no/such/file"], "there is no such file or folder"),
    ],
)
def test_new_asked_wrongly(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_rule_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(post(1), "utf-8")
    new_mirror("tide", tmp_path / "a.md", tmp_path / "content")
    with pytest.raises(QingduError, match="is there already"):
        new_mirror("tide", tmp_path / "a.md", tmp_path / "content")


def test_the_build_script_publishes(tmp_path: Path) -> None:
    script = (ROOT / "build.sh").read_text("utf-8")
    body = script.split("publish() {")[1].split("\n}\n")[0]
    assert body.index('qingdu" build') < body.index('qingdu" check') < body.index('qingdu" publish')
    assert subprocess.run(["bash", "-n", str(ROOT / "build.sh")], check=False).returncode == 0
