"""What holds for every test."""

import os
import tempfile
from importlib.util import find_spec

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


def pytest_itemcollected(item):
    if hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
        item.add_marker("no_cover")  # it would take twice as long
