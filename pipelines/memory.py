"""How often Python looks for garbage that refers to itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_sought_seldom() -> Iterator[None]:
    """Within, Python looks through what was made since it last looked after 50,000 new objects, not 700.

    The libraries of a run keep half a million objects alive, and a tenth of a small run went into finding them in use.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
