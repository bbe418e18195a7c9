"""Every lesson, every case study and the template keep the rules, and are stored normalized."""

import pytest

from tools import notebook


@pytest.mark.parametrize("path", notebook.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_keeps_the_rules(path):
    complaints = notebook.check(path)
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)
