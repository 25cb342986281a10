"""What can go wrong, said in one line: where it is, what it is, what to do about it."""

from __future__ import annotations


class QingduError(Exception):
    """An error that the person at the keyboard can mend. ``str()`` is the line to show them."""

    def __init__(self, where: str, what: str, todo: str = "") -> None:
        super().__init__(where, what, todo)
        self.where = where
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        """``where: what; what to do``; a part that is empty leaves no punctuation behind."""
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}; {self.todo}" if self.todo else line


class ConfigError(QingduError):
    """Settings, rules or catalogues that cannot be used as they are written. ``key``: the one that is meant."""

    def __init__(self, where: str, what: str, todo: str = "", key: str = "") -> None:
        super().__init__(where, what, todo)
        self.key = key
