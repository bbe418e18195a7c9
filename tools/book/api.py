"""The pages about the helpers, from their docstrings: one for each face, and a list of them."""

from pathlib import Path

from tools.env import ROOT

OPENING = """\
# The helpers

What the lessons import, one page for each package. Their docstrings give formulas, shapes, units
and sources.

```{toctree}
:maxdepth: 1

"""


def pages() -> dict[str, str]:
    """Return the pages by name: ``api/index.md`` and one for each face."""
    faces = sorted(
        face
        for face in [*ROOT.glob("helpers/*/**/__init__.py"), ROOT / "helpers/plots.py"]
        if face.parent.name != "lessons"
    )
    written = {}
    for face in faces:
        name = module(face)
        heading = f"# {name.removeprefix('helpers.')}\n\n"
        written[name] = heading + members(name, face.stem == "__init__")
    opening = OPENING + "\n".join(written) + "\n```\n"
    return {"api/index.md": opening} | {f"api/{name}.md": text for name, text in written.items()}


def module(face: Path) -> str:
    """Return what one imports: helpers.data.shop for helpers/data/shop/__init__.py."""
    parts = face.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def members(name: str, face: bool) -> str:
    """Return the directive that documents what a module has; a face's names come from elsewhere."""
    imported = "   :imported-members:\n" if face else ""
    return f"""\
```{{eval-rst}}
.. automodule:: {name}
   :members:
   :member-order: bysource
{imported}```
"""
