//! The data the binary carries inside (`data/`), and the folder that may override it (`--data DIR`).
//!
//! A file of the same relative name in the folder wins over the embedded one; nothing else changes.

use std::{borrow::Cow, path::PathBuf, sync::OnceLock};

use include_dir::{Dir, include_dir};

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/data");
static OVERRIDE: OnceLock<PathBuf> = OnceLock::new();

/// Names the folder that overrides embedded files. Only the first call counts: it is made once, from the
/// command line, before anything is read.
pub fn set_folder(folder: PathBuf) {
    let _ = OVERRIDE.set(folder);
}

/// The text of `data/<name>`, from the override folder or from the binary; `None` where neither has it.
pub fn text(name: &str) -> Option<Cow<'static, str>> {
    if let Some(found) = OVERRIDE.get().and_then(|folder| std::fs::read_to_string(folder.join(name)).ok()) {
        return Some(Cow::Owned(found));
    }
    EMBEDDED.get_file(name)?.contents_utf8().map(Cow::Borrowed)
}

/// The bytes of `data/<name>`, from the override folder or from the binary; `None` where neither has it.
pub fn bytes(name: &str) -> Option<Cow<'static, [u8]>> {
    if let Some(found) = OVERRIDE.get().and_then(|folder| std::fs::read(folder.join(name)).ok()) {
        return Some(Cow::Owned(found));
    }
    EMBEDDED.get_file(name).map(|file| Cow::Borrowed(file.contents()))
}

/// Names (without folder and ending) of the `.toml` files in `data/<folder>`, sorted, each once.
pub fn names(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = EMBEDDED
        .get_dir(folder)
        .into_iter()
        .flat_map(|dir| dir.files())
        .filter_map(|file| Some(file.path().file_name()?.to_str()?.strip_suffix(".toml")?.to_string()))
        .collect();
    let outside = OVERRIDE.get().and_then(|root| std::fs::read_dir(root.join(folder)).ok());
    names.extend(
        outside
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|e| Some(e.file_name().to_str()?.strip_suffix(".toml")?.to_string())),
    );
    names.sort();
    names.dedup();
    names
}
