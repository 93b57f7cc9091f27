//! A secret given by option, from where nobody sees it.

use std::path::Path;

use crate::cli::Stop;
use crate::cli::inputs::environment;
use crate::host::inputs::from_file;
use crate::host::mask::SHORTEST_SECRET;

/// A secret given by option.
pub(in crate::cli) struct SecretOption {
    pub(in crate::cli) name: String,
    pub(in crate::cli) text: String,
    /// The variable that it came from; no child gets it.
    pub(in crate::cli) variable: Option<String>,
}

impl SecretOption {
    /// From `NAME=env:VARIABLE` or `NAME=file:PATH`: on a command line a secret would be seen by everybody.
    pub(in crate::cli) fn read(option: &str) -> Result<Self, Stop> {
        let wrong =
            |why: &str| Stop::usage(format!("--secret: {why}; write NAME=env:VARIABLE or NAME=file:PATH"));
        let (name, source) = option.split_once('=').ok_or_else(|| wrong("there is no `=`"))?;
        let (text, variable) = match source.split_once(':') {
            Some(("env", variable)) => {
                let text = environment(variable);
                let text = text.ok_or_else(|| wrong(&format!("`{name}`: {variable} is not set")))?;
                (text, Some(variable.to_owned()))
            }
            Some(("file", path)) => (from_file(Path::new(path)).map_err(|why| wrong(&why))?, None),
            _ => return Err(wrong(&format!("`{name}` has no source"))),
        };
        if text.len() < SHORTEST_SECRET {
            return Err(wrong(&format!(
                "`{name}` has fewer than {SHORTEST_SECRET} characters, too few to be masked"
            )));
        }
        Ok(Self { name: name.to_owned(), text, variable })
    }
}
