//! Thresholds, floors, limits, items, scores, grades → verdicts. Prints nothing.
