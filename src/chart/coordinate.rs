//! How coordinates are written into an SVG.

/// A coordinate with at most two decimals.
pub fn short(number: f64) -> String {
    // Printing with decimals is slow for numbers that have none, and most coordinates are such numbers.
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return (number as i64).to_string();
    }
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}
