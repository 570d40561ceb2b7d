//! What the sample's tables say of its schools: plain sums, written for reading rather than for millions of rows.

/// Pupils and value of a school; only of those with both.
pub type School = (f64, f64);

/// Of schools with a known value, at least one.
pub struct Numbers {
    pub schools: usize,
    pub students: f64,
    pub mean: f64,
    pub sd: f64,
    sorted: Vec<School>,
}

impl Numbers {
    pub fn of(mut schools: Vec<School>) -> Option<Numbers> {
        schools.retain(|(students, _)| *students > 0.0);
        schools.sort_by(|a, b| a.1.total_cmp(&b.1));
        let students: f64 = schools.iter().map(|s| s.0).sum();
        (students > 0.0).then_some(())?;
        let mean = schools.iter().map(|s| s.0 * s.1).sum::<f64>() / students;
        let variance = schools.iter().map(|s| s.0 * (s.1 - mean).powi(2)).sum::<f64>() / students;
        Some(Numbers { schools: schools.len(), students, mean, sd: variance.sqrt(), sorted: schools })
    }

    pub fn cv(&self) -> Option<f64> {
        (self.mean > 0.0).then(|| self.sd / self.mean)
    }

    /// The smallest value that this share of the pupils have at most.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut sum = 0.0;
        let found = self.sorted.iter().find(|s| {
            sum += s.0;
            sum >= share * self.students - 1e-9
        });
        found.or(self.sorted.last()).map_or(0.0, |s| s.1)
    }

    /// Corners of the Lorenz curve: shares of pupils and of the amount.
    pub fn lorenz(&self) -> Vec<(f64, f64)> {
        let all = self.mean * self.students;
        let (mut students, mut amount) = (0.0, 0.0);
        let mut corners = vec![(0.0, 0.0)];
        for s in self.sorted.iter().filter(|_| all > 0.0) {
            students += s.0 / self.students;
            amount += s.0 * s.1 / all;
            corners.push((students, amount));
        }
        corners
    }

    pub fn gini(&self) -> Option<f64> {
        let corners = self.lorenz();
        (corners.len() > 1)
            .then(|| 1.0 - corners.windows(2).map(|w| (w[1].0 - w[0].0) * (w[1].1 + w[0].1)).sum::<f64>())
    }

    /// Σ of a function of value over mean, weighted by pupils.
    pub fn sum(&self, of: impl Fn(f64) -> f64) -> Option<f64> {
        let sum = self.sorted.iter().map(|s| s.0 / self.students * of(s.1 / self.mean)).sum::<f64>();
        Some(sum).filter(|sum| sum.is_finite())
    }

    /// Share of the schools, and of the pupils, at this value or above.
    pub fn at(&self, bound: f64) -> (f64, f64) {
        let reach = || self.sorted.iter().filter(|s| s.1 >= bound);
        (reach().count() as f64 / self.schools as f64, reach().map(|s| s.0).sum::<f64>() / self.students)
    }

    pub fn least(&self) -> f64 {
        self.sorted.first().map_or(0.0, |s| s.1)
    }
    pub fn most(&self) -> f64 {
        self.sorted.last().map_or(0.0, |s| s.1)
    }
}

/// A straight line through points, with the standard error of its slope; at least three points that differ.
pub struct Line {
    pub intercept: f64,
    pub slope: f64,
    pub error: f64,
    pub r_squared: f64,
    pub points: usize,
}

impl Line {
    pub fn through(points: &[(f64, f64)]) -> Option<Line> {
        let n = points.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let xx: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
        let xy: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
        let yy: f64 = points.iter().map(|p| (p.1 - y).powi(2)).sum();
        (points.len() > 2 && xx > 0.0 && yy > 0.0).then_some(())?;
        let slope = xy / xx;
        let rest = (yy - slope * xy).max(0.0);
        let error = (rest / (n - 2.0) / xx).sqrt();
        Some(Line {
            intercept: y - slope * x,
            slope,
            error,
            r_squared: 1.0 - rest / yy,
            points: points.len(),
        })
    }

    pub fn t(&self) -> f64 {
        self.slope / self.error
    }
}

/// Two-sided, of the normal distribution (Abramowitz and Stegun 26.2.17): near enough for a sample.
pub fn p(z: f64) -> f64 {
    let z = z.abs();
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let tail = [0.319_381_53, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum: f64 = tail.iter().enumerate().map(|(k, b)| b * t.powi(k as i32 + 1)).sum();
    (2.0 * (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * sum).clamp(0.0, 1.0)
}
