//! Early warning: extrapolated trends, and the effect of changes in enrolment. Calls measure, judge and equity in
//! order.

mod enrolment;
mod file;
mod shocks;
#[cfg(test)]
mod tests;
mod trend;
mod urgency;

pub use enrolment::{Enrolment, Expected};
pub use file::read;
pub use shocks::shocks;
pub use trend::outlook;
pub use urgency::{ordered, shocks_ordered};
