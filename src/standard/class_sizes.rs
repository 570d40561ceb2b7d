//! The maximum size of a class: 教督〔2017〕6号，政府保障程度第5项 (45 pupils in primary, 50 in junior), or that of a standard's own
//! check of the largest class.

use num_traits::ToPrimitive;

use super::{Check, Comparison, Over, Section, Standard, formula::Exact};

/// The brackets of the statistics: the fact, and the maximum class size; the last bracket has no maximum.
pub const BRACKETS: [(&str, Option<u32>); 10] = [
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

/// The size for a standard that counts classes in brackets without stating the size itself.
fn clause(section: Section) -> Option<f64> {
    match section {
        Section::Primary => Some(45.0),
        Section::Junior => Some(50.0),
        Section::Senior => None,
    }
}

/// The checks of the standard on class sizes.
pub fn checks(standard: &Standard) -> Vec<&Check> {
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

/// The maximum size of a class of the section; `None` if the standard has no rule on sizes.
pub fn largest(checks: &[&Check], section: Section) -> Option<f64> {
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
    stated.next().or_else(|| clause(section)).filter(|_| !checks.is_empty())
}

/// Whether one of these checks applies to a school section with the facts `fact`.
pub fn apply(checks: &[&Check], fact: &dyn Fn(&str) -> Exact) -> bool {
    checks.iter().any(|check| match &check.applies {
        Some(when) => when.exact(fact) == Exact::Truth(true),
        None => true,
    })
}

/// Whether every class of the bracket is too large; `None` if the allowed size lies within the bracket.
pub fn is_over(bracket: usize, largest: f64) -> Option<bool> {
    let to = BRACKETS.get(bracket)?.1;
    let below = bracket.checked_sub(1).and_then(|k| BRACKETS.get(k)).and_then(|(_, to)| *to);
    if below.is_some_and(|below| f64::from(below) >= largest) {
        return Some(true);
    }
    if to.is_some_and(|to| f64::from(to) <= largest) { Some(false) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_is_over_within_or_on_both_sides() {
        // 41–45 is within 45, 46–50 over; 46–50 includes 48.
        for (bracket, largest, over) in [
            (4, 45.0, Some(false)),
            (5, 45.0, Some(true)),
            (5, 48.0, None),
            (9, 65.0, Some(true)),
            (9, 70.0, None),
        ] {
            assert_eq!(is_over(bracket, largest), over, "{bracket} {largest}");
        }
    }
}
