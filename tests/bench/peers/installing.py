"""Other generators into a folder of their own, by the package managers of their languages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path


def with_pip(tools: Path, *packages: str) -> bool:
    """Install packages of Python into an environment in a folder; False where they cannot be had."""
    venv.create(tools, with_pip=True)
    pip = [str(tools / "bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    return subprocess.run([*pip, *packages], check=False, stdout=sys.stderr).returncode == 0


def with_npm(tools: Path, *packages: str) -> bool:
    """Install packages of Node into a folder; False where they or npm cannot be had."""
    if not shutil.which("npm"):
        return False
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools)]
    return subprocess.run([*npm, *packages], check=False, stdout=sys.stderr).returncode == 0


def said_by(program: Path, *arguments: str) -> str:
    """The version that a program says it is of; "" where it cannot be run."""
    try:
        said = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else ""
