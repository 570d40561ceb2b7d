//! A picture as SVG, with texts for a page or with outlines of texts for a file, and as PNG.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use resvg::{tiny_skia, usvg};

use super::{
    Picture,
    canvas::{Anchor, Element, Label},
    coordinate::short,
    font::{FAMILY, Font, font},
    palette::{INK, hex},
};
use crate::{
    markup::escaped,
    problem::{Error, Result},
};

/// Chinese fonts of the usual systems, for pages on machines where the shipped font is not installed.
const FALLBACK: &str =
    "'Source Han Sans SC','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',SimHei,sans-serif";
/// The number of PNG pixels per pixel of the picture.
const SCALE: f32 = 2.0;
/// The outline that makes a text bold, in parts of its size: the font has only one weight.
const STRONG: f64 = 0.035;

/// The name of a picture in letters, digits and hyphens, so that the ids in a page with several pictures are unique.
fn id(name: &str) -> String {
    name.chars()
        .map(
            |c| {
                if c.is_ascii_alphanumeric() || c == '-' { c.to_string() } else { format!("_{:x}", c as u32) }
            },
        )
        .collect()
}

fn head(picture: &Picture, more: &str) -> String {
    let (id, w, h) = (id(&picture.name), picture.width, picture.height);
    let (title, description) = (escaped(&picture.title), escaped(&picture.description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"{more} width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n"
    )
}

const GROUND: &str = "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";

/// SVG whose texts are texts and whose marks have tooltips and `data-` attributes.
pub fn live(picture: &Picture, elements: &[Element]) -> String {
    let family = format!(" class=\"chart\" font-family=\"'{FAMILY}',{FALLBACK}\" fill=\"{}\"", hex(INK));
    let mut out = head(picture, &family);
    out.push_str(GROUND);
    for element in elements {
        match element {
            Element::Open { tip, data } => {
                out.push_str("<g class=\"mark\"");
                for (name, value) in data {
                    let _ = write!(out, " data-{name}=\"{}\"", escaped(value));
                }
                let _ = writeln!(out, "><title>{}</title>", escaped(tip));
            }
            Element::Close => out.push_str("</g>\n"),
            Element::Shape(shape) => {
                out.push_str(shape);
                out.push('\n');
            }
            Element::Text(label) => live_text(label, &mut out),
        }
    }
    out.push_str("</svg>\n");
    out
}

fn live_text(label: &Label, out: &mut String) {
    let (x, y) = (short(label.x), short(label.y));
    let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\"", short(label.size));
    match label.anchor {
        Anchor::Start => {}
        Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
        Anchor::End => out.push_str(" text-anchor=\"end\""),
    }
    if label.colour != INK {
        let _ = write!(out, " fill=\"{}\"", hex(label.colour));
    }
    if label.angle != 0.0 {
        let _ = write!(out, " transform=\"rotate({} {x} {y})\"", short(label.angle));
    }
    if label.strong {
        let _ =
            write!(out, " stroke=\"{}\" stroke-width=\"{}\"", hex(label.colour), short(label.size * STRONG));
    }
    let _ = writeln!(out, ">{}</text>", escaped(&label.text));
}

/// SVG whose texts are outlines, each character's once, so that it looks the same without the font.
///
/// # Errors
/// The font cannot be used.
pub fn outlined(picture: &Picture, elements: &[Element]) -> Result<String> {
    let font = font()?;
    let mut glyphs = BTreeMap::new();
    let mut body = String::new();
    for element in elements {
        match element {
            Element::Open { tip, .. } => {
                let _ = writeln!(body, "<g><title>{}</title>", escaped(tip));
            }
            Element::Close => body.push_str("</g>\n"),
            Element::Shape(shape) => {
                body.push_str(shape);
                body.push('\n');
            }
            Element::Text(label) => outlines(label, font, &mut glyphs, &mut body),
        }
    }
    // `xlink:href` and no CSS, so that Word and LibreOffice can read it.
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_string();
    out += &head(picture, " xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
    out.push_str("<defs>\n");
    for (name, path) in &glyphs {
        let _ = writeln!(out, "<path id=\"{name}\" d=\"{path}\"/>");
    }
    let _ = write!(out, "</defs>\n{GROUND}{body}</svg>\n");
    Ok(out)
}

fn outlines(label: &Label, font: &Font, glyphs: &mut BTreeMap<String, String>, out: &mut String) {
    let scale = label.size / font.em();
    let width = font.width(&label.text, label.size);
    let left = match label.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -width / 2.0,
        Anchor::End => -width,
    };
    let _ = write!(
        out,
        "<g fill=\"{}\" transform=\"translate({} {})",
        hex(label.colour),
        short(label.x),
        short(label.y)
    );
    if label.angle != 0.0 {
        let _ = write!(out, " rotate({})", short(label.angle));
    }
    if left != 0.0 {
        let _ = write!(out, " translate({} 0)", short(left));
    }
    let _ = write!(out, " scale({scale:.5} -{scale:.5})\"");
    if label.strong {
        let _ =
            write!(out, " stroke=\"{}\" stroke-width=\"{}\"", hex(label.colour), short(STRONG * font.em()));
    }
    out.push('>');
    let mut x = 0.0;
    for c in label.text.chars() {
        let (name, path) = match font.glyph(c) {
            Some(glyph) => (format!("g{}", glyph.0), font.outline(glyph)),
            // A box shows that the font lacks the character.
            None => ("box".to_string(), Some("M80 -80H920V840H80ZM140 -20V780H860V-20Z".to_string())),
        };
        if let Some(path) = path {
            let _ = write!(out, "<use xlink:href=\"#{name}\" x=\"{}\"/>", short(x));
            glyphs.entry(name).or_insert(path);
        }
        x += font.advance(c);
    }
    out.push_str("</g>\n");
}

/// The outlined SVG as a PNG at 2x on white.
pub fn png(picture: &Picture, svg: &str) -> Result<Vec<u8>> {
    let failed = |why: String| Error::defect(format!("{}.png", picture.name), why);
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).map_err(|why| failed(why.to_string()))?;
    let side = |pixels: u32| (pixels as f32 * SCALE) as u32;
    let mut pixels = tiny_skia::Pixmap::new(side(picture.width), side(picture.height))
        .ok_or_else(|| failed(format!("{} × {}", picture.width, picture.height)))?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    indexed(&pixels).map_err(|why| failed(why.to_string()))
}

/// The number of colours of a PNG with one byte per pixel.
const COLOURS: usize = 256;

/// A PNG with a palette: a quarter of the size of one with four bytes per pixel, and written in a quarter of the time.
/// Edges of letters have many colours; those that do not fit the palette become the nearest colour that does.
fn indexed(pixels: &tiny_skia::Pixmap) -> std::result::Result<Vec<u8>, png::EncodingError> {
    let runs = runs(pixels.data());
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for &(colour, length) in &runs {
        *counts.entry(colour).or_default() += length;
    }
    let mut most: Vec<(Colour, usize)> = counts.into_iter().collect();
    most.sort_by_key(|&(colour, count)| (Reverse(count), colour));
    let palette: Vec<Colour> = most.iter().take(COLOURS).map(|&(colour, _)| colour).collect();
    let mut places: HashMap<Colour, u8> = palette.iter().copied().zip(0..=u8::MAX).collect();
    for &(colour, _) in most.iter().skip(COLOURS) {
        places.insert(colour, nearest(colour, &palette));
    }
    let mut indices = Vec::with_capacity(pixels.data().len() / 4);
    for (colour, length) in runs {
        indices.resize(indices.len() + length, places[&colour]);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    // A filter would take differences of palette indices, which mean nothing.
    encoder.set_filter(png::FilterType::NoFilter);
    encoder.set_compression(png::Compression::Default);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(file)
}

/// Red, green, blue.
type Colour = [u8; 3];

/// The pixels (RGBA, opaque) as runs of one colour, each with its length in pixels.
///
/// Most of a picture is background: long runs are compared in blocks instead of pixel by pixel, which makes a build
/// without optimisation several times faster.
fn runs(pixels: &[u8]) -> Vec<(Colour, usize)> {
    let mut runs = Vec::new();
    let mut rest = pixels;
    while let Some(&[red, green, blue, _]) = rest.first_chunk() {
        let mut length = 4;
        for block in [1024, 64, 4] {
            while rest.len() >= length + block && rest[length..length + block] == rest[length - 4..][..block]
            {
                length += block;
            }
        }
        runs.push(([red, green, blue], length / 4));
        rest = &rest[length..];
    }
    runs
}

/// The index of the nearest colour of a palette; the first of several equally near.
fn nearest(colour: Colour, palette: &[Colour]) -> u8 {
    let [red, green, blue] = colour.map(i32::from);
    let mut best = (i32::MAX, 0);
    for (place, other) in (0..=u8::MAX).zip(palette) {
        let (r, g, b) = (red - i32::from(other[0]), green - i32::from(other[1]), blue - i32::from(other[2]));
        let distance = r * r + g * g + b * b;
        if distance < best.0 {
            best = (distance, place);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_outside_the_palette_becomes_the_nearest() {
        assert_eq!(nearest([0x10, 0x20, 0x30], &[[0xff; 3], [0x11, 0x20, 0x2f], [0; 3]]), 1);
    }

    #[test]
    fn runs_are_the_pixels_one_after_another() {
        // Lengths around the sizes of the blocks that are compared, and a single last pixel.
        let lengths = [1, 2, 15, 16, 17, 18, 255, 256, 257, 272, 273, 700, 1];
        let colour = |at: usize| [at as u8, 7, 9];
        let pixels: Vec<u8> = (lengths.iter().enumerate())
            .flat_map(|(at, &length)| [colour(at), [0; 3]].concat()[..4].repeat(length))
            .collect();
        let expected: Vec<_> = lengths.iter().enumerate().map(|(at, &length)| (colour(at), length)).collect();
        assert_eq!(runs(&pixels), expected);
        assert_eq!(runs(&[]), []);
    }

    #[test]
    fn ids_have_letters_digits_and_hyphens() {
        assert_eq!(id("strip-primary-L5"), "strip-primary-L5");
        assert_eq!(id("a b\""), "a_20b_22");
    }
}
