//! `bowline resume RUN --replan`: the run goes on as the runbook is now, as another run that begins with what this one did.

use std::path::{Path, PathBuf};

use crate::cli::args::{AcceptArgs, DriveArgs, InputArgs};
use crate::cli::check::report;
use crate::cli::config::Found;
use crate::cli::drive::targets;
use crate::cli::journal::inboxes;
use crate::cli::journal::secrets;
use crate::cli::journal::stored::Stored;
use crate::cli::load::Files;
use crate::cli::out::Console;
use crate::cli::people;
use crate::cli::people::roster;
use crate::cli::questions::{Front, NOT_TAKEN_UP};
use crate::cli::resume::said::{ReplanArgs, Said, named_words};
use crate::cli::{Done, Exit, Stop, inputs, run};
use crate::compile::{Compiled, Entry, LoadError, Loader, bundled, compile_from};
use crate::event::{Event, Fact, RunState, SourceRef, StoredInput};
use crate::host::mask::Mask;
use crate::journal::{NewRun, RunInfo, Store, Successor};
use crate::plan::Plan;
use crate::run::anew::{CarriedOver, NotCarried, Replan, Words, carry_over};
use crate::run::{ExitCode, Mask as _, sealed};
use crate::view::Style;
use crate::view::plan::{Known, outline, plan_changes};

/// How a run is to be planned anew, and driven then.
#[derive(Clone, Copy)]
pub(in crate::cli) struct Options<'a> {
    pub(in crate::cli) replan: &'a ReplanArgs,
    pub(in crate::cli) accept: &'a AcceptArgs,
    pub(in crate::cli) drive: &'a DriveArgs,
}

/// Plans a run anew, and goes on with it.
pub(in crate::cli) fn replan(store: &Store, mut stored: Stored, options: Options<'_>) -> Done {
    if let Some(exit) = stored.ended() {
        return Ok(exit);
    }
    let now = Now::read(store, &stored, options)?;
    let Some(plan) = now.compiled.plan.as_ref().filter(|_| !now.found.is_broken()) else {
        let id = &stored.info.id;
        Console.tell(&format!("the runbook does not check; run {id} stays as it was\n"));
        return Ok(Exit::Invalid);
    };
    if plan.digest == stored.plan.digest {
        Console.tell("the plan is the same; nothing is planned anew\n");
        let first = stored.taken_up(options.drive)?;
        return stored.go_on(store, options.drive, first);
    }
    Console.say(&changes(&stored, plan)?);
    stored.bury(store)?;
    let operator = stored.operator(options.drive)?;
    let front = Front { operator: &operator, left: NOT_TAKEN_UP };
    let (inputs, fresh) = now.inputs(&stored, plan, (&options.replan.input, &front))?;
    let events = store.events(&stored.info)?;
    let sources = run::sources(&now.compiled, &now.found);
    let named: Vec<SourceRef> = sources
        .iter()
        .map(|(name, text)| SourceRef { name: name.clone(), sha256: run::sha256(text) })
        .collect();
    let replan = Replan {
        old: &stored.plan,
        new: plan,
        events: &events,
        from: &stored.info.id,
        sources: &named,
        inputs: &inputs,
        by: &operator,
    };
    let Some((over, why)) = decided(&replan, options, &front)? else { return Ok(Exit::Usage) };
    let mut anew = Anew { over, why, plan, found: &now.found, sources };
    anew.mask(&mut stored, &front)?;
    let info = anew.make(store, &stored, &front)?;
    Console.tell(&format!("run {} goes on as run {}\n", stored.info.id, info.id));
    let (known, accepted) = (stored.known_in(plan), std::mem::take(&mut stored.accepted));
    drop(stored);
    let mut stored = Stored::read(store, info)?.accepting(options.accept)?;
    stored.accepted.extend(accepted);
    stored.filed.extend(known.into_iter().chain(fresh));
    let first = stored.taken_up(options.drive)?;
    stored.go_on(store, options.drive, first)
}

/// The runbook of a run as it is today.
struct Now {
    dir: PathBuf,
    compiled: Compiled,
    found: Found,
}

/// Files as they are seen from the folder where the run was started.
struct Within<'a>(&'a Path);

impl Loader for Within<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        Files.read(&self.0.join(path).to_string_lossy())
    }
}

impl Now {
    fn read(store: &Store, stored: &Stored, options: Options<'_>) -> Result<Self, Stop> {
        let sources = store.sources(&stored.info)?;
        let name = sources.first().map(|(name, _)| name.clone()).unwrap_or_default();
        let dir = PathBuf::from(&stored.state.dir);
        let entry = match bundled::find(&name) {
            Some(bundled) => Entry::Bundled(bundled),
            None => Entry::File(&name),
        };
        let on_disk = dir.join(&name).to_string_lossy().into_owned();
        let found = Found::look(&options.drive.journal.config, entry.file().map(|_| on_disk.as_str()))?;
        let compiled = compile_from(&Within(&dir), entry, &found.setting());
        found.report();
        report(&compiled);
        Ok(Self { dir, compiled, found })
    }

    /// The inputs as the new plan has them: those of before, and what is new; of that the values, too.
    fn inputs(
        &self,
        stored: &Stored,
        plan: &Plan,
        (input, front): (&[String], &Front<'_>),
    ) -> Result<(Vec<StoredInput>, inputs::Values), Stop> {
        let before = |var| {
            let name = plan.var(var)?;
            stored.state.inputs.iter().find(|input| stored.plan.var(input.var) == Some(name))
        };
        let mut given = inputs::given(plan, &InputArgs { input: input.to_vec(), inputs: vec![] })?;
        for one in &plan.inputs {
            let Some(kept) = before(one.var) else { continue };
            let name = plan.var(one.var).map_or("", |var| var.name.as_str());
            let again = input.iter().any(|pair| pair.split('=').next() == Some(name));
            if again && given.get(&one.var) != Some(&kept.value) {
                return Err(Stop::usage(format!(
                    "input `{name}` was given when the run was started, and stays as it is"
                )));
            }
            given.insert(one.var, kept.value.clone());
        }
        let complete = inputs::complete(plan, given, &self.dir, front)?;
        targets::check(plan, &complete.values, &self.found)?;
        let fresh = run::stored(plan, &complete, &stored.state.salt);
        let kept = |input: StoredInput| match before(input.var) {
            Some(kept) => StoredInput { var: input.var, ..kept.clone() },
            None => input,
        };
        let mut values = complete.values;
        values.retain(|var, _| before(*var).is_none());
        Ok((fresh.into_iter().map(kept).collect(), values))
    }
}

/// What differs, as a reviewer reads it.
fn changes(stored: &Stored, plan: &Plan) -> Result<String, Stop> {
    let told = |plan: &Plan, known: Known<'_>| {
        serde_json::to_value(outline(plan, known, true)).map_err(|error| Stop::internal(error.to_string()))
    };
    let old = told(&stored.plan, Known::new(&stored.plan, inputs::Values::new()))?;
    let new = told(plan, Known::new(plan, inputs::Values::new()))?;
    let style = Style { width: usize::MAX, ..Console.style() };
    Ok(plan_changes(&old, &new).map(|changes| changes.text(style)).unwrap_or_default())
}

/// The run as it stands under the new plan, once all that needs a word has one; `None` where something lacks it.
fn decided(
    replan: &Replan<'_>,
    options: Options<'_>,
    front: &Front<'_>,
) -> Result<Option<(CarriedOver, String)>, Stop> {
    let refused = |error: NotCarried| {
        let id = replan.from;
        Stop::usage(format!(
            "run {id} cannot go on under the new plan: {error}\nit stays as it was; go on, settle it or undo it under the plan that it has: `bowline resume {id}`"
        ))
    };
    let listed = carry_over(replan, &Words::new()).map_err(refused)?;
    let mut said =
        Said { words: named_words(&listed.touched, options.replan)?, why: options.replan.because.clone() };
    let open: Vec<_> = listed.touched.iter().filter(|one| !said.words.contains_key(&one.place)).collect();
    if !open.is_empty() && !said.ask(&open, front)? {
        Console.tell(&Said::list(&open, replan.from));
        return Ok(None);
    }
    let over = carry_over(replan, &said.words).map_err(refused)?;
    let why = said.told(&listed.touched);
    Ok((!over.is_open).then_some((over, why)))
}

/// A run about to be made from another.
struct Anew<'a> {
    over: CarriedOver,
    why: String,
    plan: &'a Plan,
    found: &'a Found,
    sources: Vec<(String, String)>,
}

impl Anew<'_> {
    /// Words of a person may hold a secret.
    fn mask(&mut self, stored: &mut Stored, front: &Front<'_>) -> Result<(), Stop> {
        let mask = Mask::default();
        let secrets = secrets::fetch(stored, front, &mut vec![])?;
        mask.learn(secrets.iter().map(String::as_str));
        self.why = mask.mask(&self.why);
        for event in &mut self.over.events {
            event.fact = sealed(self.plan, &mask, event.fact.clone());
        }
        Ok(())
    }

    fn make(self, store: &Store, stored: &Stored, front: &Front<'_>) -> Result<RunInfo, Stop> {
        let id = store.free_id()?;
        let facts = self.beginning(&id, stored, front)?;
        let Self { over: CarriedOver { mut events, mut state, .. }, plan, sources, .. } = self;
        add(plan, (&mut state, &mut events), facts)?;
        let files = files(&events, &stored.info.id);
        store.hand_on(&stored.info.id, &id, &files)?;
        let new = NewRun { title: plan.title.clone(), plan, sources };
        let status = ExitCode::standing(plan, &state);
        let successor = Successor { id: &id, new, events: &events, status };
        let info = store.supersede(&stored.writer, stored.state.seq, &successor)?;
        inboxes::hand_on(store, &stored.info.id, &id).map_err(|error| Stop::internal(error.to_string()))?;
        Ok(info)
    }

    /// What is recorded behind all that the run before did.
    fn beginning(&self, id: &str, stored: &Stored, front: &Front<'_>) -> Result<Vec<Fact>, Stop> {
        let by = front.operator.clone();
        let values = self.over.state.inputs.iter().map(|input| (input.var, input.value.clone())).collect();
        let roster = roster::roster(self.plan, &values, self.found, &by)?;
        let known = &self.over.state.roles;
        let roles = people::roles(self.plan, &[], self.found, front)?;
        let fresh = roles.into_iter().filter(|fact| match fact {
            Fact::RoleBound { role, .. } => !known.contains_key(role),
            _ => true,
        });
        let anew = Fact::PlannedAnew {
            from: stored.info.id.clone(),
            digest: stored.plan.digest.clone(),
            head: stored.writer.chain_head(),
            why: self.why.clone(),
            by,
        };
        Ok(std::iter::once(anew).chain(roster::enrolled(roster, id)).chain(fresh).collect())
    }
}

/// Adds facts of now.
fn add(
    plan: &Plan,
    (state, events): (&mut RunState, &mut Vec<Event>),
    facts: Vec<Fact>,
) -> Result<(), crate::event::IllegalMove> {
    let at = crate::cli::now();
    for fact in facts {
        let event = Event { seq: state.seq + 1, at, fact };
        state.apply(plan, &event)?;
        events.push(event);
    }
    Ok(())
}

/// The files of the run before that its successor names, each with its folder.
fn files(events: &[Event], from: &str) -> Vec<(&'static str, String)> {
    let before = format!("{from}-");
    let notes = events.iter().filter_map(|event| match &event.fact {
        Fact::Ended { note, .. } => Some(note),
        _ => None,
    });
    let each = notes.flat_map(|note| [("outputs", &note.output), ("evidence", &note.kept)]);
    let named = each
        .filter_map(|(folder, file)| Some((folder, file.as_ref()?.file.strip_prefix(&before)?.to_owned())));
    named.collect()
}
