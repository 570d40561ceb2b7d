//! Classes by size against the size allowed (教督〔2017〕6号，政府保障程度第5项: 45 pupils in primary, 50 in junior).

use num_traits::ToPrimitive;

use crate::{
    standard::{
        Check, Comparison, Over, Section, Standard,
        formula::{Exact, exact_of},
    },
    tables::{Row, district::District},
};

/// The statistics' brackets: fact, and the largest class it holds; the last has no end.
const BRACKETS: [(&str, Option<u32>); 10] = [
    ("classes_le25", Some(25)),
    ("classes_26_30", Some(30)),
    ("classes_31_35", Some(35)),
    ("classes_36_40", Some(40)),
    ("classes_41_45", Some(45)),
    ("classes_46_50", Some(50)),
    ("classes_51_55", Some(55)),
    ("classes_56_60", Some(60)),
    ("classes_61_65", Some(65)),
    ("classes_ge66", None),
];

/// 教督〔2017〕6号，政府保障程度第5项. For a standard that counts classes in brackets without saying the size itself.
fn clause(section: Section) -> Option<f64> {
    match section {
        Section::Primary => Some(45.0),
        Section::Junior => Some(50.0),
        Section::Senior => None,
    }
}

/// The classes of one section of the district.
#[derive(Debug, Clone, PartialEq)]
struct ClassSizes {
    section: Section,
    limit: f64,
    /// How many in each of [`BRACKETS`], of the schools that say so.
    classes: [f64; 10],
    largest: Option<f64>,
    /// Schools that say nothing of a bracket.
    unknown: usize,
    schools: usize,
}

impl ClassSizes {
    fn all(&self) -> f64 {
        self.classes.iter().sum()
    }

    /// Classes in brackets that lie above the limit. One the limit falls into is not told apart.
    fn over(&self) -> f64 {
        let counted = BRACKETS.iter().enumerate().filter(|(k, _)| self.is_over(*k));
        counted.map(|(k, _)| self.classes.get(k).copied().unwrap_or(0.0)).sum()
    }

    /// Whether every class of the bracket has more than allowed.
    fn is_over(&self, bracket: usize) -> bool {
        let below = bracket.checked_sub(1).and_then(|k| BRACKETS.get(k)).and_then(|(_, to)| *to);
        below.is_some_and(|below| f64::from(below) >= self.limit)
    }
}

/// A fact of this row, as formulas read it.
fn cell(row: &Row, section: Section, id: &str) -> Exact {
    if id == "section" {
        return Exact::Text(section.id().into());
    }
    let text = || row.text(id).map(|text| Exact::Text(text.into()));
    let truth = || row.yes(id).map(Exact::Truth);
    let number = || row.number(id).and_then(exact_of).map(Exact::Number);
    text().or_else(truth).or_else(number).unwrap_or(Exact::Null)
}

/// Checks of the standard that speak of a section's classes by size.
fn checks(standard: &Standard) -> Vec<&Check> {
    let of_size = |check: &&Check| {
        check.over == Over::Section
            && standard.in_force(&check.only)
            && check
                .numerator
                .facts()
                .iter()
                .any(|id| id == "max_class_size" || BRACKETS.iter().any(|(bracket, _)| bracket == id))
    };
    standard.items.iter().flat_map(|item| item.checks()).filter(of_size).collect()
}

/// The size a class may have, as the standard's own check of the largest class says it.
fn limit(checks: &[&Check], section: Section) -> Option<f64> {
    let of_section = |id: &str| match id {
        "section" => Exact::Text(section.id().into()),
        _ => Exact::Null,
    };
    let stated = checks.iter().filter(|check| {
        check.compare == Comparison::AtMost
            && check.denominator.is_none()
            && check.numerator.facts().iter().eq(["max_class_size"])
    });
    let mut stated = stated.filter_map(|check| check.required.exact(&of_section).number()?.to_f64());
    stated.next().or_else(|| clause(section))
}

/// One a section that has classes; none where the standard says nothing of their size.
fn class_sizes(district: &District) -> Vec<ClassSizes> {
    let checks = checks(district.standard);
    let mut found = Vec::new();
    for &section in &district.standard.scope.sections {
        let Some(limit) = limit(&checks, section).filter(|_| !checks.is_empty()) else { continue };
        let mut sizes =
            ClassSizes { section, limit, classes: [0.0; 10], largest: None, unknown: 0, schools: 0 };
        for row in Row::all(&district.facts).filter(|row| row.text("section") == Some(section.id())) {
            let applies = |check: &&Check| match &check.applies {
                Some(when) => when.exact(&|id| cell(&row, section, id)) == Exact::Truth(true),
                None => true,
            };
            if !checks.iter().any(applies) {
                continue;
            }
            sizes.schools += 1;
            sizes.largest =
                [sizes.largest, row.number("max_class_size")].into_iter().flatten().reduce(f64::max);
            let given: Vec<Option<f64>> = BRACKETS.iter().map(|(fact, _)| row.number(fact)).collect();
            sizes.unknown += usize::from(given.iter().any(Option::is_none));
            for (sum, classes) in sizes.classes.iter_mut().zip(given) {
                *sum += classes.unwrap_or(0.0);
            }
        }
        if sizes.all() > 0.0 {
            found.push(sizes);
        }
    }
    found
}
