"""One session of Spark for all tests of a module, because it takes seconds to start."""

import pytest

from helpers.data import load_shop
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
