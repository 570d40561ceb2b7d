//! The ledger of a run. It continues the previous ledger (the one given, or the one that people filled in in the folder
//! of the result) and never replaces what people typed before it is safe elsewhere.

use std::path::{Path, PathBuf};

use super::{
    context::RunContext,
    screen,
    user_edits::{KEPT, is_ledger},
};
use crate::{
    gap::ledger::{self, Carried, Found, Scope},
    ingest::{
        self, Limits, Options,
        ledger::{Read, read},
    },
    number,
    problem::{Error, Level, Place, Problem, Result},
    report,
    standard::Standard,
    store::Folder,
    tables::{ledger::Ledger, provenance::Provenance},
    words::Words,
};

/// Bytes of the longest text that a cell of Excel holds: 32,767 UTF-16 units of at most 3 bytes.
const MAX_TEXT: usize = 3 * 32_767;

/// What a run wants of its ledgers.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub standards: &'a [&'a Standard],
    /// The file of `--ledger`.
    pub asked: Option<&'a Path>,
    /// The folder of the result, as the user named it.
    pub out: &'a Path,
    pub options: &'a Options,
    /// Whether ledgers are written at all.
    pub written: bool,
}

/// What a run found for the ledger of one standard, and the ledger's name in the folder of the result.
pub struct Covered<'a> {
    pub standard: &'a Standard,
    pub scope: Scope,
    pub found: Vec<Found>,
    pub name: String,
}

/// The previous ledgers, read before anything is judged.
pub struct Last {
    asked: Option<(PathBuf, Read)>,
    previous: Vec<PreviousLedger>,
}

/// A `gaps.xlsx` of an earlier run in the folder of this run.
struct PreviousLedger {
    /// `gaps.xlsx`, `daxiang/gaps.xlsx`.
    name: String,
    shown: String,
    /// `None` if it is not a ledger, or cannot be read.
    read: Option<Read>,
    asked: bool,
    /// The file differs from what was written, so somebody has saved it since. This is the only trace of edits that are
    /// not read, such as notes, colours, formulas and the summary.
    touched: bool,
}

impl PreviousLedger {
    /// Whether people work with this ledger: they saved it, typed in it, or it continues another.
    fn is_in_use(&self) -> bool {
        self.asked || self.touched || self.read.as_ref().is_none_or(|read| read.typed || read.ledger.carried)
    }
}

impl Last {
    /// Reads the file of `--ledger`, and every `gaps.xlsx` of the earlier run.
    ///
    /// # Errors
    /// The file of `--ledger` is not a ledger, or belongs to another standard.
    pub fn read(wanted: Wanted, context: &RunContext, words: &Words) -> Result<Last> {
        let Wanted { standards, options, .. } = wanted;
        // People write whole reports into a cell, so texts up to Excel's limit are accepted.
        let text = options.limits.text.max(MAX_TEXT);
        let limits = Limits { text, ..options.limits };
        let read_at = |path: &Path, shown: &str| read(path, shown, standards, &limits, words);
        let mut asked = None;
        if let Some(path) = wanted.asked {
            let shown = ingest::shown(&[path.to_path_buf()]).concat();
            let read = read_at(path, &shown)?;
            if !standards.iter().any(|standard| standard.id == read.ledger.standard) {
                let ids: Vec<&str> = standards.iter().map(|standard| standard.id.as_str()).collect();
                let found = Some(read.ledger.standard.as_str()).filter(|id| !id.is_empty()).unwrap_or("?");
                let problem = Problem::error("ledger_other_standard", Place::file(shown));
                return Err(problem.with("found", found).list("asked", ids).into());
            }
            asked = Some((path.to_path_buf(), read));
        }
        let real = asked.as_ref().and_then(|(path, _)| path.canonicalize().ok());
        let mut previous = Vec::new();
        let run = &context.previous.0;
        for name in run.files.iter().filter(|name| is_ledger(name)) {
            let path = context.folder.target().join(name);
            let Some(touched) = run.is_edited(name, &path)? else { continue };
            let shown = ingest::shown(&[wanted.out.join(name)]).concat();
            let is_asked = real.is_some() && path.canonicalize().ok() == real;
            let read = if is_asked {
                asked.as_ref().map(|(_, read)| read.clone())
            } else {
                match read_at(&path, &shown) {
                    Ok(read) => Some(read),
                    Err(Error::Input(_)) => None,
                    Err(other) => return Err(other),
                }
            };
            previous.push(PreviousLedger { name: name.clone(), shown, read, asked: is_asked, touched });
        }
        Ok(Last { asked, previous })
    }

    /// For a run that writes no ledger: ledgers in use stay where they are.
    pub fn leave(self, folder: &mut Folder) {
        for ledger in self.previous.iter().filter(|ledger| ledger.is_in_use()) {
            folder.retain(&ledger.name);
        }
    }
}

/// The ledgers of a run, by standard.
pub struct Ledgers {
    /// The standard's id, the ledger and its name in the folder of the result.
    carried: Vec<(String, Carried, Scope, String)>,
    findings: Vec<Problem>,
    /// Messages about them for the screen.
    said: Vec<String>,
}

/// Continues the ledger of every standard; a ledger that people filled in and this run would replace is kept.
pub fn carry(
    last: Last,
    wanted: Wanted,
    covered: Vec<Covered>,
    made: &Provenance,
    folder: &mut Folder,
    words: &Words,
) -> Result<Ledgers> {
    let mut ledgers = Ledgers { carried: Vec::new(), findings: Vec::new(), said: Vec::new() };
    if !wanted.written {
        last.leave(folder);
        return Ok(ledgers);
    }
    let mut taken: Vec<Option<Read>> = Vec::new();
    let Last { mut asked, previous } = last;
    for Covered { standard, scope, .. } in &covered {
        let is_mine = |read: &Read| read.ledger.standard == standard.id;
        let mut mine = None;
        if let Some((path, read)) = asked.take_if(|(_, read)| is_mine(read)) {
            if let Some(found) = elsewhere(&read.ledger, scope) {
                let seen: Vec<&str> = scope.districts.keys().take(5).map(String::as_str).collect();
                let problem =
                    Problem::error("ledger_other_district", Place::file(path.display().to_string()));
                return Err(problem.with("found", found).list("seen", seen).into());
            }
            ledgers.said.push(words.fill("ledger.went_on", &[("file", path.display().to_string())]));
            mine = Some(read);
        }
        let fits = |ledger: &&PreviousLedger| {
            let read = ledger.read.as_ref().filter(|read| is_mine(read));
            ledger.is_in_use() && read.is_some_and(|read| elsewhere(&read.ledger, scope).is_none())
        };
        if mine.is_none()
            && let Some(found) = previous.iter().find(fits)
        {
            let key = if found.touched || found.read.as_ref().is_some_and(|r| r.typed) {
                "ledger.went_on_unasked"
            } else {
                "ledger.went_on"
            };
            ledgers.said.push(words.fill(key, &[("file", found.shown.clone())]));
            mine = found.read.clone();
        }
        taken.push(mine);
    }
    let written: Vec<&String> = covered.iter().map(|covered| &covered.name).collect();
    for ledger in previous.iter().filter(|ledger| ledger.is_in_use()) {
        if !written.contains(&&ledger.name) {
            folder.retain(&ledger.name);
            continue;
        }
        // A ledger that was continued and not edited since is wholly contained in the new one. Notes, colours and
        // formulas are not, so every edited ledger is kept as it is.
        let is_taken = |read: &Read| taken.iter().flatten().any(|taken| taken.ledger == read.ledger);
        if !ledger.touched && ledger.read.as_ref().is_some_and(|read| !read.typed && is_taken(read)) {
            continue;
        }
        let kept = folder.keep(&ledger.name, KEPT)?;
        let args = [("file", ledger.shown.clone()), ("kept", kept)];
        ledgers.said.push(words.fill("ledger.kept", &args));
    }
    let several = covered.len() > 1;
    for (Covered { standard, scope, found, name }, read) in covered.into_iter().zip(taken) {
        let (last, mut findings) = read.map_or((None, Vec::new()), |read| (Some(read.ledger), read.findings));
        let carried = ledger::carry(last, found, &scope, (standard, made.date), words);
        findings.extend(carried.findings.iter().cloned());
        ledgers.findings.append(&mut findings);
        let counted = counted(&carried, words);
        ledgers.said.push(match several {
            true => format!("{}: {counted}", standard.id),
            false => counted,
        });
        ledgers.carried.push((standard.id.clone(), carried, scope, name));
    }
    if wanted.options.strict && ledgers.findings.iter().any(|problem| problem.level >= Level::Warning) {
        ledgers.findings.iter_mut().for_each(|problem| problem.level = Level::Error);
        return Err(Error::Input(ledgers.findings));
    }
    Ok(ledgers)
}

/// The districts of a ledger, if none of them is in the run.
fn elsewhere(ledger: &Ledger, scope: &Scope) -> Option<String> {
    let mut districts: Vec<&str> =
        ledger.entries.iter().filter_map(|entry| Some(entry.key.as_ref()?.district.as_str())).collect();
    districts.sort_unstable();
    districts.dedup();
    let none = !districts.is_empty() && !districts.iter().any(|code| scope.districts.contains_key(*code));
    none.then(|| districts.into_iter().take(5).collect::<Vec<_>>().join("、"))
}

fn counted(carried: &Carried, words: &Words) -> String {
    let counts = carried.counts.by_name();
    words.fill("ledger.screen", &counts.map(|(name, count)| (name, number::count(count as i64))))
}

impl Ledgers {
    pub fn findings(&self) -> Vec<Problem> {
        self.findings.clone()
    }

    pub fn said(&self) -> Vec<String> {
        self.said.clone()
    }

    /// Lines for the screen.
    pub fn shown(&self, words: &Words) -> String {
        let mut lines = Vec::new();
        if !self.said.is_empty() {
            lines.push(screen::heading(&words.say("ledger.title")));
        }
        lines.extend(self.said.iter().flat_map(|line| screen::wrap(line, "  ", screen::WIDTH)));
        lines.join("\n")
    }

    /// The ledger of `standard`, if there is one.
    pub fn of(&self, standard: &Standard) -> Option<&Carried> {
        self.carried.iter().find(|(id, ..)| *id == standard.id).map(|(_, carried, ..)| carried)
    }

    /// Writes the ledger of `standard`, if there is one.
    pub fn write(
        &self,
        folder: &mut Folder,
        standard: &Standard,
        made: &Provenance,
        words: &Words,
    ) -> Result<()> {
        let Some((_, carried, scope, name)) = self.carried.iter().find(|(id, ..)| *id == standard.id) else {
            return Ok(());
        };
        let of = report::ledger::LedgerReport { carried, scope, standard, made, words };
        folder.put(name, &report::ledger::write(&of)?)
    }
}
