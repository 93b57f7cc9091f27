//! Going over expressions: what stands directly inside one, and the variables anywhere in it.

use super::{Expr, Piece, VarId};

/// Goes over the parts of an expression, once to read and once to change them.
macro_rules! parts {
    ($parts:ident, $iter:ident $(, $mutable:tt)?) => {
        impl Expr {
            /// Calls `f` with every expression directly inside this one, in order.
            pub fn $parts(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Self)) {
                match self {
                    Self::Const(_) | Self::Var(_) => {}
                    Self::Text(pieces) => {
                        for piece in pieces {
                            if let Piece::Value(value) = piece {
                                f(value);
                            }
                        }
                    }
                    Self::Field(of, _)
                    | Self::Not(of)
                    | Self::Neg(of)
                    | Self::Convert(_, of)
                    | Self::At(_, of) => f(of),
                    Self::Index(a, b) | Self::Binary(_, a, b) => {
                        f(a);
                        f(b);
                    }
                    Self::If(a, b, c) => [a, b, c].into_iter().for_each(|part| f(part)),
                    Self::List(items) | Self::Call(_, items) => items.$iter().for_each(f),
                    Self::Map(entries) => entries.$iter().for_each(|(_, value)| f(value)),
                    Self::Jq { input, vars, .. } => {
                        f(input);
                        vars.$iter().for_each(|(_, value)| f(value));
                    }
                }
            }
        }
    };
}

parts!(parts, iter);
parts!(parts_mut, iter_mut, mut);

impl Expr {
    /// Calls `f` with every variable in it, in order.
    pub fn vars(&self, f: &mut dyn FnMut(VarId)) {
        if let Self::Var(var) = self {
            f(*var);
        }
        self.parts(&mut |part| part.vars(f));
    }

    /// The text of a title without its values, where they are out of reach.
    #[must_use]
    pub fn fixed_text(&self) -> String {
        match self {
            Self::At(_, inner) => inner.fixed_text(),
            Self::Const(value) => value.to_text(),
            Self::Text(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Value(_) => "…",
                })
                .collect(),
            _ => "…".to_owned(),
        }
    }
}
