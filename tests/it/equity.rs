//! `junheng equity`: its screen output and its files.

use std::process::Command;

use crate::support::{junheng, python_with, rows};

#[test]
fn the_command_tells_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = |args: &[&str]| {
        let output = junheng(here, args);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    let made = ["synth", "--years", "2022..2024", "--districts", "3", "--schools", "6", "--out", "made"];
    run(&made);
    run(&["store", "add", "made/years"]);
    let regions = ["--regions", "made/regions.csv"];
    let said = run(&[&["equity", "--replicates", "200", "--out", "found"], &regions[..]].concat());
    assert!(said.contains("2024") && said.contains("差异系数") && said.contains("影响最大"), "{said}");
    // A text that the catalogue lacks would show as its key.
    assert!(!said.replace("equity.xlsx", "").contains("equity."), "{said}");
    let decomposition = rows(&here.join("found/decomposition.csv"));
    assert!(decomposition.iter().all(|row| row["year"] == "2024"));
    assert!(decomposition.iter().any(|row| row["level"] == "all" && row["part"] == "between_districts"));
    let sigma = rows(&here.join("found/sigma.csv"));
    assert_eq!(sigma.iter().filter(|row| row["indicator"] == sigma[0]["indicator"]).count() % 3, 0);
    for name in ["decomposition", "influence", "comparison", "lorenz", "sigma", "growth", "convergence"] {
        assert!(here.join(format!("found/{name}.parquet")).exists(), "{name}");
    }
    // Again, asked for otherwise: the years that are named, one level, in English.
    let english =
        run(&["equity", "--years", "2023..2024", "--of", "district", "--replicates", "50", "--lang", "en"]);
    assert!(english.contains("CV ") && !english.replace("equity.xlsx", "").contains("equity."), "{english}");
    let years = rows(&here.join("junheng-equity/comparison.csv"));
    assert!(
        years.iter().any(|row| row["year"] == "2023") && years.iter().all(|row| row["level"] == "district")
    );
    let before = std::fs::read(here.join("found/equity.xlsx")).unwrap();
    assert_eq!(before[..2], *b"PK");

    let Some(python) = python_with("openpyxl") else { return };
    let script = "import openpyxl, sys\n\
        book = openpyxl.load_workbook(sys.argv[1])\n\
        assert len(book.sheetnames) == 7, book.sheetnames\n\
        for sheet in book:\n    \
            texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]\n    \
            assert not [t for t in texts if t.startswith('equity.')], (sheet.title, texts[:40])\n    \
            assert sheet.max_row > 3, sheet.title\n";
    let done =
        Command::new(python).args(["-c", script]).arg(here.join("found/equity.xlsx")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn an_empty_store_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = junheng(folder.path(), &["equity", "--store", "nowhere"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked") && said.contains("nowhere"), "{said}");
}
