//! The score of a part by its method, with the arithmetic as text.

use super::{
    Room,
    numbers::{result, shown, tidy},
    tiers::{Ranking, Stand},
};
use crate::{
    standard::{Compared, Item, Level, Method, Otherwise, Part},
    tables::scored::PartScore,
};

/// What a method gives: a score and its arithmetic, or what is still wanted.
#[derive(Debug, Default)]
struct Found {
    score: Option<f64>,
    text: String,
    marks: Vec<usize>,
    unmarked: Vec<String>,
}

impl Found {
    fn scored(score: f64, text: String, marks: Vec<usize>) -> Found {
        Found { score: Some(score), text, marks, unmarked: Vec::new() }
    }
}

/// One part, with what its entries are called.
struct Of<'a> {
    unit: usize,
    i: usize,
    item: &'a Item,
    part: &'a Part,
    /// `27.2`.
    id: String,
    points: f64,
}

impl Room<'_> {
    pub(super) fn part(
        &self,
        unit: usize,
        (i, item): (usize, &Item),
        (k, part): (usize, &Part),
        points: Option<f64>,
        ranking: Option<&Ranking>,
    ) -> PartScore {
        let id = format!("{}.{}", item.id, part.id);
        let found = match points {
            Some(points) => self.by_method(&Of { unit, i, item, part, id, points }, ranking),
            None => Found { text: self.words.say("score.no_points"), ..Found::default() },
        };
        let mut text = found.text;
        let mut score = found.score.map(tidy);
        let mut above = false;
        if let (Some(now), Some(points)) = (score, points)
            && now > points + 1e-9
        {
            // The document has a tier, or a score of those that fail, above what the part is worth.
            above = self.standard.setting("above_points") != "capped";
            if !above {
                score = Some(points);
                text = format!("{text} → {}", shown(points));
            }
        }
        if score.is_none() && text.is_empty() {
            text = self.words.say("score.unmarked");
        }
        PartScore {
            part: k,
            points,
            score,
            arithmetic: text,
            marks: found.marks,
            unmarked: found.unmarked,
            above,
        }
    }

    fn by_method(&self, of: &Of, ranking: Option<&Ranking>) -> Found {
        match &of.part.method {
            Method::Office => self.given(of),
            Method::Threshold { checks, otherwise } => self.threshold(of, checks, otherwise, ranking),
            Method::Elements { elements, all } => self.elements(of, elements.len(), *all),
            Method::Deduct { each, check, .. } => self.deduct(of, *each, check.as_deref()),
            Method::Base { share, fault } => self.base(of, *share, fault.is_some()),
            Method::Tiers { tiers, names, by, .. } => match ranking {
                Some(ranking) => self.ranked(of, ranking),
                None => {
                    let seen = match by {
                        Compared::Entered { .. } => {
                            self.entered.number(of.unit, &format!("{}.value", of.id)).map(|(_, mark)| mark)
                        }
                        _ => None,
                    };
                    let mut found = self.chosen(of, tiers, names);
                    found.marks.extend(seen);
                    found
                }
            },
            Method::Trend { up, same, down, check } => self.trend(of, [*up, *same, *down], check.as_deref()),
            Method::Levels { levels } => self.levels(of, levels),
            Method::Share { check, .. } => self.share(of, check.as_deref()),
        }
    }

    fn wants(&self, entries: impl IntoIterator<Item = String>) -> Found {
        Found { unmarked: entries.into_iter().collect(), ..Found::default() }
    }

    /// What the office gives.
    fn given(&self, of: &Of) -> Found {
        match self.entered.number(of.unit, &of.id) {
            Some((score, mark)) => Found::scored(score, shown(score), vec![mark]),
            None => self.wants([of.id.clone()]),
        }
    }

    /// A text that ends in the score it gave.
    fn says(&self, key: &str, detail: &str, score: f64) -> String {
        self.say(key, &[("detail", detail.to_string()), ("score", shown(score))])
    }

    fn threshold(
        &self,
        of: &Of,
        checks: &[String],
        otherwise: &Otherwise,
        ranking: Option<&Ranking>,
    ) -> Found {
        let (met, detail, mut marks, wanted) = if checks.is_empty() {
            let entry = format!("{}.met", of.id);
            match self.entered.truth(of.unit, &entry) {
                Some((met, mark)) => (Some(met), String::new(), vec![mark], Vec::new()),
                None => (None, String::new(), Vec::new(), vec![entry]),
            }
        } else {
            self.checks(of, checks)
        };
        let Some(met) = met else { return Found { text: detail, marks, ..self.wants(wanted) } };
        if met {
            let key = if detail.is_empty() { "score.met" } else { "score.met_by" };
            return Found::scored(of.points, self.says(key, &detail, of.points), marks);
        }
        let key = if detail.is_empty() { "score.unmet" } else { "score.unmet_by" };
        let mut found = match (otherwise, ranking) {
            (Otherwise::Points(points), _) => {
                return Found::scored(*points, self.says(key, &detail, *points), marks);
            }
            (Otherwise::Office, _) => self.given(of),
            (Otherwise::Tiers(_), Some(ranking)) => self.ranked(of, ranking),
            (Otherwise::Tiers(tiers), None) => self.chosen(of, tiers, &[]),
        };
        let key = if detail.is_empty() { "score.unmet_then" } else { "score.unmet_by_then" };
        let then = if found.score.is_none() && found.text.is_empty() {
            self.words.say("score.unmarked")
        } else {
            found.text
        };
        found.text = self.say(key, &[("detail", detail), ("then", then)]);
        marks.append(&mut found.marks);
        found.marks = marks;
        found
    }

    /// All checks of a threshold: whether they are met, how it is seen, the marks behind, and what is wanted.
    fn checks(&self, of: &Of, checks: &[String]) -> (Option<bool>, String, Vec<usize>, Vec<String>) {
        let met = self.reached(of.unit, of.i, checks);
        let (mut shown, mut marks, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        let mut classless = false;
        for id in checks {
            let (Some(check), Some(known)) =
                (of.item.checks().iter().find(|check| check.id == *id), self.known(of.unit, of.i, id))
            else {
                continue;
            };
            marks.extend(&known.marks);
            if known.met.is_none() {
                wanted.extend(known.wanted.clone());
                classless |= known.classless;
            } else if met != Some(false) || known.met == Some(false) {
                shown.push(known.shown(check, self));
            }
        }
        if met.is_none() && classless {
            shown = vec![self.words.say("score.no_class")];
        } else if met.is_none() {
            shown.clear();
        }
        (met, shown.join(&self.words.say("score.joint")), marks, wanted)
    }

    fn elements(&self, of: &Of, count: usize, all: bool) -> Found {
        let (mut present, mut marks, mut wanted) = (0, Vec::new(), Vec::new());
        for n in 1..=count {
            let entry = format!("{}.{n}", of.id);
            match self.entered.truth(of.unit, &entry) {
                Some((there, mark)) => {
                    present += usize::from(there);
                    marks.push(mark);
                }
                None => wanted.push(entry),
            }
        }
        if !wanted.is_empty() {
            return Found { marks, ..self.wants(wanted) };
        }
        if all {
            let (key, score) =
                if present == count { ("score.all_there", of.points) } else { ("score.not_all", 0.0) };
            let lacking = count - present;
            let args =
                [("count", count.to_string()), ("lacking", lacking.to_string()), ("score", shown(score))];
            return Found::scored(score, self.say(key, &args), marks);
        }
        let score = of.points * present as f64 / count.max(1) as f64;
        let text = format!("{} ÷ {count} × {present} {}", shown(of.points), result(score));
        Found::scored(score, text, marks)
    }

    fn deduct(&self, of: &Of, each: f64, check: Option<&str>) -> Found {
        let (count, marks) = match check {
            Some(id) => {
                let Some(known) = self.known(of.unit, of.i, id) else { return Found::default() };
                match &known.value {
                    Some(value) => (value.value, known.marks.clone()),
                    None => return self.wants([format!("{}.check.{id}", of.item.id)]),
                }
            }
            None => {
                let entry = format!("{}.count", of.id);
                match self.entered.number(of.unit, &entry) {
                    Some((count, mark)) => (count, vec![mark]),
                    None => return self.wants([entry]),
                }
            }
        };
        // Nothing is given for less than none.
        let left = of.points - count.max(0.0) * each;
        let text =
            format!("{} − {} × {} {}", shown(of.points), shown(count.max(0.0)), shown(each), result(left));
        Found::scored(left.max(0.0), within(text, left, left.max(0.0)), marks)
    }

    fn base(&self, of: &Of, share: f64, has_fault: bool) -> Found {
        let (mut marks, mut wanted) = (Vec::new(), Vec::new());
        let mut read = |key: &str| {
            let entry = format!("{}.{key}", of.id);
            match self.entered.number(of.unit, &entry) {
                Some((number, mark)) => {
                    marks.push(mark);
                    number
                }
                None => {
                    wanted.push(entry);
                    0.0
                }
            }
        };
        let bonus = read("bonus");
        let fault = if has_fault { read("fault") } else { 0.0 };
        if !wanted.is_empty() {
            return Found { marks, ..self.wants(wanted) };
        }
        let sum = share * of.points + bonus - fault;
        let score = sum.clamp(0.0, of.points.max(0.0));
        let mut text = format!("{} × {}", shown(share), shown(of.points));
        for (sign, number) in [("+", bonus), ("−", fault)] {
            if number != 0.0 {
                text += &format!(" {sign} {}", shown(number));
            }
        }
        let text = format!("{text} {}", result(sum));
        Found::scored(score, within(text, sum, score), marks)
    }

    /// The tier by rank.
    fn ranked(&self, of: &Of, ranking: &Ranking) -> Found {
        let mine = self.wanted_of(of);
        match ranking.stands.get(of.unit) {
            Some(Stand::In { value, marks, rank, tied }) if ranking.waiting.is_empty() => {
                let Some((tier, score)) = ranking.tier(*rank) else { return Found::default() };
                let args = [
                    ("rank", rank.to_string()),
                    ("count", ranking.count.to_string()),
                    ("value", crate::number::at_most(value.value, 4)),
                    ("tier", tier.to_string()),
                    ("score", shown(score)),
                ];
                let key = if *tied { "score.tied" } else { "score.ranked" };
                Found::scored(score, self.say(key, &args), marks.clone())
            }
            Some(Stand::Nothing { marks }) => {
                Found::scored(0.0, self.say("score.has_none", &[("score", shown(0.0))]), marks.clone())
            }
            Some(Stand::Waits) => Found { text: self.waits_for(ranking), ..self.wants(mine) },
            Some(Stand::In { marks, .. }) => {
                Found { text: self.waits_for(ranking), marks: marks.clone(), ..Found::default() }
            }
            Some(Stand::Out) | None => {
                Found { text: self.words.say("score.not_compared"), ..Found::default() }
            }
        }
    }

    fn waits_for(&self, ranking: &Ranking) -> String {
        let units = ranking.waiting.join(&self.words.say("score.comma"));
        self.say("score.waits", &[("units", units)])
    }

    /// What would have to be entered for the unit to be compared.
    fn wanted_of(&self, of: &Of) -> Vec<String> {
        match &of.part.method {
            Method::Tiers { by: Compared::Entered { .. }, .. } => vec![format!("{}.value", of.id)],
            method => {
                let wanted = method.checks().iter().filter_map(|id| self.known(of.unit, of.i, id));
                let mut wanted: Vec<String> = wanted.flat_map(|known| known.wanted.clone()).collect();
                if matches!(method, Method::Tiers { .. }) {
                    // A rank needs the value alone.
                    wanted.retain(|entry| !entry.ends_with(".required"));
                }
                wanted
            }
        }
    }

    /// The tier that the office chose.
    fn chosen(&self, of: &Of, tiers: &[f64], names: &[String]) -> Found {
        let entry = format!("{}.tier", of.id);
        let Some((score, mark)) = self.entered.number(of.unit, &entry) else { return self.wants([entry]) };
        let at = tiers.iter().position(|tier| (tier - score).abs() < 1e-9);
        let args = |tier: &str| [("tier", tier.to_string()), ("score", shown(score))];
        // Where "none" has a name of its own, it stands after those of the tiers.
        let text = match (names.get(at.unwrap_or(tiers.len())), at) {
            (Some(name), _) => self.say("score.tier_named", &args(name)),
            (None, Some(at)) => self.say("score.tier", &args(&(at + 1).to_string())),
            (None, None) => self.say("score.has_none", &args("")),
        };
        Found::scored(score, text, vec![mark])
    }

    fn trend(&self, of: &Of, points: [f64; 3], check: Option<&str>) -> Found {
        let (direction, detail, marks) = match check {
            Some(id) => {
                let (Some(check), Some(known)) =
                    (of.item.checks().iter().find(|check| check.id == id), self.known(of.unit, of.i, id))
                else {
                    return Found::default();
                };
                let Some(direction) = known.direction else { return self.wants(known.wanted.clone()) };
                let detail = match (&known.value, &known.required) {
                    (Some(now), Some(before)) => {
                        let (now, before) = super::numbers::compared(now, before, check.decimals);
                        self.say("score.trend_detail", &[("before", before), ("now", now)])
                    }
                    _ => String::new(),
                };
                (direction, detail, known.marks.clone())
            }
            None => {
                let entry = format!("{}.trend", of.id);
                match self.entered.direction(of.unit, &entry) {
                    Some((direction, mark)) => (direction, String::new(), vec![mark]),
                    None => return self.wants([entry]),
                }
            }
        };
        let [up, same, down] = points;
        let (score, said) = match direction {
            1.. => (up, "score.up"),
            0 => (same, "score.same"),
            _ => (down, "score.down"),
        };
        let text = self.say(
            "score.trend",
            &[("direction", self.words.say(said)), ("detail", detail), ("score", shown(score))],
        );
        Found::scored(score, text, marks)
    }

    fn levels(&self, of: &Of, levels: &[Level]) -> Found {
        let (mut sum, mut terms) = (0.0, Vec::new());
        let (mut marks, mut wanted) = (Vec::new(), Vec::new());
        for (n, level) in levels.iter().enumerate() {
            let entry = format!("{}.level{}", of.id, n + 1);
            match self.entered.number(of.unit, &entry) {
                Some((count, mark)) => {
                    marks.push(mark);
                    if count >= 1.0 {
                        sum += level.first + level.more * (count - 1.0);
                        terms.push(shown(level.first));
                    }
                    if count >= 2.0 && level.more > 0.0 {
                        terms.push(format!("{} × {}", shown(count - 1.0), shown(level.more)));
                    }
                }
                None => wanted.push(entry),
            }
        }
        if !wanted.is_empty() {
            return Found { marks, ..self.wants(wanted) };
        }
        let score = sum.min(of.points);
        let text = match &terms[..] {
            [] => shown(0.0),
            [one] if !one.contains('×') => one.clone(),
            terms => format!("{} {}", terms.join(" + "), result(sum)),
        };
        Found::scored(score, within(text, sum, score), marks)
    }

    fn share(&self, of: &Of, check: Option<&str>) -> Found {
        let (percent, marks) = match check {
            Some(id) => {
                let Some(known) = self.known(of.unit, of.i, id) else { return Found::default() };
                let unit =
                    of.item.checks().iter().find(|check| check.id == id).map(|check| check.unit.as_str());
                match &known.value {
                    // What is no percentage is a share of 1.
                    Some(value) if unit == Some("%") => (value.value, known.marks.clone()),
                    Some(value) => (value.value * 100.0, known.marks.clone()),
                    None => return self.wants([format!("{}.check.{id}", of.item.id)]),
                }
            }
            None => {
                let entry = format!("{}.value", of.id);
                match self.entered.number(of.unit, &entry) {
                    Some((percent, mark)) => (percent, vec![mark]),
                    None => return self.wants([entry]),
                }
            }
        };
        let raw = of.points * percent / 100.0;
        let score = raw.clamp(0.0, of.points);
        let text = format!("{} × {}% {}", shown(of.points), shown(percent), result(raw));
        Found::scored(score, within(text, raw, score), marks)
    }
}

/// What the bounds make of it stands behind an arrow: `20 − 23 × 1 = −3 → 0`.
fn within(text: String, before: f64, after: f64) -> String {
    if tidy(before) == tidy(after) { text } else { format!("{text} → {}", shown(after)) }
}
