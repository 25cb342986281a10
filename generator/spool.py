"""Half cleaned documents on their way between two strides of one build: a nameless file, so memory does not grow with them."""

from __future__ import annotations

import os
import pickle
import tempfile
from dataclasses import replace
from types import TracebackType
from typing import Self

from generator.cleaning import Prepared
from generator.errors import QingduError
from generator.models import LeftOut

#: Where a document lies: its first byte, and how many there are.
Place = tuple[int, int]


class Spool:
    """The file of one build. Nobody but the build's own processes can open it, so what comes out is what was put in."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="qingdu-")  # noqa: SIM115 - closed with the spool
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, data: bytes) -> Place:
        """Put down what `packed` made; raises QingduError for a full disk."""
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise QingduError(
                tempfile.gettempdir(), f"cannot be written ({error.strerror})", "make room, or name another by TMPDIR"
            ) from None
        place = self._end, len(data)
        self._end += len(data)
        return place

    def get(self, place: Place) -> Prepared | LeftOut:
        """What lies at a place; any process of the build may ask."""
        start, size = place
        one: Prepared | LeftOut = pickle.loads(os.pread(self._file.fileno(), size, start))  # noqa: S301 - see above
        return one


def packed(one: Prepared | LeftOut) -> bytes:
    """A half cleaned document as bytes, without the file's text: what is still to be done needs none."""
    if isinstance(one, Prepared):
        draft = replace(one.draft, document=replace(one.draft.document, text=""))
        one = replace(one, draft=draft)
    return pickle.dumps(one, pickle.HIGHEST_PROTOCOL)
