"""What holds for every test."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import matplotlib

# Neither tests nor the processes they start touch the learner's progress or draw on a screen.
progress = tempfile.TemporaryDirectory()
os.environ["WORKBOOK_PROGRESS"] = progress.name
os.environ.setdefault("MPLBACKEND", "agg")  # `make test` has kernels draw into their notebooks
matplotlib.use("agg")

# The same examples in every run: a failure is the change's, not the day's.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("same")

# Tests that need an extra stand in a folder of their own and are seen only by its environment.
needs = {
    "browser": "playwright",
    "peers": "lifetimes",
    "spark": "pyspark",
}
collect_ignore = [folder for folder, module in needs.items() if find_spec(module) is None]

# A learner waits for `make test`, so it leaves thorough tests to `make check`: all those in these
# places, tests of properties, and tests that are marked one by one.
THOROUGH = [
    *["browser", "notebooks", "peers", "spark", "test_house.py", "tools"],
    *["apps/corpus", "apps/report", "exercises/lessons", "exercises/test_cases.py"],
    *["helpers/forecast/test_smoothing.py", "helpers/recommend/test_contract.py"],
    *["helpers/data/test_calibration.py", "helpers/data/test_cleaning_shops.py"],
    *["helpers/data/test_shop_cache.py", "helpers/data/test_shop.py"],
]


def is_thorough(path):
    place = path.relative_to(Path(__file__).parent)
    return any(place.is_relative_to(each) for each in THOROUGH)


def pytest_ignore_collect(collection_path, config):
    """Do not even read the files whose tests are left out."""
    return (
        True if config.option.markexpr == "not thorough" and is_thorough(collection_path) else None
    )


def pytest_itemcollected(item):
    is_property = hypothesis.is_hypothesis_test(getattr(item, "obj", None))
    if is_property or is_thorough(item.path):
        item.add_marker("thorough")
    if is_property:
        item.add_marker("no_cover")  # it would take twice as long
