//! Checks the document against itself: sums and bounds that do not agree. A mismatch that a `[[document_finding]]`
//! declares is one of the document; any other is an error of the file.

use super::{
    Choice, DocumentFinding, FindingKind, Group, Item, Rule, Scoring, Setting, Step, points, raw,
    resolver::{Resolver, listed},
};

const NEAR: f64 = 1e-9;

impl Resolver<'_> {
    pub(super) fn document_findings(&self, written: Vec<raw::DocumentFinding>) -> Vec<DocumentFinding> {
        let each = |(i, finding): (usize, raw::DocumentFinding)| DocumentFinding {
            place: self.error("", &format!("document_finding.{i}")).place,
            about: finding.about,
            kind: finding.kind,
            text: super::Text { zh: finding.zh, en: finding.en },
        };
        written.into_iter().enumerate().map(each).collect()
    }

    pub(super) fn groups(&mut self, written: Vec<raw::Group>, settings: &[Setting]) -> Vec<Group> {
        let ids: Vec<String> = written.iter().map(|group| group.id.clone()).collect();
        let mut groups: Vec<Group> = Vec::new();
        for (i, group) in written.into_iter().enumerate() {
            let path = format!("group.{i}");
            let stands_above = |within: &String| groups.iter().any(|above| above.id == *within);
            if let Some(within) = group.within.as_ref().filter(|within| !stands_above(within)) {
                // A heading stands after its parent, so there is no circle.
                let problem = self
                    .error("standard_unknown_group", &format!("{path}.within"))
                    .with("found", within)
                    .with("allowed", listed(ids.iter().take(i)));
                self.problems.push(problem);
            }
            if let Some(points) = group.points {
                self.between(points, 0.0, f64::MAX, &path, "points");
            }
            groups.push(Group {
                title: self.need(group.title, &path, "title"),
                label: group.label.unwrap_or_else(|| group.id.clone()),
                // Otherwise following the parents might never end.
                within: group.within.filter(stands_above),
                points: group.points,
                bonus: group.bonus.unwrap_or(false),
                scaled: self.only(group.scaled, &path, settings),
                id: group.id,
            });
        }
        groups
    }

    /// Whether a finding declares this mismatch; if not, it is an error. A finding of kind `silent` does not explain a
    /// sum, but it does explain a gap between two grades.
    fn owned(
        &mut self,
        findings: &[DocumentFinding],
        about: &str,
        code: &'static str,
        path: &str,
        args: [(&'static str, String); 2],
    ) {
        let owns = |finding: &DocumentFinding| {
            finding.about == about && (finding.kind != FindingKind::Silent || code == "standard_grade_gap")
        };
        if findings.iter().any(owns) {
            return;
        }
        let mut problem = self.error(code, path).with("about", about);
        problem.args.extend(args);
        self.problems.push(problem);
    }

    /// Compares parts with their item, items with their heading, headings with their parent, and everything with the
    /// total.
    pub(super) fn agreement(
        &mut self,
        items: &[Item],
        groups: &[Group],
        scoring: Option<&Scoring>,
        settings: &[Setting],
        findings: &[DocumentFinding],
    ) {
        for (i, item) in items.iter().enumerate() {
            self.parts_agree(i, item, settings, findings);
        }
        for (i, group) in groups.iter().enumerate() {
            let (Some(points), Some(sum)) = (group.points, below(group, items, groups)) else { continue };
            if (sum - points).abs() > NEAR {
                let args = [("found", sum.to_string()), ("expected", points.to_string())];
                let path = format!("group.{i}.points");
                self.owned(findings, &group.id, "standard_group_total", &path, args);
            }
        }
        let Some(scoring) = scoring else { return };
        self.grades_agree(scoring, findings);
        let Some(total) = scoring.total else { return };
        let is_bonus = |item: &Item| top_of(groups, &item.heading).is_some_and(|top| top.bonus);
        for (bonus, expected, key) in [(false, total, "total"), (true, scoring.bonus, "bonus")] {
            let counted = items.iter().filter(|item| is_bonus(item) == bonus);
            // If the points depend on a yearly index, there is nothing to compare.
            let Some(sum) = counted.map(points::points).sum::<Option<f64>>() else { continue };
            if (sum - expected).abs() > NEAR {
                let args = [("found", sum.to_string()), ("expected", expected.to_string())];
                let (about, path) = (format!("scoring.{key}"), format!("scoring.{key}"));
                self.owned(findings, &about, "standard_scoring_total", &path, args);
            }
        }
    }

    fn parts_agree(&mut self, i: usize, item: &Item, settings: &[Setting], findings: &[DocumentFinding]) {
        let Rule::Scored { points, parts, .. } = &item.rule else { return };
        for choice in choices(parts, settings) {
            let chosen = |part: &&super::Part| {
                part.only.as_ref().is_none_or(|only| match &choice {
                    Some(choice) if choice.setting == only.setting => choice.value == only.value,
                    _ => settings
                        .iter()
                        .any(|setting| setting.id == only.setting && setting.value == only.value),
                })
            };
            let given: Option<f64> = parts.iter().filter(chosen).map(|part| part.points).sum();
            if let (Some(points), Some(sum), false) = (*points, given, parts.is_empty())
                && (sum - points).abs() > NEAR
            {
                let args = [("found", sum.to_string()), ("expected", points.to_string())];
                self.owned(findings, &item.id, "standard_parts_total", &format!("item.{i}.points"), args);
                break;
            }
        }
        for (k, part) in parts.iter().enumerate() {
            let path = format!("item.{i}.part.{k}");
            if part.points.is_some() != points.is_some() {
                let problem = self.error("standard_yearly_points", &path).with("part", &part.id);
                self.problems.push(problem);
            }
            let Some(points) = part.points else { continue };
            // Tiers that never reach the points, or exceed them, are a finding on the document.
            if let Some(best) = part.method.best()
                && (best.points > points + NEAR || best.is_full_mark && best.points < points - NEAR)
            {
                let about = format!("{}.{}", item.id, part.id);
                let about = match findings.iter().any(|finding| finding.about == item.id) {
                    true => item.id.clone(),
                    false => about,
                };
                let args = [("found", best.points.to_string()), ("expected", points.to_string())];
                let path = format!("{path}.{}", best.key);
                self.owned(findings, &about, "standard_tiers_points", &path, args);
            }
        }
    }

    fn grades_agree(&mut self, scoring: &Scoring, findings: &[DocumentFinding]) {
        for (i, pair) in scoring.grades.windows(2).enumerate() {
            let [below, above] = pair else { continue };
            let touches = below.open && (below.to - above.from).abs() < NEAR;
            if !touches {
                let args = [("found", below.to.to_string()), ("expected", above.from.to_string())];
                self.owned(
                    findings,
                    "scoring.grade",
                    "standard_grade_gap",
                    &format!("scoring.grade.{i}"),
                    args,
                );
            }
        }
    }

    /// A finding about something that is not in the file is an error. A finding of the base about something that the
    /// edition removed is dropped.
    pub(super) fn known_abouts(
        &mut self,
        items: &[Item],
        groups: &[Group],
        scoring: Option<&Scoring>,
        steps: &[Step],
        findings: &mut Vec<DocumentFinding>,
    ) {
        let of_item = |item: &Item, rest: &str| match &item.rule {
            Rule::Scored { parts, adjustments, .. } => {
                parts.iter().any(|p| p.id == rest) || adjustments.iter().any(|a| a.id == rest)
            }
            _ => false,
        };
        let known = |about: &str| {
            let step = about.strip_prefix("step.");
            let component = about.strip_prefix("scoring.source.");
            let components = scoring.map_or(&[][..], |scoring| &scoring.components);
            matches!(about, "document" | "units" | "scoring.total" | "scoring.bonus" | "scoring.grade")
                || step.is_some_and(|id| steps.iter().any(|step| step.id == id))
                || component.is_some_and(|id| components.iter().any(|component| component.id == id))
                || components.iter().any(|component| component.id == about)
                || groups.iter().any(|group| group.id == about)
                || items.iter().any(|item| {
                    let rest = about.strip_prefix(&item.id).and_then(|rest| rest.strip_prefix('.'));
                    item.id == about || rest.is_some_and(|rest| of_item(item, rest))
                })
        };
        let own = self.error("", "").place.file;
        for (i, finding) in findings.iter().enumerate() {
            if !known(&finding.about) && finding.place.file == own {
                let path = format!("document_finding.{i}.about");
                let problem = self.error("standard_finding_about", &path).with("found", &finding.about);
                self.problems.push(problem);
            }
        }
        findings.retain(|finding| known(&finding.about));
    }
}

/// The sum under a heading: its items and nested headings; a nested heading without points of its own counts by what it
/// contains. `None` if some points depend on a yearly index.
fn below(group: &Group, items: &[Item], groups: &[Group]) -> Option<f64> {
    let own =
        items.iter().filter(|item| item.heading == group.id).map(points::points).sum::<Option<f64>>()?;
    let inner = groups.iter().filter(|inner| inner.within.as_deref() == Some(&group.id));
    let headed = inner.map(|inner| inner.points.or_else(|| below(inner, items, groups)));
    Some(own + headed.sum::<Option<f64>>()?)
}

/// The defaults and, one at a time, every other value of a setting that parts depend on.
fn choices(parts: &[super::Part], settings: &[Setting]) -> Vec<Option<Choice>> {
    let hung = |setting: &&Setting| {
        parts.iter().any(|part| part.only.as_ref().is_some_and(|only| only.setting == setting.id))
    };
    let others = settings.iter().filter(hung).flat_map(|setting| {
        let other = setting.values.keys().filter(|value| **value != setting.value);
        other.map(|value| Some(Choice { setting: setting.id.clone(), value: value.clone() }))
    });
    std::iter::once(None).chain(others).collect()
}

/// The topmost heading above the one with this id.
pub(super) fn top_of<'a>(groups: &'a [Group], id: &str) -> Option<&'a Group> {
    let mut here = groups.iter().find(|group| group.id == id)?;
    // A heading stands after its parent, so this ends.
    while let Some(above) = here.within.as_ref().and_then(|id| groups.iter().find(|g| g.id == *id)) {
        here = above;
    }
    Some(here)
}
