//! Scorebooks of the documents, rearranged at random as offices do: no mark is moved to another unit or entry, and none
//! is lost without a finding.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use junheng::{
    internals::{Options, Standard, read_marks},
    problem::{Error, Problem},
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{
    support::junheng,
    testing::{
        book::{Book, Cells},
        mutations::{count, survive_each},
    },
};

/// The number of rearrangements at every run of the tests; `tests/exhaustive.sh` does all 10,000 of each system.
const EVERY_RUN: u64 = 60;

/// A mark as text, by the unit's name and the entry.
type Entered = HashMap<(String, String), String>;

/// The marks, the reasons and the findings of a scorebook. A reason is known by its unit, its item and part, and its
/// texts.
fn entered(standard: &Standard, path: &Path) -> Result<(Entered, HashSet<String>, Vec<Problem>), Error> {
    let marks = read_marks(&[path.to_path_buf()], standard, &Options::default())?;
    let entered = marks.marks.iter().map(|mark| {
        let unit = marks.units[mark.unit].name.clone();
        ((unit, mark.entry.clone()), format!("{:?}", mark.entered))
    });
    let points = marks
        .yearly_points
        .iter()
        .map(|(item, (points, _))| (("年度分值".to_string(), item.clone()), points.to_string()));
    let reasons = marks.reasons.iter().map(|reason| {
        let unit = &marks.units[reason.unit].name;
        let place = (reason.item, reason.part, reason.adjustment);
        format!("{unit} {place:?} {} {} {}", reason.fact, reason.evidence, reason.required)
    });
    Ok((entered.chain(points).collect(), reasons.collect(), marks.findings.clone()))
}

/// One to four changes that type nothing: rows and columns deleted, inserted, sorted otherwise or swapped, with and
/// without their hidden keys; sheets removed, renamed, copied; hidden keys cleared.
fn rearranged(book: &Book, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut book = book.clone();
    for _ in 0..random.random_range(1..=4) {
        if book.sheets.is_empty() {
            break;
        }
        let at = random.random_range(0..book.sheets.len());
        // Without the list of its sheets and units a workbook cannot tell what it has lost; `score` reports such marks
        // as not entered.
        if book.sheets[at].0 == "_junheng" {
            continue;
        }
        let (name, cells) = &mut book.sheets[at];
        let last = |of: &dyn Fn(&(u32, u32)) -> u32| cells.keys().map(of).max().unwrap_or_default() + 1;
        let (rows, columns) = (last(&|key| key.0), last(&|key| key.1));
        let (row, column) = (random.random_range(0..rows), random.random_range(0..columns));
        let (other_row, other_column) = (random.random_range(0..rows), random.random_range(0..columns));
        let moved = |to: &dyn Fn(u32, u32) -> Option<(u32, u32)>| -> Cells {
            cells.iter().filter_map(|((r, c), cell)| Some((to(*r, *c)?, cell.clone()))).collect()
        };
        let swapped = |at: u32, one: u32, two: u32| match at {
            at if at == one => two,
            at if at == two => one,
            at => at,
        };
        match random.random_range(0..11) {
            0 => *cells = moved(&|r, c| (r != row).then_some((r - u32::from(r > row), c))),
            1 => *cells = moved(&|r, c| (c != column).then_some((r, c - u32::from(c > column)))),
            2 => *cells = moved(&|r, c| Some((r + u32::from(r >= row), c))),
            3 => *cells = moved(&|r, c| Some((r, c + u32::from(c >= column)))),
            4 => *cells = moved(&|r, c| Some((swapped(r, row, other_row), c))),
            5 => *cells = moved(&|r, c| Some((r, swapped(c, column, other_column)))),
            // The keys stay where they are, as when only the visible part of the sheet is sorted.
            6 => {
                *cells = moved(&|r, c| Some((if c > 0 { swapped(r, row, other_row) } else { r }, c)));
            }
            7 => {
                *cells = moved(&|r, c| Some((r, if r > 0 { swapped(c, column, other_column) } else { c })));
            }
            8 => drop(cells.remove(&(row, 0))),
            9 => match random.random::<bool>() {
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

/// Rearranges the scorebook that `synth` makes for a standard. `units` is a list of units, or none for the units that
/// the document names.
fn no_mark_moves(standard: &str, units: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let list = match units {
        Some(units) => {
            std::fs::write(folder.path().join("units.csv"), units).unwrap();
            "units.csv"
        }
        None => "members",
    };
    let args =
        ["synth", "--standard", standard, "--units", list, "--year", "2025", "--seed", "7", "--out", "made"];
    let made = junheng(folder.path(), &args);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let files: Vec<PathBuf> =
        std::fs::read_dir(folder.path().join("made")).unwrap().map(|file| file.unwrap().path()).collect();
    let path = files.iter().find(|path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("评分"))
    });
    let path = path.unwrap_or_else(|| panic!("{files:?}"));
    let book = Book::open(path);
    let standard = Standard::load(standard).unwrap();
    let plain = folder.path().join("原.xlsx");
    std::fs::write(&plain, book.bytes()).unwrap();
    let (first, reasons, findings) = entered(&standard, &plain).unwrap();
    assert!(first.len() > 20, "{}", first.len());
    assert!(!reasons.is_empty());
    let mutations = if count() == 500 { EVERY_RUN } else { count() };
    let make = move |random: &mut ChaCha8Rng| ("评分.xlsx".to_string(), rearranged(&book, random));
    survive_each(mutations, make, move |path: &Path| {
        let (now, told, found) = entered(&standard, path)?;
        for (key, mark) in &now {
            assert_eq!(first.get(key), Some(mark), "{key:?} moved");
        }
        // A row of the sheet 事由 may be deleted; the loss that it explained then has no fact, which `score` reports. A
        // text may be lost with its column, which is reported, but no reason goes to another unit or number.
        let lacks = found.iter().any(|one| one.code == "marks_reasons_columns");
        let moved = told.iter().find(|reason| !lacks && !reasons.contains(*reason));
        assert_eq!(moved, None, "a reason moved");
        let lost: Vec<_> = first.keys().filter(|key| !now.contains_key(*key)).collect();
        assert!(lost.is_empty() || found.iter().any(|one| !findings.contains(one)), "no finding: {lost:?}");
        Ok(())
    });
}

#[test]
fn mutated_scorebooks_of_bayannur_lose_no_mark_silently() {
    no_mark_moves("bayannur-2020", None);
}

#[test]
fn mutated_scorebooks_of_taobei_lose_no_mark_silently() {
    no_mark_moves("taobei-2023", Some("名称,代码\n明仁小学,01\n长庆小学,02\n第十一中学,03\n"));
}

#[test]
fn mutated_scorebooks_of_akqi_lose_no_mark_silently() {
    no_mark_moves("akqi-2021", None);
}

#[test]
fn mutated_scorebooks_of_inner_mongolia_lose_no_mark_silently() {
    no_mark_moves("inner-mongolia", Some("名称,代码\n巴彦淖尔市,150800\n乌海市,150300\n阿拉善盟,152900\n"));
}
