//! Turns the merged file into a [`Standard`]: required values, valid names, formulas that only read facts of their
//! grain, and points that add up. Every problem is reported with its position.

use super::{
    Apportionment, BySection, Exclusion, Indicator, IndicatorRelief, Item, Print, Rule, SchoolRule, Scope,
    Section, Setting, Standard, UnitKind, Units,
    grain::{Reading, Wanted},
    items::Scored,
    raw,
    resolver::{Resolver, listed},
    tree::Node,
};
use crate::{
    dictionary::{Dictionary, Grain, Kind},
    file_name,
    nearest::nearest,
    problem::{Level, Problem},
};

/// The standard that `file`, read from `root`, describes.
pub fn resolve(file: raw::File, root: &Node) -> Result<Standard, Vec<Problem>> {
    let mut resolver = Resolver { root, problems: Vec::new() };
    let standard = resolver.standard(file);
    for (item, id) in standard.entries_twice() {
        let problem = resolver.error("standard_entry_twice", &format!("item.{item}")).with("found", id);
        resolver.problems.push(problem);
    }
    if standard.units.as_ref().is_some_and(|units| units.by_department) {
        // The item would be scored for nobody.
        for (i, item) in standard.items.iter().enumerate().filter(|(_, item)| item.departments.is_empty()) {
            let problem = resolver.error("standard_item_of_nobody", &format!("item.{i}"));
            resolver.problems.push(problem.with("item", &item.id));
        }
    }
    if resolver.problems.iter().any(|p| p.level == Level::Error) {
        return Err(resolver.problems);
    }
    Ok(standard)
}

impl Resolver<'_> {
    fn standard(&mut self, file: raw::File) -> Standard {
        let settings = self.settings(file.setting);
        let units = file.units.map(|written| self.units(written));
        let scope = match (file.scope, &units) {
            // A scored system does not need a scope of schools.
            (None, Some(_)) => Scope {
                sections: vec![Section::Primary, Section::Junior],
                exclude: Vec::new(),
                clause: String::new(),
            },
            (written, _) => self.scope(written, &settings),
        };
        let apportionment = file.apportionment.map(|written| self.apportionment(written, &scope));
        let mut indicators: Vec<Indicator> = file
            .indicator
            .into_iter()
            .enumerate()
            .map(|(i, written)| self.indicator(written, &format!("indicator.{i}"), &scope))
            .collect();
        let school_rule = file.school_rule.map(|written| self.school_rule(written, indicators.len()));
        let groups = self.groups(file.group, &settings);
        let scored =
            Scored { item_floor: file.scoring.as_ref().and_then(|s| s.item_floor), units: units.is_some() };
        let items: Vec<Item> = file
            .item
            .into_iter()
            .enumerate()
            .map(|(i, written)| {
                self.item(written, &format!("item.{i}"), &groups, &indicators, &settings, scored)
            })
            .collect();
        for (i, item) in items.iter().enumerate() {
            let Rule::Composite { limit, .. } = &item.rule else { continue };
            // If it is empty, the missing limit has been reported.
            if matches!(limit, BySection::Each(map) if map.is_empty()) {
                continue;
            }
            for section in scope.sections.iter().filter(|section| limit.get(**section).is_none()) {
                self.missing_section(&format!("item.{i}.limit"), "limit", *section);
            }
        }
        let scoring = file.scoring.map(|written| self.scoring(written, &items, units.is_some()));
        let mut document_findings = self.document_findings(file.document_finding);
        let steps = self.steps(file.step);
        let papers = self.papers(file.paper, &steps, &items);
        let consequences = self.consequences(file.consequence, &papers, scoring.as_ref());
        let self_report = file.self_report.map(|written| self.self_report(written));
        let rounds = self.rounds(file.round, &items);
        let recheck = file.recheck.map(|written| self.recheck(written, &items));
        self.known_abouts(&items, &groups, scoring.as_ref(), &steps, &mut document_findings);
        self.agreement(&items, &groups, scoring.as_ref(), &settings, &document_findings);
        // The departments of the item are responsible for its indicator.
        for item in &items {
            if let Rule::Indicator { indicator } = &item.rule
                && let Some(indicator) = indicators.iter_mut().find(|i| i.id == *indicator)
                && indicator.departments.is_empty()
            {
                indicator.departments.clone_from(&item.departments);
                indicator.offices.clone_from(&item.offices);
                indicator.measures.clone_from(&item.measures);
                indicator.due = indicator.due.take().or_else(|| item.due.clone());
            }
        }
        let print = file.print.map_or_else(Print::default, |p| {
            let usual = Print::default();
            Print {
                value: p.value.unwrap_or(usual.value),
                mean: p.mean.unwrap_or(usual.mean),
                cv: p.cv.unwrap_or(usual.cv),
                percent: p.percent.unwrap_or(usual.percent),
            }
        });
        for (key, decimals) in
            [("value", print.value), ("mean", print.mean), ("cv", print.cv), ("percent", print.percent)]
        {
            self.between(f64::from(decimals), 0.0, 9.0, "print", key);
        }
        if !file_name::is_plain(&file.id) {
            let problem = self.error("standard_id", "id").with("found", file.id.escape_debug());
            self.problems.push(problem.with("max", file_name::MAX_ID));
        }
        Standard {
            id: file.id,
            version: self.need(file.version, "", "version"),
            title: self.need(file.title, "", "title"),
            source: self.need(file.source, "", "source"),
            extends: file.extends,
            notes: file.note,
            scope,
            apportionment,
            school_rule,
            indicators,
            groups,
            items,
            settings,
            scoring,
            print,
            units,
            steps,
            papers,
            consequences,
            self_report,
            rounds,
            recheck,
            document_findings,
        }
    }

    fn units(&mut self, written: raw::Units) -> Units {
        if written.kind.is_none() {
            self.need(None::<()>, "units", "kind");
        }
        let mut known: std::collections::BTreeSet<&str> = Default::default();
        for (i, member) in written.member.iter().enumerate() {
            for name in std::iter::once(&member.name).chain(&member.aliases).chain(&member.code) {
                if !known.insert(name) {
                    let problem =
                        self.error("standard_member_twice", &format!("units.member.{i}")).with("found", name);
                    self.problems.push(problem);
                }
            }
        }
        Units {
            kind: written.kind.unwrap_or(UnitKind::District),
            title: self.need(written.title, "units", "title"),
            by_department: written.by_department.unwrap_or(false),
            members: written.member,
        }
    }

    fn settings(&mut self, written: Vec<raw::Setting>) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (i, setting) in written.into_iter().enumerate() {
            let path = format!("setting.{i}");
            let value = self.need(setting.value, &path, "value");
            if !value.is_empty() && !setting.values.contains_key(&value) {
                let problem = self
                    .error("standard_unknown_choice", &format!("{path}.value"))
                    .with("setting", &setting.id)
                    .with("found", &value)
                    .with("allowed", listed(setting.values.keys()));
                self.problems.push(problem);
            }
            settings.push(Setting {
                title: self.need(setting.title, &path, "title"),
                id: setting.id,
                values: setting.values,
                value,
                clause: setting.clause.unwrap_or_default(),
            });
        }
        settings
    }

    fn scope(&mut self, written: Option<raw::Scope>, settings: &[Setting]) -> Scope {
        let Some(written) = written else {
            self.need(None::<()>, "", "scope");
            return Scope { sections: Vec::new(), exclude: Vec::new(), clause: String::new() };
        };
        let given = written.sections.filter(|sections| !sections.is_empty());
        let mut sections = self.need(given, "scope", "sections");
        sections.sort();
        sections.dedup();
        let exclude = written
            .exclude
            .into_iter()
            .enumerate()
            .map(|(i, exclusion)| {
                let path = format!("scope.exclude.{i}");
                Exclusion {
                    id: exclusion.id,
                    when: self.needed_formula(exclusion.when, &path, "when", Reading::Row, Wanted::Truth),
                    reason: self.need(exclusion.reason, &path, "reason"),
                    clause: exclusion.clause.unwrap_or_default(),
                    only: self.only(exclusion.only, &path, settings),
                }
            })
            .collect();
        Scope { sections, exclude, clause: written.clause.unwrap_or_default() }
    }

    fn apportionment(&mut self, written: raw::Apportionment, scope: &Scope) -> Apportionment {
        let facts = self.need(written.facts, "apportionment", "facts");
        let shared = |fact: &&crate::dictionary::Fact| {
            fact.grain == Grain::School && matches!(fact.kind, Kind::Count | Kind::Amount)
        };
        for (i, id) in facts.iter().enumerate() {
            if Dictionary::get().fact(id).filter(shared).is_none() {
                let known = Dictionary::get().facts().iter().filter(shared).map(|f| f.id.as_str());
                let problem = self
                    .error("standard_not_shared", &format!("apportionment.facts.{i}"))
                    .with("found", id)
                    .with("nearest", nearest(id, known).join(", "));
                self.problems.push(problem);
            }
        }
        let weights: std::collections::BTreeMap<Section, f64> = written
            .weights
            .map(|weights| weights.given().map(|(section, weight)| (section, *weight)).collect())
            .unwrap_or_default();
        for (section, weight) in &weights {
            self.between(*weight, 0.01, 100.0, "apportionment.weights", section.id());
        }
        for section in &scope.sections {
            if !weights.contains_key(section) {
                self.missing_section("apportionment.weights", "weights", *section);
            }
        }
        Apportionment { facts, weights, clause: written.clause.unwrap_or_default() }
    }

    fn missing_section(&mut self, path: &str, key: &str, section: Section) {
        let problem =
            self.error("standard_missing_section", path).with("key", key).with("section", section.id());
        self.problems.push(problem);
    }

    fn school_rule(&mut self, written: raw::SchoolRule, indicators: usize) -> SchoolRule {
        let at_least = self.need(written.at_least, "school_rule", "at_least");
        self.between(at_least as f64, 0.0, indicators as f64, "school_rule", "at_least");
        let floor = written.floor.unwrap_or(1.0);
        SchoolRule {
            at_least,
            floor: self.between(floor, 0.0, 1.0, "school_rule", "floor"),
            district_mean: written.district_mean.unwrap_or(false),
            text: self.need(written.text, "school_rule", "text"),
            clause: written.clause.unwrap_or_default(),
        }
    }

    fn indicator(&mut self, written: raw::Indicator, path: &str, scope: &Scope) -> Indicator {
        let at = |key: &str| format!("{path}.{key}");
        if written.numerator.is_none() {
            self.need(None::<()>, path, "numerator");
        }
        let (has_threshold, has_limit) = (written.threshold.is_some(), written.limit.is_some());
        let has_numerator = written.numerator.is_some();
        let numerator = self.formulas(written.numerator, &at("numerator"));
        let threshold = self.numbers(written.threshold, &at("threshold"));
        let limit = self.numbers(written.limit, &at("limit"));
        for section in &scope.sections {
            if has_threshold && threshold.get(*section).is_none() {
                self.missing_section(&at("threshold"), "threshold", *section);
            }
            if has_limit && limit.get(*section).is_none() {
                self.missing_section(&at("limit"), "limit", *section);
            }
            if let (true, BySection::Each(map)) = (has_numerator, &numerator)
                && !map.is_empty()
                && !map.contains_key(section)
            {
                self.missing_section(&at("numerator"), "numerator", *section);
            }
        }
        let reliefs = written
            .relief
            .into_iter()
            .enumerate()
            .map(|(i, relief)| {
                let path = at(&format!("relief.{i}"));
                IndicatorRelief {
                    id: relief.id,
                    when: self.needed_formula(relief.when, &path, "when", Reading::Row, Wanted::Truth),
                    numerator: relief
                        .numerator
                        .map(|numerator| self.formulas(Some(numerator), &format!("{path}.numerator"))),
                    threshold: relief
                        .threshold
                        .map(|threshold| self.numbers(Some(threshold), &format!("{path}.threshold"))),
                    title: self.need(relief.title, &path, "title"),
                    clause: relief.clause.unwrap_or_default(),
                }
            })
            .collect();
        Indicator {
            title: self.need(written.title, path, "title"),
            unit: self.need(written.unit, path, "unit"),
            denominator: self.needed_formula(
                written.denominator,
                path,
                "denominator",
                Reading::Row,
                Wanted::Number,
            ),
            factor: written.factor.unwrap_or(1.0),
            shortfall_unit: self.need(written.shortfall_unit, path, "shortfall_unit"),
            whole: written.whole.unwrap_or(false),
            departments: written.departments.unwrap_or_default(),
            offices: written.offices.unwrap_or_default(),
            measures: written.measures.unwrap_or_default(),
            due: written.due,
            clause: written.clause.unwrap_or_default(),
            id: written.id,
            numerator,
            threshold,
            limit,
            reliefs,
        }
    }
}
