//! `bowline check --fix`: the edits that need nobody to decide, applied to the file that was named.

use std::path::Path;

use crate::cli::Stop;
use crate::cli::fmt::replace;
use crate::cli::out::Console;
use crate::compile::Compiled;
use crate::diag::Diagnostic;
use crate::ide;
use crate::text::SourceId;

/// One edit may show the next mistake; after so many rounds what is left is told.
const ROUNDS: usize = 10;

/// What is found in a file once it is mended.
///
/// # Errors
/// Where the file cannot be written.
pub(super) fn mended(file: &str, check: impl Fn() -> Compiled) -> Result<Compiled, Stop> {
    let mut compiled = check();
    let mut count = 0;
    for _ in 0..ROUNDS {
        // The file itself is the first source.
        let Some(source) = compiled.sources.get(SourceId::default()) else { break };
        let (text, edits) = applied(source.text(), &compiled.diagnostics);
        if edits == 0 {
            break;
        }
        replace(Path::new(file), &text)
            .map_err(|error| Stop::usage(format!("{file} cannot be written: {error}")))?;
        count += edits;
        compiled = check();
    }
    if count > 0 {
        Console.say(&format!("{file}: mended {count} of what was wrong\n"));
    }
    Ok(compiled)
}

/// The text with the certain edits of its own file, and how many they are.
fn applied(text: &str, diagnostics: &[Diagnostic]) -> (String, usize) {
    let edits = ide::mend_all(diagnostics, SourceId::default());
    let (mut mended, mut at) = (String::with_capacity(text.len()), 0);
    for edit in &edits {
        mended.push_str(text.get(at..edit.span.range().start).unwrap_or_default());
        mended.push_str(&edit.text);
        at = edit.span.range().end;
    }
    mended.push_str(text.get(at..).unwrap_or_default());
    (mended, edits.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{Entry, LoadError, Loader, Setting, compile_from};

    /// One text under the name `a.runbook`.
    struct One(String);

    impl Loader for One {
        fn read(&self, _: &str) -> Result<Vec<u8>, LoadError> {
            Ok(self.0.as_bytes().to_vec())
        }
    }

    #[test]
    fn words_of_the_language_that_are_deprecated_are_mended() {
        let old = "runbook \"t\" 1.0.0\nmilestone \"Move\" {\n  check \"It answers\" patience 10s every 1s { run true }\n}\n";
        let new = old.replace("milestone", "phase").replace("patience", "within");
        holds(old, &new, 2);
    }

    #[test]
    fn names_of_every_other_kind_that_are_deprecated_are_mended() {
        let old = "runbook \"t\" 1.0.0\nuse \"std/images\"\ninput wait: span = 10s\nlet file = artifact \"./a.runbook\"\nlet all = split(images.media, \", \")\nlog \"{tally(all)} {file.checksum} {wait} {span(\\\"3s\\\")}\"\n".replace("\\\"", "\"");
        let new = old.replace("images", "registry").replace("media", "kinds").replace("span", "duration");
        let new = new.replace("tally", "count").replace("checksum", "sha256");
        holds(&old, &new, 7);
    }

    /// Both texts check and make the same plan; what the old one says in so many reports is mended into the new one.
    fn holds(old: &str, new: &str, reports: usize) {
        let found = compile_from(&One(old.to_owned()), Entry::File("a.runbook"), &Setting::default());
        assert!(!found.has_errors(), "both words work: {:?}", found.diagnostics);
        let (mended, edits) = applied(old, &found.diagnostics);
        assert_eq!((mended.as_str(), edits), (new, reports));
        let after = compile_from(&One(mended), Entry::File("a.runbook"), &Setting::default());
        assert!(after.diagnostics.is_empty(), "{:?}", after.diagnostics);
        let digest = |one: &Compiled| one.plan.as_ref().map(|plan| plan.digest.clone());
        assert_eq!(digest(&found), digest(&after), "the plan is the same");
    }
}
