//! Where steps run.

use std::collections::BTreeMap;
use std::time::Duration;

use super::reader::{At, Reader};
use super::{Reach, Target};
use crate::diag::codes;
use crate::text::Span;
use crate::value::{Type, Value, coerce};

const EXAMPLE: &str = "db-1 = { ssh = \"ops@db-1\" }";
/// How a target is reached; one of these.
const REACHES: [&str; 3] = ["ssh", "docker", "kubectl"];
const KEYS: [&str; 8] =
    ["ssh", "docker", "kubectl", "config", "namespace", "container", "context", "silence"];

/// What `silence` may be: a beat takes its time, and an undo must not wait for ever.
const SILENCES: std::ops::RangeInclusive<Duration> = Duration::from_secs(5)..=Duration::from_hours(1);

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
            found.into_iter().partition(|(key, _)| REACHES.contains(key));
        let [(way, place)] = ways.as_slice() else {
            // A key that is misspelt was reported, and is what is missing.
            if whole {
                let help = "give it one of `ssh`, `docker` and `kubectl`";
                self.leads(&format!("target `{name}`"), span, ways.len(), help);
            }
            return None;
        };
        let (mut silence, mut rest) = (None, vec![]);
        for (key, value) in more {
            match key {
                "silence" => silence = self.silence(value),
                _ => rest.push((key, value)),
            }
        }
        let mut more = self.more_of(way, rest);
        let place = self.argument(way, place)?;
        let reach = match *way {
            "ssh" => Reach::Ssh { destination: place, config: more.remove("config") },
            "docker" => Reach::Docker(place),
            _ => Reach::Kubectl {
                object: place,
                namespace: more.remove("namespace"),
                container: more.remove("container"),
                context: more.remove("context"),
            },
        };
        Some(Target { reach, silence })
    }

    fn silence(&mut self, value: At<'_>) -> Option<Duration> {
        let text = self.text("silence", value, "silence = \"30s\"")?;
        match coerce(&Type::Duration, &text) {
            Ok(Value::Duration(length)) if SILENCES.contains(&length) => Some(length),
            Ok(_) => {
                self.wrong_value(value, "`silence` is from `5s` to `1h`", "as in `silence = \"30s\"`");
                None
            }
            Err(why) => {
                self.wrong_value(value, why, "as in `silence = \"30s\"`");
                None
            }
        }
    }

    /// What only one of the ways takes.
    fn more_of(&mut self, way: &str, entries: Entries<'_>) -> BTreeMap<&'static str, String> {
        let mut more = BTreeMap::new();
        for (key, value) in entries {
            let owner = if key == "config" { "ssh" } else { "kubectl" };
            if way != owner {
                let message = format!("`{key}` belongs to `{owner}`, not to `{way}`");
                self.wrong_value(value, message, "take it out");
            } else if key == "config" {
                more.extend(self.text(key, value, "config = \"ssh_config\"").map(|text| (key, text)));
            } else {
                more.extend(self.argument(key, value).map(|text| (key, text)));
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
