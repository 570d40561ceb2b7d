//! The user's own workbook with comments, as `check --out` and `assess` write it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

use calamine::{Data, Reader, Xlsx, open_workbook, open_workbook_auto};
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, Format,
    Formula, Image, Note, Workbook,
};

use crate::support::{junheng, program, project, python_with, rows};

fn empty() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Exit code, stdout and stderr.
fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let done = junheng(folder, args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// A county with flaws, and its findings as `check --out` writes them.
fn flawed() -> tempfile::TempDir {
    let folder = empty();
    let (code, _, err) = run(folder.path(), &["synth", "--flaws", "--schools", "40", "--out", "县"]);
    assert_eq!(code, Some(0), "{err}");
    folder
}

fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut zip = zip::ZipArchive::new(file).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().to_string(), bytes)
        })
        .collect()
}

/// What stands between `from` and `to`, each time.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).map(|tail| tail.split(to).next().unwrap()).collect()
}

/// Comments of a sheet part (`sheet2.xml`) by cell.
fn comments(parts: &BTreeMap<String, Vec<u8>>, sheet: &str) -> BTreeMap<String, String> {
    let Some(rels) = parts.get(&format!("xl/worksheets/_rels/{sheet}.rels")) else { return BTreeMap::new() };
    let rels = String::from_utf8_lossy(rels);
    let target =
        between(&rels, "<Relationship ", ">").into_iter().find(|r| r.contains("/comments\"")).unwrap();
    let target = between(target, "Target=\"", "\"")[0].rsplit('/').next().unwrap();
    let part = parts.iter().find(|(name, _)| name.ends_with(target)).unwrap().1;
    between(&String::from_utf8_lossy(part), "<comment ", "</comment>")
        .into_iter()
        .map(|one| {
            let runs: String = between(one, "<t", "</t>")
                .into_iter()
                .filter(|t| !t.starts_with("ext"))
                .map(|t| t.split_once('>').unwrap().1)
                .collect();
            (between(one, "ref=\"", "\"")[0].to_string(), runs)
        })
        .collect()
}

/// The fill of every cell of a sheet part that has one.
fn fills(parts: &BTreeMap<String, Vec<u8>>, sheet: &str) -> BTreeMap<String, String> {
    let styles = String::from_utf8_lossy(&parts["xl/styles.xml"]).into_owned();
    let section = |name: &str| between(&styles, &format!("<{name} "), &format!("</{name}>"))[0].to_string();
    let (fills, formats) = (section("fills"), section("cellXfs"));
    let fills: Vec<String> = between(&fills, "<fill>", "</fill>")
        .into_iter()
        .map(|fill| between(fill, "<fgColor rgb=\"FF", "\"").first().unwrap_or(&"").to_string())
        .collect();
    let formats: Vec<usize> = between(&formats, "<xf ", ">")
        .into_iter()
        .map(|xf| between(xf, "fillId=\"", "\"")[0].parse().unwrap())
        .collect();
    let xml = String::from_utf8_lossy(&parts[&format!("xl/worksheets/{sheet}")]).into_owned();
    between(&xml, "<c ", ">")
        .into_iter()
        .filter_map(|cell| {
            let format: usize = between(cell, " s=\"", "\"").first()?.parse().ok()?;
            let fill = fills[formats[format]].clone();
            (!fill.is_empty()).then(|| (between(cell, "r=\"", "\"")[0].to_string(), fill))
        })
        .collect()
}

/// Values and formulas of all sheets, and merged ranges.
fn content(path: &Path) -> BTreeMap<String, (Vec<String>, Vec<String>, String)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let names = book.sheet_names();
    let mut all = BTreeMap::new();
    for name in names {
        let values = book.worksheet_range(&name).unwrap();
        let cells = values.used_cells().map(|(r, c, v)| format!("{r} {c} {v:?}")).collect();
        let formulas = book.worksheet_formula(&name).unwrap();
        let formulas = formulas.used_cells().map(|(r, c, v)| format!("{r} {c} {v}")).collect();
        let merges = format!("{:?}", book.merge_cells_by_sheet_name(&name).unwrap());
        all.insert(name, (cells, formulas, merges));
    }
    all
}

#[test]
fn every_finding_of_a_flawed_county_is_a_coloured_cell_with_a_comment() {
    let folder = flawed();
    let (code, out, _) = run(folder.path(), &["check", "县/大祥区.xlsx", "--out", "查"]);
    assert_eq!(code, Some(1), "fewer than no teachers is an error: {out}");
    assert!(out.contains("大祥区-批注.xlsx"), "{out}");
    let findings = rows(&folder.path().join("查/findings.csv"));
    let copy = folder.path().join("查/大祥区-批注.xlsx");
    let parts = parts(&copy);
    let (said, coloured) = (comments(&parts, "sheet1.xml"), fills(&parts, "sheet1.xml"));
    let mut kinds = BTreeSet::new();
    for finding in &findings {
        assert_eq!(finding["sheet"], "学校");
        // A whole row is seen at its first cell.
        let cell = match finding["cell"].parse::<u32>() {
            Ok(row) => format!("A{row}"),
            Err(_) => finding["cell"].clone(),
        };
        assert!(said[&cell].contains(&finding["message"]), "{cell}: {said:?}");
        assert!(["F29B8E", "FFD34D", "DCEBFA"].contains(&coloured[&cell].as_str()), "{cell}: {coloured:?}");
        kinds.insert(finding["code"].clone());
    }
    // The other kinds of flaw are read as what was meant, or are reported when the county is judged.
    assert!(kinds.len() >= 9, "{kinds:?}");
    assert_eq!(coloured.keys().collect::<Vec<_>>(), said.keys().collect::<Vec<_>>());

    let (before, mut after) = (content(&folder.path().join("县/大祥区.xlsx")), content(&copy));
    let list = after.remove("数据问题").unwrap();
    assert_eq!(before, after);
    assert!(findings.iter().all(|f| list.0.iter().any(|cell| cell.contains(&f["message"]))), "{list:?}");
    let mut book: Xlsx<_> = open_workbook(&copy).unwrap();
    assert_eq!(book.sheet_names()[0], "数据问题");
    let sheet = book.worksheet_range("数据问题").unwrap();
    insta::assert_snapshot!(text(&sheet));
}

/// A sheet as people read it, one line per row.
fn text(sheet: &calamine::Range<Data>) -> String {
    let rows = sheet.rows().map(|row| row.iter().map(|c| c.to_string()).collect::<Vec<_>>().join(" | "));
    let rows: Vec<String> = rows.map(|row| row.trim_end_matches([' ', '|']).to_string()).collect();
    // The day is today's.
    rows.iter().map(|r| if r.starts_with("由 ") { "由 …" } else { r }).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_assess_misses_is_in_its_copy_too() {
    let folder = empty();
    std::fs::create_dir(folder.path().join("县")).unwrap();
    std::fs::copy(project("data/demo/大祥区.xlsx"), folder.path().join("县/大祥区.xlsx")).unwrap();
    // Of one school the computers are not given, which this standard wants.
    let standard = ["--standard", "basic-balance-2012"];
    let args = ["assess", "县/大祥区.xlsx", "--out", "果", "--no-pdf", "--no-charts"];
    let args = [&args[..], &standard].concat();
    assert_eq!(run(folder.path(), &args).0, Some(0));
    let said = comments(&parts(&folder.path().join("果/大祥区-批注.xlsx")), "sheet1.xml");
    let findings = rows(&folder.path().join("果/findings.csv"));
    let missing = findings.iter().find(|f| f["code"] == "measure_missing").expect("a blank");
    assert!(said[&missing["cell"]].contains(&missing["message"]), "{said:?}");
    let left_out = [&args[..], &["--no-annotated"]].concat();
    assert_eq!(run(folder.path(), &left_out).0, Some(0));
    assert!(!folder.path().join("果/大祥区-批注.xlsx").exists());
}

#[test]
fn a_corrected_copy_is_read_like_its_original() {
    let folder = flawed();
    for (language, name) in [("zh", "大祥区-批注.xlsx"), ("en", "大祥区-annotated.xlsx")] {
        run(folder.path(), &["check", "县/大祥区.xlsx", "--lang", language, "--out", language]);
        // The folder itself is named, with findings.csv in it.
        run(folder.path(), &["check", language, "--out", "again"]);
        let codes = |file: &str| -> Vec<(String, String)> {
            let findings = rows(&folder.path().join(file));
            findings.into_iter().map(|f| (f["code"].clone(), f["cell"].clone())).collect()
        };
        assert_eq!(codes(&format!("{language}/findings.csv")), codes("again/findings.csv"));
        let again = name.replace(".xlsx", "-批注.xlsx");
        let mut book: Xlsx<_> = open_workbook(folder.path().join("again").join(again)).unwrap();
        assert_eq!(book.sheet_names().len(), 4, "{:?}", book.sheet_names());
        if language == "en" {
            let sheet =
                open_workbook_auto(folder.path().join("en").join(name)).unwrap().worksheet_range_at(0);
            let text = text(&sheet.unwrap().unwrap());
            let ours: Vec<&str> = text.lines().take(6).collect();
            assert!(ours.iter().all(|line| !line.contains('数')), "{ours:?}");
        }
        drop(book.worksheet_range("学校"));
    }
    // A folder of a check inside what is read is passed over.
    let (_, out, _) = run(folder.path(), &["check", ".", "--json"]);
    assert!(out.contains("result_not_read") && !out.contains("again/"), "{out}");
}

/// A school table with errors and with all that a workbook may hold.
fn rich(path: &Path) {
    let mut book = Workbook::new();
    let head = Format::new().set_background_color(0x1F4E78).set_font_color(Color::White).set_bold();
    let percent = Format::new().set_num_format("0.0%").set_border(rust_xlsxwriter::FormatBorder::Thin);
    let sheet = book.add_worksheet().set_name("O'Brien 小学").unwrap();
    let header = ["学校代码", "学校名称", "学段", "班级数", "在校生数", "专任教师数", "体育专任教师数"];
    for (column, name) in (0..).zip(header) {
        sheet.write_string_with_format(0, column, name, &head).unwrap();
    }
    for row in 1..=4u32 {
        sheet.write_string(row, 0, format!("000{row}")).unwrap();
        sheet
            .write_string(
                row,
                1,
                ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "𠮷𫖯学校", "二小"][row as usize - 1],
            )
            .unwrap();
        sheet.write_string(row, 2, "小学").unwrap();
        sheet.write_number(row, 3, 12).unwrap();
        sheet.write_number(row, 4, 480).unwrap();
        sheet.write_number(row, 5, 40).unwrap();
        sheet.write_number(row, 6, 3).unwrap();
    }
    sheet.write_number(1, 6, -2).unwrap();
    sheet.write_string_with_format(2, 4, "很多", &percent).unwrap();
    sheet.write_formula(4, 4, Formula::new("=D5*40").set_result("480")).unwrap();
    sheet.write_formula_with_format(4, 9, Formula::new("=F5/E5").set_result("0.0833"), &percent).unwrap();
    sheet.insert_note(1, 6, &Note::new("李老师：已核对").set_author("李")).unwrap();
    sheet.insert_note(3, 3, &Note::new("别处的批注")).unwrap();
    sheet
        .add_data_validation(
            1,
            2,
            9,
            2,
            &DataValidation::new().allow_list_strings(&["小学", "初中"]).unwrap(),
        )
        .unwrap();
    let rule =
        ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::LessThan(0)).set_format(&head);
    sheet.add_conditional_format(1, 3, 9, 6, &rule).unwrap();
    sheet.set_column_width(1, 33).unwrap();
    sheet.set_repeat_rows(0, 0).unwrap();
    sheet.autofilter(0, 0, 4, 6).unwrap();

    let other = book.add_worksheet().set_name("汇总").unwrap();
    other.merge_range(0, 0, 1, 3, "合并", &percent).unwrap();
    other.write_formula(3, 0, Formula::new("='O''Brien 小学'!E2").set_result("480")).unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("汇总!$A$4:$A$5");
    other.insert_chart(5, 5, &chart).unwrap();
    // A PNG of one grey pixel.
    const DOT: [u8; 67] = [
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0,
        58, 126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 104, 0, 0, 0, 130, 0, 129, 119, 205,
        114, 182, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
    ];
    other.insert_image(20, 0, &Image::new_from_buffer(&DOT).unwrap()).unwrap();
    other.set_active(true);
    book.add_worksheet().set_name("数据问题").unwrap().set_hidden(true).write_string(0, 0, "占名").unwrap();
    book.define_name("'汇总'!局部", "='汇总'!$A$1").unwrap();
    book.save(path).unwrap();
}

#[test]
fn input_errors_are_written_and_everything_else_is_as_it_was() {
    let folder = empty();
    let path = folder.path().join("一 县.xlsx");
    rich(&path);
    let (code, _, err) = run(
        folder.path(),
        &["assess", "一 县.xlsx", "--year", "2024", "--district", "430503", "大祥区", "--strict"],
    );
    assert_eq!(code, Some(1));
    let way = "junheng check \"一 县.xlsx\" --out junheng-check";
    assert!(err.lines().any(|line| line.contains(way)), "{err}");
    let check = [
        "check",
        "一 县.xlsx",
        "--year",
        "2024",
        "--district",
        "430503",
        "大祥区",
        "--strict",
        "--out",
        "查",
    ];
    let (code, out, err) = run(folder.path(), &check);
    assert_eq!(code, Some(1), "{err}");
    assert!(out.contains("一 县-批注.xlsx"), "{out}");
    let findings = rows(&folder.path().join("查/findings.csv"));
    assert!(findings.iter().any(|f| f["level"] == "error" && f["cell"] == "E3"), "{findings:?}");

    let copy = folder.path().join("查/一 县-批注.xlsx");
    let (before, after) = (parts(&path), parts(&copy));
    let said = comments(&after, "sheet1.xml");
    assert!(said["E3"].starts_with("【错误】"), "{said:?}");
    assert!(said["D4"].ends_with("别处的批注"), "{said:?}");
    assert_eq!(fills(&after, "sheet1.xml")["E3"], "F29B8E");
    // Number format and border of the cell stay.
    let styles = String::from_utf8_lossy(&after["xl/styles.xml"]);
    let own = between(&styles, "<xf ", "/>").into_iter().rfind(|xf| xf.contains("numFmtId=\"164\"")).unwrap();
    assert!(own.contains("borderId=\"1\"") && own.contains("applyFill=\"1\""), "{own}");
    // Parts that no finding is in are copied byte for byte.
    for (name, bytes) in &before {
        let touched =
            ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"];
        let sheet1 = [
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/_rels/sheet1.xml.rels",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
        ];
        // The sheets that are no table of schools have a note each.
        let passed_over = name.starts_with("xl/worksheets/");
        if !touched.contains(&name.as_str()) && !sheet1.contains(&name.as_str()) && !passed_over {
            assert_eq!(after.get(name), Some(bytes), "{name}");
        }
    }
    assert!(before.keys().any(|name| name.starts_with("xl/media/")), "there is a picture");
    let book = String::from_utf8_lossy(&after["xl/workbook.xml"]);
    assert!(book.contains("activeTab=\"2\""), "{book}");
    assert_eq!(
        between(&book, "<sheet ", ">").first().map(|s| s.contains("数据问题 2")),
        Some(true),
        "{book}"
    );
    for name in ["_xlnm.Print_Titles", "_xlnm._FilterDatabase"] {
        assert!(book.contains(&format!("name=\"{name}\" localSheetId=\"1\"")), "{book}");
    }
    let (before, mut after) = (content(&path), content(&copy));
    after.remove("数据问题 2").unwrap();
    assert_eq!(before, after);
    compared_by_openpyxl(&path, &copy);
    opened_by_libreoffice(&copy, folder.path());
}

/// Styles, widths, merges, validations, conditional formats, names and comments outside the findings are alike to a
/// reader that is not ours.
fn compared_by_openpyxl(before: &Path, after: &Path) {
    let Some(python) = python_with("openpyxl") else { return };
    let script = r#"
import sys, openpyxl
a, b = (openpyxl.load_workbook(p) for p in sys.argv[1:3])
assert b.sheetnames[1:] == a.sheetnames, b.sheetnames
assert a.active.title == b.active.title
first = b.worksheets[0]
links = [c.hyperlink for r in first.iter_rows() for c in r if c.hyperlink]
assert links and all(l.location.startswith("'") for l in links), links
marked = 0
for w in a.worksheets:
    v = b[w.title]
    assert w.merged_cells.ranges == v.merged_cells.ranges
    assert w.sheet_state == v.sheet_state and w.print_title_rows == v.print_title_rows
    assert w.auto_filter.ref == v.auto_filter.ref
    assert {k: d.width for k, d in w.column_dimensions.items()} == {k: d.width for k, d in v.column_dimensions.items()}
    rules = lambda s: [(d.sqref, d.type, d.formula1) for d in s.data_validations.dataValidation]
    assert rules(w) == rules(v)
    assert [str(c.sqref) for c in w.conditional_formatting] == [str(c.sqref) for c in v.conditional_formatting]
    for row in v.iter_rows():
        for c in row:
            d = w[c.coordinate]
            assert c.value == d.value, c
            style = lambda x: (x.number_format, repr(x.border), repr(x.alignment), repr(x.protection))
            assert style(c) == style(d), c
            ours = c.comment is not None and '【' in c.comment.text
            if ours:
                marked += 1
                assert c.fill.fgColor.rgb in ('FFF29B8E', 'FFFFD34D', 'FFDCEBFA'), c
                assert d.comment is None or c.comment.text.startswith(d.comment.text), c
            else:
                assert repr(c.fill) == repr(d.fill) and repr(c.font) == repr(d.font), c
                assert (c.comment and c.comment.text) == (d.comment and d.comment.text), c
assert marked, 'no comment of ours'
"#;
    let done = Command::new(python).args(["-c", script]).args([before, after]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// LibreOffice opens the copy and writes it again with the same comments.
fn opened_by_libreoffice(copy: &Path, folder: &Path) {
    if !program("soffice") {
        return;
    }
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let out = folder.join("again");
    let done = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", "xlsx", "--outdir"])
        .args([&out, &copy.to_path_buf()])
        .output()
        .unwrap();
    let again = out.join(copy.file_name().unwrap());
    assert!(again.exists(), "{}", String::from_utf8_lossy(&done.stderr));
    let number = |path: &Path| -> usize {
        let all = parts(path);
        let said = all.iter().filter(|(name, _)| name.contains("comments") && name.ends_with(".xml"));
        said.map(|(_, part)| String::from_utf8_lossy(part).matches("<comment ").count()).sum()
    };
    assert_eq!(number(copy), number(&again));
}

#[test]
fn a_csv_in_gbk_becomes_a_workbook_of_the_same_cells() {
    let folder = empty();
    let text = "学校代码,学校名称,学段,班级数,在校生数,专任教师数,体育专任教师数\n\
        0012,一小,小学,12,480,40,-2\n0013,=cmd|' /C calc'!A0,小学,12,480.50,40,3\n";
    let (bytes, ..) = encoding_rs::GBK.encode(text);
    std::fs::write(folder.path().join("县.csv"), bytes).unwrap();
    let args = ["check", "县.csv", "--year", "2024", "--district", "430503", "大祥区", "--out", "查"];
    let (_, out, err) = run(folder.path(), &args);
    let copy = folder.path().join("查/县-批注.xlsx");
    assert!(copy.exists(), "{out}{err}");
    let mut book: Xlsx<_> = open_workbook(&copy).unwrap();
    assert_eq!(book.sheet_names(), ["数据问题", "县"]);
    let sheet = book.worksheet_range("县").unwrap();
    let cell = |row, column| sheet.get_value((row, column)).cloned();
    assert_eq!(cell(1, 0), Some(Data::String("0012".into())));
    assert_eq!(cell(2, 1), Some(Data::String("=cmd|' /C calc'!A0".into())));
    assert_eq!(cell(2, 4), Some(Data::Float(480.5)));
    assert_eq!(cell(1, 6), Some(Data::Float(-2.0)));
    assert_eq!(book.worksheet_formula("县").unwrap().used_cells().count(), 0);
    let list = text_of_first(&copy);
    assert!(list.contains("csv"), "what is lost is said: {list}");
    let parts = parts(&copy);
    assert!(comments(&parts, "sheet2.xml").contains_key("G2"));
    assert_eq!(fills(&parts, "sheet2.xml")["G2"], "F29B8E", "an error");
}

fn text_of_first(path: &Path) -> String {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    text(&book.worksheet_range_at(0).unwrap().unwrap())
}

#[test]
fn copies_are_for_files_with_findings_and_none_hides_another() {
    let folder = flawed();
    std::fs::create_dir(folder.path().join("b")).unwrap();
    let clean = "学校代码,学校名称,学校类型,学段,班级数,在校生数,专任教师数\n0012,一小,小学,小学,12,480,40\n";
    std::fs::write(folder.path().join("b/好.csv"), clean).unwrap();
    let check = |inputs: &[&str], out: &str| {
        let args = [&["check"], inputs, &["--year", "2024", "--district", "430503", "大祥区", "--out", out]]
            .concat();
        run(folder.path(), &args);
        let json = std::fs::read_to_string(folder.path().join(out).join("run.json")).unwrap();
        let run: serde_json::Value = serde_json::from_str(&json).unwrap();
        let files = run["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap().to_string());
        files.filter(|f| f.ends_with(".xlsx")).collect::<Vec<_>>()
    };
    assert_eq!(check(&["b/好.csv"], "无"), [""; 0]);
    std::fs::copy(folder.path().join("县/大祥区.xlsx"), folder.path().join("b/大祥区.xlsx")).unwrap();
    assert_eq!(
        check(&["县/大祥区.xlsx", "b/大祥区.xlsx"], "二"),
        ["b/大祥区-批注.xlsx", "县/大祥区-批注.xlsx"]
    );
    // The same once more: what the last check wrote is replaced, and what it does not write any more goes.
    assert_eq!(check(&["县/大祥区.xlsx"], "二"), ["大祥区-批注.xlsx"]);
    assert!(!folder.path().join("二/b").exists());
}

#[test]
fn a_result_of_assess_is_not_overwritten_by_a_check() {
    let folder = empty();
    let county: PathBuf = project("data/demo/大祥区.xlsx");
    let county = county.to_str().unwrap();
    assert_eq!(run(folder.path(), &["assess", county, "--out", "果", "--tables", "facts"]).0, Some(0));
    let (code, _, err) = run(folder.path(), &["check", county, "--out", "果"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("assess"), "{err}");
    assert!(folder.path().join("果/facts.csv").exists());
}
