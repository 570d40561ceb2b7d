//! The data files embedded in the binary (`data/`), and the folder that may override them (`--data DIR`).
//!
//! A file in the folder replaces the embedded file of the same relative name. An override file that exists but cannot
//! be read is an error: the embedded file never stands in for it.

use std::{
    borrow::Cow,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use include_dir::{Dir, include_dir};

use crate::{
    encoding,
    problem::{Error, Result},
};

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/data");
static OVERRIDE: OnceLock<PathBuf> = OnceLock::new();

/// Sets the folder that overrides embedded files. Only the first call counts: it is made once, from the command line,
/// before anything is read.
pub fn set_folder(folder: PathBuf) {
    let _ = OVERRIDE.set(folder);
}

/// The name of `data/<name>` in messages: its path in the override folder if it exists there, otherwise the name.
pub fn shown(name: &str) -> String {
    match OVERRIDE.get().map(|folder| folder.join(name)).filter(|path| path.exists()) {
        Some(path) => path.display().to_string(),
        None => name.to_string(),
    }
}

/// The text of `data/<name>`, from the override folder or from the binary; `None` where neither has it.
///
/// # Errors
/// The file of the override folder cannot be read, or is not text ([`encoding::read`]).
pub fn text(name: &str) -> Result<Option<Cow<'static, str>>> {
    if let Some(folder) = OVERRIDE.get()
        && let Some(found) = encoding::read(&folder.join(name))?
    {
        return Ok(Some(Cow::Owned(found)));
    }
    Ok(embedded(name).map(Cow::Borrowed))
}

/// The bytes of `data/<name>`, from the override folder or from the binary; `None` where neither has it.
///
/// # Errors
/// The file of the override folder cannot be read.
pub fn bytes(name: &str) -> Result<Option<Cow<'static, [u8]>>> {
    if let Some(path) = OVERRIDE.get().map(|folder| folder.join(name)) {
        match std::fs::read(&path) {
            Ok(found) => return Ok(Some(Cow::Owned(found))),
            Err(why) if why.kind() == ErrorKind::NotFound => {}
            Err(why) => return Err(Error::disk(path, why)),
        }
    }
    Ok(EMBEDDED.get_file(name).map(|file| Cow::Borrowed(file.contents())))
}

/// The embedded text of `data/<name>`, whatever the override folder contains.
pub fn embedded(name: &str) -> Option<&'static str> {
    EMBEDDED.get_file(name)?.contents_utf8()
}

/// The names (without folder and extension) of the `.toml` files in `data/<folder>`, sorted and without repetition.
///
/// # Errors
/// The folder in the override folder cannot be read.
pub fn names(folder: &str) -> Result<Vec<String>> {
    let mut names = embedded_names(folder);
    if let Some(path) = OVERRIDE.get().map(|root| root.join(folder)) {
        names.extend(names_in(&path).map_err(|why| Error::disk(&path, why))?);
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// Like [`names`], but only of the embedded files.
pub fn embedded_names(folder: &str) -> Vec<String> {
    let files = EMBEDDED.get_dir(folder).into_iter().flat_map(|dir| dir.files());
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.path().file_name()?.to_str()?.strip_suffix(".toml")?.to_string()))
        .collect();
    names.sort();
    names
}

fn names_in(path: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(why),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(".toml")).map(str::to_string));
    }
    Ok(names)
}
