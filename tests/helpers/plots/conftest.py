"""What the tests of the charts share."""

import matplotlib.pyplot as plt
import pytest

from helpers import plots


@pytest.fixture(autouse=True)
def style(monkeypatch):
    """Draw in the style of the course, and leave neither it nor a figure behind."""
    monkeypatch.setattr(plt, "show", lambda: None)  # the figure stays, to be looked at
    with plt.rc_context():
        plots.use_style()
        yield
    plt.close("all")


@pytest.fixture
def said(capsys):
    """Draw a chart, and return what it says after "In words:"."""

    def draw(chart, *args, **options):
        assert chart(*args, **options) is None
        said = capsys.readouterr().out
        assert said.startswith(("In words: ", "图表说明："))
        assert said.count("\n") == 1
        return said.removeprefix("In words: ").removeprefix("图表说明：").removesuffix("\n")

    return draw
