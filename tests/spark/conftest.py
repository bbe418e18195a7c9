"""Tests of what needs the extra `spark`.

Its libraries warn of what pandas and Python have outgrown; that is their business, no error here.
"""

import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import faiss  # noqa: F401  some of its warnings come at import

    import helpers.data  # noqa: F401  pandera looks for pyspark, which warns of pandas 3


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("default"))
