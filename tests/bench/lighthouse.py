"""What Lighthouse and the Nu validator say of the demo site, and what its pages weigh.

    python -m tests.bench.lighthouse

Both come from the npm registry into `.venv/npm`, in the versions below; where npm (for the validator: java) or Chromium
is missing, that part is left out and says so. Exit 1 when a score or a weight is worse than asked for.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from generator.build import build
from tests.conftest import BROWSERS, ROOT
from tests.sites.browsing import Places, served
from tests.sites.checks import Site

TOOLS = ROOT / ".venv/npm"
PACKAGES = {"lighthouse": "13.5.0", "vnu-jar": "26.9.27"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WANTED = 100
#: Page types that differ in what they load or how they are laid out.
LOOKED_AT = ("home", "topic", "day", "month", "story", "stories", "article", "longest article", "article of pictures")
#: A slow phone on a slow network, and a desk.
PRESETS = {"phone": (), "desk": ("--preset=desktop",)}
#: Whatever else a machine does makes a page slower, never faster: so often a page may try to be fast enough.
TRIES = 3
#: Kilobytes after compression, pictures not counted: what the site promises of every page of these types.
BUDGETS = {"page": 30.0, "style": 10.0, "script": 10.0}


def main() -> int:
    """Build the demo as a public site, look at it, print the tables."""
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        content = shutil.copytree(ROOT / "content", Path(name) / "content")
        settings = content / "site.toml"
        settings.write_text(settings.read_text("utf-8").replace("noindex = true", "noindex = false"), "utf-8")
        build(content, Path(name) / "site", base_url=f"{address}site/")
        site = Site(Path(name) / "site")
        pages = Places(site, {}).pages("zh-hans")
        articles = [page for page in site.pages if page.startswith("zh-hans/articles/")]
        pages["longest article"] = max(articles, key=lambda page: len(site.markup(page)))
        pages["article of pictures"] = max(articles, key=lambda page: site.markup(page).count("<img "))
        failed = [*weigh(site, pages), *validate(site), *measure(f"{address}site/", pages)]
    for line in failed:
        print(f"worse than asked for: {line}", file=sys.stderr)
    return bool(failed)


def weigh(site: Site, pages: dict[str, str]) -> Iterator[str]:
    """Print what a page of each type sends, compressed and without pictures; yields what is over a budget."""
    print("".join(f"{name:>10}" for name in BUDGETS), "  kB of")
    print("".join(f"{budget:10.0f}" for budget in BUDGETS.values()))
    for kind in LOOKED_AT:
        sizes = dict(zip(BUDGETS, _sizes(site, pages[kind]), strict=True))
        print("".join(f"{size:10.1f}" for size in sizes.values()), f"  {kind}")
        yield from (f"{kind}: {name} {size:.1f} kB" for name, size in sizes.items() if size > BUDGETS[name])


def _sizes(site: Site, page: str) -> Iterator[float]:
    """Kilobytes of a page, of its style sheets and of its scripts."""
    yield _zipped(site.folder / page) / 1000
    for selector, name in (('link[rel="stylesheet"]', "href"), ("script[src]", "src")):
        files = [site.target(page, element.get(name, "")) for element in site.tree(page).cssselect(selector)]
        yield sum(_zipped(site.folder / file) for file in files if file) / 1000


def _zipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), mtime=0))


def validate(site: Site) -> Iterator[str]:
    """What the Nu HTML checker calls an error; it does not know where the site stands, so its warnings are left alone."""
    if not shutil.which("java") or not _tool("vnu-jar"):
        print("html: left out, it needs npm and java")
        return
    jar = TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", "-Xss4m", "-jar", str(jar), "--errors-only", "--skip-non-html", "--format", "json", "--stdout"]
    done = subprocess.run([*command, str(site.folder)], capture_output=True, text=True, check=False)
    errors = json.loads(done.stdout)["messages"]
    print(f"{len(errors):8} errors in the HTML of {len(site.pages)} pages")
    yield from (f"{error.get('url', '')}: {error['message']}" for error in errors[:20])


def measure(address: str, pages: dict[str, str]) -> Iterator[str]:
    """Print Lighthouse's scores of a page of each type; yields those below what is wanted."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or not _tool("lighthouse"):
        print("lighthouse: left out, it needs npm and Chromium")
        return
    print("".join(f"{name:>16}" for name in CATEGORIES), "  kB  page")
    for kind, (preset, options) in product(LOOKED_AT, PRESETS.items()):
        scores, weight = best(address + pages[kind], browser, options)
        print("".join(f"{scores[name]:16}" for name in CATEGORIES), f"{weight:5.0f}  {kind}, {preset}", flush=True)
        yield from (f"{kind}, {preset}: {name} {score}" for name, score in scores.items() if score < WANTED)


def best(url: str, browser: str, options: Iterable[str]) -> tuple[dict[str, int], float]:
    """The best of some looks at a page; one is enough where it is as wanted."""
    looks = []
    for _ in range(TRIES):
        looks.append(lighthouse(url, browser, options))
        if min(looks[-1][0].values()) >= WANTED:
            break
    return max(looks, key=lambda look: sum(look[0].values()))


def lighthouse(url: str, browser: str, options: Iterable[str]) -> tuple[dict[str, int], float]:
    """The scores of a page (0 to 100), and what was sent for it (kB, pictures too)."""
    report = json.loads(look(url, browser, options))
    scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES}
    return scores, report["audits"]["total-byte-weight"]["numericValue"] / 1000


def look(url: str, browser: str, options: Iterable[str]) -> str:
    """What Lighthouse says of a page, as JSON."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    command = [str(TOOLS / "node_modules/.bin/lighthouse"), url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    environment = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run([*command, *options], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{url}: Lighthouse gave up: {done.stderr.strip()[-500:]}")
    return done.stdout


def _tool(name: str) -> bool:
    """Whether a package of npm is here, fetched if need be."""
    version, found = PACKAGES[name], TOOLS / f"node_modules/{name}/package.json"
    if found.is_file() and json.loads(found.read_text("utf-8"))["version"] == version:
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    TOOLS.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(TOOLS), "--no-audit", "--no-fund", "--silent", f"{name}@{version}"]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
