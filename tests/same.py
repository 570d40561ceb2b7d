"""Compares two folders of results (tests/same.sh makes them).

    same.py OLD NEW [--most N] [--parts A,B]     code 1 where something differs
    same.py --self-check FOLDER                  one changed digit in every kind of file must be found

Compared byte for byte: csv, json, ics, what was printed, and every kind of file not named below. By content:

    xlsx     names, order and state of the sheets; every cell's value, formula, comment, link and number format; merged
             cells, hidden rows and columns, frozen panes, filters, drop-down lists, protection; title and author
    docx     every text of every part with its paragraph's style, in order; title and author
    pdf      the text of every page (pdftotext); title
    html     every text, what attributes say (title, alt, aria-label, href, value, data-…), embedded JSON
    svg      title, description, texts, and the texts drawn as outlines of letters
    png      width and height
    parquet  names and types of the columns, all rows in order

Colours, fonts, column widths, scripts, style sheets and where a line is drawn are not compared.

Left out, because two runs of one program differ in it:

    times of day (2026-01-15T08:00:00Z) and the seconds a run took
    SHA-256 hashes, except those of the inputs that come with the project (data/demo): those of documents and Parquet
    files depend on the bytes, and the content is compared; in the log of a store also the size of files in bytes
    lines on stderr that say what is being done ("正在读取", "reading"): they are printed when it takes long
    DTSTAMP of calendars
    the number of the process in the `lock` file of a store
"""

import argparse
import difflib
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings
import xml.etree.ElementTree as ElementTree
import zipfile

import duckdb
import openpyxl

warnings.filterwarnings("ignore", module="openpyxl")

DEMO = pathlib.Path(__file__).resolve().parent.parent / "data" / "demo"
INPUTS = {hashlib.sha256(path.read_bytes()).hexdigest() for path in DEMO.rglob("*") if path.is_file()}


def settled(text):
    """The text without what must differ."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "(time)", text)
    text = re.sub(r'("seconds": )[0-9.e+-]+', r"\1(duration)", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", lambda hash: hash[0] if hash[0] in INPUTS else "(sha256)", text)
    return re.sub(r'("sha256":"\(sha256\)","bytes":)\d+', r"\1(bytes)", text)


# ---------------------------------------------------------------------------------------------------------------------
# What is compared of each kind of file: a list of (place, content).


def lines(path):
    text = settled(path.read_bytes().decode("utf-8", "surrogateescape"))
    if path.suffix == ".ics":
        text = re.sub(r"DTSTAMP:\d{8}T\d{6}Z", "DTSTAMP:(time)", text)
    if path.suffix == ".screen":
        screen, errors = text.split("--- stderr\n", 1)
        text = f"{screen}--- stderr\n" + re.sub(r"(?mi)^(正在|(?!warning)[a-z]+ing\b).*\n", "", errors)
    if path.name == "lock":
        text = re.sub(r'"pid":\d+', '"pid":(process)', text)
    return [(f"line {number}", line) for number, line in enumerate(text.splitlines(keepends=True), 1)]


def workbook(path):
    book = openpyxl.load_workbook(path)
    # What the program stored as the result of each formula.
    results = openpyxl.load_workbook(path, data_only=True)
    content = [("title", book.properties.title), ("author", book.properties.creator)]
    content += [(f"name {name}", defined.attr_text) for name, defined in sorted(book.defined_names.items())]
    for sheet in book.worksheets:
        at = sheet.title
        content.append((at, f"sheet, {sheet.sheet_state}"))
        for row in sheet.iter_rows():
            for cell in row:
                place = f"{at}!{cell.coordinate}"
                if cell.value is not None:
                    content.append((place, cell.value if isinstance(cell.value, (int, float)) else str(cell.value)))
                    if cell.data_type == "f":
                        content.append((f"{place} result", results[at][cell.coordinate].value))
                    if cell.data_type in "nd" or cell.number_format != "General":
                        content.append((f"{place} format", cell.number_format))
                if cell.comment is not None:
                    content.append((f"{place} comment", cell.comment.text))
                if cell.hyperlink is not None:
                    content.append((f"{place} link", cell.hyperlink.target or cell.hyperlink.location))
        content.append((f"{at} merged", sorted(str(range) for range in sheet.merged_cells.ranges)))
        content.append((f"{at} hidden rows", [n for n, row in sheet.row_dimensions.items() if row.hidden]))
        content.append((f"{at} hidden columns", [n for n, column in sheet.column_dimensions.items() if column.hidden]))
        content.append((f"{at} frozen", sheet.freeze_panes))
        content.append((f"{at} filter", sheet.auto_filter.ref))
        content.append((f"{at} protected", sheet.protection.sheet))
        for rule in sheet.data_validations.dataValidation:
            said = (rule.type, rule.operator, rule.formula1, rule.formula2, rule.error, rule.prompt)
            content.append((f"{at} choice {rule.sqref}", said))
    return [(place, settled(said) if isinstance(said, str) else said) for place, said in content]


WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(path):
    content = []
    with zipfile.ZipFile(path) as parts:
        for name in sorted(parts.namelist()):
            if name == "docProps/core.xml":
                for element in ElementTree.fromstring(parts.read(name)):
                    if not element.tag.endswith(("}created", "}modified")):
                        content.append((f"property {element.tag.split('}')[1]}", settled(element.text or "")))
            if not re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", name):
                continue
            at, part = 0, pathlib.Path(name).stem
            for paragraph in ElementTree.fromstring(parts.read(name)).iter(f"{WORD}p"):
                at += 1
                style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
                said = {"t": lambda e: e.text or "", "tab": lambda e: "\t", "br": lambda e: "\n",
                        "instrText": lambda e: "{" + (e.text or "") + "}", "drawing": lambda e: "(picture)"}
                tags = ((element, element.tag.removeprefix(WORD)) for element in paragraph.iter())
                text = "".join(said[tag](element) for element, tag in tags if tag in said)
                content.append((f"{part}, paragraph {at}", settled(text)))
                named = style.get(f"{WORD}val") if style is not None else None
                content.append((f"{part}, paragraph {at} style", named))
            for kind in ("tbl", "tr", "tc"):
                root = ElementTree.fromstring(parts.read(name))
                content.append((f"{part}, number of {kind}", sum(1 for _ in root.iter(WORD + kind))))
    return content


def pages(path):
    text = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True).stdout.decode()
    about = subprocess.run(["pdfinfo", path], capture_output=True, check=True).stdout.decode()
    content = [(line.split(":")[0], line) for line in about.splitlines() if line.startswith(("Title", "Pages"))]
    for number, page in enumerate(settled(text).split("\f"), 1):
        content += [(f"page {number}, line {at}", line) for at, line in enumerate(page.splitlines(), 1)]
    return content


class Page(html.parser.HTMLParser):
    """Texts, attributes that say something, and the JSON a page carries."""

    SAYING = {"title", "alt", "aria-label", "href", "value", "placeholder", "lang", "colspan", "rowspan", "content"}

    def __init__(self):
        super().__init__()
        self.content, self.within = [], None

    def add(self, what, said):
        line, _ = self.getpos()
        self.content.append((f"line {line}, {what}", said))

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag in ("script", "style"):
            self.within = "data" if "json" in named.get("type", "") else tag
        for name, value in attributes:
            # Pictures are compared as svg and png files; a page carries the same as text.
            if (name in self.SAYING or name.startswith("data-")) and not (value or "").startswith("data:image"):
                self.add(f"{tag} {name}", settled(value or ""))
        if tag == "use":
            self.add("letter", named.get("xlink:href") or named.get("href"))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.within = None

    def handle_data(self, text):
        if self.within == "data":
            for place, said in leaves(json.loads(text), ""):
                self.add(f"data{place}", said)
        elif self.within is None and text.strip():
            self.add("text", " ".join(settled(text).split()))


def leaves(value, place):
    """The single values of JSON, each with its path."""
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, f"{place}.{key}")]
    if isinstance(value, list):
        return [leaf for at, inner in enumerate(value) for leaf in leaves(inner, f"{place}[{at}]")]
    return [(place, settled(value) if isinstance(value, str) else value)]


def page(path):
    reader = Page()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    # Where a text stands in the file is shown but does not count.
    return reader.content


def picture(path):
    content, outlines, drawn = [], {}, []
    for element in ElementTree.parse(path).iter():
        tag = element.tag.split("}")[1]
        if tag == "svg":
            content.append(("size", (element.get("width"), element.get("height"))))
        elif tag in ("title", "desc", "text", "tspan"):
            content.append((tag, settled(element.text or "")))
        elif tag == "path" and element.get("id"):
            outlines[element.get("id")] = element.get("d")
        elif tag == "g":
            used = [inner for inner in element if inner.tag.endswith("}use")]
            drawn.append([inner.get("{http://www.w3.org/1999/xlink}href").removeprefix("#") for inner in used])
    # A letter is its outline: its number depends on the font file.
    content += [("text drawn", [(name, outlines[name]) for name in text]) for text in drawn if text]
    return content


def size(path):
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n", f"{path}: no PNG"
    return [("size", struct.unpack(">II", head[16:24]))]


def table(path):
    rows = duckdb.connect()
    rows.execute("set threads = 1")
    found = rows.execute("select * from read_parquet(?)", [str(path)])
    names = [column[0] for column in found.description]
    content = [("columns", [(column[0], str(column[1])) for column in found.description])]
    for number, row in enumerate(found.fetchall(), 1):
        content += [
            (f"row {number}, {name}", settled(value) if isinstance(value, str) else repr(value))
            for name, value in zip(names, row)
        ]
    return content


KINDS = {".xlsx": workbook, ".docx": document, ".pdf": pages, ".html": page, ".svg": picture, ".png": size,
         ".parquet": table}


# ---------------------------------------------------------------------------------------------------------------------


def shown(said):
    text = said if isinstance(said, str) else repr(said)
    text = text.replace("\r", "\\r").replace("\n", "\\n")
    return text if len(text) <= 160 else f"{text[:157]}…"


def around(old, new):
    """Two long texts from shortly before where they part."""
    if isinstance(old, str) and isinstance(new, str):
        same = next((at for at, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
        if same > 60:
            return f"…{old[same - 40 :]}", f"…{new[same - 40 :]}"
    return old, new


def of_file(old, new):
    """Differences of two files, each a line of text."""
    if old.read_bytes() == new.read_bytes():
        return []
    read = KINDS.get(old.suffix, lines)
    try:
        old_content, new_content = read(old), read(new)
    except Exception as why:  # A file that one of the programs wrote broken is a difference.
        return [f"cannot be read: {type(why).__name__}: {why}"]
    if [said for _, said in old_content] == [said for _, said in new_content]:
        # Places differ only by line numbers of a page.
        by_line = read in (page, lines)
        if by_line or [place for place, _ in old_content] == [place for place, _ in new_content]:
            return []
    if len(old_content) == len(new_content):
        pairs = zip(old_content, new_content)
        changed = [(a[0], *around(a[1], b[1])) for a, b in pairs if a != b and (a[1] != b[1] or read is not page)]
        return [f"{place}: {shown(a)} | {shown(b)}" for place, a, b in changed]
    texts = [[shown(said) for _, said in content] for content in (old_content, new_content)]
    if max(map(len, texts)) > 20_000:
        at = next((n for n, (a, b) in enumerate(zip(*texts)) if a != b), min(map(len, texts)))
        return [f"{len(texts[0])} | {len(texts[1])} contents; they part at the {at + 1}th"]
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind != "equal":
            place = (old_content[a : a + 1] or new_content[c : c + 1])[0][0]
            found.append(f"{place}: {shown(' ¶ '.join(texts[0][a:b]))} | {shown(' ¶ '.join(texts[1][c:d]))}")
    return found or ["the order or the places of its contents"]


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def of_folders(old, new, most, say=print):
    """Prints every difference; how many files differ, and how many there are."""
    ours, theirs = files(old), files(new)
    differing = 0
    for name in sorted(ours | theirs):
        if name not in ours or name not in theirs:
            differing += 1
            say(f"≠ {name}: only {'new' if name in theirs else 'old'}")
            continue
        found = of_file(old / name, new / name)
        if found:
            differing += 1
            say(f"≠ {name}")
            for line in found[:most]:
                say(f"    {line}")
            if len(found) > most:
                say(f"    … and {len(found) - most} more (--all)")
    return differing, len(ours | theirs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=pathlib.Path)
    parser.add_argument("--most", type=int, default=3)
    parser.add_argument("--parts", default="")
    parser.add_argument("--self-check", type=pathlib.Path)
    asked = parser.parse_args()
    if asked.self_check:
        return self_check(asked.self_check)
    old, new = asked.folders
    all_differing = all_files = 0
    for part in asked.parts.split(","):
        for folder in (old, new):
            if not (folder / part / "finished").exists():
                print(f"≠ {folder / part}: did not run to its end")
                all_differing += 1
        if (old / part).exists() and (new / part).exists():
            say = lambda line: print(line.replace("≠ ", f"≠ {part}/", 1))  # noqa: E731
            differing, count = of_folders(old / part, new / part, asked.most, say)
            all_differing, all_files = all_differing + differing, all_files + count
    print(f"{all_files} files: {f'{all_differing} differ' if all_differing else 'no difference'}")
    return 1 if all_differing else 0


# ---------------------------------------------------------------------------------------------------------------------
# Proof that a difference is seen.


def digit_changed(text, at=-1):
    """The text with its last digit (or the one at a place) replaced by another."""
    places = [place.start() for place in re.finditer(rb"\d" if isinstance(text, bytes) else r"\d", text)]
    place = places[at]
    other = str((int(text[place : place + 1]) + 1) % 10)
    return text[:place] + (other.encode() if isinstance(text, bytes) else other) + text[place + 1 :]


def in_archive(part, change):
    def to(path):
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        parts[part] = change(parts[part])
        with zipfile.ZipFile(path, "w") as new:
            for name, content in parts.items():
                new.writestr(name, content)

    return to


def in_book(change):
    def to(path):
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)

    return to


def first_number(book):
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return next(cell for cell in cells if isinstance(cell.value, (int, float)))


def in_bytes(pattern, change):
    """Changes the first match of the pattern."""

    def to(path):
        content = path.read_bytes()
        found = re.search(pattern, content, re.S)
        path.write_bytes(content[: found.start()] + change(found[0]) + content[found.end() :])

    return to


def in_parquet(statement):
    def to(path):
        rows = duckdb.connect()
        rows.execute(f"create table t as select * from read_parquet('{path}')")
        rows.execute(statement)
        rows.execute(f"copy t to '{path}' (format parquet)")

    return to


def pdf(text):
    """The smallest document with one line of text."""
    drawn = f"BT /F 12 Tf 20 50 Td ({text}) Tj ET".encode()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
    ) % (len(drawn), drawn)


def self_check(folder):
    result = folder / "result"
    (result / "line.pdf").write_bytes(pdf("CV 0.512"))
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = 1, "=A1+1"
    book.save(result / "formula.xlsx")
    shutil.copy(folder / "dates.ics", result)
    shutil.copy(folder / "assess.screen", result)
    rows = duckdb.connect().execute(f"select count(*) from read_parquet('{result}/facts.parquet')").fetchone()[0]
    assert rows > 40
    annotated = "大祥区-批注.xlsx"

    def first_comment(book):
        next(c for sheet in book for row in sheet.iter_rows() for c in row if c.comment).comment.text += "!"

    def state(book):
        book.worksheets[-1].sheet_state = "hidden"

    def larger(book):
        first_number(book).value += 0.01

    def renamed(book):
        book.worksheets[0].title += "1"

    def formula(book):
        book.active["A2"] = "=A1+2"

    def other_style(part):
        return part.replace(b'<w:pStyle w:val="', b'<w:pStyle w:val="X', 1)

    def first_text(part):
        return re.sub(rb"(<w:t[^>]*>[^<]*)(\d)", lambda found: found[1] + digit_changed(found[2]), part, count=1)

    def other_letter(found):
        return re.sub(rb"#g\d+", b"#g" + letter, found)

    def wider(path):
        head = bytearray(path.read_bytes())
        head[19] ^= 1
        path.write_bytes(head)

    letter = re.search(rb'<path id="g(\d+)"', (result / "charts/cv.svg").read_bytes())[1]
    changes = [
        ("a digit of a csv", "gaps.csv", in_bytes(rb".+", digit_changed)),
        ("a digit of verdict.json", "verdict.json", in_bytes(rb".+", digit_changed)),
        ("the hash of an input", "run.json", in_bytes(rb'"sha256": "[0-9a-f]{64}', digit_changed)),
        ("a digit on the screen", "assess.screen", in_bytes(rb"0\.\d\d\d", digit_changed)),
        ("a line of errors", "assess.screen", in_bytes(rb"--- stderr\n", lambda found: found + b"warning\n")),
        ("the exit code", "assess.screen", in_bytes(rb"--- code 0", digit_changed)),
        ("a date of a calendar", "dates.ics", in_bytes(rb"DTSTART[^\r]*", digit_changed)),
        ("a cell", "gaps.xlsx", in_book(larger)),
        ("a cell of the national form", "申报表.xlsx", in_book(larger)),
        ("a comment", annotated, in_book(first_comment)),
        ("a hidden sheet", annotated, in_book(state)),
        ("the name of a sheet", annotated, in_book(renamed)),
        ("a formula", "formula.xlsx", in_book(formula)),
        ("a digit of a docx", "report.docx", in_archive("word/document.xml", first_text)),
        ("the style of a paragraph", "report.docx", in_archive("word/document.xml", other_style)),
        ("a digit of a pdf", "line.pdf", lambda path: path.write_bytes(pdf("CV 0.513"))),
        ("another pdf", "report.pdf", lambda path: path.write_bytes(pdf("CV 0.512"))),
        ("a digit of a page", "report.html", in_bytes(rb">[^<>{}]*\d[^<>{}]*</td>", digit_changed)),
        ("a digit of a page's data", "report.html", in_bytes(rb'id="behind">.*?\d\.\d+', digit_changed)),
        ("a link of a page", "report.html", in_bytes(rb'href="#', lambda found: found + b"x")),
        ("the title of a picture", "charts/cv.svg", in_bytes(rb"<title.*?</title>", digit_changed)),
        ("a letter drawn", "charts/cv.svg", in_bytes(rb'xlink:href="#g\d+" x="1000"', other_letter)),
        ("the size of a picture", "charts/cv.png", wider),
        ("a value of a Parquet file", "facts.parquet", in_parquet("update t set students = 1 where rowid = 20")),
        ("the order of rows", "facts.parquet", in_parquet("create or replace table t as from t order by students")),
        ("the type of a column", "facts.parquet", in_parquet("alter table t alter students type varchar")),
        ("the name of a column", "facts.parquet", in_parquet("alter table t rename students to pupils")),
        ("a file less", "gaps.csv", lambda path: path.unlink()),
        ("a file more", "more.csv", lambda path: path.write_text("1\n")),
    ]
    failed = 0
    with tempfile.TemporaryDirectory() as other:
        other = pathlib.Path(other) / "result"
        shutil.copytree(result, other)
        # What must differ does not count.
        for name, pattern, by in [
            ("run.json", rb'"started": "[^"]*"', lambda found: re.sub(rb"\d{4}", b"1999", found)),
            ("run.json", rb'"seconds": [0-9.]*', lambda found: found + b"1"),
            ("dates.ics", rb"DTSTAMP:\d{4}", lambda found: b"DTSTAMP:1999"),
        ]:
            in_bytes(pattern, by)(other / name)
        differing, count = of_folders(result, other, 3)
        print(f"{'✗' if differing else '✓'} {count} files and their copies, other times")
        failed += differing
        # Every kind of file, read and compared although its bytes are the same.
        kinds = {}
        for name in sorted(files(result)):
            path = result / name
            kinds.setdefault(path.suffix, []).append(len(KINDS.get(path.suffix, lines)(path)))
        for kind, counts in sorted(kinds.items()):
            print(f"  {kind}: {len(counts)} files, {sum(counts)} contents, {min(counts)} or more each")
            failed += min(counts) == 0
        for what, name, change in changes:
            shutil.rmtree(other)
            shutil.copytree(result, other)
            if name.endswith(".xlsx"):
                # By the library that changes it, unchanged: what is found is then the change alone.
                in_book(lambda book: None)(other / name)
                before = other.with_name("before")
                shutil.rmtree(before, ignore_errors=True)
                shutil.copytree(other, before)
            else:
                before = result
            change(other / name)
            said = []
            differing, _ = of_folders(before, other, 3, said.append)
            print(f"{'✓' if differing == 1 else '✗'} {what}: {' '.join(line.strip() for line in said)[:150]}")
            failed += differing != 1
    print(f"{failed} failed" if failed else "every change is found")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
