//! What the ledger of rectification says about the units of a scored system: what is open, what was closed, and who
//! falls under a consequence because it is open after its due date.

use chrono::NaiveDate;

use super::due;
use crate::{
    standard::{ConsequenceWhen, Standard},
    tables::{
        ledger::{Entry, Field, Ledger, Value},
        marks::Unit,
        scored::{FallsUnder, Rectification, Scored},
    },
    words::Words,
};

/// Adds the lines of the ledger to the result, and the units that fall under a consequence because of them. A line
/// whose due date is not known is never overdue.
pub fn join(standard: &Standard, ledger: &Ledger, scored: &mut Scored, words: &Words) {
    let lines = ledger.entries.iter().filter_map(|entry| line(entry, &scored.units));
    scored.rectification = lines.collect();
    let open = |own: &&crate::standard::Consequence| own.when == ConsequenceWhen::OpenRectification;
    for (at, _) in standard.consequences.iter().enumerate().filter(|(_, own)| open(own)) {
        for unit in 0..scored.units.len() {
            let overdue =
                scored.rectification.iter().filter(|own| own.unit == unit && own.state.is_overdue());
            let due = overdue.filter_map(|own| due::last_day(&Value::text(&own.due)));
            let due: Vec<NaiveDate> = due.collect();
            if let Some(earliest) = due.iter().min() {
                let args = [("count", due.len().to_string()), ("due", earliest.to_string())];
                let because = words.fill("score.because.open_rectification", &args);
                scored.consequences.push(FallsUnder { unit, consequence: at, because });
            }
        }
    }
    // In the order of the standard, as the others are.
    scored.consequences.sort_by_key(|own| own.consequence);
}

/// The line of a unit; `None` for a line of a unit that is not scored in this run.
fn line(entry: &Entry, units: &[Unit]) -> Option<Rectification> {
    let text = |field| entry.text_or_empty(field);
    let code = entry.key.as_ref().map(|key| key.district.as_str());
    let name = [text(Field::Department), text(Field::School)];
    let is = |unit: &Unit| {
        let named = || name.iter().any(|name| !name.is_empty() && unit.is_called(name));
        code.map_or_else(named, |code| super::scored::code(unit) == code)
    };
    let item = [text(Field::Item), text(Field::Check)];
    // An item with one part has its title.
    let [title, check] = &item;
    let check = if title.ends_with(check.as_str()) { "" } else { check };
    Some(Rectification {
        unit: units.iter().position(is)?,
        item: format!("{title} {check}").trim().to_string(),
        problem: text(Field::Problem),
        due: text(Field::Due),
        state: entry.state,
        closed: text(Field::Closed),
        evidence: text(Field::Evidence),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gap::ledger,
        scoring,
        tables::{ledger::State, marks::Marks},
        words::Language,
    };

    fn entry(number: u64, unit: &str, due: &str, closed: Option<&str>) -> Entry {
        let mut entry = Entry { number, ..Entry::default() };
        entry.put(Field::Department, Some(Value::text(unit)));
        entry.put(Field::Item, Some(Value::text("1")));
        entry.put(Field::Due, (!due.is_empty()).then(|| Value::text(due)));
        entry.put(Field::Closed, closed.map(Value::text));
        entry
    }

    #[test]
    fn who_is_overdue_falls_under_the_consequence_and_nobody_else() {
        let words = Words::load(Language::Chinese).unwrap();
        let standard = Standard::load("inner-mongolia").unwrap();
        let unit = |name: &str| Unit { name: name.into(), ..Unit::default() };
        let units = vec![unit("甲市"), unit("乙市"), unit("丙市")];
        let marks = Marks { standard: standard.id.clone(), units, ..Marks::default() };
        let data = scoring::Data::new();
        let mut scored = scoring::score(&standard, &marks, &data, &scoring::Last::new(), &words);
        // On 1 July 2026: 甲市 has two lines after their dates and one closed, 乙市 one closed, 丙市 one without a date
        // and one that is not due.
        let book = Ledger {
            entries: vec![
                entry(1, "甲市", "2026-06-30", None),
                entry(2, "甲市", "2026年5月31日前", None),
                entry(3, "甲市", "2026-05-01", Some("2026-04-30")),
                entry(4, "乙市", "2026-05-31", Some("2026-06-01")),
                entry(5, "丙市", "", None),
                entry(6, "丙市", "2026-07-01", None),
                entry(7, "丁市", "2026-01-01", None),
            ],
            ..Ledger::default()
        };
        let today = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let carried =
            ledger::carry(Some(book), Vec::new(), &ledger::Scope::default(), (&standard, today), &words);
        join(&standard, &carried.ledger, &mut scored, &words);
        let states: Vec<(usize, State)> =
            scored.rectification.iter().map(|own| (own.unit, own.state)).collect();
        assert_eq!(
            states,
            [
                (0, State::Overdue),
                (0, State::Overdue),
                (0, State::Closed),
                (1, State::Closed),
                (2, State::Open),
                (2, State::Open)
            ]
        );
        let [own] = scored.consequences.as_slice() else { panic!("{:?}", scored.consequences) };
        assert_eq!((own.unit, standard.consequences[own.consequence].id.as_str()), (0, "rectification"));
        assert_eq!(own.because, "整改台账中有 2 条逾期没有完成（期限最早的为 2026-05-31）");
    }
}
