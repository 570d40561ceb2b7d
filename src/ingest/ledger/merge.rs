//! Merges what users typed into the ledger as it was written: assigns rows to entries, and keeps both values where two
//! sheets disagree about a cell.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Read,
    lines::{self, Line, List},
    memory::Memory,
    shown,
};
use crate::{
    ingest::cell,
    problem::{Place, Problem},
    standard::{Adjustment, Rule, Standard},
    tables::ledger::{Column, Entry, Field, Key, Ledger, Say, State, Value, clean},
    words::Words,
};

/// The columns that identify a row besides its number.
const IDENTITY: [Field; 6] =
    [Field::DistrictCode, Field::SchoolCode, Field::School, Field::Section, Field::Item, Field::Check];

/// A row of one of the lists.
struct Spot<'a> {
    list: usize,
    line: Line<'a>,
}

pub fn merge(
    memory: Option<Memory>,
    lists: &[List],
    standard: Option<&Standard>,
    catalogues: &[Words],
    words: &Words,
) -> Read {
    let remembered = memory.is_some();
    let (mut ledger, before) = match memory {
        Some(memory) => (
            Ledger {
                standard: memory.standard,
                version: memory.version,
                date: memory.date,
                carried: memory.carried,
                columns: memory.columns,
                ..Ledger::default()
            },
            memory.entries,
        ),
        None => {
            let standard = standard.map(|standard| standard.id.clone()).unwrap_or_default();
            (Ledger { standard, carried: true, ..Ledger::default() }, BTreeMap::new())
        }
    };
    for list in lists {
        for column in list.own() {
            if !ledger.columns.contains(&column) {
                ledger.columns.push(column);
            }
        }
    }
    let mut claimed: BTreeMap<u64, Vec<Spot>> = BTreeMap::new();
    let mut added: Vec<Vec<Spot>> = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        for (number, line) in claim(list, &before) {
            let place = Spot { list: at, line };
            match number {
                Some(number) => claimed.entry(number).or_default().push(place),
                None => add(&mut added, place),
            }
        }
    }
    let mut merging = Merging { lists, catalogues, words, findings: Vec::new(), typed: !remembered };
    let mut entries = before;
    for (number, places) in &claimed {
        if let Some(entry) = entries.get_mut(number) {
            merging.edit(entry, places);
        }
    }
    // A line that users added earlier and have now deleted from every sheet.
    let before = entries.len();
    entries.retain(|number, entry| entry.key.is_some() || claimed.contains_key(number));
    merging.typed |= entries.len() < before;
    let typed_numbers = added.iter().filter_map(|places| places.first()?.line.number());
    let mut next = entries.keys().copied().chain(typed_numbers).max().unwrap_or(0);
    let mut keys: HashSet<Key> = entries.values().filter_map(|entry| entry.key.clone()).collect();
    for places in &added {
        let own = places.first().and_then(|p| p.line.number()).filter(|number| !entries.contains_key(number));
        let number = own.unwrap_or_else(|| {
            next += 1;
            next
        });
        let mut entry = Entry { number, ..Entry::default() };
        merging.typed = true;
        merging.edit(&mut entry, places);
        if own.is_none() {
            merging.keep_number(&mut entry, places);
        }
        // Without the hidden sheet, a line may be the program's own; its columns decide.
        if !remembered
            && let Some(key) = standard.and_then(|standard| key_of(&entry, standard, catalogues))
            && keys.insert(key.clone())
        {
            entry.key = Some(key);
        }
        entries.insert(number, entry);
    }
    if !remembered {
        entries.values_mut().for_each(by_what_it_shows);
    }
    ledger.entries = entries.into_values().collect();
    Read { ledger, typed: merging.typed, findings: merging.findings }
}

/// Merges lines that users added both to the full list and to a department's.
fn add<'a>(added: &mut Vec<Vec<Spot<'a>>>, place: Spot<'a>) {
    let same = |other: &Spot| {
        other.list != place.list
            && other.line.number() == place.line.number()
            && [Field::School, Field::Section, Field::Item, Field::Check, Field::Problem]
                .into_iter()
                .all(|field| other.line.text_or_empty(field) == place.line.text_or_empty(field))
    };
    match added.iter_mut().find(|places| places.first().is_some_and(same)) {
        Some(places) => places.push(place),
        None => added.push(vec![place]),
    }
}

/// The entry of each row of a list; `None` for rows that users added. The identifying columns decide if they are
/// unchanged; otherwise the number does, provided that the school or the item agrees, so that a mistyped number does
/// not match another entry.
fn claim<'a>(list: &List<'a>, entries: &BTreeMap<u64, Entry>) -> Vec<(Option<u64>, Line<'a>)> {
    let fields: Vec<Field> = IDENTITY.into_iter().filter(|f| list.has(&Column::Known(*f))).collect();
    let of_entry = |entry: &Entry| -> Vec<String> {
        let own = entry.key.is_none().then(|| entry.text_or_empty(Field::Problem));
        fields.iter().map(|field| entry.text_or_empty(*field)).chain(own).collect()
    };
    let of_line = |line: &Line, own: bool| -> Vec<String> {
        let own = own.then(|| line.text_or_empty(Field::Problem));
        fields.iter().map(|field| line.text_or_empty(*field)).chain(own).collect()
    };
    let mut by_identity: HashMap<Vec<String>, Option<u64>> = HashMap::new();
    for entry in entries.values() {
        let several = |number: &mut Option<u64>| *number = None;
        by_identity.entry(of_entry(entry)).and_modify(several).or_insert(Some(entry.number));
    }
    let lines = list.lines();
    let mut found: Vec<Option<u64>> = vec![None; lines.len()];
    let mut taken: HashSet<u64> = HashSet::new();
    let entry_of = |line: &Line| line.number().and_then(|number| entries.get(&number));
    // Number and columns agree.
    for (line, found) in lines.iter().zip(&mut found) {
        if let Some(entry) = entry_of(line)
            && of_line(line, entry.key.is_none()) == of_entry(entry)
        {
            *found = Some(entry.number);
            taken.insert(entry.number);
        }
    }
    // Only the columns agree: users have renumbered the rows.
    for (line, found) in lines.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
        let by = |own| by_identity.get(&of_line(line, own)).copied().flatten();
        if let Some(number) = by(false).or_else(|| by(true)).filter(|number| !taken.contains(number)) {
            *found = Some(number);
            taken.insert(number);
        }
    }
    // Only the number agrees: users have edited the columns.
    for (line, found) in lines.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
        let near = |entry: &&Entry| {
            !taken.contains(&entry.number)
                && (entry.key.is_none()
                    || [Field::School, Field::Item].into_iter().any(|field| {
                        let typed = line.text_or_empty(field);
                        !list.has(&Column::Known(field))
                            || (!typed.is_empty() && typed == entry.text_or_empty(field))
                    }))
        };
        if let Some(number) = entry_of(line).filter(near).map(|entry| entry.number) {
            *found = Some(number);
            taken.insert(number);
        }
    }
    // Numbers that users filled down in advance are not lines; a heading between the rows is text of theirs.
    let only_a_number = |line: &Line| {
        line.number().is_some() && line.cells.keys().all(|column| *column == Column::Known(Field::Number))
    };
    let rows = found.into_iter().zip(lines);
    rows.filter(|(found, line)| found.is_some() || !only_a_number(line)).collect()
}

struct Merging<'a> {
    lists: &'a [List<'a>],
    catalogues: &'a [Words],
    words: &'a Words,
    findings: Vec<Problem>,
    typed: bool,
}

impl Merging<'_> {
    /// Applies what the rows say to an entry.
    fn edit(&mut self, entry: &mut Entry, places: &[Spot]) {
        let mut columns: Vec<&Column> = places.iter().flat_map(|place| place.line.cells.keys()).collect();
        columns.extend(entry.cells.keys());
        let mut columns: Vec<Column> = columns.into_iter().cloned().collect();
        columns.sort();
        columns.dedup();
        for column in columns {
            match &column {
                Column::Known(Field::Number) => {}
                Column::Known(Field::Status) => self.edit_status(entry, places),
                _ => self.edit_column(entry, &column, places),
            }
        }
        for place in places {
            for column in &place.line.uncalculated {
                let at = self.lists[place.list].place(Some((place.line.row.index, *column)));
                self.findings.push(Problem::warning("ledger_formula", at));
                self.typed = true;
            }
        }
    }

    fn edit_column(&mut self, entry: &mut Entry, column: &Column, places: &[Spot]) {
        let before = entry.cells.get(column).cloned();
        let (mut typed, mut emptied): (Vec<(Value, Place)>, bool) = (Vec::new(), false);
        for place in places {
            let list = &self.lists[place.list];
            match (place.line.cells.get(column), &before) {
                (Some((_, now)), Some(before)) if now.same(before) => {}
                (Some((at, now)), _) => {
                    if !typed.iter().any(|(other, _)| other.same(now)) {
                        typed.push((now.clone(), list.place(Some((place.line.row.index, *at)))));
                    }
                }
                // A formula without a stored result does not delete a value.
                (None, Some(_)) if list.has(column) && place.line.uncalculated.is_empty() => emptied = true,
                (None, _) => {}
            }
        }
        let Some(now) = self.merged_value(typed) else {
            if emptied {
                self.empty(entry, column);
            }
            return;
        };
        self.typed = true;
        entry.cells.insert(column.clone(), now);
        if let Column::Known(field) = column
            && field.say() != Say::People
            && entry.key.is_some()
        {
            entry.typed.insert(*field);
        }
    }

    /// Handles a cell that users emptied: their own columns stay empty, the program's are filled again by the run.
    fn empty(&mut self, entry: &mut Entry, column: &Column) {
        match column {
            Column::Known(field) if entry.key.is_some() && field.say() == Say::Data => {}
            Column::Known(field) if entry.key.is_some() && field.say() == Say::Offered => {
                // Without a gap to fill it again, the entry keeps the text that was offered.
                if entry.typed.remove(field) {
                    entry.cells.remove(column);
                    self.typed = true;
                }
            }
            _ => {
                entry.cells.remove(column);
                self.typed = true;
            }
        }
    }

    fn edit_status(&mut self, entry: &mut Entry, places: &[Spot]) {
        let column = Column::Known(Field::Status);
        let mut typed: Vec<(Value, Place)> = Vec::new();
        for place in places {
            let Some((at, now)) = place.line.cells.get(&column) else { continue };
            let as_before = self.state(now) == Some(entry.state);
            if !as_before && !typed.iter().any(|(other, _)| other.same(now)) {
                typed.push((now.clone(), self.lists[place.list].place(Some((place.line.row.index, *at)))));
            }
        }
        let Some(now) = self.merged_value(typed) else { return };
        self.typed = true;
        match self.state(&now) {
            Some(state) => entry.marked = Some(state),
            None => {
                entry.cells.insert(column, now);
                entry.typed.insert(Field::Status);
            }
        }
    }

    fn state(&self, value: &Value) -> Option<State> {
        let typed = cell::fold(&value.shown());
        State::ALL.into_iter().find(|state| {
            let word = |words: &Words| cell::fold(&words.say(&format!("ledger.state.{}", state.id())));
            self.catalogues.iter().any(|words| word(words) == typed)
        })
    }

    /// The typed value; if two sheets disagree, both values, each with its sheet.
    fn merged_value(&mut self, mut typed: Vec<(Value, Place)>) -> Option<Value> {
        if typed.len() < 2 {
            return typed.pop().map(|(value, _)| value);
        }
        let places: Vec<String> = typed.iter().map(|(_, place)| place.to_string()).collect();
        let values: Vec<String> = typed.iter().map(|(value, _)| shown(value)).collect();
        let problem = Problem::warning("ledger_two_texts", typed[0].1.clone());
        self.findings.push(problem.with("values", values.join(" / ")).list("places", places));
        let all = typed.iter().map(|(value, place)| {
            let sheet = place.sheet.clone().unwrap_or_default();
            self.words.fill("ledger.two_texts", &[("value", value.shown()), ("sheet", sheet)])
        });
        Some(Value::Text(all.collect::<Vec<_>>().join("\n")))
    }

    /// Keeps the number that users typed for a line that got another number.
    fn keep_number(&self, entry: &mut Entry, places: &[Spot]) {
        let written =
            places.iter().map(|place| place.line.text_or_empty(Field::Number)).find(|text| !text.is_empty());
        let Some(written) = written else { return };
        let args = [("column", self.words.say("ledger.column.number")), ("written", written)];
        let line = self.words.fill("ledger.set_aside", &args);
        let note = entry.text_or_empty(Field::Note);
        let note = if note.is_empty() { line } else { format!("{note}\n{line}") };
        entry.put(Field::Note, Some(Value::Text(note)));
    }
}

impl List<'_> {
    fn own(&self) -> Vec<String> {
        let mut own: Vec<String> = Vec::new();
        let of_rows = self.lines().into_iter().flat_map(|line| line.cells.into_keys());
        for column in self.columns().chain(of_rows) {
            if let Column::Own(header) = column
                && !own.contains(&header)
            {
                own.push(header);
            }
        }
        own
    }
}

/// The key that a line's columns make, in the words of either language.
fn key_of(entry: &Entry, standard: &Standard, catalogues: &[Words]) -> Option<Key> {
    let item = lines::item_id(&entry.text_or_empty(Field::Item), standard)?;
    let district = Some(entry.text_or_empty(Field::DistrictCode)).filter(|code| !code.is_empty())?;
    let section = cell::section(&cell::fold(&entry.text_or_empty(Field::Section)));
    let typed = entry.text_or_empty(Field::Check);
    let is = |key: &str| catalogues.iter().any(|words| words.say(key) == typed);
    let checks = standard.item(item).map_or(&[][..], |item| item.checks());
    let kind = standard.item(item).map(|item| item.kind());
    let check = match () {
        () if is("judge.gap_cv") => "cv",
        () if is("judge.gap_mean") => "mean",
        () if is("gap.evidence") => "evidence",
        // The only gap of such an item is its missing evidence.
        () if typed.is_empty() && matches!(kind, Some("evidence" | "veto")) => "evidence",
        () => {
            let titled = |check: &&crate::standard::Check| {
                catalogues.iter().any(|words| check.title.get(words.language) == typed)
            };
            let of_score = || scored_part(standard, item, &typed, catalogues);
            match (checks.iter().find(titled), checks) {
                _ if kind == Some("scored") => of_score().unwrap_or_default(),
                (Some(check), _) | (None, [check]) => check.id.as_str(),
                _ => "",
            }
        }
    };
    Some(Key {
        district,
        school: entry.text_or_empty(Field::SchoolCode),
        section: section.map(|section| section.id().to_string()).unwrap_or_default(),
        item: item.into(),
        check: check.into(),
    })
}

/// The part or the adjustment of a scored item that has this title; the only part where no title is written.
fn scored_part<'s>(standard: &'s Standard, item: &str, title: &str, catalogues: &[Words]) -> Option<&'s str> {
    let Rule::Scored { parts, adjustments, .. } = &standard.item(item)?.rule else { return None };
    let part = parts.iter().find(|part| clean(&part.title) == title).map(|part| part.id.as_str());
    let adjusted = || {
        let is =
            |own: &&Adjustment| catalogues.iter().any(|words| clean(own.title.get(words.language)) == title);
        adjustments.iter().find(is).map(|own| own.id.as_str())
    };
    part.or_else(adjusted).or(match parts.as_slice() {
        [only] => Some(only.id.as_str()),
        _ => None,
    })
}

/// Without the hidden sheet it is unknown which of the offered texts users have edited, so all of them are kept.
fn by_what_it_shows(entry: &mut Entry) {
    if entry.key.is_some() {
        let offered = |field: &Field| field.say() == Say::Offered && entry.value(*field).is_some();
        let offered: Vec<Field> = Field::ALL.into_iter().filter(offered).collect();
        entry.typed.extend(offered);
    }
}
