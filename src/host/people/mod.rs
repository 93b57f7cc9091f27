//! People: questions answered from a file, else by somebody at the terminal, else by nobody.
//!
//! Questions are asked one at a time on a thread of their own, so that timers, signals and other
//! effects go on; one that is no longer open is taken back. Knows what a question takes for an
//! answer; never what the answer means for the run.

mod alone;
pub mod answers;
mod approvers;
mod ask;
mod console;
mod draft;
mod draw;
mod keys;
mod lines;
mod modes;
mod sample;
mod terminal;
mod visible;
mod waiver;
mod words;

use std::collections::{HashSet, VecDeque};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::EventfdFlags;
use tokio::sync::mpsc::UnboundedSender;

use self::answers::{Answers, Found};
use self::console::{Closed, Console};
use self::modes::Modes;
use super::failed;
use super::mask::Mask;
use crate::event::{Actor, EffectId};
use crate::run::{Answered, Failure, PersonReply, QuestionShown, Reply, Report};
use crate::value::Value;

pub use alone::ask_alone;
pub use approvers::Approvers;
pub use keys::{Keys, is_in_front};
pub use terminal::Terminal;

/// A screen that draws while questions are asked has to stand aside.
pub trait Screen: Send + Sync {
    /// A question (or a program) takes the terminal.
    fn pause(&self);
    /// The terminal is free again.
    fn resume(&self);
}

/// Runs something that has the terminal to itself.
pub(super) fn alone<T>(screen: Option<&dyn Screen>, action: impl FnOnce() -> T) -> T {
    if let Some(screen) = screen {
        screen.pause();
    }
    let done = action();
    if let Some(screen) = screen {
        screen.resume();
    }
    done
}

/// The way on that touches nothing.
const LEAVE: &str = "leave";

/// What questions need besides themselves.
pub(super) struct Setup {
    pub operator: Actor,
    pub approvers: Approvers,
    pub answers: Option<Answers>,
    pub terminal: Option<Terminal>,
    pub screen: Option<Arc<dyn Screen>>,
    pub mask: Mask,
    pub reports: UnboundedSender<Report>,
}

/// The people of a run.
pub(super) struct People {
    operator: Actor,
    approvers: Approvers,
    answers: Arc<Mutex<Option<Answers>>>,
    mask: Mask,
    reports: UnboundedSender<Report>,
    desk: Option<Desk>,
    /// Approvals that votes from elsewhere decide.
    held: Mutex<HashSet<EffectId>>,
}

/// The way to the thread that asks.
struct Desk {
    orders: Sender<Order>,
    wake: Arc<OwnedFd>,
    modes: Modes,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.modes.close();
    }
}

enum Order {
    Ask(EffectId, Box<QuestionShown>),
    Withdraw(EffectId),
}

impl People {
    /// Starts the thread if there is a terminal.
    ///
    /// # Errors
    /// When the system gives no descriptor or thread.
    pub(super) fn new(setup: Setup) -> std::io::Result<Self> {
        let Setup { operator, mut approvers, answers, terminal, screen, mask, reports } = setup;
        approvers.operators.insert(operator.name.clone());
        let desk = terminal.map(|terminal| {
            let (mask, reports) = (mask.clone(), reports.clone());
            let asking =
                Asking { operator: operator.clone(), approvers: approvers.clone(), screen, mask, reports };
            open_desk(terminal, asking)
        });
        let answers = Arc::new(Mutex::new(answers));
        let held = Mutex::default();
        Ok(Self { operator, approvers, answers, mask, reports, desk: desk.transpose()?, held })
    }

    /// Asks; the reply follows.
    pub(super) fn ask(&self, effect: EffectId, question: Box<QuestionShown>) {
        if self.approvers.signed && matches!(question.kind, Answered::Approval { .. }) {
            return self.hold(effect);
        }
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let found = answers
            .as_mut()
            .map_or(Found::Nothing, |answers| answers.take(&question, &self.operator, &self.approvers));
        match (found, &self.desk) {
            (Found::Answer(answer), _) => {
                ask::learn(&self.mask, &answer.value);
                self.reply(effect, Reply::Person(answer));
            }
            (Found::Wrong(message), Some(desk)) => {
                let prose = question.prose.iter().cloned();
                let said = std::iter::once(message).chain(prose).collect::<Vec<_>>().join("\n\n");
                desk.order(Order::Ask(effect, Box::new(QuestionShown { prose: Some(said), ..*question })));
            }
            (Found::Wrong(message), None) => self.reply(effect, wrong(self.mask.text(&message))),
            (Found::Nothing, Some(desk)) => desk.order(Order::Ask(effect, question)),
            (Found::Nothing, None) => self.reply(effect, Reply::Nobody),
        }
    }

    /// Waits for votes that come from elsewhere, if somebody is there to wait with.
    fn hold(&self, effect: EffectId) {
        if self.desk.is_none() {
            return self.reply(effect, Reply::Nobody);
        }
        self.held.lock().unwrap_or_else(PoisonError::into_inner).insert(effect);
    }

    /// Takes a question back; its reply follows.
    pub(super) fn withdraw(&self, effect: EffectId) {
        if self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&effect) {
            return self.reply(effect, withdrawn());
        }
        if let Some(desk) = &self.desk {
            desk.order(Order::Withdraw(effect));
        }
    }

    /// We are about to be suspended: the terminal is left as it was found.
    pub(super) fn step_aside(&self) {
        self.desk.iter().for_each(|desk| desk.modes.step_aside());
    }

    /// To be called when we go on: an open question is put on the screen again.
    pub(super) fn on_continued(&self) -> impl Fn() + Send + 'static {
        let modes = self.desk.as_ref().map(|desk| desk.modes.clone());
        move || modes.iter().for_each(Modes::step_back)
    }

    /// Answers of the file that no question took, each with its place.
    pub(super) fn leftovers(&self) -> Vec<String> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.as_ref().map(Answers::leftovers).unwrap_or_default()
    }

    fn reply(&self, effect: EffectId, reply: Reply) {
        let _ = self.reports.send(Report::Reply { effect, reply });
    }
}

impl Desk {
    fn order(&self, order: Order) {
        // The thread ends only with the process, or with the terminal.
        let _ = self.orders.send(order);
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }
}

fn wrong(message: String) -> Reply {
    failed(Failure::Unreadable, message)
}

fn withdrawn() -> Reply {
    failed(Failure::Stopped, "the question is no longer open")
}

fn open_desk(terminal: Terminal, asking: Asking) -> std::io::Result<Desk> {
    let wake = Arc::new(rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?);
    let (orders, taken) = mpsc::channel();
    let modes = Modes::of(terminal.again()?);
    let console = Console::new(terminal, Arc::clone(&wake), modes.clone());
    let thread = std::thread::Builder::new().name("questions".into());
    // Not joined: it may stand in a read of the terminal when the process leaves.
    thread.spawn(move || Serving { asking, console, taken, waiting: VecDeque::new() }.serve())?;
    Ok(Desk { orders, wake, modes })
}

/// What the thread knows.
struct Asking {
    operator: Actor,
    approvers: Approvers,
    screen: Option<Arc<dyn Screen>>,
    mask: Mask,
    reports: UnboundedSender<Report>,
}

/// Questions that are not asked yet.
type Waiting = VecDeque<(EffectId, Box<QuestionShown>)>;

impl Asking {
    fn note(&self, order: Order, waiting: &mut Waiting) {
        match order {
            Order::Ask(effect, question) => waiting.push_back((effect, question)),
            Order::Withdraw(effect) => {
                let before = waiting.len();
                waiting.retain(|(waiting, _)| *waiting != effect);
                if waiting.len() < before {
                    self.reply(effect, withdrawn());
                }
            }
        }
    }

    fn reply(&self, effect: EffectId, reply: Reply) {
        let _ = self.reports.send(Report::Reply { effect, reply });
    }
}

struct Serving {
    asking: Asking,
    console: Console,
    taken: Receiver<Order>,
    waiting: Waiting,
}

impl Serving {
    fn serve(mut self) {
        loop {
            if let Some((effect, question)) = self.waiting.pop_front() {
                self.ask(effect, &question);
            } else {
                match self.taken.recv() {
                    Ok(order) => self.asking.note(order, &mut self.waiting),
                    Err(_) => return,
                }
            }
        }
    }

    fn ask(&mut self, effect: EffectId, question: &QuestionShown) {
        let screen = self.asking.screen.clone();
        let reply = alone(screen.as_deref(), || self.settle(effect, question));
        self.asking.reply(effect, reply);
    }

    fn settle(&mut self, effect: EffectId, question: &QuestionShown) -> Reply {
        let Self { asking, console, taken, waiting } = self;
        let mut withdrawn_now = || {
            taken.try_iter().any(|order| {
                let own = matches!(order, Order::Withdraw(which) if which == effect);
                if !own {
                    asking.note(order, waiting);
                }
                own
            })
        };
        let staff = ask::Staff { operator: &asking.operator, approvers: &asking.approvers };
        let seat = ask::Seat { console, mask: &asking.mask, withdrawn: &mut withdrawn_now };
        match ask::at(seat, question, staff) {
            Ok(answer) => Reply::Person(answer),
            Err(Closed::Withdrawn) => {
                console.say("  (no longer asked)\n");
                withdrawn()
            }
            Err(Closed::Left) => {
                console.say("  (left without an answer)\n");
                left(&asking.operator, &question.kind)
            }
        }
    }
}

/// What it means that somebody leaves a question: where the run could go on by itself, that it must not.
fn left(operator: &Actor, kind: &Answered) -> Reply {
    match kind {
        Answered::Failed { choices, .. }
        | Answered::Undo { choices, .. }
        | Answered::Unknown { choices, .. }
        | Answered::Hold { choices, .. }
        | Answered::Step { choices, .. }
            if choices.contains(&LEAVE) =>
        {
            let (by, note) = (operator.clone(), String::new());
            Reply::Person(PersonReply { by, value: Value::Text(LEAVE.into()), note })
        }
        _ => Reply::Nobody,
    }
}

#[cfg(test)]
mod tests;
