//! Running the program, and the folder of shared examples where there is one.

use std::{
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
