//! The parts specific to a scored system: units, nested headings, parts, adjustments, components, steps, and
//! defects of the document.

use super::{
    super::{
        Adjustment, Check, ConsequenceWhen, Every, Grade, Group, Item, Part, Scoring, Standard, Step,
        UnitKind, Units, When, rule_text,
    },
    Page,
};

impl Page<'_> {
    fn fill(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.fill(&format!("standard.{key}"), args)
    }

    fn points(&self, points: Option<f64>) -> String {
        points.map_or_else(String::new, |points| {
            self.aside(&self.fill("points", &[("points", points.to_string())]))
        })
    }

    pub(super) fn units(&mut self, units: &Units, standard: &Standard) {
        let language = self.words.language;
        self.heading("units");
        let kind = self.say(match units.kind {
            UnitKind::District => "unit_district",
            UnitKind::School => "unit_school",
            UnitKind::Department => "unit_department",
            UnitKind::City => "unit_city",
        });
        let title = format!("{}{}", units.title.get(language), self.aside(&kind));
        self.entry(1, "scored_units", &title);
        if units.by_department {
            let line = self.say("by_department");
            self.line(1, line);
        }
        let and = self.say("and");
        for member in &units.members {
            let code = member.code.as_deref().map(|code| self.aside(code)).unwrap_or_default();
            self.line(1, format!("· {}{code}", member.name));
            self.entry(2, "aliases", &member.aliases.join(&and));
            self.entry(2, "unit_class", member.class.as_deref().unwrap_or_default());
            self.listed(2, "duties", &member.duties);
        }
        let idle: Vec<&str> =
            standard.members_without_items().iter().map(|member| member.name.as_str()).collect();
        if !idle.is_empty() {
            let line = self.fill("without_items", &[("units", idle.join(&and))]);
            self.line(1, line);
        }
        // Only mentioned if the file states a scope of schools.
        let scope = &standard.scope;
        if !scope.exclude.is_empty() || !scope.clause.is_empty() || standard.apportionment.is_some() {
            self.scope(standard);
        }
    }

    /// Several texts are numbered.
    fn listed(&mut self, depth: usize, key: &str, texts: &[String]) {
        match texts {
            [one] => self.entry(depth, key, one),
            many => {
                for (i, text) in many.iter().enumerate() {
                    self.entry(depth, key, &format!("{}. {text}", i + 1));
                }
            }
        }
    }

    /// Headings in the nesting of the document, each with its items.
    pub(super) fn headings(&mut self, standard: &Standard) {
        self.heading("items");
        for group in standard.groups.iter().filter(|group| group.within.is_none()) {
            self.group(group, standard, 0);
        }
    }

    fn group(&mut self, group: &Group, standard: &Standard, depth: usize) {
        let title = group.title.get(self.words.language);
        let points = self.points(group.points);
        let bonus = if group.bonus { self.label(&self.say("bonus_heading")) } else { String::new() };
        let marks = "—".repeat(depth + 1);
        self.line(1, format!("{marks} {}　{title}{points}{bonus}", group.label));
        standard.items.iter().filter(|item| item.heading == group.id).for_each(|item| self.item(item));
        // A heading stands after its parent, so this ends.
        for inner in standard.groups.iter().filter(|inner| inner.within.as_deref() == Some(&group.id)) {
            self.group(inner, standard, depth + 1);
        }
    }

    pub(super) fn parts(&mut self, item: &Item, parts: &[Part], checks: &[Check]) {
        for part in parts {
            let points = self.points(part.points);
            let only = self.only(&part.only);
            self.line(2, format!("{}.{} {}{points}{only}", item.id, part.id, part.title));
            if !self.units.is_empty() {
                let rule = rule_text::of_part(part, checks, &self.units, self.words);
                self.line(3, rule);
            }
            if part.offices != item.offices {
                self.entry(3, "offices", &part.offices.join(&self.say("and")));
            }
        }
    }

    pub(super) fn adjustments(&mut self, item: &Item, adjustments: &[Adjustment]) {
        let language = self.words.language;
        for adjustment in adjustments {
            let only = self.only(&adjustment.only);
            let rule = self.aside(&rule_text::of_adjustment(adjustment, self.words));
            let title = adjustment.title.get(language);
            self.line(2, format!("{}.{} {title}{rule}{only}", item.id, adjustment.id));
            if adjustment.offices != item.offices {
                self.entry(3, "offices", &adjustment.offices.join(&self.say("and")));
            }
        }
    }

    /// Where the items do not add up to the total that the document's headings make: which headings differ.
    pub(super) fn sum_of_the_items(&mut self, standard: &Standard, total: f64) {
        if standard.full_points().is_none_or(|full| (full - total).abs() <= 1e-9) {
            return;
        }
        let headed = standard.headed_otherwise();
        let headed: Vec<String> = headed.iter().map(|heading| heading.said(self.words)).collect();
        let args = [("total", total.to_string()), ("headings", headed.join(&self.say("and")))];
        let line = self.fill("total_of_items", &args);
        self.line(2, line);
    }

    pub(super) fn components_and_bonus(&mut self, scoring: &Scoring) {
        if scoring.bonus > 0.0 {
            let line = self.fill("bonus", &[("bonus", scoring.bonus.to_string())]);
            self.line(1, line);
        }
        for component in &scoring.components {
            let title = component.title.get(self.words.language).to_string();
            let line = match component.share {
                Some(share) => self.fill("component", &[("title", title), ("share", percent(share))]),
                None => self.fill("component_yearly", &[("title", title)]),
            };
            self.line(1, line);
        }
    }

    /// The bounds that a grade includes matter if the neighbouring grade begins at the same number.
    pub(super) fn grade(&mut self, grade: &Grade, ends: bool) {
        let name = grade.name.get(self.words.language).to_string();
        let args = [("from", grade.from.to_string()), ("to", grade.to.to_string()), ("name", name)];
        let line = self.fill(
            match (ends, grade.open) {
                (_, true) => "grade_below",
                (true, false) => "grade_to",
                (false, false) => "grade",
            },
            &args,
        );
        self.line(1, line);
        let condition = grade.condition.as_ref().map_or("", |words| words.get(self.words.language));
        self.entry(2, "grade_condition", condition);
    }

    pub(super) fn steps(&mut self, standard: &Standard) {
        if standard.steps.is_empty() {
            return;
        }
        self.heading("steps");
        for step in &standard.steps {
            self.step(step, standard);
        }
    }

    /// The papers, and what follows from the result.
    pub(super) fn papers(&mut self, standard: &Standard) {
        let language = self.words.language;
        if !standard.papers.is_empty() {
            self.heading("papers");
        }
        for paper in &standard.papers {
            self.line(1, format!("{}　{}", paper.id, paper.title.get(language)));
            let from = paper.from.clone().unwrap_or_else(|| self.say("paper_units"));
            let step = standard.step(&paper.step).map_or("", |step| step.title.get(language)).to_string();
            self.entry(2, "paper_from", &from);
            self.entry(2, "paper_step", &step);
            self.entry(2, "offices", &paper.offices.join(&self.say("and")));
            self.entry(2, "paper_fills", &paper.fills.join(&self.say("and")));
            self.entry(2, "clause", &paper.clause);
        }
        if !standard.consequences.is_empty() {
            self.heading("consequences");
        }
        for own in &standard.consequences {
            let when = match &own.when {
                ConsequenceWhen::Grade(grade) => self.fill("consequence_grade", &[("grade", grade.clone())]),
                ConsequenceWhen::Vetoed => self.say("consequence_vetoed"),
                ConsequenceWhen::PaperLate(paper) => {
                    let title =
                        standard.paper(paper).map_or("", |paper| paper.title.get(language)).to_string();
                    self.fill("consequence_late", &[("paper", title)])
                }
                ConsequenceWhen::OpenRectification => self.say("consequence_open"),
                ConsequenceWhen::Fact(fact) => fact.get(language).to_string(),
            };
            let when = self.label(&when);
            self.line(1, format!("{}　{}{when}", own.id, own.title.get(language)));
            self.entry(2, "clause", &own.clause);
        }
    }

    fn step(&mut self, step: &Step, standard: &Standard) {
        let language = self.words.language;
        let when = match &step.when {
            When::By(day) if let Some(year) = step.year => {
                self.fill("when_year", &[("year", year.to_string()), ("day", day.shown())])
            }
            When::By(day) => self.fill("when_by", &[("day", day.shown())]),
            When::Period { from, until } if from == until => from.shown(),
            When::Period { from, until } => {
                self.fill("when_period", &[("from", from.shown()), ("until", until.shown())])
            }
            When::After { step, days } => {
                let first = standard.steps.iter().find(|other| other.id == *step);
                let first = first.map_or(step.as_str(), |first| first.title.get(language));
                self.fill("when_after", &[("first", first.to_string()), ("days", days.to_string())])
            }
            When::Unknown => self.say("when_unknown"),
        };
        let every = match step.every {
            None | Some(Every::Years(1)) => String::new(),
            Some(Every::Years(years)) => self.label(&self.fill("every_years", &[("n", years.to_string())])),
            Some(Every::Within(interval)) => self.label(&self.say(&format!("every_{}", interval.id()))),
        };
        let when = self.label(&when);
        self.line(1, format!("{}　{}{every}{when}", step.id, step.title.get(language)));
        if let Some(kind) = step.kind {
            let kind = self.say(&format!("step_kind_{}", kind.id()));
            self.entry(2, "step_kind", &kind);
        }
        self.entry(2, "step_actor", step.actor.get(language));
        self.entry(2, "step_due", step.due.get(language));
        self.entry(2, "step_said", &step.said);
        self.entry(2, "clause", &step.clause);
        self.entry(2, "note", step.note.as_ref().map_or("", |note| note.get(language)));
    }
}

/// A share in percent, without rounding errors: 0.7 is 70.
fn percent(share: f64) -> String {
    ((share * 1e6).round() / 1e4).to_string()
}
