"""What the lessons import: a package a topic, each with a small public face.

Everywhere, bad input is refused before anything is computed: with a `ValueError`, for a table with
the `TableError` that is one, which names the column, the rows and the mend. A model asked before it
is fitted raises scikit-learn's `NotFittedError`. Docstrings list only other errors.
"""
