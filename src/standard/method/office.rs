//! The office gives a mark up to the points.

use serde::Serialize;

use super::{PartInput, PartReader, PartResult, ScoringMethod, Sentence};
use crate::standard::entry::PartEntries;

/// The office gives a mark from 0 to the points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Office;

impl ScoringMethod for Office {
    fn keys() -> &'static [&'static str] {
        &[]
    }

    fn read(_: &mut PartReader<'_, '_>) -> Self {
        Office
    }

    fn entries(&self, part: &mut PartEntries<'_>) {
        part.score(false);
    }

    fn sentence(&self, text: &Sentence<'_>) -> String {
        text.say("office", &[("points", text.own_points())])
    }

    fn score(&self, part: &PartInput<'_>) -> PartResult {
        part.given()
    }
}
