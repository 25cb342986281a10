"""content/ -> cleaned articles, by way of the store: only what changed is read and cleaned, over processes.

What repeats across documents is known only when all have been read. So each is cleaned as far as it can be alone, lies
in a spool meanwhile, and is cleaned to the end with what the whole folder taught.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator import boilerplate, documents, mirrors
from generator.boilerplate import Boilerplate, Repeats
from generator.cleaning import Prepared, finish, prepare
from generator.cleaning.pictures import is_picture_file
from generator.errors import QingduError
from generator.library import shelve
from generator.models import Article, Document, LeftOut, Library
from generator.parallel import cores, shared_folder, spread
from generator.places import KEPT, TICK
from generator.provenance import origins
from generator.publishers import Publishers, load_publishers
from generator.records import Known, Result, pack
from generator.settings import Settings, check_base_url, load_settings
from generator.spool import Place, Spool, packed
from generator.stamps import code, fields_of, key_of, text_of
from generator.store import Store, open_store

#: Told what is being done and how far it is: (stage, done, of).
Progress = Callable[[str, int, int], None]
#: What `qingdu check --learn` keeps in the content folder, for smaller batches to come.
LEARNT = f"{KEPT}/boilerplate.json"
#: Settings that only the pages see; any other that changes has everything cleaned again.
_OF_PAGES = (
    *("content", "title", "description", "base_url", "noindex", "page_size", "editions", "regional", "quotes"),
    *("canonical", "feeds", "books", "images", "picture_width", "picture_quality", "sources", "host", "offline"),
)
#: What a publisher or a mirror is recognised by: when it changes, any document may be somebody else's.
_RECOGNISED_BY = ("slug", "name", "hosts", "aliases", "detect")


#: Results that are kept at once: on a large site all of them would fill the memory.
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is known before the first document is read."""

    settings: Settings
    mirrors: tuple[mirrors.Mirror, ...]
    publishers: Publishers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading and cleaning a content folder gave."""

    rules: Rules
    library: Library
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    learnt: Boilerplate


def load_rules(content: Path, base_url: str | None = None, rules: bool = True) -> Rules:
    """Settings, mirrors and publishers; ``rules=False`` leaves every rule file out."""
    settings = load_settings(content)
    if base_url is not None:
        settings = replace(settings, base_url=check_base_url(base_url))
    if not rules:
        return Rules(settings, (), Publishers(()))
    return Rules(settings, mirrors.load_mirrors(content / "mirrors"), load_publishers(content / "publishers"))


def prepare_one(rules: Rules, found: documents.Found) -> Prepared | LeftOut:
    """Read, unwrap and clean one document as far as it can be cleaned alone."""
    document = documents.read(found, rules.settings.limits)
    return document if isinstance(document, LeftOut) else _prepared(rules, document)


def _prepared(rules: Rules, document: Document) -> Prepared | LeftOut:
    try:
        draft = mirrors.unwrap(document, rules.mirrors, rules.settings.limits)
        return draft if isinstance(draft, LeftOut) else prepare(draft, rules.publishers, rules.settings)
    except Exception as error:
        return _fault(document.path, error)


def finish_one(rules: Rules, prepared: Prepared, repeats: Repeats) -> Article | LeftOut:
    """The article of a prepared document, or why there is none."""
    try:
        return finish(prepared, repeats, rules.settings)
    except Exception as error:
        return _fault(prepared.draft.document.path, error)


def _fault(path: str, error: Exception) -> LeftOut:
    """A document on which the generator stumbles is left out, and the build goes on; what the owner wrote stops it."""
    if isinstance(error, QingduError):
        raise error
    return LeftOut(path, "fault", f"the generator stumbled ({type(error).__name__}: {error}); please report it")


def collect(rules: Rules, store: Store | None = None, jobs: int = 0, progress: Progress | None = None) -> Outcome:
    """All articles of a content folder. What the store knows is taken from it, and it learns the rest."""
    store = store or open_store(None)
    tell = progress or (lambda stage, done, of: None)
    shared = shared_folder()
    with Spool(shared or store.file.parent, named=bool(shared)) as spool:
        held = _read_all(rules, store, spool, jobs or cores(), tell)
        learnt = boilerplate.merge(
            boilerplate.load(rules.settings.content / LEARNT),
            boilerplate.learn(one.known.sample for one in held if one.known.sample),
        )
        keys = _finish_all(rules, store, held, learnt, spool, jobs or cores(), tell)
    results = list(store.results(keys))
    articles = [one for one in results if isinstance(one, Article)]
    before = store.notes("stories")
    noted = _Asked(before["known"] if before.get("code") == code() else {})
    library, copies, warnings = shelve(articles, rules.settings.topics, rules.publishers, noted)
    if before.get("code") != code() or before["known"].keys() != noted.asked:
        store.note("stories", {"code": code(), "known": {key: noted[key] for key in sorted(noted.asked)}})
    library = replace(library, origins=origins(rules.settings.content, (a.path for a in articles)))
    left_out = [*copies, *(one for one in results if isinstance(one, LeftOut))]
    return Outcome(rules, library, tuple(sorted(left_out, key=lambda o: o.path)), tuple(warnings), learnt)


class _Asked(dict[str, Any]):
    """What earlier builds found, and which of it this one asked for."""

    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__(known)
        self.asked: set[str] = set()

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def keep_learnt(outcome: Outcome) -> Path:
    """Keep what the folder taught, so that a smaller batch in its place profits from it; returns the file."""
    file = outcome.rules.settings.content / LEARNT
    file.parent.mkdir(exist_ok=True)
    file.write_text(boilerplate.dump(outcome.learnt), "utf-8")
    return file


def _read_all(rules: Rules, store: Store, spool: Spool, jobs: int, tell: Progress) -> list[_Held]:
    """Every document of the folder; those that changed are read, and cleaned as far as they can be alone."""
    before = store.documents()
    stamps = RuleStamps(rules)
    held: list[_Held] = []
    changed: list[_Work] = []
    for found in documents.find(rules.settings.content):
        look, old = _look(found.file), before.get(found.path)
        usable = old is not None and _still_holds(old, stamps, rules.settings)
        if usable and old and look and old.look == look:
            held.append(_Held(found, old))
        else:
            changed.append(_Work(found, look, old if usable else None))
    for done, (known, data) in enumerate(spread(_read_one, changed, (rules, stamps), jobs), 1):
        tell("reading", done, len(changed))
        held.append(_Held(changed[done - 1].found, known, spool.add(data) if data else None, fresh=True))
    return sorted(held, key=lambda one: one.found.path)


@dataclass(frozen=True, slots=True)
class _Work:
    """A file to be read, and what is known of it when only its look has changed."""

    found: documents.Found
    look: str
    old: Known | None


@dataclass(frozen=True, slots=True)
class _Held:
    """A document of the folder with what is known of it, and where the half cleaned one lies if it was just read."""

    found: documents.Found
    known: Known
    place: Place | None = None
    fresh: bool = False


def _read_one(state: tuple[Rules, RuleStamps], work: _Work) -> tuple[Known, bytes]:
    """Read a document, and prepare it unless its bytes are the ones that the store knows."""
    rules, stamps = state
    document = documents.read(work.found, rules.settings.limits)
    digest = document.sha256 if isinstance(document, Document) else f"{document.reason}: {document.detail}"
    if work.old and work.old.digest == digest:
        return replace(work.old, look=work.look), b""
    one = _prepared(rules, document) if isinstance(document, Document) else document
    if isinstance(one, LeftOut):
        made_by = stamps.of(None, "")
        known = Known(work.found.path, work.look, digest, made_by, "", ("*",), "", (), None)
    else:
        looked = tuple((p, True) for p in one.pictures) + tuple((p, False) for p in one.missing)
        used, slug = one.draft.mirrors, one.publisher.slug
        made_by = stamps.of(used, slug)
        known = Known(work.found.path, work.look, digest, made_by, "", used, slug, looked, one.sample())
    known = replace(known, key=key_of(known.path, digest, made_by, repr(known.looked_for)))
    return known, packed(one)


def _finish_all(
    rules: Rules, store: Store, held: list[_Held], learnt: Boilerplate, spool: Spool, jobs: int, tell: Progress
) -> list[str]:
    """The keys of all results; what the store has not yet is cleaned to the end with what repeats elsewhere."""
    anything = learnt.all()
    kept, before = store.keys(), store.documents().keys()
    keys: list[str] = []
    work: list[_Rest] = []
    for number, one in enumerate(held):
        key, sample = one.known.key, one.known.sample
        repeats: Repeats = ()
        if sample and not (anything.isdisjoint(sample.lines) and anything.isdisjoint(sample.links)):
            repeats = learnt.of(sample)
            key = key_of(key, repr([(scope, sorted(lines), sorted(links)) for scope, lines, links in repeats]))
        if key not in kept:
            work.append(_Rest(number, one.found, one.place, repeats, key))
        keys.append(key)
    fresh: list[Result] = []
    stumbled: set[int] = set()
    for done, (result, fault) in enumerate(spread(_finish_rest, work, (rules, spool), jobs), 1):
        tell("cleaning", done, len(work))
        fresh.append(result)
        if fault:
            stumbled.add(work[done - 1].number)
        if len(fresh) == _AT_ONCE or done == len(work):
            store.keep(fresh)
            fresh.clear()
    read = [
        replace(one.known, made_by="") if number in stumbled else one.known  # it is tried again by the next build
        for number, one in enumerate(held)
        if one.fresh or number in stumbled
    ]
    store.settle(read, before - {one.found.path for one in held}, set(keys), kept)
    return keys


@dataclass(frozen=True, slots=True)
class _Rest:
    """A document to be cleaned to the end: its number, where it lies half cleaned, what of it repeats, the result's key."""

    number: int
    found: documents.Found
    place: Place | None
    repeats: Repeats
    key: str


def _finish_rest(state: tuple[Rules, Spool], work: _Rest) -> tuple[Result, bool]:
    """The result of a document, and whether the generator stumbled on it."""
    rules, spool = state
    one = spool.get(work.place) if work.place else prepare_one(rules, work.found)
    result = one if isinstance(one, LeftOut) else finish_one(rules, one, work.repeats)
    return pack(work.key, result), isinstance(result, LeftOut) and result.reason == "fault"


def _look(file: Path) -> str:
    """Size and times of a file; "" when they do not tell: a file just written may be written again in the same tick."""
    try:
        stat = os.lstat(file)
    except OSError:
        return ""
    if abs(time.time_ns() - stat.st_mtime_ns) < TICK:
        return ""
    return f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"


def _still_holds(known: Known, stamps: RuleStamps, settings: Settings) -> bool:
    """Whether the rules and pictures that had a part in a document's cleaning are what they were."""
    used = None if known.mirrors == ("*",) else known.mirrors
    return known.made_by == stamps.of(used, known.publisher) and all(
        is_picture_file(settings.content, path, settings.limits.picture_bytes) == there
        for path, there in known.looked_for
    )


class RuleStamps:
    """What changes when a rule changes: all that every document depends on, and each mirror and publisher apart."""

    def __init__(self, rules: Rules) -> None:
        seen = {name: value for name, value in fields_of(rules.settings) if name not in _OF_PAGES}
        kinds = [*rules.mirrors, *rules.publishers.known.values()]
        marks = [[text_of(value) for name, value in fields_of(one) if name in _RECOGNISED_BY] for one in kinds]
        needs = [one.front_matter.get("needs") for one in rules.mirrors]
        self._all = key_of(code(), text_of(seen), text_of(marks), text_of(needs))
        self._mirrors = {one.name: key_of(text_of(one)) for one in rules.mirrors}
        self._publishers = {one.slug: key_of(text_of(one)) for one in rules.publishers.known.values()}
        self._made: dict[tuple[tuple[str, ...] | None, str], str] = {}

    def of(self, used: tuple[str, ...] | None, publisher: str) -> str:
        """The stamp of what a document was cleaned by; ``used`` is None when any mirror may have had a part in it."""
        stamp = self._made.get((used, publisher))
        if stamp is None:
            names = sorted(self._mirrors) if used is None else used
            parts = [self._mirrors.get(name, "") for name in names]
            stamp = key_of(self._all, *parts, self._publishers.get(publisher, ""))
            self._made[used, publisher] = stamp
        return stamp
