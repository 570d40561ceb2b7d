//! Lorenz curves with Gini: how far the pupils who have least share in each resource. A picture a section, its
//! indicators as small multiples.

use crate::{
    equity::{Distribution, Point},
    standard::Section,
    tables::{Row, district::District},
};

/// The pupils who have least, of whom titles speak.
const LEAST: f64 = 0.4;

/// One indicator's curve.
#[derive(Debug, Clone, PartialEq)]
struct Curve {
    indicator: String,
    points: Vec<Point>,
    gini: f64,
    /// What [`LEAST`] of the pupils have.
    least: f64,
    schools: usize,
    /// Schools without a known value.
    left_out: usize,
}

/// In the standard's order; an indicator that nothing is known of, or of which nobody has anything, is left out.
fn curves(district: &District, section: Section) -> Vec<Curve> {
    let curve = |indicator: &str| {
        let rows = Row::all(&district.measures).filter(|row| {
            row.text("section") == Some(section.id()) && row.text("indicator") == Some(indicator)
        });
        let found = Distribution::of(rows.map(|row| (row.number("numerator"), row.number("denominator"))));
        // One school has nobody to be compared with.
        (found.schools().len() > 1).then_some(())?;
        Some(Curve {
            indicator: indicator.to_string(),
            points: found.lorenz().ok()?,
            gini: found.gini().ok()?,
            least: found.share_of_lowest(LEAST).ok()?,
            schools: found.schools().len(),
            left_out: found.left_out(),
        })
    };
    district.standard.indicators.iter().filter_map(|indicator| curve(&indicator.id)).collect()
}

pub fn pictures(_district: &District) -> crate::problem::Result<Vec<super::Picture>> {
    Ok(Vec::new())
}
