"""The rules of a lesson: `problems` says what is wrong with a notebook, `RULES` are all of them."""

# Each of these rooms adds its rules to the registry.
from tools.notebooks.rules import cells, code, exercises, frame, practice, prose  # noqa: F401
from tools.notebooks.rules.registry import RULES, problems

__all__ = ["RULES", "problems"]
