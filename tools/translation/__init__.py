"""The Chinese edition: the lessons' text in ``notebooks/zh/``, a file beside each notebook.

Code and outputs are those of the English notebook. A block of such a file translates one markdown
cell; its mark names the cell and the English text that was translated, so a change of the English
is noticed.
"""
