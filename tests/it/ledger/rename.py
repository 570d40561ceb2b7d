"""rename.py SOURCE TARGET OLD NEW: a header renamed on every sheet that has it."""
import sys

import openpyxl

source, target, old, new = sys.argv[1:]
book = openpyxl.load_workbook(source)
for sheet in book:
    for cell in sheet[1]:
        if cell.value == old:
            cell.value = new
book.save(target)
