"""The number of threads of everyone who is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import cv2
import threadpoolctl
import torch

from engine.threads import get_num_threads, set_num_threads


@contextmanager
def threads(count: int) -> Iterator[Callable[[int], None]]:
    """Give the engine, PyTorch, OpenCV and the BLAS of NumPy and SciPy `count` threads each, and take them back.

    Yields the function that sets the engine's alone.
    """
    before = get_num_threads(), torch.get_num_threads(), cv2.getNumThreads()
    with threadpoolctl.threadpool_limits(count, user_api="blas"):
        _set(count, count, count)
        try:
            yield set_num_threads
        finally:
            _set(*before)


def _set(ours: int, of_torch: int, of_opencv: int) -> None:
    set_num_threads(ours)
    torch.set_num_threads(of_torch)
    cv2.setNumThreads(of_opencv)
