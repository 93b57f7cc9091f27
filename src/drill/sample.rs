//! Values that stand for what nobody knows before a run: one of the right type, recognisable where it is shown.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use semver::Version;

use crate::value::{Artifact, Type, Value};

/// A value of a type, named after what would hold it.
pub(super) fn sample(ty: &Type, name: &str) -> Value {
    match ty {
        Type::List(_) | Type::Lines => items(ty, name, 1),
        Type::Map(item) => Value::Map(Arc::new(IndexMap::from([(name.to_owned(), sample(item, name))]))),
        _ => nth(ty, name, 0),
    }
}

/// A list of so many different items, as a type of lists has them.
pub(super) fn items(ty: &Type, name: &str, count: usize) -> Value {
    let item = match ty {
        Type::List(item) => item,
        Type::Json | Type::Unknown => ty,
        _ => &Type::Text,
    };
    Value::List(Arc::new((1..=count).map(|number| nth(item, name, number)).collect()))
}

/// One of many: from 1; 0 is the only one.
fn nth(ty: &Type, name: &str, number: usize) -> Value {
    let whole = i64::try_from(number.max(1)).unwrap_or(i64::MAX);
    let label = if number == 0 { name.to_owned() } else { format!("{name} {number}") };
    match ty {
        Type::Int | Type::Number => Value::Int(whole),
        Type::Bool => Value::Bool(number < 2),
        Type::Duration => Value::Duration(Duration::from_secs(10 * whole.unsigned_abs())),
        Type::Size => Value::Size(whole.unsigned_abs() << 30),
        Type::Time => Value::Time(Timestamp::UNIX_EPOCH),
        Type::Version => Value::Version(Version::new(1, 0, number as u64)),
        Type::Url => {
            format!("https://{}.example", label.replace(['_', ' '], "-").to_lowercase()).as_str().into()
        }
        Type::OneOf(words) => {
            let word = words.get(number.saturating_sub(1)).or(words.first());
            word.map_or("", String::as_str).into()
        }
        Type::Artifact => {
            let path = format!("⟨{label}⟩").as_str().into();
            Value::Artifact(Artifact { path, sha256: "00".into(), bytes: 1, on: None })
        }
        Type::List(_) | Type::Lines | Type::Map(_) => sample(ty, &label),
        Type::Text | Type::Path | Type::Secret | Type::Json | Type::Nothing | Type::Unknown => {
            format!("⟨{label}⟩").as_str().into()
        }
    }
}
