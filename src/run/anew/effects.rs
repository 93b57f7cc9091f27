//! Effects and what happened at a place: told again where the place is the same.

use super::carrier::{About, Carrier, Done, Fate};
use super::parts::matters;
use super::words::Choose;
use crate::event::{Begun, Carry, EffectId, Fact, Fault, FrameId, Outcome, OutputRef, ReplyNote, Site};
use crate::plan::{Class, Differs, Eval, NodeId, Op, WatchKind};
use crate::value::{Value, VarId};

impl Carrier<'_> {
    /// A fact with an effect.
    pub(super) fn of_effect(&mut self, fact: &Fact) -> Done {
        if let Fact::Began(begun) = fact {
            return self.began(begun);
        }
        let mut fact = fact.clone();
        let (Fact::Spawned { effect, .. }
        | Fact::Ended { effect, .. }
        | Fact::Unanswered { effect, .. }
        | Fact::Held { effect, .. }
        | Fact::Requested { effect, .. }
        | Fact::Voted { effect, .. }) = &mut fact
        else {
            return Ok(());
        };
        let Some(Some(number)) = self.effects.get(effect) else { return Ok(()) };
        *effect = *number;
        let number = *number;
        if let Fact::Ended { outcome, values, note, .. } = &mut fact {
            self.ended(number, *outcome, values);
            self.keep_files(note);
        }
        // What was asked about a failure may be over since the run was taken up.
        if self.now.site(number).is_none() { Ok(()) } else { self.emit(fact) }
    }

    fn ended(&mut self, effect: EffectId, outcome: Outcome, values: &mut Vec<(VarId, Value)>) {
        let carried = values.iter().filter_map(|(var, value)| Some((self.anew.var(*var)?, value.clone())));
        *values = carried.collect();
        let asked = self.now.asking().any(|asking| asking == effect);
        if let Some(site) = self.now.site(effect).filter(|_| outcome == Outcome::Done && !asked) {
            let bound = self.bound_in(self.replan.new, &[site.node]);
            let lost = bound.into_iter().filter(|var| !values.iter().any(|(own, _)| own == var));
            self.lost.extend(lost.map(|var| (var, site.node)));
        }
    }

    /// Files of the run before go by its id, so that no name means two.
    fn keep_files(&self, note: &mut ReplyNote) {
        let from = self.replan.from;
        let rename = |file: &mut OutputRef| file.file = format!("{from}-{}", file.file);
        note.output.iter_mut().chain(&mut note.kept).for_each(rename);
    }

    fn began(&mut self, begun: &Begun) -> Done {
        if let Some(Some(effect)) = self.effects.get(&begun.effect).copied() {
            let Some(site) = self.now.site(effect) else { return Ok(()) };
            return self.emit(Fact::Began(Begun {
                effect,
                frame: site.frame,
                node: site.node,
                ..begun.clone()
            }));
        }
        let Some(site) = self.site(begun.frame, begun.node) else { return Ok(()) };
        if begun.attempt == 0 {
            let gate = self.now.frame(site.frame).is_some_and(|frame| {
                frame.node == site.node
                    && frame.next == 0
                    && frame.slots.is_empty()
                    && frame.as_step().is_some()
            });
            let asked = self.now.slot(site).is_some_and(|slot| slot.frame().is_none());
            return if gate || asked { self.begin(begun, site) } else { Ok(()) };
        }
        let own = self.then.frame(begun.frame).is_some_and(|frame| frame.node == begun.node);
        if own {
            return self.begin(begun, site);
        }
        self.begins(begun, site)
    }

    /// An effect of the way, not a question about a failure and not a look at what a step needs.
    fn begins(&mut self, begun: &Begun, site: Site) -> Done {
        let differs = self.anew.differs(begun.node).unwrap_or(Differs::Not);
        let changed = !matches!(differs, Differs::Not | Differs::Title);
        let asks = self.replan.old.class_of(begun.node) == Class::Asks;
        if self.history.is_open(begun.effect) {
            return if asks || changed { self.open_again(begun, site) } else { self.begin(begun, site) };
        }
        if self.replan.old.is_approval(begun.node) && !self.history.is_failing() {
            let why = "it was approved under the plan before, and another plan voids that; end the run under the plan that it has, \
                       then `run --from STEP --because WHY` asks again and does only the rest";
            return Err(self.refusal(begun.node, why));
        }
        if changed && matters(self.replan.old, begun.node) {
            let what = "it was answered or done, and is another now";
            self.word(About::Old(begun.node), what, &[Choose::Keep]);
        }
        self.begin(begun, site)
    }

    fn begin(&mut self, begun: &Begun, site: Site) -> Done {
        let own = self.now.frame(site.frame).is_some_and(|frame| frame.node == site.node);
        if begun.attempt > 0 && !own {
            self.pass(site.frame, site.node)?;
        }
        let effect = self.now.next_effect();
        let (frame, node) = (site.frame, site.node);
        self.emit(Fact::Began(Begun { effect, frame, node, ..begun.clone() }))?;
        self.effects.insert(begun.effect, Some(effect));
        Ok(())
    }

    /// What was asked and is not answered is asked anew; what is another now begins anew.
    fn open_again(&mut self, begun: &Begun, site: Site) -> Done {
        self.effects.insert(begun.effect, None);
        let Some(around) = self.now.frame(site.frame).map(|frame| frame.node) else { return Ok(()) };
        if !self.replan.new.is_parallel(around) {
            return Ok(());
        }
        self.pass(site.frame, site.node)?;
        let why = "it was open when the run was planned anew";
        let carried = self.carried(site.frame, site.node, Carry::Again, why);
        self.emit(Fact::Carried(carried))
    }

    /// Where something stands now that happened at a place, if it is told.
    fn site(&mut self, frame: FrameId, node: NodeId) -> Option<Site> {
        let around = self.then.frame(frame)?.node;
        if around == node {
            let Fate::As(id) = self.fate(frame) else { return None };
            return Some(Site { frame: id, node: self.now.frame(id)?.node });
        }
        let id = self.goes_on_in(frame, node)?;
        if let Some(node) = self.anew.node(node) {
            return Some(Site { frame: id, node });
        }
        if matters(self.replan.old, node) {
            let what = "it was answered or done, and is not in the new plan";
            self.word(About::Old(node), what, &[Choose::Keep]);
        }
        None
    }

    /// A fact at a place.
    pub(super) fn sited(&mut self, fact: &Fact) -> Done {
        match fact {
            Fact::Bound { frame, var, value } => self.bound(*frame, *var, value),
            Fact::Failed { frame, node, fault, why } => self.failed(*frame, *node, (*fault, why)),
            Fact::Skipped { frame, node, why, by } => {
                let Some(Site { frame, node }) = self.site(*frame, *node) else { return Ok(()) };
                self.pass(frame, node)?;
                self.emit(Fact::Skipped { frame, node, why: why.clone(), by: by.clone() })
            }
            Fact::Committed { frame, node } => {
                let node = self.known(*node, "the point of no return was passed")?;
                let Some(frame) = self.number(*frame) else { return Ok(()) };
                self.pass(frame, node)?;
                self.emit(Fact::Committed { frame, node })
            }
            Fact::Concluded { frame, node, name } => {
                let node = self.known(*node, "the run came to its end there")?;
                let Some(frame) = self.number(*frame) else { return Ok(()) };
                self.pass(frame, node)?;
                self.emit(Fact::Concluded { frame, node, name: name.clone() })
            }
            Fact::Carried(carried) => {
                let Some(Site { frame, node }) = self.site(carried.frame, carried.node) else {
                    return Ok(());
                };
                let values = carried.values.iter();
                let values = values.filter_map(|(var, value)| Some((self.anew.var(*var)?, value.clone())));
                let values = values.collect();
                self.emit(Fact::Carried(crate::event::Carried { frame, node, values, ..carried.clone() }))
            }
            other => self.decided(other),
        }
    }

    /// What was said about something that stands open.
    fn decided(&mut self, fact: &Fact) -> Done {
        let mut fact = fact.clone();
        let (Fact::Due { frame, node }
        | Fact::Retrying { frame, node, .. }
        | Fact::Decided { frame, node, .. }
        | Fact::Settled { frame, node, .. }) = &mut fact
        else {
            return Ok(());
        };
        let Some(site) = self.site(*frame, *node) else { return Ok(()) };
        (*frame, *node) = (site.frame, site.node);
        let open = self.now.slot(site).is_some_and(|slot| slot.frame().is_none());
        if open { self.emit(fact) } else { Ok(()) }
    }

    fn bound(&mut self, frame: FrameId, var: VarId, value: &Value) -> Done {
        let Some(around) = self.then.frame(frame).map(|frame| frame.node) else { return Ok(()) };
        let children = super::parts::children(self.replan.old, around).to_vec();
        let binds = |child: &&NodeId| match self.replan.old.op(**child) {
            Some(Op::Eval(Eval::Let(bind))) => bind.var == var,
            _ => false,
        };
        let Some(old) = children.iter().find(binds).copied() else { return Ok(()) };
        let Some(site) = self.site(frame, old) else { return Ok(()) };
        self.pass(site.frame, site.node)?;
        let own = self.bound_in(self.replan.new, &[site.node]);
        match self.anew.var(var).filter(|now| own.contains(now)) {
            Some(now) => self.emit(Fact::Bound { frame: site.frame, var: now, value: value.clone() }),
            None => self.compute(site.frame, site.node),
        }
    }

    fn failed(&mut self, frame: FrameId, node: NodeId, (fault, why): (Fault, &str)) -> Done {
        let Some(site) = self.site(frame, node) else { return Ok(()) };
        let own = self.then.frame(frame).is_some_and(|frame| frame.node == node);
        let open = self.history.stands_open(Site { frame, node });
        let changed = !matches!(self.anew.differs(node), Some(Differs::Not | Differs::Title));
        let another = if own { self.guards_changed(node) } else { changed };
        if open && another {
            return Ok(());
        }
        if !own {
            self.pass(site.frame, site.node)?;
        }
        let why = why.to_owned();
        self.emit(Fact::Failed { frame: site.frame, node: site.node, fault, why })
    }

    /// Whether a guard of a scope that broke is another now: it looks anew.
    fn guards_changed(&self, scope: NodeId) -> bool {
        let guards = self.replan.old.watches_of(scope).iter();
        let mut guards = guards.filter(|watch| matches!(watch.kind, WatchKind::Guard { .. }));
        guards.any(|watch| self.anew.node(watch.body).is_none())
    }
}
