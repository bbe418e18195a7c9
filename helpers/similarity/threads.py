"""Work on several parts of a table in parallel."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from threadpoolctl import ThreadpoolController

THREADS = 2
LIBRARIES = ThreadpoolController()  # finding BLAS takes longer than some of the work

Part = TypeVar("Part")
Result = TypeVar("Result")


def one_blas_thread() -> AbstractContextManager:
    """Keep BLAS from starting threads, for work with many small matrix products.

    After each product its threads wait for the next one in a busy loop, on cores that other threads
    could use.
    """
    return LIBRARIES.limit(limits=1, user_api="blas")


def in_threads(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Do the same work on each part, and return the results in the order of the parts.

    numpy and scipy let other threads run while they calculate. BLAS must not start threads of its
    own in each of ours: they would wait for one another. The threads end with the work: a pool that
    is kept would be empty in a process after `os.fork`, and wait forever.

    Examples
    --------
    >>> in_threads(abs, [-1, 2])
    [1, 2]
    """
    with one_blas_thread(), ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, parts))
