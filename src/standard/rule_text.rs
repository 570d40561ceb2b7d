//! How a part is scored, as a sentence: in the scorebook, `standards show` and the reports.

use super::{
    Adjustment, AdjustmentRule, Check, Over, Part, Rule, Standard,
    entry::{Entry, What},
    method::Sentence,
};
use crate::{number, words::Words};

/// The rule that an entry belongs to; empty if there is none.
pub fn of_entry(standard: &Standard, entry: &Entry, words: &Words) -> String {
    let text = Sentence::plain(words);
    let Some(item) = entry.item.and_then(|item| standard.items.get(item)) else {
        let What::Component(title) = &entry.what else { return String::new() };
        let components = standard.scoring.iter().flat_map(|scoring| &scoring.components);
        let Some(component) = components.into_iter().find(|c| c.title == *title) else {
            return String::new();
        };
        return match component.share {
            Some(share) => text.say("component", &[("share", shown(share * 100.0))]),
            None => text.say("component_yearly", &[]),
        };
    };
    let Rule::Scored { parts, adjustments, checks, .. } = &item.rule else { return String::new() };
    let own = |adjustment: &&Adjustment| entry.id == format!("{}.{}", item.id, adjustment.id);
    if let Some(adjustment) = adjustments.iter().find(own) {
        return of_adjustment(adjustment, words);
    }
    match entry.part.and_then(|part| parts.get(part)) {
        Some(part) => of_part(part, checks, &units(standard, words), words),
        None => match &entry.what {
            // Shown beside an office's mark.
            What::CheckValue { check } | What::CheckRequired { check } => {
                checks.iter().find(|c| c.id == *check).map_or_else(String::new, |check| text.condition(check))
            }
            _ => String::new(),
        },
    }
}

/// The name of a unit; empty in a standard that scores nobody.
pub fn units(standard: &Standard, words: &Words) -> String {
    standard.units.as_ref().map_or_else(String::new, |units| units.title.get(words.language).to_string())
}

/// How a part is scored. `units` is the name of a unit.
pub fn of_part(part: &Part, checks: &[Check], units: &str, words: &Words) -> String {
    part.method.sentence(&Sentence::of_part(part, checks, units, words))
}

/// What is asked for if the value of a check is the number of schools or sections that fail it: `没有达到“生均用书 ≥ 1
/// 册/人”的学校数`.
pub fn rows_wanted(check: &Check, words: &Words) -> String {
    let text = Sentence::plain(words);
    let required = text.required(check).unwrap_or_else(|| check.title.get(words.language).to_string());
    text.say(&format!("rows.{}", rows(check)), &[("required", required)])
}

/// The number of schools or sections that fail the check: `未达到的有 2 所`, or that none does.
pub fn rows_unmet(check: &Check, count: f64, words: &Words) -> String {
    let text = Sentence::plain(words);
    if count.abs() < 1e-9 {
        return text.say("rows.all", &[]);
    }
    let one = if (count - 1.0).abs() < 1e-9 { "one" } else { "unmet" };
    text.say(&format!("rows.{one}.{}", rows(check)), &[("count", shown(count))])
}

/// The requirement for each school or section: `≥ 1 册/人`; the check's title if it is not a number.
pub fn rows_required(check: &Check, words: &Words) -> String {
    Sentence::plain(words).required(check).unwrap_or_else(|| check.title.get(words.language).to_string())
}

/// What is counted: `未达到的学校`.
pub fn rows_unit(check: &Check, words: &Words) -> String {
    Sentence::plain(words).say(&format!("rows.unit.{}", rows(check)), &[])
}

fn rows(check: &Check) -> &'static str {
    if check.over == Over::School { "school" } else { "section" }
}

/// The effect of an adjustment on an item's sum.
pub fn of_adjustment(adjustment: &Adjustment, words: &Words) -> String {
    let text = Sentence::plain(words);
    match &adjustment.rule {
        AdjustmentRule::Once { each } => text.say("once", &[("each", text.points(*each))]),
        AdjustmentRule::Counted { each, counted } => {
            let counted = counted.get(words.language).to_string();
            text.say("counted", &[("each", text.points(*each)), ("counted", counted)])
        }
        AdjustmentRule::Range { least, most } => {
            text.say("range", &[("least", shown(*least)), ("most", text.points(*most))])
        }
        AdjustmentRule::Zero => text.say("zero", &[]),
        AdjustmentRule::Precondition => text.say("precondition", &[]),
        AdjustmentRule::Cap { points: Some(points), .. } => {
            text.say("cap", &[("points", text.points(*points))])
        }
        AdjustmentRule::Cap { share, .. } => {
            text.say("cap_share", &[("share", shown(share.unwrap_or(1.0) * 100.0))])
        }
        AdjustmentRule::Veto => text.say("veto", &[]),
    }
}

/// 0.9999999999999998 is 1.
fn shown(value: f64) -> String {
    number::calculated(Some(value))
}
