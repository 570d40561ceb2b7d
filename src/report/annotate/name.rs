//! Names of copies: `NAME-批注.xlsx`, preceded by as many folders as are needed to distinguish files of the same name.

use std::{
    collections::BTreeSet,
    path::{Component, Path},
};

/// A file that gets a copy.
pub struct Wanted<'a> {
    pub path: &'a Path,
    /// The extension of the copy.
    pub ending: &'static str,
}

/// Maximum number of bytes of a file name on any file system.
const MAX_BYTES: usize = 255;

/// A unique name for each source, in order, ignoring case.
pub fn of(wanted: &[Wanted], suffix: &str) -> Vec<String> {
    let mut folders = vec![0; wanted.len()];
    let mut with_ending = vec![false; wanted.len()];
    let name = |at: usize, folders: usize, with_ending: bool| {
        wanted.get(at).map_or(String::new(), |wanted| named(wanted, suffix, folders, with_ending))
    };
    loop {
        let names: Vec<String> = (0..wanted.len()).map(|at| name(at, folders[at], with_ending[at])).collect();
        let twice =
            |at: &usize| names.iter().filter(|n| n.to_lowercase() == names[*at].to_lowercase()).count() > 1;
        let alike: Vec<usize> = (0..wanted.len()).filter(twice).collect();
        if alike.is_empty() {
            return names;
        }
        let deeper = |at: &usize| name(*at, folders[*at] + 1, false) != name(*at, folders[*at], false);
        let deeper: Vec<usize> = alike.iter().copied().filter(deeper).collect();
        if !deeper.is_empty() {
            deeper.into_iter().for_each(|at| folders[at] += 1);
        } else if alike.iter().any(|at| !with_ending[*at]) {
            alike.into_iter().for_each(|at| with_ending[at] = true);
        } else {
            return numbered(names);
        }
    }
}

fn named(wanted: &Wanted, suffix: &str, folders: usize, with_ending: bool) -> String {
    let text = |part: &std::ffi::OsStr| -> String {
        let text = part.to_string_lossy();
        // A line break in a name would break the list of names, which has one per line.
        text.chars().map(|c| if c.is_control() || c == '\\' { '_' } else { c }).collect()
    };
    let path = wanted.path;
    let file = if with_ending { path.file_name() } else { path.file_stem() };
    let mut stem = text(file.unwrap_or_default());
    let end = format!("{suffix}.{}", wanted.ending);
    while stem.len() + end.len() > MAX_BYTES {
        stem.pop();
    }
    let above = path.parent().into_iter().flat_map(Path::components);
    let above: Vec<String> = above
        .filter_map(|part| match part {
            Component::Normal(part) => Some(text(part)),
            _ => None,
        })
        .collect();
    let from = above.len().saturating_sub(folders);
    let mut all = above.get(from..).unwrap_or_default().to_vec();
    all.push(format!("{stem}{end}"));
    all.join("/")
}

/// For files that nothing else distinguishes: `a/../x.csv` and `b/../x.csv`.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let unused = |name: String| {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let numbered = |n: u32| if n == 1 { name.clone() } else { format!("{stem} {n}.{ending}") };
        let found = (1u32..).map(numbered).find(|name| taken.insert(name.to_lowercase()));
        found.unwrap_or_default()
    };
    names.into_iter().map(unused).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<String> {
        let wanted: Vec<Wanted> =
            paths.iter().map(|path| Wanted { path: Path::new(path), ending: "xlsx" }).collect();
        of(&wanted, "-批注")
    }

    #[test]
    fn folders_tell_two_of_one_name_apart() {
        assert_eq!(names(&["/a/导出/小学.xlsx", "b/初中.xlsx"]), ["小学-批注.xlsx", "初中-批注.xlsx"]);
        assert_eq!(names(&["a/小学.xlsx", "b/小学.xls"]), ["a/小学-批注.xlsx", "b/小学-批注.xlsx"]);
        assert_eq!(names(&["x/a/小学.xlsx", "y/a/小学.xlsx"]), ["x/a/小学-批注.xlsx", "y/a/小学-批注.xlsx"]);
        assert_eq!(names(&["../小学.xlsx", "a/小学.xlsx"]), ["小学-批注.xlsx", "a/小学-批注.xlsx"]);
        assert_eq!(names(&["A.xlsx", "a.csv"]), ["A.xlsx-批注.xlsx", "a.csv-批注.xlsx"]);
        assert_eq!(names(&["x.csv", "../x.csv"]), ["x.csv-批注.xlsx", "x.csv-批注 2.xlsx"]);
        assert_eq!(names(&[]), [""; 0]);
    }

    #[test]
    fn names_fit_the_disk_and_stay_inside() {
        let long = format!("{}.xlsx", "长".repeat(84));
        assert!(names(&[&long])[0].len() <= MAX_BYTES);
        assert_eq!(names(&["a\nb\\c.xlsx"]), ["a_b_c-批注.xlsx"]);
        assert_eq!(names(&["/etc/../x.xlsx", "/x.xlsx"]), ["etc/x-批注.xlsx", "x-批注.xlsx"]);
    }
}
