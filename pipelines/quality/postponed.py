"""Modules that a library names at its head and nobody needs here: loaded when something is first asked of them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """Stands where the module would; its import is made by the first question."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked by the import system about any module, and no use of it
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def postponed(*names: str) -> Iterator[None]:
    """Within, whoever imports one of these modules gets a stand-in for it; afterwards the module itself, as ever."""
    stand_ins = {name: _Postponed(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]
