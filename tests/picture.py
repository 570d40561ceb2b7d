#!/usr/bin/env python3
"""The picture in the README: what the program prints, as SVG. Reads the text from standard input.

  target/release/junheng assess data/demo/大祥区.xlsx --out 结果 | python3 tests/picture.py > README.svg
"""
import re, sys, unicodedata
from xml.sax.saxutils import escape

CELL, LINE, LINES = 8.4, 20, 36
COLOURS = {"✗": "#ff8a80", "✓": "#8ce99a", "≈": "#ffd43b", "■": "#74c0fc"}


def width(character):
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


lines = sys.stdin.read().rstrip("\n").split("\n")[:LINES]
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {100 * CELL + 32:.0f} {len(lines) * LINE + 32}" '
      f'font-family="\'Noto Sans Mono CJK SC\',\'Sarasa Mono SC\',\'Microsoft YaHei\',\'PingFang SC\',monospace" font-size="14">')
print('<rect width="100%" height="100%" rx="8" fill="#1e2329"/>')
for number, line in enumerate(lines):
    colour = next((COLOURS[c] for c in line if c in COLOURS), "#dee2e6")
    # Each column of a table is placed on its own, so that no font's widths can shift it.
    column, words = 0, []
    for part in re.split(r"(  +)", line):
        if part.strip():
            words.append(f'<tspan x="{16 + column * CELL:.1f}">{escape(part)}</tspan>')
        column += sum(map(width, part))
    if words:
        print(f'<text y="{30 + number * LINE}" fill="{colour}">{"".join(words)}</text>')
print("</svg>")
