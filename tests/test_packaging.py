"""The built package: everything is inside, and `qingdu` works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from generator import __version__
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

SITE = """\
page_size = 10
[title]
zh-Hans = "小站"
"""
TITLE = "河口的灯塔重新亮起"
PAGE = f"""\
<!doctype html>
<html lang="zh-Hans">
<head><meta charset="utf-8"><title>{TITLE}</title></head>
<body><article>
<h1>{TITLE}</h1>
<p>熄灭了十一年的灯塔在星期三晚上重新亮起。守塔人说，渔船又能在雾里找到回家的路了。</p>
<p>镇上的孩子们提着灯笼走到堤上，数着光柱一圈一圈地扫过海面，直到涨潮才肯回去。</p>
<p>修复用了两个夏天，所用的透镜是从旧仓库里找到的，擦干净以后一道裂纹也没有。</p>
</article></body>
</html>
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from that sdist; no network is needed."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert [path.name for path in folder.glob("*.tar.gz")] == [f"qingdu-{__version__}.tar.gz"]
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own; the dependencies are lent by this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-index"]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), "install", *options, str(wheel)], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    # A plain path: what a .pth file there says (the checkout, for one) is not followed.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return folder


def outside(installed: Path, folder: Path, *command: str) -> str:
    """Run an installed command in a folder outside of the checkout; returns what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(installed / "bin" / command[0]), *command[1:]],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def kept_by_git(folder: str) -> set[str]:
    """List the files under a folder of the checkout, without what Python caches."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".DS_Store"
    }


def test_everything_is_inside_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    code = kept_by_git("generator")
    beside = {f"generator/{name}" for folder in ("templates", "static") for name in kept_by_git(folder)}
    assert inside == code | beside


@pytest.mark.parametrize(
    "pattern",
    [
        "generator/py.typed",
        "generator/topics.toml",
        "generator/topics.tsv",
        "generator/mirrors/*.toml",
        "generator/publishers/*.toml",
        "generator/locales/*.toml",
        "generator/templates/*.html",
        "generator/static/*.css",
    ],
)
def test_each_kind_of_data_is_inside(wheel: Path, pattern: str) -> None:
    assert any(Path(name).match(pattern) for name in zipfile.ZipFile(wheel).namelist())


def test_metadata_says_what_pyproject_says(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    archive = zipfile.ZipFile(wheel)
    metadata = archive.read(f"qingdu-{__version__}.dist-info/METADATA").decode()
    assert f"\nVersion: {__version__}\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    extras = project["optional-dependencies"]
    assert metadata.count("\nProvides-Extra: ") == len(extras)
    assert metadata.count("\nRequires-Dist: ") == len(project["dependencies"]) + sum(map(len, extras.values()))


def test_the_command_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = outside(installed, tmp_path, "python", "-c", "import generator; print(generator.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    assert __version__ in outside(installed, tmp_path, "qingdu", "--version")


def test_a_site_is_built_outside_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    article = tmp_path / "content" / "harbour" / "2026" / "lighthouse.html"
    article.parent.mkdir(parents=True)
    article.write_text(PAGE, "utf-8")
    (tmp_path / "content" / "site.toml").write_text(SITE, "utf-8")
    outside(installed, tmp_path, "qingdu", "build", "--content", "content", "--output", "out")
    pages = [path.read_text("utf-8") for path in (tmp_path / "out").rglob("*.html")]
    assert any(TITLE in page for page in pages)
    assert list((tmp_path / "out").rglob("*.css"))
