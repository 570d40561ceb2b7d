//! Pipeline files (`junheng run PIPELINE.toml`): a whole run in one file, so that next year's run is the same.
//!
//! A file is checked as written (keys, kinds of values and names, each with its line and column), then read ([`raw`]),
//! then resolved: paths become relative to the pipeline file, `*` in a file name is expanded, and `[common]` is merged
//! into every source.

mod check;
mod raw;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    encoding,
    ingest::{self, Mapping},
    problem::{Error, Problem, Result},
    words::Language,
};

/// A resolved run. Where a field is `None` or empty, the program's default applies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pipeline {
    /// A standard's name, or the path of its file.
    pub standard: String,
    /// Whether the transitional reliefs apply.
    pub reliefs: bool,
    /// Values of the standard's settings, by id.
    pub settings: BTreeMap<String, String>,
    pub year: Option<i32>,
    /// Code and name, for files that name no district.
    pub district: Option<(String, String)>,
    pub out: Option<PathBuf>,
    /// Tables to write.
    pub tables: Option<Vec<String>>,
    /// Documents to write; see [`Documents::names`](crate::report::documents::Documents::names).
    pub documents: Option<Vec<String>>,
    /// A folder of document templates.
    pub templates: Option<PathBuf>,
    /// The previous `gaps.xlsx`.
    pub ledger: Option<PathBuf>,
    /// The folder of last year's scores, for a scoring standard.
    pub last_year: Option<PathBuf>,
    /// The store that the run's result is added to.
    pub store: Option<PathBuf>,
    pub language: Option<Language>,
    pub strict: bool,
    /// The encoding of every csv and tsv whose source gives none.
    pub encoding: Option<String>,
    /// Existing files and folders, in the order given; those that one `*` matches are sorted by name.
    pub inputs: Vec<PathBuf>,
    /// Notes on what a pattern of the inputs left out.
    pub findings: Vec<Problem>,
    pub sources: Vec<Mapping>,
}

/// Reads a pipeline file.
///
/// # Errors
/// [`Error::Input`] with everything that is wrong in it; [`Error::Disk`] if it cannot be read.
pub fn load(path: &Path) -> Result<Pipeline> {
    let missing = || Error::disk(path, std::io::ErrorKind::NotFound.into());
    let text = encoding::read(path)?.ok_or_else(missing)?;
    parse(&text, &path.display().to_string(), path.parent().unwrap_or(Path::new("")))
}

/// Parses a pipeline. `shown` is the file's name in messages, and relative paths start from `folder`.
pub fn parse(text: &str, shown: &str, folder: &Path) -> Result<Pipeline> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = check::Checked::new(text, shown).map_err(Error::Input)?;
    // `raw` accepts whatever `check` accepts; should they ever differ, the parser's own message is reported.
    let raw: raw::File = toml::from_str(text).map_err(|why| {
        Problem::error("pipeline_syntax", file.place(why.span().map_or(0, |span| span.start)))
            .with("why", why.message())
    })?;
    let (inputs, findings) = inputs(&file, &raw, folder)?;
    let unused = unused_sources(&file, &raw, &inputs);
    if !unused.is_empty() {
        return Err(Error::Input(unused));
    }
    Ok(Pipeline {
        standard: raw.standard.map_or_else(String::new, |name| standard(name, folder)),
        reliefs: raw.reliefs,
        settings: raw.settings,
        year: raw.year,
        district: raw.district.map(|district| (district.code, district.name)),
        out: raw.out.map(|out| folder.join(out)),
        tables: raw.tables,
        documents: raw.documents,
        templates: raw.templates.map(|path| folder.join(path)),
        ledger: raw.ledger.map(|path| folder.join(path)),
        last_year: raw.last_year.map(|path| folder.join(path)),
        store: raw.store.map(|path| folder.join(path)),
        language: raw.language.and_then(|language| language.parse().ok()),
        strict: raw.strict,
        encoding: raw.encoding,
        inputs,
        findings,
        sources: raw::sources(raw.sources, raw.common),
    })
}

/// A name is kept; a path is resolved against the pipeline's folder, like every other path in it.
fn standard(name: String, folder: &Path) -> String {
    if name.ends_with(".toml") { folder.join(name).display().to_string() } else { name }
}

/// The input files, and notes on them.
fn inputs(file: &check::Checked, raw: &raw::File, folder: &Path) -> Result<(Vec<PathBuf>, Vec<Problem>)> {
    let (mut found, mut findings, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (at, input) in raw.inputs.iter().enumerate() {
        let path = folder.join(input);
        let (mut paths, mut said) = expand(&path)?;
        if paths.is_empty() {
            let problem = Problem::error("pipeline_input_missing", file.input(at));
            missing.push(problem.with("found", input).with("path", path.display()));
        }
        found.append(&mut paths);
        findings.append(&mut said);
    }
    if missing.is_empty() { Ok((found, findings)) } else { Err(Error::Input(missing)) }
}

/// Reports sources that match none of the inputs: they are probably misspelt, and their settings would be ignored.
/// Files inside a folder are only known once it is read.
fn unused_sources(file: &check::Checked, raw: &raw::File, inputs: &[PathBuf]) -> Vec<Problem> {
    if inputs.iter().any(|input| input.is_dir()) {
        return Vec::new();
    }
    let names: Vec<_> = inputs.iter().filter_map(|input| input.file_name()?.to_str()).collect();
    let shown: Vec<String> = inputs.iter().map(|input| input.display().to_string()).collect();
    let unused = raw.sources.iter().enumerate();
    let unused = unused.filter(|(_, source)| !shown.iter().any(|file| source.is_for(file)));
    unused
        .map(|(at, source)| {
            Problem::error("pipeline_source_unused", file.source(at))
                .with("found", &source.file)
                .list("allowed", &names)
        })
        .collect()
}

/// The path itself, or the paths that its `*` matches; empty if there are none.
fn expand(path: &Path) -> Result<(Vec<PathBuf>, Vec<Problem>)> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.contains('*') {
        let paths = if path.exists() { vec![path.to_path_buf()] } else { Vec::new() };
        return Ok((paths, Vec::new()));
    }
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => ingest::listing::matching(Path::new("."), name),
        Some(folder) if folder.exists() => ingest::listing::matching(folder, name),
        _ => Ok((Vec::new(), Vec::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dictionary::Section, ingest::Headers, words::Words};

    /// The codes and places of the problems in `text`.
    fn wrong(text: &str) -> Vec<String> {
        match parse(text, "run.toml", Path::new("")) {
            Err(Error::Input(problems)) => problems
                .iter()
                .map(|p| {
                    for language in [Language::Chinese, Language::English] {
                        let said = Words::load(language).unwrap().problem(p);
                        let unfilled = ["{found}", "{allowed}", "{nearest}", "{key}", "{why}", "{path}"];
                        assert!(!unfilled.iter().any(|place| said.contains(place)), "{said}");
                        assert!(!said.starts_with("problem."), "{said}");
                    }
                    format!("{} {}", p.code, p.place.cell.clone().unwrap_or_default())
                })
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    fn args(text: &str, name: &str) -> String {
        let Err(Error::Input(problems)) = parse(text, "run.toml", Path::new("")) else {
            panic!("it is right")
        };
        problems[0].args.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap()
    }

    #[test]
    fn a_whole_pipeline_is_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "~$a.csv", "a.xlsx"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let text = r#"
            standard = "local/ours.toml"
            reliefs = true
            year = 2025
            out = "result"
            tables = ["dispersion"]
            language = "en"
            strict = true
            encoding = "gbk"
            inputs = ["*.csv", "a.xlsx"]
            district = { code = "430503", name = "大祥区" }
            settings = { grade_gap = "round" }

            [common]
            section = "primary"
            year_offset = 1911
            columns = { students = "人数", teachers = "教师" }
            ignore = ["备注"]

            [[sources]]
            file = "a.csv"
            year = 103
            header_rows = [3, 4]
            columns = { students = ["男", "女"], "junior.teachers" = "初中 / 教师" }
            constants = { ownership = "公办" }
            ignore = ["合计"]

            [[sources]]
            file = "*"
            section = "junior"
        "#;
        let path = folder.path().join("run.toml");
        std::fs::write(&path, text).unwrap();
        let pipeline = load(&path).unwrap();
        assert_eq!(Path::new(&pipeline.standard), folder.path().join("local/ours.toml"));
        assert_eq!(pipeline.tables, Some(vec!["dispersion".to_string()]));
        assert_eq!(pipeline.inputs, ["a.csv", "b.csv", "a.xlsx"].map(|name| folder.path().join(name)));
        assert_eq!(pipeline.out, Some(folder.path().join("result")));
        assert_eq!(pipeline.district, Some(("430503".to_string(), "大祥区".to_string())));
        assert_eq!(pipeline.language, Some(Language::English));
        assert_eq!(pipeline.settings["grade_gap"], "round");
        assert!(pipeline.reliefs && pipeline.strict);
        let [first, second] = &pipeline.sources[..] else { panic!("two sources") };
        assert_eq!((first.year, first.year_offset, first.header_rows), (Some(103), Some(1911), Some((3, 4))));
        assert_eq!(first.section, Some(Section::Primary));
        assert_eq!(first.columns["students"], Headers::Sum(vec!["男".into(), "女".into()]));
        assert_eq!(first.columns["teachers"], Headers::One("教师".into()));
        assert_eq!(first.ignore, ["备注", "合计"]);
        assert_eq!(second.section, Some(Section::Junior));
        assert_eq!(second.columns.len(), 2);
    }

    #[test]
    fn common_alone_speaks_of_every_file() {
        let text = "[common]\nsection = \"junior\"\n";
        let sources = parse(text, "run.toml", Path::new("")).unwrap().sources;
        assert_eq!(sources.len(), 1);
        assert_eq!((sources[0].file.as_str(), sources[0].section), ("*", Some(Section::Junior)));
    }

    #[test]
    fn an_unknown_key_has_its_line_and_the_nearest() {
        assert_eq!(wrong("year = 2025\n  standart = \"daxiang\"\n"), ["pipeline_misspelt_key 2:3"]);
        assert_eq!(args("standart = \"daxiang\"", "nearest"), "standard");
        assert_eq!(wrong("[[sources]]\nfile = \"a\"\nzzzzzzzz = 1\n"), ["pipeline_unknown_key 3:1"]);
        assert!(args("[[sources]]\nfile = \"a\"\nzzzzzzzz = 1\n", "allowed").contains("header_rows"));
    }

    #[test]
    fn every_value_has_its_kind() {
        for (text, code) in [
            ("standard = 1", "pipeline_wants_text 1:12"),
            ("reliefs = \"yes\"", "pipeline_wants_yes_no 1:11"),
            ("year = \"2025\"", "pipeline_wants_whole 1:8"),
            ("inputs = \"a.xlsx\"", "pipeline_wants_texts 1:10"),
            ("inputs = [\"a.xlsx\", 1]", "pipeline_wants_texts 1:10"),
            ("settings = \"x\"", "pipeline_wants_table 1:12"),
            ("settings = { a = 1 }", "pipeline_wants_text 1:18"),
            ("sources = { file = \"a\" }", "pipeline_wants_tables 1:11"),
            ("language = \"de\"", "pipeline_not_allowed 1:12"),
            ("tables = [\"facts\", \"facs\"]", "pipeline_not_allowed 1:20"),
            ("documents = [\"form\", \"docs\"]", "pipeline_not_allowed 1:22"),
            ("ledger = true", "pipeline_wants_text 1:10"),
            ("encoding = \"no-such\"", "pipeline_not_allowed 1:12"),
            ("[common]\nsection = \"小学\"", "pipeline_not_allowed 2:11"),
            ("[common]\nheader_rows = [3]", "pipeline_wants_rows 2:15"),
            ("[common]\nheader_rows = [0, 3]", "pipeline_wants_rows 2:15"),
            ("[common]\nheader_rows = [4, 3]", "pipeline_wants_rows 2:15"),
            ("[common]\ncolumns = { students = 1 }", "pipeline_wants_headers 2:24"),
            ("[common]\nfile = \"a\"", "pipeline_unknown_key 2:1"),
            ("year = 99999999999", "pipeline_wants_whole 1:8"),
            ("[[sources]]\nsection = \"junior\"", "pipeline_missing_key 1:1"),
            ("district = { code = \"1\" }", "pipeline_missing_key 1:12"),
            ("year = ", "pipeline_syntax 1:8"),
        ] {
            assert_eq!(wrong(text), [code], "{text}");
        }
    }

    #[test]
    fn every_problem_is_told_not_the_first_alone() {
        assert_eq!(wrong("year = \"x\"\nstrict = 1\n").len(), 2);
    }

    #[test]
    fn an_unknown_fact_names_the_nearest() {
        let text = "[common]\n[common.columns]\nstudent = \"人数\"\n";
        assert_eq!(wrong(text), ["pipeline_unknown_fact 3:1"]);
        assert!(args(text, "nearest").contains("students"), "{}", args(text, "nearest"));
        assert_eq!(
            wrong("[common]\ncolumns = { \"middle.students\" = \"人数\" }"),
            ["pipeline_unknown_fact 2:13"]
        );
    }

    #[test]
    fn an_input_that_is_not_there_is_said_where_it_is_named() {
        let text = "inputs = [\n  \"no-such.xlsx\",\n  \"no-such-*.csv\",\n]";
        assert_eq!(wrong(text), ["pipeline_input_missing 2:3", "pipeline_input_missing 3:3"]);
    }

    #[test]
    fn documents_and_what_they_are_made_with_are_pinned() {
        let text = "documents = [\"form\", \"pdf\"]\ntemplates = \"模板\"\nledger = \"去年/gaps.xlsx\"\n";
        let read = parse(text, "run.toml", Path::new("县")).unwrap();
        assert_eq!(read.documents, Some(vec!["form".to_string(), "pdf".to_string()]));
        assert_eq!(read.templates, Some("县/模板".into()));
        assert_eq!(read.ledger, Some("县/去年/gaps.xlsx".into()));
    }

    #[test]
    fn a_source_that_no_input_fits_is_said() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), "").unwrap();
        let of = |inputs: &str| {
            let text = format!("inputs = [\"{inputs}\"]\n[[sources]]\nfile = \"b.csv\"\n");
            parse(&text, "run.toml", folder.path())
        };
        let Err(Error::Input(problems)) = of("a.csv") else { panic!("it is right") };
        assert_eq!(
            (problems[0].code, problems[0].place.cell.as_deref()),
            ("pipeline_source_unused", Some("2:1"))
        );
        assert!(of(".").is_ok());
    }

    #[test]
    fn every_pipeline_of_the_project_is_right() {
        for entry in std::fs::read_dir(crate::testing::project("pipelines")).unwrap().flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("shared") && crate::testing::shared("data").is_none() {
                continue;
            }
            let pipeline = load(&path);
            assert!(pipeline.is_ok_and(|p| !p.inputs.is_empty()), "{}", path.display());
        }
    }
}
