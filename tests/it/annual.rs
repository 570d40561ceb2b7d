//! The annual report by the program: store, report, portraits; a run that was stopped; years that are not there.

use std::path::{Path, PathBuf};

use crate::support::{copy, junheng, once, output, program, rows, tree};

/// A store of a few made districts and years.
fn store() -> PathBuf {
    once("annual-store", |folder| {
        for args in [
            &["synth", "--years", "2021..2024", "--districts", "5", "--schools", "10", "--out", "made"][..],
            &["store", "add", "made/years", "--store", "store"],
        ] {
            let run = junheng(folder, args);
            assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
        }
    })
}

/// The store and, in `out`, the report of 2024 with everything that belongs to it; what was said in `said.txt`.
fn report() -> PathBuf {
    once("annual-report", |folder| {
        let store = copy(&store());
        let out = folder.join("out");
        let run = annual(store.path(), &["--year", "2024", "--out", out.to_str().unwrap()]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        std::fs::write(folder.join("said.txt"), run.stdout).unwrap();
        std::fs::rename(store.path().join("store"), folder.join("store")).unwrap();
    })
}

fn annual(folder: &Path, more: &[&str]) -> std::process::Output {
    let usual = ["annual", "--store", "store", "--replicates", "50", "--date", "2026-03-01"];
    junheng(folder, &[&usual[..], more].concat())
}

#[test]
fn a_report_of_the_store() {
    let folder = copy(&report());
    let said = std::fs::read_to_string(folder.path().join("said.txt")).unwrap();
    assert!(said.contains("2024 年") && said.contains("本次生成 4 页"), "{said}");
    let out = folder.path().join("out");
    for name in
        ["annual-2024.html", "annual-2024.docx", "annual-2024.xlsx", "run.json", "portraits/index.html"]
    {
        assert!(out.join(name).is_file(), "{name}");
    }
    assert_eq!(out.join("annual-2024.pdf").exists(), cfg!(feature = "pdf"));
    let overview = rows(&out.join("overview.csv"));
    let this = overview.iter().find(|row| row["year"] == "2024" && row["section"] == "all").unwrap();
    assert_eq!(this["districts"], "4");
    // The report's numbers do not depend on how many threads there were, nor on whether it was made before.
    let before = tree(&out);
    let run = annual(folder.path(), &["--year", "2024", "--out", "out", "--no-pdf"]);
    assert!(run.status.success());
    assert!(String::from_utf8(run.stdout).unwrap().contains("沿用 4 页"));
    let after = tree(&out);
    assert!(!after.contains_key("annual-2024.pdf"));
    let made = |name: &str| !["run.json", "annual-2024.pdf"].contains(&name);
    for (name, content) in before.iter().filter(|(name, _)| made(name)) {
        assert!(after[name] == *content, "{name} differs");
    }
}

#[test]
fn years_after_the_report_are_not_read() {
    let folder = copy(&store());
    let run = annual(
        folder.path(),
        &["--year", "2022", "--out", "out", "--no-pdf", "--no-portraits", "--no-charts"],
    );
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for table in ["overview", "standings", "class_sizes", "panel"] {
        let years: Vec<String> = rows(&folder.path().join(format!("out/{table}.csv")))
            .into_iter()
            .map(|row| row["year"].clone())
            .collect();
        assert!(!years.is_empty() && years.iter().all(|year| year.as_str() <= "2022"), "{table}");
    }
    assert!(!folder.path().join("out/portraits").exists());
}

#[test]
fn a_year_without_data_names_those_with() {
    let folder = copy(&store());
    let run = annual(folder.path(), &["--year", "2030", "--out", "out"]);
    assert_eq!(run.status.code(), Some(1));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.contains("2030") && said.contains("2021、2022、2023、2024"), "{said}");
    let run = annual(folder.path(), &["--year", "2024", "--years", "2021..2022", "--out", "out"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(!folder.path().join("out/run.json").exists());
}

#[test]
fn a_corrected_district_alone_is_portrayed_anew() {
    let folder = copy(&report());
    // A page that somebody damaged is made again, the others are taken over.
    let portraits = folder.path().join("out/portraits");
    let page = std::fs::read_dir(&portraits)
        .unwrap()
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "html") && !path.ends_with("index.html"))
        .unwrap();
    let whole = std::fs::read(&page).unwrap();
    std::fs::write(&page, &whole[..whole.len() / 2]).unwrap();
    let alone = ["--no-charts", "--no-html", "--no-docx", "--no-pdf", "--no-xlsx"];
    let run = annual(folder.path(), &[&["--year", "2024", "--out", "out"], &alone[..]].concat());
    assert!(String::from_utf8(run.stdout).unwrap().contains("本次生成 1 页，沿用 3 页"));
    assert_eq!(std::fs::read(&page).unwrap(), whole);
}

#[test]
fn libreoffice_opens_the_document() {
    if !program("soffice") {
        return;
    }
    let folder = copy(&report());
    let home = format!("-env:UserInstallation=file://{}", folder.path().join("office").display());
    let args = ["--headless", home.as_str(), "--convert-to", "fodt", "out/annual-2024.docx"];
    output("soffice", &args, folder.path());
    let odt = std::fs::read_to_string(folder.path().join("annual-2024.fodt")).unwrap();
    assert!(odt.matches("<text:h ").count() > 15, "headings");
    assert!(odt.contains("一、总体情况") && odt.contains("句中数字出处"));
    assert!(odt.matches("<text:sequence ").count() >= 10, "captions");
    if cfg!(feature = "pdf") && program("pdftotext") {
        let text = output("pdftotext", &["-layout", "out/annual-2024.pdf", "-"], folder.path());
        assert!(text.contains("一、总体情况") && text.contains("句中数字出处"));
    }
}
