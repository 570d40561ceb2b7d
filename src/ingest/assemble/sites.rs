//! Adds the pupils, teachers and resources of sites that are not counted as schools (是否计校数 = 0) to their parent
//! schools. This follows the practice of statisticians, not a clause.

use std::collections::HashMap;

use super::{Further, Keys, Map, Records, position};
use crate::{
    dictionary::{Dictionary, Grain, Kind},
    problem::Problem,
};

/// Adds each site to the school that its 所属学校代码 refers to. A site whose parent is not in the input remains a school of
/// its own, with a finding. A figure that the parent lacks remains missing, because a part is not a total.
pub fn add(records: &mut Records, map: &Map, keys: &Keys, problems: &mut Vec<Problem>) {
    let (Some(counted), Some(parent_code)) = (position("counted"), position("parent_code")) else { return };
    let alive = |records: &Records, i: usize| !records.dropped[i];
    let is_site = |records: &Records, i: usize| records.number(counted, i) == Some(0.0);
    if !(0..records.len()).any(|i| alive(records, i) && is_site(records, i)) {
        return;
    }
    let mut of_school: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut by_code: HashMap<(String, i32, String), u32> = HashMap::new();
    for i in (0..records.len()).filter(|&i| alive(records, i)) {
        of_school.entry(records.schools[i]).or_default().push(i);
        by_code.entry(key(records, keys, i, records.text(keys.school_code, i))).or_insert(records.schools[i]);
    }
    let parent_of = |records: &Records, school: u32| -> Option<u32> {
        let first = *of_school.get(&school)?.first()?;
        let parent = records.text(parent_code, first)?;
        by_code.get(&key(records, keys, first, Some(parent))).copied().filter(|p| *p != school)
    };
    let mut sites: Vec<u32> = of_school
        .iter()
        .filter(|(_, all)| all.first().is_some_and(|&i| is_site(records, i)))
        .map(|(school, _)| *school)
        .collect();
    sites.sort_unstable();
    let mut moves = Vec::new();
    for site in sites {
        let Some(&first) = of_school.get(&site).and_then(|all| all.first()) else { continue };
        // A site of a site is added to the school above both; a circular reference has no school.
        let mut parent = parent_of(records, site);
        for _ in 0..8 {
            match parent {
                Some(p)
                    if of_school.get(&p).and_then(|a| a.first()).is_some_and(|&i| is_site(records, i)) =>
                {
                    parent = parent_of(records, p)
                }
                _ => break,
            }
        }
        let whole = parent.and_then(|p| of_school.get(&p)?.first()).filter(|&&i| !is_site(records, i));
        let name = |i: usize| records.text(keys.school_name, i).unwrap_or_default().to_string();
        let code = |i: usize| records.text(keys.school_code, i).unwrap_or_default().to_string();
        match (parent, whole) {
            (Some(parent), Some(&school)) => {
                problems.push(
                    Problem::note("site_added", map.row(records, first))
                        .school(code(first))
                        .with("school", name(first))
                        .with("parent", name(school)),
                );
                moves.push((site, parent));
            }
            _ => problems.push(
                Problem::warning("site_without_parent", map.row(records, first))
                    .school(code(first))
                    .with("school", name(first))
                    .with("parent", records.text(parent_code, first).unwrap_or("—")),
            ),
        }
    }
    for (site, parent) in moves {
        let site = of_school.remove(&site).unwrap_or_default();
        let mut whole = of_school.remove(&parent).unwrap_or_default();
        let lacking = join(records, &site, &mut whole);
        if let (false, Some(&first)) = (lacking.is_empty(), site.first()) {
            let labels = |label: fn(&crate::dictionary::Fact) -> &str, by: &str| {
                lacking.iter().map(|&f| label(&Dictionary::get().facts()[f])).collect::<Vec<_>>().join(by)
            };
            let name = |i: usize| records.text(keys.school_name, i).unwrap_or_default().to_string();
            problems.push(
                Problem::warning("site_lacks", map.row(records, first))
                    .school(records.text(keys.school_code, first).unwrap_or_default())
                    .with("school", name(first))
                    .with("parent", whole.first().map_or(String::new(), |&i| name(i)))
                    .with("labels", labels(|f| &f.label_zh, "、"))
                    .with("labels_en", labels(|f| &f.label_en, ", ")),
            );
        }
        of_school.insert(parent, whole);
    }
}

fn key(records: &Records, keys: &Keys, i: usize, code: Option<&str>) -> (String, i32, String) {
    let district = records.text(keys.district_code, i).unwrap_or_default().to_string();
    (district, records.number(keys.year, i).unwrap_or(0.0) as i32, code.unwrap_or_default().to_string())
}

/// Adds the site's figures. Returns the facts that the parent has and the site lacks. Where these are its pupils, the
/// total is unknown and nothing can be calculated per pupil; for other facts the parent's figure is kept, which is too
/// low rather than too high.
fn join(records: &mut Records, site: &[usize], whole: &mut Vec<usize>) -> Vec<usize> {
    let facts = Dictionary::get().facts();
    let mut lacking = Vec::new();
    let (Some(&site_first), Some(&parent_first)) = (site.first(), whole.first()) else { return lacking };
    for (fact, about) in facts.iter().enumerate().filter(|(_, f)| f.grain == Grain::School) {
        if matches!(about.kind, Kind::Count | Kind::Amount) {
            let lacks = |&&to: &&usize| !records.is_missing(fact, to) && records.is_missing(fact, site_first);
            if whole.iter().any(|to| lacks(&to)) {
                lacking.push(fact);
            }
            for &to in whole.iter() {
                add_value(records, fact, to, site_first);
            }
        }
    }
    for &from in site {
        let section = records.sections[from];
        match whole.iter().copied().find(|&i| records.sections[i] == section) {
            Some(to) => {
                for (fact, about) in facts.iter().enumerate().filter(|(_, f)| f.grain == Grain::Section) {
                    if !records.is_missing(fact, to) && records.is_missing(fact, from) {
                        lacking.push(fact);
                        if let (true, Some(super::Values::Number(v))) =
                            (about.id == "students", &mut records.values[fact])
                        {
                            v[to] = None;
                        }
                    }
                    if about.id == "max_class_size" {
                        greatest(records, fact, to, from);
                    } else {
                        add_value(records, fact, to, from);
                    }
                }
                records.dropped[from] = true;
                records.further.push(Further {
                    record: to,
                    source: records.sources[from],
                    row: records.rows[from],
                    role: "site",
                });
            }
            // The parent has no such section of its own and takes over that of the site.
            None => {
                for (fact, _) in facts.iter().enumerate().filter(|(_, f)| f.grain == Grain::School) {
                    records.copy(fact, from, parent_first);
                }
                records.schools[from] = records.schools[parent_first];
                whole.push(from);
            }
        }
    }
    lacking
}

fn add_value(records: &mut Records, fact: usize, to: usize, from: usize) {
    let sum = records.number(fact, to).zip(records.number(fact, from)).map(|(a, b)| a + b);
    set(records, fact, to, sum);
}

fn greatest(records: &mut Records, fact: usize, to: usize, from: usize) {
    let max = records.number(fact, to).zip(records.number(fact, from)).map(|(a, b)| a.max(b));
    set(records, fact, to, max);
}

fn set(records: &mut Records, fact: usize, to: usize, value: Option<f64>) {
    if let (Some(super::Values::Number(values)), Some(value)) = (&mut records.values[fact], value) {
        values[to] = Some(value);
    }
}
