//! The application form (表Ⅰ–Ⅵ) as the main job writes it: its numbers equal those of the tables, it opens in
//! LibreOffice and prints on A4.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

use crate::support::{junheng, program, project, rows};

/// What every run here is called with: the form is the only document.
const ONLY_THE_FORM: [&str; 10] = [
    "--out",
    "out",
    "--date",
    "2026-03-01",
    "--no-annotated",
    "--no-gaps",
    "--no-charts",
    "--no-html",
    "--no-docx",
    "--no-pdf",
];

/// Runs `assess` on the demonstration county and gives the folder it wrote.
fn assess(folder: &Path, more: &[&str]) -> PathBuf {
    // A name without this machine's folders: it stands under every sheet.
    std::fs::copy(project("data/demo/大祥区.xlsx"), folder.join("大祥区.xlsx")).unwrap();
    assess_file(folder, "大祥区.xlsx", more)
}

fn assess_file(folder: &Path, input: &str, more: &[&str]) -> PathBuf {
    let run = junheng(folder, &[&["assess", input][..], &ONLY_THE_FORM, more].concat());
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    folder.join("out")
}

fn sheets(path: &Path) -> Vec<(String, Range<Data>)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0, "{name}");
            let range = book.worksheet_range(&name).unwrap();
            (name, range)
        })
        .collect()
}

fn sheet<'a>(sheets: &'a [(String, Range<Data>)], name: &str) -> &'a Range<Data> {
    &sheets.iter().find(|(of, _)| of == name).unwrap().1
}

fn at(sheet: &Range<Data>, row: usize, column: usize) -> &Data {
    sheet.get_value((row as u32, column as u32)).unwrap_or(&Data::Empty)
}

/// Every cell that is not empty, one line per row.
fn text(sheets: &[(String, Range<Data>)]) -> String {
    let mut out = String::new();
    for (name, range) in sheets {
        out += &format!("[{name}]\n");
        let (top, left) = range.start().unwrap_or_default();
        for (number, row) in range.rows().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .enumerate()
                .filter(|(_, cell)| **cell != Data::Empty && !cell.to_string().is_empty())
                .map(|(column, cell)| {
                    let letter = (b'A' + (left as usize + column) as u8) as char;
                    // Twelve digits: what differs behind them is the machine's.
                    let said = match cell {
                        Data::Float(number) => {
                            let short: f64 = format!("{number:.11e}").parse().unwrap();
                            short.to_string()
                        }
                        other => other.to_string(),
                    };
                    format!("{letter} {said}")
                })
                .collect();
            if !cells.is_empty() {
                out += &format!("{} | {}\n", top as usize + number + 1, cells.join(" | "));
            }
        }
        out.push('\n');
    }
    // The program's version is not the form's matter.
    out.replace(concat!("junheng ", env!("CARGO_PKG_VERSION")), "junheng [version]")
}

/// The same number: the workbook keeps 17 digits, as the csv does.
fn same(cell: &Data, expected: &str, what: &str) {
    match expected {
        "" => assert!(!matches!(cell, Data::Float(_) | Data::Int(_)), "{what}: {cell:?}, expected nothing"),
        number => {
            let (number, found) = (number.parse::<f64>().unwrap(), as_number(cell, what));
            assert!((found - number).abs() <= 1e-12 * number.abs(), "{what}: {found}, expected {number}");
        }
    }
}

fn as_number(cell: &Data, what: &str) -> f64 {
    match cell {
        Data::Float(number) => *number,
        Data::Int(number) => *number as f64,
        other => panic!("{what}: {other:?} is no number"),
    }
}

/// The numbers of 表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ are those of `districts`, `measures`, `schools` and `dispersion`.
fn reads_back(form: &Path, out: &Path) {
    let sheets = sheets(form);
    let schools = rows(&out.join("schools.csv"));
    let key = |row: &HashMap<String, String>, last: &str| {
        format!("{} {} {}", row["school_code"], row["section"], row[last])
    };
    let measures: HashMap<String, HashMap<String, String>> =
        rows(&out.join("measures.csv")).into_iter().map(|row| (key(&row, "indicator"), row)).collect();
    let table = sheet(&sheets, "表2-2");
    let mut at_row = 3;
    for section in ["primary", "junior"] {
        for (number, school) in (1..).zip(schools.iter().filter(|school| school["section"] == section)) {
            let what = format!("{} {section}", school["school_name"]);
            assert_eq!(as_number(at(table, at_row, 0), &what), f64::from(number));
            assert_eq!(at(table, at_row, 1).to_string(), school["school_name"]);
            for indicator in 1..=7 {
                let id = format!("{} {section} L{indicator}", school["school_code"]);
                same(
                    at(table, at_row, 5 + indicator),
                    &measures[&id]["value"],
                    &format!("{what} L{indicator}"),
                );
            }
            let said = HashMap::from([("true", "是"), ("false", "否"), ("", "")]);
            assert_eq!(at(table, at_row, 13).to_string(), said[school["met"].as_str()], "{what}");
            at_row += 1;
        }
    }
    assert_eq!(at_row, 3 + schools.len());
    let dispersion = rows(&out.join("dispersion.csv"));
    let table = sheet(&sheets, "表3");
    for row in &dispersion {
        let top = if row["section"] == "primary" { 3 } else { 5 };
        let column = 1 + row["indicator"][1..].parse::<usize>().unwrap();
        let what = format!("{} {}", row["section"], row["indicator"]);
        same(at(table, top, column), &row["mean"], &what);
        same(at(table, top + 1, column), &row["cv"], &what);
    }
    for (top, section) in [(3, "primary"), (5, "junior")] {
        let cvs: Vec<f64> = dispersion
            .iter()
            .filter(|row| row["section"] == section)
            .map(|row| row["cv"].parse().unwrap())
            .collect();
        let whole = (cvs.iter().sum::<f64>() / cvs.len() as f64).to_string();
        same(at(table, top + 1, 9), &whole, section);
        assert_eq!(at(table, top, 9).to_string(), "——");
    }
    let table = sheet(&sheets, "表2-1");
    for row in rows(&out.join("districts.csv")) {
        let top = if row["section"] == "primary" { 3 } else { 5 };
        same(at(table, top, 9), &row["schools_met"], "综合评估");
        let share =
            100.0 * row["schools_met"].parse::<f64>().unwrap() / row["schools"].parse::<f64>().unwrap();
        same(at(table, top + 1, 9), &share.to_string(), "综合评估");
        for indicator in 1..=7 {
            let met = |of: &&HashMap<String, String>| {
                of["section"] == row["section"]
                    && of["indicator"] == format!("L{indicator}")
                    && of["met"] == "true"
            };
            let count = measures.values().filter(met).count();
            same(at(table, top, 1 + indicator), &count.to_string(), "达标学校总数");
        }
    }
}

#[test]
fn the_national_form_of_the_demonstration_county() {
    let folder = tempfile::tempdir().unwrap();
    let out = assess(folder.path(), &["--standard", "quality-balance-2017"]);
    reads_back(&out.join("申报表.xlsx"), &out);
    insta::assert_snapshot!(text(&sheets(&out.join("申报表.xlsx"))));
}

#[test]
fn a_local_edition_fills_the_same_form() {
    let folder = tempfile::tempdir().unwrap();
    let out = assess(folder.path(), &["--standard", "daxiang"]);
    reads_back(&out.join("申报表.xlsx"), &out);
    let all = sheets(&out.join("申报表.xlsx"));
    let own: Vec<_> =
        all.into_iter().filter(|(name, _)| ["表4", "表5", "表6"].contains(&name.as_str())).collect();
    insta::assert_snapshot!(text(&own));
}

#[test]
fn in_english_only_names_and_units_are_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let out = assess(folder.path(), &["--standard", "quality-balance-2017", "--lang", "en"]);
    let all = sheets(&out.join("申报表.xlsx"));
    let schools: Vec<String> =
        rows(&out.join("schools.csv")).into_iter().map(|row| row["school_name"].clone()).collect();
    let facts: Vec<String> =
        rows(&out.join("facts.csv")).into_iter().map(|row| row["school_name"].clone()).collect();
    let mut left = text(&all);
    for known in schools.iter().chain(&facts).map(String::as_str).chain(["大祥区", "公办", "办学性质"])
    {
        left = left.replace(known, "");
    }
    let chinese: String = left.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).collect();
    assert_eq!(chinese, "", "{left}");
    insta::assert_snapshot!(text(&all));
}

#[test]
fn it_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let out = assess(folder.path(), &["--no-form"]);
    assert!(!out.join("申报表.xlsx").exists());
}

/// What the form asks and nothing judges comes back from the wide sheet and from the forms alike.
#[test]
fn the_wide_sheet_and_the_forms_fill_the_same_basic_facts() {
    let basics = |input: &str| {
        let folder = tempfile::tempdir().unwrap();
        let out = assess_file(folder.path(), project("data/demo").join(input).to_str().unwrap(), &[]);
        let all = sheets(&out.join("申报表.xlsx"));
        let row = |name: &str, row: usize| sheet(&all, name).rows().nth(row).unwrap().to_vec();
        [row("表1", 8), row("表6", 5)].concat().iter().map(Data::to_string).collect::<Vec<_>>()
    };
    let wide = basics("大祥区.xlsx");
    assert!(wide.iter().all(|cell| !cell.is_empty()), "{wide:?}");
    assert_eq!(wide, basics("forms"));
}

/// LibreOffice, in a home of its own.
fn libreoffice(folder: &Path, args: &[&str]) {
    let home = format!("-env:UserInstallation=file://{}", folder.join("home").display());
    let run = Command::new("soffice")
        .args([home.as_str(), "--headless"])
        .args(args)
        .current_dir(folder)
        .env("HOME", folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn libreoffice_opens_it_and_reads_the_same() {
    if !program("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = assess(folder.path(), &["--standard", "quality-balance-2017"]);
    let form = out.join("申报表.xlsx");
    std::fs::create_dir(folder.path().join("again")).unwrap();
    libreoffice(folder.path(), &["--convert-to", "xlsx", "--outdir", "again", form.to_str().unwrap()]);
    let again = folder.path().join("again/申报表.xlsx");
    reads_back(&again, &out);
    assert_eq!(text(&sheets(&again)), text(&sheets(&form)));

    libreoffice(folder.path(), &["--convert-to", "pdf", "--outdir", "again", form.to_str().unwrap()]);
    let pdf = std::fs::read(folder.path().join("again/申报表.pdf")).unwrap();
    let pages = boxes(&pdf);
    assert!((7..=12).contains(&pages.len()), "{} pages", pages.len());
    for [width, height] in pages {
        assert!((width - 842.0).abs() < 1.5 && (height - 595.0).abs() < 1.5, "{width} × {height}: A4 across");
    }
}

/// Width and height of every page.
fn boxes(pdf: &[u8]) -> Vec<[f64; 2]> {
    let text = String::from_utf8_lossy(pdf);
    text.split("/MediaBox")
        .skip(1)
        .filter_map(|rest| {
            let inside = rest.split_once('[')?.1.split_once(']')?.0;
            let numbers: Vec<f64> = inside.split_whitespace().filter_map(|n| n.parse().ok()).collect();
            Some([*numbers.get(2)?, *numbers.get(3)?])
        })
        .collect()
}
