//! Where steps run.

use std::collections::BTreeMap;

use super::Target;
use super::reader::{At, Reader};
use crate::diag::codes;
use crate::text::Span;

const EXAMPLE: &str = "db-1 = { ssh = \"ops@db-1\" }";
/// How a target is reached; one of these.
const WAYS: [&str; 3] = ["ssh", "docker", "kubectl"];
const KEYS: [&str; 6] = ["ssh", "docker", "kubectl", "namespace", "container", "context"];

/// Keys with their values.
type Entries<'v> = Vec<(&'static str, At<'v>)>;

impl Reader<'_> {
    pub(super) fn target(&mut self, name: &str, span: Span, value: At<'_>) -> Option<Target> {
        if name == "local" {
            let message = "`local` is always this machine";
            self.error(codes::CONFIG_VALUE, span, message, "take the line out, or name the target otherwise");
            return None;
        }
        let table = self.table(name, value, EXAMPLE)?;
        let found = self.known(table, &KEYS, "a target");
        let whole = found.len() == table.len();
        let (ways, more): (Entries<'_>, Entries<'_>) =
            found.into_iter().partition(|(key, _)| WAYS.contains(key));
        let [(way, place)] = ways.as_slice() else {
            // A key that is misspelt was reported, and is what is missing.
            if whole {
                let help = "give it one of `ssh`, `docker` and `kubectl`";
                self.leads(&format!("target `{name}`"), span, ways.len(), help);
            }
            return None;
        };
        let mut more = self.more_of(way, more);
        let place = self.argument(way, place)?;
        Some(match *way {
            "ssh" => Target::Ssh(place),
            "docker" => Target::Docker(place),
            _ => Target::Kubectl {
                object: place,
                namespace: more.remove("namespace"),
                container: more.remove("container"),
                context: more.remove("context"),
            },
        })
    }

    /// What only `kubectl` takes.
    fn more_of(&mut self, way: &str, entries: Entries<'_>) -> BTreeMap<&'static str, String> {
        let mut more = BTreeMap::new();
        for (key, value) in entries {
            if way == "kubectl" {
                more.extend(self.argument(key, value).map(|text| (key, text)));
            } else {
                self.wrong_value(
                    value,
                    format!("`{key}` belongs to `kubectl`, not to `{way}`"),
                    "take it out",
                );
            }
        }
        more
    }

    /// A text that a program gets as an argument and must not take for an option.
    fn argument(&mut self, name: &str, value: At<'_>) -> Option<String> {
        let text = self.text(name, value, EXAMPLE)?;
        if text.starts_with('-') || text.contains(char::is_whitespace) {
            let help = "it is one word, and does not begin with `-`; options belong into the program's own configuration";
            self.wrong_value(value, format!("\"{text}\" cannot be `{name}`"), help);
            return None;
        }
        Some(text)
    }
}
