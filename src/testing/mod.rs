//! What the tests of the rooms and those of the program share: files of the project, and what lies beside it.

pub mod book;
pub mod mutations;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use polars::prelude::*;

/// Whether something that a test needs beyond cargo is here. Without it the test says that it is skipped, and returns;
/// in CI, where all of it is installed, that is a failure: nothing passes there that did not run.
pub fn present(found: bool, what: &str) -> bool {
    assert!(found || std::env::var_os("CI").is_none(), "{what}: missing in CI");
    if !found {
        eprintln!("skipped: {what} is not here");
    }
    found
}

/// `../shared` beside the project, on the developers' machines and in CI.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    present(found.exists(), &format!("../shared/{path}")).then_some(found)
}

/// Whether the machine has a program; `tests/run.sh` installs those that tests use.
pub fn program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    present(found, &format!("{name} (tests/run.sh installs it)"))
}

/// Rows of a CSV as written by the program (or another's, with the same header), by column.
pub fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    csv::Reader::from_reader(text).deserialize().map(|row| row.expect("a row of the table")).collect()
}

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A Python that has `module`: the one of `tests/run.sh`, or the system's.
pub fn python_with(module: &str) -> Option<String> {
    let own = std::env::var("JUNHENG_PYTHON").ok();
    for python in own.into_iter().chain(["python3".to_string()]) {
        let found = Command::new(&python).args(["-c", &format!("import {module}")]).output();
        if found.is_ok_and(|run| run.status.success()) {
            return Some(python);
        }
    }
    present(false, &format!("a Python with {module} (tests/run.sh installs it)"));
    None
}

/// A county whose districts and dispersion can be asked for alone.
pub fn county(path: &Path) {
    let schools: Vec<String> = (0..40).map(|n| format!("S{n:02}")).collect();
    let mut frame = df!(
        "district_code" => vec!["430503"; 40],
        "district_name" => vec!["大祥区"; 40],
        "year" => vec![2025i32; 40],
        "school_code" => &schools,
        "school_name" => &schools,
        "school_type" => vec!["小学"; 40],
        "section" => vec!["primary"; 40],
        "students" => (0..40).map(|n| 200.0 + f64::from(n)).collect::<Vec<_>>(),
        "teachers" => (0..40).map(|n| 20.0 + f64::from(n % 7)).collect::<Vec<_>>(),
        "teaching_area" => (0..40).map(|n| (n % 5 > 0).then(|| 1500.0 + f64::from(n))).collect::<Vec<_>>(),
    )
    .unwrap();
    ParquetWriter::new(std::fs::File::create(path).unwrap())
        .with_row_group_size(Some(16))
        .finish(&mut frame)
        .unwrap();
}
