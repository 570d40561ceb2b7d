//! Defective files: each gets its own message, and none crashes the program.

#[path = "bad_input/alike.rs"]
mod alike;
#[path = "bad_input/mutations.rs"]
mod mutations;
#[path = "bad_input/scorebooks.rs"]
mod scorebooks;

use std::{
    io::{Cursor, Write},
    path::Path,
};

use junheng::{
    internals::{self, Cell, Limits, Sheet},
    problem::{Error, Problem},
    words::{Language, Words},
};
use rust_xlsxwriter::{Formula, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Reads `bytes` as a file of this name.
fn read_with(name: &str, bytes: &[u8], encoding: Option<&str>, limits: &Limits) -> Result<Vec<Sheet>, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    internals::sheets(&path, name, encoding, limits)
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Error> {
    read_with(name, bytes, None, &Limits::default())
}

fn sheets(name: &str, bytes: &[u8]) -> Vec<Sheet> {
    read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The only problem of a reading that failed; it has this code, and a message without gaps in both languages.
fn problem(result: Result<Vec<Sheet>, Error>, code: &str) -> Problem {
    let Err(Error::Input(problems)) = result else { panic!("{code}: {result:?}") };
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(problem.code, code, "{problem:?}");
    assert!(problem.place.file.is_some());
    for language in [Language::Chinese, Language::English] {
        let words = Words::load(language).unwrap();
        assert!(words.has(&format!("problem.{code}")), "{code} has no words");
        let message = words.problem(problem);
        assert!(!message.contains(['{', '}']), "{message}");
    }
    problem.clone()
}

fn argument(problem: &Problem, name: &str) -> String {
    problem.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).unwrap_or_default()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The parts of a workbook of one sheet 表, but for the sheet.
fn skeleton() -> Vec<(&'static str, Vec<u8>)> {
    let relationship = |kind: &str, target: &str| {
        let kind = format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}");
        format!(r#"<Relationships><Relationship Id="r1" Type="{kind}" Target="{target}"/></Relationships>"#)
    };
    let book = r#"<workbook><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    vec![
        ("_rels/.rels", relationship("officeDocument", "xl/workbook.xml").into_bytes()),
        ("xl/_rels/workbook.xml.rels", relationship("worksheet", "worksheets/sheet1.xml").into_bytes()),
        ("xl/workbook.xml", book.as_bytes().to_vec()),
    ]
}

/// A workbook whose rows, and what stands behind them, are given as XML; with more parts.
fn workbook_with(rows: &str, foot: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData>{foot}</worksheet>");
    sheet_with(&sheet, more)
}

fn sheet_with(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let skeleton = skeleton();
    let mut parts: Vec<(&str, &[u8])> = skeleton.iter().map(|(n, b)| (*n, b.as_slice())).collect();
    parts.push(("xl/worksheets/sheet1.xml", sheet.as_bytes()));
    parts.extend(more);
    zipped(&parts)
}

fn workbook(rows: &str) -> Vec<u8> {
    workbook_with(rows, "", &[])
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn peak_memory_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

#[test]
fn no_file() {
    let path = Path::new("没有.xlsx");
    problem(internals::sheets(path, "没有.xlsx", None, &Limits::default()), "file_missing");
}

#[test]
fn empty_file() {
    for name in ["空.xlsx", "空.csv", "空.xls"] {
        problem(read(name, b""), "file_empty");
    }
}

#[test]
fn not_a_workbook() {
    problem(read("a.xlsx", b"hello, this is no table".split(|b| *b == b',').next().unwrap()), "file_unknown");
    problem(read("a.xlsx", &[0, 1, 2, 3, 0, 0, 7]), "file_unknown");
    problem(read("a.csv", &[b'a', 0, 1, 2, 3, 0, 0, 7]), "file_unknown");
    for (bytes, kind) in
        [(b"%PDF-1.7 ...".as_slice(), "PDF"), (b"Rar!\x1a\x07", "RAR"), (b"PAR1....", "Parquet")]
    {
        assert_eq!(argument(&problem(read("a.xlsx", bytes), "file_is_other"), "found"), kind);
    }
    for (part, kind) in [("word/document.xml", "docx"), ("xl/workbook.bin", "xlsb"), ("照片/1.jpg", "zip")]
    {
        let found = problem(read("a.xlsx", &zipped(&[(part, b"<a/>")])), "file_is_other");
        assert_eq!(argument(&found, "found"), kind);
    }
}

#[test]
fn a_wrong_extension_is_read_by_its_content() {
    let table = workbook(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    for name in ["a.csv", "a.xls", "a", "a.ods"] {
        assert_eq!(sheets(name, &table)[0].rows[0].get(0), &Cell::Number(1.0));
    }
    let csv = "学校,人数\n东风小学,12\n";
    for name in ["a.xls", "a.xlsx"] {
        assert_eq!(sheets(name, csv.as_bytes())[0].rows[1].get(1), &text("12"));
    }
    for html in ["<html><body><table><tr><td>1</td></tr></table>", " \r\n<table border=1><tr><th>1"] {
        assert_eq!(sheets("a.xls", html.as_bytes())[0].rows[0].get(0), &text("1"));
    }
    problem(read("a.xls", b"<html><body><p>1</p>"), "file_is_html");
    let xml = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook><Worksheet><Table><Row><Cell><Data Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>"#;
    assert_eq!(sheets("a.xls", xml.as_bytes())[0].rows[0].get(0), &Cell::Number(1.0));
    problem(read("a.xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"), "file_is_web_archive");
    // The end of a text as programs of DOS write it.
    for end in ["\u{1a}", "\r\n\u{1a}\u{1a}\r\n"] {
        let table = &sheets("a.csv", format!("{csv}{end}").as_bytes())[0];
        assert_eq!((table.rows.len(), table.rows[1].get(1)), (2, &text("12")));
    }
}

#[test]
fn truncated_zip() {
    let whole = workbook(&r#"<row><c><v>1</v></c></row>"#.repeat(1000));
    for length in [4, 30, whole.len() / 2, whole.len() - 1] {
        problem(read("a.xlsx", &whole[..length]), "workbook_damaged");
    }
    // The directory is whole, a part is not.
    let mut broken = whole.clone();
    let at = broken.windows(10).position(|w| w == b"sheet1.xml").unwrap() + 15;
    broken[at..at + 20].fill(0xFF);
    problem(read("a.xlsx", &broken), "workbook_damaged");
}

#[test]
fn password_protected() {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    compound.resize(1024, 0);
    compound.extend(name);
    compound.resize(2048, 0);
    problem(read("a.xlsx", &compound), "workbook_protected");

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("xl/workbook.xml", options).unwrap();
    zip.write_all(b"<workbook/>").unwrap();
    let mut zip = zip.finish().unwrap().into_inner();
    // The encryption flag of both headers.
    zip[6] |= 1;
    let central = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[central + 8] |= 1;
    problem(read("a.xlsx", &zip), "workbook_protected");

    let manifest =
        b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    let ods = zipped(&[("content.xml", b"\x12\x34"), ("META-INF/manifest.xml", manifest)]);
    problem(read("a.ods", &ods), "workbook_protected");
}

#[test]
fn a_compound_file_that_is_no_workbook() {
    let mut circle = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    circle.resize(512 * 4, 0);
    circle[26] = 3;
    circle[30] = 9;
    circle[32] = 6;
    circle[44] = 1;
    // The directory begins in sector 1, the table lies in sector 0; sector 1 follows on sector 1.
    circle[48] = 1;
    circle[68..72].copy_from_slice(&u32::MAX.to_le_bytes());
    circle[76..512].fill(0xFF);
    circle[76..80].copy_from_slice(&0u32.to_le_bytes());
    circle[512 + 4] = 1;
    problem(read("a.xls", &circle), "workbook_damaged");
    // The chain ends: a directory without a workbook.
    circle[512 + 4..512 + 8].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    problem(read("a.xls", &circle), "file_is_other");
}

#[test]
fn empty_sheet_and_header_only() {
    assert!(sheets("a.xlsx", &workbook(""))[0].rows.is_empty());
    assert!(sheets("a.ods", &ods(""))[0].rows.is_empty());
    let header = sheets("a.xlsx", &workbook(r#"<row r="1"><c r="A1" t="str"><v>学校名称</v></c></row>"#));
    assert_eq!((header.len(), header[0].rows.len(), header[0].name.as_str()), (1, 1, "表"));
    assert_eq!(sheets("a.csv", "学校,人数".as_bytes())[0].rows.len(), 1);
    assert!(sheets("a.csv", b"\n\n")[0].rows.is_empty());
}

#[test]
fn phantom_rows_and_columns() {
    let far = workbook(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#,
    );
    let sheet = &sheets("a.xlsx", &far)[0];
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!((sheet.rows[1].index, sheet.rows[1].get(16_383)), (1_048_575, &Cell::Number(2.0)));

    // A million rows with a style alone, and some of them with a blank.
    let row = |i: u32| match i % 100 {
        0 => format!(r#"<row r="{i}" s="1"><c r="A{i}" s="1"/></row>"#),
        _ => format!(r#"<row r="{i}" s="1"/>"#),
    };
    let blank: String = (2..=1_048_576).map(row).collect();
    let blank = format!(r#"<row r="1"><c r="A1"><v>1</v></c></row>{blank}"#);
    assert_eq!(sheets("a.xlsx", &workbook(&blank))[0].rows.len(), 1);

    // An address that no sheet has.
    let beyond = workbook(r#"<row r="1048577"><c r="A1048577"><v>1</v></c></row>"#);
    problem(read("a.xlsx", &beyond), "workbook_damaged");

    // As LibreOffice closes every sheet, and as nobody does.
    let cell = r#"<table:table-cell office:value-type="float" office:value="7"/>"#;
    let rest = r#"<table:table-cell table:number-columns-repeated="16383"/>"#;
    let tail = r#"<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let plain = ods(&format!("<table:table-row>{cell}{rest}</table:table-row>{tail}"));
    assert_eq!(sheets("a.ods", &plain)[0].rows.len(), 1);
    let full = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="7"/></table:table-row>"#;
    assert_eq!(argument(&problem(read("a.ods", &ods(full)), "limit_cells"), "allowed"), "20000000");
}

#[test]
fn ods_cells() {
    let rows = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>第<text:s text:c="2"/>一</text:p><text:p>小&lt;学</text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="512.5"><text:p>513</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="date" office:date-value="2010-09-01"/><table:table-cell table:formula="of:=[.A1]"/><table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row>"#;
    let sheet = &sheets("a.ods", &ods(rows))[0];
    for row in [0, 1] {
        let wanted = vec![(0, text("第  一\n小<学")), (2, Cell::Number(512.5)), (3, Cell::Number(512.5))];
        assert_eq!((sheet.rows[row].index, &sheet.rows[row].cells), (row as u32, &wanted));
    }
    assert_eq!(sheet.merges, [(0, 0, 0, 1)]);
    let cells: Vec<&Cell> = (0..4).map(|c| sheet.rows[2].get(c)).collect();
    let error = Cell::Error("#DIV/0!".into());
    assert_eq!(cells, [&Cell::Date(2010, 9, 1), &Cell::Uncalculated, &error, &Cell::YesNo(true)]);
}

#[test]
fn a_cell_of_a_megabyte() {
    let long = "长".repeat(350_000);
    let inline = format!(r#"<row r="3"><c r="B3" t="inlineStr"><is><t>{long}</t></is></c></row>"#);
    let shared = format!("<sst><si><t>{long}</t></si></sst>");
    let files = [
        ("a.xlsx", workbook(&inline)),
        (
            "b.xlsx",
            workbook_with(
                r#"<row r="3"><c r="B3" t="s"><v>0</v></c></row>"#,
                "",
                &[("xl/sharedStrings.xml", shared.as_bytes())],
            ),
        ),
        (
            "a.ods",
            ods(&format!(
                r#"<table:table-row table:number-rows-repeated="2"/><table:table-row><table:table-cell/><table:table-cell office:value-type="string"><text:p>{long}</text:p></table:table-cell></table:table-row>"#
            )),
        ),
        ("a.csv", format!("学校,x\n\n,{long}\n").into_bytes()),
    ];
    for (name, bytes) in files {
        let found = problem(read(name, &bytes), "limit_text");
        assert_eq!(found.place.cell.as_deref(), Some("B3"), "{name}");
        assert_eq!(argument(&found, "allowed"), "65536");
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed() {
    let lines = "东风小学,12\n".repeat(10_000);
    problem(read("a.csv", format!("学校,人数\n\"西风小学,3\n{lines}").as_bytes()), "limit_text");
}

/// `piece` many times over as one deflated part, and what the directory says of its size.
fn repeated(name: &str, piece: &[u8], times: usize, size: u64) -> Vec<u8> {
    use flate2::{Compress, Compression, FlushCompress};
    let mut deflate = Compress::new(Compression::best(), false);
    // After a full flush nothing looks back, so that what follows may follow any number of times.
    let mut packed = Vec::with_capacity(piece.len() + 1024);
    deflate.compress_vec(piece, &mut packed, FlushCompress::Full).unwrap();
    let mut data = packed.repeat(times);
    // An empty last block.
    data.extend([3, 0]);
    let mut zip = Vec::new();
    let mut common = [20u16, 0, 8, 0, 33].map(u16::to_le_bytes).concat();
    for n in [0, data.len() as u32, u32::try_from(size).unwrap(), name.len() as u32] {
        common.extend(n.to_le_bytes());
    }
    zip.extend([b"PK\x03\x04".as_slice(), &common, name.as_bytes(), &data].concat());
    let directory = zip.len() as u32;
    zip.extend([b"PK\x01\x02\x14\0".as_slice(), &common, &[0; 14], name.as_bytes()].concat());
    let length = zip.len() as u32 - directory;
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend([length.to_le_bytes(), directory.to_le_bytes()].concat());
    zip.extend([0, 0]);
    zip
}

/// A gigabyte of zeros, packed a thousandfold.
fn bomb() -> Vec<u8> {
    repeated("xl/workbook.xml", &vec![0; 4 << 20], 256, 1 << 30)
}

#[test]
fn zip_bomb() {
    let bomb = bomb();
    let limits = Limits { ratio: 500, ..Limits::default() };
    problem(read_with("a.xlsx", &bomb, None, &limits), "limit_ratio");
    let limits = Limits { inflated: 512 << 20, ..Limits::default() };
    assert_eq!(
        argument(&problem(read_with("a.xlsx", &bomb, None, &limits), "limit_bytes"), "found"),
        "1024.0"
    );
    // It says that it is small: it is read no further than that.
    let liar = repeated("content.xml", &vec![b' '; 4 << 20], 256, 100 << 10);
    problem(read("a.ods", &liar), "workbook_damaged");
    let many: Vec<String> = (0..20).map(|i| format!("{i}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), b"<a/>".as_slice())).collect();
    let limits = Limits { entries: 19, ..Limits::default() };
    assert_eq!(
        argument(&problem(read_with("a.xlsx", &zipped(&many), None, &limits), "limit_entries"), "found"),
        "20"
    );
}

#[test]
fn more_cells_than_allowed() {
    let rows = r#"<row><c><v>1</v></c><c><v>2</v></c></row>"#.repeat(6);
    for (cells, fits) in [(11, false), (12, true), (13, true)] {
        let limits = Limits { cells, ..Limits::default() };
        assert_eq!(read_with("a.csv", &b"1,2\n".repeat(6), None, &limits).is_ok(), fits);
        match read_with("a.xlsx", &workbook(&rows), None, &limits) {
            Ok(sheets) => assert!(fits && sheets[0].rows.len() == 6),
            refused => {
                assert!(!fits);
                problem(refused, "limit_cells");
            }
        }
    }
}

#[test]
fn more_memory_than_allowed() {
    // A million cells may be, but not of a kilobyte each.
    let long = "长".repeat(340);
    let rows = format!(
        r#"<table:table-row table:number-rows-repeated="999999"><table:table-cell office:value-type="string"><text:p>{long}</text:p></table:table-cell></table:table-row>"#
    );
    let limits = Limits { cells: 1_000_000, ..Limits::default() };
    problem(read_with("a.ods", &ods(&rows), None, &limits), "limit_memory");
}

#[test]
fn parts_that_claim_more_than_they_hold() {
    let one = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#;
    let claimed =
        br#"<!-- <sst uniqueCount="1"/> --><sst uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    problem(
        read("a.xlsx", &workbook_with(one, "", &[("xl/sharedStrings.xml", claimed)])),
        "workbook_damaged",
    );
    let honest = br#"<sst uniqueCount="5"><si><t>a</t></si></sst>"#;
    let read_back = sheets("a.xlsx", &workbook_with(one, "", &[("xl/sharedStrings.xml", honest)]));
    assert_eq!(read_back[0].rows[0].get(0), &text("a"));
    // A font name of a megabyte in every one of ten thousand styles.
    let styles = format!(
        r#"<styleSheet><fonts><font><name val="{}"/></font></fonts><cellXfs>{}<xf numFmtId="14"/></cellXfs></styleSheet>"#,
        "x".repeat(1 << 20),
        r#"<xf fontId="0" numFmtId="0"/>"#.repeat(10_000)
    );
    let dated = r#"<row r="1"><c r="A1" s="10000"><v>45000</v></c></row>"#;
    let read_back = sheets("a.xlsx", &workbook_with(dated, "", &[("xl/styles.xml", styles.as_bytes())]));
    assert_eq!(read_back[0].rows[0].get(0), &Cell::Date(2023, 3, 15));
}

#[test]
fn entities_are_not_expanded() {
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>"#;
    let sheet = format!(
        r#"{bomb}<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x&c;y&amp;z</t></is></c></row></sheetData></worksheet>"#
    );
    match read("a.xlsx", &sheet_with(&sheet, &[])) {
        Ok(sheets) => {
            let Cell::Text(text) = sheets[0].rows[0].get(0) else { panic!() };
            assert!(text.len() < 20, "{text}");
        }
        refused => {
            problem(refused, "workbook_damaged");
        }
    }
}

#[test]
fn one_element_of_hundreds_of_megabytes() {
    // As many `<` as you like do not make it many elements.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (name, bytes) in skeleton() {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(b"<worksheet><sheetData><row><c><v>1</v></c></row><!-- ").unwrap();
    let long = [b'<'; 1 << 20];
    for _ in 0..140 {
        zip.write_all(&long).unwrap();
    }
    zip.write_all(b" --></sheetData></worksheet>").unwrap();
    let limits = Limits { ratio: 2000, ..Limits::default() };
    problem(read_with("a.xlsx", &zip.finish().unwrap().into_inner(), None, &limits), "workbook_swollen");
}

#[test]
fn formulas_and_errors() {
    let filler: String =
        (3..5000).map(|r| format!(r#"<row r="{r}"><c r="A{r}"><v>1</v></c></row>"#)).collect();
    let rows = format!(
        r#"<row r="1"><c r="A1"><f>SUM(B1:C1)</f></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" s="1"/><c r="D1"><f>1/0</f><v></v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F1" t="str"><f>""</f><v></v></c><c r="G1" t="b"><v>1</v></c></row>{filler}<row r="5000"><c r="A5000"><f>1</f></c></row>"#
    );
    let sheet = &sheets("a.xlsx", &workbook(&rows))[0];
    let first: Vec<(u32, Cell)> = vec![
        (0, Cell::Uncalculated),
        (1, Cell::Number(2.0)),
        (3, Cell::Uncalculated),
        (4, Cell::Error("#DIV/0!".into())),
        (6, Cell::YesNo(true)),
    ];
    assert_eq!(sheet.rows[0].cells, first);
    assert_eq!(sheet.rows.last().unwrap().get(0), &Cell::Uncalculated);

    let odd = workbook(r#"<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c></row>"#);
    let found = problem(read("a.xlsx", &odd), "cell_error_unknown");
    assert_eq!((argument(&found, "found"), found.place.sheet), ("#SPILL!".into(), Some("表".into())));
}

#[test]
fn a_formula_is_seen_wherever_the_file_is_cut_into_chunks() {
    // The first formula of a sheet at every place around the borders of what is inflated at a time.
    for filler in (65_400..65_700).chain(130_900..131_200).step_by(7) {
        let comment = " ".repeat(filler);
        let rows = format!(r#"<row r="1"><c r="A1"><v>1</v></c>{comment}<c r="B1"><f>A1</f></c></row>"#);
        let sheet = &sheets("a.xlsx", &workbook(&rows))[0];
        assert_eq!(sheet.rows[0].get(1), &Cell::Uncalculated, "{filler}");
    }
}

#[test]
fn rows_out_of_order() {
    let rows = r#"<row r="3"><c r="B3"><v>32</v></c><c r="A3"><v>31</v></c></row><row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="A3"><v>0</v></c></row>"#;
    let sheet = &sheets("a.xlsx", &workbook(rows))[0];
    let read: Vec<(u32, Vec<(u32, Cell)>)> = sheet.rows.iter().map(|r| (r.index, r.cells.clone())).collect();
    let number = Cell::Number;
    assert_eq!(read, [(0, vec![(0, number(1.0))]), (2, vec![(0, number(0.0)), (1, number(32.0))])]);
}

#[test]
fn merges_hidden_sheets_and_dates() {
    let mut book = Workbook::new();
    let format = rust_xlsxwriter::Format::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy\"年\"m\"月\"");
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 3, "2025学年", &format).unwrap();
    sheet.merge_range(1, 1, 2, 1, "教师", &format).unwrap();
    sheet.write_number_with_format(3, 0, 40_057.0, &date).unwrap();
    sheet
        .write_number_with_format(3, 1, 0.5, &rust_xlsxwriter::Format::new().set_num_format("h:mm"))
        .unwrap();
    sheet.write_formula(3, 2, Formula::new("1+1").set_result("2")).unwrap();
    let hidden = book.add_worksheet();
    hidden.set_name("附表").unwrap().set_hidden(true).write(0, 0, "x").unwrap();
    book.add_worksheet();
    let bytes = book.save_to_buffer().unwrap();
    let sheets = sheets("a.xlsx", &bytes);
    assert_eq!(sheets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["Sheet1", "附表", "Sheet3"]);
    assert_eq!(sheets[0].merges, [(0, 0, 0, 3), (1, 1, 2, 1)]);
    let row = &sheets[0].rows[2];
    assert_eq!((row.index, row.get(0), row.get(1)), (3, &Cell::Date(2009, 9, 1), &Cell::Number(0.5)));
    assert_eq!(row.get(2), &Cell::Number(2.0));
    assert_eq!(sheets[1].rows[0].get(0), &text("x"));
    assert_eq!(sheets[0].sha256, sheets[2].sha256);
    assert_eq!((sheets[0].sha256.len(), sheets[0].file.as_str()), (64, "a.xlsx"));
}

#[test]
fn encodings() {
    let simplified = "学校名称,在校生数\n东风小学,512\n";
    let traditional = "學校名稱,學生數\n中正國小,512\n";
    let gbk = encoding_rs::GBK.encode(simplified).0.into_owned();
    let big5 = encoding_rs::BIG5.encode(traditional).0.into_owned();
    assert_eq!(sheets("a.csv", &gbk)[0].rows[1].get(0), &text("东风小学"));
    assert_eq!(sheets("a.csv", &big5)[0].rows[1].get(0), &text("中正國小"));
    let limits = Limits::default();
    let given = read_with("a.csv", &gbk, Some("GB18030"), &limits).unwrap();
    assert_eq!(given[0].rows[1].get(0), &text("东风小学"));
    let unknown = problem(read_with("a.csv", &gbk, Some("gbk2"), &limits), "encoding_unknown");
    assert!(argument(&unknown, "known").contains("big5"));
    let wrong = problem(read_with("a.csv", &gbk, Some("utf-8"), &limits), "text_undecodable");
    assert_eq!(wrong.place.cell.as_deref(), Some("1"));
}

/// Less than nothing, a row without a school, a school in another year: each is said, with its cell.
#[test]
fn what_would_enter_a_total_unseen_is_said() {
    let head = "区县代码,年度,学校代码,学校名称,学校类型,在校生数,专任教师数\n";
    let sheet = |rows: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("全县.csv"), format!("{head}{rows}")).unwrap();
        folder
    };
    let said = |folder: &std::path::Path, command: &str| {
        let run = crate::support::junheng(folder, &[command, "全县.csv"]);
        let text = [run.stdout, run.stderr].concat();
        (run.status.code(), String::from_utf8(text).unwrap())
    };
    let below = sheet("430000,2024,1,甲小学,小学,-5,10\n430000,2024,2,乙小学,小学,200,-20\n");
    for command in ["check", "assess"] {
        let (code, text) = said(below.path(), command);
        assert_eq!(code, Some(1), "{text}");
        for cell in ["全县.csv / F2", "全县.csv / G3"] {
            assert!(text.contains(cell), "{command} {cell}: {text}");
        }
        assert!(text.contains("-5") && text.contains("不应小于 0"), "{text}");
    }
    assert!(!below.path().join("junheng-out").exists(), "nothing is judged from it");
    let zero = sheet("430000,2024,1,甲小学,小学,5,0\n");
    assert_eq!(said(zero.path(), "check").0, Some(0));

    let nameless = sheet("430000,2024,1,甲小学,小学,100,10\n430000,2024,,,小学,200,20\n430000,2024,,,,,\n");
    let (code, text) = said(nameless.path(), "check");
    assert_eq!(code, Some(0));
    assert!(text.contains("全县.csv / 3") && text.contains("没有学校名称和学校代码"), "{text}");
    assert_eq!(text.matches("没有学校名称和学校代码").count(), 1, "a prefilled empty row is none: {text}");

    let year = sheet(
        "430000,2024,1,甲小学,小学,100,10\n430000,2023,2,乙小学,小学,200,20\n430000,2024,3,丙小学,小学,300,30\n\
         430000,2024,4,丁小学,小学,300,31\n",
    );
    let (code, text) = said(year.path(), "check");
    assert_eq!(code, Some(0));
    assert!(text.contains("全县.csv / B3") && text.contains("乙小学") && text.contains("2024"), "{text}");
}
