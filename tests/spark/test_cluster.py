"""The same programs on a cluster whose workers share nothing but the network."""

import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers import rules, value
from helpers.spark import (
    frequent_itemsets,
    item_similarities,
    rfm,
    spark_session,
    standalone_cluster,
)


@pytest.fixture(scope="module")
def cluster():
    """Two workers, both of which must be there before work is given out."""
    everybody = {"spark_scheduler_minRegisteredResourcesRatio": "1.0"}
    with standalone_cluster(workers=2) as master, spark_session(master, **everybody) as session:
        yield session


@pytest.fixture(scope="module")
def table(cluster, lines):
    return cluster.createDataFrame(lines).repartition(4)


def test_both_workers_work(cluster):
    # A task runs in a Python process, whose parent belongs to the executor.
    parents = cluster.sparkContext.parallelize(range(8), 8).map(lambda _: os.getppid()).distinct()
    assert parents.count() == 2


def test_rfm(table, lines):
    found = rfm(table).toPandas().sort_values("user_id").set_index("user_id")
    expected = value.rfm(lines)
    whole = ["recency", "frequency", "R", "F", "M"]
    assert (found[whole] == expected[whole]).all(axis=None)
    np.testing.assert_allclose(found["monetary"], expected["monetary"], rtol=1e-12)


def test_itemsets(table, lines):
    found = frequent_itemsets(table, 0.002).toPandas()
    found = dict(zip(found["itemsets"].map(frozenset), found["count"], strict=True))
    expected = rules.frequent_itemsets(lines, 0.002)
    assert found == dict(zip(expected["itemsets"], expected["count"], strict=True))


def test_similarities(cluster, lines):
    bought = lines[["user_id", "item_id"]].drop_duplicates().assign(rating=1)
    pairs = item_similarities(cluster.createDataFrame(bought).repartition(4)).toPandas()
    buyers = bought.groupby("item_id")["user_id"].agg(set)
    for row in pairs.iloc[::500].itertuples():
        one, other = buyers[row.item_id], buyers[row.other_id]
        expected = len(one & other) / np.sqrt(len(one) * len(other))
        assert row.similarity == pytest.approx(expected, rel=1e-12)


PROGRAM = """
from pyspark import SparkContext
from helpers.spark import spark_session, standalone_cluster

with standalone_cluster(workers=1) as master, spark_session(master) as spark:
    print(master.rsplit(":", 1)[1], SparkContext._gateway.gateway_parameters.port, flush=True)
    input()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot kill a process in this way")
def test_everything_ends_with_python_even_if_that_is_killed():
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        ports = [int(port) for port in program.stdout.readline().split()]
        assert [listens(port) for port in ports] == [True, True]
        program.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while any(map(listens, ports)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not any(map(listens, ports))


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
