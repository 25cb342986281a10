"""The workflow for GitHub Pages: what it may do, and its steps run here as GitHub would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.scaffold import new_site
from tests.conftest import ROOT
from tests.repositories import Mirror, git, post
from tests.sites.checks import Site

STARTER = ROOT / "generator/starter/pages.yml"
OURS = ROOT / ".github/workflows/pages.yml"
VERSIONS = {
    "actions/checkout": "v6",
    "actions/setup-python": "v6",
    "actions/configure-pages": "v6",
    "actions/cache": "v5",
    "actions/upload-pages-artifact": "v5",
    "actions/deploy-pages": "v5",
}


def workflow(path: Path = STARTER) -> dict[Any, Any]:
    """Read a workflow; the key ``on`` is True to YAML."""
    read: dict[Any, Any] = yaml.safe_load(path.read_text("utf-8"))
    return read


def steps(job: str) -> list[dict[str, Any]]:
    """List the steps of a job."""
    listed: list[dict[str, Any]] = workflow()["jobs"][job]["steps"]
    return listed


def test_our_own_is_the_one_that_new_sites_get() -> None:
    ours, theirs = (re.sub(r"(?m)^  QINGDU: .*$", "", path.read_text("utf-8")) for path in (OURS, STARTER))
    assert ours == theirs
    assert '\n  QINGDU: "." #' in OURS.read_text("utf-8")
    assert '\n  QINGDU: "qingdu=={version}" #' in STARTER.read_text("utf-8")


def test_it_may_do_no_more_than_it_needs() -> None:
    read = workflow()
    assert read["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in read["jobs"].items()} == {
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert read["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    assert set(read[True]) == {"push", "schedule", "workflow_dispatch"}
    assert steps("build")[0]["with"] == {"persist-credentials": False}


def test_it_uses_the_actions_of_today() -> None:
    used = dict(step["uses"].split("@") for job in ("build", "deploy") for step in steps(job) if "uses" in step)
    assert used == VERSIONS


def test_no_step_pastes_what_others_wrote_into_a_script() -> None:
    assert [step["run"] for step in steps("build") if "${{" in step.get("run", "")] == []


def run_steps(site: Path, base_url: str) -> str:
    """Run the build job's own commands in a clone, as the runner does; gives what they say.

    Left out is what GitHub provides (checkout, Python, the cache, the artifact) and the installation, which
    tests/test_packaging.py tries: the command of this environment stands in its place.
    """
    said = ""
    kept = {"HOME": str(site), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for step in steps("build"):
        if "run" not in step or step["name"] == "Install the generator":
            continue
        given = {
            name: value.replace("${{ steps.pages.outputs.base_url }}", base_url)
            for name, value in step.get("env", {}).items()
        }
        answer = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=site,
            env={**kept, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, (step["name"], answer.stdout, answer.stderr)
        said += answer.stdout
    return said


@pytest.mark.slow
def test_its_steps_build_a_site_from_a_mirror_twice(tmp_path: Path) -> None:
    """A clean clone, then a second one that gets the first one's store from the cache."""
    mirror = Mirror(tmp_path / "mirror", posts=6)
    new_site(tmp_path / "owner")
    settings = tmp_path / "owner/content/site.toml"
    block = f'[[mirrors]]\ngit = "{mirror.address}"\nname = "news"\nfolder = "pages"\nlimit = 5\n'
    settings.write_text(settings.read_text("utf-8") + block, "utf-8")
    git(tmp_path / "owner", "init", "--quiet", "--initial-branch=main")
    git(tmp_path / "owner", "add", "--all")
    git(tmp_path / "owner", "commit", "--quiet", "--message", "A site")

    git(tmp_path, "clone", "--quiet", "owner", "first")
    said = run_steps(tmp_path / "first", "https://somebody.github.io/reader")
    assert "news: 5 documents at" in said
    assert "6 articles" in said  # five of the mirror, and the sample
    site = Site(tmp_path / "first/public", "/reader/")
    assert "https://somebody.github.io/reader/zh-hans/" in site.markup("sitemap.xml")
    assert 'href="/reader/zh-hans/index.html"' in site.markup("404.html")
    assert git(tmp_path / "first", "status", "--porcelain") == ""

    mirror.push({"pages/7.md": post(7)})
    git(tmp_path, "clone", "--quiet", "owner", "second")
    cache = steps("build")[3]["with"]["path"]
    (tmp_path / "first" / cache).rename(tmp_path / "second" / cache)
    again = run_steps(tmp_path / "second", "https://somebody.github.io/reader")
    assert "news: 5 documents at" in again
    pages = Site(tmp_path / "second/public").pages
    assert any("第7夜" in Site(tmp_path / "second/public").markup(page) for page in pages)
    assert not (tmp_path / "second/content/news/pages/2.md").exists()  # the oldest made room
