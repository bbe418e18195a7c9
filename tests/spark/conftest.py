"""One session of Spark for all tests of a module, because it takes seconds to start."""

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import faiss  # noqa: F401  some of its warnings come at import

    from helpers.data import load_shop  # pandera looks for pyspark, which warns of pandas 3
    from helpers.spark import spark_session


def pytest_configure(config):
    """Let pyspark's warnings about pandas 3 pass: the first is known, the second is its own."""
    known = [
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:The copy keyword is deprecated:DeprecationWarning",
    ]
    for each in known:
        config.addinivalue_line("filterwarnings", each)


@pytest.fixture(scope="module")
def spark():
    with spark_session("local[2]", spark_sql_shuffle_partitions="2") as session:
        yield session


@pytest.fixture(scope="session")
def lines():
    """The shop's order lines, and what each brought."""
    lines = load_shop().order_lines
    return lines.assign(value=lines.eval("quantity * unit_price * (1 - discount)"))


@pytest.fixture(scope="session")
def items():
    return load_shop().items


@pytest.fixture(scope="session")
def ratings():
    return load_shop().ratings[["user_id", "item_id", "rating"]]
