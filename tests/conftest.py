"""What every test can use: the options, the profiles of the property tests, the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from generator.build import build
from tests.sites.browsing import Places, served
from tests.sites.checks import Site
from tests.sites.editions import in_every_language

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing but the pages under test: no look-ups, updates or first-run pages of the browser's own.
BROWSER_OPTIONS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A failure in CI has to be the same failure at home, so there the examples are not random.
settings.register_profile("ci", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("home", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "home")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--slow`."""
    parser.addoption("--slow", action="store_true", help="run the tests that take seconds or more, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the browser; leave the slow tests for `--slow` or an own `-m`."""
    for item in items:
        if {"browser", "browser_page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("slow") and not (config.option.slow or config.option.markexpr):
            item.add_marker(pytest.mark.skip(reason="slow: runs with --slow"))


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """Build the demo in every language as the site of a project: in a folder, and behind a server below /repo/."""
    root = tmp_path_factory.mktemp("served")
    with served(root) as address:
        build(in_every_language(root), root / "repo", jobs=1, base_url=f"{address}repo/")
        yield Places(Site(root / "repo"), {"file": (root / "repo").as_uri() + "/", "http": f"{address}repo/"})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield the system's Chromium, driven by Playwright."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium here: `./build.sh browser` installs it, CHROMIUM=/path names one")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=[*BROWSER_OPTIONS])
        yield launched
        launched.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """Yield an empty page with a profile of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
