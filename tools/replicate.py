"""Ask other shops what a lesson concludes from ours: ``python -m tools.replicate 05``.

A conclusion is a call of `helpers.replications.in_other_shops` in a cell. That cell and the cells
it needs are run as they stand in the lesson, in twenty shops of other seeds, which are dirtied and
cleaned as ours was. Of real data, each run sees a random half of the customers (of the help desk,
of the questions; of Open Bandit, of the rows; of reviews, of the products; of photos, of them).
What decides each claim is kept in ``data/replications.csv``; then ``make notebook`` prints it in
the lesson.

Without a name, every lesson is asked. A claim whose code has not changed since is not asked again,
but for ``--all``: the helpers that it calls may have changed.
"""

import argparse
import ast
import contextlib
import functools
import hashlib
import io
import os
import symtable
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from tools import copies, env

SEEDS = range(21)  # 0 is for our shop
SHOPS = env.ROOT / ".cache/shops"
CALLS = {"in_other_shops": "shops", "in_random_halves": "halves"}
ONLY_SHOWS = {"print", "display", "plt", "ax", "axes", "plots"}  # whose results are not asked for
MODULES = {"np", "pd"}
STATE = {"rng", "engine"}  # who uses it changes what the next one gets from it
IN_PLACE = {"fit", "set_params", "append", "extend", "update", "insert", "add", "pop", "shuffle"}
REAL = ["load_cdnow", "load_complete_journey"]
SIMULATORS = ["simulate_ratings", "simulate_channels"]


def main() -> None:
    """Run the lessons that are named in all shops, and store what decides their claims."""
    parser = argparse.ArgumentParser(prog="python -m tools.replicate")
    parser.add_argument("names", nargs="*", help="lessons, such as 05 and 09b")
    parser.add_argument("--all", action="store_true", help="ask again what has been asked")
    asked = parser.parse_args()
    env.enter()
    names = asked.names or [*map(copies.short_name, copies.lessons())]
    claims = {name: claims_of(name, read(name)) for name in names}
    known = {} if asked.all else stored()
    new = {
        name: {each.claim for each in found if (name, each.code) not in known}
        for name, found in claims.items()
    }
    failures = []
    for name, found in claims.items():  # what is done is stored, if a later one is stopped
        numbers, wrong = ask(name, new[name]) if new[name] else ({}, [])
        failures += wrong
        store(name, found, known | numbers)
    draw()
    print("\n".join(failures) or f"{sum(map(len, new.values()))} claims asked of twenty shops.")
    sys.exit(bool(failures))


# ---------------------------------------------------------------- statements and claims


@dataclass(frozen=True)
class Statement:
    """A statement of a code cell; what only shows something is left out of it."""

    cell: str
    tree: ast.Module
    part: str = "core"

    @functools.cached_property
    def flow(self) -> "Flow":
        """What it makes, changes and uses."""
        return flow(self.tree)

    @functools.cached_property
    def text(self) -> str:
        """Its code in one form, however it is laid out."""
        return ast.unparse(self.tree)


@dataclass(frozen=True)
class Claim:
    """A call in a cell; `code` is a hash of all code that the number depends on."""

    claim: str
    holds: str
    asked: str
    part: str
    cell: str
    code: str


class _Quiet(ast.NodeTransformer):
    """Leave out what only shows something: its words may change without another result."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        call = node.value
        if isinstance(call, ast.Call) and root(call.func) in ONLY_SHOWS:
            return ast.copy_location(ast.Pass(), node)
        return node


@functools.cache
def read(name: str) -> list[Statement]:
    """Return the statements of a lesson, without its exercises."""
    import nbformat

    found = copies.find(name)
    if not found:
        sys.exit(f"There is no lesson {name}.")
    read, part = [], "core"
    for cell in nbformat.read(copies.LESSONS / found, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## Further"):
            part = "further"
        if cell.cell_type == "code" and "\ncheck(" not in cell.source:
            read += statements(cell.id, cell.source, part)
    return read


def statements(cell: str, source: str, part: str = "core") -> list[Statement]:
    """Return the statements of a cell, but for those that only show something."""
    body = _Quiet().visit(ast.parse(source)).body
    if body and isinstance(body[-1], ast.Expr) and not any(calls(body[-1])):
        shown = body[-1].value
        changes = isinstance(shown, ast.Call) and getattr(shown.func, "attr", "") in IN_PLACE
        if not changes and not STATE & flow(ast.Module([body[-1]], [])).uses:
            del body[-1]
    return [
        Statement(cell, ast.Module([each], []), part)
        for each in body
        if not isinstance(each, ast.Pass)
    ]


def claims_of(name: str, lesson: list[Statement]) -> list[Claim]:
    """Return the claims of a lesson, in order."""
    found = []
    for n, statement in enumerate(lesson):
        for call in calls(statement.tree):
            said, claim, value, holds = call.args
            if ast.literal_eval(said) != name:
                sys.exit(
                    f"{name}, cell {statement.cell}: the claim is said to be of another lesson."
                )
            code = [lesson[each].text for each in needed(lesson, n)]
            digest = hashlib.sha256("\n".join([*code, ast.unparse(value)]).encode())
            says = map(ast.literal_eval, (claim, holds))
            where = CALLS[call.func.id], statement.part, statement.cell
            found.append(Claim(*says, *where, digest.hexdigest()[:8]))
    return found


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that make claims."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
            yield node


def needed(lesson: list[Statement], target: int) -> list[int]:
    """Return the statements that make what one uses, or may change it: a slice, going backward."""
    before = [each.flow for each in lesson[:target]]
    behind = {name: uses for each in before for name, uses in each.functions.items()}
    wanted, chosen = with_functions(lesson[target].flow.uses - {*CALLS}, behind), []
    for n in reversed(range(target)):
        if (before[n].makes | before[n].changes) & wanted:
            chosen.append(n)
            wanted = wanted - before[n].makes | with_functions(before[n].uses, behind)
    return sorted(chosen)


def with_functions(names: set[str], behind: dict[str, set[str]]) -> set[str]:
    """Add what functions of earlier statements use when they are called."""
    found, todo = set(), set(names)
    while todo:
        found |= todo
        todo = set().union(*(behind.get(name, set()) for name in todo)) - found
    return found


@dataclass
class Flow:
    """What a statement makes anew, may change in place, and uses, and the functions it defines."""

    makes: set[str]
    changes: set[str]
    uses: set[str]
    functions: dict[str, set[str]]


def flow(tree: ast.Module) -> Flow:
    """Read from the code of a statement what it does to names outside of functions."""
    table = symtable.symtable(ast.unparse(tree), "statement", "exec")
    defined = [each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    makes, uses, changes, functions = set(), set(), set(), {}
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            makes.add(symbol.get_name())
        if symbol.is_referenced():
            uses.add(symbol.get_name())
    for scope in table.get_children():
        if scope.get_name() in defined:
            functions[scope.get_name()] = uses_of(scope)
        else:  # a lambda or a comprehension
            uses |= uses_of(scope)
    for node in ast.walk(tree):
        match node:
            case ast.For(target=target):
                uses -= {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
            case ast.AugAssign(target=target):
                uses.add(root(target))
            case (
                ast.Subscript(value=inner, ctx=ast.Store())
                | ast.Attribute(value=inner, ctx=ast.Store())
                | ast.Call(func=ast.Attribute(value=inner, attr="fit" | "set_params"))
            ):
                changes.add(root(inner))
            case ast.Expr(value=ast.Call(func=func, args=args)) if root(func) not in CALLS:
                changes |= {root(each) for each in (func, *args)}  # rows.append(…)
    changes = (changes - MODULES | STATE) & uses
    return Flow(makes - uses, changes | makes & uses, uses, functions)


def uses_of(scope: symtable.SymbolTable) -> set[str]:
    """Return the names from outside that a function uses."""
    used = {each.get_name() for each in scope.get_symbols() if each.is_global()}
    return used.union(*map(uses_of, scope.get_children()))


def root(node: ast.AST) -> str:
    """Return the name that ``a.b[0].c`` begins with; what ``Model(…)`` returns is new, so none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        inner = node.func if isinstance(node, ast.Call) else node.value
        called = inner if isinstance(node, ast.Call) else None
        name = called.attr if isinstance(called, ast.Attribute) else ""
        if isinstance(called, ast.Name) or name[:1].isupper():
            return ""
        node = inner
    return getattr(node, "id", "")


# ---------------------------------------------------------------- other shops


Numbers = dict[tuple[str, str], dict[int, float]]  # (lesson, code) → shop → what decides


def ask(name: str, wanted: set[str]) -> tuple[Numbers, list[str]]:
    """Run what claims of a lesson need in all shops, on all cores; return numbers, and failures."""
    from tqdm import tqdm

    os.environ.update(env.ONE_THREAD, MPLBACKEND="agg", TQDM_DISABLE="1")  # for the cells
    numbers, failures = {}, []
    with ProcessPoolExecutor(None, get_context("spawn"), without_spark) as pool:
        done = pool.map(functools.partial(run, name, wanted), SEEDS)
        for seed, (found, wrong) in enumerate(tqdm(done, desc=name, total=len(SEEDS))):
            failures += wrong
            for code, value in found.items():
                numbers.setdefault((name, code), {})[seed] = value
    return numbers, failures


def without_spark() -> None:
    """Let lessons that import it be asked where Spark is missing; a cell that uses it fails."""
    if not find_spec("pyspark"):
        sys.modules["helpers.spark"] = ModuleType("helpers.spark")


def run(name: str, wanted: set[str], seed: int) -> tuple[dict[str, float], list[str]]:
    """Run what some claims of a lesson need in one shop; return what decides each, by its code."""
    lesson = read(name)
    claims = {each.claim: each for each in claims_of(name, lesson) if each.claim in wanted}
    targets = [
        n
        for n, each in enumerate(lesson)
        if any(ast.literal_eval(call.args[1]) in claims for call in calls(each.tree))
    ]
    chosen = sorted({each for n in targets for each in needed(lesson, n)} | {*targets})
    found, wrong = {}, []

    def note(_: str, claim: str, value: float, *__: str, **___: str) -> None:
        if claim in claims:
            found[claims[claim].code] = float(value)

    with contextlib.ExitStack() as stack:
        stack.enter_context(another_shop(seed))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(warnings.catch_warnings(action="ignore"))
        space: dict[str, Any] = {"display": lambda *_: None, **dict.fromkeys(CALLS, note)}
        for n in chosen:
            try:
                exec(compile(lesson[n].tree, lesson[n].cell, "exec"), space)
            except Exception as error:  # a cell may rest on what is true of our shop alone
                wrong.append(f"{name}, shop {seed}, cell {lesson[n].cell}: {error!r}"[:300])
            close_figures()
    return found, wrong


def close_figures() -> None:
    """Forget the figures that a cell drew."""
    from matplotlib import pyplot

    pyplot.close("all")


@contextlib.contextmanager
def another_shop(seed: int) -> Iterator[None]:
    """Let lessons load the shop of another seed, and random halves of real customers."""
    if not seed:
        yield
        return
    from helpers import data
    from helpers.data import shop, shop_cache, sources

    folder = simulated(seed)
    real = {name: halved(getattr(data, name), seed) for name in REAL}
    real["load_help_desk"] = half_of_questions(data.load_help_desk, seed)
    real["load_open_bandit"] = half_of_rows(data.load_open_bandit, seed)
    real["load_clothing_reviews"] = half_of_products(data.load_clothing_reviews, seed)
    real["load_fashion_photos"] = half_of_photos(data.load_fashion_photos, seed)
    made = {name: functools.partial(getattr(shop, name), seed=seed) for name in SIMULATORS}
    with (
        patched(sources, SHOP=folder),
        patched(shop_cache, FILE=folder / "shop.zip"),
        patched(data, **real),
        patched(shop, **made),
    ):
        yield


def simulated(seed: int) -> Path:
    """Return the folder of a shop of another seed; a changed simulator gets new ones."""
    from helpers.data import shop, sources

    folder = SHOPS / f"{sources.simulator_version()}-{seed}"
    if not folder.is_dir():
        SHOPS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=SHOPS) as half:
            shop.write_export(shop.simulate("small", seed=seed), Path(half) / "shop")
            with contextlib.suppress(OSError):  # another process was faster
                (Path(half) / "shop").rename(folder)
    return folder


def halved(load: Callable, seed: int) -> Callable:
    """Let a loader of real data give the rows of a random half of the customers."""
    import numpy as np

    def half(*args: Any, **options: Any) -> Any:
        loaded = load(*args, **options)
        tables = loaded if isinstance(loaded, dict) else {"transactions": loaded}
        users = np.sort(tables["transactions"]["user_id"].unique())
        kept = np.random.default_rng(seed).choice(users, len(users) // 2, replace=False)
        some = {
            name: table[table["user_id"].isin(kept)].reset_index(drop=True)
            if "user_id" in table
            else table
            for name, table in tables.items()
        }
        return some if isinstance(loaded, dict) else some["transactions"]

    return half


def half_of_questions(load: Callable, seed: int) -> Callable:
    """Let the help desk's loader give all pages and a random half of the questions."""

    def half(*language: str) -> Any:
        pages, questions = load(*language)
        return pages, questions.sample(frac=0.5, random_state=seed).sort_index()

    return half


def half_of_rows(load: Callable, seed: int) -> Callable:
    """Let the loader of a log without customers give a random half of its rows."""
    return lambda: load().sample(frac=0.5, random_state=seed).sort_index().reset_index(drop=True)


def half_of_products(load: Callable, seed: int) -> Callable:
    """Let the loader of reviews give those of a random half of the products, with their labels."""

    def half() -> Any:
        reviews = load()
        products = reviews["item_id"].drop_duplicates().sample(frac=0.5, random_state=seed)
        return reviews[reviews["item_id"].isin(products)]

    return half


def half_of_photos(load: Callable, seed: int) -> Callable:
    """Let the loader of photos give a random half of them."""

    def half() -> Any:
        photos, kinds = load()
        kept = kinds.sample(frac=0.5, random_state=seed).sort_index().index
        return photos[kept], kinds[kept].reset_index(drop=True)

    return half


@contextlib.contextmanager
def patched(module: Any, **changes: Any) -> Iterator[None]:
    """Give a module other attributes for a while."""
    before = SimpleNamespace(**{name: getattr(module, name) for name in changes})
    vars(module).update(changes)
    try:
        yield
    finally:
        vars(module).update(vars(before))


def stored() -> Numbers:
    """Return the numbers that are stored."""
    import pandas as pd

    from helpers.replications import FILE

    if not FILE.exists():
        return {}
    table = pd.read_csv(FILE, dtype={"lesson": str}).rename(columns={"here": "0"})
    found = table.set_index(["lesson", "code"])[[*map(str, SEEDS)]].rename(columns=int)
    return {key: row.dropna().to_dict() for key, row in found.iterrows()}


def store(name: str, claims: list[Claim], numbers: Numbers) -> None:
    """Put claims and their numbers in the place of what is stored of a lesson."""
    import pandas as pd

    from helpers.replications import ABOUT, FILE

    rows = [
        {"lesson": name, **vars(claim)}
        | {str(seed): numbers.get((name, claim.code), {}).get(seed) for seed in SEEDS}
        for claim in claims
    ]
    columns = [*ABOUT, *map(str, SEEDS[1:])]
    table = pd.DataFrame(rows).rename(columns={"0": "here"}).reindex(columns=columns)
    if FILE.exists():
        old = pd.read_csv(FILE, dtype={"lesson": str})
        table = pd.concat([old[old["lesson"] != name], table])
    text = table.sort_values("lesson", kind="stable").to_csv(index=False, float_format="%.4g")
    copies.write(FILE, text.encode())


def draw() -> None:
    """Draw the picture of all claims, in each language."""
    import matplotlib

    from helpers import language

    matplotlib.use("agg")
    for spoken, folder in {"en": copies.LESSONS, "zh": copies.LESSONS / "zh"}.items():
        with language.speaking(spoken):
            copies.write(folder / "replications.svg", picture())


def picture() -> bytes:
    """Return the picture of all claims: a point for each, by in how many shops it holds."""
    from matplotlib import pyplot as plt

    from helpers import plots, replications
    from helpers.language import say_with_numbers

    plots.use_style()
    plt.rcParams["svg.hashsalt"] = "the same file each time"
    replications.stored.cache_clear()
    table = replications.stored()
    true = [replications.holds_in(row) for _, row in table.iterrows()]
    _, ax = plt.subplots(figsize=(9, 3.6))
    counts = [true.count(n) for n in range(21)]
    colors = {"holds": plots.ACCENT, "depends": plots.CONTEXT, "luck": "#D55E00"}
    bars = ax.bar(range(21), counts, color=[colors[replications.verdict(n, 20)] for n in range(21)])
    ax.bar_label(bars, [count or "" for count in counts], fontsize=12)
    title = f"{sum(counts[18:])} of {len(true)} conclusions hold in at least 18 of 20 other shops"
    ax.set_title(say_with_numbers(title))
    ax.set_xlabel(say_with_numbers("other shops in which a conclusion holds"))
    ax.set_xticks([0, 5, 10, 15, 20])
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    drawn = io.BytesIO()
    plt.savefig(drawn, format="svg", metadata={"Date": None}, facecolor="white")
    return drawn.getvalue()


if __name__ == "__main__":
    main()
