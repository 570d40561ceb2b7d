//! Bootstrap over schools, fast enough for a nation: the schools of a replicate are drawn once for all indicators, and
//! for CV and Gini together.
//!
//! Replicate k of a stream uses the k-th n numbers of that stream, whatever computes it. The result of an indicator
//! does not depend on the others requested: indicators that are known for the same schools share draws, others restart
//! the stream with their own schools.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::{
    School, Undefined,
    columns::{Columns, LANES, Lanes},
    interval::{Resampled, summary},
};

/// The number of draws above which a group is worth more than one thread, and the number of replicates per task.
const MANY: usize = 4_000_000;
const AT_ONCE: usize = 64;

/// One indicator of a group: the amount and the pupils of each school, NaN where unknown. All indicators of a group
/// list the schools in the same order.
#[derive(Debug, Clone, Copy)]
pub struct Amounts<'a> {
    /// The indicator's numerator.
    pub amount: &'a [f64],
    /// The indicator's denominator.
    pub students: &'a [f64],
    /// A limit of the CV, for which the share of replicates above it is calculated.
    pub limit: Option<f64>,
}

impl Amounts<'_> {
    fn school(&self, at: usize) -> Option<School> {
        let school = School { amount: *self.amount.get(at)?, students: *self.students.get(at)? };
        // As in `Distribution::of`; comparisons with NaN are false.
        let usable = school.amount >= 0.0 && school.students > 0.0 && school.students.is_finite();
        (usable && school.value().is_finite()).then_some(school)
    }

    fn known(&self) -> Vec<usize> {
        (0..self.amount.len()).filter(|&at| self.school(at).is_some()).collect()
    }
}

/// CV and Gini of one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Both {
    /// The coefficient of variation.
    pub cv: Result<Resampled, Undefined>,
    /// The Gini coefficient.
    pub gini: Result<Resampled, Undefined>,
}

/// How groups are resampled, and the memory it is done in: one for a thread.
///
/// ```
/// use junheng::equity::{Amounts, Bootstrap};
///
/// let students = [400.0, 300.0, 700.0, 120.0];
/// let teachers = Amounts { amount: &[20.0, 9.0, 31.0, 5.0], students: &students, limit: Some(0.5) };
/// let rooms = Amounts { amount: &[9.0, 5.0, f64::NAN, 4.0], students: &students, limit: Some(0.5) };
/// // A thousand replicates, intervals at 0.95, seed 1; this group's own stream is 7.
/// let found = Bootstrap::new(1_000, 0.95, 1).group(7, &[teachers, rooms]);
/// let cv = found[0].cv.as_ref().unwrap();
/// assert!(cv.percentile.low < cv.value && cv.value < cv.percentile.high);
/// ```
#[derive(Debug, Clone)]
pub struct Bootstrap {
    replicates: usize,
    level: f64,
    seed: u64,
    times: Vec<Lanes>,
    /// Blocks of `LANES` replicates; each has the CV and Gini of every indicator.
    found: Vec<Lanes>,
    one: Vec<f64>,
}

impl Bootstrap {
    /// `level` is that of the intervals, such as 0.95.
    pub fn new(replicates: usize, level: f64, seed: u64) -> Bootstrap {
        Bootstrap { replicates, level, seed, times: Vec::new(), found: Vec::new(), one: Vec::new() }
    }

    /// Draws as many schools as there are, with replacement, `replicates` times, each school with its pupils: standard
    /// error, percentile and BCa interval of every indicator's CV and Gini, and the standard error of the jackknife.
    /// `stream` distinguishes groups with the same seed. Results are in the order of `indicators`.
    ///
    /// There is no result if no school is known, no school has anything, there is only one school, or in no replicate
    /// any school has anything.
    pub fn group(&mut self, stream: u64, indicators: &[Amounts<'_>]) -> Vec<Both> {
        let known: Vec<Vec<usize>> = indicators.iter().map(Amounts::known).collect();
        let nothing = Both { cv: Err(Undefined::NoSchool), gini: Err(Undefined::NoSchool) };
        let mut answers = vec![nothing; indicators.len()];
        for (first, schools) in known.iter().enumerate() {
            // Draw the first indicator together with all others that are known for the same schools.
            if known.iter().take(first).any(|other| other == schools) {
                continue;
            }
            let mut together: Vec<(usize, Columns)> = Vec::new();
            for (at, indicator) in indicators.iter().enumerate().skip(first) {
                if known.get(at) != Some(schools) {
                    continue;
                }
                let list: Vec<School> = schools.iter().filter_map(|&at| indicator.school(at)).collect();
                let columns = Columns::of(&list);
                match columns {
                    Ok(columns) if list.len() > 1 => together.push((at, columns)),
                    other => {
                        let why = other.err().unwrap_or(Undefined::OneSchool);
                        answers[at] = Both { cv: Err(why), gini: Err(why) };
                    }
                }
            }
            if together.is_empty() {
                continue;
            }
            self.draw(stream, schools.len(), &together);
            for (place, (at, columns)) in together.iter().enumerate() {
                let limit = indicators.get(*at).and_then(|indicator| indicator.limit);
                answers[*at] = self.answer(place, together.len(), columns, limit);
            }
        }
        answers
    }

    /// Computes every replicate of `together` into `found`.
    fn draw(&mut self, stream: u64, schools: usize, together: &[(usize, Columns)]) {
        let width = 2 * together.len();
        let batches = self.replicates.div_ceil(LANES);
        self.found.clear();
        self.found.resize(batches * width, [f64::NAN; LANES]);
        let seed = self.seed;
        let some = |from: usize, times: &mut Vec<Lanes>, found: &mut [Lanes]| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream);
            rng.set_word_pos(from as u128 * schools as u128);
            times.clear();
            times.resize(schools, [0.0; LANES]);
            for batch in found.chunks_exact_mut(width) {
                times.fill([0.0; LANES]);
                // Lane by lane: the lane is the second index, that of the draws the first.
                #[allow(clippy::needless_range_loop)]
                for lane in 0..LANES {
                    for _ in 0..schools {
                        // A 32-bit number times n: the deviation from uniformity of n / 2³² is invisible in any
                        // interval.
                        let at = (u64::from(rng.next_u32()) * schools as u64) >> 32;
                        times[at as usize][lane] += 1.0;
                    }
                }
                for (place, (_, columns)) in batch.chunks_exact_mut(2).zip(together) {
                    place.copy_from_slice(&columns.values(times));
                }
            }
        };
        if schools * self.replicates > MANY {
            let chunk = AT_ONCE / LANES * width;
            self.found
                .par_chunks_mut(chunk)
                .enumerate()
                .for_each_init(Vec::new, |times, (part, found)| some(part * AT_ONCE, times, found));
        } else {
            some(0, &mut self.times, &mut self.found);
        }
    }

    /// The result of the indicator at `place` among those drawn together.
    fn answer(&mut self, place: usize, together: usize, columns: &Columns, limit: Option<f64>) -> Both {
        let without = columns.without_each();
        let values = columns.whole();
        let mut of = |statistic: usize, limit: Option<f64>| {
            let replicates = self
                .found
                .chunks_exact(2 * together)
                .filter_map(|batch| batch.get(2 * place + statistic))
                .flatten()
                .take(self.replicates);
            self.one.clear();
            // Replicates in which no school has anything are drawn but not counted.
            self.one.extend(replicates.copied().filter(|value| value.is_finite()));
            let without: Vec<f64> =
                without.iter().map(|both| both[statistic]).filter(|value| value.is_finite()).collect();
            summary(&mut self.one, values[statistic], &without, self.level, limit)
        };
        Both { cv: of(0, limit), gini: of(1, None) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::equity::Distribution;

    fn column(values: &[f64], students: &[f64], limit: Option<f64>) -> Both {
        Bootstrap::new(200, 0.95, 5).group(9, &[Amounts { amount: values, students, limit }]).remove(0)
    }

    fn made(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut number = |most: u32| f64::from(rng.next_u32() % most);
        let students: Vec<f64> = (0..n).map(|_| 20.0 + number(2_000)).collect();
        let amount = students.iter().map(|p| (p * (0.5 + number(1_000) / 1_000.0) / 10.0).floor()).collect();
        (amount, students)
    }

    /// The definition: the k-th n numbers of the stream are the k-th replicate.
    fn replicates(
        amount: &[f64],
        students: &[f64],
        count: usize,
        (seed, stream): (u64, u64),
    ) -> Vec<[f64; 2]> {
        let n = amount.len();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        (0..count)
            .map(|_| {
                let chosen: Vec<usize> =
                    (0..n).map(|_| ((u64::from(rng.next_u32()) * n as u64) >> 32) as usize).collect();
                let all =
                    Distribution::of(chosen.into_iter().map(|at| (Some(amount[at]), Some(students[at]))));
                [all.cv().unwrap(), all.gini().unwrap()]
            })
            .collect()
    }

    #[test]
    fn the_replicates_are_those_of_the_definition() {
        let (amount, students) = made(23, 4);
        let found = Bootstrap::new(150, 0.9, 5)
            .group(9, &[Amounts { amount: &amount, students: &students, limit: Some(0.3) }])
            .remove(0);
        let expected = replicates(&amount, &students, 150, (5, 9));
        for (statistic, found) in [found.cv.unwrap(), found.gini.unwrap()].into_iter().enumerate() {
            let mut values: Vec<f64> = expected.iter().map(|both| both[statistic]).collect();
            let mean = values.iter().sum::<f64>() / 150.0;
            let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 149.0).sqrt();
            assert!((found.error - error).abs() < 1e-12);
            values.sort_by(f64::total_cmp);
            // Type 7: 0.05 · 149 = 7.45.
            let low = values[7] + 0.45 * (values[8] - values[7]);
            assert!((found.percentile.low - low).abs() < 1e-12);
            if statistic == 0 {
                let above = values.iter().filter(|v| **v > 0.3).count() as f64 / 150.0;
                assert_eq!(found.above, Some(above));
            }
        }
    }

    #[test]
    fn which_others_are_asked_for_does_not_matter() {
        let (teachers, students) = made(40, 1);
        let (rooms, _) = made(40, 2);
        let (mut books, _) = made(40, 3);
        books[7] = f64::NAN;
        let nothing = vec![0.0; 40];
        let of = |amount| Amounts { amount, students: &students, limit: Some(0.4) };
        let asked = [of(&teachers[..]), of(&books), of(&nothing), of(&rooms)];
        let mut bootstrap = Bootstrap::new(101, 0.95, 5);
        let together = bootstrap.group(9, &asked);
        assert_eq!(together[2].cv, Err(Undefined::Nothing));
        for (indicator, found) in asked.iter().zip(&together) {
            assert_eq!(&bootstrap.group(9, &[*indicator])[0], found);
        }
        let backwards: Vec<Amounts> = asked.iter().rev().copied().collect();
        assert!(bootstrap.group(9, &backwards).iter().rev().eq(&together));
        // An unknown school is treated like an absent one.
        let without = |all: &[f64]| [&all[..7], &all[8..]].concat();
        let (amount, fewer) = (without(&books), without(&students));
        let found = bootstrap.group(9, &[Amounts { amount: &amount, students: &fewer, limit: Some(0.4) }]);
        assert_eq!(found[0], together[1]);
    }

    #[test]
    fn any_number_of_threads_gives_the_same() {
        // Enough schools for the multi-threaded path.
        let (amount, students) = made(2_100, 8);
        let asked = [Amounts { amount: &amount, students: &students, limit: None }];
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Bootstrap::new(2_001, 0.95, 3).group(1, &asked))
        };
        assert_eq!(with(1), with(2));
        // The multi-threaded path equals the single-threaded one.
        let some = |replicates: usize| Bootstrap::new(replicates, 0.95, 3).group(1, &asked).remove(0).cv;
        let (mut bootstrap, columns) = (
            Bootstrap::new(2_001, 0.95, 3),
            Columns::of(&(0..2_100).filter_map(|at| asked[0].school(at)).collect::<Vec<_>>()).unwrap(),
        );
        bootstrap.draw(1, 2_100, &[(0, columns)]);
        let many = bootstrap.found.clone();
        bootstrap.replicates = 200;
        let columns =
            Columns::of(&(0..2_100).filter_map(|at| asked[0].school(at)).collect::<Vec<_>>()).unwrap();
        bootstrap.draw(1, 2_100, &[(0, columns)]);
        assert_eq!(bootstrap.found[..], many[..bootstrap.found.len()]);
        assert_ne!(some(200), some(199));
    }

    #[test]
    fn what_has_no_number_says_why() {
        let of = |values: &[f64], students: &[f64]| column(values, students, None).cv;
        assert_eq!(of(&[], &[]), Err(Undefined::NoSchool));
        assert_eq!(of(&[f64::NAN, 1.0], &[1.0, 0.0]), Err(Undefined::NoSchool));
        assert_eq!(of(&[0.0, 0.0], &[1.0, 1.0]), Err(Undefined::Nothing));
        assert_eq!(of(&[3.0, f64::NAN], &[1.0, 1.0]), Err(Undefined::OneSchool));
        assert_eq!(
            Bootstrap::new(0, 0.95, 1)
                .group(1, &[Amounts { amount: &[1.0, 2.0], students: &[1.0, 1.0], limit: None }])[0]
                .gini,
            Err(Undefined::NoSpread)
        );
        // All alike, although 0.1 has no exact binary fraction: no spread and no BCa, but a value.
        let alike = column(&[0.1, 0.7, 0.3], &[1.0, 7.0, 3.0], Some(0.5));
        let cv = alike.cv.unwrap();
        assert_eq!(
            (cv.value, cv.error, cv.jackknife_error, cv.bca, cv.above),
            (0.0, 0.0, 0.0, None, Some(0.0))
        );
        // Replicates in which no school has anything are not counted: ¼ of those of two schools.
        let half = column(&[0.0, 1.0], &[1.0, 1.0], None).gini.unwrap();
        assert_eq!((half.value, half.percentile.low, half.percentile.high), (0.5, 0.0, 0.5));
    }

    proptest! {
        #[test]
        fn any_choice_has_the_values_of_the_formulas(
            schools in prop::collection::vec((0u32..9_000, 1u32..3_000, 0u32..3), 2..40)
        ) {
            let known: Vec<School> = schools
                .iter()
                .map(|&(x, p, _)| School { amount: f64::from(x), students: f64::from(p) })
                .collect();
            prop_assume!(schools.iter().any(|s| s.0 > 0 && s.2 > 0));
            let columns = Columns::of(&known).unwrap();
            let times: Vec<Lanes> = schools.iter().map(|s| [1.0, f64::from(s.2), 0.0, 1.0]).collect();
            let found = columns.values(&times);
            let chosen = schools.iter().zip(&known).flat_map(|(s, school)| vec![*school; s.2 as usize]);
            let chosen = Distribution::of(chosen.map(|s| (Some(s.amount), Some(s.students))));
            // The square root of a value near 0 keeps half the digits.
            let near = |a: f64, b: f64| (a - b).abs() < 1e-12 || (a * a - b * b).abs() < 1e-9;
            prop_assert!(near(found[0][1], chosen.cv().unwrap()));
            prop_assert!(near(found[1][1], chosen.gini().unwrap()));
            prop_assert!(found[0][2].is_nan() && found[1][2].is_nan());
        }

        #[test]
        fn without_each_is_as_if_it_were_not_there(
            schools in prop::collection::vec((0u32..3_000, 30u32..3_000), 2..40)
        ) {
            prop_assume!(schools.iter().any(|s| s.0 > 0));
            let known: Vec<School> = schools
                .iter()
                .map(|&(x, p)| School { amount: f64::from(x), students: f64::from(p) })
                .collect();
            let found = Columns::of(&known).unwrap().without_each();
            for (left_out, found) in found.iter().enumerate() {
                let rest = known.iter().enumerate().filter(|(at, _)| *at != left_out);
                let rest = Distribution::of(rest.map(|(_, s)| (Some(s.amount), Some(s.students))));
                match rest.cv() {
                    Err(why) => {
                        prop_assert_eq!(why, Undefined::Nothing);
                        prop_assert!(found[0].is_nan() && found[1].is_nan());
                    }
                    Ok(cv) => {
                        prop_assert!((found[0] - cv).abs() < 1e-9, "{} {cv}", found[0]);
                        prop_assert!((found[1] - rest.gini().unwrap()).abs() < 1e-9);
                    }
                }
            }
        }
    }
}
