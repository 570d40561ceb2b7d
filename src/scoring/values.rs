//! The value of a check for a unit, from the data or else from what was entered, and whether it is met.

use num_rational::BigRational;
use num_traits::Zero;

use super::{Computed, ScoringContext};
use crate::{
    exact,
    problem::Problem,
    standard::{
        Check, Comparison, Item,
        formula::Exact,
        method::{
            CheckValue,
            numbers::{Number, tidy},
        },
    },
    tables::{
        checks::{CheckedRow, compares},
        scored::Evidence,
    },
};

/// The value of one check for one unit, and its evidence.
#[derive(Debug, Clone)]
pub struct Known {
    pub value: CheckValue,
    pub evidence: Evidence,
}

/// A row of a check with its requirement.
struct Against {
    value: Option<Number>,
    required: Option<Number>,
    met: Option<bool>,
}

impl ScoringContext<'_> {
    /// Determines the value of a check, and reports contradictions.
    pub(super) fn resolve(
        &self,
        unit: usize,
        (i, item): (usize, &Item),
        k: usize,
        check: &Check,
    ) -> (Known, Vec<Problem>) {
        let mut problems = Vec::new();
        let id = format!("{}.check.{}", item.id, check.id);
        let computed = self.data.get(&(unit, i, k));
        let counted = self.standard.counts_rows(check);
        let entered = self.entered.number(unit, &id);
        let entered_required = self.entered.number(unit, &format!("{id}.required"));
        let fixed = self.fixed(unit, check);
        let classless = !check.required_by_class.is_empty() && fixed.is_none();

        let rows: &[CheckedRow] = computed.map_or(&[], |computed| &computed.rows);
        let against: Vec<Against> = rows
            .iter()
            .map(|row| {
                let value = value_of(row, check);
                let required = fixed
                    .clone()
                    .or_else(|| required_of(row))
                    .or_else(|| entered_required.and_then(|(required, _)| Number::of(required)));
                let met = met(&value, check.compare, &required);
                Against { value, required, met }
            })
            .collect();
        let found = if counted { counted_rows(computed, &against) } else { worst_row(&against, check) };
        let (from_data, required, met_by_data, direction) = found;

        let mut marks = Vec::new();
        let mut places = Vec::new();
        if let (Some(known), Some((other, mark))) = (&from_data, entered)
            && !equals_entered(known, other, check, counted)
        {
            problems.push(self.differs(unit, (item, check), known.value, other, mark, computed));
        }
        let data_required = rows.iter().find_map(required_of);
        if let (Some(known), Some((other, mark))) = (&data_required, entered_required)
            && !equals_entered(known, other, check, false)
        {
            problems.push(self.differs(unit, (item, check), known.value, other, mark, computed));
        }
        let by_data = from_data.is_some();
        let mut required = required.or(fixed);
        if data_required.is_none()
            && check.required_by_class.is_empty()
            && let Some((entered, mark)) = entered_required
        {
            required = required.or_else(|| Number::of(entered));
            marks.push(mark);
            places.extend(self.marks.marks.get(mark).map(|mark| mark.place.clone()));
        }
        let (mut met_now, mut direction) = (met_by_data, direction);
        let mut value = from_data;
        match (&value, entered.and_then(|(number, mark)| Some((Number::of(number)?, mark)))) {
            (Some(_), _) => {}
            (None, Some((number, mark))) => {
                marks.push(mark);
                places.extend(self.marks.marks.get(mark).map(|mark| mark.place.clone()));
                let said = match counted {
                    true => Some(number.exact.is_zero()),
                    false => met(&Some(number.clone()), check.compare, &required),
                };
                // A single row that fails decides, whatever was entered.
                met_now = if met_by_data == Some(false) { Some(false) } else { said };
                direction = required.as_ref().map(|required| order(&number.exact, &required.exact));
                value = Some(number);
            }
            (None, None) => {}
        }
        if by_data || value.is_none() {
            places.splice(0..0, computed.into_iter().flat_map(|computed| computed.places.clone()));
        }
        if counted {
            required = None;
        }
        let mut wanted = Vec::new();
        if met_now.is_none() || value.is_none() {
            if value.is_none() {
                wanted.push(id.clone());
            }
            if required.is_none() && !counted && !classless {
                wanted.push(format!("{id}.required"));
            }
        }
        let settled = by_data && met_now.is_some();
        let mut missing: Vec<String> = match settled {
            true => Vec::new(),
            false => rows.iter().flat_map(|row| &row.missing).map(|fact| self.words.fact(fact)).collect(),
        };
        let mut seen = std::collections::HashSet::new();
        missing.retain(|label| seen.insert(label.clone()));
        let evidence = Evidence {
            check: k,
            value: value.as_ref().map(|number| tidy(number.value)),
            required: required.as_ref().map(|number| tidy(number.value)),
            met: met_now,
            missing,
            places,
            computed: by_data,
        };
        let value =
            CheckValue { value, required, met: met_now, direction, counted, marks, wanted, classless };
        (Known { value, evidence }, problems)
    }

    /// The requirement that does not depend on the data: of the unit's class, or one number for all.
    fn fixed(&self, unit: usize, check: &Check) -> Option<Number> {
        if !check.required_by_class.is_empty() {
            let class = self.class(unit)?;
            // A workbook may have turned 20 into 20.0.
            let alike = |known: &str| match (known.trim().parse::<f64>(), class.trim().parse::<f64>()) {
                (Ok(known), Ok(class)) => known == class,
                _ => known.trim() == class.trim(),
            };
            let own = check.required_by_class.iter().find(|(known, _)| alike(known));
            return own.and_then(|(_, required)| Number::of(*required));
        }
        match check.required.columns().is_empty() {
            true => check.required.exact(&|_| Exact::Null).number().and_then(Number::exactly),
            false => None,
        }
    }

    fn differs(
        &self,
        unit: usize,
        (item, check): (&Item, &Check),
        known: f64,
        other: f64,
        mark: usize,
        computed: Option<&Computed>,
    ) -> Problem {
        let place = self.marks.marks.get(mark).map(|mark| mark.place.clone()).unwrap_or_default();
        let cells: Vec<String> = computed
            .into_iter()
            .flat_map(|computed| &computed.places)
            .map(|place| place.to_string())
            .collect();
        let print = |value: f64| crate::number::at_most(value, check.decimals.max(4));
        Problem::warning("score_entered_differs", place)
            .with("unit", self.name(unit))
            .with("item", &item.id)
            .with("check", check.title.get(self.words.language))
            .with("found", print(other))
            .with("computed", print(known))
            .with(
                "cells",
                if cells.is_empty() { "—".into() } else { cells.join(&self.words.say("score.comma")) },
            )
    }
}

/// The number of rows that fail the check; unknown if some rows are.
fn counted_rows(
    computed: Option<&Computed>,
    rows: &[Against],
) -> (Option<Number>, Option<Number>, Option<bool>, Option<i8>) {
    let unmet = rows.iter().filter(|row| row.met == Some(false)).count();
    let unknown = computed.is_none() || rows.iter().any(|row| row.met.is_none());
    let value = (!unknown).then(|| Number::of(unmet as f64)).flatten();
    let met = match (unmet, unknown) {
        (0, true) => None,
        (0, false) => Some(true),
        _ => Some(false),
    };
    (value, None, met, direction(rows))
}

/// The row furthest on the wrong side, or nearest to the bound, represents all rows.
fn worst_row(rows: &[Against], check: &Check) -> (Option<Number>, Option<Number>, Option<bool>, Option<i8>) {
    let met = match () {
        () if rows.iter().any(|row| row.met == Some(false)) => Some(false),
        () if rows.is_empty() || rows.iter().any(|row| row.met.is_none()) => None,
        () => Some(true),
    };
    let values: Option<Vec<&Number>> = rows.iter().map(|row| row.value.as_ref()).collect();
    let lacking = |row: &&Against| {
        let zero = BigRational::zero;
        let required = row.required.as_ref().map_or_else(zero, |required| required.exact.clone());
        let value = row.value.as_ref().map_or_else(zero, |value| value.exact.clone());
        match check.compare {
            Comparison::AtLeast | Comparison::More => required - value,
            Comparison::AtMost | Comparison::Less => value - required,
            Comparison::Equal if value < required => required - value,
            Comparison::Equal => value - required,
        }
    };
    let worst = rows.iter().max_by_key(lacking);
    let value = values.and(worst.and_then(|row| row.value.clone()));
    (value, worst.and_then(|row| row.required.clone()), met, direction(rows))
}

fn direction(rows: &[Against]) -> Option<i8> {
    let each = |row: &Against| Some(order(&row.value.as_ref()?.exact, &row.required.as_ref()?.exact));
    rows.iter().map(each).collect::<Option<Vec<i8>>>()?.into_iter().min()
}

fn order(value: &BigRational, required: &BigRational) -> i8 {
    value.cmp(required) as i8
}

fn met(value: &Option<Number>, compare: Comparison, required: &Option<Number>) -> Option<bool> {
    Some(compares(&value.as_ref()?.exact, compare, &required.as_ref()?.exact))
}

fn value_of(row: &CheckedRow, check: &Check) -> Option<Number> {
    let value = row.value.filter(|value| value.is_finite())?;
    if let Some((exact, _)) = &row.exact {
        return Some(Number { value, exact: exact.clone() });
    }
    // 21 ÷ 500 × 100 is 4.2, whatever its binary fraction.
    let quotient = || {
        let numerator = exact::exact_of(row.numerator?)? * exact::exact_of(check.factor)?;
        match &check.denominator {
            None => Some(numerator),
            Some(_) => {
                let denominator = exact::exact_of(row.denominator?)?;
                (!denominator.is_zero()).then(|| numerator / denominator)
            }
        }
    };
    match quotient() {
        Some(exact) => Some(Number { value, exact }),
        None => Number::of(value),
    }
}

fn required_of(row: &CheckedRow) -> Option<Number> {
    match &row.exact {
        Some((_, exact)) => Number::exactly(exact.clone()),
        None => row.required.and_then(Number::of),
    }
}

/// Whether what was entered equals the data, to the decimals of print.
fn equals_entered(known: &Number, entered: f64, check: &Check, counted: bool) -> bool {
    let decimals = if counted { 0 } else { check.decimals };
    let Some(entered) = exact::exact_of(entered) else { return false };
    entered == known.exact || exact::printed(&entered, decimals) == exact::printed(&known.exact, decimals)
}
