//! Running the program, and the folder of shared examples where there is one.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

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

/// What a program of the machine prints; it must succeed.
pub fn output(program: &str, args: &[&str], folder: &Path) -> String {
    let run = Command::new(program).args(args).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// Node, the modules that `tests/browser` needs, and the path of a browser.
pub fn browser() -> Option<(PathBuf, &'static str)> {
    let runs = |program: &&str| {
        Command::new(program).arg("--version").output().is_ok_and(|run| run.status.success())
    };
    let target =
        Path::new(env!("CARGO_BIN_EXE_junheng")).ancestors().nth(2).map(|target| target.join("browser"));
    let modules = target.filter(|folder| folder.join("node_modules/playwright-core").is_dir());
    let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].into_iter().find(runs);
    let found = modules.zip(chromium).filter(|_| runs(&"node"));
    present(found.is_some(), "a browser, node and its modules (tests/run.sh installs them)").then_some(())?;
    found
}

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs the program with `args` in `folder`.
pub fn junheng(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_junheng"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

/// A folder of the program's making that several tests look at: the first fills it, by the name, all read it. Who changes
/// anything works on a [`copy`].
pub fn once(name: &'static str, fill: impl FnOnce(&Path)) -> PathBuf {
    static MADE: Mutex<BTreeMap<&str, Arc<OnceLock<PathBuf>>>> = Mutex::new(BTreeMap::new());
    let own = MADE.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default().clone();
    let filled = own.get_or_init(|| {
        let folder = root().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        fill(&folder);
        folder
    });
    filled.clone()
}

/// Where this run of the tests keeps such folders; what an earlier run left is removed.
fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("once");
        for earlier in std::fs::read_dir(&all).into_iter().flatten().flatten() {
            let age = earlier.metadata().and_then(|about| about.modified()).map(|time| time.elapsed());
            // One that is still running in the same target folder keeps its own.
            if age.is_ok_and(|age| age.is_ok_and(|age| age > Duration::from_secs(3 * 3600))) {
                let _ = std::fs::remove_dir_all(earlier.path());
            }
        }
        all.join(std::process::id().to_string())
    })
}

/// A copy of a folder.
pub fn copy(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for (name, content) in tree(folder) {
        let path = copy.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    copy
}

/// Rows of a CSV as written by the program (or another's, with the same header), by column.
pub fn rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    csv::Reader::from_reader(text).deserialize().map(|row| row.expect("a row of the table")).collect()
}

/// Every file below `folder`, with its bytes.
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
