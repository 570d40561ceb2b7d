use std::{collections::BTreeMap, fs, sync::atomic::AtomicBool};

use polars::prelude::*;

use super::*;
use crate::{
    store::yearly::{
        AsOf, Snapshot,
        split::{Part, split},
        verify::verify,
    },
    tables::{self, years::YearSource},
};

/// A table of facts of some districts, one school each, with its source.
fn parts(year: i32, districts: &[&str], students: f64) -> Vec<Part> {
    let schools = df!(
        "section" => vec!["primary"; districts.len()],
        "school_code" => districts,
        "district_code" => districts,
        "district_name" => districts,
        "year" => vec![year; districts.len()],
        "students" => vec![students; districts.len()],
        "source_id" => vec![3i32; districts.len()],
    )
    .unwrap();
    let columns =
        tables::facts::table().columns.into_iter().map(|column| match schools.column(&column.name) {
            Ok(found) => found.clone(),
            Err(_) => Column::full_null(column.name.into(), schools.height(), &column.dtype),
        });
    let facts = DataFrame::new(schools.height(), columns.collect()).unwrap();
    let sources = df!("source_id" => [3i32], "file" => ["县.xlsx"], "sha256" => [format!("{students}")],
        "sheet" => [""])
    .unwrap();
    split(&[(tables::facts::table(), &facts), (tables::sources::table(), &sources)]).unwrap()
}

fn rules() -> Rules {
    Rules {
        standard: "s".into(),
        version: "1".into(),
        named: "s".into(),
        settings: BTreeMap::new(),
        reliefs: false,
    }
}

fn add_on(disk: &dyn Disk, root: &Path, parts: &[Part]) -> Result<Vec<Outcome>> {
    let writer = Writer::begin_on(disk, root, Duration::ZERO)?;
    let outcomes = parts.iter().map(|part| writer.add(part, &rules(), None)).collect::<Result<_>>()?;
    writer.commit()?;
    Ok(outcomes)
}

fn add(root: &Path, parts: &[Part]) -> Vec<Outcome> {
    add_on(&Real, root, parts).unwrap()
}

/// The pupils of every stored district's year.
fn seen(root: &Path, as_of: &AsOf) -> Vec<(String, u32, f64)> {
    let store = Snapshot::open(root, as_of).unwrap();
    let column = ["students".to_string()];
    let of = |kept: &crate::tables::years::StoredYear| {
        let facts = store.facts(kept, Some(&column)).unwrap();
        let students = facts.column("students").unwrap().f64().unwrap().get(0).unwrap();
        assert_eq!(store.table(kept, &tables::sources::table()).unwrap().height(), 1);
        (kept.of.district_code.clone(), kept.version, students)
    };
    store.kept().iter().map(of).collect()
}

fn assert_intact(root: &Path) {
    let found = verify(root).unwrap();
    assert!(found.is_intact(), "{:?}", found.problems);
}

fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_path_buf(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_same_again_changes_nothing_and_another_is_a_version() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let first = parts(2024, &["01", "02"], 10.0);
    assert_eq!(add(root, &first), [Outcome::New, Outcome::New]);
    let before = tree(root);
    assert_eq!(add(root, &first), [Outcome::Unchanged { version: 1 }; 2]);
    assert_eq!(tree(root), before);
    let second = parts(2024, &["01"], 20.0);
    let changed = Some(Changed { facts: 1, schools: 1 });
    assert_eq!(add(root, &second), [Outcome::Version { number: 2, changed }]);
    assert_eq!(seen(root, &AsOf::Latest), [("01".into(), 2, 20.0), ("02".into(), 1, 10.0)]);
    assert_eq!(seen(root, &AsOf::Commit(1)), [("01".into(), 1, 10.0), ("02".into(), 1, 10.0)]);
    assert_intact(root);
    // Returning to the first facts is a new version, too.
    assert!(matches!(add(root, &first)[0], Outcome::Version { number: 3, .. }));
    assert_eq!(seen(root, &AsOf::Commit(2))[0], ("01".into(), 2, 20.0));
    assert!(Snapshot::open(root, &AsOf::Commit(4)).is_err());
    assert!(Snapshot::open(root, &AsOf::Moment("1999-01-01T00:00:00Z".into())).is_err());
    assert_intact(root);
    assert!(!root.join(layout::PENDING).join("3").exists());
}

#[test]
fn a_damaged_file_is_named_and_healed_by_its_inputs() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let (first, second) = (parts(2024, &["01"], 10.0), parts(2024, &["01"], 20.0));
    add(root, &first);
    add(root, &second);
    let facts = layout::place("facts", 2024, "01");
    for (place, part, version) in [(facts.clone(), &second, 2), (layout::superseded(1, &facts), &first, 1)] {
        let path = root.join(&place);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
        let found = verify(root).unwrap();
        assert_eq!(found.problems.len(), 1, "{:?}", found.problems);
        assert_eq!(found.problems[0].code, "store_file_damaged");
        assert!(
            found.problems[0].args.iter().any(|(name, text)| *name == "inputs" && text.contains("县.xlsx"))
        );
        assert_eq!(add(root, part), [Outcome::Restored { version, files: 1 }]);
        assert_intact(root);
        fs::remove_file(&path).unwrap();
        assert_eq!(verify(root).unwrap().problems[0].code, "store_file_absent");
        assert_eq!(add(root, part), [Outcome::Restored { version, files: 1 }]);
        assert_intact(root);
    }
    assert_eq!(Log::read(root).unwrap().commits.len(), 2);
}

#[test]
fn what_cannot_be_made_again_is_given_up_for_a_new_version() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let mut part = parts(2024, &["01"], 10.0);
    add(root, &part);
    fs::write(root.join(layout::place("sources", 2024, "01")), "x").unwrap();
    assert!(!verify(root).unwrap().is_intact());
    // The same file under another name: the same bytes, but another table of sources.
    let sources = part[0].tables.get_mut("sources").unwrap();
    sources.with_column(Column::new("file".into(), ["别名.xlsx"])).unwrap();
    assert!(matches!(add(root, &part)[0], Outcome::Version { number: 2, .. }));
    assert_intact(root);
    assert_eq!(seen(root, &AsOf::Latest), [("01".into(), 2, 10.0)]);
}

#[test]
fn a_stranger_among_the_tables_is_told() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    add(root, &parts(2024, &["01"], 10.0));
    fs::write(root.join("README"), "").unwrap();
    assert_intact(root);
    fs::write(root.join("facts/2024/more.parquet"), "").unwrap();
    let found = verify(root).unwrap();
    let codes: Vec<&str> = found.problems.iter().map(|problem| problem.code).collect();
    assert!(!found.is_intact() && codes.contains(&"store_unknown_file") && codes.contains(&"store_foreign"));
}

#[test]
fn what_is_no_store_is_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let code = |result: Result<Vec<Outcome>>| match result {
        Err(Error::Input(problems)) => problems[0].code,
        other => panic!("{other:?}"),
    };
    let part = parts(2024, &["01"], 10.0);
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(code(add_on(&Real, &file, &part)), "store_is_a_file");
    assert_eq!(code(add_on(&Real, root.path(), &part)), "store_not_a_store");
    assert_eq!(tree(root.path()).len(), 1);
    let store = root.path().join("store");
    add(&store, &part);
    let about = fs::read_to_string(store.join(layout::ABOUT)).unwrap();
    fs::write(store.join(layout::ABOUT), about.replace("\"format\": 1", "\"format\": 2")).unwrap();
    let before = tree(&store);
    assert_eq!(code(add_on(&Real, &store, &part)), "store_newer");
    assert!(Snapshot::open(&store, &AsOf::Latest).is_err() && verify(&store).is_err());
    assert_eq!(tree(&store), before);
}

#[test]
fn a_damaged_log_is_said_and_never_guessed_at() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    for students in [10.0, 20.0, 30.0] {
        add(root, &parts(2024, &["01"], students));
    }
    let path = root.join(layout::log_file(2));
    let text = fs::read(&path).unwrap();
    for cut in [0, 10, 80, text.len() / 2, text.len() - 2] {
        fs::write(&path, &text[..cut]).unwrap();
        assert!(matches!(verify(root), Err(Error::Input(p)) if p[0].code == "store_log_damaged"), "{cut}");
    }
    for at in (0..text.len() - 1).step_by(7) {
        let mut other = text.clone();
        other[at] ^= 4;
        fs::write(&path, other).unwrap();
        assert!(verify(root).is_err(), "{at}");
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(verify(root), Err(Error::Input(p)) if p[0].code == "store_log_missing"));
}

#[test]
fn a_log_that_lost_its_end_or_all_of_it_is_found() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let (first, second) = (parts(2024, &["01"], 10.0), parts(2024, &["01"], 20.0));
    add(root, &first);
    let before = tree(root);
    add(root, &second);
    fs::remove_file(root.join(layout::log_file(2))).unwrap();
    // This program reads the first version where it was moved; other tools still read the second.
    assert_eq!(seen(root, &AsOf::Latest), [("01".into(), 1, 10.0)]);
    let found = verify(root).unwrap();
    assert!(found.problems.iter().any(|p| p.code == "store_file_displaced"), "{:?}", found.problems);
    assert!(!found.is_intact());
    assert!(matches!(add(root, &first)[0], Outcome::Restored { version: 1, .. }));
    assert_intact(root);
    let now = tree(root);
    assert!(before.iter().all(|(path, bytes)| now.get(path) == Some(bytes)), "as before the second");

    fs::remove_dir_all(root.join(layout::LOG)).unwrap();
    for result in [verify(root).map(drop), add_on(&Real, root, &first).map(drop)] {
        assert!(matches!(result, Err(Error::Input(p)) if p[0].code == "store_log_missing"));
    }
    assert!(Snapshot::open(root, &AsOf::Latest).is_err());
}

#[test]
fn names_that_are_nearly_a_commits_are_not_one() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    add(root, &parts(2024, &["01"], 10.0));
    for name in ["000000001.json", "99999999999999999999999.json", "1.json", "00000002.json.new"] {
        fs::write(root.join(layout::LOG).join(name), "x").unwrap();
    }
    assert_intact(root);
    assert_eq!(seen(root, &AsOf::Latest).len(), 1);
}

/// Adding a file again to repair one district's earlier version does not turn another district back to it.
#[test]
fn healing_one_district_turns_no_other_back() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let (first, second) = (parts(2024, &["01", "02"], 10.0), parts(2024, &["01", "02"], 20.0));
    add(root, &first);
    add(root, &second);
    let before = tree(root);
    fs::remove_file(root.join(layout::superseded(1, &layout::place("facts", 2024, "01")))).unwrap();
    let outcomes = add(root, &first);
    assert_eq!(outcomes, [Outcome::Restored { version: 1, files: 1 }, Outcome::Unchanged { version: 1 }]);
    assert_eq!(tree(root), before);
    assert!(matches!(add(root, &first)[1], Outcome::Version { number: 3, .. }), "now it is a wish");
}

#[test]
fn a_file_among_the_rests_hinders_nobody() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    add(root, &parts(2024, &["01"], 10.0));
    fs::write(root.join(layout::PENDING).join("rest"), "x").unwrap();
    add(root, &parts(2024, &["01"], 20.0));
    let found = verify(root).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

/// A disk that stops at a step, either as if killed (nothing works any more) or full (nothing more can be written).
struct Stops {
    at: usize,
    killed: bool,
    done: AtomicUsize,
    stopped: AtomicBool,
}

impl Stops {
    fn new(at: usize, killed: bool) -> Stops {
        Stops { at, killed, done: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    fn step(&self, wants_space: bool, name: &Path) -> io::Result<()> {
        let _ = name;
        let reached = self.done.fetch_add(1, Ordering::SeqCst) >= self.at;
        let fails = reached && (self.killed || wants_space);
        if fails {
            self.stopped.store(true, Ordering::SeqCst);
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

impl Disk for Stops {
    fn make_folders(&self, path: &Path) -> io::Result<()> {
        if !path.exists() {
            self.step(true, path)?;
        }
        Real.make_folders(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Err(why) = self.step(true, path) {
            // The part that was written before it stopped.
            if self.done.load(Ordering::SeqCst) == self.at + 1 {
                Real.write(path, &bytes[..bytes.len() / 2])?;
            }
            return Err(why);
        }
        Real.write(path, bytes)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.step(true, path)
    }
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step(false, path)
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(true, to)?;
        Real.link(from, to)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(false, to)?;
        Real.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(false, path)?;
        Real.remove(path)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step(false, path)?;
        Real.remove_folder(path)
    }
}

/// Whether the store is in the new state; it must be in the old or the new one.
fn old_or_new(root: &Path) -> bool {
    assert_intact(root);
    let found = seen(root, &AsOf::Latest);
    let old = [("01".to_string(), 1, 10.0), ("02".to_string(), 1, 10.0)];
    let new = [("01".to_string(), 2, 20.0), ("02".to_string(), 2, 20.0)];
    assert!(found == old || found == new, "{found:?}");
    assert_eq!(seen(root, &AsOf::Commit(1)), old);
    found == new
}

#[test]
fn a_writer_may_stop_at_any_step() {
    for killed in [true, false] {
        let mut committed = 0;
        let mut at = 0;
        loop {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path();
            add(root, &parts(2024, &["01", "02"], 10.0));
            let before = tree(root);
            let disk = Stops::new(at, killed);
            let second = parts(2024, &["01", "02"], 20.0);
            let result = add_on(&disk, root, &second);
            if !disk.stopped.load(Ordering::SeqCst) {
                result.unwrap();
                assert!(at > 20, "steps are counted");
                break;
            }
            let is_new = old_or_new(root);
            committed += usize::from(is_new);
            if !killed {
                // After the commit no space is needed; before it the error undoes everything.
                assert!(result.is_err() && !is_new, "{at}");
                assert_eq!(tree(root), before, "{at}");
            }
            // The next writer, stopped at every other step as well, finishes or undoes.
            let again = add_on(&Stops::new(at % 7, true), root, &parts(2025, &["03"], 1.0));
            if again.is_err() {
                assert_intact(root);
            }
            assert!(!matches!(add(root, &second)[0], Outcome::New), "{at}");
            assert!(old_or_new_with_more(root), "{at}");
            assert_eq!(fs::read_dir(root.join(layout::PENDING)).unwrap().count(), 0, "{at}");
            at += 1;
        }
        assert_eq!(killed, committed > 3, "the kill came after the commit too");
    }
}

/// Whether the second writer's state is reached.
fn old_or_new_with_more(root: &Path) -> bool {
    assert_intact(root);
    let found = seen(root, &AsOf::Latest);
    found
        .iter()
        .filter(|(code, _, _)| code != "03")
        .all(|(_, version, students)| (*version, *students) == (2, 20.0))
}

#[test]
fn the_first_writer_may_stop_at_any_step() {
    for at in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("store");
        let disk = Stops::new(at, true);
        let part = parts(2024, &["01"], 10.0);
        let result = add_on(&disk, &root, &part);
        add(&root, &part);
        assert_intact(&root);
        assert_eq!(seen(&root, &AsOf::Latest), [("01".into(), 1, 10.0)]);
        if result.is_ok() {
            break;
        }
    }
}

#[test]
fn a_store_that_was_not_filled_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("store");
    drop(Writer::begin(&root, Duration::ZERO).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn readers_beside_a_writer_see_whole_years() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    add(root, &parts(2024, &["01", "02"], 1.0));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for students in 2..25 {
                add(root, &parts(2024, &["01", "02"], f64::from(students)));
            }
            done.store(true, Ordering::SeqCst);
        });
        while !done.load(Ordering::SeqCst) {
            let found = seen(root, &AsOf::Latest);
            assert_eq!(f64::from(found[0].1), found[0].2, "the version and its facts");
            assert_eq!((found[0].1, found[0].2), (found[1].1, found[1].2));
        }
    });
    assert_intact(root);
    for commit in 1..24 {
        assert_eq!(seen(root, &AsOf::Commit(commit))[0].2, commit as f64);
    }
}
