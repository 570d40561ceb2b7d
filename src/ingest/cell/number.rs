//! Counts and amounts, with or without a unit in the cell.

use super::{Reading, Trouble, Unit, bare, convert, fold, is_blank, narrow, unit, unreadable};
use crate::ingest::sheet::Cell;

/// Reads a count or an amount in the unit `wanted` (see `unit_of`). `given` is the unit of the header or of the
/// form's 单位, for cells without a unit of their own.
pub fn number(cell: &Cell, wanted: Option<Unit>, given: Option<Unit>) -> Reading<f64> {
    let in_unit = |value: f64, from: Option<Unit>| match (from.or(given), wanted) {
        (Some(from), Some(to)) => convert(value, from, to),
        _ => Some(value),
    };
    let read = match cell {
        Cell::Empty => return (None, None),
        Cell::Number(value) => value.is_finite().then_some(*value).and_then(|v| in_unit(v, None)),
        Cell::Text(text) if is_plain(text) => text.parse().ok().and_then(|v| in_unit(v, None)),
        Cell::Text(text) => {
            let text = bare(text);
            let folded = fold(text);
            if is_blank(&folded) {
                return (None, None);
            }
            parse_number(text, &folded).and_then(|(value, unit)| in_unit(value, unit))
        }
        Cell::Error(_) => return (None, Some(Trouble::Error)),
        Cell::Uncalculated => return (None, Some(Trouble::Uncalculated)),
        Cell::YesNo(_) | Cell::Date(..) => None,
    };
    match read.filter(|v| v.is_finite()) {
        Some(value) => (Some(value), None),
        None => unreadable(),
    }
}

/// Only digits and one point: the fast path for nearly every cell of a csv.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 18
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().filter(|b| *b == b'.').count() < 2
        && text != "."
}

/// The number and the unit that follows it. Digits may be grouped by three with commas or blanks; any other blank
/// between digits is an error (`12 34` is not 1234).
fn parse_number(raw: &str, folded: &str) -> Option<(f64, Option<Unit>)> {
    let end = folded
        .char_indices()
        .find(|(i, c)| {
            !(c.is_ascii_digit()
                || matches!(c, '.' | ',' | '+' | '-')
                || (*c == 'e' && *i > 0 && folded[i + 1..].starts_with(['+', '-', '0', '1', '2', '3'])))
        })
        .map_or(folded.len(), |(i, _)| i);
    let (digits, tail) = folded.split_at(end);
    let unit = if tail.is_empty() { None } else { Some(unit(tail)?) };
    let whole = digits.split(['.', 'e']).next().unwrap_or_default().trim_start_matches(['+', '-']);
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() > 1;
    if grouped && !(matches!(groups[0].len(), 1..=3) && groups[1..].iter().all(|g| g.len() == 3)) {
        return None;
    }
    if blank_between_digits(raw) && (grouped || !blanks_group_by_three(raw)) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != ',').collect();
    if !plain.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| (v, unit))
}

fn blank_between_digits(raw: &str) -> bool {
    let mut after_digit = false;
    let mut blank = false;
    for c in raw.chars() {
        match narrow(c) {
            None => blank |= after_digit,
            Some(c) if c.is_ascii_digit() => {
                if blank {
                    return true;
                }
                after_digit = true;
            }
            Some(_) => {
                after_digit = false;
                blank = false;
            }
        }
    }
    false
}

fn blanks_group_by_three(raw: &str) -> bool {
    let whole: String =
        raw.chars().map(|c| narrow(c).unwrap_or(' ')).take_while(|c| *c != '.' && *c != 'e').collect();
    let groups: Vec<String> = whole
        .split_whitespace()
        .map(|g| g.chars().filter(char::is_ascii_digit).collect::<String>())
        .collect();
    let groups: Vec<&String> = groups.iter().filter(|g| !g.is_empty()).collect();
    groups.first().is_some_and(|g| g.len() <= 3) && groups[1..].iter().all(|g| g.len() == 3)
}
