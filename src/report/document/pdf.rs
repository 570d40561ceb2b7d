//! The report as a PDF with embedded fonts, set by typst.
//!
//! The layout is `data/templates/report.typ`. The content of the report reaches it as data (`content.json`,
//! `picture-N.svg`), never as typst code. The [`World`] contains these files and nothing else: no disk, no network, no
//! packages, no clock.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use chrono::Datelike;
use serde_json::{Value, json};
use typst::{
    Library, LibraryExt, World, WorldExt,
    diag::{FileError, FileResult, Severity, SourceDiagnostic},
    foundations::{Bytes, Datetime, Smart},
    layout::PagedDocument,
    syntax::{FileId, Source, VirtualPath},
    text::{Font, FontBook},
    utils::LazyHash,
};

use super::{Block, Report};
use crate::{
    problem::{Error, Place, Problem, Result},
    report::templates,
};

/// The layout file, which the user may replace.
const LAYOUT: &str = "report.typ";
/// The built-in font, which has every character that a name may need.
const FONT: &str = "fonts/NotoSansSC-Regular.otf";
/// 仿宋, 楷体, 黑体, 宋体 and 小标宋 under the names Windows and 方正 give their files.
const OFFICIAL: [&str; 9] = [
    "simfang.ttf",
    "simkai.ttf",
    "simhei.ttf",
    "FZXBSJW.TTF",
    "FZXBSK.TTF",
    "方正小标宋简体.ttf",
    "仿宋_GB2312.ttf",
    "楷体_GB2312.ttf",
    "simsun.ttc",
];
/// Number of documents after which typst evicts cached results: the layout and the fonts stay cached, the pages of a
/// hundred counties do not.
const REMEMBERED: usize = 4;

/// The PDF. A `report.typ` in the user's templates replaces that of `data/templates`, and may use the fonts in their
/// subfolder `fonts`.
///
/// # Errors
/// The layout is not valid typst, or fails; the problem names file and line. A picture cannot be drawn.
pub fn write(report: &Report) -> Result<Vec<u8>> {
    let templates = report.templates;
    let layout = templates::text(LAYOUT, templates)?;
    let main = FileId::new(None, VirtualPath::new(LAYOUT));
    let mut files = HashMap::new();
    let mut add = |name: String, content: Vec<u8>| {
        files.insert(FileId::new(None, VirtualPath::new(name)), Bytes::new(content));
    };
    let mut pictures = 0;
    for block in &report.blocks {
        if let Block::Figure { picture, .. } = block {
            add(picture_name(pictures), picture.svg()?.into_bytes());
            pictures += 1;
        }
    }
    add("content.json".into(), content(report).to_string().into_bytes());
    let own;
    let usual = usual_fonts()?;
    let fonts = match own_fonts(templates)? {
        fonts if fonts.is_empty() => usual,
        fonts => {
            own = Fonts::new(fonts.into_iter().chain(usual.fonts.iter().cloned()).collect());
            &own
        }
    };
    let world = Paper { source: Source::new(main, layout), files, fonts, today: date(report) };
    let compiled = typst::compile::<PagedDocument>(&world).output;
    let options = typst_pdf::PdfOptions {
        ident: Smart::Custom(&report.made),
        timestamp: date(report).map(typst_pdf::Timestamp::new_utc),
        ..Default::default()
    };
    let written = compiled.and_then(|document| typst_pdf::pdf(&document, &options));
    let written = written.map_err(|diagnostics| broken(&world, &diagnostics));
    drop(world);
    comemo::evict(REMEMBERED);
    Ok(written?)
}

fn picture_name(number: usize) -> String {
    format!("picture-{number}.svg")
}

fn date(report: &Report) -> Option<Datetime> {
    let small = |n: u32| u8::try_from(n).unwrap_or(1);
    Datetime::from_ymd(report.date.year(), small(report.date.month()), small(report.date.day()))
}

/// The report as the layout reads it with `json("content.json")`.
fn content(report: &Report) -> Value {
    let mut pictures = 0;
    let block = |block: &Block| match block {
        Block::Title(pieces) => json!({ "kind": "title", "pieces": pieces }),
        Block::Line(pieces) => json!({ "kind": "line", "pieces": pieces }),
        Block::Contents => json!({ "kind": "contents" }),
        Block::Page => json!({ "kind": "page" }),
        Block::Heading(level, pieces) => json!({ "kind": "heading", "level": level, "pieces": pieces }),
        Block::Paragraph(pieces) => json!({ "kind": "paragraph", "pieces": pieces }),
        Block::Entry(pieces) => json!({ "kind": "entry", "pieces": pieces }),
        Block::Note(pieces) => json!({ "kind": "note", "pieces": pieces }),
        Block::Table(table) => json!({ "kind": "table", "table": table }),
        Block::Figure { picture, caption } => {
            let file = picture_name(pictures);
            pictures += 1;
            json!({
                "kind": "figure", "file": file, "alt": picture.description, "caption": caption,
                "width": picture.width, "height": picture.height,
            })
        }
    };
    let blocks: Vec<Value> = report.blocks.iter().map(block).collect();
    json!({
        "language": super::suffix(report.language),
        "title": report.title,
        "author": report.author,
        "made": report.made,
        "date": { "year": report.date.year(), "month": report.date.month(), "day": report.date.day() },
        "labels": report.labels,
        "blocks": blocks,
    })
}

struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    fn new(fonts: Vec<Font>) -> Fonts {
        Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }
}

/// The built-in font, and the fonts of official documents from the Windows font folder. A few file names are tried; no
/// folder is searched. Read once per process.
///
/// # Errors
/// The font of the override folder cannot be read.
fn usual_fonts() -> Result<&'static Fonts> {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    if let Some(read) = FONTS.get() {
        return Ok(read);
    }
    let shipped = crate::data::bytes(FONT)?.map(|bytes| Bytes::new(bytes.into_owned()));
    Ok(FONTS.get_or_init(|| {
        let folders = ["WINDIR", "LOCALAPPDATA"].into_iter().filter_map(|name| {
            let root = PathBuf::from(std::env::var_os(name)?);
            Some(if name == "WINDIR" { root.join("Fonts") } else { root.join("Microsoft/Windows/Fonts") })
        });
        let official: Vec<PathBuf> =
            folders.flat_map(|folder| OFFICIAL.map(|name| folder.join(name))).collect();
        // A font that is missing or unreadable on this machine is skipped.
        let official = official.into_iter().filter_map(|file| std::fs::read(file).ok());
        let official = official.flat_map(|content| Font::iter(Bytes::new(content)));
        Fonts::new(official.chain(shipped.into_iter().flat_map(Font::iter)).collect())
    }))
}

/// Fonts that users provide with their templates.
///
/// # Errors
/// The folder or a file cannot be read, or a file is not a font.
fn own_fonts(templates: Option<&Path>) -> Result<Vec<Font>> {
    let Some(folder) = templates.map(|folder| folder.join("fonts")).filter(|folder| folder.exists()) else {
        return Ok(Vec::new());
    };
    let entries = std::fs::read_dir(&folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
    let entries = entries.map_err(|why| Error::disk(&folder, why))?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| {
        let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].contains(&ending.as_str()))
    });
    files.sort();
    let mut fonts = Vec::new();
    for file in files {
        let content = std::fs::read(&file).map_err(|why| Error::disk(&file, why))?;
        let before = fonts.len();
        fonts.extend(Font::iter(Bytes::new(content)));
        if fonts.len() == before {
            return Err(Problem::error("font_broken", Place::file(file.display().to_string())).into());
        }
    }
    Ok(fonts)
}

/// Everything that a layout can access.
struct Paper<'a> {
    source: Source,
    files: HashMap<FileId, Bytes>,
    fonts: &'a Fonts,
    today: Option<Datetime>,
}

impl World for Paper<'_> {
    fn library(&self) -> &LazyHash<Library> {
        static LIBRARY: OnceLock<LazyHash<Library>> = OnceLock::new();
        LIBRARY.get_or_init(|| LazyHash::new(Library::default()))
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }
    fn main(&self) -> FileId {
        self.source.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(refused(id)) }
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| refused(id))
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }
    /// The day of the report, not the clock.
    fn today(&self, _: Option<i64>) -> Option<Datetime> {
        self.today
    }
}

fn refused(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().as_rootless_path().to_path_buf())
}

/// The first error with its place in the layout and its hints.
fn broken(world: &Paper, diagnostics: &[SourceDiagnostic]) -> Problem {
    let first = diagnostics.iter().find(|one| one.severity == Severity::Error).or(diagnostics.first());
    let Some(first) = first else {
        return Problem::error("template_broken", Place::file(LAYOUT)).with("line", "?").with("why", "typst");
    };
    // For an error inside a called function, the first place of the trace in the layout.
    let spans = std::iter::once(first.span).chain(first.trace.iter().map(|point| point.span));
    let line = spans
        .filter_map(|span| world.source.lines().byte_to_line(world.range(span)?.start))
        .map(|line| (line + 1).to_string())
        .next();
    let hints: String = first.hints.iter().map(|hint| format!("; {hint}")).collect();
    Problem::error("template_broken", Place::file(LAYOUT))
        .with("line", line.unwrap_or_else(|| "?".into()))
        .with("why", format!("{}{hints}", first.message))
}
