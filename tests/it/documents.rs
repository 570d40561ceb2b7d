//! The documents together: which are written, where, and what happens if they cannot be written.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use junheng::internals::synth;

use crate::support::{junheng, once, project, tree};

fn demo() -> PathBuf {
    project("data/demo/大祥区.xlsx")
}

fn assessed(folder: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let county = demo();
    let args = [&["assess", county.to_str().unwrap(), "--out", "out", "--date", "2026-03-01"], more].concat();
    let run = junheng(folder, &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    tree(&folder.join("out"))
}

/// The demonstration county with everything that is written of it, in `out`.
pub fn everything() -> PathBuf {
    once("demonstration", |folder| {
        assessed(folder, &[]);
    })
}

const DOCUMENTS: [&str; 5] = ["申报表.xlsx", "gaps.xlsx", "report.html", "report.docx", "report.pdf"];

#[test]
fn every_document_is_written_and_each_is_what_its_name_says() {
    let files = tree(&everything().join("out"));
    for (name, begins) in [
        ("申报表.xlsx", &b"PK"[..]),
        ("gaps.xlsx", b"PK"),
        ("report.docx", b"PK"),
        ("report.pdf", b"%PDF-"),
        ("report.html", b"<!doctype html>"),
    ] {
        let start = files[name].get(..begins.len()).unwrap_or_default().to_ascii_lowercase();
        assert_eq!(start, begins.to_ascii_lowercase(), "{name}");
    }
    let pictures: Vec<&String> = files.keys().filter(|name| name.starts_with("charts/")).collect();
    assert!(pictures.len() > 20, "{pictures:?}");
    for name in pictures {
        let begins: &[u8] = if name.ends_with(".png") { b"\x89PNG" } else { b"<?xml" };
        assert!(files[name].starts_with(begins), "{name}");
    }
}

#[test]
fn each_document_can_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--no-form", "--no-gaps", "--no-html", "--no-docx", "--no-pdf"];
    for (flag, document) in
        flags.iter().zip(["申报表.xlsx", "gaps.xlsx", "report.html", "report.docx", "report.pdf"])
    {
        // Without the slow ones, except the one that is asked after.
        let mut all: Vec<&str> = flags.iter().copied().filter(|other| other != flag).collect();
        all.push("--no-charts");
        let files = assessed(folder.path(), &all);
        for other in DOCUMENTS {
            assert_eq!(files.contains_key(other), other == document, "{other}, {all:?}");
        }
        assert!(!files.keys().any(|name| name.starts_with("charts/")), "{all:?}");
    }
    let files = assessed(folder.path(), &["--no-documents"]);
    assert!(
        files
            .keys()
            .all(|name| name.ends_with(".csv") || name.ends_with(".parquet") || name.ends_with(".json"))
    );
}

/// A made county as one wide workbook; `change` may spoil it first.
fn made(file: &Path, settings: synth::Settings, change: impl FnOnce(&mut synth::County)) {
    let mut county = synth::county(&settings);
    change(&mut county);
    synth::write_wide(&county, file).unwrap();
}

#[test]
fn two_counties_have_a_folder_each() {
    let folder = tempfile::tempdir().unwrap();
    for (seed, code) in [(1, "430501"), (2, "430502")] {
        let settings = synth::Settings {
            seed,
            schools: Some(6),
            district_code: code.into(),
            district_name: format!("{code}区"),
            ..Default::default()
        };
        made(&folder.path().join(format!("{code}.xlsx")), settings, |_| ());
    }
    let args =
        ["assess", "430501.xlsx", "430502.xlsx", "--out", "out", "--no-pdf", "--no-docx", "--no-charts"];
    let run = junheng(folder.path(), &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let files = tree(&folder.path().join("out"));
    for (mine, other) in [("430501", "430502"), ("430502", "430501")] {
        let page = String::from_utf8_lossy(&files[&format!("{mine}-2025/report.html")]).into_owned();
        assert!(page.contains(&format!("{mine}区")) && !page.contains(&format!("{other}区")), "{mine}");
        assert!(files.contains_key(&format!("{mine}-2025/申报表.xlsx")));
    }
    assert!(!files.contains_key("report.html") && files.contains_key("gaps.xlsx"));
}

/// Names as no school should have them: each must come out as a name and do nothing.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>&amp;\"'小学",
    "=cmd|' /C calc'!A0",
    "𠮷野𫖯小学",
    "#read(\"/etc/passwd\")$x$*_`小学",
    "{{ 7 * 7 }}{% raw %}小学",
    "一所名字特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别特别长的中心小学校",
];

#[test]
fn hostile_names_are_names_in_every_document() {
    let folder = tempfile::tempdir().unwrap();
    let settings = synth::Settings { schools: Some(14), ..Default::default() };
    made(&folder.path().join("县.xlsx"), settings, |county| {
        for (school, name) in county.schools.iter_mut().zip(HOSTILE) {
            school.name = name.into();
        }
    });
    let run = junheng(folder.path(), &["assess", "县.xlsx", "--out", "out"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let files = tree(&folder.path().join("out"));
    let page = String::from_utf8_lossy(&files["report.html"]);
    assert!(!page.contains("<script>alert(1)"), "the page would run it");
    assert!(page.contains("𠮷野𫖯小学") && page.contains("=cmd|"), "the page has the names");
    for name in ["申报表.xlsx", "gaps.xlsx"] {
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(files[name].clone())).unwrap();
        let mut texts = String::new();
        for sheet in calamine::Reader::sheet_names(&book) {
            let formulas = calamine::Reader::worksheet_formula(&mut book, &sheet).unwrap();
            let own = |formula: &&String| formula.to_lowercase().contains("cmd");
            assert_eq!(
                formulas.used_cells().filter(|(.., formula)| own(formula)).count(),
                0,
                "{name} {sheet}"
            );
            let cells = calamine::Reader::worksheet_range(&mut book, &sheet).unwrap();
            texts.extend(cells.used_cells().map(|(.., cell)| format!("{cell}\n")));
        }
        for school in HOSTILE {
            // A school without a gap stands in no gap list.
            assert!(name == "gaps.xlsx" || texts.contains(school), "{name}: {school}");
        }
    }
    let document = part(&files["report.docx"], "word/document.xml");
    well_formed("report.docx", &document);
    assert!(document.contains("𠮷野𫖯小学"));
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".svg")) {
        well_formed(name, &String::from_utf8_lossy(bytes));
    }
    assert!(files["report.pdf"].starts_with(b"%PDF-"));
}

/// A part of a package, as text.
fn part(package: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

fn well_formed(name: &str, xml: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return,
            Ok(_) => {}
            Err(why) => panic!("{name}: {why}"),
        }
    }
}

#[test]
fn a_font_that_cannot_be_used_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let fonts = folder.path().join("own/fonts");
    std::fs::create_dir_all(&fonts).unwrap();
    std::fs::write(fonts.join("NotoSansSC-Regular.otf"), "no font").unwrap();
    let run = junheng(folder.path(), &["--data", "own", "assess", demo().to_str().unwrap(), "--out", "out"]);
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("NotoSansSC-Regular.otf"), "{said}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn what_people_wrote_in_a_document_is_kept_beside_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let quick = ["--no-html", "--no-pdf", "--no-charts"];
    let untouched = assessed(folder.path(), &quick);
    assert_eq!(assessed(folder.path(), &quick).keys().filter(|name| name.contains("旧")).count(), 0);
    let out = folder.path().join("out");
    let written = [&untouched["report.docx"][..], b"what I wrote"].concat();
    std::fs::write(out.join("report.docx"), &written).unwrap();
    let form = [&untouched["申报表.xlsx"][..], b"and here"].concat();
    std::fs::write(out.join("申报表.xlsx"), &form).unwrap();
    // Replaced, and left out: both times it stays.
    let files = assessed(folder.path(), &[&quick[..], &["--no-form"]].concat());
    assert_eq!((&files["report-旧.docx"], &files["申报表-旧.xlsx"]), (&written, &form));
    assert!(files["report.docx"] != written && !files.contains_key("申报表.xlsx"));
    let files = assessed(folder.path(), &quick);
    let kept: Vec<&String> = files.keys().filter(|name| name.contains("旧")).collect();
    assert_eq!(kept, ["report-旧.docx", "申报表-旧.xlsx"], "once, and for good");
}

#[test]
fn corrections_in_an_annotated_copy_outlive_the_next_check() {
    let folder = tempfile::tempdir().unwrap();
    let county = demo();
    let check = || junheng(folder.path(), &["check", county.to_str().unwrap(), "--out", "found"]);
    assert!(check().status.success());
    let copy = folder.path().join("found/大祥区-批注.xlsx");
    let corrected = [&std::fs::read(&copy).unwrap()[..], b"corrected"].concat();
    std::fs::write(&copy, &corrected).unwrap();
    let said = String::from_utf8(check().stdout).unwrap();
    assert_eq!(std::fs::read(folder.path().join("found/大祥区-批注-旧.xlsx")).unwrap(), corrected);
    assert!(said.contains("大祥区-批注-旧.xlsx"), "{said}");
}

/// Not even root may make a folder under a device.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_made_is_named_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let run = junheng(folder.path(), &["assess", demo().to_str().unwrap(), "--out", "/dev/null/out"]);
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.contains("/dev/null"), "{said}");
}

/// A file may not grow beyond a few blocks: as on a full disk, and no root is needed.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_result_whole() {
    let folder = tempfile::tempdir().unwrap();
    let before = assessed(folder.path(), &["--no-documents"]);
    let run = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_junheng"))
        .args(["assess", demo().to_str().unwrap(), "--out", "out"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(tree(&folder.path().join("out")), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}
