//! The stable codes of diagnostics: `E…` errors, `W…` warnings.
//!
//! The first two digits say what it is about ([`Family`]); a code is never given a new meaning.

/// A stable code with the one-line title that tables print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// `E0207`.
    pub id: &'static str,
    /// What it is about, without the particulars.
    pub title: &'static str,
    /// What codes with the same first digits are about.
    pub family: Family,
}

/// What codes are about, in the order in which a runbook is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// `00`: reading files.
    Files,
    /// `01`: what stands in a line.
    Syntax,
    /// `02`: names and types.
    Names,
    /// `03`: statements, and where they stand.
    Statements,
    /// `04`: undo and plan.
    Plan,
    /// `05`: bowline.toml, and what it names.
    Config,
}

impl Code {
    /// Whether it is a lint, however loud that is.
    #[must_use]
    pub fn is_lint(self) -> bool {
        self.id.starts_with('W')
    }
}

macro_rules! codes {
    ($($family:ident { $($name:ident = $id:literal, $title:literal;)* })*) => {
        $($(
            #[doc = $title]
            pub const $name: Code = Code { id: $id, title: $title, family: Family::$family };
        )*)*
        /// Every code, in order.
        pub const ALL: &[Code] = &[$($($name),*),*];
    };
}

codes! {
    Files {
        UNREADABLE = "E0001", "the file cannot be read";
        TOO_LARGE = "E0002", "the file is larger than 64 MiB";
        NOT_UTF8 = "E0003", "the file is not UTF-8";
        TOO_DEEP = "E0004", "nesting goes deeper than 256";
        CONTROL = "E0005", "a control character stands in the file";
    }
    Syntax {
        BAD_LINE = "E0101", "the line is not a statement";
        UNCLOSED = "E0102", "something opened is never closed";
        STRAY_CLOSE = "E0103", "a closing brace has no opening one";
        LEFTOVER = "E0104", "words after the end of a statement";
        SHELL_SYNTAX = "E0105", "shell syntax on a run line";
        BAD_LITERAL = "E0106", "a literal is malformed";
    }
    Names {
        UNKNOWN_NAME = "E0201", "nothing has this name";
        TAKEN_NAME = "E0202", "the name is taken";
        NOT_ON_EVERY_PATH = "E0203", "a value is not there on every path";
        USED_BEFORE_BOUND = "E0204", "a value is used before it is bound";
        UNREAD_DECISION = "E0205", "a decision is bound and never read";
        EQUAL_TITLES = "E0206", "two statements in one scope have the same title";
        TYPE_MISMATCH = "E0207", "a value is of the wrong type";
        UNKNOWN_TYPE = "E0208", "no type has this name";
        NO_SUCH_PART = "E0209", "a value has no such part";
        UNKNOWN_FUNCTION = "E0210", "no function has this name";
        BAD_ARGUMENTS = "E0211", "the arguments do not fit";
        UNKNOWN_FILE = "E0212", "no module or runbook has this name";
        CYCLE = "E0213", "something takes itself in";
        NOT_FIXED = "E0214", "a value must be fixed in the file";
        BAD_REGEX = "E0215", "a regular expression is malformed";
        BAD_JQ = "E0216", "a jq program is malformed";
        SECRET_REVEALED = "E0217", "a secret goes where it would not stay one";
        NOTHING_TO_BIND = "E0218", "a value is bound where there is none, or left where there is one";
        NO_RETURN = "E0219", "a definition does not return what it promises";
        BAD_HEADER = "E0220", "a file does not begin as it must";
        NO_LOOK_HERE = "E0221", "a module check is asked where nothing runs yet";
        BAD_VALUE = "E0222", "a text is not a value of its type";
        UNUSED_INPUT = "W0201", "an input is never used";
        UNUSED_BINDING = "W0202", "a binding is never used";
        SECRET_ARGUMENT = "W0203", "a secret stands on a command line";
        UNUSED_MODULE = "W0204", "a module is never used";
    }
    Statements {
        UNKNOWN_KEYWORD = "E0301", "no statement begins with this word";
        MISPLACED = "E0302", "a statement cannot stand here";
        MISSING_OPERAND = "E0303", "a statement lacks what it needs";
        SURPLUS_OPERAND = "E0304", "a statement is given more than it takes";
        UNKNOWN_OPTION = "E0305", "a statement has no such option";
        REPEATED_OPTION = "E0306", "an option is given twice";
        BAD_OPTION = "E0307", "an option is incomplete";
        BAD_BLOCK = "E0308", "a block is missing or surplus";
        BAD_TAIL = "E0309", "what follows the block does not belong to it";
        LOOK_NEEDED = "E0310", "an effect stands outside a step";
        LOOK_SURPLUS = "E0311", "`look` stands before what it does not apply to";
        STEP_NOT_ALONE = "E0312", "a module step is not the whole of its step";
        UNREACHABLE = "W0301", "a statement is never reached";
        DEPRECATED = "W0302", "something deprecated is used";
    }
    Plan {
        OUT_OF_RANGE = "E0401", "a number is out of range";
        NOT_A_FIXED_NUMBER = "E0402", "a number must be fixed in the file";
        NEEDS_OPTION = "E0403", "a statement lacks an option that it needs";
        TWICE = "E0404", "something is said twice that may be said once";
        NOT_A_MOMENT = "E0405", "a time is not one that can be waited for";
        UNKNOWN_STEP = "E0406", "no step has this title";
        PLAN_TOO_DEEP = "E0408", "the plan is nested too deep";
        PLAN_TOO_LARGE = "E0409", "the plan is too large";
        BAD_WINDOW = "E0410", "a window is malformed";
        NO_UNDO = "E0411", "a rollback does not say how";
        NOT_TOP_LEVEL = "E0412", "a statement for the whole run stands too deep";
        END_BESIDE_OTHERS = "E0413", "an end stands where others run beside it";
        UNKNOWN_LANGUAGE = "E0414", "a script is in no known language";
        TERMINAL_ON_TARGET = "E0415", "a program on a target wants the terminal";
        NO_END_SAID = "E0416", "a scenario does not say how the run ends";
        UNKNOWN_END = "E0417", "no run ends so";
        NOT_CALLED_SO = "E0418", "nothing in the runbook is called what a scenario names";
        EMPTY_UNDO = "E0419", "nothing stands in an undo";
        NO_UNDO_ANSWER = "W0401", "a step gives no answer about undo";
        VALUE_IN_PROGRAM = "W0402", "a value is pasted into program text";
        CHECK_WITHOUT_EXPECT = "W0403", "a check expects nothing";
        RESTORE_AT_END = "W0404", "a restore has nothing to protect";
        RESTORE_BEFORE_ROLLBACK = "W0405", "a rollback may run after what it needs was put back";
        LARGE_STEP = "W0406", "a step with a long rollback changes several things";
        ROLLBACK_CROSSES = "W0407", "a rollback crosses an irreversible step";
        WITHIN_TOO_SHORT = "W0408", "`within` is shorter than `every`";
        IDLE_ALLOW = "W0409", "an `allow` silences nothing";
        IDLE_UNDO = "W0410", "an undo belongs to a step that only looks";
        EMPTY_STEP = "W0411", "a step does nothing";
        NAME_IN_TEXT = "W0412", "a text holds the name of a value";
        HALVED_TEMPLATE = "W0413", "a template of a program loses half of its braces";
        QUOTED_COMMAND = "W0414", "a whole command stands in quotes";
        BARE_SECRET = "W0415", "a secret is made of a value that is shown";
    }
    Config {
        CONFIG_SYNTAX = "E0501", "bowline.toml is no TOML";
        CONFIG_KEY = "E0502", "bowline.toml has no such key";
        CONFIG_TYPE = "E0503", "a value in bowline.toml is of the wrong type";
        CONFIG_VALUE = "E0504", "a value in bowline.toml is not right";
        CONFIG_SECRET = "E0505", "bowline.toml holds a secret";
        CONFIG_NAME = "E0506", "a name in bowline.toml is that of nothing";
        CONFIG_OWNER = "E0507", "bowline.toml belongs to somebody else";
        UNKNOWN_GROUP = "E0511", "no group has this name";
        UNKNOWN_ROLE = "E0512", "no role has this name";
        UNKNOWN_TARGET = "E0513", "no target has this name";
        SMALL_GROUP = "W0501", "a group has too few people";
        UNKNOWN_CHANNEL = "W0502", "no channel has this name";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_digits_of_a_code_are_those_of_its_family() {
        for code in ALL {
            let digits: u8 = code.id[1..3].parse().unwrap();
            assert_eq!(digits, code.family as u8, "{}", code.id);
        }
    }
}
