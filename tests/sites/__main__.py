"""Rewrite what the tiny sites are expected to become: `python -m tests.sites`, then review `git diff`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.sites.snapshot import HERE, build_site, names, show

for name in names():
    with tempfile.TemporaryDirectory() as folder:
        (HERE / name / "expected.txt").write_text(show(name, build_site(name, Path(folder))), "utf-8")
    print(f"tests/sites/{name}/expected.txt")
