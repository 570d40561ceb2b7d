//! Merges all workbooks: what they were made for, the points of the year, and the marks, each once.

use std::collections::{BTreeMap, HashMap};

use super::{find::Found, roster::Roster, values};
use crate::{
    ingest::sheet::{Cell, Sheet},
    problem::{Place, Problem},
    standard::{
        Standard,
        entry::{Entry, OfficeEntries, REGISTER, Value, by_office},
        stages::unstaged,
    },
    tables::{
        marks::{Entered, Mark, Marks, Reason, SelfMark, SelfReport},
        scorebook::{Anchor, Kind},
    },
    words::Words,
};

struct Removed {
    file: Place,
    sheet: String,
    office: String,
    kind: Kind,
}

/// Unit, item, part and adjustment.
type About = (usize, usize, Option<usize>, Option<usize>);

pub struct Reading<'a> {
    pub standard: &'a Standard,
    pub catalogues: &'a [Words],
    /// By id.
    pub entries: BTreeMap<String, Entry>,
    pub offices: Vec<OfficeEntries>,
    pub roster: Roster,
    /// The year, and the place of the sheet that named it first.
    year: Option<(i32, Place)>,
    pub yearly_points: BTreeMap<String, (f64, Place)>,
    /// 各来源所占比例 as entered, by the id of the source.
    pub shares: BTreeMap<String, (f64, Place)>,
    pub asked: BTreeMap<String, Vec<String>>,
    /// The units that the hidden sheet of each file lists.
    listed: BTreeMap<String, Vec<usize>>,
    /// Sheets that the hidden sheet of their workbook lists and that are no longer in it.
    removed: Vec<Removed>,
    marks: Vec<Mark>,
    pub self_marks: Vec<SelfMark>,
    pub self_reports: Vec<SelfReport>,
    reasons: Vec<Reason>,
    /// What they are about → indices into `reasons`.
    told: HashMap<About, Vec<usize>>,
    /// Unit and entry → index into `marks`.
    made: HashMap<(usize, String), usize>,
    pub problems: Vec<Problem>,
    /// Notes and warnings.
    pub findings: Vec<Problem>,
}

impl<'a> Reading<'a> {
    pub fn new(standard: &'a Standard, catalogues: &'a [Words]) -> Reading<'a> {
        let entries = standard.entries();
        Reading {
            standard,
            catalogues,
            offices: by_office(&entries),
            entries: entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect(),
            roster: Roster::default(),
            year: None,
            yearly_points: BTreeMap::new(),
            shares: BTreeMap::new(),
            asked: BTreeMap::new(),
            listed: BTreeMap::new(),
            removed: Vec::new(),
            marks: Vec::new(),
            self_marks: Vec::new(),
            self_reports: Vec::new(),
            reasons: Vec::new(),
            told: HashMap::new(),
            made: HashMap::new(),
            problems: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The sheets of one file that belong to this standard.
    pub fn file<'s>(&mut self, sheets: &'s [Sheet]) -> Vec<Found<'s>> {
        let mut ours: Vec<Found> = Vec::new();
        let mut told: Vec<Anchor> = Vec::new();
        let found: Vec<Found> = sheets.iter().filter_map(Found::of).collect();
        let visible = found.iter().any(|found| !found.anchor.kind.is_memory());
        if !visible && let Some(first) = sheets.first() {
            let problem = Problem::error("marks_none", Place::file(&first.file));
            self.problems.push(problem.with("standard", &self.standard.id));
        }
        let mut remembered = Vec::new();
        for found in found {
            // Problems of a whole workbook are reported once.
            let same = Anchor { office: String::new(), kind: Kind::Memory, ..found.anchor.clone() };
            let new = !told.contains(&same);
            if new {
                told.push(same);
            }
            if !self.is_ours(&found, new) {
                continue;
            }
            self.units_of(&found);
            match found.anchor.kind {
                Kind::Memory | Kind::SelfMemory => remembered.push((found.anchor.kind, found.sheet)),
                _ => ours.push(found),
            }
        }
        // A sheet that still exists but lost its hidden keys.
        let lines =
            remembered.iter().flat_map(|(kind, sheet)| sheet.rows.iter().map(move |row| (*kind, row)));
        for (kind, line) in lines {
            if said(line.get(0)) != "sheet" {
                continue;
            }
            let name = said(line.get(1));
            let there = sheets.iter().find(|sheet| sheet.name.trim() == name);
            match there {
                Some(there) if Found::of(there).is_none() => {
                    let place = Place::sheet(&there.file, &there.name);
                    self.problems.push(Problem::error("marks_keys_lost", place).with("sheet", name));
                }
                Some(_) => {}
                None if kind == Kind::SelfMemory => {
                    let place = Place::file(sheets.first().map_or("", |sheet| &sheet.file));
                    self.findings.push(Problem::warning("self_sheet_removed", place).with("sheet", name));
                }
                None => {
                    let file = sheets.first().map_or("", |sheet| &sheet.file);
                    // Only a sheet of another kind than an office's names its kind.
                    let kind =
                        if said(line.get(3)) == Kind::Reasons.id() { Kind::Reasons } else { Kind::Office };
                    let (file, office) = (Place::file(file), said(line.get(2)));
                    self.removed.push(Removed { file, sheet: name, office, kind });
                }
            }
        }
        ours
    }

    /// A warning about every sheet that was removed from its workbook and is in no other: its marks or reasons are lost.
    /// `found` are the sheets that were read, whatever they are called now.
    pub fn sheets_removed(&mut self, found: &[Found]) {
        for removed in std::mem::take(&mut self.removed) {
            let is =
                |found: &Found| found.anchor.kind == removed.kind && found.anchor.office == removed.office;
            if !found.iter().any(is) {
                let code = match removed.kind {
                    Kind::Reasons => "marks_reasons_removed",
                    _ => "marks_sheet_removed",
                };
                self.findings.push(Problem::warning(code, removed.file).with("sheet", removed.sheet));
            }
        }
    }

    /// The units that the workbook of a sheet was made for, if its hidden sheet is still there.
    pub fn units_listed(&self, found: &Found) -> &[usize] {
        self.listed.get(&found.sheet.file).map_or(&[], Vec::as_slice)
    }

    /// Whether a sheet belongs to this standard with the chosen settings.
    fn is_ours(&mut self, found: &Found, new: bool) -> bool {
        let (anchor, standard) = (&found.anchor, self.standard);
        let wrong = |code, found_text: &str, expected: &str| {
            Problem::error(code, found.sheet_place()).with("found", found_text).with("expected", expected)
        };
        if anchor.standard != standard.id {
            if new {
                self.problems.push(wrong("marks_other_standard", &anchor.standard, &standard.id));
            }
            return false;
        }
        if anchor.version != standard.version {
            if new {
                let problem = wrong("marks_other_version", &anchor.version, &standard.version);
                self.problems.push(problem.with("standard", &standard.id));
            }
            return false;
        }
        if !self.settings(found, new) {
            return false;
        }
        if !anchor.stage.is_empty() && !standard.stages().contains(&anchor.stage.as_str()) {
            if new {
                self.problems.push(wrong("marks_other_stage", &anchor.stage, &standard.stages().join("、")));
            }
            return false;
        }
        if let Some(year) = anchor.year {
            match &self.year {
                None => self.year = Some((year, found.sheet_place())),
                Some((first, place)) if *first != year => {
                    if new {
                        let problem = wrong("marks_years", &year.to_string(), &first.to_string());
                        self.problems.push(problem.with("first", place));
                    }
                }
                Some(_) => {}
            }
        }
        true
    }

    /// Whether the sheet can be read with these settings. A setting that changes what is entered must agree, or rows
    /// would be confused; one that only changes the arithmetic is reported. `new`: nothing has been reported of its
    /// workbook yet.
    fn settings(&mut self, found: &Found, new: bool) -> bool {
        let mut theirs = self.standard.clone();
        let mut differing = Vec::new();
        for setting in &mut theirs.settings {
            let Some((_, value)) = found.anchor.settings.iter().find(|(id, _)| *id == setting.id) else {
                continue;
            };
            if *value != setting.value {
                differing.push((setting.id.clone(), value.clone(), setting.value.clone()));
                setting.value.clone_from(value);
            }
        }
        if differing.is_empty() {
            return true;
        }
        let entries = theirs.entries();
        let same = entries.len() == self.entries.len()
            && entries.iter().all(|entry| self.entries.get(&entry.id) == Some(entry));
        if !new {
            return same;
        }
        for (setting, value, chosen) in differing {
            // The same note about every workbook is reported once.
            let is = |problem: &Problem| {
                let has = |key, value: &str| problem.args.iter().any(|(k, v)| *k == key && v == value);
                problem.code == "marks_settings_told" && has("setting", &setting) && has("found", &value)
            };
            if same && self.findings.iter().any(is) {
                continue;
            }
            let problem = match same {
                true => Problem::note("marks_settings_told", found.sheet_place()),
                false => Problem::error("marks_other_settings", found.sheet_place()),
            };
            let problem = problem.with("setting", setting).with("found", value).with("expected", chosen);
            let problems = if same { &mut self.findings } else { &mut self.problems };
            problems.push(problem);
        }
        same
    }

    /// Adds the units of the hidden sheet, and of the hidden row of an office's sheet.
    fn units_of(&mut self, found: &Found) {
        for row in &found.sheet.rows {
            let of_memory = found.anchor.kind == Kind::Memory && said(row.get(0)) == "unit";
            if !of_memory && (row.index != found.row || found.anchor.kind != Kind::Office) {
                continue;
            }
            for (column, cell) in &row.cells {
                if let Cell::Text(text) = cell {
                    let place = found.place(row.index, *column);
                    let unit = self.roster.hidden(text, &place, &mut self.problems);
                    if of_memory {
                        self.listed.entry(found.sheet.file.clone()).or_default().extend(unit);
                    }
                }
            }
        }
    }

    /// The maximum of an entry by the points of the year; `None` if they are not entered, or if the entry has bounds of
    /// its own.
    pub fn yearly_points_of(&self, entry: &Entry) -> Option<f64> {
        let Value::Score { most: None } = entry.value else { return None };
        let item = self.standard.items.get(entry.item?)?;
        let (points, _) = self.yearly_points.get(&item.id)?;
        self.standard.most_of_the_year(entry, *points)
    }

    /// `27.2 义教招生`, for messages.
    pub fn label(&self, entry: &Entry) -> String {
        let language = self.catalogues.first().map(|words| words.language).unwrap_or_default();
        let title = entry.title(self.standard, language).lines().collect::<Vec<_>>().join(" ");
        let title: String = match title.chars().count() > 40 {
            true => title.chars().take(40).chain("…".chars()).collect(),
            false => title,
        };
        format!("{} {title}", entry.number(self.standard)).trim().to_string()
    }

    /// Adds a mark. Of two equal marks the first is kept; two that differ are an error that shows both.
    pub fn mark(&mut self, mark: Mark) {
        let key = (mark.unit, mark.entry.clone());
        let Some(first) = self.made.get(&key).and_then(|at| self.marks.get(*at)) else {
            self.made.insert(key, self.marks.len());
            self.marks.push(mark);
            return;
        };
        if same(first.entered, mark.entered) {
            return;
        }
        let code = if first.office == mark.office { "marks_two_values" } else { "marks_two_offices" };
        let item =
            self.entries.get(unstaged(&mark.entry).0).map(|entry| self.label(entry)).unwrap_or_default();
        let problem = Problem::error(code, mark.place.clone())
            .with("item", item)
            .with("unit", self.roster.name(mark.unit))
            .with("office", self.office(&mark.office))
            .with("found", self.shown(mark.entered))
            .with("first", &first.place)
            .with("first_office", self.office(&first.office))
            .with("expected", self.shown(first.entered));
        self.problems.push(problem);
    }

    /// Adds a reason; the same reason of two copies of a sheet is kept once.
    pub fn reason(&mut self, reason: Reason) {
        // A list of thousands is compared only with what was said about the same thing.
        let about = (reason.unit, reason.item, reason.part, reason.adjustment);
        let said = self.told.entry(about).or_default();
        let same = |at: &usize| self.reasons.get(*at).is_some_and(|one| one.says_the_same(&reason));
        if !said.iter().any(same) {
            said.push(self.reasons.len());
            self.reasons.push(reason);
        }
    }

    /// Gives a figure of the district, which is entered once, to every unit that it concerns; two that differ are an
    /// error that shows both cells.
    fn share(&mut self) {
        let standard = self.standard;
        let shared: Vec<Entry> = self
            .entries
            .values()
            .filter(|entry| standard.is_shared(entry))
            .map(|entry| (*entry).clone())
            .collect();
        for entry in &shared {
            let mut made = self.marks.iter().filter(|mark| mark.entry == entry.id);
            let Some(first) = made.next().cloned() else { continue };
            if let Some(other) = made.find(|mark| !same(mark.entered, first.entered)) {
                let problem = Problem::error("marks_shared_differ", other.place.clone())
                    .with("item", self.label(entry))
                    .with("found", self.shown(other.entered))
                    .with("expected", self.shown(first.entered))
                    .with("first", &first.place);
                self.problems.push(problem);
                continue;
            }
            for (unit, of) in self.roster.units.clone().iter().enumerate() {
                if standard.concerns(entry, |name| of.is_called(name)) {
                    self.mark(Mark { unit, ..first.clone() });
                }
            }
        }
    }

    fn office(&self, office: &str) -> String {
        match self.catalogues.first() {
            Some(words) if office.is_empty() => words.say("marking.nobody"),
            Some(words) if office == REGISTER => words.say("marking.register"),
            _ => office.to_string(),
        }
    }

    fn shown(&self, entered: Entered) -> String {
        let say = |key: &str| {
            let words = self.catalogues.first();
            words.map_or_else(|| key.to_string(), |words| words.say(&format!("marking.{key}")))
        };
        match entered {
            Entered::Number(number) => crate::number::calculated(Some(number)),
            Entered::Truth(yes) => say(if yes { "yes" } else { "no" }),
            Entered::Direction(way) => say(match way {
                1 => "up",
                -1 => "down",
                _ => "flat",
            }),
            Entered::Date(day) => day.to_string(),
        }
    }

    /// Completes the reading. `year` is the requested year: workbooks of another year are not this year's scores.
    pub fn finish(mut self, year: Option<i32>, files: Vec<(String, String)>) -> (Marks, Vec<Problem>) {
        if let (Some(asked), Some((written, place))) = (year, &self.year)
            && asked != *written
        {
            let problem = Problem::error("marks_year_asked", place.clone());
            self.problems.push(problem.with("found", written).with("expected", asked));
        }
        self.share();
        let marks = Marks {
            standard: self.standard.id.clone(),
            year: self.year.map(|(year, _)| year).or(year),
            units: self.roster.units,
            marks: self.marks,
            self_marks: self.self_marks,
            self_reports: self.self_reports,
            reasons: self.reasons,
            yearly_points: self.yearly_points,
            shares: self.shares,
            asked: self.asked,
            files,
            findings: self.findings,
        };
        (marks, self.problems)
    }
}

fn same(a: Entered, b: Entered) -> bool {
    match (a, b) {
        (Entered::Number(a), Entered::Number(b)) => (a - b).abs() <= values::DUST,
        (a, b) => a == b,
    }
}

pub fn said(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_string(),
        Cell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
