//! A complete unit of every scoring standard, through the program as an office uses it: `template` writes the
//! scorebook, the offices fill in their sheets and return them, and `score` reads them with the county's data. The
//! expected items, totals, ranks and grades were added up by hand from the documents' rules, never taken from the
//! program.

mod akqi;
mod bayannur;
mod mongolia;
mod taobei;

use std::{collections::HashMap, path::PathBuf, process::Output};

use crate::{
    support::{junheng, rows},
    testing::book::{Book, Cell, t},
};

/// Where the offices' files and the county's data arrive.
const IN: &str = "来文";

/// The desk of those who put a scoring together.
struct Desk {
    folder: tempfile::TempDir,
    standard: &'static str,
    settings: Vec<&'static str>,
    book: Book,
}

impl Desk {
    /// With the workbook as the program writes it. `units`: `members`, or the text of a list.
    fn new(standard: &'static str, units: &str, year: &str, settings: &[&'static str]) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(IN)).unwrap();
        let list = if units == "members" { units } else { "单位.csv" };
        if units != "members" {
            std::fs::write(folder.path().join(list), units).unwrap();
        }
        let mut call =
            vec!["template", "--standard", standard, "--units", list, "--year", year, "--out", "空.xlsx"];
        settings.iter().for_each(|setting| call.extend(["--set", setting]));
        let written = junheng(folder.path(), &call);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        let book = Book::open(&folder.path().join("空.xlsx"));
        Desk { folder, standard, settings: settings.to_vec(), book }
    }

    /// A data file of the county's.
    fn data(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(IN).join(name), text).unwrap();
    }

    /// The yearly index: points of the items.
    fn points(&mut self, points: &[(&str, f64)]) {
        let sheet = "年度分值";
        let column =
            self.book.sheet(sheet).iter().find(|((row, _), cell)| *row == 0 && **cell == t("@points"));
        let column = column.expect("a column of points").0.1;
        for (item, points) in points {
            let row = self.book.row(sheet, item);
            self.book.sheet(sheet).insert((row, column), Cell::Number(*points));
        }
    }

    /// One entry, the same on all sheets that ask for it.
    fn enter(&mut self, unit: &str, entry: &str, said: &str) {
        self.book.enter(entry, unit, &cell(said));
    }

    /// All entries of a worked table.
    fn fill(&mut self, unit: &str, table: &[Worked]) {
        for worked in table {
            for (entry, said) in worked.entries() {
                self.enter(unit, &entry, said);
            }
        }
    }

    /// Every sheet in a file of its own, as the offices send them; then the scoring of everything that came.
    fn score(&self, out: &str, more: &[&str]) -> Output {
        let offices: Vec<&String> =
            self.book.sheets.iter().map(|(name, _)| name).filter(|name| !is_ours(name)).collect();
        for office in offices {
            let path = self.folder.path().join(IN).join(format!("{office}.xlsx"));
            std::fs::write(path, self.book.only(office).bytes()).unwrap();
        }
        let mut call = vec!["score", IN, "--standard", self.standard, "--out", out, "--no-documents"];
        call.extend(["--date", "2026-01-05"]);
        self.settings.iter().for_each(|setting| call.extend(["--set", setting]));
        call.extend(more);
        junheng(self.folder.path(), &call)
    }

    fn scored(&self, out: &str, more: &[&str]) -> Results {
        let run = self.score(out, more);
        let told = [&run.stdout[..], &run.stderr[..]].map(|text| String::from_utf8_lossy(text).into_owned());
        assert!(run.status.success(), "{}", told.join("\n"));
        Results { folder: self.folder.path().join(out), told: told.join("\n") }
    }

    /// What is said where it cannot be scored.
    fn refused(&self) -> String {
        let run = self.score("nothing", &[]);
        assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stdout));
        assert!(!self.folder.path().join("nothing").exists());
        String::from_utf8_lossy(&run.stderr).into_owned()
    }
}

/// The pages that no office fills in.
fn is_ours(sheet: &str) -> bool {
    sheet == "说明" || sheet == "_junheng"
}

fn cell(said: &str) -> Cell {
    said.parse().map_or_else(|_| t(said), Cell::Number)
}

/// One item of a worked unit: what is entered (`1=4 2=3.5 late=是`, by what comes after the item's number in the
/// entry's id), its score by hand, and the arithmetic for whoever reads this.
struct Worked(&'static str, &'static str, f64, #[allow(dead_code)] &'static str);

impl Worked {
    fn entries(&self) -> impl Iterator<Item = (String, &'static str)> {
        let item = self.0;
        let pair = move |text: &'static str| {
            let (key, said) = text.split_once('=').expect("key=value");
            (format!("{item}.{key}"), said)
        };
        self.1.split_whitespace().map(pair)
    }
}

/// What a scoring wrote.
struct Results {
    folder: PathBuf,
    told: String,
}

type Row = HashMap<String, String>;

impl Results {
    fn table(&self, name: &str) -> Vec<Row> {
        rows(&self.folder.join(format!("{name}.csv")))
    }

    /// The one row of a table with these values.
    fn row(&self, table: &str, wanted: &[(&str, &str)]) -> Row {
        let mut found: Vec<Row> = self.table(table);
        found.retain(|row| wanted.iter().all(|(column, value)| row[*column] == *value));
        assert_eq!(found.len(), 1, "{table} {wanted:?}: {found:?}");
        found.remove(0)
    }

    fn number(&self, table: &str, wanted: &[(&str, &str)], column: &str) -> f64 {
        let row = self.row(table, wanted);
        row[column].parse().unwrap_or_else(|_| panic!("{table} {wanted:?} {column}: {row:?}"))
    }

    fn standing(&self, unit: &str) -> Row {
        self.row("standings", &[("unit", unit)])
    }

    #[track_caller]
    fn total(&self, unit: &str) -> f64 {
        self.number("standings", &[("unit", unit)], "total")
    }

    /// Every item of a worked table has its score, and every item of the standard that concerns the unit is in the
    /// table.
    fn items_are(&self, unit: &str, table: &[Worked]) {
        let scores = self.table("scores");
        let own: Vec<&Row> =
            scores.iter().filter(|row| row["unit"] == unit && row["state"] != "not_concerned").collect();
        assert_eq!(own.len(), table.len(), "{unit}");
        let mut wrong = Vec::new();
        for (row, Worked(item, _, score, by_hand)) in own.iter().zip(table) {
            assert_eq!(row["item"], *item);
            if row["score"].parse() != Ok(*score) {
                wrong.push(format!("{item}: by hand {score} ({by_hand}), not {row:?}"));
            }
        }
        assert!(wrong.is_empty(), "{unit}\n{}", wrong.join("\n"));
    }

    fn headings_are(&self, unit: &str, headings: &[(&str, f64)]) {
        for (group, sum) in headings {
            let found = self.number("totals", &[("unit", unit), ("group", group)], "score");
            assert_eq!(found, *sum, "{unit} {group}");
        }
    }
}
