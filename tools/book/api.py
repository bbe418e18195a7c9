"""The pages about the helpers, from their docstrings: one for each package, and a list of them."""

from pathlib import Path

from helpers.language import say
from tools.env import ROOT

OPENING = """\
# {title}

{about}

```{{toctree}}
:maxdepth: 1

{pages}
```
"""


def pages() -> dict[str, str]:
    """Return the pages by name: ``api/index.md`` and one for each package."""
    packages = sorted(ROOT.glob("helpers/*/**/__init__.py"))
    written = {}
    for package in packages:
        name = module(package)
        heading = f"# {name.removeprefix('helpers.')}\n\n"
        written[name] = heading + members(name, package.stem == "__init__")
    opening = OPENING.format(
        title=say("The helpers"),
        about=say(
            "What the lessons import, one page for each package. Their docstrings give formulas, "
            "shapes, units and sources."
        ),
        pages="\n".join(written),
    )
    return {"api/index.md": opening} | {f"api/{name}.md": text for name, text in written.items()}


def module(package: Path) -> str:
    """Return what one imports: helpers.data.shop for helpers/data/shop/__init__.py."""
    parts = package.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def members(name: str, package: bool) -> str:
    """Return the directive that documents a module; a package's names come from its modules."""
    imported = "   :imported-members:\n" if package else ""
    return f"""\
```{{eval-rst}}
.. automodule:: {name}
   :members:
   :member-order: bysource
{imported}```
"""
