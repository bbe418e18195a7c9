"""The rules of a lesson: `problems` says what breaks the `RULES`, or goes against the `ADVICE`."""

# Each of these modules adds its rules to the registry.
from tools.notebooks.rules import cells, code, exercises, frame, practice, prose  # noqa: F401
from tools.notebooks.rules.base import ADVICE, RULES, problems

__all__ = ["ADVICE", "RULES", "problems"]
