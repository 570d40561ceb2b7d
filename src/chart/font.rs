//! The font that the program contains (Noto Sans SC, OFL): the widths and outlines of its characters.

use std::{borrow::Cow, sync::OnceLock};

use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::coordinate::short;
use crate::problem::{Place, Problem, Result};

/// Its path below `data/`, and below the folder of `--data`.
pub const FILE: &str = "fonts/NotoSansSC-Regular.otf";
/// The name that the font file gives itself.
pub const FAMILY: &str = "Noto Sans SC";

/// Read once: a font that cannot be used cannot be replaced during a run.
static FONT: OnceLock<Option<Font>> = OnceLock::new();
static BYTES: OnceLock<Cow<'static, [u8]>> = OnceLock::new();

/// The bytes of the font file, which are kept for the whole run.
fn bytes() -> Result<&'static [u8]> {
    if let Some(read) = BYTES.get() {
        return Ok(read);
    }
    let read = crate::data::bytes(FILE)?.unwrap_or_default();
    Ok(BYTES.get_or_init(|| read))
}

pub struct Font {
    face: Face<'static>,
    em: f64,
}

/// The font.
///
/// # Errors
/// `font_broken`: the file (of the program, or of the folder of `--data`) is no font with outlines; the disk refuses it.
pub fn font() -> Result<&'static Font> {
    let bytes = bytes()?;
    FONT.get_or_init(|| Font::read(bytes)).as_ref().ok_or_else(broken)
}

fn broken() -> crate::problem::Error {
    Problem::error("font_broken", Place::file(FILE)).into()
}

impl Font {
    /// `None` where the bytes are not a font, or are a font that cannot draw Chinese.
    fn read(bytes: &'static [u8]) -> Option<Font> {
        let face = Face::parse(bytes, 0).ok()?;
        let font = Font { em: f64::from(face.units_per_em()), face };
        // A file that is cut short may still have its table of contents, but no outlines.
        let drawn =
            ['中', 'A', '0'].into_iter().all(|c| font.glyph(c).is_some_and(|g| font.outline(g).is_some()));
        (drawn && font.em > 0.0).then_some(font)
    }

    pub fn glyph(&self, c: char) -> Option<GlyphId> {
        self.face.glyph_index(c).filter(|glyph| glyph.0 != 0)
    }

    /// The number of units in one em.
    pub fn em(&self) -> f64 {
        self.em
    }

    /// The advance width in units of the font. A character that it lacks is drawn as a box of one em.
    pub fn advance(&self, c: char) -> f64 {
        let advance = self.glyph(c).and_then(|glyph| self.face.glyph_hor_advance(glyph));
        advance.map_or(self.em, f64::from)
    }

    /// The width of a text at this size, in pixels.
    pub fn width(&self, text: &str, size: f64) -> f64 {
        text.chars().map(|c| self.advance(c)).sum::<f64>() * size / self.em
    }

    /// The outline as the `d` of an SVG path, y upwards; `None` for a blank.
    pub fn outline(&self, glyph: GlyphId) -> Option<String> {
        let mut path = Path::default();
        self.face.outline_glyph(glyph, &mut path)?;
        Some(path.0).filter(|d| !d.is_empty())
    }
}

#[derive(Default)]
struct Path(String);

impl Path {
    fn add(&mut self, command: char, numbers: &[f32]) {
        self.0.push(command);
        for (i, &number) in numbers.iter().enumerate() {
            let text = short(f64::from(number));
            if i > 0 && !text.starts_with('-') {
                self.0.push(' ');
            }
            self.0.push_str(&text);
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[x, y]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[x, y]);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[x1, y1, x, y]);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[x1, y1, x2, y2, x, y]);
    }
    fn close(&mut self) {
        self.0.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_is_one_em_wide() {
        let font = font().unwrap();
        assert_eq!(font.width("均衡", 10.0), 20.0);
        assert!(font.width("il", 10.0) < 10.0);
        assert!(font.outline(font.glyph('𠮷').unwrap()).unwrap().ends_with('Z'));
        // A character that no font has.
        assert_eq!(font.width("\u{10fffd}", 10.0), 10.0);
    }

    #[test]
    fn bytes_that_are_not_a_font_are_refused() {
        let whole = bytes().unwrap();
        assert!(Font::read(whole).is_some());
        let cut = &whole[..whole.len() / 3];
        assert!(Font::read(b"").is_none() && Font::read(b"no font").is_none() && Font::read(cut).is_none());
    }
}
