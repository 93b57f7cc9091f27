//! What stands behind a `=` in an answers file.

use toml::de::DeValue;

/// A value of TOML that can be an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RawAnswer {
    Bool(bool),
    Text(String),
    /// A number or a time, as written.
    Written(String),
    List(Vec<RawAnswer>),
}

impl RawAnswer {
    /// `None` for a table.
    pub(super) fn of(value: &DeValue) -> Option<Self> {
        Some(match value {
            DeValue::Boolean(truth) => Self::Bool(*truth),
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => Self::Written(number.to_string()),
            DeValue::Float(number) => Self::Written(number.to_string()),
            DeValue::Datetime(time) => Self::Written(time.to_string()),
            DeValue::Array(items) => {
                Self::List(items.iter().map(|item| Self::of(item.get_ref())).collect::<Option<_>>()?)
            }
            DeValue::Table(_) => return None,
        })
    }

    /// As a person would type it.
    pub(super) fn text(&self) -> Result<String, String> {
        match self {
            Self::Bool(truth) => Ok(truth.to_string()),
            Self::Text(text) | Self::Written(text) => Ok(text.clone()),
            Self::List(_) => Err("a list does not fit here".into()),
        }
    }

    /// One text, or several.
    pub(super) fn texts(self) -> Option<Vec<String>> {
        let single = |given: Self| match given {
            Self::Text(text) => Some(text),
            _ => None,
        };
        match self {
            Self::List(items) => items.into_iter().map(single).collect(),
            given => single(given).map(|text| vec![text]),
        }
    }
}
