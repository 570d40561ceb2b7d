//! A result arrives whole or not at all, and no user's file is lost.

use super::*;

fn put(folder: &mut Folder, name: &str, text: &str) {
    folder.write(name, |file| file.write_all(text.as_bytes()).map_err(|w| Error::disk(name, w))).unwrap();
}

/// Every file under `root` with its content, including temporary folders.
fn tree(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

const OURS: [&str; 3] = ["a.csv", "gone.csv", "x/b.csv"];

/// A folder with an earlier result and a file of the user's.
fn earlier() -> (tempfile::TempDir, PathBuf, Vec<(String, String)>) {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("结果");
    let mut folder = Folder::begin(&out, []).unwrap();
    OURS.iter().for_each(|name| put(&mut folder, name, "old"));
    folder.commit().unwrap();
    fs::write(out.join("mine.txt"), "mine").unwrap();
    let tree = tree(root.path());
    assert_eq!(tree.len(), 4, "no trace of the folder aside: {tree:?}");
    (root, out, tree)
}

fn second(out: &Path) -> Folder {
    let mut folder = Folder::begin(out, OURS.map(String::from)).unwrap();
    ["a.csv", "x/b.csv", "y/new.csv"].iter().for_each(|name| put(&mut folder, name, "new"));
    folder
}

#[test]
fn a_second_run_replaces_what_is_ours_and_keeps_the_rest() {
    let (root, out, _) = earlier();
    second(&out).commit().unwrap();
    let expected = [("a.csv", "new"), ("mine.txt", "mine"), ("x/b.csv", "new"), ("y/new.csv", "new")];
    assert_eq!(tree(&out), pairs(&expected));
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

#[test]
fn a_writer_that_fails_leaves_the_old_result_and_no_trace() {
    let (root, out, before) = earlier();
    let mut folder = second(&out);
    let full = || io::Error::from(io::ErrorKind::StorageFull);
    let error = folder.write("z.csv", |_| Err::<(), _>(Error::disk("aside", full()))).unwrap_err();
    assert!(error.to_string().starts_with(&out.join("z.csv").display().to_string()), "{error}");
    drop(folder);
    assert_eq!(tree(root.path()), before);
}

/// Three files are moved out and three in: whichever rename fails, everything is as it was.
#[test]
fn a_rename_that_fails_is_undone() {
    for fail_at in 0..6 {
        let (root, out, before) = earlier();
        let mut count = 0;
        let result = second(&out).commit_by(&mut |from, to| {
            count += 1;
            if count > fail_at { Err(io::ErrorKind::PermissionDenied.into()) } else { fs::rename(from, to) }
        });
        assert!(matches!(result, Err(Error::Disk { .. })), "{fail_at}");
        assert_eq!(tree(root.path()), before, "{fail_at}");
    }
}

/// A panic simulates the kill: after it only drops run, and those leave the journal alone.
#[test]
fn after_a_kill_the_next_run_undoes() {
    for kill_at in 0..6 {
        let (root, out, before) = earlier();
        let folder = second(&out);
        let mut count = 0;
        let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = folder.commit_by(&mut |from, to| {
                count += 1;
                assert!(count <= kill_at, "killed");
                fs::rename(from, to)
            });
        }));
        assert!(killed.is_err());
        drop(Folder::begin(&out, []).unwrap());
        assert_eq!(tree(root.path()), before, "{kill_at}");
    }
}

#[test]
fn an_undo_may_be_interrupted_and_done_again() {
    let (root, out, before) = earlier();
    let folder = second(&out);
    let aside = folder.aside.path.clone();
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut count = 0;
        let _ = folder.commit_by(&mut |from, to| {
            count += 1;
            assert!(count < 6, "killed");
            fs::rename(from, to)
        });
    }));
    let journal = fs::read_to_string(aside.join(JOURNAL)).unwrap();
    undo(&aside, &out).unwrap();
    fs::write(aside.join(JOURNAL), journal).unwrap();
    drop(Folder::begin(&out, []).unwrap());
    assert_eq!(tree(root.path()), before);
}

#[test]
fn leftovers_of_a_killed_run_are_removed_by_the_next() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let left = root.path().join(".out.partial-1");
    fs::create_dir_all(left.join(NEW)).unwrap();
    fs::write(left.join(LOCK), "").unwrap();
    drop(Folder::begin(&out, []).unwrap());
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

#[test]
fn a_live_run_is_not_disturbed() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    let _live = Folder::begin(&out, []).unwrap();
    let Err(Error::Input(problems)) = Folder::begin(&out, []) else { panic!("two at once") };
    assert_eq!(problems[0].code, "out_busy");
}

#[test]
fn a_file_of_the_user_is_not_overwritten() {
    let (_root, out, _) = earlier();
    let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
    let Err(Error::Input(problems)) = folder.write("mine.txt", |_| Ok(())) else { panic!("overwritten") };
    assert_eq!(problems[0].code, "out_file_not_ours");
}

#[test]
fn what_people_filled_in_is_kept_under_another_name_for_good() {
    let (_root, out, _) = earlier();
    for (text, copies) in [("first", vec!["a-旧.csv"]), ("second", vec!["a-旧-2.csv", "a-旧.csv"])] {
        fs::write(out.join("a.csv"), text).unwrap();
        for _ in 0..2 {
            let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
            folder.keep("a.csv", "旧").unwrap();
            folder.retain("gone.csv");
            assert!(folder.files().eq(["gone.csv"]), "the copy is not ours");
            fs::write(out.join("x/b.csv"), "old").unwrap();
            drop(folder);
        }
        let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
        folder.keep("a.csv", "旧").unwrap();
        put(&mut folder, "a.csv", "new");
        folder.retain("gone.csv");
        folder.commit().unwrap();
        let mut names: Vec<String> = tree(&out).into_iter().map(|(name, _)| name).collect();
        names.retain(|name| name.contains('旧'));
        assert_eq!(names, copies);
        assert_eq!(fs::read_to_string(out.join(copies[0])).unwrap(), text);
        assert_eq!(fs::read_to_string(out.join("gone.csv")).unwrap(), "old");
        fs::create_dir_all(out.join("x")).unwrap();
    }
}

#[test]
fn nothing_outside_the_folder_is_removed() {
    let (root, out, _) = earlier();
    fs::write(root.path().join("other"), "other").unwrap();
    let mut folder = Folder::begin(&out, ["../other".to_string(), "/etc/hosts".to_string()]).unwrap();
    put(&mut folder, "new.csv", "new");
    folder.commit().unwrap();
    assert!(root.path().join("other").exists());
}

#[test]
fn a_file_is_no_folder_and_a_folder_no_file() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(Folder::begin(&file, []), Err(Error::Input(_))));
    assert!(matches!(Folder::begin(&file.join("below"), []), Err(Error::Disk { .. })));
    assert!(matches!(write_file(root.path(), |_| Ok(())), Err(Error::Input(_))));
}

#[test]
fn a_tree_goes_in_whole_or_not_at_all() {
    let (root, out, before) = earlier();
    let tree_of = |name: &'static str| {
        move |folder: &Path| {
            fs::create_dir_all(folder.join("forms")).unwrap();
            fs::write(folder.join("forms/a.xlsx"), "a").unwrap();
            fs::write(folder.join(name), "b").map_err(|why| Error::disk(name, why))
        }
    };
    let mut folder = Folder::begin(&out, []).unwrap();
    assert!(matches!(folder.fill(tree_of("mine.txt")), Err(Error::Input(_))));
    drop(folder);
    assert_eq!(tree(root.path()), before);
    let mut folder = Folder::begin(&out, []).unwrap();
    folder.fill(tree_of("b.xlsx")).unwrap();
    folder.commit().unwrap();
    assert_eq!(tree(&out).len(), before.len() + 2);
}

#[test]
fn a_single_file_is_whole_or_not_there() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("deep/er/template.xlsx");
    let failed = write_file(&path, |aside| {
        fs::write(aside, "half").unwrap();
        Err::<(), _>(Error::disk(aside, io::ErrorKind::StorageFull.into()))
    });
    assert!(failed.unwrap_err().to_string().starts_with(&path.display().to_string()));
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0, "folders made on the way are gone too");
    write_file(&path, |aside| fs::write(aside, "whole").map_err(|w| Error::disk(aside, w))).unwrap();
    assert_eq!(tree(root.path()), pairs(&[("deep/er/template.xlsx", "whole")]));
    assert!(refuse_existing(&path).is_err());
}

#[test]
fn nothing_is_written_outside_or_twice() {
    let (root, out, before) = earlier();
    let elsewhere = root.path().join("x").display().to_string();
    let refused = |folder: &mut Folder, name: &str| match folder.put(name, b"new") {
        Err(Error::Input(problems)) => problems[0].code,
        other => panic!("{name:?}: {other:?}"),
    };
    let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
    for name in ["", ".", "..", "../x", "a/../../x", "a/./b", "a//b", "..\\x", "a\nb", "/x", &elsewhere] {
        assert_eq!(refused(&mut folder, name), "out_outside", "{name:?}");
    }
    put(&mut folder, "A/报告.docx", "one");
    assert_eq!(refused(&mut folder, "a/报告.DOCX"), "out_written_twice");
    drop(folder);
    assert_eq!(tree(root.path()), before);
}

#[test]
fn what_a_run_reads_is_not_moved() {
    let (_root, out, _) = earlier();
    fs::write(out.join("facts.parquet"), "old").unwrap();
    let ours = OURS.into_iter().chain(["facts.parquet"]).map(String::from);
    let mut folder = Folder::begin(&out, ours).unwrap();
    for name in ["gone.csv", "x/../a.csv", "facts.parquet", "not there"] {
        folder.protect(&out.join(name)).unwrap();
    }
    assert!(folder.reads("a.csv") && !folder.reads("x/b.csv"));
    let Err(Error::Input(problems)) = folder.put("a.csv", b"new") else { panic!("overwritten") };
    assert_eq!(problems[0].code, "out_is_input");
    put(&mut folder, "facts.parquet", "new");
    assert!(folder.files().eq(["facts.parquet", "a.csv", "gone.csv"]), "the next run may replace them");
    folder.commit().unwrap();
    let expected = [("a.csv", "old"), ("facts.parquet", "new"), ("gone.csv", "old"), ("mine.txt", "mine")];
    assert_eq!(tree(&out), pairs(&expected));
}

/// A link to itself simulates a disk that does not respond.
#[cfg(unix)]
#[test]
fn what_cannot_be_looked_at_is_not_taken_for_absent() {
    let (_root, out, _) = earlier();
    let at = out.join("x/b.csv");
    fs::remove_file(&at).unwrap();
    std::os::unix::fs::symlink("b.csv", &at).unwrap();
    let mut folder = Folder::begin(&out, OURS.map(String::from)).unwrap();
    assert!(matches!(folder.keep("x/b.csv", "旧"), Err(Error::Disk { .. })));
    assert!(matches!(folder.protect(&at), Err(Error::Disk { .. })));
    // A user's link that leads nowhere belongs to the user.
    fs::remove_file(&at).unwrap();
    std::os::unix::fs::symlink("nowhere", out.join("y.csv")).unwrap();
    let Err(Error::Input(problems)) = folder.put("y.csv", b"new") else { panic!("overwritten") };
    assert_eq!(problems[0].code, "out_file_not_ours");
}

#[test]
fn a_folder_of_the_users_that_is_called_alike_stays() {
    let root = tempfile::tempdir().unwrap();
    let (out, theirs) = (root.path().join("out"), root.path().join(".out.partial-backup"));
    fs::create_dir(&theirs).unwrap();
    drop(Folder::begin(&out, []).unwrap());
    assert!(theirs.exists());
}
