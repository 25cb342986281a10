"""The demo in every language of the interface: three editions as it ships, three more added."""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.models import Edition
from generator.settings import load_settings

ROOT = Path(__file__).parents[2]
MORE = (Edition("zh-hk", "zh-Hant-HK", "zh-Hant-HK"), Edition("ja", "ja", "original"), Edition("ar", "ar", "original"))
EDITIONS = (*load_settings(ROOT / "content").editions, *MORE)


def in_every_language(folder: Path) -> Path:
    """A copy of the demo's content with an edition for each locale."""
    content = shutil.copytree(ROOT / "content", folder / "content")
    blocks = (f'\n[[editions]]\nslug = "{e.slug}"\nlocale = "{e.locale}"\nscript = "{e.script}"\n' for e in MORE)
    with (content / "site.toml").open("a", encoding="utf-8") as settings:
        settings.writelines(blocks)
    return content
