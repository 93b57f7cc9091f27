//! Small plans for tests.

use std::time::Duration;

use bowline::plan::{
    Act, Answer, Arm, Bind, Class, Effect, Eval, Expect, FORMAT, Group, Handler, HandlerWhen, Loop, Mark,
    Mode, Node, NodeId, Op, PhaseScope, Plan, Question, QuestionKind, Quorum, ResponsePart, Retry, Role,
    RunScope, Step, Undo, Variable, WaitFor, Watch, WatchKind, WordExpr,
};
use bowline::text::{SourceId, Span};
use bowline::value::{BinaryOp, Expr, Type, Value, VarId};

/// A plan being built.
#[derive(Default)]
pub(crate) struct Build {
    nodes: Vec<Option<Node>>,
    vars: Vec<Variable>,
    run: RunScope,
}

/// A part of a plan: adds its nodes, gives the first.
pub(crate) struct Part(Box<dyn FnOnce(&mut Build) -> NodeId>);

pub(crate) fn part(make: impl FnOnce(&mut Build) -> NodeId + 'static) -> Part {
    Part(Box::new(make))
}

impl Build {
    fn reserve(&mut self) -> NodeId {
        self.nodes.push(None);
        NodeId(u32::try_from(self.nodes.len()).unwrap() - 1)
    }

    fn put(&mut self, id: NodeId, title: Option<&str>, op: Op) {
        let span = Span::new(SourceId(0), 0, 0);
        self.nodes[id.0 as usize] = Some(Node { op, title: title.map(text), prose: None, above: 0, span });
    }

    fn leaf(&mut self, title: Option<&str>, op: Op) -> NodeId {
        let id = self.reserve();
        self.put(id, title, op);
        id
    }

    fn group(&mut self, title: Option<&str>, role: Role, mode: Mode, parts: Vec<Part>) -> NodeId {
        let id = self.reserve();
        let children = parts.into_iter().map(|part| part.0(self)).collect();
        self.put(id, title, Op::Group(Box::new(Group { role, mode, children })));
        id
    }

    fn block(&mut self, parts: Vec<Part>) -> NodeId {
        self.group(None, Role::Block, Mode::Sequence, parts)
    }

    /// A variable, by name; the same name is the same variable.
    fn var(&mut self, name: &str) -> VarId {
        let known = self.vars.iter().position(|var| var.name == name);
        let at = known.unwrap_or_else(|| {
            self.vars.push(Variable { name: name.into(), ty: Type::Text, secret: false });
            self.vars.len() - 1
        });
        VarId(u32::try_from(at).unwrap())
    }
}

/// Everything around the body of a run.
#[derive(Default)]
pub(crate) struct Around {
    pub(crate) handlers: Vec<(HandlerWhen, Vec<Part>)>,
    pub(crate) watches: Vec<(WatchKind, u64, Vec<Part>)>,
}

pub(crate) fn plan(parts: Vec<Part>) -> Plan {
    plan_with(Around::default(), parts)
}

pub(crate) fn plan_with(around: Around, parts: Vec<Part>) -> Plan {
    let mut build = Build::default();
    let root = build.reserve();
    let children = parts.into_iter().map(|part| part.0(&mut build)).collect();
    for (when, body) in around.handlers {
        let body = build.block(body);
        build.run.handlers.push(Handler { when, body });
    }
    let watches = watches(&mut build, around.watches);
    let run = RunScope { watches, ..std::mem::take(&mut build.run) };
    build.put(
        root,
        None,
        Op::Group(Box::new(Group { role: Role::Run(run), mode: Mode::Sequence, children })),
    );
    Plan {
        format: FORMAT,
        title: "test".into(),
        version: "1.0.0".parse().unwrap(),
        prose: None,
        inputs: vec![],
        vars: build.vars,
        nodes: build.nodes.into_iter().map(Option::unwrap).collect(),
        digest: "digest".into(),
    }
}

fn watches(build: &mut Build, watches: Vec<(WatchKind, u64, Vec<Part>)>) -> Vec<Watch> {
    let mut made = vec![];
    for (kind, seconds, body) in watches {
        let body = build.block(body);
        made.push(Watch { kind, title: text("watch"), every: secs(seconds), body });
    }
    made
}

pub(crate) fn text(text: &str) -> Expr {
    Expr::Const(Value::Text(text.into()))
}

pub(crate) fn secs(seconds: u64) -> Expr {
    Expr::Const(Value::Duration(Duration::from_secs(seconds)))
}

pub(crate) fn yes(value: bool) -> Expr {
    Expr::Const(Value::Bool(value))
}

/// An effect.
pub(crate) struct EffectPart {
    act: Act,
    class: Class,
    expects_exit: bool,
    binds: Option<(String, ResponsePart)>,
    words: Vec<String>,
    retry: Option<Retry>,
    timeout: Option<Expr>,
}

impl EffectPart {
    fn new(act: Act, class: Class) -> Self {
        Self { act, class, expects_exit: false, binds: None, words: vec![], retry: None, timeout: None }
    }

    pub(crate) fn retry(mut self, times: u32, every: u64) -> Self {
        self.retry = Some(Retry { times, every: Some(Box::new(secs(every))) });
        self
    }

    pub(crate) fn timeout(mut self, seconds: u64) -> Self {
        self.timeout = Some(secs(seconds));
        self
    }

    pub(crate) fn binds(mut self, var: &str, part: ResponsePart) -> Self {
        self.binds = Some((var.into(), part));
        self
    }

    /// Words taken from variables after the program.
    pub(crate) fn with(mut self, vars: &[&str]) -> Self {
        self.words = vars.iter().map(|var| (*var).to_owned()).collect();
        self
    }
}

impl From<EffectPart> for Part {
    fn from(made: EffectPart) -> Self {
        part(move |build| {
            let mut act = made.act;
            if let Act::Run { words, .. } = &mut act {
                for var in &made.words {
                    words.push(WordExpr { value: Expr::Var(build.var(var)), splice: false });
                }
            }
            let mut effect = Effect {
                act,
                class: made.class,
                response: vec![],
                expects: vec![],
                binds: vec![],
                retry: made.retry,
                timeout: made.timeout.map(Box::new),
                on: None,
            };
            if made.expects_exit {
                let exit = build.var("exit");
                effect.response.push((ResponsePart::Exit, exit));
                let zero = Box::new(Expr::Const(Value::Int(0)));
                let condition = Expr::Binary(BinaryOp::Eq, Box::new(Expr::Var(exit)), zero);
                effect.expects.push(Expect { condition, message: None, source: "exit == 0".into() });
            }
            if let Some((name, part)) = made.binds {
                let answer = build.var(&format!("{name}'"));
                effect.response.push((part, answer));
                let var = build.var(&name);
                effect.binds.push(Bind { var, value: Expr::Var(answer), ty: Type::Text });
            }
            build.leaf(None, Op::Do(Box::new(effect)))
        })
    }
}

fn program(words: &str, class: Class) -> EffectPart {
    let words = words.split(' ').map(|word| WordExpr { value: text(word), splice: false }).collect();
    let act = Act::Run { words, env: vec![], dir: None, stdin: None, terminal: false };
    EffectPart { expects_exit: true, ..EffectPart::new(act, class) }
}

pub(crate) fn run(words: &str) -> EffectPart {
    program(words, Class::Changes)
}

pub(crate) fn look(words: &str) -> EffectPart {
    program(words, Class::Looks)
}

pub(crate) fn http(url: &str) -> Part {
    let url = url.to_owned();
    part(move |build| {
        let status = build.var("status");
        let limit = Box::new(Expr::Const(Value::Int(400)));
        let condition = Expr::Binary(BinaryOp::Lt, Box::new(Expr::Var(status)), limit);
        let effect = Effect {
            act: Act::Http {
                method: "POST".into(),
                url: text(&url),
                headers: vec![],
                query: vec![],
                login: None,
                body: None,
            },
            class: Class::Changes,
            response: vec![(ResponsePart::Status, status)],
            expects: vec![Expect { condition, message: None, source: "status < 400".into() }],
            binds: vec![],
            retry: None,
            timeout: None,
            on: None,
        };
        build.leaf(None, Op::Do(Box::new(effect)))
    })
}

pub(crate) fn artifact(path: &str, var: &str) -> Part {
    EffectPart::new(Act::Artifact(text(path)), Class::Looks).binds(var, ResponsePart::File).into()
}

pub(crate) fn ask(question: &str, kind: QuestionKind) -> EffectPart {
    let class = if matches!(kind, QuestionKind::Manual) { Class::Changes } else { Class::Asks };
    EffectPart::new(Act::Person(Box::new(Question { text: text(question), kind, by: None })), class)
}

pub(crate) fn confirm(question: &str) -> EffectPart {
    ask(question, QuestionKind::Confirm { typing: None, optional: false })
}

pub(crate) fn approval(question: &str, within: Option<u64>) -> EffectPart {
    let quorum = vec![Quorum { need: 1, from: "ops".into() }];
    let within = within.map(secs);
    ask(question, QuestionKind::Approval { quorum, within, showing: None, self_approval: true })
}

pub(crate) fn wait(seconds: u64) -> Part {
    EffectPart::new(Act::Wait(WaitFor::Duration(secs(seconds))), Class::Looks).into()
}

pub(crate) fn lock(name: &str) -> Part {
    EffectPart::new(Act::Lock(text(name)), Class::Looks).into()
}

pub(crate) fn notify(channel: &str) -> Part {
    EffectPart::new(Act::Notify { channel: channel.into(), text: text("it is over") }, Class::Looks).into()
}

pub(crate) fn expect(condition: Expr) -> Part {
    part(move |build| {
        let expect = Expect { condition, message: None, source: "it holds".into() };
        build.leaf(None, Op::Eval(Eval::Expect(Box::new(expect))))
    })
}

pub(crate) fn expect_var(name: &str) -> Part {
    let name = name.to_owned();
    part(move |build| {
        let condition = Expr::Var(build.var(&name));
        let expect = Expect { condition, message: None, source: "it holds".into() };
        build.leaf(None, Op::Eval(Eval::Expect(Box::new(expect))))
    })
}

pub(crate) fn bind(name: &str, value: Expr) -> Part {
    let name = name.to_owned();
    part(move |build| {
        let var = build.var(&name);
        build.leaf(None, Op::Eval(Eval::Let(Box::new(Bind { var, value, ty: Type::Text }))))
    })
}

pub(crate) fn mark(mark: Mark) -> Part {
    part(move |build| build.leaf(None, Op::Mark(mark)))
}

pub(crate) fn commit() -> Part {
    mark(Mark::Commit)
}

pub(crate) fn group(title: &str, role: Role, parts: Vec<Part>) -> Part {
    let title = title.to_owned();
    part(move |build| build.group(Some(&title), role, Mode::Sequence, parts))
}

pub(crate) fn phase(title: &str, parts: Vec<Part>) -> Part {
    group(title, Role::Phase(PhaseScope::default()), parts)
}

pub(crate) fn phase_in(title: &str, window: &str, parts: Vec<Part>) -> Part {
    group(title, Role::Phase(PhaseScope { watches: vec![], window: Some(window.into()) }), parts)
}

pub(crate) fn watched(title: &str, watch: (WatchKind, u64, Vec<Part>), parts: Vec<Part>) -> Part {
    let title = title.to_owned();
    part(move |build| {
        let id = build.reserve();
        let children = parts.into_iter().map(|part| part.0(build)).collect();
        let watches = watches(build, vec![watch]);
        let role = Role::Phase(PhaseScope { watches, window: None });
        build.put(id, Some(&title), Op::Group(Box::new(Group { role, mode: Mode::Sequence, children })));
        id
    })
}

pub(crate) fn gate(title: &str, verdict: Option<&str>, parts: Vec<Part>) -> Part {
    let (title, verdict) = (title.to_owned(), verdict.map(str::to_owned));
    part(move |build| {
        let verdict = verdict.map(|name| build.var(&name));
        build.group(Some(&title), Role::Gate { verdict }, Mode::Sequence, parts)
    })
}

pub(crate) fn parallel(limit: Option<u32>, parts: Vec<Part>) -> Part {
    part(move |build| build.group(None, Role::Block, Mode::Parallel(limit), parts))
}

pub(crate) fn attempt(parts: Vec<Part>, otherwise: Option<Vec<Part>>) -> Part {
    part(move |build| {
        let id = build.reserve();
        let children = parts.into_iter().map(|part| part.0(build)).collect();
        let otherwise = otherwise.map(|parts| build.block(parts));
        let group = Group { role: Role::Attempt { otherwise }, mode: Mode::Sequence, children };
        build.put(id, Some("attempt"), Op::Group(Box::new(group)));
        id
    })
}

pub(crate) fn branch(arms: Vec<(Option<Expr>, Vec<Part>)>) -> Part {
    part(move |build| {
        let id = build.reserve();
        let made = arms.into_iter().map(|(when, parts)| Arm { when, body: build.block(parts) }).collect();
        build.put(id, None, Op::Branch(made));
        id
    })
}

pub(crate) fn branch_var(name: &str, then: Vec<Part>, other: Vec<Part>) -> Part {
    let name = name.to_owned();
    part(move |build| {
        let when = Expr::Var(build.var(&name));
        branch(vec![(Some(when), then), (None, other)]).0(build)
    })
}

fn looping(title: &str, make: impl FnOnce(&mut Build) -> Loop + 'static) -> Part {
    let title = title.to_owned();
    part(move |build| {
        let id = build.reserve();
        let looped = make(build);
        build.put(id, Some(&title), Op::Loop(Box::new(looped)));
        id
    })
}

pub(crate) fn each(item: &str, list: &[&str], parallel: Option<Option<u32>>, parts: Vec<Part>) -> Part {
    let (item, list) = (item.to_owned(), Expr::List(list.iter().map(|word| text(word)).collect()));
    looping("each", move |build| {
        let item = build.var(&item);
        let body = build.block(parts);
        let bound = build.vars.iter().position(|var| var.name == "collected");
        let binds = bound.map(|at| VarId(u32::try_from(at).unwrap())).into_iter().collect();
        Loop::For { item, list, parallel, body, binds }
    })
}

pub(crate) fn repeat(at_most: u32, until: &str, parts: Vec<Part>) -> Part {
    let until = until.to_owned();
    looping("repeat", move |build| {
        let body = build.block(parts);
        Loop::Repeat { at_most, body, until: Expr::Var(build.var(&until)) }
    })
}

/// Seconds: every, within, soak.
pub(crate) type Times = (Option<u64>, Option<u64>, Option<u64>);

pub(crate) fn check(title: &str, times: Times, verdict: Option<&str>, parts: Vec<Part>) -> Part {
    let verdict = verdict.map(str::to_owned);
    looping(title, move |build| {
        let body = build.block(parts);
        let verdict = verdict.map(|name| build.var(&name));
        let (every, within, soak) = times;
        Loop::Poll { every: every.map(secs), within: within.map(secs), soak: soak.map(secs), body, verdict }
    })
}

/// A step.
#[derive(Default)]
pub(crate) struct StepPart {
    title: String,
    body: Vec<Part>,
    done_when: Option<Vec<Part>>,
    rollback: Option<(Vec<Part>, bool, bool)>,
    restore: Option<Vec<Part>>,
    irreversible: bool,
    needs: Vec<String>,
    captures: Vec<String>,
    retry: Option<Retry>,
    timeout: Option<u64>,
    atomic: bool,
    idempotent: bool,
    manual: bool,
    condition: Option<Expr>,
}

pub(crate) fn step(title: &str, body: Vec<Part>) -> StepPart {
    StepPart { title: title.into(), body, ..StepPart::default() }
}

/// A step of one program, undone by another: `do x`, `undo x`.
pub(crate) fn simple(name: &str) -> StepPart {
    step(name, vec![run(&format!("do {name}")).into()]).rollback(vec![run(&format!("undo {name}")).into()])
}

impl StepPart {
    pub(crate) fn rollback(mut self, parts: Vec<Part>) -> Self {
        self.rollback = Some((parts, false, false));
        self
    }

    pub(crate) fn once(mut self) -> Self {
        self.rollback = self.rollback.map(|rollback| (rollback.0, true, rollback.2));
        self
    }

    pub(crate) fn best_effort(mut self) -> Self {
        self.rollback = self.rollback.map(|rollback| (rollback.0, rollback.1, true));
        self
    }

    pub(crate) fn restore(mut self, parts: Vec<Part>) -> Self {
        self.restore = Some(parts);
        self
    }

    pub(crate) fn done_when(mut self, parts: Vec<Part>) -> Self {
        self.done_when = Some(parts);
        self
    }

    pub(crate) fn irreversible(mut self) -> Self {
        (self.irreversible, self.rollback) = (true, None);
        self
    }

    pub(crate) fn needs(mut self, var: &str) -> Self {
        self.needs.push(var.into());
        self
    }

    pub(crate) fn captures(mut self, var: &str) -> Self {
        self.captures.push(var.into());
        self
    }

    pub(crate) fn retry(mut self, times: u32, every: u64) -> Self {
        self.retry = Some(Retry { times, every: Some(Box::new(secs(every))) });
        self
    }

    pub(crate) fn timeout(mut self, seconds: u64) -> Self {
        self.timeout = Some(seconds);
        self
    }

    pub(crate) fn atomic(mut self) -> Self {
        self.atomic = true;
        self
    }

    pub(crate) fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    pub(crate) fn manual(mut self) -> Self {
        self.manual = true;
        self
    }

    pub(crate) fn only_if(mut self, condition: Expr) -> Self {
        self.condition = Some(condition);
        self
    }
}

impl From<StepPart> for Part {
    fn from(made: StepPart) -> Self {
        part(move |build| {
            let id = build.reserve();
            let children = made.body.into_iter().map(|part| part.0(build)).collect();
            let undo = |body, once, best_effort| Undo { body, once, best_effort, retry: None };
            let answer = match made.rollback {
                Some((parts, once, best)) => Answer::Rollback(undo(build.block(parts), once, best)),
                None if made.irreversible => Answer::Irreversible,
                None => Answer::Unanswered,
            };
            let vars =
                |build: &mut Build, names: &[String]| names.iter().map(|name| build.var(name)).collect();
            let step = Step {
                condition: made.condition,
                done_when: made.done_when.map(|parts| build.block(parts)),
                undo: answer,
                restore: made.restore.map(|parts| undo(build.block(parts), false, false)),
                needs: vars(build, &made.needs),
                captures: vars(build, &made.captures),
                retry: made.retry,
                timeout: made.timeout.map(secs),
                atomic: made.atomic,
                idempotent: made.idempotent,
                due: None,
                hints: vec![],
                on: None,
                manual: made.manual,
            };
            let group = Group { role: Role::Step(Box::new(step)), mode: Mode::Sequence, children };
            build.put(id, Some(&made.title), Op::Group(Box::new(group)));
            id
        })
    }
}
