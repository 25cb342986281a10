"""What earlier builds worked out, kept in one SQLite file: safe to delete, safe when damaged or foreign.

    documents   by path: how the file looked when it was last read, which rules had a part in it, what repeats are counted
    notes       by name: what a part of the generator worked out for the whole library
    results     by key: the article (or why there is none), and its body apart, so that lists never read bodies

Everything is keyed by what it was made from, so nothing here can be out of date; what no build asks for any more is
dropped. Every record carries a checksum, since SQLite has none.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import sqlite3
import tempfile
import weakref
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from generator.boilerplate import Sample
from generator.errors import QingduError
from generator.locks import give_back, take
from generator.models import Article, Body, KeptBody, LeftOut, Published, Removal, Traces

#: Written into the file; another number is another layout, and the store is made anew.
FORMAT = 6
_NAME = "store.sqlite"
#: All of Unicode, as UTF-8, but two bytes a Chinese character: an eighth less in the end, and sooner compressed. What it
#: cannot hold, half a surrogate pair, is written as JSON does.
_CODE = "gb18030"
_IGNORED = f"{_NAME}*\nlock\nstanding.*\npictures/\n"
_LAYOUT = """
    CREATE TABLE documents (path TEXT PRIMARY KEY, look TEXT, digest TEXT, made_by TEXT, key TEXT, facts BLOB);
    CREATE TABLE notes (name TEXT PRIMARY KEY, data BLOB);
    CREATE TABLE results (key TEXT PRIMARY KEY, record BLOB, body BLOB);
"""

#: The note of which ``results`` are kept although no document has them any more: words between spaces.
HOLDING = "index"

#: So many records are asked for one by one.
_FEW = 200

#: What SQLite says when the disk is to blame and not the file.
_NOT_ITS_FAULT = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY)


class DamagedStoreError(Exception):
    """The store cannot be used as it is; nothing is lost by making it anew."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a document, whatever the other documents say."""

    path: str
    look: str  # size and times of the file
    digest: str  # of its bytes
    made_by: str  # the rules that had a part in it
    key: str  # of all that its cleaning depends on, but for what repeats elsewhere
    mirrors: tuple[str, ...]
    publisher: str
    looked_for: tuple[tuple[str, bool], ...]  # pictures of the content folder, and whether they were there
    sample: Sample | None


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document, packed by the process that cleaned it."""

    key: str
    record: bytes
    body: bytes


def pack(key: str, result: Article | LeftOut) -> Result:
    """Make of a result what the store keeps."""
    if isinstance(result, LeftOut):
        return Result(key, _sealed(zlib.compress(_json([result.path, result.reason, result.detail]), 1)), b"")
    body = _json([result.html, result.text, [[r.step, r.rule, r.text] for r in result.removals]])
    row = [_plain(getattr(result, name)) for name in _FIELDS]
    traces = result.traces
    face = _digest(_json([value for index, value in enumerate(row) if index not in _NOT_SHOWN]))
    extra = [getattr(traces, name) for name in _TRACES]
    extra[_SHINGLES] = b64encode(traces.shingles.tobytes()).decode()
    record = _json([*row, extra, face, _digest(body, face.encode(), result.sha256.encode())])
    return Result(key, _sealed(zlib.compress(record, 1)), _sealed(zlib.compress(body, 6)))


#: The fields that a record holds in this order; then the traces, the face and the stamp.
_LATER = ("traces", "body", "copies", "by_hand", "face", "stamp")
_FIELDS = [f.name for f in fields(Article) if f.init and f.name not in _LATER]
_TIMES = [_FIELDS.index(name) for name in ("published", "updated", "mirrored")]
_NOT_SHOWN = {_FIELDS.index("sha256")}
_TUPLES = [_FIELDS.index(name) for name in ("credits", "tags", "mirrors", "picture_files")]
_TERMS = _FIELDS.index("terms")
_TRACES = [f.name for f in fields(Traces)]
_SHINGLES = _TRACES.index("shingles")


def _unpacked(record: bytes, body: KeptBody) -> Article | LeftOut:
    row = _loaded(record)
    if len(row) == 3:
        return LeftOut(*row)
    *values, extra, face, stamp = row
    for index in _TIMES:
        values[index] = _time(values[index])
    for index in _TUPLES:
        values[index] = tuple(values[index])
    values[_TERMS] = tuple(tuple(pair) for pair in values[_TERMS])
    given: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in zip(_TRACES, extra, strict=True)
    }
    given["shingles"] = array("I", b64decode(given["shingles"]))
    traces = Traces(**given)
    return Article(**dict(zip(_FIELDS, values, strict=True)), traces=traces, body=body, face=face, stamp=stamp)


def _row(known: Known) -> tuple[str, str, str, str, str, bytes]:
    one = known.sample
    counted = [one.mirror, one.publisher, len(one.lines), one.digest] if one else None
    head = _json([known.mirrors, known.publisher, known.looked_for, counted])
    tail = b"" if one is None else array("Q", [*one.lines, *one.links]).tobytes()
    facts = _sealed(len(head).to_bytes(4, "big") + head + tail)
    return known.path, known.look, known.digest, known.made_by, known.key, facts


def _known(row: tuple[str, str, str, str, str, bytes]) -> Known:
    path, look, digest, made_by, key, facts = row
    data = _opened(facts)
    size = int.from_bytes(data[:4], "big") + 4
    mirrors, publisher, looked_for, counted = json.loads(data[4:size].decode(_CODE))
    sample = None
    if counted:
        numbers = array("Q")
        numbers.frombytes(data[size:])
        mirror, by, lines, whole = counted
        sample = Sample(mirror, by, numbers[:lines], numbers[lines:], whole)
    looked = tuple((name, there) for name, there in looked_for)
    return Known(path, look, digest, made_by, key, tuple(mirrors), publisher, looked, sample)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _time(text: str | None) -> Published | None:
    if text is None:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(_CODE, "backslashreplace")


def _digest(*parts: bytes) -> str:
    return blake2b(b"".join(parts), digest_size=8).hexdigest()


def _sealed(data: bytes) -> bytes:
    return blake2b(data, digest_size=8).digest() + data


def _opened(data: bytes) -> bytes:
    if blake2b(data[8:], digest_size=8).digest() != data[:8]:
        raise DamagedStoreError("a record is damaged")
    return data[8:]


def _loaded(data: bytes) -> Any:
    """What was sealed, compressed, as JSON."""
    try:
        return json.loads(zlib.decompress(_opened(data)).decode(_CODE))
    except (zlib.error, ValueError) as error:  # also what cannot be decoded
        raise DamagedStoreError(str(error)) from None


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """What SQLite says of a file that it cannot use, as our own error."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _NOT_ITS_FAULT:
            raise QingduError(
                "the store", f"cannot be written ({error})", "make room, or name another --store"
            ) from None
        raise DamagedStoreError(str(error)) from None


class Store:
    """The file of a content folder, or a temporary one. Every process that uses it opens it for itself."""

    def __init__(self, folder: Path | None) -> None:
        self.file = (folder or Path(tempfile.mkdtemp(prefix="qingdu-"))) / _NAME
        self._forget = None if folder else weakref.finalize(self, _remove, self.file.parent, os.getpid())
        self._lock: int | None = None
        self._open: tuple[int, sqlite3.Connection] | None = None
        self._documents: dict[str, Known] | None = None
        self._results: dict[str, Article | LeftOut] = {}
        self._seen: tuple[int, int] | None = None

    def _connection(self) -> sqlite3.Connection:
        """The connection of this very process: one that was made before a fork must not be used after it."""
        if self._open is None or self._open[0] != os.getpid():
            connection = sqlite3.connect(self.file, isolation_level=None, timeout=60, check_same_thread=False)
            connection.execute("PRAGMA synchronous = NORMAL")
            self._open = (os.getpid(), connection)
        return self._open[1]

    def _close_connection(self) -> None:
        """Close the file, to be opened again by whatever asks next."""
        if self._open and self._open[0] == os.getpid():
            self._open[1].close()
        self._open = None

    def close(self) -> None:
        """Let go of the file; a temporary one is gone."""
        self._close_connection()
        if self._lock is not None:
            give_back(self.file.with_name("lock"), self._lock)
            self._lock = None
        if self._forget:
            self._forget()

    def wipe(self) -> None:
        """Begin with an empty file."""
        self._close_connection()
        self._documents = None
        self._results.clear()
        for name in (_NAME, f"{_NAME}-wal", f"{_NAME}-shm"):
            self.file.with_name(name).unlink(missing_ok=True)
        self.lay_out()

    def lay_out(self) -> None:
        """Make the file where there is none; raises DamagedStoreError for one that is not ours or cannot be read."""
        with _translated():
            connection = self._connection()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not tables:
                connection.execute("PRAGMA page_size = 1024")  # records are small: half of a larger page would be empty
                connection.execute("PRAGMA auto_vacuum = FULL")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(f"BEGIN; {_LAYOUT} PRAGMA user_version = {FORMAT}; COMMIT;")
            elif version != FORMAT:
                raise DamagedStoreError("it has another layout")

    def documents(self) -> dict[str, Known]:
        """What is remembered of every document, by path; read once."""
        if self._documents is None:
            with _translated():
                rows = self._connection().execute("SELECT * FROM documents").fetchall()
            self._documents = {row[0]: _known(row) for row in rows}
        return self._documents.copy()

    def keys(self) -> set[str]:
        """The keys of all results."""
        with _translated():
            return {key for (key,) in self._connection().execute("SELECT key FROM results")}

    def keep(self, results: Iterable[Result]) -> None:
        """Keep results; one transaction."""
        with _translated(), self._transaction() as connection:
            rows = ((one.key, one.record, one.body) for one in results)
            connection.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", rows)

    def settle(self, documents: Iterable[Known], gone: Iterable[str], used: set[str], kept: set[str]) -> None:
        """Remember how documents were read, forget those that are gone and the results that nothing uses."""
        documents, gone = list(documents), list(gone)
        rows = [_row(one) for one in documents]
        lost = [(path,) for path in gone]
        unused = [(key,) for key in self._unheld(kept - used)]
        if not (rows or lost or unused):
            return
        with _translated(), self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", rows)
            connection.executemany("DELETE FROM documents WHERE path = ?", lost)
            connection.executemany("DELETE FROM results WHERE key = ?", unused)
        if self._documents is not None:
            self._documents.update((one.path, one) for one in documents)
            for path in gone:
                self._documents.pop(path, None)

    def _unheld(self, keys: set[str]) -> set[str]:
        """Those of some results that no note holds on to: what an article said last is compared with what it says."""
        return keys - set(self.notes(HOLDING).get("results", "").split()) if keys else keys

    def article(self, key: str) -> Article | None:
        """An article as a build before found it, if it is still there."""
        with _translated():
            row = self._connection().execute("SELECT record FROM results WHERE key = ?", (key,)).fetchone()
        found = _unpacked(row[0], StoredBody(self, key)) if row else None
        return found if isinstance(found, Article) else None

    def results(self, keys: list[str]) -> Iterator[Article | LeftOut]:
        """The results of the keys, in their order; bodies are read when they are asked for."""
        missing = [key for key in keys if key not in self._results]
        if missing:
            with _translated():
                found = dict(self._records(missing))
            if len(missing) > len(found.keys() & set(missing)):
                raise DamagedStoreError("a record is missing")
            self._results.update((key, _unpacked(found[key], StoredBody(self, key))) for key in missing)
        self._results = {key: self._results[key] for key in keys}
        yield from self._results.values()

    def _records(self, keys: list[str]) -> Iterator[tuple[str, bytes]]:
        """The records of some results: asked for one by one where they are few, else read all together."""
        connection = self._connection()
        if len(keys) > _FEW:
            yield from connection.execute("SELECT key, record FROM results")
            return
        for key in keys:
            yield from connection.execute("SELECT key, record FROM results WHERE key = ?", (key,))

    def body(self, key: str) -> Body:
        """The body of an article."""
        with _translated():
            row = self._connection().execute("SELECT body FROM results WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise DamagedStoreError("a record is missing")
        html, text, removals = _loaded(row[0])
        return Body(html, text, tuple(Removal(*removal) for removal in removals))

    def take(self, wait: bool = False) -> bool:
        """Lock the store for one build; False when another build has it and nobody wants to wait."""
        self._lock = take(self.file.with_name("lock"), wait)
        return self._lock is not None

    def pause(self) -> None:
        """Let other builds use the file; what was read of it is remembered."""
        self._seen = self._state()
        if self._lock is not None:
            give_back(self.file.with_name("lock"), self._lock)
            self._lock = None

    def resume(self, say: Callable[[str], None] = lambda text: None) -> None:
        """Use the file again; what was remembered of it is forgotten if another build has written since."""
        if self._lock is not None:
            return
        if not self._forget and not self.take():
            say("waiting for another build that is using the store")
            self.take(wait=True)
        if self._seen != self._state():
            self._close_connection()
            self._documents = None
            self._results.clear()
            self.lay_out()

    def _state(self) -> tuple[int, int] | None:
        """Changes when somebody else writes into the file or puts another one in its place."""
        try:
            with _translated():
                version = self._connection().execute("PRAGMA data_version").fetchone()[0]
            return self.file.stat().st_ino, version
        except (OSError, DamagedStoreError):
            return None

    def notes(self, name: str) -> dict[str, Any]:
        """What a part of the generator noted, by keys of its own."""
        with _translated():
            row = self._connection().execute("SELECT data FROM notes WHERE name = ?", (name,)).fetchone()
        return dict(_loaded(row[0])) if row else {}

    def note(self, name: str, notes: dict[str, Any]) -> None:
        """Keep what a part of the generator notes."""
        with _translated(), self._transaction() as connection:
            row = (name, _sealed(zlib.compress(_json(notes), 1)))
            connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", row)

    def __reduce__(self) -> tuple[Any, ...]:
        """Elsewhere it is opened to be read. Everything is in its file then: the log beside it is for one machine."""
        with _translated():
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return LentStore, (self.file.parent,)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


class LentStore(Store):
    """The store of another process, perhaps of another machine: to be read, while nobody writes."""

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            address = f"{self.file.absolute().as_uri()}?immutable=1"
            self._open = (os.getpid(), sqlite3.connect(address, uri=True, check_same_thread=False))
        return self._open[1]


@lru_cache(maxsize=64)
def _body(store: Store, key: str) -> Body:
    """The last bodies: a page asks for the parts of one after another, and then the same page of other editions does."""
    return store.body(key)


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A body that lies in the store until it is read."""

    store: Store
    key: str

    @property
    def html(self) -> str:
        """The cleaned HTML."""
        return _body(self.store, self.key).html

    @property
    def text(self) -> str:
        """The visible text."""
        return _body(self.store, self.key).text

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What was cut."""
        return _body(self.store, self.key).removals


def _remove(folder: Path, owner: int) -> None:
    """A temporary store goes with the process that made it, not with one that was forked from it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def open_store(folder: Path | None, say: Callable[[str], None] = lambda text: None) -> Store:
    """The store of a folder, made where there is none and made anew where it cannot be used; says so in one line.

    Without a folder, where it cannot be written, or while another build has the store, it is a temporary one.
    """
    if folder is None:
        return _temporary()
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text(_IGNORED, "utf-8")
        store = Store(folder)
        if not store.take():
            say("another build is using the store; this one works without it")
            return _temporary()
    except OSError:
        return _temporary()
    try:
        store.lay_out()
        store.documents()
    except DamagedStoreError as error:
        say(f"{store.file}: {error}; made anew")
        store.wipe()
    return store


def _temporary() -> Store:
    store = Store(None)
    store.lay_out()
    return store
