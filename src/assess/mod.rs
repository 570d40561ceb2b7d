//! The main job: facts → measures → verdicts → gaps. It calls the rooms in order and calculates nothing itself.

mod composites;
mod missing_facts;
pub mod stream;
pub mod units;

use std::collections::HashMap;

use polars::prelude::*;

pub use crate::tables::assessment::Assessment;
pub use crate::tables::verdict::{Excluded, Outcome, Reason, Verdict};
use crate::{
    gap::{self, Duty, Gap, Member},
    ingest::Facts,
    judge::{
        self,
        items::District,
        tables::{Counts, Names},
        verdict::Basis,
    },
    measure::{
        Measure, OutOfScope,
        apportion::Combined,
        checks,
        dispersion::{self, Members},
        exact::ExactRows,
        rows::Rows,
    },
    problem::{Problem, Result},
    standard::{Comparison, Section, Standard},
    tables::{
        Status, facts,
        judged::{JudgedComposite, JudgedDispersion, JudgedItem},
        measure_matrix::{Group, Mark, MeasureMatrix},
        shares,
    },
    words::Words,
};

/// The whole job on facts in memory.
///
/// # Errors
/// Those of the engine, which valid tables do not cause.
pub fn assess(facts: &Facts, standard: &Standard, reliefs: bool, words: &Words) -> Result<Assessment> {
    let combined = Combined::of(facts.facts.frame())?;
    let mut measure = Measure::new(standard, reliefs);
    let mut panel = measure.add(facts.facts.frame(), 0, &combined)?;
    let rows = panel.row.clone();
    let exact = ExactRows {
        standard,
        reliefs,
        frame: facts.facts.frame(),
        first: 0,
        combined: &combined,
        row: &rows,
    };
    judge::schools::mark(&mut panel, &measure.groups, standard, &exact);
    let groups = &measure.groups;
    let members = Members::new(&panel.group, groups.len());
    let found = dispersion::of_panel(&panel, &members);
    let dispersions: Vec<Vec<JudgedDispersion>> = groups
        .iter()
        .enumerate()
        .map(|(g, group)| {
            let of_group = &found[g * panel.width..(g + 1) * panel.width];
            let square = dispersion::exact_square;
            judge::districts::group(standard, &panel, group, members.rows(g), of_group, &exact, square)
        })
        .collect();
    let composites: Vec<Vec<JudgedComposite>> = groups
        .iter()
        .enumerate()
        .map(|(g, group)| {
            let square = dispersion::exact_square;
            let rows = members.rows(g);
            judge::composite::group(standard, &panel, group, rows, &dispersions[g], &exact, square)
        })
        .collect();
    let checked =
        checks::checks(&Rows::new(facts.facts.frame(), &facts.district_facts, standard)?, standard, reliefs)?;
    let answers = judge::items::answers(&facts.answers);
    let work = Work {
        facts,
        standard,
        words,
        reliefs,
        panel: &panel,
        groups,
        members: &members,
        dispersions: &dispersions,
        composites: &composites,
        names: Names::new(facts.facts.frame())?,
        left: left_by_district(facts.facts.frame(), &measure.left)?,
        district_names: district_names(facts.facts.frame())?,
    };
    let mut by_district: HashMap<Key, Vec<&_>> = HashMap::new();
    for one in &checked {
        by_district.entry((one.district_code.clone(), one.year)).or_default().push(one);
    }
    let mut over = Vec::new();
    let (mut verdicts, mut items, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
    let (mut missing, missing_facts) = work.missing();
    let lookup = missing_facts::Lookup::new(&facts.facts, facts.cells()?);
    let by_key = work.by_district();
    for (code, year) in crate::measure::rows::keys(facts.facts.frame())? {
        let key = (code.clone(), year);
        let mine = by_key.get(&key).map_or(&[][..], |g| &g[..]);
        let of_mine: Vec<JudgedDispersion> = mine.iter().flat_map(|&g| dispersions[g].clone()).collect();
        let composites_of_mine: Vec<JudgedComposite> =
            mine.iter().flat_map(|&g| composites[g].clone()).collect();
        let district = District {
            standard,
            words,
            dispersions: &of_mine,
            composites: &composites_of_mine,
            checked: by_district.remove(&key).unwrap_or_default(),
            answers: answers.get(&key),
        };
        let judged = district.items();
        gaps.extend(work.school_gaps(mine));
        let mine_over = work.over_limit(mine);
        gaps.extend(work.dispersion_gaps(mine, &mine_over));
        over.extend(mine_over);
        gaps.extend(work.composite_gaps(mine));
        gaps.extend(gap::of_items(&code, year, &judged, standard, words));
        verdicts.push(work.verdict(&key, mine, &judged, missing_facts.get(&key)));
        missing.extend(missing_facts::findings(&key, &judged, standard, &lookup, words));
        items.push((code, year, judged));
    }
    let counts: Vec<Counts> =
        (0..groups.len()).map(|g| Counts::of(&panel, members.rows(g), standard)).collect();
    Ok(Assessment {
        measures: judge::tables::measures(&panel, groups, facts.facts.frame(), standard)?,
        schools: judge::tables::schools(&panel, groups, facts.facts.frame(), standard, words)?,
        districts: judge::tables::districts(groups, &counts),
        dispersion: judge::tables::dispersion(groups, standard, &|g, k| dispersions[g][k], &|g| {
            composites[g].clone()
        }),
        items: judge::tables::items(&items, standard),
        gaps: gap::table(gaps),
        shares: work.shares(over),
        verdicts,
        missing,
    })
}

/// A dispersion over its limit: its schools, and the amount for each in the smallest total that brings it to the limit.
struct OverLimit {
    group: usize,
    indicator: usize,
    members: Vec<Member>,
    given: Vec<f64>,
}

/// The whole of one run, for the steps that proceed district by district.
struct Work<'a> {
    facts: &'a Facts,
    standard: &'a Standard,
    words: &'a Words,
    reliefs: bool,
    panel: &'a MeasureMatrix,
    groups: &'a [Group],
    members: &'a Members,
    dispersions: &'a [Vec<JudgedDispersion>],
    composites: &'a [Vec<JudgedComposite>],
    names: Names<'a>,
    left: HashMap<Key, Vec<(u32, OutOfScope)>>,
    district_names: HashMap<Key, String>,
}

/// District code and year.
type Key = (String, i32);
type MissingFacts = HashMap<Key, Vec<(String, usize)>>;

fn keys_of(facts: &DataFrame) -> PolarsResult<(&StringChunked, &Int32Chunked)> {
    Ok((facts.column(facts::column::district_code)?.str()?, facts.column(facts::column::year)?.i32()?))
}

fn left_by_district(
    facts: &DataFrame,
    left: &[(u32, OutOfScope)],
) -> PolarsResult<HashMap<Key, Vec<(u32, OutOfScope)>>> {
    let (code, year) = keys_of(facts)?;
    let mut found: HashMap<Key, Vec<_>> = HashMap::new();
    for one in left {
        let at = one.0 as usize;
        let key = (code.get(at).unwrap_or("").to_string(), year.get(at).unwrap_or(0));
        found.entry(key).or_default().push(*one);
    }
    Ok(found)
}

/// The first name of each district in a year.
fn district_names(facts: &DataFrame) -> PolarsResult<HashMap<Key, String>> {
    let (code, year) = keys_of(facts)?;
    let name = facts.column(facts::column::district_name)?.str()?;
    let mut found: HashMap<Key, String> = HashMap::new();
    let mut last = None;
    for at in 0..facts.height() {
        let key = (code.get(at).unwrap_or(""), year.get(at).unwrap_or(0));
        if last != Some(key)
            && let Some(name) = name.get(at)
        {
            found.entry((key.0.to_string(), key.1)).or_insert_with(|| name.to_string());
            last = Some(key);
        }
    }
    Ok(found)
}

impl Work<'_> {
    /// The groups of each district and year, in the order of the sections.
    fn by_district(&self) -> HashMap<Key, Vec<usize>> {
        let mut found: HashMap<Key, Vec<usize>> = HashMap::new();
        for (g, group) in self.groups.iter().enumerate() {
            found.entry((group.district_code.clone(), group.year)).or_default().push(g);
        }
        found.values_mut().for_each(|groups| groups.sort_by_key(|&g| self.groups[g].section));
        found
    }

    fn status(&self, row: usize) -> Status {
        judge::schools::judge(self.panel, row, self.standard).status
    }

    /// 雨溪小学, or 九年学校（初中） if the school has several sections.
    fn name(&self, row: usize) -> String {
        let group = &self.groups[self.panel.group[row] as usize];
        let section = self.words.say(&format!("section.{}", group.section.id()));
        let name = self.names.school(self.panel.row[row]);
        self.words.fill("school.section", &[("school", name.to_string()), ("section", section)])
    }

    /// Unmet and missing values of the schools that do not meet the school rule.
    fn school_gaps(&self, groups: &[usize]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let rule = self.standard.school_rule.as_ref();
        for &row in groups.iter().flat_map(|&g| self.members.rows(g)) {
            let row = row as usize;
            let judged = judge::schools::judge(self.panel, row, self.standard);
            if matches!(judged.status, Status::Met | Status::NotApplicable) {
                continue;
            }
            // One value short of the rule's number may remain at the floor; it then lacks what the floor requires.
            let floor_will_do = rule
                .filter(|r| judged.known == judged.thresholds && judged.met >= r.at_least)
                .map(|r| r.floor);
            let group = &self.groups[self.panel.group[row] as usize];
            for (k, indicator) in self.standard.indicators.iter().enumerate() {
                let mark = self.panel.mark(row, k);
                if !mark.has(Mark::JUDGED) || mark.has(Mark::MET) {
                    continue;
                }
                let at = self.panel.row[row] as usize;
                let mut gap =
                    Duty::of_indicator(self.standard, indicator).gap(&group.district_code, group.year);
                gap.school_code = self.names.school_code.get(at).map(str::to_string);
                gap.school_name = Some(self.names.school(at as u32).to_string());
                gap.section = Some(group.section);
                gap.unit = indicator.shortfall_unit.clone();
                let threshold = judge::tables::threshold_of(self.panel, row, k, group.section, self.standard);
                gap.required = threshold.map(|t| floor_will_do.map_or(t, |share| judge::floor_of(t, share)));
                gap.distance = -1.0;
                if mark.has(Mark::KNOWN)
                    && let Some(required) = gap.required
                {
                    let value = self.panel.value(row, k);
                    gap.current = Some(value);
                    gap.shortfall =
                        Some(judge::tables::shortfall(self.panel, row, k, required, indicator.whole));
                    gap.distance = gap::distance(Some(value), gap.required, Comparison::AtLeast);
                }
                gaps.push(gap);
            }
        }
        gaps
    }

    fn counted(&self, group: usize, k: usize) -> Vec<Member> {
        let rows = self.members.rows(group).iter();
        rows.filter(|&&row| self.panel.value(row as usize, k).is_finite())
            .map(|&row| {
                let at = self.panel.row[row as usize];
                Member {
                    school_code: self.names.school_code.get(at as usize).unwrap_or("").to_string(),
                    school_name: self.names.school(at).to_string(),
                    amount: self.panel.numerator(row as usize, k),
                    students: self.panel.denominator(row as usize, k),
                }
            })
            .collect()
    }

    /// The dispersions of these groups that are over their limits, with the amounts that bring each to its limit.
    fn over_limit(&self, groups: &[usize]) -> Vec<OverLimit> {
        let judged = groups.iter().flat_map(|&g| self.dispersions[g].iter().map(move |d| (g, d)));
        judged
            .filter(|(_, judged)| judged.status == Status::Unmet)
            .filter_map(|(group, judged)| {
                let indicator = &self.standard.indicators[judged.indicator];
                let members = self.counted(group, judged.indicator);
                let given = gap::raise(indicator.factor, &members, judged.limit?, indicator.whole);
                Some(OverLimit { group, indicator: judged.indicator, members, given })
            })
            .collect()
    }

    /// CVs over their limits, and means below their thresholds, each with the smallest total that corrects it.
    fn dispersion_gaps(&self, groups: &[usize], over: &[OverLimit]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for &g in groups {
            for judged in &self.dispersions[g] {
                let indicator = &self.standard.indicators[judged.indicator];
                let group = &self.groups[g];
                let Some(dispersion) = judged.dispersion else { continue };
                let start = || {
                    let mut gap =
                        Duty::of_indicator(self.standard, indicator).gap(&group.district_code, group.year);
                    gap.section = Some(group.section);
                    gap.unit = indicator.shortfall_unit.clone();
                    gap
                };
                if let Some(over) = over.iter().find(|o| o.group == g && o.indicator == judged.indicator) {
                    let mut gap = start();
                    gap.school_name = Some(self.words.say("judge.gap_cv"));
                    gap.current = Some(dispersion.cv);
                    gap.required = judged.limit;
                    gap.shortfall = Some(over.given.iter().sum());
                    gap.distance = gap::distance(gap.current, gap.required, Comparison::AtMost);
                    gaps.push(gap);
                }
                let threshold = judge::schools::threshold(indicator, group.section);
                if let (Status::Unmet, Some(threshold)) = (judged.mean_status, threshold) {
                    let mut gap = start();
                    gap.school_name = Some(self.words.say("judge.gap_mean"));
                    gap.current = Some(dispersion.mean);
                    gap.required = Some(threshold);
                    let total = dispersion.mean * dispersion.students / indicator.factor;
                    let lacking =
                        judge::tables::lacking(threshold, indicator.factor, total, dispersion.students);
                    gap.shortfall = Some(judge::tables::in_units(lacking, indicator.whole));
                    gap.distance = gap::distance(gap.current, gap.required, Comparison::AtLeast);
                    gaps.push(gap);
                }
            }
        }
        gaps
    }

    fn shares(&self, over: Vec<OverLimit>) -> shares::Frame {
        let mut rows: Vec<(&Group, &str, Member, f64, f64, f64)> = Vec::new();
        for OverLimit { group, indicator, members, given } in over {
            let indicator = &self.standard.indicators[indicator];
            let shares = gap::shares(indicator.factor, &members);
            for ((member, share), amount) in members.into_iter().zip(shares).zip(given) {
                let value = indicator.factor * member.amount / member.students;
                rows.push((&self.groups[group], &indicator.id, member, value, share, amount));
            }
        }
        rows.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.4.total_cmp(&a.4)));
        rows.iter()
            .map(|(group, indicator, member, value, share, amount)| shares::Values {
                district_code: &group.district_code,
                year: group.year,
                section: group.section,
                indicator,
                school_code: &member.school_code,
                school_name: &member.school_name,
                value: Some(*value),
                share: Some(*share),
                amount: Some(*amount),
            })
            .collect()
    }

    /// Facts that a value in scope lacks: a problem per section and fact, and counts by district and fact.
    fn missing(&self) -> (Vec<Problem>, MissingFacts) {
        let mut problems = Vec::new();
        let mut counts: HashMap<Key, std::collections::BTreeMap<String, usize>> = HashMap::new();
        let cells = self.facts.cells().unwrap_or_default();
        for row in 0..self.panel.rows() {
            let at = self.panel.row[row] as usize;
            let group = &self.groups[self.panel.group[row] as usize];
            let mut facts: Vec<(String, Vec<&str>)> = Vec::new();
            for (k, indicator) in self.standard.indicators.iter().enumerate() {
                if self.panel.mark(row, k).has(Mark::KNOWN) {
                    continue;
                }
                let formulas =
                    indicator.numerator.get(group.section).into_iter().chain([&indicator.denominator]);
                for id in formulas.flat_map(|f| f.facts()) {
                    if crate::measure::exact::cell(self.facts.facts.frame(), &id, at)
                        != crate::standard::formula::Exact::Null
                    {
                        continue;
                    }
                    match facts.iter_mut().find(|(fact, _)| *fact == id) {
                        Some((_, indicators)) => indicators.push(&indicator.id),
                        None => facts.push((id, vec![&indicator.id])),
                    }
                }
            }
            for (fact, indicators) in facts {
                let label = self.words.fact(&fact);
                let key = (group.district_code.clone(), group.year);
                *counts.entry(key).or_default().entry(label.clone()).or_default() += 1;
                let place =
                    self.facts.facts.row(at).and_then(|row| cells.place(row, &fact)).unwrap_or_default();
                problems.push(
                    Problem::note("measure_missing", place)
                        .school(self.names.school_code.get(at).unwrap_or(""))
                        .fact(fact)
                        .with("school", self.name(row))
                        .with("fact", label)
                        .with("indicators", indicators.join(&self.words.say("judge.comma"))),
                );
            }
        }
        let counts = counts.into_iter().map(|(key, facts)| (key, facts.into_iter().collect())).collect();
        (problems, counts)
    }

    fn verdict(
        &self,
        key: &Key,
        groups: &[usize],
        items: &[JudgedItem],
        missing_facts: Option<&Vec<(String, usize)>>,
    ) -> Verdict {
        let rows = || groups.iter().flat_map(|&g| self.members.rows(g)).map(|&row| row as usize);
        let excluded = self.left.get(key).into_iter().flatten().map(|(at, why)| {
            let reason = match why {
                OutOfScope::Excluded(k) => {
                    self.standard.scope.exclude[*k].reason.get(self.words.language).to_string()
                }
                OutOfScope::NoPupils => self.words.say("judge.no_pupils"),
            };
            let at = *at;
            Excluded {
                school_code: self.names.school_code.get(at as usize).unwrap_or("").to_string(),
                school_name: self.names.school(at).to_string(),
                section: self
                    .facts
                    .facts
                    .row(at as usize)
                    .and_then(facts::Row::section)
                    .map_or("", Section::id)
                    .into(),
                reason,
            }
        });
        let borderline = rows()
            .any(|row| (0..self.panel.width).any(|k| self.panel.mark(row, k).has(Mark::BORDERLINE)))
            || groups.iter().flat_map(|&g| &self.dispersions[g]).any(|d| d.borderline);
        Basis {
            standard: self.standard,
            words: self.words,
            reliefs: self.reliefs,
            district_code: key.0.clone(),
            district_name: self.district_names.get(key).cloned().unwrap_or_default(),
            year: key.1,
            schools: rows().map(|row| (self.status(row), self.name(row))).collect(),
            excluded: excluded.collect(),
            items,
            borderline,
            missing_facts: missing_facts.cloned().unwrap_or_default(),
        }
        .verdict()
    }
}
