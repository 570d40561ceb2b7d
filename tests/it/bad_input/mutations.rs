//! Files corrupted by a disk, a network or an attacker: they are read or refused, in bounded time and memory.

use std::{
    io::{Cursor, Read, Write},
    path::Path,
};

use junheng::{
    internals::{self, Limits, Options, Standard, is_scoring_workbook, read_marks, sheets},
    problem::Error,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{
    support::{junheng, project},
    testing::{
        book::{Book, Cell},
        mutations::{count, survive_each},
    },
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

const MEGABYTES: u64 = 1024;

/// A file as it is meant to be, and its parts where it is a zip.
struct Original {
    name: String,
    bytes: Vec<u8>,
    parts: Vec<(String, Vec<u8>)>,
}

impl Original {
    fn new(name: &str, bytes: Vec<u8>) -> Self {
        let mut parts = Vec::new();
        if let Ok(mut zip) = ZipArchive::new(Cursor::new(&bytes)) {
            for i in 0..zip.len() {
                let mut file = zip.by_index(i).unwrap();
                let mut part = Vec::new();
                file.read_to_end(&mut part).unwrap();
                parts.push((file.name().unwrap().into_owned(), part));
            }
        }
        Original { name: name.to_string(), bytes, parts }
    }

    fn mutated(&self, random: &mut ChaCha8Rng) -> Vec<u8> {
        // Changing the packed bytes rarely reaches further than the checksum.
        if self.parts.is_empty() || random.random_range(0..4) == 0 {
            let mut bytes = self.bytes.clone();
            damage(&mut bytes, random);
            return bytes;
        }
        let hit = random.random_range(0..self.parts.len());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (i, (name, part)) in self.parts.iter().enumerate() {
            let mut part = part.clone();
            if i == hit || random.random_range(0..8) == 0 {
                damage(&mut part, random);
            }
            // A part may be missing.
            if i == hit && random.random_range(0..20) == 0 {
                continue;
            }
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(&part).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// One to three changes: bytes, numbers, a cut, a piece left out, a piece twice or many times.
fn damage(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    for _ in 0..random.random_range(1..=3) {
        if bytes.is_empty() {
            return;
        }
        let at = random.random_range(0..bytes.len());
        let end = (at + random.random_range(1..=4096)).min(bytes.len());
        match random.random_range(0..8) {
            0 => bytes[at] ^= 1 << random.random_range(0..8),
            1 => bytes[at] = random.random_range(0..=255),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let piece = bytes[at..end].repeat(random.random_range(2..64));
                let to = random.random_range(0..bytes.len());
                bytes.splice(to..to, piece);
            }
            // A number becomes another one, or a very large one.
            6 => {
                let digits: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i].is_ascii_digit()).collect();
                if !digits.is_empty() {
                    let at = digits[random.random_range(0..digits.len())];
                    let more = random.random_range(1..12);
                    bytes.splice(at..=at, std::iter::repeat_n(b'9', more));
                }
            }
            // What the XML and the zip are made of.
            _ => {
                let words: [&[u8]; 10] = [
                    b"<",
                    b">",
                    b"\"",
                    b"&",
                    b"<c>",
                    b"</row>",
                    b"<!--",
                    b"<![CDATA[",
                    b"PK\x01\x02",
                    b"\0\0\0\0",
                ];
                let word = words[random.random_range(0..words.len())];
                bytes.splice(at..at, word.iter().copied());
            }
        }
    }
}

/// [`survive_each`] of files that are changed as bytes.
fn survive<T>(
    originals: &[Original],
    count: u64,
    read: impl Fn(&Path) -> Result<T, Error> + Clone + Send + 'static,
) {
    let mutated = |random: &mut ChaCha8Rng| {
        let original = &originals[random.random_range(0..originals.len())];
        (original.name.clone(), original.mutated(random))
    };
    survive_each(count, mutated, read);
}

/// What there is at every place, and the example county where it is.
fn originals() -> Vec<Original> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 4, "大祥区 2025学年", &rust_xlsxwriter::Format::new()).unwrap();
    for (column, header) in
        ["学校名称", "在校生数", "专任教师数", "建校日期", "是否寄宿"].into_iter().enumerate()
    {
        sheet.write(1, column as u16, header).unwrap();
    }
    for row in 2..60 {
        sheet.write(row, 0, format!("第{row}小学")).unwrap();
        sheet.write(row, 1, row * 10).unwrap();
        sheet.write_formula(row, 2, rust_xlsxwriter::Formula::new("B3/18").set_result("12.5")).unwrap();
        sheet.write_number_with_format(row, 3, 36_000.0, &format).unwrap();
        sheet.write(row, 4, row % 2 == 0).unwrap();
    }
    let small = book.save_to_buffer().unwrap();
    let rows: String = (0..40)
        .map(|i| format!(r#"<table:table-row><table:table-cell office:value-type="string"><text:p>第{i}小学</text:p></table:table-cell><table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="{i}"/></table:table-row>"#))
        .collect();
    let csv = "学校名称,在校生数\n东风小学,512\n\"西风,小学\",12\n".repeat(50);
    let mut originals = vec![
        Original::new("small.xlsx", small),
        Original::new("small.ods", super::ods(&rows)),
        Original::new("small.csv", encoding_rs::GBK.encode(&csv).0.into_owned()),
    ];
    let shared = [
        "county.xlsx",
        "county-gbk.csv",
        "export/小学.xlsx",
        "forms/第1小学学校.xlsx",
        "forms/区县填报表.xlsx",
    ];
    let shared = shared.map(|f| format!("examples/county/{f}"));
    for path in shared.iter().map(String::as_str).chain(["data/taiwan-primary/國民小學校別資料.xls"])
    {
        if let Some(found) = crate::support::shared(path) {
            let name = found.file_name().unwrap().to_str().unwrap().to_string();
            originals.push(Original::new(&name, std::fs::read(&found).unwrap()));
        }
    }
    originals
}

#[test]
fn mutated_files_are_read_or_refused() {
    survive(&originals(), count(), |path| sheets(path, "变.xlsx", None, &Limits::default()));
    if let Some(peak) = super::peak_memory_mb() {
        assert!(peak < MEGABYTES, "{peak} MB");
    }
}

/// What the cells say goes on into facts and their cross-checks: the year and the district are given, so that
/// a mutation that hits them does not stop the rest.
#[test]
fn mutated_files_are_facts_or_refused() {
    let options = Options {
        year: Some(2025),
        district: Some(("430503".to_string(), "大祥区".to_string())),
        ..Options::default()
    };
    let read = move |path: &Path| internals::read(&[path.to_path_buf()], &options, &|_, _, _| {});
    survive(&of_counties(), count(), read);
    if let Some(peak) = super::peak_memory_mb() {
        assert!(peak < MEGABYTES, "{peak} MB");
    }
}

/// The example files of the project: every layout and kind of file that `ingest` reads.
fn of_counties() -> Vec<Original> {
    let files = [
        "county.xlsx",
        "county-gbk.csv",
        "export/小学.xlsx",
        "export/高中.xlsx",
        "forms/第1小学学校.xlsx",
        "forms/第29初中学校.xlsx",
    ];
    files
        .map(|file| {
            let path = crate::support::project("tests/county").join(file);
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            Original::new(&name, std::fs::read(&path).unwrap())
        })
        .into()
}

/// A cell that somebody may type, or another program leave behind.
fn typed(random: &mut ChaCha8Rng) -> Cell {
    let texts = [
        "",
        "是",
        "否",
        "上升",
        "优",
        "10",
        "3分",
        "85%",
        "-1",
        "1e309",
        "良好",
        "@header",
        "unit|甲县|||",
        "乌前旗",
        "junheng marking 1|office|a|1|||",
        "2.3.tier",
        "合计",
    ];
    match random.random_range(0..4) {
        0 => Cell::Number(f64::from(random.random_range(-20..200)) / 4.0),
        1 => Cell::YesNo(random.random()),
        2 => Cell::Number([0.0, -0.0, 1e308, 0.85, 1.0][random.random_range(0..5)]),
        _ => Cell::Text(texts[random.random_range(0..texts.len())].into()),
    }
}

/// One to four changes to the cells, rows, columns and sheets of a scoring workbook.
fn reworked(book: &Book, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut book = book.clone();
    for _ in 0..random.random_range(1..=4) {
        if book.sheets.is_empty() {
            break;
        }
        let at = random.random_range(0..book.sheets.len());
        let (row, column) = (random.random_range(0..24u32), random.random_range(0..12u32));
        let other = (random.random_range(0..24u32), random.random_range(0..12u32));
        let (name, cells) = &mut book.sheets[at];
        let moved = |to: &dyn Fn(u32, u32) -> Option<(u32, u32)>| {
            cells.iter().filter_map(|((r, c), cell)| Some((to(*r, *c)?, cell.clone()))).collect()
        };
        match random.random_range(0..12) {
            // What is entered, most of all.
            0..=3 => {
                cells.insert((row.max(6), column.max(8)), typed(random));
            }
            4 => {
                cells.insert((row, column), typed(random));
            }
            5 => {
                cells.remove(&(row, column));
            }
            6 => *cells = moved(&|r, c| (r != row).then_some((r - u32::from(r > row), c))),
            7 => *cells = moved(&|r, c| (c != column).then_some((r, c - u32::from(c > column)))),
            8 => *cells = moved(&|r, c| Some((r + u32::from(r >= row), c))),
            9 => {
                let swap = |r: u32| match r {
                    r if r == row => other.0,
                    r if r == other.0 => row,
                    r => r,
                };
                // With the keys, or without.
                let from = u32::from(random.random::<bool>());
                *cells = moved(&|r, c| Some((if c >= from { swap(r) } else { r }, c)));
            }
            10 => match random.random::<bool>() {
                true => drop(book.sheets.remove(at)),
                false => {
                    let copy = book.sheets[at].clone();
                    book.sheets.push((format!("{} 2", copy.0), copy.1));
                }
            },
            _ => *name = format!("改名{row}"),
        }
    }
    book.bytes()
}

#[test]
fn mutated_scoring_workbooks_are_marks_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("units.csv"),
        "名称,代码\n乌拉特前旗,150823\n磴口县,150822\n五原县,150821\n",
    )
    .unwrap();
    let file = project("tests/it/marking/every-method.toml").display().to_string();
    let args = ["synth", "--standard", &file, "--units", "units.csv", "--seed", "7", "--out", "made"];
    assert!(junheng(folder.path(), &args).status.success());
    let (book, standard) =
        (Book::open(&folder.path().join("made/评分-every-method.xlsx")), Standard::load(&file).unwrap());
    let package = Original::new("评分.xlsx", book.bytes());
    let make = move |random: &mut ChaCha8Rng| {
        let bytes = match random.random_range(0..4) {
            0 => package.mutated(random),
            _ => reworked(&book, random),
        };
        (package.name.clone(), bytes)
    };
    survive_each(count(), make, move |path: &Path| {
        let options = Options::default();
        let ours = is_scoring_workbook(path, &options);
        let read = read_marks(&[path.to_path_buf()], &standard, &options);
        if let Ok(marks) = &read {
            assert!(ours || marks.marks.is_empty(), "read, and not known as a scoring workbook");
        }
        read
    });
    if let Some(peak) = super::peak_memory_mb() {
        assert!(peak < MEGABYTES, "{peak} MB");
    }
}
