//! `run --from STEP --because WHY`: which step is meant, and what beginning there leaves out.

use crate::cli::Stop;
use crate::cli::inputs::Values;
use crate::cli::out::Console;
use crate::diag::nearest;
use crate::event::{Actor, Fact};
use crate::plan::{Answer, LateStart, NoLateStart, NodeId, Plan};
use crate::run::is_called;
use crate::view::plan::Known;

/// The fact that a run begins late, at the step that is named, and why; says what it leaves out.
pub(super) fn start(
    plan: &Plan,
    values: &Values,
    (named, why): (&str, &str),
    by: &Actor,
) -> Result<Fact, Stop> {
    let steps = Steps::of(plan, values);
    let node = steps.called(named)?;
    let late = plan
        .late_start(node)
        .map_err(|why| Stop::usage(format!("--from {named:?}: {}", steps.refusal(why))))?;
    Console.say(&steps.told(named, &late));
    Ok(Fact::StartedLate { node, place: named.to_owned(), why: why.to_owned(), by: by.clone() })
}

/// The steps of a plan with their paths.
struct Steps<'a> {
    plan: &'a Plan,
    known: Known<'a>,
    paths: Vec<(NodeId, String)>,
}

impl<'a> Steps<'a> {
    fn of(plan: &'a Plan, values: &Values) -> Self {
        let known = Known::new(plan, values.clone());
        let parents = plan.parents();
        let steps = (0..).map(NodeId).take(plan.nodes.len()).filter(|id| plan.step(*id).is_some());
        let paths = steps.map(|id| (id, known.path(id, &parents))).collect();
        Self { plan, known, paths }
    }

    /// The one step whose path ends so.
    fn called(&self, named: &str) -> Result<NodeId, Stop> {
        let found: Vec<_> = self.paths.iter().filter(|(_, path)| is_called(path, named)).collect();
        match found.as_slice() {
            [(node, _)] => Ok(*node),
            [] => {
                let titles: Vec<String> =
                    self.paths.iter().filter_map(|(node, _)| self.known.title(*node)).collect();
                let near = nearest(named, titles.iter().map(String::as_str));
                let near = near.map_or("`bowline plan` shows the steps".into(), |near| {
                    format!("did you mean {near:?}?")
                });
                Err(Stop::usage(format!("--from {named:?}: no step is called that; {near}")))
            }
            several => {
                let lines = several.iter().fold(String::new(), |all, (_, path)| all + "\n  " + path);
                Err(Stop::usage(format!(
                    "--from {named:?}: more than one step is called that; say which:{lines}"
                )))
            }
        }
    }

    fn refusal(&self, why: NoLateStart) -> String {
        match why {
            NoLateStart::NotInLine => {
                "a run can begin only at a step of its main line, not at one in a loop, beside others, in an `otherwise` \
                 or in an undo"
                    .into()
            }
            NoLateStart::Needs { reader, value, giver } => {
                let name = self.plan.var(value).map_or("", |var| var.name.as_str());
                let (reader, giver) = (self.near(reader), self.near(giver));
                format!("{reader} needs `{name}`, which {giver} gives, and that would be left out")
            }
        }
    }

    /// What a node is called, or the nearest thing around it that has a title.
    fn near(&self, node: NodeId) -> String {
        let parents = self.plan.parents();
        let up = |at: &NodeId| parents.get(at.0 as usize).copied().filter(|_| *at != Plan::ROOT);
        let title = std::iter::successors(Some(node), up).find_map(|at| self.known.title(at));
        title.map_or_else(|| "something outside any step".into(), |title| format!("{title:?}"))
    }

    /// What is left out: steps, values, and what is not undone if the run fails.
    fn told(&self, named: &str, late: &LateStart) -> String {
        let steps = || late.left_out.iter().copied().filter(|node| self.plan.step(*node).is_some());
        let titled = |node| self.known.title(node).map(|title| format!("{title:?}"));
        let undone = |node: &NodeId| {
            let step = self.plan.step(*node);
            step.is_some_and(|step| matches!(step.undo, Answer::Rollback(_)) || step.restore.is_some())
        };
        let values = late.values.iter().filter_map(|var| Some(format!("`{}`", self.plan.var(*var)?.name)));
        let rows = [
            ("left out", steps().filter_map(titled).collect::<Vec<_>>()),
            ("not undone", steps().filter(undone).filter_map(titled).collect()),
            ("not known", values.collect()),
        ];
        let rows = rows.into_iter().filter(|(_, list)| !list.is_empty());
        let lines = rows.map(|(what, list)| format!("  {what:<10}  {}\n", list.join(", ")));
        format!("begins at {named:?}\n{}", lines.collect::<String>())
    }
}
