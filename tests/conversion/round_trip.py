"""Simplified to Traditional and back over a folder of articles: only characters that are listed as lossy may differ.

`./build.sh score` runs it on ../shared/corpus. Always exits 0; what is not listed is printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from generator.collecting import collect, load_rules
from generator.scripts import convert_text

#: What a round trip changes, and may: variants and Traditional forms that the source itself uses (着 for 著, 苏 for 甦,
#: 覆 where 复 stands for it), and words that both ways of writing are right for (想象, 想像).
LOSSY = frozenset(
    "著着 象像 甦苏 钜巨 讬托 于於 背揹 复覆 谘咨 坐座 颚腭 昵暱 画划 熏薰 馀余 干乾 着著 覆复 瞭了 麽么 哩里 沈沉 苏甦 藉借 迳径".split()
)


def differences(text: str) -> Counter[str]:
    """Pairs of characters (before, after) that differ once a text has been to Taiwan and back."""
    before = convert_text(text, "zh-Hans", "zh-Hans")
    after = convert_text(convert_text(text, "zh-Hans", "zh-Hant-TW"), "zh-Hant-TW", "zh-Hans")
    if len(before) != len(after):
        return Counter({"length": 1})
    return Counter(a + b for a, b in zip(before, after, strict=True) if a != b)


def main() -> int:
    """Print how many characters changed, and those that nobody listed."""
    outcome = collect(load_rules(Path(sys.argv[1])))
    texts = [article.text for article in outcome.library.articles if article.lang == "zh-Hans"]
    found: Counter[str] = Counter()
    for text in texts:
        found.update(differences(text))
    other = {pair: count for pair, count in found.items() if pair not in LOSSY}
    size = sum(map(len, texts))
    print(
        f"round trip: {size:,} characters, {found.total():,} changed, {sum(other.values()):,} of them not listed {other or ''}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
