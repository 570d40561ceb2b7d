//! Reads a cell of a scoring workbook as its entry requires.

use super::{
    dates,
    wrong::{Wrong, wrong},
};
use crate::{
    ingest::{
        cell::{self, Trouble},
        sheet::Cell,
    },
    number,
    standard::entry::Value,
    tables::marks::Entered,
    words::Words,
};

/// The tolerance for rounding errors of binary fractions: 5 × (1 − 0.8) is 1.
pub const DUST: f64 = 1e-9;
/// Words that users write after a number; [`cell::number`] knows the other units.
const MEASURES: [char; 9] = ['分', '次', '例', '项', '起', '件', '条', '点', '届'];

/// Reads what was entered; `None` if the cell is empty. `most` is the maximum of a score whose points depend on the
/// year, if it is known.
pub fn read(
    found: &Cell,
    value: &Value,
    most: Option<f64>,
    catalogues: &[Words],
) -> Result<Option<Entered>, Wrong> {
    let number = |wanted: &str| number_in(found, wanted);
    let entered = |number: f64| Ok(Some(Entered::Number(number)));
    match value {
        Value::Score { most: own } => {
            let Some(score) = number("个")? else { return Ok(None) };
            match own.or(most) {
                Some(most) if score > most + DUST => wrong("marks_above", &[("most", shown(most))]),
                _ => entered(score),
            }
        }
        Value::Count => match number("个")? {
            Some(count) if count.fract() != 0.0 => wrong("marks_fraction", &[]),
            Some(count) => entered(count),
            None => Ok(None),
        },
        Value::Amount { unit } => match number(&cell::fold(unit))? {
            Some(amount) => entered(amount),
            None => Ok(None),
        },
        Value::Deduction { least } => match number("分")? {
            Some(off) if off != 0.0 && off < *least - DUST => {
                wrong("marks_deduction", &[("least", shown(*least))])
            }
            Some(off) => entered(off),
            None => Ok(None),
        },
        Value::Percent => match number("%")? {
            Some(share) if share > 100.0 + DUST => wrong("marks_percent", &[]),
            Some(share) => entered(share),
            None => Ok(None),
        },
        Value::Range { least, most } => match number("个")? {
            Some(off) if off != 0.0 && !(*least - DUST..=*most + DUST).contains(&off) => {
                wrong("marks_range", &[("least", shown(*least)), ("most", shown(*most))])
            }
            Some(off) => entered(off),
            None => Ok(None),
        },
        Value::YesNo => match cell::yes_no(found) {
            (yes, None) => Ok(yes.map(|yes| Entered::Truth(yes != 0.0))),
            (_, Some(trouble)) => troubled(trouble, "marks_not_yes_no", &[]),
        },
        Value::Date => dates::read(found),
        Value::Direction => direction(found, catalogues),
        Value::OneOf { points, .. } => tier(found, points, &value.tiers()),
    }
}

/// The warning about a percentage that looks as if 85 % was entered as 0.85, or that is above 100 where that is
/// possible.
pub fn odd_percentage(value: &Value, found: &Cell, entered: Entered) -> Option<&'static str> {
    let percent = match value {
        Value::Percent => true,
        Value::Amount { unit } => unit == "%",
        _ => false,
    };
    match entered {
        Entered::Number(share) if percent && share > 100.0 => Some("marks_large_percentage"),
        // A value with a percent sign is intended as it is.
        Entered::Number(share)
            if percent && share > 0.0 && share <= 1.0 && !cell::shown(found).contains(['%', '％']) =>
        {
            Some("marks_small_percentage")
        }
        _ => None,
    }
}

fn shown(value: f64) -> String {
    number::calculated(Some(value))
}

fn troubled<T>(
    trouble: Trouble,
    unreadable: &'static str,
    args: &[(&'static str, String)],
) -> Result<T, Wrong> {
    match trouble {
        Trouble::Error => wrong("marks_cell_error", &[]),
        Trouble::Uncalculated => wrong("marks_uncalculated", &[]),
        Trouble::Unreadable | Trouble::Scientific => wrong(unreadable, args),
    }
}

/// Reads a non-negative number in a unit.
fn number_in(found: &Cell, wanted: &str) -> Result<Option<f64>, Wrong> {
    let bare = match found {
        Cell::Text(text) => {
            let text = text.trim_end();
            Cell::Text(text.strip_suffix(MEASURES).unwrap_or(text).into())
        }
        other => other.clone(),
    };
    match cell::number(&bare, cell::unit(wanted), None) {
        (Some(number), _) if number < 0.0 => wrong("marks_below", &[]),
        // −0 becomes 0.
        (number, None) => Ok(number.map(|number| number + 0.0)),
        (_, Some(trouble)) => troubled(trouble, "marks_not_number", &[]),
    }
}

fn direction(found: &Cell, catalogues: &[Words]) -> Result<Option<Entered>, Wrong> {
    let said = |key: &str| super::said_in(catalogues, &format!("marks.direction.{key}"));
    let known = [("up", 1i8), ("flat", 0), ("down", -1)];
    let read = match found {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => known.iter().find(|(_, way)| f64::from(*way) == *number).map(|(_, way)| *way),
        Cell::Text(text) => {
            let folded = cell::fold(text);
            if cell::is_blank(&folded) {
                return Ok(None);
            }
            let is = |key: &str| said(key).iter().any(|spelling| cell::fold(spelling) == folded);
            known.iter().find(|(key, _)| is(key)).map(|(_, way)| *way)
        }
        Cell::Error(_) => return wrong("marks_cell_error", &[]),
        Cell::Uncalculated => return wrong("marks_uncalculated", &[]),
        Cell::YesNo(_) | Cell::Date(..) => None,
    };
    match read {
        Some(way) => Ok(Some(Entered::Direction(way))),
        None => {
            let allowed = known.iter().filter_map(|(key, _)| said(key).into_iter().next());
            wrong("marks_not_direction", &[("allowed", allowed.collect::<Vec<_>>().join(" / "))])
        }
    }
}

/// Reads a tier by its name, its points, or both: 优, 10, 10分, 优（10分）.
fn tier(found: &Cell, points: &[f64], labels: &[String]) -> Result<Option<Entered>, Wrong> {
    let by_points = |number: f64| points.iter().copied().find(|tier| (tier - number).abs() < DUST);
    let read = match found {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => by_points(*number),
        Cell::Text(text) => {
            let folded = cell::fold(text);
            if cell::is_blank(&folded) {
                return Ok(None);
            }
            let named = points.iter().zip(labels).find(|(points, label)| {
                let (label, points) = (cell::fold(label), shown(**points));
                let both = [
                    label.clone(),
                    format!("{label}{points}"),
                    format!("{label}{points}分"),
                    format!("{label}({points}分)"),
                    format!("{label}({points})"),
                ];
                both.contains(&folded)
            });
            match named {
                Some((points, _)) => Some(*points),
                None => number_in(found, "个").ok().flatten().and_then(by_points),
            }
        }
        Cell::Error(_) => return wrong("marks_cell_error", &[]),
        Cell::Uncalculated => return wrong("marks_uncalculated", &[]),
        Cell::YesNo(_) | Cell::Date(..) => None,
    };
    match read {
        Some(points) => Ok(Some(Entered::Number(points))),
        None => wrong("marks_not_tier", &[("allowed", labels.join(" / "))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(text: &str) -> Cell {
        Cell::Text(text.into())
    }
    fn of(found: &Cell, value: &Value) -> Result<Option<Entered>, &'static str> {
        read(found, value, None, &super::super::catalogues().unwrap()).map_err(|wrong| wrong.code)
    }
    fn number(found: &Cell, value: &Value) -> f64 {
        match of(found, value) {
            Ok(Some(Entered::Number(number))) => number,
            other => panic!("{found:?}: {other:?}"),
        }
    }

    #[test]
    fn scores_within_their_points() {
        let five = Value::Score { most: Some(5.0) };
        for written in ["4.5", "4.5分", " ４．５ 分", "+4.5"] {
            assert_eq!(number(&t(written), &five), 4.5, "{written}");
        }
        // Boundary triples: just within, on and beyond, at both ends.
        for (score, wanted) in [(4.99, true), (5.0, true), (5.01, false), (0.0, true), (-0.01, false)] {
            assert_eq!(of(&Cell::Number(score), &five).is_ok(), wanted, "{score}");
        }
        assert_eq!(number(&Cell::Number(1.0), &Value::Score { most: Some(5.0 * (1.0 - 0.8)) }), 1.0);
        assert_eq!(of(&Cell::Number(6.0), &five), Err("marks_above"));
        assert_eq!(of(&Cell::Number(-1.0), &five), Err("marks_below"));
        for letters in
            [t("五"), t("4.5a"), t("良"), t("80%"), t("1 2"), Cell::YesNo(true), Cell::Date(2026, 4, 5)]
        {
            assert_eq!(of(&letters, &five), Err("marks_not_number"), "{letters:?}");
        }
        for blank in [Cell::Empty, t(" "), t("—"), t("/")] {
            assert_eq!(of(&blank, &five), Ok(None));
        }
        assert_eq!(of(&Cell::Uncalculated, &five), Err("marks_uncalculated"));
        assert_eq!(of(&Cell::Error("#N/A".into()), &five), Err("marks_cell_error"));
        let yearly = Value::Score { most: None };
        let read = |most| read(&Cell::Number(7.0), &yearly, most, &[]);
        assert!(read(None).is_ok() && read(Some(7.0)).is_ok() && read(Some(6.9)).is_err());
    }

    #[test]
    fn counts_are_whole() {
        for written in [Cell::Number(3.0), t("3"), t("３次"), t("3 例"), t("3人")] {
            assert_eq!(number(&written, &Value::Count), 3.0, "{written:?}");
        }
        assert_eq!(of(&Cell::Number(2.5), &Value::Count), Err("marks_fraction"));
        assert_eq!(of(&Cell::Number(-1.0), &Value::Count), Err("marks_below"));
    }

    #[test]
    fn percentages_and_amounts() {
        for written in [Cell::Number(85.0), t("85%"), t("８５％"), t("85")] {
            assert_eq!(number(&written, &Value::Percent), 85.0, "{written:?}");
        }
        for (share, wanted) in [(99.9, true), (100.0, true), (100.1, false)] {
            assert_eq!(of(&Cell::Number(share), &Value::Percent).is_ok(), wanted);
        }
        let amount = |unit: &str| Value::Amount { unit: unit.into() };
        let odd =
            |value: &Value, share: f64| odd_percentage(value, &Cell::Number(share), Entered::Number(share));
        for (share, wanted) in [
            (0.0, None),
            (0.85, Some("marks_small_percentage")),
            (1.0, Some("marks_small_percentage")),
            (1.01, None),
            (100.0, None),
        ] {
            assert_eq!(odd(&Value::Percent, share), wanted, "{share}");
            assert_eq!(odd(&amount("%"), share), wanted, "{share}");
            assert_eq!(odd(&amount("元"), share), None);
        }
        // Some rates may exceed 100 (gross enrolment): they are read, with a warning.
        assert_eq!(odd(&amount("%"), 100.5), Some("marks_large_percentage"));
        assert_eq!(number(&Cell::Number(6500.0), &amount("%")), 6500.0);
        assert_eq!(odd_percentage(&Value::Percent, &t("0.9%"), Entered::Number(0.9)), None);
        let yuan = Value::Amount { unit: "元".into() };
        assert_eq!(number(&t("0.8万元"), &yuan), 8000.0);
        assert_eq!(number(&t("85.5%"), &Value::Amount { unit: "%".into() }), 85.5);
        assert_eq!(number(&Cell::Number(3.25), &Value::Amount { unit: String::new() }), 3.25);
    }

    #[test]
    fn yes_no_tiers_and_directions() {
        for (written, truth) in [
            ("是", true),
            ("√", true),
            ("Yes", true),
            ("1", true),
            ("否", false),
            ("×", false),
            ("no", false),
            ("0", false),
        ] {
            assert_eq!(of(&t(written), &Value::YesNo), Ok(Some(Entered::Truth(truth))), "{written}");
        }
        assert_eq!(of(&t("也许"), &Value::YesNo), Err("marks_not_yes_no"));
        assert_eq!(of(&Cell::Number(2.0), &Value::YesNo), Err("marks_not_yes_no"));
        let tiers = Value::OneOf { points: vec![10.0, 8.0, 0.0], names: vec!["优".into(), "较好".into()] };
        for written in [t("较好"), t("8"), t("8分"), t("较好（8分）"), Cell::Number(8.0)] {
            assert_eq!(number(&written, &tiers), 8.0, "{written:?}");
        }
        assert_eq!(number(&Cell::Number(0.0), &tiers), 0.0);
        assert_eq!(of(&Cell::Number(9.0), &tiers), Err("marks_not_tier"));
        assert_eq!(of(&t("良"), &tiers), Err("marks_not_tier"));
        for (written, way) in [("上升", 1), ("持平", 0), ("下降", -1), ("UP", 1), ("the same", 0), ("↓", -1)]
        {
            assert_eq!(of(&t(written), &Value::Direction), Ok(Some(Entered::Direction(way))), "{written}");
        }
        assert_eq!(of(&t("还行"), &Value::Direction), Err("marks_not_direction"));
        assert_eq!(of(&Cell::Number(2.0), &Value::Direction), Err("marks_not_direction"));
    }

    #[test]
    fn a_fault_is_nothing_or_within_its_bounds() {
        let fault = Value::Range { least: 1.0, most: 5.0 };
        for (off, wanted) in [(0.0, true), (0.5, false), (1.0, true), (5.0, true), (5.5, false)] {
            assert_eq!(of(&Cell::Number(off), &fault).is_ok(), wanted, "{off}");
        }
    }

    #[test]
    fn a_deduction_is_nothing_or_begins_at_its_least() {
        let deduction = Value::Deduction { least: 1.0 };
        for off in [0.0, 1.0, 1.5, 6.0] {
            assert_eq!(number(&Cell::Number(off), &deduction), off);
        }
        assert_eq!(number(&t("1.5分"), &deduction), 1.5);
        for off in [0.01, 0.5, 0.99] {
            assert_eq!(of(&Cell::Number(off), &deduction), Err("marks_deduction"), "{off}");
        }
        assert_eq!(of(&Cell::Number(-1.0), &deduction), Err("marks_below"));
    }
}
