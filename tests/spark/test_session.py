import os
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest
from pyspark.errors import NumberFormatException
from pyspark.sql import functions as sf

from helpers.spark import spark_session
from helpers.spark.session import java_home


def run(*command, **variables):
    return subprocess.run(
        [str(word) for word in command],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_without_spark_it_says_how_to_get_it():
    program = "import sys; sys.modules['pyspark'] = None; import helpers.spark"
    outcome = run(sys.executable, "-W", "ignore", "-c", program)
    assert outcome.stderr.strip().endswith("make lab EXTRA=spark")
    assert "ModuleNotFoundError" in outcome.stderr


def test_without_java_it_says_what_it_needs(tmp_path):
    program = "from helpers.spark import spark_session; spark_session()"
    outcome = run(sys.executable, "-c", program, JAVA_HOME=str(tmp_path))
    assert f"It needs Java 17 or newer; JAVA_HOME: {tmp_path}" in outcome.stderr
    assert "No such file or directory" in outcome.stderr


def test_midnight_stays_midnight(spark):
    assert spark.sql("SELECT timestamp'2025-03-30 02:30:00'").toPandas().iloc[0, 0].hour == 2
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"


def test_an_error_is_raised_and_not_printed(spark, capfd):
    number = sf.lit("2 pcs").cast("int")
    for query in (spark.sql("SELECT cast('2 pcs' AS int)"), spark.range(1).select(number)):
        with pytest.raises(NumberFormatException, match="cannot be cast"):
            query.collect()
    assert capfd.readouterr().err == ""


def test_a_second_call_returns_the_session_and_another_master_is_refused(spark):
    assert spark_session("local[2]").sparkContext is spark.sparkContext
    with pytest.raises(ValueError, match=r"running on local\[2\].*stop it first"):
        spark_session("local[1]")


def test_of_two_ways_to_name_a_master_the_argument_wins(spark, monkeypatch):
    monkeypatch.setenv("SPARK_MASTER", "spark://nowhere:7077")
    assert spark_session("local[2]").sparkContext.master == "local[2]"
    with pytest.raises(ValueError, match="to start it on spark://nowhere:7077"):
        spark_session()


def test_spark_submit_chooses_the_master_and_the_settings(tmp_path):
    job = tmp_path / "job.py"
    job.write_text(
        "from helpers.spark import spark_session\n"
        "with spark_session() as spark:\n"
        "    print(spark.sparkContext.master, spark.conf.get('spark.sql.shuffle.partitions'))\n"
    )
    submit = Path(pyspark.__file__).parent / "bin/spark-submit"
    options = ["--master", "local[1]", "--conf", "spark.sql.shuffle.partitions=7"]
    java = {"JAVA_HOME": str(java_home())} if java_home() else {}
    outcome = run(submit, *options, job, PYSPARK_PYTHON=sys.executable, **java)
    assert "local[1] 7" in outcome.stdout, outcome.stderr
