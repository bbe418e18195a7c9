"""What the lessons import: one package per topic, each with a small public interface.

All functions check their input before they compute anything. Bad input raises a `ValueError`; for a
table it is a `TableError`, which names the column, the rows and the fix. A model that is used
before it is fitted raises scikit-learn's `NotFittedError`. Docstrings list only other errors.
"""

import warnings

# Where Spark is installed, pandera imports it, too; it works with pandas 3 wherever we use it.
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
