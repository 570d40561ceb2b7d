//! Two ways to the same table: every encoding of a file, and calamine compared with our own readers.

use std::path::Path;

use junheng::internals::{self, Cell, Limits};

use super::text;

#[test]
fn the_tables_of_taiwan_in_every_encoding() {
    let Some(original) = crate::support::shared("data/taiwan-primary/103_basec.csv") else { return };
    let limits = Limits::default();
    let shape = |path: &Path| internals::sheets(path, "103", None, &limits).unwrap().remove(0);
    let expected = shape(&original);
    let derived = original.with_file_name("derived");
    for name in ["big5hkscs", "gb18030", "gbk"] {
        let read = shape(&derived.join(format!("103_basec.{name}.csv")));
        assert_eq!(read.rows.len(), expected.rows.len(), "{name}");
        for (a, b) in read.rows.iter().zip(&expected.rows) {
            assert_eq!((a.index, &a.cells), (b.index, &b.cells), "{name}");
        }
    }
}

/// Our readers against calamine's, cell for cell, on every workbook at hand.
#[test]
fn calamine_reads_the_same() {
    use calamine::{Data, Reader};
    let folders = [
        "examples/county",
        "examples/county/export",
        "examples/county/forms",
        "forms",
        "data/taiwan-primary",
        "data/taiwan-junior",
    ];
    for folder in folders {
        let Some(folder) = crate::support::shared(folder) else { return };
        for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            let Some("xlsx" | "xls") = path.extension().and_then(|e| e.to_str()) else { continue };
            let shown = path.display().to_string();
            let ours = internals::sheets(&path, &shown, None, &Limits::default()).unwrap();
            let mut theirs = calamine::open_workbook_auto(&path).unwrap();
            assert_eq!(
                ours.iter().map(|s| s.name.clone()).collect::<Vec<_>>(),
                theirs.sheet_names(),
                "{shown}"
            );
            for sheet in &ours {
                let range = theirs.worksheet_range(&sheet.name).unwrap();
                let mut expected = Vec::new();
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, cell) in range.used_cells() {
                    let cell = match cell {
                        Data::Int(n) => Cell::Number(*n as f64),
                        Data::Float(n) => Cell::Number(*n),
                        Data::String(s) if s.is_empty() => continue,
                        Data::String(s) => text(s),
                        Data::Bool(b) => Cell::YesNo(*b),
                        Data::Error(e) => Cell::Error(e.to_string().into()),
                        Data::DateTime(d) => {
                            let (y, m, d, ..) = d.to_ymd_hms_milli();
                            Cell::Date(y.into(), m.into(), d.into())
                        }
                        other => panic!("{other:?}"),
                    };
                    expected.push((top + row as u32, left + column as u32, cell));
                }
                let read: Vec<(u32, u32, Cell)> = sheet
                    .rows
                    .iter()
                    .flat_map(|r| r.cells.iter().map(|(c, cell)| (r.index, *c, cell.clone())))
                    .filter(|(.., cell)| *cell != Cell::Uncalculated)
                    .collect();
                assert_eq!(read, expected, "{shown} {}", sheet.name);
            }
        }
    }
}
