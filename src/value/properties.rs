//! Tests of the module around.

use std::sync::Arc;

use proptest::prelude::*;

use super::tests::{hollow, nothing, secret};
use super::*;

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e300..1e300).prop_map(Value::Number),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?(e[+-][0-9]{1,4})?"
            .prop_map(|text| from_json(serde_json::from_str(&text).unwrap())),
        ".{0,8}".prop_map(|text| Value::from(text.as_str())),
        any::<u64>().prop_map(Value::Size),
        (any::<u64>(), 0..1_000_000_000u32)
            .prop_map(|(s, n)| Value::Duration(std::time::Duration::new(s, n))),
        Just(Value::Time(jiff::Timestamp::MAX)),
        Just(Value::Time(jiff::Timestamp::MIN)),
        Just(literal("1.2.3").unwrap()),
        ".{0,4}".prop_map(|text| secret(&text)),
        Just(hollow()),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| Value::List(Arc::new(items))),
            prop::collection::vec((".{0,3}", inner), 0..3)
                .prop_map(|fields| Value::Map(Arc::new(fields.into_iter().collect()))),
        ]
    })
}

const OPS: &[BinaryOp] = &[
    BinaryOp::Or,
    BinaryOp::And,
    BinaryOp::Eq,
    BinaryOp::Ne,
    BinaryOp::Lt,
    BinaryOp::Ge,
    BinaryOp::In,
    BinaryOp::NotIn,
    BinaryOp::Contains,
    BinaryOp::Matches,
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
];

const TYPES: &[Type] = &[
    Type::Text,
    Type::Int,
    Type::Number,
    Type::Bool,
    Type::Duration,
    Type::Size,
    Type::Time,
    Type::Version,
    Type::Url,
    Type::Path,
    Type::Secret,
    Type::Json,
    Type::Lines,
    Type::Artifact,
];

fn any_expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![9 => any_value().prop_map(Expr::Const), 1 => Just(Expr::Var(VarId(0)))];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new).boxed();
        prop_oneof![
            (0..OPS.len(), boxed.clone(), boxed.clone()).prop_map(|(op, a, b)| Expr::Binary(OPS[op], a, b)),
            (0..functions::TABLE.len(), prop::collection::vec(inner.clone(), 0..3))
                .prop_map(|(at, args)| Expr::Call(functions::TABLE[at].function, args)),
            (0..TYPES.len(), boxed.clone()).prop_map(|(ty, of)| Expr::Convert(TYPES[ty].clone(), of)),
            (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Expr::Index(a, b)),
            (boxed.clone(), ".{0,3}").prop_map(|(a, name)| Expr::Field(a, name)),
            boxed.clone().prop_map(Expr::Neg),
            boxed.prop_map(Expr::Not),
            inner.prop_map(|value| Expr::Text(vec![Piece::Value(value)])),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn eval_never_panics_and_numbers_stay_finite(expr in any_expr()) {
        if let Ok(Value::Number(number)) = eval(&expr, &nothing()) {
            prop_assert!(number.is_finite());
        }
    }

    #[test]
    fn a_number_of_json_is_written_as_it_was(text in "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?(e[+-][0-9]{1,4})?") {
        let value = from_json(serde_json::from_str(&text).unwrap());
        prop_assert_eq!(to_json(&value).to_string(), text.clone());
        prop_assert_eq!(value.to_text(), text);
    }

    #[test]
    fn reading_never_panics(text in "[-0-9.smhdGiBk ]{0,12}") {
        let _ = literal(&text);
        for ty in TYPES {
            let _ = coerce(ty, &text);
        }
    }

    #[test]
    fn measures_read_back(bytes: u64, millis in 0..u64::from(u32::MAX)) {
        let duration = Value::Duration(std::time::Duration::from_millis(millis));
        for (ty, value) in [(Type::Size, Value::Size(bytes)), (Type::Duration, duration)] {
            prop_assert_eq!(convert(&ty, value.to_text().as_str().into()).unwrap(), value);
        }
    }
}
