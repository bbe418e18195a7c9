"""pyproject.toml, the locks and environment.yml say the same."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import tools
from tools.env import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED = {  # lock: what it has to hold
    "requirements.txt": PROJECT["dependencies"],
    "tools/locks/uv.txt": ["uv"],
    **{f"tools/locks/{extra}.txt": wanted for extra, wanted in EXTRAS.items()},
}


def entries(lock: str) -> list[str]:
    """Split a lock into its packages: the pinned requirement and, indented below it, its hashes."""
    text = re.sub(r"^[#-].*\n", "", lock, flags=re.MULTILINE)
    return [entry for entry in re.split(r"\n(?=\S)", text.strip()) if entry]


def pins(lock: str) -> dict[str, dict[str, str]]:
    """Read a lock as {name: {marker: version}}."""
    found: dict[str, dict[str, str]] = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split("\\")[0])
        (specifier,) = requirement.specifier
        found.setdefault(requirement.name, {})[str(requirement.marker)] = specifier.version
    return found


def faults(wanted: list[str], lock: str) -> list[str]:
    """Say what is wrong with a lock that has to hold the wanted requirements."""
    found = [f"{entry.split()[0]} has no hash" for entry in entries(lock) if "sha256:" not in entry]
    if "://" in lock or "@ " in lock:
        found.append("there is an address in it")
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        versions = locked.get(requirement.name, {}).values()
        if not versions:
            found.append(f"{requirement.name} is missing")
        found += [
            f"{requirement} is locked at {version}"
            for version in versions
            if version not in requirement.specifier
        ]
    return found


@pytest.mark.parametrize("path", LOCKED)
def test_lock_holds_every_direct_dependency_with_hashes(path):
    assert faults(LOCKED[path], (ROOT / path).read_text()) == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_extras_agree_with_the_base_lock(extra):
    base = pins((ROOT / "requirements.txt").read_text())
    added = pins((ROOT / f"tools/locks/{extra}.txt").read_text())
    assert {
        name: added[name]
        for name in base.keys() & added.keys()
        if set(added[name].values()) != set(base[name].values())
    } == {}


def imports(folder: str) -> set[str]:
    """Return the top-level modules that the Python files of a folder import."""
    nodes = [
        node
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    plain = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    members = [node.module for node in nodes if isinstance(node, ast.ImportFrom) if node.module]
    return {name.split(".")[0] for name in plain + members}


@pytest.mark.parametrize("folder", ["helpers", "tools", "tests"])
def test_every_imported_package_is_a_direct_dependency(folder):
    direct = {Requirement(line).name for lines in LOCKED.values() for line in lines}
    distributions = packages_distributions()
    undeclared = {
        module: distributions[module]
        for module in imports(folder) & distributions.keys()
        if not direct & set(map(canonicalize_name, distributions[module]))
    }
    assert undeclared == {}


def test_there_is_no_lock_without_an_extra():
    assert {path.stem for path in (ROOT / "tools/locks").iterdir()} == {"uv", *EXTRAS}


def test_conda_installs_python_and_the_lock_and_nothing_else():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, *others = environment["dependencies"]
    assert others == ["pip", {"pip": ["-r requirements.txt"]}]
    name, version = python.split("=")
    assert name == "python"
    assert version in SpecifierSet(PROJECT["requires-python"])
    assert environment["name"] == PROJECT["name"]


def test_the_oldest_python_is_the_same_everywhere():
    oldest = "{}.{}".format(*tools.OLDEST)
    assert PROJECT["requires-python"] == f">={oldest}"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert Version(oldest) in SpecifierSet(PROJECT["requires-python"])
