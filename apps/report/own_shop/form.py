"""A form for a notebook: it asks what a file of orders leaves open, and reads the file again."""

import html
from pathlib import Path

import ipywidgets as widgets

from apps.report.own_shop.options import Options, as_map, read_map, recall, remember
from apps.report.own_shop.questions import Matter, OwnShopError, Question
from apps.report.own_shop.shop import OwnShop, read_own_shop

WIDE = {"layout": {"width": "auto"}, "style": {"description_width": "initial"}}


class FileForm(widgets.VBox):
    r"""A file of orders, with a form for what it leaves open.

    The form has a list of choices for each open matter, a line with everything that was said about
    the file (as in ``MAP=``, to be edited), and a button that reads the file again. Answers are
    kept beside the file, so the next form needs no question.

    Parameters
    ----------
    path : the file.

    Attributes
    ----------
    lists : one `ipywidgets.Dropdown` for each open matter.
    said : the line with what was said about the file.
    button : reads the file with what was chosen and said.
    told : the report on the file, or what is wrong with it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     _ = path.write_text("customer,date,gross\n7,2025-03-25,9.50\n8,2025-03-26,12.00")
    ...     form = FileForm(path)
    ...     form.lists[0].value = "amount=gross"
    ...     form.button.click()
    >>> form.said.value, form.shop.accounts.net
    ('amount=gross', 21.5)
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.lists: list[widgets.Dropdown] = []
        self.said = widgets.Text(
            value=_line(recall(path)),
            description="What you say about the file:",
            placeholder="user_id=Kunde,discount=,day_first=yes",
            **WIDE,
        )
        self.button = widgets.Button(description="Read the file")
        self.told = widgets.HTML()
        self._asked = widgets.VBox()  # changes alone, so the button keeps the keyboard's focus
        self._problem: OwnShopError | None = None
        self._shop: OwnShop | None = None
        super().__init__([self._asked, self.said, self.button, self.told])
        self.button.on_click(lambda _: self._read())
        self._read()

    @property
    def shop(self) -> OwnShop:
        """The file as it was understood; a `Question` or another error as long as it was not."""
        if self._problem:
            raise self._problem
        return self._shop

    def _read(self) -> None:
        """Read the file with what was chosen and said, and show what comes of it."""
        self._tell("Reading …")
        matters = ()
        try:
            chosen = read_map(",".join(one.value for one in self.lists if one.value))
            said = read_map(self.said.value) | chosen
            self.said.value = _line(said)
            self._shop = read_own_shop(self.path, said.roles, **said.settings)
            self._problem = None
            remember(self.path, said)
            self._tell(self._shop.report())
        except Question as question:
            self._problem, matters = question, question.matters
            self._tell(
                "Nothing was computed yet. Choose an answer (Space opens a list), and read the "
                "file again."
            )
        except OwnShopError as error:
            self._problem = error
            self._tell(str(error))
        self.lists = [_list_of(matter) for matter in matters]
        self._asked.children = [
            part
            for matter, one in zip(matters, self.lists, strict=True)
            for part in (widgets.HTML(html.escape(matter.asks)), one)
        ]

    def _tell(self, text: str) -> None:
        style = "white-space: pre-wrap; word-break: normal"
        self.told.value = f'<pre role="status" style="{style}">{html.escape(text)}</pre>'


def _list_of(matter: Matter) -> widgets.Dropdown:
    """Return a list of the choices of a matter; nothing is chosen, since nothing is guessed."""
    role, _, _ = matter.choices[0].answer.partition("=")
    choices = [(one.shown, one.answer) for one in matter.choices]
    return widgets.Dropdown(options=[("Choose …", ""), *choices], description=f"{role}:", **WIDE)


def _line(said: Options) -> str:
    return as_map(said.roles | said.settings)
