//! The grade of a total, and the choices that the document leaves open.

use super::{Grade, Scoring, Standard};

/// A grade, and whether it depends on a policy.
#[derive(Debug, Clone)]
pub struct Graded<'s> {
    pub grade: Option<&'s Grade>,
    /// The grades above and below, if the total falls between two.
    pub between: Option<(&'s Grade, &'s Grade)>,
}

/// The grade of `total`. The document leaves totals between two bands open (大祥区: 85–86, 90–91); the setting `grade_gap`
/// decides: `lower_bound` (a grade begins at its lower bound, so 85.5 has the lower grade), `round` (half up first),
/// `undefined` (none).
pub fn grade<'s>(total: f64, scoring: &'s Scoring, policy: &str) -> Graded<'s> {
    let grades = &scoring.grades;
    let within = |t: f64| grades.iter().find(|g| g.holds(t));
    if let Some(found) = within(total) {
        return Graded { grade: Some(found), between: None };
    }
    let gap = grades.windows(2).find(|pair| pair[0].to <= total && total < pair[1].from);
    let Some([below, above]) = gap else { return Graded { grade: None, between: None } };
    let grade = match policy {
        "undefined" => None,
        "round" => within((total + 0.5).floor()),
        _ => Some(below),
    };
    Graded { grade, between: Some((below, above)) }
}

/// The policy that the standard's setting selects.
pub fn policy(standard: &Standard) -> &str {
    standard.setting("grade_gap")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::Text;

    #[test]
    fn every_total_has_the_grade_its_policy_gives() {
        let grade_of = |name: &str, from, to| Grade {
            name: Text { zh: name.into(), en: None },
            from,
            to,
            open: false,
            condition: None,
        };
        let grades =
            vec![grade_of("合格", 80.0, 85.0), grade_of("良好", 86.0, 90.0), grade_of("优秀", 91.0, 100.0)];
        let scoring = Scoring {
            total: Some(100.0),
            bonus: 0.0,
            item_floor: 0.8,
            components: vec![],
            grades,
            clause: String::new(),
        };
        for (total, policy, name, gap) in [
            (79.5, "lower_bound", None, false),
            (80.0, "lower_bound", Some("合格"), false),
            (85.0, "lower_bound", Some("合格"), false),
            (85.5, "lower_bound", Some("合格"), true),
            (85.5, "round", Some("良好"), true),
            (85.4, "round", Some("合格"), true),
            (85.5, "undefined", None, true),
            (86.0, "lower_bound", Some("良好"), false),
            (90.5, "lower_bound", Some("良好"), true),
            (91.0, "lower_bound", Some("优秀"), false),
            (100.0, "lower_bound", Some("优秀"), false),
        ] {
            let found = grade(total, &scoring, policy);
            assert_eq!(found.grade.map(|g| g.name.zh.as_str()), name, "{total} {policy}");
            assert_eq!(found.between.is_some(), gap, "{total}");
        }
    }
}
