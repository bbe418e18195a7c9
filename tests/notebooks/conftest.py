import nbformat
import pytest

from tools.notebook import TEMPLATE
from tools.notebooks import lesson, timing


class Draft:
    """The template notebook while a test changes it; cells are named by their ids."""

    def __init__(self):
        template = lesson.read(TEMPLATE)
        self.path, self.notebook = template.path, template.notebook
        self.title, self.exercises = template.title, template.exercises

    def __getitem__(self, id):
        return next(cell for cell in self.notebook.cells if cell.id == id)

    def swap(self, id, old, new):
        """Put other words into a source; they must have been there."""
        assert old in self[id].source
        self[id].source = self[id].source.replace(old, new)

    def add(self, after, source, kind="code", outputs=()):
        """Put a cell behind another, as if it had been run there."""
        make = {
            "code": nbformat.v4.new_code_cell,
            "markdown": nbformat.v4.new_markdown_cell,
            "raw": nbformat.v4.new_raw_cell,
        }
        cell = make[kind](source)
        if kind == "code":
            cell.outputs = list(outputs)
        self.notebook.cells.insert(self.notebook.cells.index(self[after]) + 1, cell)
        self.renumber()
        return cell

    def remove(self, id):
        self.notebook.cells.remove(self[id])
        self.renumber()

    def renumber(self):
        code = (cell for cell in self.notebook.cells if cell.cell_type == "code")
        for count, cell in enumerate(code, start=1):
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count

    def lesson(self):
        """Return it as a lesson, with the minutes that it takes now."""
        made = lesson.Lesson(self.path, self.notebook, self.title, self.exercises)
        return timing.with_header(made)


@pytest.fixture
def draft():
    return Draft()
