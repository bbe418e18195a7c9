"""Agreement with independent libraries, in the environment of the extra `peers`.

They warn of what pandas and numpy have outgrown; that is their business, and not an error here.
"""

import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import lifetimes  # noqa: F401  some of its warnings come at import
    import ranx  # noqa: F401  those of its syntax, too
    import shap  # noqa: F401


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("default"))
