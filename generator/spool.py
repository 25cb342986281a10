"""What lies between two strides of one build, such as half cleaned documents: a nameless file, so memory does not grow with it."""

from __future__ import annotations

import os
import pickle
import tempfile
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from generator.cleaning import Prepared
from generator.errors import QingduError
from generator.models import LeftOut

#: Where a document lies: its first byte, and how many there are.
Place = tuple[int, int]


class Spool:
    """The file of one build in a folder on disk: nameless, or ``named`` in one that only a crew's machines share.

    So nobody but the build's own processes can open it, and what comes out is what was put in.
    """

    def __init__(self, folder: Path, named: bool = False) -> None:
        make = tempfile.NamedTemporaryFile if named else tempfile.TemporaryFile
        self._file: IO[bytes] = make(dir=folder, prefix="qingdu-")
        self._folder = folder
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """A worker on another machine reads the file by its name."""
        os.fsync(self._file.fileno())
        return LentSpool, (self._file.name,)

    def add(self, data: bytes) -> Place:
        """Put down some bytes, such as `packed` makes; raises QingduError for a full disk."""
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise QingduError(
                str(self._folder), f"cannot be written ({error.strerror})", "make room, or name another --store"
            ) from None
        place = self._end, len(data)
        self._end += len(data)
        return place

    def get(self, place: Place) -> Prepared | LeftOut:
        """What lies at a place; any process of the build may ask."""
        one: Prepared | LeftOut = pickle.loads(self.raw(*place))  # noqa: S301 - see above
        return one

    def raw(self, start: int, size: int) -> bytes:
        """So many bytes from a place on."""
        return os.pread(self._file.fileno(), size, start)


class LentSpool(Spool):
    """The spool of a build on another machine, to be read."""

    def __init__(self, name: str) -> None:
        self._name = name

    def raw(self, start: int, size: int) -> bytes:
        """So many bytes from a place on."""
        with Path(self._name).open("rb") as file:
            return os.pread(file.fileno(), size, start)


def packed(one: Prepared | LeftOut) -> bytes:
    """A half cleaned document as bytes, without the file's text: what is still to be done needs none."""
    if isinstance(one, Prepared):
        draft = replace(one.draft, document=replace(one.draft.document, text=""))
        one = replace(one, draft=draft)
    return pickle.dumps(one, pickle.HIGHEST_PROTOCOL)
