"""touch.py FILE WHAT: what people do to a ledger that is not in the list itself."""
import sys

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

book = openpyxl.load_workbook(sys.argv[1])
every, what = book["全部"], sys.argv[2]
if what == "note":
    every["B2"].comment = Comment("领导批示：尽快", "王")
elif what == "summary":
    book["汇总"]["H3"] = "会上说的话"
elif what == "colour":
    every["C5"].fill = PatternFill("solid", fgColor="FFFF00")
elif what == "memory":
    for name in [sheet.title for sheet in book if sheet.sheet_state != "visible"]:
        del book[name]
elif what == "heading":
    every.insert_rows(5)
    every["A5"] = "一、学校问题"
elif what == "long":
    every["S3"] = "字" * 32_000
book.save(sys.argv[1])
