//! The end of what a running program has printed so far, from the file that keeps it, masked.
//!
//! Knows the files of outputs; nothing of a terminal.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::event::EffectId;
use crate::host::process::output_name;

/// So much of the end of a file is read, in bytes: more lines than any screen shows.
const END: u64 = 64 * 1024;

/// The last lines of an effect's newest attempt; none where nothing is printed yet.
pub(in crate::cli) fn last_lines(outputs: &Path, effect: EffectId) -> Vec<String> {
    let Some(text) = newest(outputs, effect).and_then(|path| end(&path).ok()) else { return vec![] };
    String::from_utf8_lossy(&text).lines().map(str::to_owned).collect()
}

/// The file of the newest attempt.
fn newest(outputs: &Path, effect: EffectId) -> Option<PathBuf> {
    let files = (1..).map(|attempt| outputs.join(output_name(effect, attempt)));
    files.take_while(|path| path.exists()).last()
}

/// The end of a file, from the beginning of a line on.
fn end(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let mut text = vec![];
    file.take(END).read_to_end(&mut text)?;
    if length > END
        && let Some(at) = memchr::memchr(b'\n', &text)
    {
        text.drain(..=at);
    }
    Ok(text)
}
