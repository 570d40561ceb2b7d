"""data.py SOURCE TARGET SCHOOL HEADER VALUE: one number of one school changed."""
import sys

import openpyxl

source, target, school, header, value = sys.argv[1:]
book = openpyxl.load_workbook(source)
sheet = book["学校"]
column = next(c.column for row in sheet.iter_rows() for c in row if str(c.value).startswith(header))
row = next(row for row in sheet.iter_rows() if any(c.value == school for c in row))
sheet.cell(row[0].row, column).value = float(value)
book.save(target)
