"""edit.py SOURCE TARGET: fills a ledger in as people do: on two sheets, with a row, a column, a sheet and a
title of their own, columns moved, one renamed, rows sorted backwards."""
import sys
from datetime import date

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
every = book["全部"]
head = {c.value: c.column for c in every[1]}
rows = {r[0].value: r[0].row for r in every.iter_rows(min_row=2)}


def put(number, name, value):
    every.cell(rows[number], head[name], value)


put(1, "责任人", "张三")
put(1, "进展", "<script>alert(1)</script>")
put(2, "完成期限", "2026年1月底前")
put(2, "责任人", "李四𠮷")
put(3, "完成期限", date(2026, 1, 5))
put(4, "问题描述", "人改的描述")
put(5, "现状", 99)
put(6, "状态", "待验收")
put(8, "销号日期", date(2026, 1, 20))
put(9, "责任人", "甲")
for row in book["区教育局"].iter_rows(min_row=2):
    if row[0].value == 9:
        row[head["责任人"] - 1].value = "乙"
    if row[0].value == 10:
        row[head["进展"] - 1].value = "只填在教育局的表"
added = {
    "来源": "市级",
    "学校": "某某小学",
    "问题描述": "市里发现的问题",
    "责任单位": "区教育局",
    "完成期限": "2026-01-15",
    "责任人": "王五",
}
last = every.max_row + 1
for name, value in added.items():
    every.cell(last, head[name], value)
every.cell(1, every.max_column + 1, "联系电话")
every.cell(rows[1], every.max_column, "0739-12345")
formula = every.cell(rows[2], every.max_column)
formula.value = "=cmd|' /C calc'!A0"
formula.data_type = "s"
every.cell(1, head["责任人"], "负责人")
book.create_sheet("会议记录")["B2"] = "1月12日会议"

grid = [[(c.value, c.data_type) for c in row] for row in every.iter_rows()]
order = list(range(len(grid[0])))
order = order[5:] + order[:5]
body = sorted(grid[1:], key=lambda row: -(row[0][0] or 10**6))
every.delete_rows(1, every.max_row + 1)
every.cell(1, 1, "大祥区2026年整改台账")
for y, row in enumerate([grid[0]] + body):
    for x, i in enumerate(order):
        cell = every.cell(y + 3, x + 1)
        cell.value, cell.data_type = row[i]
book.save(sys.argv[2])
