//! The CV and the Gini coefficient of any selection of a group's schools, from sums that are calculated once.

use super::{School, Undefined};

/// The number of selections computed side by side, for vector instructions.
pub(super) const LANES: usize = 4;

pub(super) type Lanes = [f64; LANES];

/// The schools in ascending order of their amount per pupil, relative to the overall mean: with d_i = X_i/X̄ − 1, the
/// sums of P, P·d and P·d² determine CV and Gini of any selection of schools, and lose no digits if all schools are
/// nearly alike.
pub(super) struct Columns {
    /// The original position of each school.
    order: Vec<u32>,
    /// P relative to its maximum, so that no sum overflows.
    students: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
}

/// CV and Gini of a selection of schools, from ΣP, ΣPd, the variance of d, and the area Σ P_i (2 Σ_{j<i} P_j d_j + P_i
/// d_i).
fn values(students: f64, first: f64, variance: f64, area: f64) -> [f64; 2] {
    // Σx in units of X̄.
    let amount = students + first;
    if amount <= 0.0 || students <= 0.0 {
        return [f64::NAN; 2];
    }
    // G = 1 − Σ P_i (2A_i − x_i)/(ΣP Σx) with x_i = P_i (1 + d_i): the part without d is 1 and cancels.
    let gini = (students * first - area) / (students * amount);
    [variance.max(0.0).sqrt() / (amount / students), gini.clamp(0.0, 1.0)]
}

/// Sums over schools: ΣP, the mean of d, Σ P (d − mean)², updated without a difference of large numbers (T. Chan, G.
/// Golub, R. LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979).
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    students: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn and(self, other: Moments) -> Moments {
        let students = self.students + other.students;
        if students <= 0.0 {
            return self;
        }
        let apart = other.mean - self.mean;
        Moments {
            students,
            mean: self.mean + apart * (other.students / students),
            squares: self.squares
                + other.squares
                + apart * apart * self.students * (other.students / students),
        }
    }
}

impl Columns {
    /// # Errors
    /// There is no school, or no school has anything.
    pub(super) fn of(schools: &[School]) -> Result<Columns, Undefined> {
        let largest = |of: fn(&School) -> f64| schools.iter().map(of).fold(0.0, f64::max);
        let (most_students, most) = (largest(|s| s.students), largest(|s| s.value()));
        if schools.is_empty() {
            return Err(Undefined::NoSchool);
        }
        if most == 0.0 {
            return Err(Undefined::Nothing);
        }
        let mut order: Vec<u32> = (0..schools.len() as u32).collect();
        let value = |at: u32| schools[at as usize].value() / most;
        order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
        let students: Vec<f64> =
            order.iter().map(|&at| schools[at as usize].students / most_students).collect();
        let mean = order.iter().zip(&students).map(|(&at, p)| p * value(at)).sum::<f64>()
            / students.iter().sum::<f64>();
        // Quotients that differ only by rounding errors are equal.
        let alike = order.first().zip(order.last()).is_some_and(|(&a, &b)| value(b) - value(a) <= 1e-14);
        let distance = |at: u32| if alike { 0.0 } else { value(at) / mean - 1.0 };
        let first: Vec<f64> = order.iter().zip(&students).map(|(&at, p)| p * distance(at)).collect();
        let second = order.iter().zip(&first).map(|(&at, pd)| pd * distance(at)).collect();
        Ok(Columns { order, students, first, second })
    }

    /// CV and Gini with each school counted `times`, for `LANES` selections side by side; NaN if no selected school has
    /// anything.
    pub(super) fn values(&self, times: &[Lanes]) -> [Lanes; 2] {
        let (mut students, mut first, mut second, mut area) =
            ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let columns = self.students.iter().zip(&self.first).zip(&self.second);
        for (&at, ((&p, &pd), &pdd)) in self.order.iter().zip(columns) {
            let times = &times[at as usize];
            for lane in 0..LANES {
                let (p, pd) = (times[lane] * p, times[lane] * pd);
                area[lane] += p * (2.0 * first[lane] + pd);
                students[lane] += p;
                first[lane] += pd;
                second[lane] += times[lane] * pdd;
            }
        }
        let mut found = [[0.0; LANES]; 2];
        for lane in 0..LANES {
            let mean = first[lane] / students[lane];
            let variance = second[lane] / students[lane] - mean * mean;
            let both = values(students[lane], first[lane], variance, area[lane]);
            found[0][lane] = both[0];
            found[1][lane] = both[1];
        }
        found
    }

    /// CV and Gini of all schools, by the same sums as a replicate.
    pub(super) fn whole(&self) -> [f64; 2] {
        let all = self.values(&vec![[1.0; LANES]; self.order.len()]);
        [all[0][0], all[1][0]]
    }

    /// Each school's contribution to CV² and to T, in the original order: p d² and p (1 + d) ln(1 + d).
    pub(super) fn contributions(&self) -> Vec<(f64, f64)> {
        let students: f64 = self.students.iter().sum();
        let mut found = vec![(0.0, 0.0); self.order.len()];
        let columns = self.students.iter().zip(&self.first).zip(&self.second);
        for (&at, ((&p, &pd), &pdd)) in self.order.iter().zip(columns) {
            let distance = pd / p;
            // x ln x tends to 0 with x.
            let theil = if distance > -1.0 { (p + pd) * distance.ln_1p() / students } else { 0.0 };
            found[at as usize] = (pdd / students, theil);
        }
        found
    }

    /// CV and Gini without each school in turn, in the original order, by one pass from each end and without
    /// subtraction. NaN if the remaining schools have nothing.
    pub(super) fn without_each(&self) -> Vec<[f64; 2]> {
        let n = self.order.len();
        let alone = |k: usize| {
            let students = self.students[k];
            Moments { students, mean: self.first[k] / students, squares: 0.0 }
        };
        // Moments, ΣPd and area of the schools from each one to the last.
        let mut behind = vec![(Moments::default(), 0.0, 0.0); n + 1];
        for k in (0..n).rev() {
            let (rest, first, area) = behind[k + 1];
            let (p, pd) = (self.students[k], self.first[k]);
            behind[k] = (alone(k).and(rest), first + pd, area + pd * (p + 2.0 * rest.students));
        }
        let mut found = vec![[f64::NAN; 2]; n];
        let (mut before, mut first, mut area) = (Moments::default(), 0.0, 0.0);
        for k in 0..n {
            let (rest, rest_first, rest_area) = behind[k + 1];
            let left = before.and(rest);
            found[self.order[k] as usize] = values(
                left.students,
                first + rest_first,
                left.squares / left.students,
                // The cumulated sums of the schools behind start from those of the schools before.
                area + rest_area + 2.0 * first * rest.students,
            );
            let (p, pd) = (self.students[k], self.first[k]);
            area += p * (2.0 * first + pd);
            first += pd;
            before = before.and(alone(k));
        }
        found
    }
}
