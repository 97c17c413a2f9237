"""The rights of the first part of the sample city, without the sources beside them."""

import pytest

from pipelines.sample import rights
from tests.sample.rights.parts import Written, drawn_part


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The rights of the first part at the default seed."""
    folder = tmp_path_factory.mktemp("rights")
    part = drawn_part(folder)
    delivered = rights.deliver(part)
    return Written(part, delivered, part.landing.planted_table(), part.landing.files, folder)
