//! A zip package, checked before and while it is decompressed.
//!
//! calamine opens an archive and decompresses its parts without limits. It is therefore given a virtual archive instead
//! of the file, with the same parts stored uncompressed. Whatever calamine reads from it is decompressed from the file
//! at that moment and counted, a part cannot be larger than its header declares, and `styles.xml` contains only the
//! number formats (otherwise a style's font name of a few thousand letters would be copied into each of 65,000 styles).

use std::{
    cell::RefCell,
    io::{self, Cursor, Read, Seek, SeekFrom, Write},
    rc::Rc,
};

use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use crate::{
    ingest::{Limits, sheet::damaged},
    problem::{Place, Problem, Result},
};

/// The number of bytes decompressed ahead of what is read, so that a formula is found before its cell.
const CHUNK: usize = 64 << 10;
/// The maximum read from a part between two cells (a million styled rows without a cell are 105 MB).
pub(super) const BETWEEN_CELLS: u64 = 128 << 20;
/// The maximum size of a part that is not a sheet, shared strings or styles.
pub(super) const SMALL_PART: u64 = 32 << 20;
/// The gap before the directory, so that the search for its end does not reach into a part.
const GAP: u64 = 128 << 10;

/// The parts of a package that its directory lists, within the limits.
pub(crate) struct Parts<'a> {
    bytes: &'a [u8],
    list: Vec<Part>,
}

#[derive(Clone)]
pub(crate) struct Part {
    pub name: String,
    /// The uncompressed size that the header declares; reading stops there.
    pub size: u64,
    start: usize,
    packed: usize,
    deflated: bool,
    crc: u32,
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}

impl<'a> Parts<'a> {
    pub fn open(bytes: &'a [u8], shown: &str, limits: &Limits) -> Result<Self> {
        let limit = |code, found: String, allowed: String| {
            Problem::error(code, Place::file(shown)).with("found", found).with("allowed", allowed)
        };
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(shown, e))?;
        if archive.len() > limits.entries {
            return Err(limit("limit_entries", archive.len().to_string(), limits.entries.to_string()).into());
        }
        let mut list: Vec<Part> = Vec::with_capacity(archive.len());
        let mut total = 0u64;
        for i in 0..archive.len() {
            let entry = archive.by_index_raw(i).map_err(|e| damaged(shown, e))?;
            if entry.encrypted() {
                return Err(Problem::error("workbook_protected", Place::file(shown)).into());
            }
            let (size, packed) = (entry.size(), entry.compressed_size());
            total = total.saturating_add(size);
            if total > limits.inflated {
                return Err(limit("limit_bytes", megabytes(total), megabytes(limits.inflated)).into());
            }
            let ratio = size / packed.max(1);
            if size > 1 << 20 && ratio > limits.ratio {
                return Err(limit("limit_ratio", ratio.to_string(), limits.ratio.to_string()).into());
            }
            let deflated = match entry.compression() {
                CompressionMethod::Stored => false,
                CompressionMethod::Deflated => true,
                other => return Err(damaged(shown, other).into()),
            };
            let start = entry.data_start().and_then(|s| usize::try_from(s).ok());
            let end = start.zip(usize::try_from(packed).ok()).and_then(|(s, p)| s.checked_add(p));
            let (Some(start), Some(end), Ok(name)) = (start, end, entry.name()) else {
                return Err(damaged(shown, "zip").into());
            };
            if end > bytes.len() {
                return Err(damaged(shown, "zip").into());
            }
            let (name, crc) = (name.replace('\\', "/"), entry.crc32());
            list.push(Part { name, size, start, packed: end - start, deflated, crc });
        }
        Ok(Parts { bytes, list })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|p| p.name.as_str())
    }

    /// The part of this name, ignoring case as Excel does.
    pub fn find(&self, name: &str) -> Option<&Part> {
        self.list.iter().find(|p| p.name.eq_ignore_ascii_case(name))
    }

    /// A reader of `part` that returns no more than its header declares.
    pub fn read(&self, part: &Part) -> Box<dyn Read + 'a> {
        let packed = self.bytes.get(part.start..part.start + part.packed).unwrap_or_default();
        match part.deflated {
            true => Box::new(DeflateDecoder::new(packed).take(part.size)),
            false => Box::new(packed.take(part.size)),
        }
    }

    /// The whole content of a small part.
    pub fn read_all(&self, part: &Part, most: u64, shown: &str) -> Result<Vec<u8>> {
        if part.size > most {
            return Err(damaged(shown, format!("{} > {} MB", part.name, megabytes(most))).into());
        }
        let mut out = Vec::new();
        self.read(part).read_to_end(&mut out).map_err(|e| damaged(shown, e))?;
        Ok(out)
    }

    /// The archive for calamine, with `styles` in place of every part of that name. Parts that calamine never reads
    /// (pictures, macros, themes) are left out.
    pub(super) fn stored(&self, styles: &[u8]) -> io::Result<Stored<'a>> {
        let mut stored = Inner {
            segments: Vec::new(),
            end: 0,
            position: 0,
            current: None,
            served: 0,
            allowance: SMALL_PART,
            formulas: false,
            overrun: false,
        };
        let mut directory = Vec::new();
        let mut entries = 0u16;
        let mut seen = std::collections::HashSet::new();
        for part in self.list.iter().rev() {
            let lower = part.name.to_ascii_lowercase();
            let wanted = lower.ends_with(".xml") || lower.ends_with(".rels");
            if !wanted || lower.contains("/theme/") || !seen.insert(lower.clone()) {
                continue;
            }
            let is_styles = lower.ends_with("styles.xml");
            let (size, crc) = match is_styles {
                true => (styles.len() as u64, checksum(styles)),
                false => (part.size, part.crc),
            };
            let offset = stored.end;
            let (Ok(size32), Ok(offset32), Ok(name_len)) =
                (u32::try_from(size), u32::try_from(offset), u16::try_from(part.name.len()))
            else {
                return Err(io::ErrorKind::FileTooLarge.into());
            };
            // Version, flags (names are UTF-8), method, time, date: the same in both headers.
            let common = [20u16, 1 << 11, 0, 0, 33].map(u16::to_le_bytes).concat();
            let mut sizes = Vec::new();
            for n in [crc, size32, size32] {
                sizes.extend(n.to_le_bytes());
            }
            sizes.extend(name_len.to_le_bytes());

            let mut header = b"PK\x03\x04".to_vec();
            header.extend(&common);
            header.extend(&sizes);
            header.extend(0u16.to_le_bytes());
            header.extend(part.name.as_bytes());
            stored.push(header.len() as u64, Source::Bytes(header));
            stored.push(
                size,
                match is_styles {
                    true => Source::Bytes(styles.to_vec()),
                    false => Source::Part { parts: self.bytes, part: part.clone() },
                },
            );

            directory.write_all(b"PK\x01\x02\x14\x00")?;
            directory.write_all(&common)?;
            directory.write_all(&sizes)?;
            // Extra, comment, disk, internal and external attributes.
            directory.write_all(&[0; 12])?;
            directory.write_all(&offset32.to_le_bytes())?;
            directory.write_all(part.name.as_bytes())?;
            entries = entries.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        }
        stored.push(GAP, Source::Zeros);
        let start = u32::try_from(stored.end).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let length = u32::try_from(directory.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        directory.write_all(b"PK\x05\x06\0\0\0\0")?;
        directory.write_all(&entries.to_le_bytes())?;
        directory.write_all(&entries.to_le_bytes())?;
        directory.write_all(&length.to_le_bytes())?;
        directory.write_all(&start.to_le_bytes())?;
        directory.write_all(&[0, 0])?;
        stored.push(directory.len() as u64, Source::Bytes(directory));
        Ok(Stored(Rc::new(RefCell::new(stored))))
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The archive of stored parts. Clones share its position.
#[derive(Clone)]
pub(super) struct Stored<'a>(Rc<RefCell<Inner<'a>>>);

struct Inner<'a> {
    /// In ascending order of their start.
    segments: Vec<(u64, Source<'a>)>,
    end: u64,
    position: u64,
    current: Option<Current<'a>>,
    /// Bytes of parts since the last cell or the last opened part.
    served: u64,
    allowance: u64,
    /// Whether an `<f` was found in the open part.
    formulas: bool,
    /// Whether reading stopped because `served` exceeded `allowance`.
    overrun: bool,
}

enum Source<'a> {
    Bytes(Vec<u8>),
    Part { parts: &'a [u8], part: Part },
    Zeros,
}

/// A part being read, in two chunks, so that the content of the next one is known.
struct Current<'a> {
    segment: usize,
    /// The position of `now[used]` within the part.
    offset: u64,
    from: Box<dyn Read + 'a>,
    past: Vec<u8>,
    now: Vec<u8>,
    used: usize,
    next: Vec<u8>,
    formulas: bool,
}

impl<'a> Inner<'a> {
    fn push(&mut self, length: u64, source: Source<'a>) {
        self.segments.push((self.end, source));
        self.end += length;
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let index = self.segments.partition_point(|(start, _)| *start <= self.position).saturating_sub(1);
        let end = self.segments.get(index + 1).map_or(self.end, |(start, _)| *start);
        let Some((start, source)) = self.segments.get(index) else { return Ok(0) };
        let offset = self.position - start;
        let most = usize::try_from(end.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let buffer = &mut buffer[..most];
        let read = match source {
            Source::Bytes(bytes) => {
                let mut rest = bytes.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
                rest.read(buffer)?
            }
            Source::Zeros => {
                buffer.fill(0);
                buffer.len()
            }
            Source::Part { parts, part } => {
                let open = self.current.as_ref().is_some_and(|c| c.segment == index && c.offset == offset);
                if !open {
                    self.current = Some(Current::open(parts, part, index, offset)?);
                    (self.served, self.formulas) = (0, false);
                }
                let Some(current) = &mut self.current else { return Ok(0) };
                let read = current.read(buffer)?;
                self.formulas |= current.formulas;
                self.served += read as u64;
                if self.served > self.allowance {
                    self.overrun = true;
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                read
            }
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl<'a> Current<'a> {
    fn open(bytes: &'a [u8], part: &Part, segment: usize, offset: u64) -> io::Result<Self> {
        let mut from = Parts { bytes, list: Vec::new() }.read(part);
        io::copy(&mut from.by_ref().take(offset), &mut io::sink())?;
        let mut current = Current {
            segment,
            offset,
            from,
            past: Vec::new(),
            now: Vec::new(),
            used: 0,
            next: Vec::with_capacity(CHUNK),
            formulas: false,
        };
        current.advance()?;
        Ok(current)
    }

    /// Moves on to the next chunk.
    fn advance(&mut self) -> io::Result<()> {
        std::mem::swap(&mut self.past, &mut self.now);
        std::mem::swap(&mut self.now, &mut self.next);
        self.used = 0;
        self.next.clear();
        self.from.by_ref().take(CHUNK as u64).read_to_end(&mut self.next)?;
        self.formulas = self.formulas || has_formula(self.now.last().copied(), &self.next);
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == self.now.len() {
            self.advance()?;
        }
        let mut rest = self.now.get(self.used..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.used += read;
        self.offset += read as u64;
        Ok(read)
    }
}

/// Whether an element `f` begins here: `<f>`, `<f t="shared">`, `<x:f>`. No other element of a sheet's cells begins
/// with f, and a false match only costs time.
fn has_formula(before: Option<u8>, chunk: &[u8]) -> bool {
    // `contains` compares whole words; most sheets have no f at all.
    if !chunk.contains(&b'f') {
        return false;
    }
    let mut before = before;
    chunk.iter().any(|&b| {
        let found = b == b'f' && matches!(before, Some(b'<' | b':'));
        before = Some(b);
        found
    })
}

impl Stored<'_> {
    /// Sets how much of a part may be read between two cells, or altogether if it has none.
    pub fn allow(&self, bytes: u64) {
        self.0.borrow_mut().allowance = bytes;
    }
    /// Stops reading the open part.
    pub fn close(&self) {
        self.0.borrow_mut().current = None;
    }
    /// Records that a cell was read.
    pub fn cell(&self) {
        self.0.borrow_mut().served = 0;
    }
    /// Whether the open sheet has formulas in what was read of it or a little further on.
    pub fn formulas(&self) -> bool {
        self.0.borrow().formulas
    }
    pub fn overrun(&self) -> bool {
        self.0.borrow().overrun
    }
    /// The end of what was read of the open part and all that was not read, at most `most` bytes.
    pub fn rest(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut inner = self.0.borrow_mut();
        let Some(mut current) = inner.current.take() else { return Ok(Vec::new()) };
        let mut out = current.past;
        out.append(&mut current.now);
        out.append(&mut current.next);
        current.from.take(most).read_to_end(&mut out)?;
        Ok(out)
    }
}

impl Read for Stored<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

impl Seek for Stored<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut inner = self.0.borrow_mut();
        let position = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => inner.end.checked_add_signed(n),
            SeekFrom::Current(n) => inner.position.checked_add_signed(n),
        };
        inner.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(inner.position)
    }
}
