//! Updates the 整改台账 (rectification ledger) over time: solved gaps are closed with a date (销号), new ones are added,
//! returning ones are marked, and the users' own entries are kept. Pure: `ingest` reads the workbook, `report` writes
//! it.

pub mod due;
pub mod found;
pub mod rectification;
pub mod scored;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

pub use found::{Found, Scope, found};

use crate::{
    problem::{Place, Problem},
    standard::Standard,
    tables::ledger::{Column, Entry, Field, Key, Ledger, Say, State, Value},
    words::Words,
};

/// What one run changed, and the state of the ledger after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub entries: usize,
    pub open: usize,
    pub closed: usize,
    pub overdue: usize,
    /// Open again after having been closed.
    pub back: usize,
    pub new_now: usize,
    pub closed_now: usize,
    pub back_now: usize,
}

impl Counts {
    /// Every count with its name in the catalogues, in the order in which they are shown.
    pub fn by_name(&self) -> [(&'static str, usize); 8] {
        [
            ("entries", self.entries),
            ("open", self.open),
            ("overdue", self.overdue),
            ("back", self.back),
            ("closed", self.closed),
            ("new_now", self.new_now),
            ("closed_now", self.closed_now),
            ("back_now", self.back_now),
        ]
    }
}

/// The ledger after a run.
#[derive(Debug, Clone)]
pub struct Carried {
    pub ledger: Ledger,
    pub counts: Counts,
    pub findings: Vec<Problem>,
}

/// The maximum number of schools or districts that a finding names.
const MAX_NAMES: usize = 5;

/// Updates `last` with the gaps of a run made on `date`; without a previous ledger, starts a new one.
///
/// Gaps are identified by district, school, section, item and check ([`Key`]); a school whose code changed is
/// identified by its name. Entries of a district or school that is not in the data are kept unchanged. The update is
/// idempotent.
pub fn carry(
    last: Option<Ledger>,
    gaps: Vec<Found>,
    scope: &Scope,
    (standard, date): (&Standard, NaiveDate),
    words: &Words,
) -> Carried {
    let carried = last.is_some();
    let mut ledger = last.unwrap_or_default();
    ledger.standard = standard.id.clone();
    ledger.version = standard.version.clone();
    ledger.date = Some(date);
    ledger.carried = carried;
    let mut findings = older_data(&ledger, scope);
    renamed(&mut ledger, &gaps, scope);

    let mut counts = Counts::default();
    let by_key: HashMap<&Key, &Found> = gaps.iter().map(|gap| (&gap.key, gap)).collect();
    let mut known: HashSet<Key> = HashSet::new();
    let mut not_in_data: BTreeMap<String, usize> = BTreeMap::new();
    let mut unproved: Vec<u64> = Vec::new();
    for entry in &mut ledger.entries {
        let gap = match &entry.key {
            Some(key) if known.insert(key.clone()) => by_key.get(key).copied(),
            // The key occurs twice: the second line was added by a user.
            Some(_) => {
                entry.key = None;
                None
            }
            None => None,
        };
        if entry.key.is_none()
            && entry.state == State::Closed
            && entry.marked.is_some_and(|m| m != State::Closed)
        {
            reopen(entry, words);
        }
        let was_closed = is_closed(entry);
        match gap {
            Some(gap) => {
                if was_closed && scope.evidence_closes && entry.value(Field::Evidence).is_some() {
                    close(entry, date);
                } else if was_closed {
                    if scope.evidence_closes {
                        unproved.push(entry.number);
                    }
                    reopen(entry, words);
                    counts.back_now += 1;
                }
                refresh(entry, gap, words);
            }
            None if was_closed => close(entry, date),
            None => match entry.key.as_ref().map(|key| solved(key, scope)) {
                Some(true) => {
                    close(entry, date);
                    counts.closed_now += 1;
                    // The first result stays beside the new one.
                    let now = entry.key.as_ref().and_then(|key| scope.resolved.get(key));
                    for (field, value) in now.into_iter().flatten() {
                        entry.put(*field, Some(value.clone()));
                    }
                }
                Some(false) => {
                    let who = entry.text_or_empty(Field::School);
                    *not_in_data.entry(who).or_default() += 1;
                }
                None => {}
            },
        }
    }
    let last = ledger.entries.iter().map(|entry| entry.number).max().unwrap_or(0);
    for (number, gap) in (last + 1..).zip(gaps.iter().filter(|gap| !known.contains(&gap.key))) {
        counts.new_now += 1;
        let mut entry = Entry { number, key: Some(gap.key.clone()), ..Entry::default() };
        refresh(&mut entry, gap, words);
        entry.put(Field::Found, Some(Value::Date(date)));
        entry.put(Field::First, entry.value(Field::Current).cloned());
        ledger.entries.push(entry);
    }
    ledger.entries.sort_by_key(|entry| entry.number);
    for entry in &mut ledger.entries {
        update_status(entry, date, words);
        counts.entries += 1;
        counts.open += usize::from(entry.state != State::Closed);
        counts.closed += usize::from(entry.state == State::Closed);
        counts.overdue += usize::from(entry.state.is_overdue());
        counts.back += usize::from(entry.state.is_back());
    }
    if !not_in_data.is_empty() {
        let entries: usize = not_in_data.values().sum();
        let mut names: Vec<&str> = not_in_data.keys().take(MAX_NAMES).map(String::as_str).collect();
        if not_in_data.len() > MAX_NAMES {
            names.push("…");
        }
        let problem = Problem::warning("ledger_not_in_data", Place::default());
        findings.push(problem.with("count", entries).list("names", names));
    }
    if !unproved.is_empty() {
        let problem = Problem::warning("ledger_closed_unproved", Place::default());
        findings.push(problem.list("numbers", unproved));
    }
    Carried { ledger, counts, findings }
}

/// Data of an earlier year than the ledger's would close new entries and reopen solved ones.
fn older_data(ledger: &Ledger, scope: &Scope) -> Vec<Problem> {
    let mut newest: BTreeMap<&str, i32> = BTreeMap::new();
    for entry in &ledger.entries {
        if let (Some(key), Some(Value::Number(year))) = (&entry.key, entry.value(Field::Year)) {
            let newest = newest.entry(&key.district).or_insert(*year as i32);
            *newest = (*newest).max(*year as i32);
        }
    }
    let older = |(district, year): (&str, i32)| {
        let seen = scope.districts.get(district).filter(|seen| seen.year < year)?;
        let problem = Problem::warning("ledger_older_data", Place::default());
        Some(problem.with("district", district).with("found", seen.year).with("last", year))
    };
    newest.into_iter().filter_map(older).collect()
}

/// Entries of schools whose code has disappeared take the key of the gap with the same name that agrees in everything
/// else.
fn renamed(ledger: &mut Ledger, gaps: &[Found], scope: &Scope) {
    let known: HashSet<&Key> = ledger.entries.iter().filter_map(|entry| entry.key.as_ref()).collect();
    let without_code = |key: &Key| Key { school: String::new(), ..key.clone() };
    let mut by_name: HashMap<(Key, String), Option<Key>> = HashMap::new();
    for gap in gaps.iter().filter(|gap| !gap.key.school.is_empty() && !known.contains(&gap.key)) {
        let name = gap.cells.iter().find(|(field, _)| *field == Field::School);
        let name = name.map(|(_, value)| value.shown()).unwrap_or_default();
        by_name
            .entry((without_code(&gap.key), name))
            .and_modify(|several| *several = None)
            .or_insert_with(|| Some(gap.key.clone()));
    }
    for entry in &mut ledger.entries {
        let name = entry.text_or_empty(Field::School);
        let Some(key) = entry.key.as_mut().filter(|key| !key.school.is_empty()) else { continue };
        let seen = scope.districts.get(&key.district);
        if seen.is_some_and(|seen| !seen.schools.contains(&key.school))
            && let Some(new) = by_name.get_mut(&(without_code(key), name)).and_then(Option::take)
        {
            *key = new;
        }
    }
}

/// A gap that no longer exists is solved, if the run covers its district and school.
fn solved(key: &Key, scope: &Scope) -> bool {
    let seen = scope.districts.get(&key.district);
    let unknown = scope.unknown.contains(&(key.district.clone(), key.item.clone()));
    !unknown && seen.is_some_and(|seen| key.school.is_empty() || seen.schools.contains(&key.school))
}

fn is_closed(entry: &Entry) -> bool {
    entry.value(Field::Closed).is_some() || entry.marked.unwrap_or(entry.state) == State::Closed
}

/// Closes an entry with the date of the run, unless users wrote one.
fn close(entry: &mut Entry, date: NaiveDate) {
    if entry.value(Field::Closed).is_none() {
        entry.put(Field::Closed, Some(Value::Date(date)));
    }
}

/// Reopens an entry and keeps the earlier closing visible.
fn reopen(entry: &mut Entry, words: &Words) {
    let closed = entry.text_or_empty(Field::Closed);
    let closed = if closed.is_empty() { words.say("ledger.no_date") } else { closed };
    let earlier = entry.text_or_empty(Field::Earlier);
    let all = if earlier.is_empty() { closed } else { format!("{earlier}、{closed}") };
    entry.put(Field::Earlier, Some(Value::Text(all)));
    entry.put(Field::Closed, None);
    entry.state = State::Back;
    entry.marked = None;
}

/// Updates the run's values. A value that a user wrote over one of them is moved to the note.
fn refresh(entry: &mut Entry, gap: &Found, words: &Words) {
    entry.key = Some(gap.key.clone());
    for field in Field::ALL {
        let of_run =
            |say| say != Say::People && !matches!(field, Field::Found | Field::First | Field::Earlier);
        if !of_run(field.say()) || matches!(field, Field::Number | Field::Status) {
            continue;
        }
        let value = gap.cells.iter().find(|(f, _)| *f == field).map(|(_, value)| value.clone());
        if entry.typed.contains(&field) {
            if field.say() == Say::Offered {
                // A user who wrote the same value has not overruled the program.
                if value.is_some() && value.as_ref().zip(entry.value(field)).is_some_and(|(a, b)| a.same(b)) {
                    entry.typed.remove(&field);
                }
                continue;
            }
            set_aside(entry, field, value.as_ref(), words);
        }
        entry.put(field, value);
    }
}

/// Moves a user's text in a column that the program fills to the note.
fn set_aside(entry: &mut Entry, field: Field, instead: Option<&Value>, words: &Words) {
    entry.typed.remove(&field);
    let column = Column::Known(field);
    let Some(written) = entry.cells.remove(&column) else { return };
    if instead.is_some_and(|value| value.same(&written)) {
        return;
    }
    let args =
        [("column", words.say(&format!("ledger.column.{}", field.id()))), ("written", written.shown())];
    let line = words.fill("ledger.set_aside", &args);
    let note = entry.text_or_empty(Field::Note);
    let note = if note.is_empty() { line } else { format!("{note}\n{line}") };
    entry.put(Field::Note, Some(Value::Text(note)));
}

/// Sets the status of an entry from its contents.
fn update_status(entry: &mut Entry, date: NaiveDate, words: &Words) {
    // A user's own word in the column 状态.
    set_aside(entry, Field::Status, None, words);
    if entry.key.is_none() && is_closed(entry) {
        close(entry, date);
    }
    let marked = entry.marked.take();
    let overdue = entry.value(Field::Due).is_some_and(|due| due::is_over(due, date));
    let back = entry.value(Field::Earlier).is_some();
    entry.state = match (entry.value(Field::Closed).is_some(), back, overdue) {
        (true, ..) => State::Closed,
        (_, true, true) => State::BackOverdue,
        (_, true, false) => State::Back,
        (_, false, true) => State::Overdue,
        (_, false, false) => State::Open,
    };
    // Solved according to the data, but reopened by a user.
    if let Some(marked) = marked.filter(|m| (*m == State::Closed) != (entry.state == State::Closed)) {
        let word = words.say(&format!("ledger.state.{}", marked.id()));
        entry.put(Field::Status, Some(Value::Text(word)));
        set_aside(entry, Field::Status, None, words);
    }
}

#[cfg(test)]
mod tests;
