"""A Dask cluster that draws: connected to only when it is asked for, and only if it has what this machine has."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Any, NamedTuple

from deck.extras import install
from figures.canonical import digest
from figures.sources import PACKAGES, ROOT, content, shown
from figures.versions import OF_PICTURES, versions

ANSWERING = 5  # s that a scheduler may take to answer
AHEAD = 2  # calls that each worker has before it: one that it draws, one that it need not wait for


class ClusterError(OSError):
    """The cluster that was asked for cannot draw; the message says what to do."""


class Cluster(NamedTuple):
    """An executor, how many calls to give it at a time, and whether its scheduler is still there."""

    executor: Executor
    width: int
    alive: Callable[[], bool]


@contextlib.contextmanager
def cluster(scheduler: str | None) -> Iterator[Cluster]:
    """The Dask cluster of a scheduler's address.

    Raises
    ------
    ClusterError
        No address, no `distributed`, no answer, no worker, or workers with other sources or versions.
    """
    if not scheduler:
        raise ClusterError("--executor dask needs --scheduler ADDRESS; to start one on this machine: `dask scheduler` "
                          "and, as often as it shall have workers, `dask worker tcp://127.0.0.1:8786 --nthreads 1`")
    try:
        import distributed
        connect: Any = distributed.Client
    except ImportError:
        raise ClusterError(f"--executor dask needs the package distributed; install it: {install('dask')}") from None
    try:
        client: Any = connect(scheduler, timeout=ANSWERING, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        raise ClusterError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    try:
        yield Cluster(client.get_executor(), AHEAD * _checked(client, scheduler),
                      lambda: client.status not in ("closing", "closed"))  # fmt: skip
    finally:
        client.close(timeout=ANSWERING)


def equipment() -> dict[str, str]:
    """What decides a picture: the versions of libraries, and the sources as this process read them."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*")
                   if path.suffix in (".py", ".toml"))  # fmt: skip
    sources = digest(*(part for path in paths for part in (shown(path), content(path))))
    return {**versions(OF_PICTURES), "sources": sources[:12]}


def _checked(client: Any, scheduler: str) -> int:
    """The number of workers, if all of them have what is here."""
    here = equipment()
    reports: Mapping[str, Any] = client.run(equipment, on_error="return")
    if not reports:
        raise ClusterError(f"the Dask scheduler at {scheduler} has no workers; start one: dask worker {scheduler}")
    faults = [f"{worker}: {fault}" for worker, there in sorted(reports.items()) if (fault := _unlike(here, there))]
    if faults:
        raise ClusterError("these Dask workers cannot draw what is drawn here; start them anew, in an environment and "
                          "from sources like those of the build:\n  " + "\n  ".join(faults))
    return len(reports)


def _unlike(here: Mapping[str, str], there: Any) -> str:
    if isinstance(there, BaseException):
        return f"{type(there).__name__}: {there}"
    return ", ".join(f"{name} {there.get(name)} instead of {value}" for name, value in here.items()
                     if there.get(name) != value)  # fmt: skip
