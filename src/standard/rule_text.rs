//! How a part is scored, as a sentence: in the scoring workbook, `standards show` and the reports.

use super::{
    Adjustment, AdjustmentRule, Check, Compared, Comparison, Method, Otherwise, Over, Part, Rule, Standard,
    entry::{Entry, What},
};
use crate::{
    dictionary::Dictionary,
    number,
    words::{Language, Words},
};

/// The rule that an entry feeds; empty where there is nothing to say.
pub fn of_entry(standard: &Standard, entry: &Entry, words: &Words) -> String {
    let text = Text { words };
    let Some(item) = entry.item.and_then(|item| standard.items.get(item)) else {
        let What::Component(title) = &entry.what else { return String::new() };
        let components = standard.scoring.iter().flat_map(|scoring| &scoring.components);
        let share = components.filter(|c| c.title == *title).map(|c| c.share * 100.0).next();
        return share.map_or_else(String::new, |share| text.say("component", &[("share", shown(share))]));
    };
    let Rule::Scored { parts, adjustments, checks, .. } = &item.rule else { return String::new() };
    let own = |adjustment: &&Adjustment| entry.id == format!("{}.{}", item.id, adjustment.id);
    if let Some(adjustment) = adjustments.iter().find(own) {
        return of_adjustment(adjustment, words);
    }
    match entry.part.and_then(|part| parts.get(part)) {
        Some(part) => of_part(part, checks, &units(standard, words), words),
        None => match &entry.what {
            // Beside an office's mark.
            What::CheckValue { check } | What::CheckRequired { check } => {
                checks.iter().find(|c| c.id == *check).map_or_else(String::new, |check| text.condition(check))
            }
            _ => String::new(),
        },
    }
}

/// What a unit is called; empty in a standard that scores nobody.
pub fn units(standard: &Standard, words: &Words) -> String {
    standard.units.as_ref().map_or_else(String::new, |units| units.title.get(words.language).to_string())
}

/// How a part is scored. `units` is what a unit is called.
pub fn of_part(part: &Part, checks: &[Check], units: &str, words: &Words) -> String {
    let text = Text { words };
    let points = part.points.map_or_else(|| text.say("yearly", &[]), |points| text.points(points));
    let conditions = |ids: &[String]| {
        let found = ids.iter().filter_map(|id| checks.iter().find(|check| check.id == *id));
        found.map(|check| text.condition(check)).collect::<Vec<_>>().join(&text.say("and", &[]))
    };
    let title = |id: &String| {
        let check = checks.iter().find(|check| check.id == *id);
        check.map_or_else(|| id.clone(), |check| check.title.get(words.language).to_string())
    };
    match &part.method {
        Method::Office => text.say("office", &[("points", points)]),
        Method::Threshold { checks, otherwise } => {
            let met = match &checks[..] {
                [] => text.say("threshold", &[("points", points)]),
                some => text.say("threshold_of", &[("conditions", conditions(some)), ("points", points)]),
            };
            let rest = match otherwise {
                Otherwise::Points(points) => text.say("otherwise", &[("points", text.points(*points))]),
                Otherwise::Office => text.say("otherwise_office", &[]),
                Otherwise::Tiers(tiers) => {
                    let args = [("units", units.to_string()), ("tiers", text.tiers(tiers, &[]))];
                    text.say(if checks.is_empty() { "otherwise_chosen" } else { "otherwise_tiers" }, &args)
                }
            };
            met + &rest
        }
        Method::Elements { elements, all } => {
            let count = elements.len();
            let share = part.points.map(|points| text.points(points / count.max(1) as f64));
            let args = [
                ("count", count.to_string()),
                ("points", points),
                ("share", share.clone().unwrap_or_default()),
            ];
            match (all, share) {
                (true, _) => text.say("elements_all", &args),
                (false, Some(_)) => text.say("elements", &args),
                (false, None) => text.say("elements_yearly", &args),
            }
        }
        Method::Deduct { each, counted, check } => {
            let what = match check {
                Some(check) if counted.zh.is_empty() => title(check),
                _ => counted.get(words.language).to_string(),
            };
            let each = ("each", text.points(*each));
            if what.is_empty() {
                text.say("deduct", &[each])
            } else {
                text.say("deduct_of", &[each, ("counted", what)])
            }
        }
        Method::Base { share, fault } => {
            let percent = ("share", shown(share * 100.0));
            let base = match part.points {
                Some(points) => {
                    let bonus = text.points(points * (1.0 - share));
                    text.say("base", &[percent, ("base", text.points(points * share)), ("bonus", bonus)])
                }
                None => text.say("base_yearly", &[percent, ("rest", shown((1.0 - share) * 100.0))]),
            };
            match fault {
                Some((least, most)) => {
                    let args = [("least", shown(*least)), ("most", text.points(*most))];
                    base + &text.say("fault", &args)
                }
                None => base,
            }
        }
        Method::Tiers { tiers, names, none, by } => {
            let tiers = ("tiers", text.tiers(tiers, names));
            let sentence = match by {
                Compared::Office => text.say("tiers", &[("units", units.to_string()), tiers]),
                Compared::Check(check) => {
                    let lower = checks.iter().any(|c| c.id == *check && is_lower(c.compare));
                    text.ranked(title(check), !lower, units, tiers)
                }
                Compared::Entered { title, higher, .. } => {
                    text.ranked(title.get(words.language).to_string(), *higher, units, tiers)
                }
            };
            if *none { sentence + &text.say("none", &[]) } else { sentence }
        }
        Method::Trend { up, same, down, check } => {
            let args = [
                ("up", text.points(*up)),
                ("same", text.points(*same)),
                ("down", text.points(*down)),
                ("check", check.as_ref().map(title).unwrap_or_default()),
            ];
            text.say(if check.is_some() { "trend_of" } else { "trend" }, &args)
        }
        Method::Levels { levels } => {
            let each = levels.iter().map(|level| {
                let args = [
                    ("level", level.name.get(words.language).to_string()),
                    ("first", text.points(level.first)),
                    ("more", text.points(level.more)),
                ];
                text.say(if level.more > 0.0 { "level" } else { "level_once" }, &args)
            });
            let each = each.collect::<Vec<_>>().join(&text.say("comma", &[]));
            text.say("levels", &[("levels", each), ("points", points)])
        }
        Method::Share { check, entered } => {
            let entered = match check {
                Some(check) => title(check),
                None => entered.get(words.language).to_string(),
            };
            text.say("share", &[("points", points), ("entered", entered)])
        }
    }
}

/// What is asked of each school or section, where the value of a check is how many do not reach it: `没有达到“生均用书
/// ≥ 1 册/人”的学校数`.
pub fn rows_wanted(check: &Check, words: &Words) -> String {
    let text = Text { words };
    let required = text.required(check).unwrap_or_else(|| check.title.get(words.language).to_string());
    text.say(&format!("rows.{}", rows(check)), &[("required", required)])
}

/// How many of the schools or sections do not reach what is asked of each: `未达到的有 2 所`, or that all do.
pub fn rows_unmet(check: &Check, count: f64, words: &Words) -> String {
    let text = Text { words };
    if count.abs() < 1e-9 {
        return text.say("rows.all", &[]);
    }
    let one = if (count - 1.0).abs() < 1e-9 { "one" } else { "unmet" };
    text.say(&format!("rows.{one}.{}", rows(check)), &[("count", shown(count))])
}

/// What each school or section must reach: `≥ 1 册/人`; the check's title where it is no number.
pub fn rows_required(check: &Check, words: &Words) -> String {
    Text { words }.required(check).unwrap_or_else(|| check.title.get(words.language).to_string())
}

/// What is counted: `未达到的学校`.
pub fn rows_unit(check: &Check, words: &Words) -> String {
    Text { words }.say(&format!("rows.unit.{}", rows(check)), &[])
}

fn rows(check: &Check) -> &'static str {
    if check.over == Over::School { "school" } else { "section" }
}

/// What happens to an item's sum.
pub fn of_adjustment(adjustment: &Adjustment, words: &Words) -> String {
    let text = Text { words };
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

fn is_lower(compare: Comparison) -> bool {
    matches!(compare, Comparison::AtMost | Comparison::Less)
}

struct Text<'a> {
    words: &'a Words,
}

impl Text<'_> {
    fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.text(&format!("rule.{key}"), args)
    }

    fn points(&self, points: f64) -> String {
        let key = if (points - 1.0).abs() < 1e-9 { "one_point" } else { "points" };
        self.say(key, &[("points", shown(points))])
    }

    /// `10、8、6分`, or `优10分、较好8分`.
    fn tiers(&self, tiers: &[f64], names: &[String]) -> String {
        let and = self.say("listed", &[]);
        if names.len() == tiers.len() && !names.is_empty() {
            let named = names.iter().zip(tiers).map(|(name, tier)| {
                self.say("named_tier", &[("name", name.clone()), ("points", self.points(*tier))])
            });
            return named.collect::<Vec<_>>().join(&and);
        }
        let points = tiers.iter().map(|tier| shown(*tier)).collect::<Vec<_>>().join(&and);
        self.say("points", &[("points", points)])
    }

    fn ranked(&self, value: String, higher: bool, units: &str, tiers: (&'static str, String)) -> String {
        let key = if higher { "ranked_higher" } else { "ranked_lower" };
        self.say(key, &[("value", value), ("units", units.to_string()), tiers])
    }

    /// `普惠率 ≥ 80 %`; a requirement that comes from elsewhere by its name.
    fn condition(&self, check: &Check) -> String {
        let title = check.title.get(self.words.language);
        self.required(check).map_or_else(|| title.to_string(), |required| format!("{title} {required}"))
    }

    /// `≥ 80 %`; `None` where it has neither a number nor a name.
    fn required(&self, check: &Check) -> Option<String> {
        let sign = check.compare.sign();
        let unit = self.words.unit(&check.unit);
        let (required, unit) = if !check.required_by_class.is_empty() {
            let each = check.required_by_class.iter().map(|(class, required)| {
                self.say("of_class", &[("class", class.clone()), ("required", shown(*required))])
            });
            (each.collect::<Vec<_>>().join(&self.say("listed", &[])), unit)
        } else {
            match check.required.columns().into_iter().collect::<Vec<_>>().as_slice() {
                [] => (check.required.to_string(), unit),
                [fact] => {
                    let known = Dictionary::get().fact(fact)?;
                    if *fact != check.required.to_string() {
                        return None;
                    }
                    let label = match self.words.language {
                        Language::Chinese => known.label_zh.clone(),
                        Language::English => known.label_en.clone(),
                    };
                    (label, String::new())
                }
                _ => return None,
            }
        };
        Some(format!("{sign} {required} {unit}").trim_end().to_string())
    }
}
