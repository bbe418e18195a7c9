"""Open ``notebooks/`` itself in JupyterLab, for authors: ``python -m tools.author``."""

import sys
import tempfile

from tools import env, lab


def main() -> None:
    """Start JupyterLab with the author's environment and a progress of its own, empty each time."""
    python = env.ready("author")
    with tempfile.TemporaryDirectory() as progress:
        sys.exit(
            lab.start(python, env.ROOT / "notebooks", *sys.argv[1:], WORKBOOK_PROGRESS=progress)
        )


if __name__ == "__main__":
    main()
