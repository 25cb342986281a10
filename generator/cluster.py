"""Work over machines: what `parallel.spread` is asked for, done by any `concurrent.futures.Executor`.

What a piece of work needs besides its items (the rules, the library, the plan of the pages) is laid down once, as a file in
a folder that all machines see, and taken up once by each worker; what lies in a file of its own there (the store) is only
named. So tasks are small, and doing one twice does no harm: a lost worker's share goes to another. Content, store and output
have to lie at the same path everywhere.

A worker takes one share at a time, whatever the number of its threads. The limit on the time of a document holds only
where shares run in a process's main thread, as in a pool of processes; threads cannot be interrupted.
"""

from __future__ import annotations

import pickle
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator.errors import QingduError
from generator.parallel import hired
from generator.stamps import code

#: Seconds to wait for a scheduler, and for its first worker.
_PATIENCE = 15
#: Items in a share: so few that the end comes for all at once, at most so many that nothing great is lost with a worker.
_SHARES, _MOST = 8, 128
#: Shares that are given out for each hand before the first of them is back: results come in order, memory stays bounded.
_AHEAD = 4
_OPTION = "--cluster"


class Crew:
    """The workers of an executor; ``folder`` is one that they all see, ``hands`` how many shares they do at a time.

    ``lost``: what the executor raises when workers die and nobody takes their share.
    """

    def __init__(
        self, executor: Executor, folder: Path, hands: int, lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    ) -> None:
        self.folder = folder
        self._executor = executor
        self._hands = hands
        self._lost: tuple[type[BaseException], ...] = (*lost, CancelledError)

    def spread(self, function: Callable[[Any, Any], Any], items: Sequence[Any], state: Any) -> Iterator[Any]:
        """``function(state, item)`` for every item, in order; raises QingduError for workers that cannot do it."""
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="work-") as file:
            pickle.dump((function, state), file, pickle.HIGHEST_PROTOCOL)
            file.flush()
            size = max(1, min(_MOST, len(items) // (self._hands * _SHARES)))
            given: deque[Future[list[Any]]] = deque()
            for start in range(0, len(items), size):
                share = pickle.dumps(items[start : start + size], pickle.HIGHEST_PROTOCOL)
                given.append(self._executor.submit(work, code(), file.name, share))
                if len(given) > self._hands * _AHEAD:
                    yield from self._done(given.popleft())
            while given:
                yield from self._done(given.popleft())

    def _done(self, share: Future[list[Any]]) -> list[Any]:
        try:
            return share.result()
        except self._lost as error:
            what = f"workers were lost, again and again ({type(error).__name__})"
            raise QingduError(_OPTION, what, "look at what they wrote; have they enough memory?") from error


_one_at_a_time = threading.Lock()


def work(stamp: str, file: str, share: bytes) -> list[Any]:
    """What a worker does: the results of a share. ``stamp`` is that of the code that gave it out, ``file`` what it needs."""
    if stamp != code():
        raise _other_version(socket.gethostname())
    with _one_at_a_time:
        function, state = _taken_up(file)
        # Only the build itself writes there, and it already decides what its workers do.
        return [function(state, item) for item in pickle.loads(share)]  # noqa: S301


@lru_cache(maxsize=1)
def _taken_up(file: str) -> tuple[Callable[[Any, Any], Any], Any]:
    try:
        data = Path(file).read_bytes()
    except OSError:
        what = f"the worker on {socket.gethostname()} does not see this file"
        raise QingduError(file, what, "keep content, store and output where all machines have the same path") from None
    function, state = pickle.loads(data)  # noqa: S301 - see above
    return function, state


def _other_version(where: str) -> QingduError:
    what = f"another version of qingdu, or of a library that it uses, runs on {where}"
    return QingduError(_OPTION, what, "install the same everywhere and start the workers again")


@contextmanager
def hire(address: str, folder: Path) -> Iterator[None]:
    """Have the workers of a Dask scheduler do the work meanwhile; ``folder`` is one that they all see.

    Raises QingduError without Dask, a scheduler or workers, and for workers of another version.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise QingduError(_OPTION, "needs Dask, which is not installed", "pip install 'qingdu[cluster]'") from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        what = f"no scheduler answers there ({type(error).__name__})"
        raise QingduError(address, what, "start one with `dask scheduler`") from None
    with client:
        hands = _workers(client, address)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".crew-") as shared:
            crew = Crew(client.get_executor(pure=False), Path(shared), hands, (KilledWorker,))
            with hired(crew):
                yield


def _workers(client: Any, address: str) -> int:
    """How many workers there are, all of our version."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        stamps: dict[str, str] = client.run(code)
    except TimeoutError:
        todo = f"start some with `dask worker {address} --nworkers=-1 --nthreads 1`"
        raise QingduError(address, "the scheduler has no workers", todo) from None
    except ImportError:
        raise QingduError(address, "the workers have no qingdu", "install the same version there") from None
    others = sorted(worker for worker, stamp in stamps.items() if stamp != code())
    if others:
        raise _other_version(", ".join(others))
    return len(stamps)
