"""Every regular expression of ours and of our rules is tried on texts made to stumble over; those of others are refused."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import generator
from generator.cleaning.leads import known_lines
from generator.errors import ConfigError
from generator.mirrors import load_mirrors
from generator.patterns import endless, refuse_endless
from generator.publishers import load_publishers
from tests.conftest import ROOT

#: Patterns that are only matched from the start of a short text: what the search would take does not happen.
ANCHORED = {"generator.cleaning.body._CREDIT"}


def compiled() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of ours holds by name."""
    for module in pkgutil.walk_packages(generator.__path__, "generator."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


def written() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that stands in the code where it is used."""
    for file in sorted((ROOT / "generator").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                first = node.args[0]
                if (
                    isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and "compile" not in ast.unparse(node.func)
                ):
                    yield f"{file.name}:{node.lineno}", re.compile(first.value)


def rules() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern of the shipped mirrors and publishers, and of the lines that are no text."""
    yield from ((f"lines.toml {name}", rule) for name, rule in known_lines().items())
    for mirror in load_mirrors():
        single = (*mirror.facts.values(), mirror.foot, mirror.folder)
        for rule in (*mirror.detect, *mirror.remove, *single):
            if rule is not None:
                yield f"{mirror.name} {rule.pattern[:40]}", rule
    for publisher in load_publishers(ROOT / "content/publishers").known.values():
        for text in (
            publisher.id,
            *publisher.date,
            *publisher.page_date,
            *publisher.lines,
            *publisher.end,
            *publisher.credits,
        ):
            yield f"{publisher.slug} {text[:40]}", re.compile(text, re.M)


def test_no_pattern_of_ours_runs_without_end() -> None:
    found = {name: piece for name, rule in (*compiled(), *written(), *rules()) if (piece := endless(rule))}
    assert set(found) <= ANCHORED, found


@pytest.mark.parametrize(
    "text",
    [
        r"(a+)+b", r"(a|a)*b", r"(a|aa)+$", r"(\w*\s*)*x", r"(.*)*x", r".*.*.*x", r"^(\s*\w+)+\s*$", r"(x+x+)+y", r"(?:(?:a+)+)+b",
        r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(\d+)*年", r"(a{1,30}){1,30}b", r"(?:ab|a|b)+c", r"(?:文|文文)*好", r"(?=(\s*\w*)*x)y",
    ],
)  # fmt: skip
def test_a_pattern_that_runs_without_end_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="could run without end"):
        refuse_endless({"remove": [text]}, ["remove"])


@pytest.mark.parametrize(
    "text",
    [
        r"([a-z]+-)+x",
        r"a+b+c+",
        r"(?:[^<]|<(?!p))*</p>",
        r"(中文*)*好",
        r"^#{4} \[.*$",
        r"(?:a?){12}b",
        r"(?>a+)+b",
        r"(?:\d{4}年)?\d+月",
    ],
)
def test_a_pattern_that_comes_to_its_end_is_accepted(text: str) -> None:
    refuse_endless({"remove": [text]}, ["remove"])


def test_rules_of_a_site_are_tried(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("detect = ['x']\n\nremove = [\n  'y',\n  '(a+)+$',\n]\n", "utf-8")
    with pytest.raises(ConfigError, match=r"mirrors/own\.toml:3: remove: '\(a\+\)\+\$' could run without end"):
        load_mirrors(tmp_path)
