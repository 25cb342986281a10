"""The golden cases: every document in `tests/articles/` gives exactly what its ``expected.html`` says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.models import Article
from generator.sanitizer import sanitize
from tests.conftest import ROOT
from tests.golden import EXPECTED, cases, outcome, render, settings_of

CASES = cases()
NAME = re.compile(r"(?P<mirror>[a-z-]+?)--(?P<rest>[a-z0-9-]+)\Z")
GENERIC = ("front-matter", "saved-page", "markdown", "none")


def shipped(kind: str) -> list[str]:
    """List the names of the shipped rule files of a kind."""
    return sorted(file.stem for file in (ROOT / "generator" / kind).glob("*.toml"))


def parameters() -> list[object]:
    """Give every case; one whose bug is known is expected to fail until the bug is mended."""
    result: list[object] = []
    for case in CASES:
        bug = settings_of(case).get("known_bug", "")
        marks = [pytest.mark.xfail(strict=True, reason=bug)] if bug else []
        result.append(pytest.param(case, id=case.name, marks=marks))
    return result


@pytest.mark.parametrize("case", parameters())
def test_gives_what_is_expected(case: Path) -> None:
    expected = case / EXPECTED
    assert expected.is_file(), f"{case.name} has no {EXPECTED}: run ./build.sh golden and read what it wrote"
    assert render(outcome(case)) == expected.read_text("utf-8"), (
        f"{case.name} gives something else: run ./build.sh golden and judge the diff"
    )


@pytest.mark.parametrize("mirror", [*shipped("mirrors"), *GENERIC])
def test_every_mirror_family_has_a_case(mirror: str) -> None:
    assert [case for case in CASES if case.name.startswith(f"{mirror}--")], f"no case tests/articles/{mirror}--…"


@pytest.mark.parametrize("publisher", shipped("publishers"))
def test_every_publisher_has_a_case(publisher: str) -> None:
    assert [case for case in CASES if f"--{publisher}-" in case.name], f"no case tests/articles/…--{publisher}-…"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_named_after_its_mirror_and_publisher(case: Path) -> None:
    name = NAME.match(case.name)
    assert name, "a case is called <mirror>--<publisher>-<slug>"
    expected = (case / EXPECTED).read_text("utf-8")
    if "\nleft out: " in expected:
        return
    publisher = re.search(r"^publisher: (.*)$", expected, re.M)
    mirrors = re.search(r"^mirrors:(.*)$", expected, re.M)
    assert publisher
    assert mirrors
    assert name["rest"].startswith(f"{publisher[1]}-")
    assert name["mirror"] in (mirrors[1].replace(",", " ").split() or ("markdown", "none"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_comes_out_sanitised(case: Path) -> None:
    result = outcome(case)
    if isinstance(result, Article):
        assert sanitize(result.html) == result.html
