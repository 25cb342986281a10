"""TOML files that people write, settings and rules: read, and checked value by value; an error says the line and what is known."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from generator.errors import ConfigError


def read_toml(path: Path, name: str = "") -> dict[str, Any]:
    """Read a TOML file; raises ConfigError with the line when it does not parse."""
    name = name or str(path)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(name, f"cannot be read ({error})", "make it a readable UTF-8 file") from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(
            f"{name}:{_syntax_line(error, text)}", f"this is not TOML: {error}", "mend that line"
        ) from None


def _syntax_line(error: Exception, text: str) -> int:
    match = re.search(r"\(at line (\d+)", str(error))
    return int(match[1]) if match else text.count("\n", 0, -1) + 1  # else "at end of document"


@contextmanager
def lines_of(path: Path, name: str) -> Iterator[None]:
    """Errors about a TOML file that are raised inside say the line: ``name:12: key: what; what to do``."""
    try:
        yield
    except ConfigError as error:
        keys = _keys(error.where.removeprefix(name), error.key)
        line = line_of(path.read_text("utf-8"), keys) if path.is_file() else 0
        inside = error.where.removeprefix(name).strip()
        what = f"{inside}: {error.what}" if inside else error.what
        raise ConfigError(f"{name}:{line}" if line else name, what, error.todo) from None


def _keys(where: str, key: str) -> list[str | int]:
    """The way to a value, from how errors name it: ``editions #2`` is the second item of ``editions``."""
    parts = re.findall(r"#(\d+)|([^\s.#\[\]]+)", where)
    return [*(int(number) - 1 if number else word for number, word in parts), *([key] if key else [])]


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The line on which a value of a TOML text begins; that of the nearest table round it; 0 when there is neither."""
    lines, start = text.splitlines(keepends=True), 0
    for end in range(1, len(lines) + 1 if keys else 0):
        try:
            given: Any = tomllib.loads("".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue  # within a value of several lines
        if _holds(given, keys):
            return start + 1
        start = end
    return line_of(text, keys[:-1]) if keys else 0


def _holds(given: Any, keys: Sequence[str | int]) -> bool:
    for key in keys:
        try:
            given = given[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def rule_files(kind: str, folders: Iterable[Path]) -> list[tuple[str, Path]]:
    """(name, file) of every shipped rule of a kind and of those in the folders, which win over a shipped one."""
    shipped = {
        Path(str(f)).stem: Path(str(f)) for f in (files("generator") / kind).iterdir() if f.name.endswith(".toml")
    }
    own = {file.stem: file for folder in folders if folder.is_dir() for file in folder.glob("*.toml")}
    return sorted({**shipped, **own}.items())


def is_shipped(path: Path) -> bool:
    """Whether a rule file is one of ours, which the tests have tried."""
    return path.is_relative_to(Path(str(files("generator"))))


def check_keys(where: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ConfigError for a key that is not known, with the nearest known one."""
    known = sorted(known)
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"the known keys are {', '.join(known)}"
            raise ConfigError(where, f"unknown key {key!r}", hint, key)


def expect(where: str, value: object, kind: type, what: str) -> Any:
    """The value, when it is of the kind wanted; raises ConfigError otherwise."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ConfigError(where, f"{value!r} is not {what}", f"write {what}")
    return value


def words(where: str, value: object) -> dict[str, str]:
    """A text by locale; a plain string stands for every locale (key "")."""
    if isinstance(value, str):
        return {"": value}
    table: dict[str, Any] = expect(where, value, dict, "a text or a table of texts by locale")
    return {str(locale): expect(f"{where}.{locale}", text, str, "a text") for locale, text in table.items()}


def strings(where: str, value: object) -> tuple[str, ...]:
    """A list of texts as a tuple."""
    items: list[Any] = expect(where, value, list, "a list of texts")
    return tuple(expect(where, item, str, "a text") for item in items)


def one_of(where: str, value: object, known: tuple[str, ...]) -> str:
    """The value, when it is one of those known."""
    if value not in known:
        raise ConfigError(where, f"{value!r} is not known", f"write one of {', '.join(known)}")
    return str(value)


def within(where: str, value: object, least: int, most: int) -> int:
    """A whole number of the range."""
    number: int = expect(where, value, int, "a whole number")
    if not least <= number <= most:
        raise ConfigError(where, f"{number} is out of range", f"write a number from {least} to {most}")
    return number
