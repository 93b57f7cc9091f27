//! Who may approve in a run that is about to begin, and whether its approvals can be given at all.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::tz::TimeZone;

use crate::approval::{MAX_BYTES, Roster};
use crate::cli::config::Found;
use crate::cli::inputs::Values;
use crate::cli::load::Files;
use crate::cli::people;
use crate::cli::{Exit, Stop, now};
use crate::compile::Loader;
use crate::event::{Actor, Fact};
use crate::plan::Plan;
use crate::run::approvals_of;
use crate::sign::{Signer, key_of_line, read_signers};
use crate::view::plan::Known;

/// What has to be written where nobody of a group can approve.
fn remedy(group: &str) -> String {
    let key = if group.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)) {
        group.to_owned()
    } else {
        format!("{group:?}")
    };
    format!(
        "\
Write who may approve, with their public keys, into bowline.toml beside the runbook:
  [people]
  ana = \"ssh-ed25519 AAAA… ana\"
  [groups]
  {key} = [\"ana\", \"bo\"]
or, to try it out: `approvals = \"unsigned\"`. docs/approvals.md tells the rest."
    )
}

/// Groups and keys, settled for the whole run. `run` is filled in once the run has a name.
///
/// # Errors
/// When a key cannot be read, or an approval of the plan could never be given.
pub(in crate::cli) fn roster(
    plan: &Plan,
    values: &Values,
    found: &Found,
    operator: &Actor,
) -> Result<Option<Roster>, Stop> {
    let mut approvals = approvals_of(plan).peekable();
    if approvals.peek().is_none() {
        return Ok(None);
    }
    let signed = !found.config.unsigned;
    let groups = found.members().into_iter().collect();
    let roster = Roster { run: String::new(), signed, groups, signers: signers(found)? };
    if !signed {
        return Ok(Some(roster));
    }
    let (mut lacks, mut group) = (String::new(), None);
    for (node, needed) in approvals {
        let why = roster.lacks(&needed, &people::own_names(operator), now());
        if !why.is_empty() {
            let title = plan.node(node).and_then(|node| node.title.as_ref());
            let title = title.map(|title| Known::new(plan, values.clone()).brief(title)).unwrap_or_default();
            let _ = writeln!(lacks, "  \"{title}\": {}", why.join("; "));
            group = group.or_else(|| Some(needed.quorum.first()?.from.clone()));
        }
    }
    let Some(group) = group else { return Ok(Some(roster)) };
    let file = found.path().map(|path| format!("{}\n", path.display()));
    let place = file.map_or_else(|| "there is no bowline.toml\n".to_owned(), |file| format!("in {file}"));
    Err(Stop::usage(format!(
        "approvals must be signed, and these could never be given ({}):\n{lacks}{}",
        place.trim(),
        remedy(&group)
    )))
}

/// Members by group, for whoever is about to begin: who can approve, and who in the group cannot, with the reason.
/// Groups that no approval of the plan names are left as they are written.
pub(in crate::cli) fn members(
    plan: &Plan,
    found: &Found,
    roster: Option<&Roster>,
    operator: &Actor,
) -> BTreeMap<String, Vec<String>> {
    let own = people::own_names(operator);
    let mut members = found.members();
    let Some(roster) = roster else { return members };
    for (_, needed) in approvals_of(plan) {
        let operators = (!needed.self_approval).then_some(&own);
        for group in needed.quorum.iter().map(|one| &one.from) {
            let (able, unable): (Vec<_>, Vec<_>) =
                roster.standing(group, operators, now()).into_iter().partition(|(_, why)| why.is_none());
            let able = able.into_iter().map(|(person, _)| person.to_owned());
            let unable =
                unable.into_iter().filter_map(|(person, why)| Some(format!("not {person} (who {})", why?)));
            if roster.members(group).is_some() {
                members.insert(group.clone(), able.chain(unable).collect());
            }
        }
    }
    members
}

/// What is recorded when the run begins.
pub(in crate::cli) fn enrolled(roster: Option<Roster>, run: &str) -> Option<Fact> {
    roster.map(|roster| Fact::Enrolled { roster: Roster { run: run.to_owned(), ..roster } })
}

/// The keys of `[people]`, then those of the allowed-signers file.
fn signers(found: &Found) -> Result<Vec<String>, Stop> {
    let invalid = |message: String| Stop { exit: Exit::Invalid, message };
    let mut lines = vec![];
    for (person, keys) in &found.config.people {
        for key in keys {
            let key = key_of_line(key)
                .map_err(|why| invalid(format!("bowline.toml: the key of {person}: {why}")))?;
            lines.push(Signer::of(person, &key).to_string());
        }
    }
    if let Some(written) = &found.config.allowed_signers {
        let path = found.beside(written);
        let shown = path.display().to_string();
        let text = text(&path).map_err(|why| invalid(format!("allowed-signers: {shown}: {why}")))?;
        let read = read_signers(&text, &TimeZone::system());
        let read = read.map_err(|error| invalid(format!("allowed-signers: {shown}: {error}")))?;
        lines.extend(read.iter().map(Signer::to_string));
    }
    Ok(lines)
}

fn text(path: &std::path::Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_BYTES {
        return Err(format!("it is larger than {} KiB", MAX_BYTES >> 10));
    }
    let bytes =
        Files.read(&path.to_string_lossy()).map_err(|error| format!("it cannot be read: {error:?}"))?;
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())
}
