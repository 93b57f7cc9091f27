//! How a stored type is declared beside the type that it keeps.

use std::sync::Arc;

use indexmap::IndexMap;

/// A stored type: one per type of the vocabulary, the same fact in a form that stays.
pub(super) trait Stored {
    /// What it keeps.
    type Of;
    /// The stored form.
    fn of(live: &Self::Of) -> Self;
    /// What was kept.
    fn back(self) -> Self::Of;
}

/// Types that are stored as they are.
macro_rules! as_is {
    ($($ty:ty),* $(,)?) => {$(
        impl Stored for $ty {
            type Of = $ty;
            fn of(live: &$ty) -> Self { live.clone() }
            fn back(self) -> $ty { self }
        }
    )*};
}

/// Declares stored types beside what they keep: the same names, written in snake case. A variant or field
/// that stands on one side only is an error of the compiler.
macro_rules! stored {
    () => {};
    (enum $name:ident keeps $live:ty {
        $($variant:ident $(($slot:ident: $inner:ty))? $({ $($field:ident: $ty:ty),* $(,)? })?),* $(,)?
    } $($rest:tt)*) => {
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($variant $(($inner))? $({ $($field: $ty),* })?),* }

        impl Stored for $name {
            type Of = $live;
            fn of(live: &$live) -> Self {
                type Live = $live;
                match live {
                    $(Live::$variant $(($slot))? $({ $($field),* })? =>
                        Self::$variant $((Stored::of($slot)))? $({ $($field: Stored::of($field)),* })?,)*
                }
            }
            fn back(self) -> $live {
                type Live = $live;
                match self {
                    $(Self::$variant $(($slot))? $({ $($field),* })? =>
                        Live::$variant $(($slot.back()))? $({ $($field: $field.back()),* })?,)*
                }
            }
        }

        stored!($($rest)*);
    };
    (struct $name:ident keeps $live:path { $($field:ident: $ty:ty),* $(,)? } $($rest:tt)*) => {
        #[derive(Serialize, Deserialize)]
        pub(super) struct $name { $($field: $ty),* }

        impl Stored for $name {
            type Of = $live;
            fn of(live: &$live) -> Self {
                let $live { $($field),* } = live;
                Self { $($field: Stored::of($field)),* }
            }
            fn back(self) -> $live {
                $live { $($field: self.$field.back()),* }
            }
        }

        stored!($($rest)*);
    };
    (number $name:ident($ty:ty) keeps $live:path; $($rest:tt)*) => {
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub(super) struct $name($ty);

        impl Stored for $name {
            type Of = $live;
            fn of(live: &$live) -> Self { Self(live.0) }
            fn back(self) -> $live { $live(self.0) }
        }

        stored!($($rest)*);
    };
}

pub(super) use stored;

as_is!(bool, u32, u64, i32, String, Arc<str>, jiff::Timestamp);

impl<V: Stored> Stored for Option<V> {
    type Of = Option<V::Of>;
    fn of(live: &Self::Of) -> Self {
        live.as_ref().map(V::of)
    }
    fn back(self) -> Self::Of {
        self.map(V::back)
    }
}

impl<V: Stored> Stored for Vec<V> {
    type Of = Vec<V::Of>;
    fn of(live: &Self::Of) -> Self {
        live.iter().map(V::of).collect()
    }
    fn back(self) -> Self::Of {
        self.into_iter().map(V::back).collect()
    }
}

impl<V: Stored> Stored for IndexMap<String, V> {
    type Of = IndexMap<String, V::Of>;
    fn of(live: &Self::Of) -> Self {
        live.iter().map(|(name, value)| (name.clone(), V::of(value))).collect()
    }
    fn back(self) -> Self::Of {
        self.into_iter().map(|(name, value)| (name, value.back())).collect()
    }
}

impl<A: Stored, B: Stored> Stored for (A, B) {
    type Of = (A::Of, B::Of);
    fn of(live: &Self::Of) -> Self {
        (A::of(&live.0), B::of(&live.1))
    }
    fn back(self) -> Self::Of {
        (self.0.back(), self.1.back())
    }
}
