"""Write a shop as text files: ``python -m helpers.shop FOLDER [SIZE]``."""

import argparse

from helpers.shop import SIZES, simulate, write_export

parser = argparse.ArgumentParser(prog="python -m helpers.shop", description=__doc__)
parser.add_argument("folder", help="where raw/ and key/ are written")
parser.add_argument("size", nargs="?", choices=SIZES, default="small")
arguments = parser.parse_args()
write_export(simulate(arguments.size), arguments.folder)
