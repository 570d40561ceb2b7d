//! The palette. It is safe for colour-blind readers, its colours differ in grey print, and texts have a contrast of at
//! least 4.5:1.
//!
//! The hues are those of Okabe and Ito (2008), changed so that their lightness differs. No status is shown by colour
//! alone: a symbol or hatching always goes with it.

use plotters::style::RGBColor;

/// Texts.
pub const INK: RGBColor = RGBColor(0x1b, 0x26, 0x31);
/// Small and less important texts: 7:1 on white.
pub const FAINT: RGBColor = RGBColor(0x4a, 0x55, 0x60);
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Mesh lines.
pub const MESH: RGBColor = RGBColor(0xe1, 0xe5, 0xe9);
/// Axes and frames.
pub const AXIS: RGBColor = RGBColor(0x8a, 0x94, 0x9e);
/// Met: dark blue.
pub const MET: RGBColor = RGBColor(0x1f, 0x5f, 0x99);
/// Between the floor and the threshold: light orange.
pub const FLOOR: RGBColor = RGBColor(0xf2, 0xb1, 0x34);
/// Not met: vermilion.
pub const UNMET: RGBColor = RGBColor(0xc4, 0x3c, 0x0c);
/// Not known: hatched light grey.
pub const MISSING: RGBColor = RGBColor(0xee, 0xf0, 0xf2);
/// Lines of thresholds, floors and limits.
pub const LIMIT: RGBColor = RGBColor(0x1b, 0x26, 0x31);
/// The mean of the district.
pub const MEAN: RGBColor = RGBColor(0x00, 0x7a, 0x5a);
/// Groups that are neither good nor bad, from dark to light.
pub const GROUPS: [RGBColor; 5] = [
    RGBColor(0x1f, 0x5f, 0x99),
    RGBColor(0xc8, 0x7a, 0x1e),
    RGBColor(0x3a, 0x9d, 0x85),
    RGBColor(0xb9, 0x86, 0xb5),
    RGBColor(0xa9, 0xc7, 0xe0),
];

/// `#1b2631`
pub fn hex(colour: RGBColor) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2)
}

/// The relative luminance (WCAG 2.1).
fn luminance(colour: RGBColor) -> f64 {
    let part = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(colour.0) + 0.7152 * part(colour.1) + 0.0722 * part(colour.2)
}

/// The contrast of two colours, 1 to 21 (WCAG 2.1).
pub fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Ink or paper, whichever has more contrast on this ground.
pub fn text_on(ground: RGBColor) -> RGBColor {
    if contrast(PAPER, ground) >= contrast(INK, ground) { PAPER } else { INK }
}

/// The colour at this part of the way from one colour to another.
pub fn between(from: RGBColor, to: RGBColor, part: f64) -> RGBColor {
    let mix = |a: u8, b: u8| {
        let mixed = f64::from(a) + (f64::from(b) - f64::from(a)) * part.clamp(0.0, 1.0);
        mixed.round() as u8
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_readable_and_statuses_differ_in_grey() {
        for ground in [MET, FLOOR, UNMET, MISSING, PAPER].into_iter().chain(GROUPS) {
            assert!(contrast(text_on(ground), ground) >= 4.5, "{}", hex(ground));
        }
        assert!(
            contrast(FAINT, PAPER) >= 7.0 && contrast(MEAN, PAPER) >= 4.5 && contrast(UNMET, PAPER) >= 4.5
        );
        let mut light: Vec<f64> = [MET, UNMET, FLOOR, MISSING].map(luminance).to_vec();
        light.sort_by(f64::total_cmp);
        assert!(light.windows(2).all(|w| (w[1] + 0.05) / (w[0] + 0.05) > 1.2), "{light:?}");
    }
}
