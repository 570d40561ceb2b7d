//! The entries that an office makes for a unit under a scoring standard: the rows of its scorebook, with the ids by
//! which a filled-in workbook and the arithmetic find them.

use std::collections::{HashMap, HashSet};

use super::{Adjustment, AdjustmentRule, Check, ConsequenceWhen, Item, Part, Rule, Standard, Text};
use crate::{number, words::Language};

/// One thing to be entered for every unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `27.2.count`, `6.late`, `50.check.urban`, `component.other`, `condition.1`: stable and unique in the standard.
    pub id: String,
    /// An index into the standard's items; `None` if it concerns the unit as a whole.
    pub item: Option<usize>,
    pub part: Option<usize>,
    /// The offices that enter it; empty if the document names none.
    pub offices: Vec<String>,
    pub what: What,
    pub value: Value,
    /// Whether the data may provide it instead.
    pub optional: bool,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// The office's mark.
    Score,
    /// Whether a threshold without a check is reached.
    Met,
    /// The value of a check (with [`Value::Count`]: the number of schools or sections that fail it), and its
    /// requirement if the document does not state it.
    CheckValue {
        check: String,
    },
    CheckRequired {
        check: String,
    },
    Element(String),
    Count(Text),
    Bonus,
    Fault,
    /// The tier the office chooses.
    Tier,
    /// A value to be compared, or a percentage.
    Value(Text),
    Direction,
    Level(Text),
    /// The entry of an adjustment.
    Adjustment(Text),
    /// The value of a component that is not made of items, 0–100.
    Component(Text),
    /// What the register of papers holds of a paper.
    Paper {
        title: Text,
        asked: PaperAsked,
    },
    /// Whether a fact is there from which something follows.
    Fact {
        consequence: Text,
        fact: Text,
    },
    /// Whether the condition of a grade holds for the unit.
    Condition {
        grade: Text,
        words: Text,
    },
}

/// What is entered for a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperAsked {
    /// Its due date, where the document gives none.
    Due,
    Received,
    Complete,
}

impl PaperAsked {
    /// As in the entry's id; its words are under `marking.paper.<id>`.
    pub fn id(self) -> &'static str {
        match self {
            PaperAsked::Due => "due",
            PaperAsked::Received => "received",
            PaperAsked::Complete => "complete",
        }
    }
}

/// The office of the entries of the register of papers (材料登记), which no document names.
pub const REGISTER: &str = "@papers";

/// The values that may be entered.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// From 0 to `most`; `None` for the points of the yearly index.
    Score {
        most: Option<f64>,
    },
    /// A non-negative integer.
    Count,
    YesNo,
    /// A day.
    Date,
    /// A non-negative number in this unit.
    Amount {
        unit: String,
    },
    /// Points taken off, halves too: 0, or from `least` up.
    Deduction {
        least: f64,
    },
    /// 0 to 100.
    Percent,
    /// One of these, from the best down: the names of the tiers if the document has names, otherwise their points.
    OneOf {
        points: Vec<f64>,
        names: Vec<String>,
    },
    /// 1 up, 0 the same, −1 down.
    Direction,
    /// 0, or from `least` to `most`.
    Range {
        least: f64,
        most: f64,
    },
}

impl Value {
    /// The choices of a tier by name, otherwise by points. Empty if no tier is chosen.
    pub fn tiers(&self) -> Vec<String> {
        let Value::OneOf { points, names } = self else { return Vec::new() };
        let label = |(k, points): (usize, &f64)| match names.get(k) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => number::calculated(Some(*points)),
        };
        points.iter().enumerate().map(label).collect()
    }
}

/// The entries of one office.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficeEntries {
    /// Empty if the document names none.
    pub office: String,
    pub entries: Vec<Entry>,
}

/// Offices in the order of their first mention, each with its entries; an entry of several offices is listed for each.
/// Entries without an office come last.
pub fn by_office(entries: &[Entry]) -> Vec<OfficeEntries> {
    let mut found: Vec<OfficeEntries> = Vec::new();
    let mut nobody = Vec::new();
    for entry in entries {
        if entry.offices.is_empty() {
            nobody.push(entry.clone());
        }
        for (k, office) in entry.offices.iter().enumerate() {
            match found.iter_mut().find(|one| one.office == *office) {
                // The office is named twice in one item.
                Some(_) if entry.offices.iter().take(k).any(|before| before == office) => {}
                Some(one) => one.entries.push(entry.clone()),
                None => {
                    found.push(OfficeEntries { office: office.clone(), entries: vec![entry.clone()] });
                }
            }
        }
    }
    if !nobody.is_empty() {
        found.push(OfficeEntries { office: String::new(), entries: nobody });
    }
    found
}

impl Entry {
    /// `27.2`, or the item's number for entries that are not of a part; the id of an entry of the register of papers;
    /// empty for the unit as a whole.
    pub fn number(&self, standard: &Standard) -> String {
        if let What::Paper { .. } = self.what {
            return self.id.clone();
        }
        let Some(item) = self.item.and_then(|item| standard.items.get(item)) else { return String::new() };
        let Rule::Scored { parts, .. } = &item.rule else { return item.id.clone() };
        match self.part.and_then(|part| parts.get(part)) {
            Some(part) => format!("{}.{}", item.id, part.id),
            None => item.id.clone(),
        }
    }

    /// A description in the document's words, one line per level: the item, the part, the detail. It distinguishes the
    /// entry from the others of its item, except those that only differ in what is asked for (a mark, a bonus, a
    /// fault).
    pub fn title(&self, standard: &Standard, language: Language) -> String {
        let mut lines: Vec<&str> = Vec::new();
        let mut checks: &[Check] = &[];
        if let Some(item) = self.item.and_then(|item| standard.items.get(item)) {
            lines.push(item.title.get(language));
            checks = item.checks();
            if let (Rule::Scored { parts, .. }, Some(part)) = (&item.rule, self.part)
                && let Some(part) = parts.get(part)
            {
                lines.push(&part.title);
            }
        }
        let check_title = |id: &String| checks.iter().find(|c| c.id == *id).map(|c| c.title.get(language));
        match &self.what {
            What::Element(element) => lines.push(element),
            What::Count(text)
            | What::Value(text)
            | What::Level(text)
            | What::Adjustment(text)
            | What::Component(text) => lines.push(text.get(language)),
            What::Paper { title, .. } => lines.push(title.get(language)),
            What::Fact { consequence, fact } => {
                lines.push(consequence.get(language));
                lines.push(fact.get(language));
            }
            What::CheckValue { check } | What::CheckRequired { check } => lines.extend(check_title(check)),
            What::Condition { grade, words } => {
                lines.push(grade.get(language));
                lines.push(words.get(language));
            }
            What::Score | What::Met | What::Bonus | What::Fault | What::Tier | What::Direction => {}
        }
        lines.retain(|line| !line.is_empty());
        lines.dedup();
        lines.join("\n")
    }
}

impl Standard {
    /// Whether points depend on a yearly index, which is entered beside the marks.
    pub fn has_yearly_points(&self) -> bool {
        self.items.iter().any(|item| matches!(item.rule, Rule::Scored { points: None, .. }))
    }

    /// The maximum of a score whose points depend on the yearly index, which gives its item `points`.
    pub fn most_of_the_year(&self, entry: &Entry, points: f64) -> Option<f64> {
        let Rule::Scored { parts, .. } = &self.items.get(entry.item?)?.rule else { return None };
        Some(parts.get(entry.part?)?.method.most_entered(&entry.what, points))
    }

    /// All entries for a unit, in the order of the items, with the current settings.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = self.all_entries();
        // Two parts may use the same check.
        let mut seen = HashSet::new();
        entries.retain(|entry| seen.insert(entry.id.clone()));
        entries
    }

    /// Ids that denote two different entries, each with the item of the second: what is entered for one would be taken
    /// for the other.
    pub(super) fn entries_twice(&self) -> Vec<(usize, String)> {
        let mut first: HashMap<String, Entry> = HashMap::new();
        let mut twice = Vec::new();
        for entry in self.all_entries() {
            match first.get(&entry.id) {
                Some(other) if (other.item, &other.what) != (entry.item, &entry.what) => {
                    twice.extend(entry.item.or(other.item).map(|item| (item, entry.id)));
                }
                Some(_) => {}
                None => drop(first.insert(entry.id.clone(), entry)),
            }
        }
        twice
    }

    fn all_entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let Rule::Scored { parts, adjustments, checks, .. } = &item.rule else { continue };
            for (k, part) in parts.iter().enumerate().filter(|(_, part)| self.in_force(&part.only)) {
                entries.extend(self.of_part((index, item), (k, part), checks));
            }
            // Values that are only shown beside a mark.
            let settled: Vec<&String> = parts.iter().flat_map(|part| part.method.checks()).collect();
            for check in checks.iter().filter(|c| self.in_force(&c.only) && !settled.contains(&&c.id)) {
                let whose = Whose { item: index, part: None, offices: &offices(item, parts) };
                entries.extend(self.of_check(item, check, &whose));
            }
            for adjustment in adjustments.iter().filter(|a| self.in_force(&a.only)) {
                entries.extend(of_adjustment(index, item, adjustment));
            }
        }
        for entry in &mut entries {
            // The date of receipt of a paper decides it; by hand it need not be entered.
            let adjusts = entry.part.is_none() && entry.value == Value::YesNo;
            entry.optional |= adjusts && self.filled_by_paper(&entry.id);
        }
        entries.extend(self.of_papers());
        let Some(scoring) = &self.scoring else { return entries };
        let whole = |id: String, what: What, value: Value| Entry {
            id,
            item: None,
            part: None,
            offices: Vec::new(),
            what,
            value,
            optional: false,
        };
        for component in scoring.components.iter().filter(|component| component.is_entered()) {
            let what = What::Component(component.title.clone());
            let entry = whole(format!("component.{}", component.id), what, Value::Percent);
            // Without a share for the year it is not weighed.
            entries.push(Entry { optional: component.share.is_none(), ..entry });
        }
        for (k, grade) in scoring.grades.iter().enumerate() {
            if let Some(words) = &grade.condition {
                let what = What::Condition { grade: grade.name.clone(), words: words.clone() };
                entries.push(whole(format!("condition.{k}"), what, Value::YesNo));
            }
        }
        entries
    }
}

impl Standard {
    /// The entries of the register of papers, and the facts from which something follows.
    fn of_papers(&self) -> Vec<Entry> {
        let entry = |id: String, what: What, value: Value, office: Option<&str>| Entry {
            id,
            item: None,
            part: None,
            offices: office.map(str::to_string).into_iter().collect(),
            what,
            value,
            optional: true,
        };
        let mut entries = Vec::new();
        for paper in self.papers_of_units() {
            let due = (!self.is_dated(paper)).then_some((PaperAsked::Due, Value::Date));
            let rest = [(PaperAsked::Received, Value::Date), (PaperAsked::Complete, Value::YesNo)];
            for (asked, value) in due.into_iter().chain(rest) {
                let what = What::Paper { title: paper.title.clone(), asked };
                entries.push(entry(
                    format!("paper.{}.{}", paper.id, asked.id()),
                    what,
                    value,
                    Some(REGISTER),
                ));
            }
        }
        for own in self.consequences.iter().filter(|_| self.units.is_some()) {
            if let ConsequenceWhen::Fact(fact) = &own.when {
                let what = What::Fact { consequence: own.title.clone(), fact: fact.clone() };
                entries.push(entry(format!("consequence.{}", own.id), what, Value::YesNo, None));
            }
        }
        entries
    }
}

struct Whose<'a> {
    item: usize,
    part: Option<usize>,
    offices: &'a [String],
}

impl Whose<'_> {
    fn entry(&self, id: String, what: What, value: Value, optional: bool) -> Entry {
        Entry {
            id,
            item: Some(self.item),
            part: self.part,
            offices: self.offices.to_vec(),
            what,
            value,
            optional,
        }
    }
}

/// The item's offices, or those of its parts.
fn offices(item: &Item, parts: &[Part]) -> Vec<String> {
    if !item.offices.is_empty() {
        return item.offices.clone();
    }
    let mut all: Vec<String> = parts.iter().flat_map(|part| part.offices.clone()).collect();
    let mut seen = HashSet::new();
    all.retain(|office| seen.insert(office.clone()));
    all
}

/// The entries of one part; its method adds to them.
pub struct PartEntries<'a> {
    pub standard: &'a Standard,
    part: &'a Part,
    /// `27.2`.
    id: String,
    whose: Whose<'a>,
    entries: Vec<Entry>,
}

impl PartEntries<'_> {
    /// The points of the part; `None` if they depend on the yearly index.
    pub fn points(&self) -> Option<f64> {
        self.part.points
    }

    /// The office's own mark; with `optional` only some units need it.
    pub fn score(&mut self, optional: bool) {
        let value = Value::Score { most: self.part.points };
        self.entries.push(self.whose.entry(self.id.clone(), What::Score, value, optional));
    }

    /// Adds an entry `27.2.<name>`.
    pub fn add(&mut self, name: &str, what: What, value: Value) {
        self.entries.push(self.whose.entry(format!("{}.{name}", self.id), what, value, false));
    }

    /// Adds an entry that only some units need, or that an office bases its choice on.
    pub fn add_optional(&mut self, name: &str, what: What, value: Value) {
        self.entries.push(self.whose.entry(format!("{}.{name}", self.id), what, value, true));
    }
}

impl Standard {
    fn of_part(
        &self,
        (index, item): (usize, &Item),
        (k, part): (usize, &Part),
        checks: &[Check],
    ) -> Vec<Entry> {
        let whose = Whose { item: index, part: Some(k), offices: &part.offices };
        let mut entries = Vec::new();
        for id in part.method.checks() {
            if let Some(check) = checks.iter().find(|check| check.id == *id) {
                entries.extend(self.of_check(item, check, &whose));
            }
        }
        let id = format!("{}.{}", item.id, part.id);
        let mut of_part = PartEntries { standard: self, part, id, whose, entries };
        part.method.entries(&mut of_part);
        of_part.entries
    }

    /// The entries of a check: its value, and its requirement if the standard has no number for it; for a check of many
    /// schools or sections, the number that fail it. Two parts may use the same check: its entries have the same ids.
    fn of_check(&self, item: &Item, check: &Check, whose: &Whose<'_>) -> Vec<Entry> {
        let id = format!("{}.check.{}", item.id, check.id);
        let amount = || Value::Amount { unit: check.unit.clone() };
        let what = What::CheckValue { check: check.id.clone() };
        if self.counts_rows(check) {
            return vec![whose.entry(id, what, Value::Count, true)];
        }
        let mut entries = vec![whose.entry(id.clone(), what, amount(), true)];
        let fixed = check.required.columns().is_empty() || !check.required_by_class.is_empty();
        if !fixed {
            let what = What::CheckRequired { check: check.id.clone() };
            entries.push(whose.entry(format!("{id}.required"), what, amount(), true));
        }
        entries
    }
}

fn of_adjustment(index: usize, item: &Item, adjustment: &Adjustment) -> Option<Entry> {
    let whose = Whose { item: index, part: None, offices: &adjustment.offices };
    let (what, value) = match &adjustment.rule {
        AdjustmentRule::Cap { .. } => return None,
        AdjustmentRule::Counted { counted, .. } => (What::Count(counted.clone()), Value::Count),
        AdjustmentRule::Range { least, most } => {
            (What::Adjustment(adjustment.title.clone()), Value::Range { least: *least, most: *most })
        }
        AdjustmentRule::Once { .. }
        | AdjustmentRule::Zero
        | AdjustmentRule::Precondition
        | AdjustmentRule::Veto => (What::Adjustment(adjustment.title.clone()), Value::YesNo),
    };
    Some(whose.entry(format!("{}.{}", item.id, adjustment.id), what, value, false))
}
