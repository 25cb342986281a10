"""A site to start from, and a mirror family with its case, guessed from sample documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from generator import __version__, documents
from generator.errors import QingduError
from generator.explain import explain
from generator.mirrors import DEFAULT_FRONT_MATTER
from generator.mirrors.front_matter import split
from generator.models import LeftOut

#: What a new site holds: the shipped file, and where it goes.
_STARTER = {
    "site.toml": "content/site.toml",
    "welcome.md": "content/articles/welcome.md",
    "pages.yml": ".github/workflows/pages.yml",
    "gitignore": ".gitignore",
}
#: What a case's document becomes.
EXPECTED = "expected.txt"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
#: How many lines of a head or a foot are looked at, and in which part of the samples a line has to stand.
_EDGE, _COMMON = 12, 0.6
_WORDS = re.compile(r"[^\W\d_]{2}")
_SPECIAL = re.compile(r"([\\.^$*+?{}\[\]|()])")
_FIELDS = {
    "url": re.compile(r"https?://\S+\Z"),
    "published": re.compile(r"\d{4}[-/]\d\d?[-/]\d\d?|\w{3}, \d\d? \w{3} \d{4}"),
}


def new_site(folder: Path) -> list[str]:
    """Make a site that builds; returns what was made. Raises QingduError for a folder that holds something."""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise QingduError(str(folder), "is not an empty folder", "name one that does not exist yet")
    for name, place in _STARTER.items():
        text = (files("generator") / "starter" / name).read_text("utf-8")
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("{version}", __version__), "utf-8")
    return list(_STARTER.values())


def new_mirror(name: str, sample: Path, content: Path) -> tuple[Path, Path]:
    """Write ``mirrors/<name>.toml`` with what a sample (a document, or a folder of them) gives away, and a case for it.

    Returns the rule and the case's document. Raises QingduError for a name that is taken or a sample without documents.
    """
    rule, case = content / "mirrors" / f"{name}.toml", content / "mirrors" / name
    if not _NAME.match(name):
        raise QingduError(name, "cannot be the name of a mirror", "use small letters, digits and -")
    if rule.exists() or case.exists():
        raise QingduError(str(rule), "is there already", "choose another name, or delete it yourself")
    found = _samples(sample)
    texts = [text for _, text in found]
    case.mkdir(parents=True)
    source = case / f"source{found[0][0].suffix.lower()}"
    source.write_text(texts[0], "utf-8")
    rule.write_text(_rule(name, texts), "utf-8")
    (case / EXPECTED).write_text(outcome(source, content), "utf-8")
    return rule, source


def outcome(source: Path, content: Path) -> str:
    """What becomes of a case's document, with nothing learnt from others: the words of `qingdu explain`, and the text."""
    return "\n".join(line.rstrip() for line in explain(source, content, "original", alone=True)) + "\n"


def changed_cases(content: Path) -> list[str]:
    """The mirrors' cases whose document is no longer cleaned as it was; a case without a result gets its first."""
    changed: list[str] = []
    for source in sorted((content / "mirrors").glob("*/source.*")):
        expected, now = source.with_name(EXPECTED), outcome(source, content)
        if not expected.is_file():
            expected.write_text(now, "utf-8")
        elif expected.read_text("utf-8") != now:
            changed.append(
                f"mirrors/{source.parent.name}: its case is not cleaned as it was; "
                f"when `qingdu explain {source}` is right, delete {expected} and check again"
            )
    return changed


def _samples(sample: Path) -> list[tuple[Path, str]]:
    if not sample.exists():
        raise QingduError(str(sample), "there is no such file or folder", "name a document of the mirror, or a folder")
    places = [documents.Found(sample, sample.name)] if sample.is_file() else list(documents.find(sample))
    read = ((place.file, documents.read(place)) for place in places[:500])
    found = [(file, one.text) for file, one in read if not isinstance(one, LeftOut)]
    if not found:
        raise QingduError(str(sample), "holds no document", "name a Markdown or HTML file, or a folder of them")
    return found


def _rule(name: str, texts: list[str]) -> str:
    """The text of a rule file: what was guessed, and what an owner may add, each with its comment."""
    fronts = [front for text in texts if (front := split(text))]
    head = [
        f"# {name}: guessed from {len(texts)} document{'s' if len(texts) > 1 else ''}. `qingdu explain FILE` shows what it does."
    ]
    if fronts:
        return "\n".join([*head, *_front_matter([values for values, _ in fronts])]) + "\n"
    return "\n".join([*head, *_wrapper(texts)]) + "\n"


def _front_matter(fronts: list[dict[str, object]]) -> list[str]:
    """The keys that all samples have, and which of them says what."""
    keys = [key for key in fronts[0] if all(key in front for front in fronts)]
    lines = [
        "[front_matter]",
        f"needs = {_list(keys)}  # all of them mark this family; leave out what others have as well",
    ]
    for fact, usual in DEFAULT_FRONT_MATTER.items():
        chosen = [key for key in usual if key in keys]
        pattern = _FIELDS.get(fact)
        if pattern and not chosen:
            chosen = [key for key in keys if all(pattern.match(str(front[key])) for front in fronts)]
        lines.append(f"{fact} = {_list(chosen)}" if chosen else f"# {fact} = []")
    return lines


def _wrapper(texts: list[str]) -> list[str]:
    """The first and last lines that the samples share, as patterns; one sample gives its first line alone."""
    edges = [[line for line in text.splitlines() if line.strip()] for text in texts]
    heads = _shared(lines[:_EDGE] for lines in edges)
    feet = [line for line in _shared(lines[-_EDGE:] for lines in edges) if line not in heads]
    detect = heads[:1] + feet[:1] or [_pattern(edges[0][0])]
    return [
        f"detect = {_list(detect)}  # all must be found; what lacks one is not of this family",
        _line("title", _title(texts[0]), "one group: the headline"),
        _line("url", _original(texts), "one group: the address of the original"),
        f"remove = {_list(heads)}  # rows of the mirror's own, wherever they stand",
        _line("foot", feet[0] if feet else "", "from this line on everything is the mirror's own"),
    ]


def _line(key: str, pattern: str, meaning: str) -> str:
    return f"{key} = {_text(pattern)}  # {meaning}" if pattern else f"# {key} = ''  # {meaning}"


def _title(text: str) -> str:
    if re.match(r"\s*(?:#+ +)?\[.+\]\(\S+\)", text):
        return r"\A\s*(?:#+ +)?\[(.+)\]\(\S+\)"
    return r"\A\s*#+ +(.+)$" if re.match(r"\s*#+ +\S", text) else ""


def _original(texts: list[str]) -> str:
    """The words before the address of the original, as mirrors name it."""
    for line in (line for text in texts for line in text.splitlines()):
        if match := re.match(r"(.{0,40}(?:原文|出处|出處|来源|來源|original|source).{0,40}?)https?://", line, re.I):
            return _pattern(match[1]).removesuffix(r"\s*$") + r"\s*(https?://[^\s)\"'>]+)"
    return ""


def _shared(edges: Iterable[list[str]]) -> list[str]:
    counts: Counter[str] = Counter()
    samples = 0
    for lines in edges:
        samples += 1
        counts.update(
            list(dict.fromkeys(_pattern(line) for line in lines if _WORDS.search(re.sub(r"<[^>]*>", "", line))))
        )
    return [line for line, count in counts.items() if samples > 1 and count >= samples * _COMMON]


def _pattern(line: str) -> str:
    """A line as a pattern for its like: numbers and addresses may differ."""
    parts = re.split(r"(https?://[^\s)\"'>]+|\d+)", " ".join(line.split()))
    made = (
        r"\S+?"
        if part.startswith("http")
        else r"\d+"
        if part.isdigit()
        else _SPECIAL.sub(r"\\\1", part).replace(" ", r"\s+")
        for part in parts
    )
    return f"^{''.join(made)}\\s*$"


def _list(values: list[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _text(value: str) -> str:
    return (
        f"'{value}'"
        if "'" not in value and "\n" not in value
        else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
