//! Random numbers that are the same on every machine: ChaCha for the bits, and only operations that IEEE 754
//! fixes to the last bit (no `exp` or `ln` of the platform's library).

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Chance(ChaCha8Rng::seed_from_u64(seed))
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Both ends inclusive.
    pub fn integer(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    pub fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Close to the standard normal, within ±6: the sum of twelve uniforms (Irwin–Hall).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Log-normal about `median`.
    pub fn around(&mut self, median: f64, sigma: f64) -> f64 {
        median * exp(sigma * self.normal())
    }
}

/// eˣ to about ten digits for |x| < 100: the Taylor series at x/1024, squared ten times.
pub fn exp(x: f64) -> f64 {
    let y = x / 1024.0;
    let mut value = 1.0 + y * (1.0 + y / 2.0 * (1.0 + y / 3.0 * (1.0 + y / 4.0 * (1.0 + y / 5.0))));
    for _ in 0..10 {
        value *= value;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_right() {
        for x in [-5.0, -0.3, 0.0, 1.0, 4.2] {
            assert!((exp(x) / f64::exp(x) - 1.0).abs() < 1e-10, "{x}");
        }
    }

    #[test]
    fn the_stream_is_fixed() {
        let mut chance = Chance::new(1);
        let first: Vec<i64> = (0..5).map(|_| chance.integer(0, 999)).collect();
        assert_eq!(first, [402, 80, 596, 219, 283]);
        let mean = (0..2000).map(|_| chance.normal()).sum::<f64>() / 2000.0;
        assert!(mean.abs() < 0.1);
    }
}
