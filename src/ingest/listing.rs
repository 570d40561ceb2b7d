//! Lists the input files: a file stands for itself, a folder for the files in it and in its subfolders.
//!
//! Files that the program wrote itself ([`OwnFiles`]) are left out, or the second run into a folder would read the
//! result of the first. They are read if they are named explicitly: as a file, or as a folder that holds a result and
//! nothing else. A finding reports what was left out.

use std::{
    collections::{HashMap, HashSet},
    path::{Component, Path, PathBuf},
};

use super::parquet::BESIDE;
use crate::{
    file_name,
    problem::{Error, Level, Place, Problem, Result},
    tables::run::{OwnFiles, STORE, STORE_LOG},
};

/// WPS names its workbooks .et, or .ett for a template; their content is that of an .xls. An .html or .xml is only read
/// if it is named, because a folder may hold pages and settings of any kind.
const SHEETS: [&str; 8] = ["xlsx", "xls", "xlsm", "et", "ett", "ods", "csv", "tsv"];
/// Stands before the extension of an annotated copy (`annotate.suffix` of the catalogues).
const ANNOTATED: [&str; 2] = ["-批注.", "-annotated."];
/// The maximum depth of subfolders.
const MAX_DEPTH: usize = 16;
/// The maximum number of result files that a finding names; the others are counted.
const MAX_NAMED: usize = 3;

/// One of the input files.
#[derive(Debug, Clone)]
pub struct Input {
    pub path: PathBuf,
    /// Its name in places and tables ([`shown`]).
    pub shown: String,
}

/// The input files in order and without repetition, and the findings on the others.
#[derive(Debug, Default)]
pub struct Listing {
    pub files: Vec<Input>,
    pub problems: Vec<Problem>,
}

/// A folder of the inputs that holds a result.
struct ResultFolder {
    path: PathBuf,
    shown: String,
    own: OwnFiles,
    /// Its own files that could be read, by their names in the folder.
    left_out: Vec<(String, Input)>,
}

#[derive(Default)]
struct Walk {
    files: Vec<Input>,
    problems: Vec<Problem>,
    /// The results that enclose the current folder, outermost first.
    within: Vec<ResultFolder>,
    /// The results that have been processed.
    results: Vec<ResultFolder>,
    /// The folders of the current input, since a link may lead back to one of them.
    visited: HashSet<PathBuf>,
}

/// The files that [`super::read`] reads for these inputs.
pub fn list(inputs: &[PathBuf]) -> Listing {
    let mut walk = Walk::default();
    for (input, shown) in inputs.iter().zip(shown(inputs)) {
        walk.input(input, shown);
    }
    let named: Vec<String> = inputs.iter().map(|input| input.display().to_string()).collect();
    walk.finish(&named.join(", "))
}

/// The files and folders in `folder` whose names match a pattern with `*`, in order; without files that the program
/// wrote, unless nothing else matches. The problems name what was left out.
///
/// # Errors
/// The folder cannot be read.
pub fn matching(folder: &Path, pattern: &str) -> Result<(Vec<PathBuf>, Vec<Problem>)> {
    let disk = |why| Error::disk(folder, why);
    let own = OwnFiles::of(folder)?;
    let (mut theirs, mut left_out) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(disk)? {
        let (path, name) = named(&entry.map_err(disk)?);
        if is_hidden(&name) || !file_name::fits(pattern, &name) {
            continue;
        }
        let is_own = own.as_ref().is_some_and(|own| own.contains(&name))
            || path.is_dir() && (is_store(&path) || OwnFiles::of(&path)?.is_some());
        let file = Input { shown: path.display().to_string(), path };
        if is_own { &mut left_out } else { &mut theirs }.push((name, file));
    }
    if theirs.is_empty() {
        std::mem::swap(&mut theirs, &mut left_out);
    }
    theirs.sort_by(|a, b| a.0.cmp(&b.0));
    left_out.sort_by(|a, b| a.0.cmp(&b.0));
    let mut problems = Vec::new();
    report(&left_out, own.as_ref(), &folder.display().to_string(), &mut problems);
    Ok((theirs.into_iter().map(|(_, file)| file.path).collect(), problems))
}

/// The names of these paths in messages and tables. A relative path is its own name. An absolute one is named by its
/// last part, so that results do not reveal the folders of the machine, with as many parent folders as are needed to
/// distinguish two of the same name.
pub fn shown(paths: &[PathBuf]) -> Vec<String> {
    let parts = |path: &Path| -> Vec<String> {
        let normal = path.components().filter(|part| matches!(part, Component::Normal(_)));
        normal.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let name = |path: &Path, folders: usize| -> String {
        let parts = parts(path);
        match path.is_absolute() && !parts.is_empty() {
            true => parts[parts.len().saturating_sub(folders + 1)..].join("/"),
            false => path.display().to_string(),
        }
    };
    let mut folders = vec![0; paths.len()];
    loop {
        let names: Vec<String> = paths.iter().zip(&folders).map(|(path, &n)| name(path, n)).collect();
        let alike =
            |at: usize| (0..paths.len()).any(|other| names[other] == names[at] && paths[other] != paths[at]);
        let deeper = |at: usize| name(&paths[at], folders[at] + 1) != names[at];
        let wanted: Vec<usize> = (0..paths.len()).filter(|&at| alike(at) && deeper(at)).collect();
        if wanted.is_empty() {
            return names;
        }
        wanted.into_iter().for_each(|at| folders[at] += 1);
    }
}

/// Uses the paths as names of two files that would have the same name (one inside a named folder, one named itself).
fn tell_apart(files: &mut [Input]) {
    let mut count: HashMap<String, usize> = HashMap::new();
    files.iter().for_each(|file| *count.entry(file.shown.clone()).or_default() += 1);
    for file in files.iter_mut().filter(|file| count.get(&file.shown).is_some_and(|&n| n > 1)) {
        file.shown = file.path.display().to_string();
    }
}

/// Whether the file is read as a table of facts, without sheets and cells.
pub fn is_parquet(path: &Path) -> bool {
    ending(path) == "parquet"
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase()
}

fn is_readable(path: &Path) -> bool {
    is_parquet(path) || SHEETS.contains(&ending(path).as_str())
}

/// Hidden files, and the lock files that Excel leaves beside an open workbook.
fn is_hidden(name: &str) -> bool {
    name.starts_with("~$") || name.starts_with('.')
}

fn is_store(folder: &Path) -> bool {
    folder.join(STORE).is_file() && folder.join(STORE_LOG).is_dir()
}

fn named(entry: &std::fs::DirEntry) -> (PathBuf, String) {
    (entry.path(), entry.file_name().to_string_lossy().into_owned())
}

fn unreadable(shown: &str, why: impl std::fmt::Display) -> Problem {
    Problem::error("file_unreadable", Place::file(shown)).with("path", shown).with("why", why)
}

impl Walk {
    fn input(&mut self, input: &Path, shown: String) {
        let is_lock = input.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
        if input.is_dir() {
            self.visited.clear();
            self.folder(input, &shown, 0);
        } else if !input.exists() {
            self.problems.push(Problem::error("path_missing", Place::file(input.display().to_string())));
        } else if is_lock {
            self.problems.push(Problem::note("file_lock", Place::file(shown)));
        } else if is_readable(input) {
            self.files.push(Input { path: input.to_path_buf(), shown });
        } else {
            self.problems.push(Problem::error("file_kind_unknown", Place::file(shown)));
        }
    }

    fn folder(&mut self, path: &Path, shown: &str, depth: usize) {
        let is_new = path.canonicalize().is_ok_and(|real| self.visited.insert(real));
        if !is_new || depth > MAX_DEPTH {
            return;
        }
        let entries: std::io::Result<Vec<_>> = std::fs::read_dir(path).and_then(|entries| entries.collect());
        let (entries, own) = match (entries, OwnFiles::of(path)) {
            (Ok(entries), Ok(own)) => (entries, own),
            (Err(why), _) => return self.problems.push(unreadable(shown, why)),
            (_, Err(why)) => return self.problems.push(unreadable(shown, why)),
        };
        let mut entries: Vec<(PathBuf, String)> =
            entries.iter().map(named).filter(|(_, name)| !is_hidden(name)).collect();
        entries.sort_by(|a, b| a.1.cmp(&b.1));
        let has = |name: &str| entries.iter().any(|(_, known)| known == name);
        if is_store(path) {
            let level = if depth > 0 { Problem::note } else { Problem::error };
            return self.problems.push(level("store_not_read", Place::file(shown)));
        }
        let prefix = shown.trim_end_matches(['/', '\\']);
        // The tables that belong to a run's facts, even if its run.json is missing.
        let facts_alone = own.is_none() && has("facts.parquet") && has("sources.parquet");
        if facts_alone {
            let facts = format!("{prefix}/facts.parquet");
            self.problems.push(Problem::note("run_folder", Place::file(facts)));
        }
        let is_beside = |name: &str| name.strip_suffix(".parquet").is_some_and(|name| BESIDE.contains(&name));
        let is_result = own.is_some();
        if let Some(own) = own {
            let (path, shown) = (path.to_path_buf(), shown.to_string());
            self.within.push(ResultFolder { path, shown, own, left_out: Vec::new() });
        }
        let found_before = self.files.len();
        for (path, name) in &entries {
            let shown = format!("{prefix}/{name}");
            if path.is_dir() {
                self.folder(path, &shown, depth + 1);
            } else if !(facts_alone && is_beside(name)) {
                self.file(path, shown);
            }
        }
        if is_result && let Some(mut result) = self.within.pop() {
            let is_asked_for = depth == 0 && self.files.len() == found_before;
            if is_asked_for {
                self.asked_for(&mut result);
            }
            self.results.push(result);
        }
    }

    fn file(&mut self, path: &Path, shown: String) {
        let is_data = is_readable(path) && path.metadata().map_or(true, |found| found.is_file());
        let file = Input { path: path.to_path_buf(), shown };
        let inside = |result: &ResultFolder| {
            let name = path.strip_prefix(&result.path).ok()?;
            let name = name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            result.own.contains(&name).then_some(name)
        };
        let is_in_result = !self.within.is_empty();
        let owner = self.within.iter_mut().find_map(|result| inside(result).map(|name| (result, name)));
        match owner {
            Some((result, name)) if is_data => result.left_out.push((name, file)),
            _ if is_data => self.files.push(file),
            // The pictures and pages of a result are not data.
            _ if is_in_result => {}
            _ => self.problems.push(Problem::note("file_skipped", Place::file(file.shown))),
        }
    }

    /// Handles a named folder that holds a result and nothing else: the files of the result that can be read are read.
    fn asked_for(&mut self, result: &mut ResultFolder) {
        let facts = result.left_out.iter().position(|(name, _)| name == "facts.parquet");
        if let Some(facts) = facts {
            let (_, facts) = result.left_out.remove(facts);
            self.problems.push(Problem::note("run_folder", Place::file(&facts.shown)));
            self.files.push(facts);
            result.left_out.retain(|(name, _)| is_annotated(name));
        } else if result.own.contains("standings.parquet") {
            self.problems.push(Problem::error("score_folder", Place::file(&result.shown)));
        } else if result.own.run.standards.is_empty() {
            // In the result of a check, the annotated copies are wanted, since users correct them.
            let copies = std::mem::take(&mut result.left_out);
            let copies = copies.into_iter().filter(|(name, _)| !name.starts_with("findings."));
            self.files.extend(copies.map(|(_, file)| file));
        }
    }

    fn finish(self, inputs: &str) -> Listing {
        let Walk { mut files, mut problems, mut results, .. } = self;
        let mut seen = HashSet::new();
        let real = |file: &Input| file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
        files.retain(|file| seen.insert(real(file)));
        tell_apart(&mut files);
        for result in &mut results {
            result.left_out.retain(|(_, file)| !seen.contains(&real(file)));
            report(&result.left_out, Some(&result.own), &result.shown, &mut problems);
        }
        if files.is_empty() && !problems.iter().any(|p| p.level == Level::Error) {
            let folders: Vec<&str> = results.iter().map(|result| result.shown.as_str()).collect();
            let code = if folders.is_empty() { "no_files" } else { "no_files_but_results" };
            let problem = Problem::error(code, Place::default()).with("inputs", inputs);
            problems.push(problem.list("folders", folders));
        }
        Listing { files, problems }
    }
}

/// Reports what was left out of the result in the folder `shown` and, for annotated copies that users corrected, that
/// the corrections are not read.
fn report(left_out: &[(String, Input)], own: Option<&OwnFiles>, shown: &str, problems: &mut Vec<Problem>) {
    let is_edited = |(name, file): &&(String, Input)| {
        let run = own.map(|own| &own.run).filter(|run| run.documents.contains_key(name));
        is_annotated(name)
            && run.is_some_and(|run| run.is_edited(name, &file.path).unwrap_or(Some(true)) == Some(true))
    };
    for (_, file) in left_out.iter().filter(is_edited) {
        problems.push(Problem::warning("annotated_copy_not_read", Place::file(&file.shown)));
    }
    let names: Vec<&str> = left_out.iter().map(|(name, _)| name.as_str()).collect();
    if !names.is_empty() {
        let mut files = names.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join("、");
        if names.len() > MAX_NAMED {
            files.push('…');
        }
        let note = Problem::note("result_not_read", Place::file(shown));
        problems.push(note.with("count", names.len()).with("files", files));
    }
}

fn is_annotated(name: &str) -> bool {
    ANNOTATED.iter().any(|suffix| name.contains(suffix))
}
