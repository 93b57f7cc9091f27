//! What a run that has not ended needs: what somebody has to decide, how, and what is owed meanwhile. Asks `run`, and
//! puts it into words.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::journal::needs::words;
use crate::event::RunState;
use crate::plan::Plan;
use crate::run::{
    ExitCode, InDoubt, OwedUndo, Stopped, Wrong, as_taken_up, gone_wrong, in_doubt, needs, owed_undos,
    stopped,
};

/// So many undos are listed; of a long run the rest is counted.
const MANY: usize = 40;

/// How a run stands, for the end of a process and for whoever looks later.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Doubts {
    pub(in crate::cli) code: ExitCode,
    /// What only a person settles.
    pub(in crate::cli) in_doubt: Vec<InDoubt>,
    /// Whether somebody stopped it and nobody said how it goes on.
    stopped: Option<Stopped>,
    /// What failed, or was at work, when it was left, where nobody is asked about that.
    wrong: Vec<Wrong>,
    /// What is still owed, in the order in which it would be undone.
    pub(in crate::cli) owed: Vec<OwedUndo>,
    /// What it waits for, and from whom.
    needs: Vec<String>,
}

/// Something in doubt, for programs.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct DoubtTold {
    place: String,
    why: String,
    /// The options of `bowline settle` that it takes.
    settle: Vec<&'static str>,
}

/// An undo that is owed, for programs.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct OwedTold {
    step: String,
    undo: &'static str,
    does: Vec<String>,
}

impl Doubts {
    pub(in crate::cli) fn of(plan: &Plan, state: &RunState) -> Self {
        let in_doubt = in_doubt(plan, state);
        let open = state.finished.is_none();
        let stopped = stopped(plan, state);
        let wrong = if open && in_doubt.is_empty() { gone_wrong(plan, state) } else { vec![] };
        let cut_off = wrong.iter().any(|wrong| wrong.in_doubt);
        let listed = open && (!in_doubt.is_empty() || stopped.is_some() || cut_off);
        // What was at work may have done something: taken up, it counts.
        let left = if cut_off { as_taken_up(plan, state) } else { None };
        let left = left.as_ref().unwrap_or(state);
        let owed = if listed { owed_undos(plan, left, RunState::ROOT) } else { vec![] };
        let (zone, now) = (TimeZone::system(), crate::cli::now());
        let needs = needs(plan, state).iter().map(|need| words(need, &zone, now)).collect();
        Self { code: ExitCode::of(plan, state), in_doubt, stopped, wrong, owed, needs }
    }

    /// What is stuck or waits for a decision, each as a line.
    pub(in crate::cli) fn lines(&self) -> Vec<String> {
        self.in_doubt.iter().map(InDoubt::line).collect()
    }

    /// What to type next, and about what.
    pub(in crate::cli) fn next_command(&self, id: &str) -> String {
        match self.code {
            ExitCode::Stuck => format!("run {id} is stuck:\n{}{}", self.details(), self.ways(id)),
            ExitCode::Waiting if !self.in_doubt.is_empty() => format!(
                "run {id} waits for a decision about what failed:\n{}{}or `bowline resume {id}` at a terminal, which asks\n",
                self.details(),
                self.ways(id)
            ),
            ExitCode::Waiting if self.stopped.is_some() => self.after_a_stop(id),
            ExitCode::Waiting if self.wrong.iter().any(|wrong| wrong.in_doubt) => format!(
                "run {id} was left at once:\n{}{}go on with `bowline resume {id}`, which finds out or asks how that stands\n",
                self.gone_wrong(),
                self.still_owed()
            ),
            ExitCode::Waiting => {
                // Of one thing the line above has told.
                let several = self.needs.iter().filter(|_| self.needs.len() > 1);
                let lines = several.fold(String::new(), |all, need| all + "  " + need + "\n");
                let waits = if lines.is_empty() { "; " } else { ":\n" };
                format!("run {id} waits{waits}{lines}go on with `bowline resume {id}`\n")
            }
            ExitCode::RolledBack => format!(
                "run {id} was rolled back; `bowline logs {id}` prints what its programs wrote; run it again once the cause is gone\n"
            ),
            ExitCode::FailedKept => {
                format!(
                    "run {id} has ended, and not all of it is undone; `bowline show {id}` tells it again\n"
                )
            }
            _ => format!("run {id}; `bowline show {id}` tells it again\n"),
        }
    }

    /// What becomes of a run that was stopped, and left as it is.
    fn after_a_stop(&self, id: &str) -> String {
        let owed = self.gone_wrong() + &self.still_owed();
        match self.stopped {
            Some(Stopped::Back) => {
                format!(
                    "run {id} was stopped while it was undone\n{owed}`bowline resume {id}` goes on undoing it\n"
                )
            }
            Some(Stopped::OnOrBack) => format!(
                "run {id} was stopped, and nothing of it is undone\n{owed}`bowline resume {id}` goes on with it\n`bowline cancel {id} --on-failure rollback` undoes it\n"
            ),
            _ => format!(
                "run {id} was stopped past its point of no return\n{owed}`bowline resume {id}` goes on with it\n"
            ),
        }
    }

    fn gone_wrong(&self) -> String {
        self.wrong.iter().fold(String::new(), |all, wrong| all + "  " + &wrong.told + "\n")
    }

    /// What is in doubt, and below it what is owed.
    fn details(&self) -> String {
        let mut text = String::new();
        for doubt in &self.in_doubt {
            text += &format!("  {}\n", doubt.line());
            if !self.is_alike() {
                text += &format!("    settle it with {}\n", doubt.options());
            }
        }
        text + &self.still_owed()
    }

    fn still_owed(&self) -> String {
        if self.owed.is_empty() {
            return "nothing is owed\n".to_owned();
        }
        let mut text = "still owed, in this order:\n".to_owned();
        self.owed.iter().take(MANY).for_each(|undo| text += &format!("  {undo}\n"));
        let more = self.owed.len().saturating_sub(MANY);
        if more > 0 { text + &format!("  and {more} more\n") } else { text }
    }

    fn ways(&self, id: &str) -> String {
        let at = if self.in_doubt.len() > 1 { " --at STEP" } else { "" };
        let with = match self.in_doubt.first() {
            Some(doubt) if self.is_alike() => format!("with {}", doubt.options()),
            _ => "with one of its options".to_owned(),
        };
        format!("look at it, then `bowline settle {id}{at}` {with}\n")
    }

    /// Whether all that is in doubt is settled by the same options.
    fn is_alike(&self) -> bool {
        self.in_doubt.windows(2).all(|pair| matches!(pair, [one, other] if one.verbs == other.verbs))
    }

    pub(in crate::cli) fn doubts_told(&self) -> Vec<DoubtTold> {
        let told = self.in_doubt.iter().map(|doubt| DoubtTold {
            place: doubt.place.clone(),
            why: doubt.why.clone(),
            settle: doubt.verbs.iter().map(|verb| verb.option()).collect(),
        });
        told.collect()
    }

    pub(in crate::cli) fn owed_told(&self) -> Vec<OwedTold> {
        let told = self.owed.iter().map(|owed| OwedTold {
            step: owed.title.clone(),
            undo: owed.what.word(),
            does: owed.does.clone(),
        });
        told.collect()
    }
}
