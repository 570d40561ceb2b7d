//! Running the program, and the folder of shared examples where there is one.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// `../shared` beside the project, on the developers' machines and in CI. A test that wants it says that it
/// is skipped where it is absent.
#[allow(dead_code)]
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !found.exists() {
        eprintln!("skipped: ../shared/{path} is not here");
        return None;
    }
    Some(found)
}

/// A file of the project.
#[allow(dead_code)]
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs the program with `args` in `folder`.
#[allow(dead_code)]
pub fn junheng(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_junheng"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

/// Rows of a CSV as written by the program (or another's, with the same header), by column.
#[allow(dead_code)]
pub fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    csv::Reader::from_reader(text).deserialize().map(|row| row.expect("a row of the table")).collect()
}

/// Every file below `folder`, with its bytes.
#[allow(dead_code)]
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A Python that has `module`: the one of `tests/run.sh`, or the system's. Without one the test says that it is
/// skipped, except in CI, where it is an error.
#[allow(dead_code)]
pub fn python_with(module: &str) -> Option<String> {
    let own = std::env::var("JUNHENG_PYTHON").ok();
    for python in own.into_iter().chain(["python3".to_string()]) {
        let found = Command::new(&python).args(["-c", &format!("import {module}")]).output();
        if found.is_ok_and(|run| run.status.success()) {
            return Some(python);
        }
    }
    assert!(std::env::var("CI").is_err(), "{module} is missing: tests/run.sh installs it");
    eprintln!("skipped: no Python with {module}; tests/run.sh installs it");
    None
}
