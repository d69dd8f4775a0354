"""Worker processes, of which each can be lost without the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from tropnet.errors import InvalidInputError


class WorkerProcesses(Executor):
    """An executor with some processes, each in a pool of its own.

    A `ProcessPoolExecutor` that loses a process loses all its tasks, and takes no more.  Here only
    the tasks of that process end with `BrokenProcessPool`, and another process takes its place.

    Args:
        count: How many processes.

    Raises:
        InvalidInputError: if it is not positive.
    """

    def __init__(self, count: int) -> None:
        if count < 1:
            raise InvalidInputError("count: expected at least one process")
        self._pools = [_pool() for _ in range(count)]
        self._waiting: list[set[Future[Any]]] = [set() for _ in range(count)]
        self._max_workers = count

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Gives a task to the process with the fewest."""
        for tasks in self._waiting:
            tasks.difference_update([task for task in tasks if task.done()])
        place = min(range(len(self._pools)), key=lambda k: len(self._waiting[k]))
        with _interrupts_held_back():
            try:
                task = self._pools[place].submit(fn, *args, **kwargs)
            except BrokenProcessPool:
                self._pools[place].shutdown(wait=False)
                self._pools[place] = _pool()
                task = self._pools[place].submit(fn, *args, **kwargs)
        self._waiting[place].add(task)
        return task

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the processes."""
        for pool in self._pools:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C waits meanwhile, and never reaches a process that is started: the driver ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pool() -> ProcessPoolExecutor:
    # A forked process would share the driver's threads and locks.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_end_with_the_driver)


def _end_with_the_driver() -> None:
    """Ends this process when the one that started it is gone, though it be killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
