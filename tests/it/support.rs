//! Runs the program, and reads what its runs leave.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

pub use crate::testing::{present, program, project, python_with, rows, shared};

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
