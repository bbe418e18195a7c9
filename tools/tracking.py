"""Track the course's experiments with MLflow: ``python -m tools.tracking run``, then ``page``.

``run`` logs the models of lessons 07, 09, 09b, 11 and 11c: hyperparameters, metrics with their
confidence intervals, the table and a figure, the hash of the data, the commit. The best model of
each lesson is registered as champion, the best of another kind as challenger. What is logged
already is left alone. ``best`` says which models these are, and why. ``page`` shows everything in
the browser.

The course does not need it. MLflow has an environment of its own, and all that it keeps is in
``my_work/tracking``: delete that folder to start anew. Nothing is sent anywhere.
"""

import argparse
import hashlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tools import copies, env

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from mlflow import MlflowClient
    from mlflow.entities import Run

    from tools.tracked import Grid, Trial

SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",  # by default it reports to its makers
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # for language models; starts more processes
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MPLBACKEND": "agg",
    "TQDM_DISABLE": "1",
}
NOTHING = "Nothing is logged yet. First: python -m tools.tracking run"


def main() -> None:
    """Do what was asked, in the environment of MLflow."""
    parser = argparse.ArgumentParser(prog="python -m tools.tracking", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=["run", "best", "page"])
    what = parser.parse_args().what
    env.enter("tracking")
    os.environ.update(SETTINGS)
    if what == "run":
        try:
            run()
        except KeyboardInterrupt:
            sys.exit("Interrupted. What was logged before is whole; run it again for the rest.")
    elif not database().exists():
        sys.exit(NOTHING)
    elif what == "best":
        print(best())
    else:
        sys.exit(page())


def database() -> Path:
    """Return the file in which everything is logged."""
    return copies.folder() / "tracking" / "runs.sqlite"


def client() -> "MlflowClient":
    """Connect MLflow to the learner's own file."""
    import mlflow  # only its environment has it

    database().parent.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{database()}")
    return mlflow.MlflowClient()


# ---------------------------------------------------------------- run


def run() -> None:
    """Log the grids that are not logged yet."""
    from helpers.data import load_shop, load_shop_key
    from helpers.production.scoring import git_commit
    from tools import tracked

    data, commit = hash_of_data(), git_commit(env.ROOT)
    database().parent.mkdir(parents=True, exist_ok=True)
    with env.alone(database().parent):
        for grid in tracked.grids(load_shop(), load_shop_key()):
            print(f"lesson {grid.lesson}, {grid.task}: ", end="", flush=True)
            print(log(grid, data, commit), flush=True)


def log(grid: "Grid", data: str, commit: str) -> str:
    """Log a grid as one run with a run inside for each model, and register the best.

    The tag ``content`` is a hash of all hyperparameters and of the data. A grid whose outer run
    has finished with the same hash is there already; what an interrupted one left is deleted.
    """
    import mlflow
    import pandas as pd
    from mlflow.data.code_dataset_source import CodeDatasetSource
    from mlflow.data.meta_dataset import MetaDataset

    content = json.dumps([grid.lesson, grid.parameters, data], sort_keys=True)
    tags = {
        "content": hashlib.sha256(content.encode()).hexdigest(),
        "data": data,
        "mlflow.source.git.commit": commit,
    }
    mine = client()
    experiment = mine.get_experiment_by_name(name := title(grid.lesson))
    if experiment is None:
        place = (database().parent / "artifacts").as_uri()
        kind = {"mlflow.experimentKind": "custom_model_development"}  # not one of language models
        experiment = mine.get_experiment(mine.create_experiment(name, place, kind))
    there = mine.search_runs([experiment.experiment_id], f"tags.content = '{tags['content']}'")
    if any(is_outer(each) and each.info.status == "FINISHED" for each in there):
        return "is there already"
    for left in there:
        for version in mine.search_model_versions(f"run_id = '{left.info.run_id}'"):
            mine.delete_model_version(version.name, version.version)
        mine.delete_run(left.info.run_id)

    trials = {name: grid.measure(*pair) for name, pair in grid.models.items()}
    champion, challenger = choose(grid, trials)
    inside = {"experiment_id": experiment.experiment_id, "tags": tags}
    dataset = MetaDataset(CodeDatasetSource({"file": "data/shop"}), "shop", data[:8])
    with mlflow.start_run(run_name=grid.task, **inside):
        runs = {}
        for name, trial in trials.items():
            with mlflow.start_run(run_name=name, nested=True, **inside) as started:
                mlflow.log_input(dataset)
                mlflow.log_params(grid.parameters[name])
                mlflow.log_metrics({f"validation_{grid.metric}": trial.validation})
                mlflow.log_metrics({key: float(value) for key, value in trial.metrics.items()})
                mlflow.log_dict(grid.parameters[name], "model/parameters.json")
                runs[name] = started.info.run_id
        mlflow.log_input(dataset)
        mlflow.log_metrics(lead(grid, trials[champion], trials[challenger]))
        table = pd.DataFrame({name: trial.metrics for name, trial in trials.items()}).T
        mlflow.log_text(table.rename_axis("model").to_csv(), "results.csv")
        mlflow.log_figure(figure(grid, table), "results.png")
        for alias, name in {"champion": champion, "challenger": challenger}.items():
            register(grid.task, alias, name, runs[name])
    return f"{len(trials)} models, champion {champion}"


def choose(grid: "Grid", trials: "dict[str, Trial]") -> tuple[str, str]:
    """Return the best model on the validation set, and the best of another kind."""
    sign = 1 if grid.lowest_is_best else -1
    first, *others = sorted(trials, key=lambda name: sign * trials[name].validation)
    kind = grid.parameters[first]["model"]
    return first, next(name for name in others if grid.parameters[name]["model"] != kind)


def lead(grid: "Grid", champion: "Trial", challenger: "Trial") -> dict[str, float]:
    """By how much the champion leads on the test set, compared user by user; below 0, it loses."""
    from helpers import evaluation

    ours, theirs = (each.per_user.to_frame("lead") for each in (champion, challenger))
    if grid.lowest_is_best:
        ours, theirs = theirs, ours
    compared = evaluation.compare(ours, theirs).loc["lead"]
    ends = {"lead": "difference", "lead_low": "low", "lead_high": "high"}
    return {name: float(compared[column]) for name, column in ends.items()}


def register(task: str, alias: str, name: str, run_id: str) -> None:
    """Make a run the newest version of a registered model, under an alias."""
    mine = client()
    if not mine.search_registered_models(f"name = '{task}'"):
        mine.create_registered_model(task)
    version = mine.create_model_version(
        task, f"runs:/{run_id}/model", run_id, description=name, await_creation_for=0
    )
    mine.set_registered_model_alias(task, alias, version.version)


def figure(grid: "Grid", table: "pd.DataFrame") -> "Figure":
    """Draw the metric that decides, with its 95% confidence interval, for all models."""
    import matplotlib.pyplot as plt

    from helpers import plots

    plots.use_style()
    table = table.sort_values(grid.metric, ascending=grid.lowest_is_best)
    drawn, ax = plt.subplots(figsize=(9, 1.6 + 0.4 * len(table)), layout="constrained")
    low, high = table[f"{grid.metric}_low"], table[f"{grid.metric}_high"]
    ax.hlines(table.index, low, high, color=plots.CONTEXT, linewidth=6)
    ax.plot(table[grid.metric], table.index, "o", color=plots.ACCENT)
    ax.invert_yaxis()
    best_way = "lower" if grid.lowest_is_best else "higher"
    label = f"{grid.metric} on the test set, with 95% confidence interval ({best_way} is better)"
    ax.set(title=f"{grid.task}: {table.index[0]} is first on the test set", xlabel=label)
    plt.close(drawn)
    return drawn


def title(lesson: str) -> str:
    """Return the title of a lesson, which is the name of its experiment."""
    from helpers.exercises import course

    return next(each for each in course.lessons() if each.partition(" · ")[0] == lesson)


def hash_of_data() -> str:
    """Return the SHA-256 over the shop's files, names and contents."""
    folder = env.ROOT / "data/shop"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    each = (
        f"{path.relative_to(folder).as_posix()} {copies.digest(path.read_bytes())}\n"
        for path in files
    )
    return hashlib.sha256("".join(each).encode()).hexdigest()


# ---------------------------------------------------------------- best, page


def best() -> str:
    """Return a table of the champions and challengers, and why each champion was chosen."""
    import pandas as pd

    mine = client()
    aliases = ("champion", "challenger")
    whole = [each for each in mine.search_registered_models() if {*aliases} <= {*each.aliases}]
    if not whole:  # the first run was interrupted
        sys.exit(NOTHING)
    rows, whys = {}, []
    for registered in sorted(whole, key=lambda each: each.name):
        for alias in aliases:
            version = mine.get_model_version_by_alias(registered.name, alias)
            logged = mine.get_run(version.run_id)
            found = logged.data.metrics
            (decides,) = (key for key in found if key.startswith("validation_"))
            metric = decides.removeprefix("validation_")
            rows[registered.name, alias] = {
                "model": logged.info.run_name,
                "metric": metric,
                "validation": found[decides],
                "test": found[metric],
                "low": found[f"{metric}_low"],
                "high": found[f"{metric}_high"],
            }
        outer = mine.get_run(logged.data.tags["mlflow.parentRunId"]).data.metrics
        low, middle, high = (outer[key] for key in ("lead_low", "lead", "lead_high"))
        verdict = "it leads" if low > 0 else "it loses" if high < 0 else "no clear difference"
        whys.append(f"{registered.name}: {middle:+.4f} ({low:+.4f} to {high:+.4f}), {verdict}")
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(["task", "alias"]).round(4)
    return "\n".join(
        [
            table.to_string(),
            "\nA champion is the best model on the validation set (a lower brier is better). On "
            "the\ntest set, compared user by user, it leads its challenger by (95% confidence "
            "interval):\n",
            *whys,
            "\nThe interval covers other users, not another random start or another season.",
        ]
    )


def page() -> int:
    """Serve MLflow's page to this machine alone, until Ctrl-C; return its exit code."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lessons = [
        each.experiment_id for each in client().search_experiments() if each.name != "Default"
    ]
    shown = {"experiments": json.dumps(lessons), "workflowType": "machine_learning"}
    address = f"http://127.0.0.1:{port}/#/compare-experiments/s?{urlencode(shown)}"
    print(f"In a minute the runs are at {address}\nCtrl-C stops the page.", flush=True)
    command = ["-m", "mlflow", "server", "--host=127.0.0.1", f"--port={port}", "--workers=1"]
    command += [
        "--uvicorn-opts=--log-level=critical",
        f"--backend-store-uri=sqlite:///{database()}",
    ]
    command.append(f"--artifacts-destination={(database().parent / 'artifacts').as_uri()}")
    return env.run(sys.executable, *command, PYTHONWARNINGS="ignore")


def is_outer(logged: "Run") -> bool:
    """Whether a run is that of a whole grid."""
    return "mlflow.parentRunId" not in logged.data.tags


if __name__ == "__main__":
    main()
