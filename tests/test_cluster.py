"""A site is the same, byte for byte, whoever did the work: this process, a pool of others, or the workers of a cluster."""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from generator.build import build
from generator.cli import main
from generator.cluster import Crew, work
from generator.errors import ConfigError, QingduError
from generator.output import LEDGER
from generator.parallel import hired, spread
from generator.stamps import code
from generator.store import open_store
from tests.bench.contents import lay_out
from tests.conftest import ROOT

ADDRESS = "https://news.example/"
WORKER = ("--no-nanny", "--nthreads", "1", "--no-dashboard")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, and so much more of it that reading and cleaning are spread, too."""
    folder = tmp_path_factory.mktemp("cluster") / "content"
    lay_out(ROOT / "content", folder, 96)
    shutil.copytree(ROOT / "content", folder, dirs_exist_ok=True)
    return folder


def files_of(site: Path) -> dict[str, bytes]:
    return {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def alone(content: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site as one process builds it."""
    folder = tmp_path_factory.mktemp("alone")
    build(content, folder / "public", jobs=1, base_url=ADDRESS, store=folder / "store")
    return files_of(folder / "public")


class Counting(ThreadPoolExecutor):
    """Does the work with threads of this process, and counts what is given to it."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.shares: list[Future[Any]] = []
        self.most = 0

    def submit(self, *arguments: Any, **more: Any) -> Future[Any]:
        self.shares.append(super().submit(*arguments, **more))
        return self.shares[-1]


def built_by(executor: Executor, content: Path, folder: Path) -> dict[str, bytes]:
    with executor, hired(Crew(executor, folder, 2)):
        build(content, folder / "public", base_url=ADDRESS, store=folder / "store")
    return files_of(folder / "public")


def test_a_site_built_by_an_executor_is_the_same(content: Path, alone: dict[str, bytes], tmp_path: Path) -> None:
    executor = Counting(2)
    assert built_by(executor, content, tmp_path) == alone
    assert len(executor.shares) > 20
    assert LEDGER in alone
    assert not list(tmp_path.glob("work-*"))


@pytest.mark.slow
def test_an_executor_goes_on_from_an_earlier_build(content: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(content, tmp_path / "content", ignore=shutil.ignore_patterns(".qingdu"))
    build(copy, tmp_path / "public", jobs=1, base_url=ADDRESS, store=tmp_path / "store")
    for file in (copy / "old-news/pages").glob("*--*"):
        file.unlink()
    again = built_by(Counting(1), copy, tmp_path)
    (tmp_path / "clean").mkdir()
    build(copy, tmp_path / "clean/public", jobs=1, base_url=ADDRESS, store=tmp_path / "clean/store")
    assert again == files_of(tmp_path / "clean/public")


@pytest.mark.slow
def test_a_site_built_by_fresh_processes_is_the_same(content: Path, alone: dict[str, bytes], tmp_path: Path) -> None:
    pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    assert built_by(pool, content, tmp_path) == alone


# --- how a crew works --------------------------------------------------------------------------------------


def _times(state: int, item: int) -> int:
    return state * item


def _stumble(state: None, item: int) -> int:
    if item == 70:
        raise ConfigError("site.toml:7", "no such place", "name another", "place")
    return item


@pytest.mark.parametrize("count", [64, 65, 1000])
def test_results_come_in_order(count: int, tmp_path: Path) -> None:
    with Counting(2) as executor, hired(Crew(executor, tmp_path, 2)):
        assert list(spread(_times, range(count), 3, 1)) == [3 * number for number in range(count)]
        assert executor.shares
        assert list(spread(_times, range(63), 3, 1)) == [3 * number for number in range(63)]
    assert list(spread(_times, range(count), 2, 1))[-1] == 2 * (count - 1)


def test_no_more_is_given_out_than_fits_in_memory(tmp_path: Path) -> None:
    with Counting(1) as executor:
        results = Crew(executor, tmp_path, 2).spread(_times, range(100_000), 1)
        next(results)
        assert len(executor.shares) < 12
        assert sum(1 for _ in results) == 99_999


def test_an_error_of_the_owner_arrives_as_it_is(tmp_path: Path) -> None:
    with Counting(1) as executor, pytest.raises(ConfigError, match=r"site\.toml:7: no such place; name another"):
        list(Crew(executor, tmp_path, 1).spread(_stumble, range(100), None))


def test_another_version_is_refused() -> None:
    with pytest.raises(QingduError, match="another version of qingdu, or of a library that it uses, runs on "):
        work("other", "nowhere", b"not even looked at")


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(QingduError, match="does not see this file; keep content, store and output where all machines"):
        work(code(), str(tmp_path / "gone"), pickle.dumps([]))


def test_workers_that_are_lost_end_the_build(tmp_path: Path) -> None:
    class Broken(Executor):
        def submit(self, *arguments: Any, **more: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("gone"))
            return future

    with pytest.raises(QingduError, match=r"--cluster: workers were lost, again and again \(BrokenExecutor\)"):
        list(Crew(Broken(), tmp_path, 1).spread(_times, range(100), 1))


def test_a_store_travels_as_its_file(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    store.note("part", {"known": 1})
    lent = pickle.loads(pickle.dumps(store))  # noqa: S301 - our own
    store.close()
    assert lent.notes("part") == {"known": 1}
    with pytest.raises(QingduError, match="cannot be written"):
        lent.note("part", {})


def test_without_dask_the_package_is_named(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["build", "--content", str(content), "--cluster", "tcp://127.0.0.1:8786"]) == 2
    said = "qingdu: --cluster: needs Dask, which is not installed; pip install 'qingdu[cluster]'\n"
    assert capsys.readouterr().err == said


# --- Dask --------------------------------------------------------------------------------------------------


@contextmanager
def running(*arguments: str, folder: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A part of the cluster, while it is needed."""
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """A scheduler on this machine; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with running("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", folder=folder):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", int(port))):
                    break
            time.sleep(0.5)
        yield f"tcp://127.0.0.1:{port}"


def command(address: str, content: Path, folder: Path) -> list[str]:
    places = ["--content", str(content), "--output", str(folder / "public"), "--store", str(folder / "store")]
    return [sys.executable, "-m", "generator.cli", "build", "-q", *places, "--base-url", ADDRESS, "--cluster", address]


def told(address: str, content: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    ask = command(address, content, folder)
    return subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_a_site_built_by_two_workers_of_dask_is_the_same(
    content: Path, alone: dict[str, bytes], tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    with (
        scheduler(tmp_path) as address,
        running("dask_worker", address, *WORKER, folder=tmp_path, PYTHONHASHSEED="1"),
        running("dask_worker", address, *WORKER, folder=tmp_path, PYTHONHASHSEED="2", TZ="Asia/Taipei"),
    ):
        done = told(address, content, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert files_of(tmp_path / "public") == alone
    assert not list(tmp_path.glob(".crew-*"))


@pytest.mark.slow
def test_a_worker_that_dies_is_done_without(content: Path, alone: dict[str, bytes], tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with (
        scheduler(tmp_path) as address,
        running("dask_worker", address, *WORKER, folder=tmp_path) as first,
        running("dask_worker", address, *WORKER, folder=tmp_path),
    ):
        building = subprocess.Popen(command(address, content, tmp_path), cwd=ROOT)
        while building.poll() is None and not list(tmp_path.glob(".crew-*/work-*")):
            time.sleep(0.05)
        first.kill()
        assert building.wait(300) == 0
    assert files_of(tmp_path / "public") == alone


@pytest.mark.slow
def test_a_cluster_of_another_version_is_refused(content: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    shutil.copytree(ROOT / "generator", tmp_path / "other/generator")
    (tmp_path / "other/generator/more.py").write_text('"""New."""\n', "utf-8")
    with (
        scheduler(tmp_path) as address,
        running("dask_worker", address, *WORKER, folder=tmp_path, PYTHONPATH=str(tmp_path / "other")),
    ):
        done = told(address, content, tmp_path)
    assert done.returncode == 2
    assert "another version of qingdu, or of a library that it uses, runs on tcp://127.0.0.1" in done.stderr


@pytest.mark.slow
def test_an_address_without_a_scheduler_is_said(content: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    done = told("tcp://127.0.0.1:9", content, tmp_path)
    assert done.returncode == 2
    line = "qingdu: tcp://127.0.0.1:9: no scheduler answers there (OSError); start one with `dask scheduler`"
    assert done.stderr.splitlines()[-1] == line
