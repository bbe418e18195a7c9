"""Write a shop as text files: ``python -m helpers.data.shop FOLDER [SIZE]``."""

import argparse

from helpers.data.shop.export import write_export
from helpers.data.shop.simulation import SIZES, simulate

parser = argparse.ArgumentParser(prog="python -m helpers.data.shop", description=__doc__)
parser.add_argument("folder", help="where raw/ and key/ are written")
parser.add_argument("size", nargs="?", choices=SIZES, default="small")
arguments = parser.parse_args()
write_export(simulate(arguments.size), arguments.folder)
