"""One build at a time: locks that end with the process that holds them."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl

    def _lock(number: int, wait: bool) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            return False
        return True
else:

    def _lock(number: int, wait: bool) -> bool:
        """Windows has no such lock: two builds at once are the owner's own business there."""
        return True


def take(file: Path, wait: bool = False) -> int | None:
    """Lock a file, made where there is none; None when somebody else holds it and we do not wait.

    Raises OSError where the file cannot be made.
    """
    while True:
        number = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(number, wait):
            os.close(number)
            return None
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(number), file.stat()):
                return number
        os.close(number)  # whoever held it removed the file while we waited


def give_back(file: Path, number: int) -> None:
    """Let others have the lock."""
    file.unlink(missing_ok=True)
    os.close(number)
