//! A step before it begins, for somebody who is asked about it: what it would do, exactly, and how it would be
//! undone. What nobody can know yet stands there by its name.

use super::{JobKind, Page, act, title_of};
use crate::event::Site;
use crate::plan::{Act, Answer, Arm, Eval, Loop, NodeId, Op, Role, Step, TakenBy, Undo, lost};
use crate::run::decide::Trouble;
use crate::run::door::{Answered, ArgText, Program, Request};
use crate::value::Value;

/// What is told of a script at most, in lines; the plan has it whole.
const LONG: usize = 40;

impl Page<'_> {
    /// The question about a step before it begins.
    pub(super) fn before_step(self, trouble: &Trouble, choices: Vec<&'static str>) -> Answered {
        let mut guess = self.state.clone();
        for var in self.unknown() {
            let name = self.plan.var(var).map_or("?", |var| var.name.as_str());
            guess.suppose(self.site.frame, var, &Value::Text(format!("⟨{name}⟩").into()));
        }
        let page = Page { state: &guess, ..self };
        let (mut does, mut undo) = (vec![], vec![]);
        if let Some(step) = self.plan.step(self.site.node) {
            page.items(self.site.node, 0, &mut does);
            page.undo(step, &mut undo);
        }
        let lacks = trouble.lacks.clone();
        Answered::Step { does, undo, without: page.without(), lacks, then: self.then(), choices }
    }

    /// Variables that have no value here, the step's own among them.
    fn unknown(self) -> Vec<crate::value::VarId> {
        let vars = (0..).take(self.plan.vars.len()).map(crate::value::VarId);
        vars.filter(|var| self.state.value(self.site.frame, *var).is_none()).collect()
    }

    /// What could not be done later without the step.
    fn without(self) -> Vec<String> {
        let told = lost(self.plan, self.site.node).into_iter().map(|lost| {
            let var = self.plan.var(lost.var).map_or("?", |var| var.name.as_str());
            if lost.taken_by == TakenBy::OwnUndo {
                return format!("done by hand, it could not be undone: its rollback takes `{var}`");
            }
            let Some(title) = title_of(self.plan, self.state, self.site.frame, lost.node) else {
                return self.without_title(lost.node, var);
            };
            match lost.taken_by {
                TakenBy::Undo => format!("\"{title}\" could not start: its rollback takes `{var}`"),
                _ => format!("\"{title}\" could not be done: it takes `{var}`"),
            }
        });
        told.collect()
    }

    /// A condition, a loop or a line of the log that takes a value.
    fn without_title(self, node: NodeId, var: &str) -> String {
        let end = self.plan.ends().get(node.0 as usize).copied().unwrap_or(node.0);
        let mut inner = (node.0 + 1..end).map(NodeId);
        match inner.find_map(|inner| title_of(self.plan, self.state, self.site.frame, inner)) {
            Some(title) => format!("\"{title}\" could not be come to: what leads there takes `{var}`"),
            None => format!("a statement without a title could not be done: it takes `{var}`"),
        }
    }

    fn undo(self, step: &Step, out: &mut Vec<String>) {
        match &step.undo {
            Answer::Rollback(Undo { body, .. }) => self.items(*body, 0, out),
            Answer::Irreversible => out.push("nothing: it cannot be undone".into()),
            Answer::Nothing(why) => out.push(format!("nothing: {why}")),
            Answer::Unanswered if step.restore.is_none() => {
                out.push("nothing: it says nothing about undo".into());
            }
            Answer::Unanswered => {}
        }
        if let Some(Undo { body, .. }) = &step.restore {
            out.push("put back in the end, whatever comes:".into());
            self.items(*body, 1, out);
        }
    }

    fn items(self, group: NodeId, depth: usize, out: &mut Vec<String>) {
        let children = self.plan.group(group).map(|group| group.children.as_slice()).unwrap_or_default();
        children.iter().for_each(|child| self.item(*child, depth, out));
    }

    fn item(self, node: NodeId, depth: usize, out: &mut Vec<String>) {
        let pad = "  ".repeat(depth);
        match self.plan.op(node) {
            Some(Op::Do(_)) => {
                self.effect_lines(node).into_iter().for_each(|line| out.push(pad.clone() + &line));
            }
            Some(Op::Eval(Eval::Let(_) | Eval::Expect(_) | Eval::Given(_)) | Op::Mark(_)) | None => {}
            Some(Op::Group(group)) if matches!(group.role, Role::Block) => self.items(node, depth, out),
            Some(Op::Group(_)) => {
                out.push(format!("{pad}{}:", self.title(node)));
                self.items(node, depth + 1, out);
            }
            Some(Op::Branch(arms)) => self.arms(arms, depth, out),
            Some(Op::Loop(of)) => self.turns(of, node, depth, out),
        }
    }

    fn turns(self, of: &Loop, node: NodeId, depth: usize, out: &mut Vec<String>) {
        let (head, body) = match of {
            Loop::For { item, list, body, .. } => {
                let name = self.plan.var(*item).map_or("?", |var| var.name.as_str());
                let list = self.words(list).unwrap_or_else(|_| "what is known then".into());
                (format!("for each {name} of {list}"), body)
            }
            Loop::Repeat { at_most, body, .. } => (format!("up to {at_most} times"), body),
            Loop::Poll { body, .. } => (format!("check {}", self.title(node)), body),
        };
        out.push(format!("{}{}:", "  ".repeat(depth), head.trim_end()));
        self.items(*body, depth + 1, out);
    }

    /// The arm that would be taken, or all where that is not known yet.
    fn arms(self, arms: &[Arm], depth: usize, out: &mut Vec<String>) {
        let holds = |arm: &Arm| {
            arm.when.as_ref().map_or(Some(true), |when| match self.eval(when) {
                Ok(Value::Bool(truth)) => Some(truth),
                _ => None,
            })
        };
        let mut open = false;
        for arm in arms {
            let known = holds(arm);
            if known == Some(false) {
                continue;
            }
            let sure = known == Some(true) && !open;
            if !sure {
                out.push(format!(
                    "{}{}:",
                    "  ".repeat(depth),
                    if known.is_none() { "perhaps" } else { "else" }
                ));
            }
            self.items(arm.body, depth + usize::from(!sure), out);
            if known == Some(true) {
                return;
            }
            open = true;
        }
    }

    fn title(self, node: NodeId) -> String {
        let title = self.plan.node(node).and_then(|node| node.title.as_ref());
        title.and_then(|title| self.words(title).ok()).unwrap_or_default()
    }

    fn effect_lines(self, node: NodeId) -> Vec<String> {
        let page = Page { site: Site { node, ..self.site }, ..self };
        let Ok(effect) = page.effect() else { return vec![] };
        let on = page.target(effect).ok().flatten().map(|on| format!("on {on}: ")).unwrap_or_default();
        match act::act(page, &effect.act) {
            Ok((shown, job)) => exactly(&effect.act, &job, &shown, &on),
            Err(why) => vec![format!("{on}(not known yet: {why})")],
        }
    }
}

fn exactly(act: &Act, job: &JobKind, shown: &str, on: &str) -> Vec<String> {
    match (act, job) {
        (Act::Script { interpreter, .. }, JobKind::Host(Request::Program(program))) => {
            let lines: Vec<&str> = shown.trim_end().lines().collect();
            let head = format!("{on}{}script {}", surroundings(program), interpreter.join(" "));
            let body = lines.iter().take(LONG).map(|line| format!("  │ {line}"));
            let more = lines.len().saturating_sub(LONG);
            let more = (more > 0).then(|| format!("  │ … {more} more lines"));
            std::iter::once(head).chain(body).chain(more).collect()
        }
        (_, JobKind::Host(Request::Program(program))) => {
            let after =
                if program.terminal { "   (it has the terminal: neither masked nor recorded)" } else { "" };
            vec![format!("{on}{}{shown}{after}", surroundings(program))]
        }
        (_, JobKind::Host(Request::Http(request))) => {
            let body = request.body.as_ref().and_then(|(_, body)| body.as_text()).map(ArgText::told);
            let body = body.map(|body| format!("  {body}"));
            std::iter::once(format!("{on}{shown}")).chain(body).collect()
        }
        (Act::Person(question), _) if question.kind == crate::plan::QuestionKind::Manual => {
            vec!["a person does it, and says when it is done".into()]
        }
        (Act::Person(_), _) => vec![format!("asks: {shown}")],
        _ => vec![format!("{on}{shown}")],
    }
}

/// `in backups: DATABASE_URL=… `, as it would stand before a command.
fn surroundings(program: &Program) -> String {
    let dir = program.dir.as_ref().map(|dir| format!("in {dir}: "));
    let env = program.env.iter().map(|(name, value)| format!("{name}={} ", value.told()));
    dir.into_iter().chain(env).collect()
}
