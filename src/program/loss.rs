//! What is said of a name that is not surely bound: why, which path, and what to do.

use super::scope::Why;

impl Why {
    /// The sentence after the name, `bound` and `path` being lines.
    pub(super) fn sentence(self, bound: u32, path: u32) -> String {
        match self {
            Self::Item => format!("is the item of the `for` on line {bound} and exists only inside it"),
            Self::Inner(word) => {
                format!("is bound on line {bound}, inside {}, and exists only there", block_words(word))
            }
            Self::Sibling => {
                format!(
                    "is bound on line {bound}, in another branch of the `parallel`, which runs at the same time"
                )
            }
            why => format!("is bound on line {bound}, but {}", why.but(path)),
        }
    }

    fn but(self, path: u32) -> String {
        match self {
            Self::NoElse => format!("not when the condition of line {path} does not hold"),
            Self::Skipped => {
                format!("its statement is skipped when the condition of line {path} does not hold")
            }
            Self::InPlace => {
                format!("its step does nothing when the `done when` of line {path} already holds")
            }
            Self::OtherBranch => "that is another branch".to_owned(),
            Self::Undone => "the `attempt` that bound it was undone here".to_owned(),
            Self::Verdict => format!("not when the answer of line {path} is a \"no\""),
            Self::Differs => format!("is of another type on the branch of line {path}"),
            Self::Branch | Self::Item | Self::Inner(_) | Self::Sibling => {
                format!("not on the branch of line {path}")
            }
        }
    }

    /// The words beside the place that makes it so.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Branch => "not bound on this path",
            Self::NoElse => "not bound when this does not hold: there is no `else`",
            Self::Skipped => "skipped when this does not hold",
            Self::InPlace => "not bound when this holds",
            Self::Verdict => "a \"no\" here leaves it unbound",
            Self::Differs => "another type here",
            Self::OtherBranch | Self::Sibling | Self::Inner(_) | Self::Item | Self::Undone => {
                "only inside this"
            }
        }
    }

    /// What to do about it.
    pub(super) fn way_out(self, name: &str) -> String {
        match self {
            Self::Branch | Self::NoElse => {
                format!("bind `{name}` on every branch, or use it inside the one that binds it")
            }
            Self::Skipped => {
                format!("use `{name}` under the same condition, or bind it before the statement")
            }
            Self::InPlace => {
                format!("bind `{name}` inside `done when` too, or in a `check` after the step")
            }
            Self::OtherBranch => format!("bind `{name}` before the branches"),
            Self::Undone => format!("bind `{name}` before the `attempt`"),
            Self::Sibling => format!("use `{name}` after the `parallel`"),
            Self::Inner(_) => format!("bind `{name}` outside of it"),
            Self::Item => "use it inside the `for`".to_owned(),
            Self::Verdict => format!("bind `{name}` before it"),
            Self::Differs => {
                format!("give `{name}` the same type on every branch, as in `let {name}: text = …`")
            }
        }
    }
}

fn block_words(word: &str) -> String {
    match word {
        "done" => "a `done when`".into(),
        "after" | "before" => format!("the handler `{word} …`"),
        word => format!("a `{word}`"),
    }
}
