//! Look-ups in a scoring, and their wording: the order of units, the names of headings and items, and the printing of
//! points.

mod entries;
mod reasons;

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use serde::Serialize;

pub use self::{
    entries::Unmarked,
    reasons::{FactLine, ProblemLine},
};
use crate::{
    number,
    problem::{Place, Problem},
    standard::{Adjustment, Group, Item, Part, Rule, Text, entry::Entry, sources::Component},
    tables::{
        marks::Unit,
        scored::{GroupScore, ItemScore, Standing, State},
        scoring::Scoring,
    },
    words::Words,
};

/// Shares and sums that differ by less than this are equal: the difference is an error of binary fractions.
const DUST: f64 = 1e-9;

pub struct View<'a> {
    pub scoring: Scoring<'a>,
    entries: HashMap<String, Entry>,
    /// The parent of each group.
    above: Vec<Option<usize>>,
    /// The innermost heading of each item.
    headings: Vec<Option<usize>>,
}

/// Units with a rank, and those without one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Ranks {
    /// Whether units are ranked at all.
    pub given: bool,
    pub ranked: usize,
    pub vetoed: usize,
    pub open: usize,
    pub idle: usize,
}

/// A heading over all units.
pub struct Across {
    /// Shares of the points, over the units whose heading is complete.
    pub best: f64,
    pub mean: f64,
    pub units: usize,
    /// The points, if they are the same for all of them.
    pub points: Option<f64>,
}

impl<'a> View<'a> {
    pub fn of(scoring: Scoring<'a>) -> View<'a> {
        let standard = scoring.standard;
        let group_at = |id: &str| standard.groups.iter().position(|group| group.id == id);
        View {
            scoring,
            entries: standard.entries().into_iter().map(|entry| (entry.id.clone(), entry)).collect(),
            above: standard.groups.iter().map(|group| group.within.as_deref().and_then(group_at)).collect(),
            headings: standard.items.iter().map(|item| group_at(&item.heading)).collect(),
        }
    }

    pub fn words(&self) -> &'a Words {
        self.scoring.words
    }

    /// The sources of the result with their shares; empty if they are not weighed.
    pub fn sources(&self) -> Vec<(&'a Component, f64)> {
        let Some(scoring) = &self.scoring.standard.scoring else { return Vec::new() };
        let shares = scoring.shares(&self.scoring.marks.shares).unwrap_or_default();
        scoring.components.iter().zip(shares).collect()
    }

    pub fn said<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.words().language)
    }

    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words().fill(&format!("scores.{key}"), args)
    }

    pub fn units(&self) -> &'a [Unit] {
        &self.scoring.scored.units
    }

    pub fn unit_name(&self, unit: usize) -> &'a str {
        self.units().get(unit).map_or("", |unit| unit.name.as_str())
    }

    /// The word for a unit: 旗县区.
    pub fn kind(&self) -> &'a str {
        let standard = self.scoring.standard;
        standard.units.as_ref().map_or("", |units| units.title.get(self.words().language))
    }

    /// The measure word of units: 所 for schools, 个 for others; empty in English.
    pub fn measure(&self) -> String {
        self.scoring.measure()
    }

    /// Numbers of units that are ranked, and of those that are not: vetoed, not marked in full, without any item.
    pub fn ranks(&self) -> Ranks {
        let mut ranks = Ranks { given: self.scoring.standard.ranks_units(), ..Ranks::default() };
        for own in &self.scoring.scored.standings {
            match own {
                _ if own.rank.is_some() => ranks.ranked += 1,
                _ if !own.vetoed.is_empty() => ranks.vetoed += 1,
                _ if own.unmarked > 0 => ranks.open += 1,
                _ => ranks.idle += 1,
            }
        }
        ranks
    }

    pub fn standing(&self, unit: usize) -> Option<&'a Standing> {
        let all = &self.scoring.scored.standings;
        all.get(unit).filter(|own| own.unit == unit).or_else(|| all.iter().find(|own| own.unit == unit))
    }

    /// Units by rank; those without a rank follow, by their scores so far.
    pub fn in_order(&self) -> Vec<usize> {
        self.scoring.in_order().into_iter().map(|own| own.unit).collect()
    }

    /// The text of 等级: its name with what is still to be confirmed, or why there is none.
    pub fn grade(&self, own: &Standing) -> String {
        let grades = self.scoring.standard.scoring.as_ref().map_or(&[][..], |scoring| &scoring.grades);
        let grade = own.grade.and_then(|at| grades.get(at));
        match grade {
            _ if grades.is_empty() => String::new(),
            _ if !own.vetoed.is_empty() => self.say("grade.vetoed", &[]),
            _ if own.between_grades => self.say("grade.between", &[]),
            None => {
                let scoring = self.scoring.standard.scoring.as_ref();
                let below = own.result.zip(scoring).is_some_and(|(result, scoring)| scoring.is_below(result));
                match grades.first().filter(|_| below) {
                    Some(lowest) => {
                        self.say("grade.below", &[("grade", self.said(&lowest.name).to_string())])
                    }
                    None => self.say("grade.none", &[]),
                }
            }
            Some(grade) => {
                let name = self.said(&grade.name).to_string();
                match (&grade.condition, own.condition) {
                    (None, _) | (Some(_), Some(true)) => name,
                    (Some(_), None) => self.say("grade.to_confirm", &[("grade", name)]),
                    (Some(_), Some(false)) => self.say("grade.denied", &[("grade", name)]),
                }
            }
        }
    }

    /// The condition that somebody must confirm for the unit's grade.
    pub fn condition(&self, own: &Standing) -> Option<&'a str> {
        let grades = &self.scoring.standard.scoring.as_ref()?.grades;
        grades.get(own.grade?)?.condition.as_ref().map(|words| words.get(self.words().language))
    }

    pub fn groups(&self) -> &'a [Group] {
        &self.scoring.standard.groups
    }

    pub fn group(&self, unit: usize, group: usize) -> Option<&'a GroupScore> {
        self.scoring.scored.group(unit, group)
    }

    /// The level of a heading; 0 at the top.
    pub fn depth(&self, group: usize) -> usize {
        let above = |group: &usize| self.above.get(*group).copied().flatten();
        std::iter::successors(above(&group), above).take(self.above.len()).count()
    }

    /// The top-level heading above.
    pub fn top(&self, group: usize) -> usize {
        let above = |group: &usize| self.above.get(*group).copied().flatten();
        std::iter::successors(Some(group), above).take(self.above.len() + 1).last().unwrap_or(group)
    }

    pub fn is_bonus(&self, group: usize) -> bool {
        self.groups().get(self.top(group)).is_some_and(|group| group.bonus)
    }

    /// `B17 依法行政`
    pub fn group_title(&self, group: usize) -> String {
        self.scoring.group_title(group)
    }

    /// The points to which the shares of a heading refer: those of its items, if they are the same for all units.
    pub fn basis(&self, group: usize) -> Option<f64> {
        let own = |unit: usize| self.group(unit, group)?.points.filter(|points| *points > 0.0);
        let mut all = (0..self.units().len()).filter_map(own);
        let first = all.next()?;
        all.all(|points| (points - first).abs() <= DUST).then_some(first)
    }

    /// A note if the document states other points for a heading than those of its items: `A6 …：文件标 450 分，各项合计 460 分`.
    pub fn headed_otherwise(&self) -> Vec<String> {
        let line = |at: usize| {
            let headed = self.groups().get(at)?.points?;
            let sum = self.basis(at).filter(|sum| (sum - headed).abs() > DUST)?;
            let args = [
                ("heading", self.group_title(at)),
                ("headed", points_text(headed)),
                ("sum", points_text(sum)),
            ];
            Some(self.say("headed", &args))
        };
        // If not every item of a heading applies, a difference is not an error of the document.
        let by_department = self.scoring.standard.units.as_ref().is_some_and(|units| units.by_department);
        if by_department { Vec::new() } else { (0..self.groups().len()).filter_map(line).collect() }
    }

    pub fn across(&self, group: usize) -> Option<Across> {
        let of_unit = |unit: usize| {
            let own = self.group(unit, group).filter(|own| own.complete)?;
            let points = own.points.filter(|points| *points > 0.0)?;
            Some((own.score / points, points))
        };
        let all: Vec<(f64, f64)> = (0..self.units().len()).filter_map(of_unit).collect();
        let (_, first) = *all.first()?;
        Some(Across {
            best: all.iter().map(|(share, _)| *share).fold(f64::MIN, f64::max),
            mean: all.iter().map(|(share, _)| *share).sum::<f64>() / all.len() as f64,
            units: all.len(),
            points: all.iter().all(|(_, points)| *points == first).then_some(first),
        })
    }

    pub fn items(&self) -> &'a [Item] {
        &self.scoring.standard.items
    }

    pub fn item(&self, unit: usize, item: usize) -> Option<&'a ItemScore> {
        self.scoring.scored.item(unit, item)
    }

    /// The scores of a unit in the order of the items.
    pub fn scores(&self, unit: usize) -> impl Iterator<Item = &'a ItemScore> + '_ {
        (0..self.items().len()).filter_map(move |item| self.item(unit, item))
    }

    /// `27 义教招生`
    pub fn item_title(&self, item: usize) -> String {
        let Some(item) = self.items().get(item) else { return String::new() };
        crate::tables::scoring::labelled(&item.id, self.said(&item.title))
    }

    /// The same; `None` concerns the unit as a whole.
    pub fn item_or_whole(&self, item: Option<usize>) -> String {
        item.map_or_else(|| self.say("whole", &[]), |item| self.item_title(item))
    }

    pub fn heading(&self, item: usize) -> Option<usize> {
        self.headings.get(item).copied().flatten()
    }

    pub fn is_bonus_item(&self, item: usize) -> bool {
        self.heading(item).is_some_and(|group| self.is_bonus(group))
    }

    pub fn parts(&self, item: usize) -> &'a [Part] {
        match self.items().get(item).map(|item| &item.rule) {
            Some(Rule::Scored { parts, .. }) => parts,
            _ => &[],
        }
    }

    pub fn adjustments(&self, item: usize) -> &'a [Adjustment] {
        match self.items().get(item).map(|item| &item.rule) {
            Some(Rule::Scored { adjustments, .. }) => adjustments,
            _ => &[],
        }
    }

    /// Points lost, compared with full points. A bonus on top of the total that was not won is not lost.
    pub fn lost(&self, score: &ItemScore) -> f64 {
        match score.state {
            State::Scored | State::NotAssessed if !self.is_bonus_item(score.item) => {
                let lost = score.points.unwrap_or(0.0) - score.score.unwrap_or(0.0);
                // Without the error of binary fractions, like the scores.
                (lost.max(0.0) * 1e9).round() / 1e9
            }
            _ => 0.0,
        }
    }

    /// Points above full points, which compensate in a sum for losses elsewhere. A bonus on top of the total has none.
    pub fn exceeded(&self, score: &ItemScore) -> f64 {
        match score.state {
            State::Scored if !self.is_bonus_item(score.item) => {
                let above = score.score.unwrap_or(0.0) - score.points.unwrap_or(f64::MAX);
                (above.max(0.0) * 1e9).round() / 1e9
            }
            _ => 0.0,
        }
    }

    /// Points lost and points above full points of a unit's items under a heading, or of all its items for `None`.
    pub fn balance(&self, unit: usize, group: Option<usize>) -> (f64, f64) {
        let above = |group: &usize| self.above.get(*group).copied().flatten();
        let under = |score: &&ItemScore| {
            let Some(wanted) = group else { return true };
            let from = self.heading(score.item);
            std::iter::successors(from, above).take(self.above.len() + 1).any(|own| own == wanted)
        };
        let sum = self
            .scores(unit)
            .filter(under)
            .fold((0.0, 0.0), |(lost, above), score| (lost + self.lost(score), above + self.exceeded(score)));
        ((sum.0 * 1e9).round() / 1e9, (sum.1 * 1e9).round() / 1e9)
    }

    /// The subject of a finding about the document, in words: 全文, 总分, 第 22 项, B17 依法行政.
    pub fn about(&self, about: &str) -> String {
        let standard = self.scoring.standard;
        let known = self.say(&format!("about.{about}"), &[]);
        if self.words().keys().any(|key| key == format!("scores.about.{about}")) {
            return known;
        }
        if let Some(step) = about.strip_prefix("step.") {
            let step = standard.step(step);
            return step.map_or(about.to_string(), |step| {
                self.say("about_step", &[("step", self.said(&step.title).to_string())])
            });
        }
        if let Some(at) = self.groups().iter().position(|group| group.id == about) {
            return self.group_title(at);
        }
        let components = standard.scoring.as_ref().map_or(&[][..], |scoring| &scoring.components);
        let component = about.strip_prefix("scoring.source.").unwrap_or(about);
        if let Some(component) = components.iter().find(|own| own.id == component) {
            return self.said(&component.title).to_string();
        }
        let numbered = |id: &str| match id.starts_with(|c: char| c.is_ascii_digit()) {
            true => self.say("about_item", &[("item", id.to_string())]),
            false => id.to_string(),
        };
        if self.items().iter().any(|item| item.id == about) {
            return numbered(about);
        }
        let of = |(at, item): (usize, &Item)| {
            let rest = about.strip_prefix(&item.id)?.strip_prefix('.')?;
            let part = self.parts(at).iter().find(|part| part.id == rest).map(|part| part.title.clone());
            let adjustment = || {
                let own = self.adjustments(at).iter().find(|own| own.id == rest)?;
                Some(self.said(&own.title).to_string())
            };
            let title = part.filter(|title| !title.is_empty()).or_else(adjustment)?;
            Some(self.say("about_part", &[("item", numbered(&item.id)), ("part", title)]))
        };
        self.items().iter().enumerate().find_map(of).unwrap_or_else(|| about.to_string())
    }

    /// Findings of the scoring, with file names without folders, for documents that are submitted.
    pub fn findings(&self) -> Vec<Problem> {
        let all = &self.scoring.scored.findings;
        let of_findings = all.iter().filter_map(|problem| problem.place.file.as_ref());
        let of_marks = self.scoring.marks.marks.iter().filter_map(|mark| mark.place.file.as_ref());
        let of_books = self.scoring.marks.files.iter().map(|(file, _)| file);
        let evidence = self.scoring.scored.items.iter().flat_map(|score| &score.evidence);
        let of_facts = evidence.flat_map(|own| &own.places).filter_map(|place| place.file.as_ref());
        let files: BTreeSet<&String> = of_findings
            .chain(of_marks)
            .chain(of_books)
            .chain(of_facts)
            .filter(|file| named(file) != **file)
            .collect();
        let mut all = all.clone();
        for problem in &mut all {
            problem.place = bare(&problem.place);
            // The longest first, because one may begin like another.
            for file in files.iter().rev() {
                for (_, text) in problem.args.iter_mut().filter(|(_, text)| text.contains(file.as_str())) {
                    *text = text.replace(file.as_str(), &named(file));
                }
            }
        }
        all
    }
}

/// Points as printed, with at most two decimals. Tables and cells have all decimals.
pub fn points_text(value: f64) -> String {
    points(Some(value))
}

/// The same; `—` if there are none.
pub fn points(value: Option<f64>) -> String {
    value.map_or_else(|| "—".into(), |value| number::at_most(value, 2))
}

/// `84.2%`
pub fn percent(share: Option<f64>) -> String {
    number::percent(share, 1)
}

/// Share of the points; `None` if there are no points.
pub fn share(score: Option<f64>, points: Option<f64>) -> Option<f64> {
    Some(score? / points.filter(|points| *points > 0.0)?)
}

/// The name of a file without its folders: a document that is submitted must not reveal the folders of somebody's disk.
pub fn named(file: &str) -> String {
    Path::new(file).file_name().map_or_else(|| file.to_string(), |name| name.to_string_lossy().into_owned())
}

/// Each text once, in the order in which they come; empty ones are left out.
pub fn once(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// A place in a file without its folders.
pub fn bare(place: &Place) -> Place {
    Place { file: place.file.as_deref().map(named), ..place.clone() }
}

/// Files and sheets, each once, with their cells, in one line.
pub fn placed<'p>(places: impl IntoIterator<Item = &'p Place>) -> String {
    let mut sheets: Vec<(String, Vec<String>)> = Vec::new();
    for place in places {
        let sheet = Place { cell: None, ..bare(place) }.to_string();
        let at = sheets.iter().position(|(name, _)| *name == sheet).unwrap_or_else(|| {
            sheets.push((sheet, Vec::new()));
            sheets.len() - 1
        });
        if let (Some((_, cells)), Some(cell)) = (sheets.get_mut(at), &place.cell)
            && !cells.contains(cell)
        {
            cells.push(cell.clone());
        }
    }
    let said = sheets.into_iter().map(|(sheet, cells)| match (sheet.is_empty(), cells.is_empty()) {
        (_, true) => sheet,
        (true, false) => cells.join(" "),
        (false, false) => format!("{sheet} / {}", cells.join(" ")),
    });
    said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
}
