"""What earlier builds worked out, kept in one SQLite file: safe to delete, safe when damaged or foreign.

    documents   by path: how the file looked when it was last read, which rules had a part in it, what repeats are counted
    notes       by name: what a part of the generator worked out for the whole library
    results     by key: the article (or why there is none), and its body apart, so that lists never read bodies

Everything is keyed by what it was made from, so nothing here can be out of date; what no build asks for any more is
dropped. Every record carries a checksum, since SQLite has none.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator.errors import QingduError
from generator.locks import give_back, take
from generator.models import Article, Body, LeftOut, Removal
from generator.records import (
    DamagedStoreError,
    Known,
    Result,
    body_of,
    known_of,
    record_of,
    row_of,
    unpacked,
    value_of,
)

#: Written into the file; another number is another layout, and the store is made anew.
FORMAT = 6
_NAME = "store.sqlite"
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
            self._documents = {row[0]: known_of(row) for row in rows}
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
        rows = [row_of(one) for one in documents]
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
        found = unpacked(row[0], StoredBody(self, key)) if row else None
        return found if isinstance(found, Article) else None

    def results(self, keys: list[str]) -> Iterator[Article | LeftOut]:
        """The results of the keys, in their order; bodies are read when they are asked for."""
        missing = [key for key in keys if key not in self._results]
        if missing:
            with _translated():
                found = dict(self._records(missing))
            if len(missing) > len(found.keys() & set(missing)):
                raise DamagedStoreError("a record is missing")
            self._results.update((key, unpacked(found[key], StoredBody(self, key))) for key in missing)
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
        return body_of(row[0])

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
        return dict(value_of(row[0])) if row else {}

    def note(self, name: str, notes: dict[str, Any]) -> None:
        """Keep what a part of the generator notes."""
        with _translated(), self._transaction() as connection:
            row = (name, record_of(notes))
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
