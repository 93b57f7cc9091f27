//! `bowline evidence`: a run from the journal into one file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::args::JournalArgs;
use super::journal::{find, open_store};
use super::out::Console;
use super::people::keys::{Key, own_key};
use super::show::{run_json, story, told};
use super::{Done, Exit, Stop};
use crate::event::Event;
use crate::evidence::{
    EVENTS, Folder, Item, NAMESPACE, PLAN, PackError, Packed, REPORT_HTML, REPORT_MD, RUN, Record, Sign,
    Signature, folder_of, source_name, write,
};
use crate::journal::{RunInfo, Store, read_event};
use crate::plan::Plan;
use crate::sign::{made, unarmoured};
use crate::view::report::{html, markdown};

#[derive(Debug, Args)]
pub(super) struct EvidenceArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Write the pack to this file (default: bowline-evidence-RUN.tar)
    #[arg(short, long, value_name = "PACK")]
    pub(super) out: Option<PathBuf>,
    /// Sign it with your SSH key: the one that you have, or the one given with --key
    #[arg(long)]
    pub(super) sign: bool,
    /// The key to sign with: a private key, or the public key of one that an agent holds
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub(super) key: Option<PathBuf>,
}

/// Packs a run, however it stands.
pub(super) fn evidence(args: &EvidenceArgs) -> Done {
    let store = open_store(&args.journal)?;
    let info = find(&store, Some(&args.run))?;
    let stored = Stored::read(&store, info)?;
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(folder_of(&stored.info.id) + ".tar"));
    let key = args.sign.then(|| own_key(args.key.as_deref())).transpose()?;
    let packed = pack(&stored, &store, (&out, key.as_ref()))?;
    Ok(told_of(&packed, &out))
}

/// What the journal holds of a run.
struct Stored {
    info: RunInfo,
    plan: Arc<Plan>,
    bodies: Vec<String>,
    events: Vec<Event>,
    record: Record,
}

impl Stored {
    fn read(store: &Store, info: RunInfo) -> Result<Self, Stop> {
        let bodies = store.bodies(&info)?;
        if bodies.is_empty() {
            return Err(Stop::usage(format!("run {} never began: there is nothing to pack", info.id)));
        }
        let plan = Arc::new(store.plan(&info)?);
        let events = (1..).zip(&bodies).map(|(seq, body)| read_event(seq, body));
        let events = events.collect::<Result<Vec<_>, _>>()?;
        let mut record = Record::new(&info.id, Some(Arc::clone(&plan)));
        bodies.iter().for_each(|body| record.add(body));
        Ok(Self { info, plan, bodies, events, record })
    }

    /// The files of the pack, in their order.
    fn items(&self, store: &Store) -> Result<Vec<Item<'static>>, Stop> {
        let told_story = story(store, (&self.info, &self.plan), &self.events)?;
        let (teller, _) = told(&self.plan, &self.info, &self.events, None)?;
        let run = run_json((store, &self.info, &self.info.id), (&self.plan, &teller), &self.events)?;
        let events = self.bodies.iter().fold(String::new(), |all, body| all + body + "\n");
        let mut items = vec![
            Item::text(REPORT_HTML, html(&told_story, Some("outputs"))),
            Item::text(REPORT_MD, markdown(&told_story)),
            Item::text(RUN, run),
            Item::text(PLAN, store.plan_text(&self.info)?),
            Item::text(EVENTS, events),
        ];
        let sources = store.sources(&self.info)?;
        let named = sources.into_iter().enumerate();
        items.extend(named.map(|(at, (name, text))| Item::text(source_name(at, &name), text)));
        let papers = self.record.papers.iter().cloned();
        items.extend(papers.map(|paper| Item::text(paper.name, paper.text)));
        items.extend(files(Folder::Outputs, &store.outputs(&self.info.id))?);
        items.extend(files(Folder::Evidence, &store.evidence(&self.info.id))?);
        Ok(items)
    }
}

/// The files of a folder, by name; none where there is no folder.
fn files(folder: Folder, path: &Path) -> Result<Vec<Item<'static>>, Stop> {
    let unreadable = |error: io::Error| Stop::internal(format!("{}: {error}", path.display()));
    let listed = match std::fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        listed => listed.map_err(unreadable)?,
    };
    let mut found = vec![];
    for entry in listed {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_file() {
            found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    found.sort();
    let item = |(name, path): (String, PathBuf)| Item {
        name: folder.file(&name),
        open: Box::new(move || open(&path)),
    };
    Ok(found.into_iter().map(item).collect())
}

/// A file as it is now; what is written to it later is not read.
fn open(path: &Path) -> io::Result<(u64, Box<dyn Read>)> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(named)?;
    let size = file.metadata().map_err(named)?.len();
    Ok((size, Box::new(file)))
}

/// Writes the pack under another name first: what is there under its own is whole.
fn pack(stored: &Stored, store: &Store, (out, key): (&Path, Option<&Key>)) -> Result<Packed, Stop> {
    let items = stored.items(store)?;
    let sign = |bytes: &[u8]| signed(key, bytes);
    let sign: Option<&Sign<'_>> = key.is_some().then_some(&sign);
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part = folder.join(format!(".{}.{}", folder_of(&stored.info.id), std::process::id()));
    let written = private(&part).map_err(PackError::from).and_then(|file| {
        let mut file = BufWriter::new(file);
        let packed = write(&mut file, &stored.record, items, sign)?;
        file.flush()?;
        std::fs::rename(&part, out)?;
        Ok(packed)
    });
    written.map_err(|error| {
        // What is left of it would be of no use; should it stay, the first error is still the one to tell.
        let _ = std::fs::remove_file(&part);
        match error {
            PackError::Io(error) => Stop::internal(format!("{} cannot be written: {error}", out.display())),
            PackError::Unsigned(why) => Stop::usage(format!("nothing was written: {why}")),
        }
    })
}

fn signed(key: Option<&Key>, bytes: &[u8]) -> Result<Signature, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let armoured = key.ok_or("there is no key")?.sign(text, NAMESPACE)?;
    let made = made(bytes, &armoured, NAMESPACE)?;
    Ok(Signature { keyid: made.fingerprint, sig: unarmoured(&armoured)? })
}

/// For its owner only, as the journal is.
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// What was packed, the hash to keep elsewhere, and what is missing.
fn told_of(packed: &Packed, out: &Path) -> Exit {
    let events = &packed.statement.predicate.events;
    let files = packed.statement.subject.len();
    Console.result(&format!(
        "{}: {files} files, {} events\nhead {}\n",
        out.display(),
        events.count,
        events.head
    ));
    let run = &packed.statement.predicate.run;
    if run.is_open() {
        Console.tell("the run is not over: what comes after this is not in the pack\n");
    }
    Console.tell("keep the head elsewhere (in the change request, say): `bowline verify --head` holds the pack to it\n");
    for lack in &packed.lacks {
        Console.say(&format!("{} {}\n", lack.what, lack.why));
    }
    if packed.lacks.is_empty() { Exit::Completed } else { Exit::RolledBack }
}
