//! `bowline verify`: a pack held against itself, and against what its reader knows from elsewhere.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::args::Format;
use super::out::Console;
use super::{Done, Exit, Stop, now};
use crate::evidence::{Checked, Finding, NAMESPACE, RunFacts, Signature, Signed, verify as check};
use crate::sign::{Signer, armoured, made, read_signers};

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The pack; `-` reads standard input
    pub(super) pack: PathBuf,
    /// It must be signed by one of these: an allowed-signers file, as of ssh-keygen
    #[arg(long, value_name = "FILE")]
    pub(super) signers: Option<PathBuf>,
    /// The chain of events must go through this hash, noted before
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    pub(super) head: Option<String>,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// SHA-256 in hex.
fn parse_hash(text: &str) -> Result<String, String> {
    let hash = text.to_ascii_lowercase();
    let hex = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { Ok(hash) } else { Err("a hash has 64 digits, 0 to 9 and a to f".into()) }
}

/// What `verify --format json` calls itself.
const FORMAT: &str = "bowline-verify/1";

/// What a pack holds may nest deep.
const STACK: usize = 256 << 20;

/// Verifies a pack.
pub(super) fn verify(args: &VerifyArgs) -> Done {
    let pack = open(&args.pack)?;
    let signers = args.signers.as_deref().map(signers).transpose()?;
    let checked = apart(|| {
        check(pack, args.head.as_deref(), &|bytes, signature| judge(signers.as_deref(), bytes, signature))
    })?;
    let unreadable =
        |error: io::Error| Stop::usage(format!("{} cannot be read: {error}", args.pack.display()));
    let checked = checked.map_err(unreadable)?;
    let verdict = Verdict::of(&checked, args);
    Console.result(&match args.format {
        Format::Text => text(&checked, &verdict, &args.pack),
        Format::Json => json(&checked, &verdict)?,
    });
    Ok(if verdict.yes { Exit::Completed } else { Exit::RolledBack })
}

fn open(pack: &Path) -> Result<Box<dyn Read + Send>, Stop> {
    if pack == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(pack).map_err(|error| Stop::usage(format!("{}: {error}", pack.display())))?;
    Ok(Box::new(file))
}

/// On a thread with room for what nests deep.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Stop> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| Stop::internal(error.to_string()))?;
        thread.join().map_err(|_| Stop::internal("the pack could not be read to its end"))
    })
}

fn signers(file: &Path) -> Result<Vec<Signer>, Stop> {
    let wrong = |why: String| Stop::usage(format!("--signers {}: {why}", file.display()));
    let text = text_of(file).map_err(|error| wrong(error.to_string()))?;
    let read = read_signers(&text, &TimeZone::system()).map_err(|error| wrong(error.to_string()))?;
    if read.is_empty() { Err(wrong("it names nobody".into())) } else { Ok(read) }
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the file that it is given")]
fn text_of(file: &Path) -> io::Result<String> {
    std::fs::read_to_string(file)
}

/// Whose signature it is. Without signers anybody's key will do, and that is said.
fn judge(signers: Option<&[Signer]>, bytes: &[u8], signature: &Signature) -> Result<String, String> {
    let made = made(bytes, &armoured(&signature.sig), NAMESPACE)?;
    if made.fingerprint != signature.keyid {
        return Err(format!("it names the key {}, and is made with {}", signature.keyid, made.fingerprint));
    }
    let Some(signers) = signers else {
        return Ok(format!("the key {}; whose it is only `--signers FILE` can tell", made.fingerprint));
    };
    let own: Vec<&Signer> = signers.iter().filter(|signer| signer.key == made.key).collect();
    let Some(first) = own.first() else {
        return Err(format!("the key {} is none of the signers'", made.fingerprint));
    };
    let now = now();
    if let Some(signer) = own.iter().find(|signer| signer.objection(now, NAMESPACE).is_none()) {
        return Ok(format!("{} ({})", signer.principals, made.fingerprint));
    }
    let why = first.objection(now, NAMESPACE).unwrap_or_default();
    Err(format!("the key of {} {why}", first.principals))
}

/// What to say of a pack.
struct Verdict {
    yes: bool,
    /// What is wrong beside the findings.
    wrong: Vec<Finding>,
}

impl Verdict {
    fn of(checked: &Checked, args: &VerifyArgs) -> Self {
        let mut wrong = vec![];
        if let Some(head) = args.head.as_ref().filter(|_| checked.anchored.is_none()) {
            let why = format!(
                "is not in the chain: events were taken out at its end, or it is another run ({head})"
            );
            wrong.push(Finding { what: "the head that was noted".into(), why });
        }
        if args.signers.is_some() && checked.signed == Signed::No {
            wrong.push(Finding { what: "the pack".into(), why: "is not signed".into() });
        }
        Self { yes: wrong.is_empty() && checked.findings.is_empty(), wrong }
    }
}

fn text(checked: &Checked, verdict: &Verdict, pack: &Path) -> String {
    let mut lines = vec![heading(checked, pack)];
    let findings = checked.findings.iter().chain(&verdict.wrong);
    lines.extend(findings.map(|finding| format!("  ✗ {} {}", finding.what, finding.why)));
    if verdict.yes {
        lines.extend(proven(checked));
    }
    lines.push(format!("head {} (event {})", checked.head, checked.events));
    lines.push(if verdict.yes { "verified" } else { "NOT VERIFIED" }.to_owned());
    lines.into_iter().fold(String::new(), |all, line| all + &line + "\n")
}

fn heading(checked: &Checked, pack: &Path) -> String {
    let Some(run) = &checked.run else { return format!("{}: of which run cannot be told", pack.display()) };
    let RunFacts { id, title, version, end, .. } = run;
    format!("{}: run {id}, {} {version}, {end}", pack.display(), title.escape_debug())
}

/// What holds, and what does not follow from it.
fn proven(checked: &Checked) -> Vec<String> {
    let mut lines = vec![
        format!("  ✓ {} files, each as the statement says", checked.files),
        format!("  ✓ {} events, their chain unbroken, none that could not follow", checked.events),
        "  ✓ plan, sources, outputs and evidence are those that the events name".to_owned(),
    ];
    if let Some(seq) = checked.anchored {
        let more = checked.events - seq;
        lines.push(format!("  ✓ the noted head is event {seq}; {more} events follow it"));
    }
    let unnamed = checked.unnamed.iter();
    lines.extend(unnamed.map(|file| format!("  · {file}: no event names it (a program was still writing)")));
    if checked.run.as_ref().is_some_and(RunFacts::is_open) {
        lines.push("  · the run was not over when it was packed: what came after is not here".into());
    }
    match &checked.signed {
        Signed::By(who) => lines.push(format!("  ✓ signed by {who}: nothing in it was changed since")),
        Signed::No | Signed::Wrong(_) => {
            let told = "  · unsigned: it fits together, but whoever made it could have made all of it";
            lines.push(told.to_owned());
        }
    }
    if checked.anchored.is_none() {
        lines.push(
            "  · that nothing was taken off the end before packing cannot be told: `--head HASH`, noted elsewhere, proves it"
                .into(),
        );
    }
    lines
}

/// For programs; `docs/schemas/bowline-verify-1.json` describes it.
#[derive(Serialize)]
struct Told<'a> {
    format: &'static str,
    verified: bool,
    signed_by: Option<&'a str>,
    run: Option<&'a RunFacts>,
    files: usize,
    events: u64,
    head: &'a str,
    anchored: Option<u64>,
    unnamed: &'a [String],
    findings: Vec<FindingTold<'a>>,
}

#[derive(Serialize)]
struct FindingTold<'a> {
    what: &'a str,
    why: &'a str,
}

fn json(checked: &Checked, verdict: &Verdict) -> Result<String, Stop> {
    let findings = checked.findings.iter().chain(&verdict.wrong);
    let told = Told {
        format: FORMAT,
        verified: verdict.yes,
        signed_by: match &checked.signed {
            Signed::By(who) => Some(who),
            Signed::No | Signed::Wrong(_) => None,
        },
        run: checked.run.as_ref(),
        files: checked.files,
        events: checked.events,
        head: &checked.head,
        anchored: checked.anchored,
        unnamed: &checked.unnamed,
        findings: findings.map(|one| FindingTold { what: &one.what, why: &one.why }).collect(),
    };
    let json = serde_json::to_string_pretty(&told).map_err(|error| Stop::internal(error.to_string()))?;
    Ok(json + "\n")
}
