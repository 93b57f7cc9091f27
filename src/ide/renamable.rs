//! What can be given another name, and why the rest keeps its own.

use super::View;
use super::names::{Place, named_at};
use super::word::{Word, retired_at, word};
use crate::program::{Mention, Named};

/// What stands at a byte, and where it gets its name.
///
/// # Errors
/// Why it keeps its name; in words.
pub fn renamable(view: &View<'_>, offset: u32) -> Result<(Mention, Place), String> {
    if let Some((retired, _)) = retired_at(view, offset) {
        return Err(retired.told());
    }
    let Some(mention) = named_at(view, offset) else {
        let word = view.file().and_then(|file| word(file, offset));
        let what = word.map_or("no name stands here".to_owned(), |(word, _)| of_language(word));
        return Err(format!(
            "{what}; what a file names itself can be renamed: its inputs, values, checks and steps"
        ));
    };
    let why = match mention.named {
        Named::File(_) => "a module is called as its file: rename the file, then what `use` says of it",
        _ => "this has no name of its own; rename what gives the value",
    };
    let place = Place::of(view, mention.named).ok_or(why)?;
    Ok((mention, place))
}

fn of_language(word: Word) -> String {
    match word {
        Word::Keyword(schema) => format!("`{}` is a statement of the language", schema.word),
        Word::Option(schema, option) => format!("`{}` is an option of `{}`", option.word, schema.word),
        Word::Function(spec) => format!("`{}` is a function of the language", spec.name),
        Word::Type(name) => format!("`{name}` is a type of the language"),
    }
}
