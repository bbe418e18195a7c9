"""The plan of the house, held against the imports themselves."""

import ast
import functools
import graphlib
import importlib
import inspect
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools import copies
from tools.notebooks import lesson
from tools.notebooks.rules.code import shown

ROOT = Path(__file__).parents[1]

# What each package of helpers may import, beside itself and what those import that it does.
USES = {
    "data": ("language",),
    "language": (),
    "plots": ("language",),
    "replications": ("language", "plots"),
    "bandits": ("data",),
    "behavior": ("data",),
    "campaigns": ("data",),
    "explain": ("data",),
    "forecast": ("data",),
    "images": (),
    "monitoring": ("rules", "data", "language"),
    "privacy": ("data",),
    "rules": ("data",),
    "segments": ("data", "language"),
    "similarity": ("data",),
    "streaming": ("data",),
    "text": (),
    "value": ("data",),
    "spark": ("data", "value"),
    "churn": ("value", "data", "language"),
    "recommend": ("similarity", "data"),
    "desk": ("data", "language", "text"),
    "sequences": ("recommend", "data"),
    "evaluation": ("recommend", "data"),
}
NEEDS = {"spark": "pyspark"}  # packages of helpers that need an extra
LAYERS = ["helpers", "apps", "exercises", "tools"]  # a module imports from its own or a lower one
PACKAGES = sorted(
    path.parent.relative_to(ROOT).as_posix().replace("/", ".")
    for path in [
        *ROOT.glob("helpers/*/**/__init__.py"),
        *ROOT.glob("apps/*/**/__init__.py"),
        ROOT / "exercises/__init__.py",
    ]
    if "migrations" not in path.parts
    if find_spec(NEEDS.get(path.relative_to(ROOT).parts[1], "ast"))
)


@functools.cache
def imports() -> dict[str, set[str]]:
    """Return what each module imports of the other modules."""
    files = [path for layer in LAYERS for path in ROOT.glob(f"{layer}/**/*.py")]
    modules = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in files
    }
    modules |= {module.removesuffix(".__init__") for module in modules}
    found = {}
    for path in files:
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        found[name.removesuffix(".__init__")] = taken = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    taken |= {whole if whole in modules else node.module} & modules
            if isinstance(node, ast.Import):
                taken |= {alias.name for alias in node.names} & modules
    return found


def test_packages_import_what_the_plan_says_and_nothing_else():
    arrows = {name: set() for name in USES}
    for module, taken in imports().items():
        if module.startswith("helpers."):
            package = module.split(".")[1]
            arrows[package] |= {other.split(".")[1] for other in taken if "." in other} - {package}
    assert arrows == {name: set(uses) for name, uses in USES.items()}


def layer(module):
    return LAYERS.index(module.split(".")[0])


def test_no_module_imports_from_a_higher_layer():
    for module, taken in imports().items():
        assert not [other for other in taken if layer(other) > layer(module)], module


@pytest.mark.parametrize("part", LAYERS)
def test_no_modules_import_each_other_in_a_circle(part):
    # A public API hands names on; whoever is inside its package imports from the modules.
    graph = {
        module: {other for other in taken if other.startswith(part)}
        for module, taken in imports().items()
        if module.startswith(part) and module not in PACKAGES
    }
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("package", PACKAGES)
def test_a_module_does_not_import_its_own_package(package):
    for module, taken in imports().items():
        assert not (module.startswith(f"{package}.") and package in taken), module


@pytest.mark.parametrize("package", PACKAGES)
def test_a_public_api_says_what_it_is_for_and_hands_on_names_of_its_own_package(package):
    module = importlib.import_module(package)
    says, *statements = ast.parse(inspect.getsource(module)).body
    assert ast.get_docstring(ast.Module([says], []))
    *handed_on, last = statements
    if package.removeprefix("helpers.") in NEEDS:
        handed_on = handed_on[1:]  # how to get what is needed
    assert isinstance(last, ast.Assign)
    assert last.targets[0].id == "__all__"
    for statement in handed_on:
        assert isinstance(statement, ast.ImportFrom)
        assert statement.module.startswith(f"{package}.")
        assert {alias.name for alias in statement.names} <= set(module.__all__)


def test_each_name_is_in_one_package():
    counts = Counter(name for each in PACKAGES for name in importlib.import_module(each).__all__)
    # The report's sections are named like the questions of a shop, which topics answer,
    # too; and `score` is that of a cleaning and that of forecasts. What Spark computes as pandas
    # does has the same name.
    on_spark = {"cohort_counts", "frequent_itemsets"}
    assert {name for name, times in counts.items() if times > 1} <= {"score"} | on_spark


def test_a_face_shows_what_is_taken_from_it_and_nothing_else():
    lessons = [lesson.read(copies.LESSONS / path) for path in copies.lessons()]
    programs = ["\n".join(cell.source for cell in each.code) for each in lessons]
    programs += [
        path.read_text(encoding="utf-8")
        for layer in LAYERS
        for path in ROOT.glob(f"{layer}/**/*.py")
    ]
    taken = {"exercises.points"}  # a cell that nbgrader's copy of a lesson adds
    taken = taken.union(*map(names_taken, map(ast.parse, programs)))
    for package in PACKAGES:
        assert not {name for name in shown(package) if f"{package}.{name}" not in taken}, package


def names_taken(tree: ast.AST) -> set[str]:
    """Return what a program takes from public APIs: imported by name, or as attribute of one."""
    taken, bound = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                taken.add(f"{node.module}.{alias.name}")
                bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            taken.add(f"{bound.get(node.value.id)}.{node.attr}")
    return taken
