"""The course's own tools: ``python -m tools.lab``, ``python -m tools.test`` and so on.

Python runs this file before it reads any other of the folder. So the version is checked here,
once, in words that an old Python understands too; every other file may use the language of 3.11.
"""

import sys

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.exit(
        "The workbook needs Python 3.11 or newer, and this is Python %d.%d (%s).\n"
        "Name a newer one, for example: make lab PYTHON=python3.12\n"
        "or, without make: python3.12 -m tools.lab (on Windows: py -3.12 -m tools.lab)"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
