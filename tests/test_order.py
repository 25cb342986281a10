"""The modules stand in the order in which things happen, and import only from above."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import generator
from tests.conftest import ROOT

PACKAGE = ROOT / "generator"
ORDER = re.findall(r"^    (\w+) {2,}\S", generator.__doc__ or "", re.M)
FILES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py")


def module_of(file: Path) -> str:
    """Name the module or package of the order to which a file belongs."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    """Give the modules of ours that a file imports, at the top or inside of a function."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide where a module stands"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            first, _, rest = name.partition(".")
            if first == "generator":
                yield rest.partition(".")[0]


def late(source: str, here: str) -> list[str]:
    """Give the modules that a source imports although they come after it."""
    known = {name for name in imports(ast.parse(source)) if name != here and not name.startswith("__")}
    return sorted(name for name in known if name not in ORDER or ORDER.index(name) > ORDER.index(here))


def test_the_list_names_every_module_once() -> None:
    missing = {module_of(file) for file in FILES} - set(ORDER)
    assert not missing, f"generator/__init__.py does not say where these stand: {sorted(missing)}"
    assert set(ORDER) == {module_of(file) for file in FILES}
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_above(file: Path) -> None:
    here = module_of(file)
    if here not in ORDER:
        pytest.skip("its place is not said, which is a failure of its own")
    found = [name for name in late(file.read_text("utf-8"), here) if name in ORDER]
    assert not found, f"{here} imports {', '.join(found)}, which come after it in generator/__init__.py"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from generator.cli import main", ["cli"]),
        ("import generator.build", ["build"]),
        ("from generator import serve, errors", ["serve"]),
        ("def f():\n    from generator.pages import plan", ["pages"]),
        ("from generator import __version__\nfrom generator.errors import QingduError", []),
        ("from generator.cleaning.workspace import select", []),
    ],
)
def test_an_import_from_below_is_seen(source: str, found: list[str]) -> None:
    assert late(source, "cleaning") == found


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not {"utils", "helpers", "common", "base", "manager", "misc"} & {file.stem for file in FILES}
