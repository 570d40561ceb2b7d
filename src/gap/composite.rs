//! A mean of several CVs over its limit: how far their sum has to fall, and what improving a single indicator would
//! take.

use super::{
    Duty, Gap,
    dispersion::{Member, members_with_value, raise},
    distance,
};
use crate::{
    number,
    standard::{Comparison, Indicator, Rule, Section},
    tables::{
        Status,
        judged::{JudgedComposite, JudgedRun},
    },
    words::Words,
};

/// The number of indicators shown.
const WAYS: usize = 3;

/// One indicator of the mean: its CV and its schools.
struct Part<'a> {
    indicator: &'a Indicator,
    cv: f64,
    members: Vec<Member>,
}

/// One indicator that brings the mean to its limit on its own.
#[derive(Debug, Clone, PartialEq)]
struct Way {
    /// Index into the parts.
    part: usize,
    /// The CV that the indicator has to reach.
    target: f64,
    /// The smallest total that achieves it, in the indicator's shortfall unit.
    amount: f64,
}

/// Means over their limits, with the ways to lower them, and means that are unknown.
pub fn gaps(run: &JudgedRun, groups: &[usize]) -> Vec<Gap> {
    let found = groups.iter().flat_map(|&g| run.composites[g].iter().map(move |found| (g, found)));
    found.filter_map(|(g, found)| of_composite(run, g, found)).collect()
}

fn of_composite(run: &JudgedRun, group: usize, found: &JudgedComposite) -> Option<Gap> {
    let item = &run.standard.items[found.item];
    let of = &run.groups[group];
    let mut gap = Duty::of_item(item).gap(&of.district_code, of.year);
    gap.section = Some(of.section);
    gap.required = found.limit;
    match (found.status, found.value, found.limit) {
        (Status::Missing, ..) => gap.distance = -1.0,
        (Status::Unmet, Some(value), Some(limit)) => {
            gap.current = Some(value);
            gap.shortfall = Some(value - limit);
            gap.unit = number::CV.into();
            gap.distance = distance(gap.current, gap.required, Comparison::AtMost);
            let parts = parts(run, group, found);
            let excess = excess(value, limit, parts.len());
            let mut lines = lines_of(&parts, excess, run.standard.print.cv, of.section, run.words);
            lines.splice(0..0, gap.measures.lines().map(str::to_string));
            gap.measures = lines.join("\n");
        }
        _ => return None,
    }
    Some(gap)
}

/// The indicators whose CVs make up the mean.
fn parts<'a>(run: &JudgedRun<'a>, group: usize, found: &JudgedComposite) -> Vec<Part<'a>> {
    let Rule::Composite { indicators, .. } = &run.standard.items[found.item].rule else {
        return Vec::new();
    };
    let of = |id: &String| {
        let k = run.standard.indicators.iter().position(|indicator| indicator.id == *id)?;
        let judged = run.dispersions[group].iter().find(|judged| judged.indicator == k)?;
        let indicator = &run.standard.indicators[k];
        let (cv, members) = (judged.dispersion?.cv, members_with_value(run, group, k));
        Some(Part { indicator, cv, members })
    };
    indicators.iter().filter_map(of).collect()
}

/// The amount by which the sum of the CVs has to fall for their mean to move from `value` to `limit`.
fn excess(value: f64, limit: f64, count: usize) -> f64 {
    (value - limit) * count as f64
}

/// The indicators that can bring the mean to its limit alone, the most uneven first, because they are the easiest to
/// even out.
fn ways(parts: &[Part], excess: f64) -> Vec<Way> {
    let mut found: Vec<Way> = Vec::new();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|&a, &b| parts[b].cv.total_cmp(&parts[a].cv));
    for part in order {
        let Part { indicator, cv, members } = &parts[part];
        let target = cv - excess;
        if target > 0.0 && found.len() < WAYS {
            let amount = raise(indicator.factor, members, target, indicator.whole).iter().sum();
            found.push(Way { part, target, amount });
        }
    }
    found
}

/// The ways as lines of `measures`.
fn lines_of(parts: &[Part], excess: f64, decimals: u32, section: Section, words: &Words) -> Vec<String> {
    let scale = 10f64.powi(decimals as i32);
    // Rounded up, so that the amount is sufficient.
    let up = |value: f64| number::fixed(Some((value * scale - 1e-9).ceil() / scale), decimals);
    let down = |value: f64| number::fixed(Some((value * scale + 1e-9).floor() / scale), decimals);
    let section = words.section(section.id());
    let args = [("section", section), ("n", parts.len().to_string()), ("sum", up(excess))];
    let mut lines = vec![words.fill("gap.composite_sum", &args)];
    let ways = ways(parts, excess);
    if ways.is_empty() {
        lines.push(words.say("gap.composite_none"));
    }
    lines.extend(ways.into_iter().map(|way| {
        let part = &parts[way.part];
        words.fill(
            "gap.composite_one",
            &[
                ("id", part.indicator.id.clone()),
                ("title", part.indicator.title.get(words.language).to_string()),
                ("cv", number::fixed(Some(part.cv), decimals)),
                ("target", down(way.target)),
                ("needed", number::needed(Some(way.amount), &part.indicator.shortfall_unit, words)),
            ],
        )
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gap::dispersion::tests::members, report::sample, words::Language};

    fn cv(schools: &[(f64, f64)]) -> f64 {
        let students: f64 = schools.iter().map(|s| s.1).sum();
        let mean = schools.iter().map(|s| s.0).sum::<f64>() / students;
        (schools.iter().map(|&(x, p)| p * (x / p - mean).powi(2)).sum::<f64>() / students).sqrt() / mean
    }

    #[test]
    fn one_way_brings_the_mean_to_its_limit() {
        let standard = sample::standard();
        let indicator = &standard.indicators[0];
        // The five published schools (0.515) and two more uneven ones (0.882): the mean is 0.699, its limit 0.65.
        let five = [(279.0, 45.0), (137.0, 37.0), (935.0, 89.0), (160.0, 76.0), (402.0, 55.0)];
        let two = [(10.0, 50.0), (90.0, 30.0)];
        let cvs = [cv(&five), cv(&two)];
        let parts = [(&five[..], cvs[0]), (&two[..], cvs[1])].map(|(schools, cv)| Part {
            indicator,
            cv,
            members: members(schools),
        });
        let whole = excess((cvs[0] + cvs[1]) / 2.0, 0.65, 2);
        let ways = ways(&parts, whole);
        assert_eq!(ways.iter().map(|way| way.part).collect::<Vec<_>>(), [1, 0], "the most uneven first");
        for way in &ways {
            assert!(way.amount > 0.0);
            let other = cvs[1 - way.part];
            assert!(((way.target + other) / 2.0 - 0.65).abs() < 1e-12, "{way:?}");
        }
        let words = Words::load(Language::Chinese).unwrap();
        let lines = lines_of(&parts, whole, 3, Section::Primary, &words);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| !line.contains('{') && !line.contains("gap.")), "{lines:?}");
        assert_eq!(
            lines_of(&parts, 2.0, 3, Section::Primary, &words).len(),
            2,
            "no indicator alone can fall by 2"
        );
    }
}
