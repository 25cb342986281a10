"""Where things lie that every command looks for, and how finely the file system tells time."""

from __future__ import annotations

from pathlib import Path

from generator.errors import ConfigError

HERE = Path(__file__).parent
#: Where a content folder keeps what earlier builds worked out.
KEPT = ".qingdu"
#: File systems count time in ticks of some milliseconds: for so many nanoseconds a file may change and look the same.
TICK = 50_000_000


def shipped(name: str) -> Path:
    """``templates`` or ``static`` as they ship: inside the package when installed, beside it in a checkout."""
    inside = HERE / name
    folder = inside if inside.is_dir() else HERE.parent / name
    if not folder.is_dir():
        raise ConfigError(str(folder), "the generator's own files are missing", "install qingdu again")
    return folder
