//! Whether districts converge over the years: σ (the spread falls) and β (those behind catch up), with standard errors
//! by ordinary least squares.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Undefined;

/// The fitted line y = intercept + slope · x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The value at x = 0.
    pub intercept: f64,
    /// The change of y per unit of x.
    pub slope: f64,
    /// Standard error of the slope.
    pub error: f64,
    /// slope / error; `None` if all points lie on the line.
    pub t: Option<f64>,
    /// Two-sided, with n − 2 degrees of freedom.
    pub p: Option<f64>,
    /// The share of the variance of y that the line explains, 0 to 1.
    pub r_squared: f64,
    /// The number of points.
    pub n: usize,
    /// For a projection: mean of x, Σ(x − x̄)², residual standard error.
    mean_x: f64,
    spread_x: f64,
    residual: f64,
}

impl Line {
    /// The value at `x`, and half the width of the prediction interval at `level` for one new observation.
    pub fn at(&self, x: f64, level: f64) -> (f64, f64) {
        let value = self.intercept + self.slope * x;
        let new = 1.0 + 1.0 / self.n as f64 + (x - self.mean_x).powi(2) / self.spread_x;
        let t = StudentsT::new(0.0, 1.0, (self.n - 2) as f64)
            .map_or(f64::NAN, |student| student.inverse_cdf(1.0 - (1.0 - level) / 2.0));
        (value, t * self.residual * new.sqrt())
    }
}

/// Least squares of y on x. For σ-convergence, y is the CV and x the year; a significantly negative slope is
/// convergence. Points that are not finite are left out.
///
/// # Errors
/// There are fewer than three points, or all have the same x.
pub fn line(points: &[(f64, f64)]) -> Result<Line, Undefined> {
    let points: Vec<(f64, f64)> =
        points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let n = points.len();
    if n < 3 {
        return Err(Undefined::NoSpread);
    }
    let count = n as f64;
    let mean_x = points.iter().map(|p| p.0).sum::<f64>() / count;
    let mean_y = points.iter().map(|p| p.1).sum::<f64>() / count;
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        points.iter().map(|(x, y)| of(x - mean_x, y - mean_y)).sum()
    };
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    if xx <= 0.0 {
        return Err(Undefined::NoSpread);
    }
    let slope = xy / xx;
    let residuals = sum(&|x, y| (y - slope * x).powi(2));
    let residual = (residuals / (count - 2.0)).sqrt();
    let error = residual / xx.sqrt();
    let t = (error > 0.0).then(|| slope / error);
    let student = StudentsT::new(0.0, 1.0, count - 2.0).ok();
    let p = t.zip(student).map(|(t, student)| 2.0 * student.sf(t.abs()));
    let r_squared = if yy > 0.0 { 1.0 - residuals / yy } else { 1.0 };
    let intercept = mean_y - slope * mean_x;
    Ok(Line { intercept, slope, error, t, p, r_squared, n, mean_x, spread_x: xx, residual })
}

/// The result of a β regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Convergence {
    /// Yearly growth of ln y against the initial ln y; a negative slope means that those behind catch up.
    pub line: Line,
    /// λ = −ln(1 + slope · T)/T: the share of the gap that closes per year. `None` if slope · T ≤ −1.
    pub speed: Option<f64>,
    /// ln 2 / λ, in years; `None` if the gap does not close.
    pub half_life: Option<f64>,
    /// The number of districts left out: a value at the beginning or the end is zero or unknown.
    pub left_out: usize,
}

/// Absolute β-convergence over `years`: (ln y_T − ln y_0)/T on ln y_0, one point per district. Source: R. Barro, X.
/// Sala-i-Martin, Convergence, 1992.
///
/// # Errors
/// There are fewer than three districts, all start with the same value, or no years lie between.
pub fn beta(districts: &[(f64, f64)], years: u32) -> Result<Convergence, Undefined> {
    if years == 0 {
        return Err(Undefined::NoSpread);
    }
    let years = f64::from(years);
    let usable =
        |(first, last): &&(f64, f64)| *first > 0.0 && *last > 0.0 && first.is_finite() && last.is_finite();
    let points: Vec<(f64, f64)> = districts
        .iter()
        .filter(usable)
        .map(|(first, last)| (first.ln(), (last.ln() - first.ln()) / years))
        .collect();
    let left_out = districts.len() - points.len();
    let line = line(&points)?;
    let kept = 1.0 + line.slope * years;
    let speed = (kept > 0.0).then(|| -kept.ln() / years);
    let half_life = speed.filter(|speed| *speed > 0.0).map(|speed| std::f64::consts::LN_2 / speed);
    Ok(Convergence { line, speed, half_life, left_out })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_by_hand() {
        // x 1…4, y 2, 4, 5, 8: Σ(x−x̄)² = 5, Σ(x−x̄)(y−ȳ) = 9.5; slope 1.9, intercept 0; residuals 0.1, 0.2, −0.7, 0.4:
        // sum of squares 0.7; error √(0.35/5).
        let found = line(&[(1.0, 2.0), (2.0, 4.0), (3.0, 5.0), (4.0, 8.0)]).unwrap();
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(found.slope, 1.9);
        near(found.intercept, 0.0);
        near(found.error, (0.35f64 / 5.0).sqrt());
        near(found.r_squared, 1.0 - 0.7 / 18.75);
        near(found.t.unwrap(), 1.9 / 0.07f64.sqrt());
        // Student's t with 2 degrees: p = 1 − t/√(t² + 2).
        let t = found.t.unwrap();
        assert!((found.p.unwrap() - (1.0 - t / (t * t + 2.0).sqrt())).abs() < 1e-9);
        let (value, half) = found.at(5.0, 0.95);
        near(value, 9.5);
        assert!((half - 4.302_652_73 * (0.35f64 * (1.0 + 0.25 + 6.25 / 5.0)).sqrt()).abs() < 1e-6, "{half}");
    }

    #[test]
    fn too_little_for_a_line() {
        assert_eq!(line(&[(1.0, 1.0), (2.0, 2.0)]), Err(Undefined::NoSpread));
        assert_eq!(line(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), Err(Undefined::NoSpread));
        assert_eq!(line(&[(1.0, 1.0), (2.0, f64::NAN), (3.0, 3.0)]), Err(Undefined::NoSpread));
        let exact = line(&[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]).unwrap();
        assert!(exact.r_squared == 1.0 && exact.t.is_none_or(|t| t > 1e6));
        assert_eq!(beta(&[(1.0, 2.0); 5], 0), Err(Undefined::NoSpread));
    }

    #[test]
    fn those_behind_catch_up_at_the_speed_they_were_given() {
        // Every district closes the gap of its logarithm at 5 % a year for ten years: ln y_T = ln y* + (ln y_0 − ln y*) e^−0.5.
        let kept = (-0.5f64).exp();
        let districts: Vec<(f64, f64)> =
            (1..=8).map(f64::from).map(|y| (y, (10f64.ln() + (y.ln() - 10f64.ln()) * kept).exp())).collect();
        let mut all = districts.clone();
        all.push((0.0, 3.0));
        let found = beta(&all, 10).unwrap();
        assert!((found.speed.unwrap() - 0.05).abs() < 1e-9);
        assert!((found.half_life.unwrap() - 0.05f64.recip() * std::f64::consts::LN_2).abs() < 1e-6);
        assert_eq!(found.left_out, 1);
    }
}
