//! One question outside a run: before it begins, or before it goes on.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::super::signals::{self, Listeners};
use super::{Approvers, Mask, People, Setup, Terminal};
use crate::event::{Actor, EffectId};
use crate::run::{PersonReply, QuestionShown, Reply, Report};

/// Asks at a terminal and waits for the answer. `None` where the person left or asked to stop:
/// the terminal is then as it was, and this process still lives.
///
/// # Errors
/// When the system gives no thread, descriptor or handler.
pub fn ask_alone(
    terminal: Terminal,
    operator: &Actor,
    question: QuestionShown,
) -> std::io::Result<Option<PersonReply>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (sender, reports) = unbounded_channel();
    let people = People::new(Setup {
        operator: operator.clone(),
        approvers: Approvers::default(),
        answers: None,
        terminal: Some(terminal),
        screen: None,
        mask: Mask::default(),
        reports: sender.clone(),
    })?;
    runtime.block_on(async {
        let (halts, mut halting) = unbounded_channel();
        let continued = Box::new(people.on_continued());
        signals::watch(Listeners { reports: sender, halts, continued }, operator.clone())?;
        people.ask(EffectId(0), Box::new(question));
        let mut answer = std::pin::pin!(answer(reports));
        loop {
            tokio::select! {
                answer = &mut answer => return Ok(answer),
                Some(_) = halting.recv() => signals::suspend(|| people.step_aside()),
            }
        }
    })
}

async fn answer(mut reports: UnboundedReceiver<Report>) -> Option<PersonReply> {
    match reports.recv().await? {
        Report::Reply { reply: Reply::Person(answer), .. } => Some(answer),
        _ => None,
    }
}
