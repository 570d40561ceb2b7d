//! Items, their checks and points, and the scoring: the second half of [`super::resolve`].

use super::{
    Check, CheckRelief, Comparison, Formula, Grade, Group, Indicator, Item, Over, Rule, Scoring, Setting,
    document::top_of,
    grain::{Reading, Wanted},
    parts::is_blank,
    raw,
    resolver::{Resolver, listed},
};

/// 表Ⅳ has fifteen rows, 表Ⅴ nine, and 表Ⅵ a single subject.
fn is_form_row(row: &str) -> bool {
    let number = |table: &str, last: u32| {
        row.strip_prefix(table).is_some_and(|number| (1..=last).any(|of| of.to_string() == number))
    };
    row == "6" || number("4.", 15) || number("5.", 9)
}

impl Resolver<'_> {
    pub(super) fn item(
        &mut self,
        written: raw::Item,
        path: &str,
        groups: &[Group],
        indicators: &[Indicator],
        settings: &[Setting],
        scored: Scored,
    ) -> Item {
        let group = self.need(written.group, path, "group");
        let group_title = top_of(groups, &group).map(|top| top.title.clone());
        if group_title.is_none() && !group.is_empty() {
            let problem = self
                .error("standard_unknown_group", &format!("{path}.group"))
                .with("found", &group)
                .with("allowed", listed(groups.iter().map(|group| &group.id)));
            self.problems.push(problem);
        }
        if let Some(row) = &written.form
            && !is_form_row(row)
        {
            let problem = self.error("standard_unknown_form_row", &format!("{path}.form")).with("found", row);
            self.problems.push(problem);
        }
        if written.kind.is_none() {
            self.need(None::<()>, path, "kind");
        }
        let kind = written.kind.unwrap_or(raw::Kind::Evidence);
        let clause = written.clause.unwrap_or_default();
        // Keys of another kind would be ignored.
        for (key, given, belongs) in [
            ("indicator", written.indicator.is_some(), raw::Kind::Indicator),
            ("check", !(written.check.is_empty() || kind == raw::Kind::Scored), raw::Kind::Check),
            ("indicators", written.indicators.is_some(), raw::Kind::Composite),
            ("limit", written.limit.is_some(), raw::Kind::Composite),
            ("points", written.points.is_some(), raw::Kind::Scored),
            ("floor", written.floor.is_some(), raw::Kind::Scored),
            ("part", !written.part.is_empty(), raw::Kind::Scored),
            ("adjust", !written.adjust.is_empty(), raw::Kind::Scored),
        ] {
            if given && kind != belongs {
                let problem = self
                    .error("standard_not_for_kind", &format!("{path}.{key}"))
                    .with("key", key)
                    .with("kind", kind.id())
                    .with("allowed", belongs.id());
                self.problems.push(problem);
            }
        }
        let rule = match kind {
            raw::Kind::Evidence => Rule::Evidence,
            raw::Kind::Veto => Rule::Veto,
            raw::Kind::Indicator => {
                let indicator = self.need(written.indicator, path, "indicator");
                self.known_indicator(&indicator, &format!("{path}.indicator"), indicators);
                Rule::Indicator { indicator }
            }
            raw::Kind::Check => {
                if written.check.is_empty() {
                    self.need(None::<()>, path, "check");
                }
                Rule::Checks { checks: self.checks(written.check, path, &clause, settings) }
            }
            raw::Kind::Scored => {
                let floor = written.floor.or(scored.item_floor).unwrap_or(0.0);
                self.between(floor, 0.0, 1.0, path, "floor");
                let points = match scored.units {
                    true => written.points,
                    false => Some(self.need(written.points, path, "points")),
                };
                if let Some(points) = points {
                    self.between(points, 0.0, f64::MAX, path, "points");
                }
                if scored.units && written.part.is_empty() {
                    self.need(None::<()>, path, "part");
                }
                let offices = written.offices.clone().unwrap_or_default();
                let checks = self.checks(written.check, path, &clause, settings);
                let parts = self.parts(written.part, path, &offices, &checks, settings);
                let adjustments = self.adjustments(written.adjust, path, &offices, &parts, settings);
                Rule::Scored { points, floor, parts, adjustments, checks }
            }
            raw::Kind::Composite => self.composite(written.indicators, written.limit, path, indicators),
        };
        Item {
            group: group_title.unwrap_or_default(),
            heading: group,
            procedure: written.procedure.unwrap_or_default(),
            title: self.need(written.title, path, "title"),
            class: written.class.unwrap_or_default(),
            evidence: written.evidence.unwrap_or(false),
            requirements: written.requirements.unwrap_or_default(),
            measures: written.measures.unwrap_or_default(),
            departments: written.departments.unwrap_or_default(),
            offices: written.offices.unwrap_or_default(),
            due: written.due,
            form: written.form,
            note: written.note,
            id: written.id,
            rule,
            clause,
        }
    }

    fn known_indicator(&mut self, id: &str, path: &str, indicators: &[Indicator]) {
        if !id.is_empty() && !indicators.iter().any(|i| i.id == id) {
            let problem = self
                .error("standard_unknown_indicator", path)
                .with("found", id)
                .with("allowed", listed(indicators.iter().map(|i| &i.id)));
            self.problems.push(problem);
        }
    }

    /// The indicators whose CVs are averaged, without repetition, and their limit.
    fn composite(
        &mut self,
        written: Option<Vec<String>>,
        limit: Option<raw::Sections<f64>>,
        path: &str,
        indicators: &[Indicator],
    ) -> Rule {
        let at = |key: &str| format!("{path}.{key}");
        let every = || indicators.iter().map(|i| i.id.clone()).collect();
        let given = Some(written.unwrap_or_else(every)).filter(|ids: &Vec<String>| !ids.is_empty());
        let ids = self.need(given, path, "indicators");
        for (i, id) in ids.iter().enumerate() {
            let here = at(&format!("indicators.{i}"));
            self.known_indicator(id, &here, indicators);
            if let Some(first) = ids[..i].iter().position(|earlier| earlier == id) {
                let first = self.place(&at(&format!("indicators.{first}")));
                let problem = self.error("standard_duplicate_id", &here).with("id", id).with("first", first);
                self.problems.push(problem);
            }
        }
        if limit.is_none() {
            self.need(None::<()>, path, "limit");
        }
        Rule::Composite { indicators: ids, limit: self.numbers(limit, &at("limit")) }
    }

    fn checks(
        &mut self,
        written: Vec<raw::Check>,
        path: &str,
        clause: &str,
        settings: &[Setting],
    ) -> Vec<Check> {
        let each = |(i, check)| self.check(check, &format!("{path}.check.{i}"), clause, settings);
        written.into_iter().enumerate().map(each).collect()
    }

    fn check(&mut self, written: raw::Check, path: &str, clause: &str, settings: &[Setting]) -> Check {
        if written.over.is_none() {
            self.need(None::<()>, path, "over");
        }
        if written.compare.is_none() {
            self.need(None::<()>, path, "compare");
        }
        let over = written.over.unwrap_or(Over::District);
        let reading = Reading::Check(over);
        let at = |key: &str| format!("{path}.{key}");
        let unit = self.need(written.unit, path, "unit");
        let reliefs = written
            .relief
            .into_iter()
            .enumerate()
            .map(|(i, relief)| {
                let path = at(&format!("relief.{i}"));
                CheckRelief {
                    id: relief.id,
                    when: self.needed_formula(relief.when, &path, "when", reading, Wanted::Truth),
                    numerator: self.formula(
                        relief.numerator,
                        &format!("{path}.numerator"),
                        reading,
                        Wanted::Number,
                    ),
                    required: self.formula(
                        relief.required,
                        &format!("{path}.required"),
                        reading,
                        Wanted::Number,
                    ),
                    clause: relief.clause.unwrap_or_else(|| clause.to_string()),
                }
            })
            .collect();
        let decimals = written.decimals.unwrap_or(0);
        self.between(f64::from(decimals), 0.0, 9.0, path, "decimals");
        Check {
            title: self.need(written.title, path, "title"),
            applies: self.formula(written.applies, &at("applies"), reading, Wanted::Truth),
            numerator: self.needed_formula(written.numerator, path, "numerator", reading, Wanted::Number),
            denominator: self.formula(written.denominator, &at("denominator"), reading, Wanted::Number),
            required: match &written.required_by_class {
                // The requirement of a class is decided once the unit is known.
                Some(_) => Formula::null(),
                None => self.needed_formula(written.required, path, "required", reading, Wanted::Number),
            },
            required_by_class: written.required_by_class.unwrap_or_default(),
            shortfall: self.formula(written.shortfall, &at("shortfall"), reading, Wanted::Number),
            only: self.only(written.only, path, settings),
            id: written.id,
            over,
            factor: written.factor.unwrap_or(1.0),
            compare: written.compare.unwrap_or(Comparison::AtLeast),
            shortfall_unit: written.shortfall_unit.unwrap_or_else(|| unit.clone()),
            unit,
            whole: written.whole.unwrap_or(false),
            decimals,
            reliefs,
            clause: written.clause.unwrap_or_else(|| clause.to_string()),
        }
    }

    pub(super) fn scoring(&mut self, written: raw::Scoring, items: &[Item], units: bool) -> Scoring {
        let yearly = items.iter().any(|item| matches!(item.rule, Rule::Scored { points: None, .. }));
        let total = match yearly {
            true => written.total,
            false => Some(self.need(written.total, "scoring", "total")),
        };
        let item_floor = match units {
            true => written.item_floor.unwrap_or(0.0),
            false => self.need(written.item_floor, "scoring", "item_floor"),
        };
        self.between(item_floor, 0.0, 1.0, "scoring", "item_floor");
        let components = self.sources(written.source);
        // With components the result is a percentage.
        let bonus = written.bonus.unwrap_or(0.0);
        self.between(bonus, 0.0, f64::MAX, "scoring", "bonus");
        // Without components it is the total, including 加分.
        let highest = if components.is_empty() { total.map(|total| total + bonus) } else { Some(100.0) };
        let mut above = f64::NEG_INFINITY;
        let told = self.problems.len();
        let mut grades = Vec::new();
        for (i, grade) in written.grade.into_iter().enumerate() {
            let path = format!("scoring.grade.{i}");
            let (to, open) = match (grade.to, grade.below) {
                (Some(to), None) => (to, false),
                (None, Some(below)) => (below, true),
                _ => {
                    let problem =
                        self.error("standard_one_of_two", &path).with("one", "to").with("other", "below");
                    self.problems.push(problem);
                    (grade.from, false)
                }
            };
            let overlaps =
                grade.from < above || (grade.from == above && grades.last().is_some_and(|g: &Grade| !g.open));
            if overlaps || to < grade.from || highest.is_some_and(|highest| to > highest) {
                let problem = self
                    .error("standard_grade_bounds", &path)
                    .with("grade", &grade.name.zh)
                    .with("from", grade.from)
                    .with("to", to);
                self.problems.push(problem);
            }
            if grade.condition.as_ref().is_some_and(is_blank) {
                self.need(None::<()>, &path, "condition");
            }
            above = to;
            grades.push(Grade { name: grade.name, from: grade.from, to, open, condition: grade.condition });
        }
        // An invalid grade would also cause errors about its neighbours.
        if self.problems.len() > told {
            grades.clear();
        }
        Scoring { total, bonus, item_floor, components, grades, clause: written.clause.unwrap_or_default() }
    }
}

/// The parts of the standard that decide how a scored item is read.
#[derive(Clone, Copy)]
pub(super) struct Scored {
    pub(super) item_floor: Option<f64>,
    /// Whether it is a scoring standard.
    pub(super) units: bool,
}
