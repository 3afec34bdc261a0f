//! Every field of every kind at, below and above each of its limits, and with what is outside its list: the schema
//! itself says what to try, so that a field added tomorrow is tried too.

use serde_json::{Map, Number};

use super::*;
use crate::record::schema::Type;
use crate::record::{Field, List};

type IsRight = fn(&Problem) -> bool;

/// A value, and what is wrong with it; nothing when it is to be taken.
type Case = (Json, Option<IsRight>);

fn intake() -> Intake {
    Intake {
        gemeente: Gemeente::new(9901).unwrap(),
        week: Week::new(2025, 20).unwrap(),
        kind: None,
    }
}

fn fits(json: impl Into<Json>) -> Case {
    (json.into(), None)
}

fn wrong(json: impl Into<Json>, problem: IsRight) -> Case {
    (json.into(), Some(problem))
}

const TYPE: IsRight = |problem| matches!(problem, Problem::WrongType { .. });
const CODE: IsRight = |problem| matches!(problem, Problem::UnknownCode { .. });
const LONG: IsRight = |problem| matches!(problem, Problem::TooLong { .. });
const ITEMS: IsRight = |problem| matches!(problem, Problem::Items { .. });
const RANGE: IsRight = |problem| matches!(problem, Problem::OutOfRange { .. });

/// Counted in characters, not in bytes.
fn text(chars: usize) -> Json {
    "ë".repeat(chars).into()
}

fn local_id(number: usize) -> Json {
    format!("s-{number}").into()
}

fn code(list: List) -> &'static str {
    list.words().first().map_or("wachttijd", |word| word.code)
}

/// Something that this type takes.
fn some(what: Type) -> Json {
    match what {
        Type::Text { .. } => text(1),
        Type::Code(list) => code(list).into(),
        Type::Codes { list, .. } => vec![code(list)].into(),
        Type::Flag => true.into(),
        Type::Number { min, .. } => min.into(),
        Type::Hundredths { min, .. } => hundredths(min),
        Type::Week => "2025-W10".into(),
        Type::Quarter => "2025-Q1".into(),
        Type::Texts { .. } => vec![text(1)].into(),
        Type::Link(_) => local_id(1),
        Type::Links { .. } => vec![local_id(1)].into(),
        Type::Row(columns) => required(columns).into(),
        Type::Rows { columns, .. } => vec![Json::from(required(columns))].into(),
        Type::Counts { list, .. } => Map::from_iter([(code(list).to_owned(), 1.into())]).into(),
    }
}

fn required(fields: &[Field]) -> Map<String, Json> {
    let required = fields.iter().filter(|field| field.required);
    required
        .map(|field| (field.name.to_owned(), some(field.what)))
        .collect()
}

fn hundredths(number: i64) -> Json {
    Number::from_f64(number as f64 / 100.0).into()
}

fn cases(what: Type) -> Vec<Case> {
    match what {
        Type::Text { chars_max } => lengths(chars_max),
        Type::Code(list) => codes(list).into_iter().chain([wrong(7, TYPE)]).collect(),
        Type::Codes { list, max, .. } => {
            let each = codes(list)
                .into_iter()
                .map(|(code, problem)| (vec![code].into(), problem));
            let counts = counted(max, |_| code(list).into());
            each.chain(counts).chain([wrong(7, TYPE)]).collect()
        }
        Type::Flag => vec![fits(true), fits(false), wrong("ja", TYPE), wrong(1, TYPE)],
        Type::Number { min, max } => ranged(min, max, |number| number.into()),
        Type::Hundredths { min, max } => {
            let mut cases = ranged(min, max, hundredths);
            cases.push(wrong(0.125, |problem| matches!(problem, Problem::Decimals)));
            cases
        }
        Type::Week => parsed(
            &["2000-W01", "2199-W52"],
            &["1999-W52", "2200-W01", "2025-W00", "2025-W53", "2025-6"],
        ),
        Type::Quarter => parsed(
            &["2000-Q1", "2199-Q4"],
            &["1999-Q4", "2200-Q1", "2025-Q0", "2025-Q5", "2025"],
        ),
        Type::Texts { items_max, chars_max } => {
            let each = lengths(chars_max).into_iter();
            let each = each.map(|(text, problem)| (vec![text].into(), problem));
            each.chain(counted(items_max, |_| text(1))).collect()
        }
        Type::Link(_) => links(),
        Type::Links { max, .. } => {
            let each = links().into_iter().map(|(link, problem)| (vec![link].into(), problem));
            each.chain(counted(max, local_id)).collect()
        }
        Type::Row(columns) => {
            let mut cases = rows(columns);
            cases.push(wrong("iets", TYPE));
            cases
        }
        Type::Rows { columns, max, numbered } => {
            let each = rows(columns)
                .into_iter()
                .map(|(row, problem)| (vec![row].into(), problem));
            let counts = counted(max, |_| required(columns).into());
            let numbers = row_numbers(columns).into_iter().filter(|_| numbered);
            each.chain(counts).chain(numbers).collect()
        }
        Type::Counts { list, max } => {
            let of = |code: &str, count: i64| Json::from(Map::from_iter([(code.to_owned(), count.into())]));
            let mut cases = ranged(0, max, |count| of(code(list), count));
            cases.push(wrong(of("niemand", 1), CODE));
            cases
        }
    }
}

fn lengths(max: usize) -> Vec<Case> {
    vec![
        fits(text(max - 1)),
        fits(text(max)),
        wrong(text(max + 1), LONG),
        wrong(7, TYPE),
    ]
}

/// Every code of a list, and some that are not in it.
fn codes(list: List) -> Vec<Case> {
    if list == List::Open {
        let of = |chars: usize| "a".repeat(chars);
        return vec![
            fits(of(39)),
            fits(of(40)),
            wrong(of(41), CODE),
            wrong("Met Spatie", CODE),
        ];
    }
    let words = list.words().iter().map(|word| fits(word.code));
    words
        .chain([wrong("niet_in_de_lijst", CODE), wrong("X", CODE)])
        .collect()
}

/// Lists of one fewer than the most, the most, and one more.
fn counted(max: usize, item: impl Fn(usize) -> Json) -> Vec<Case> {
    let list = |count: usize| Json::from((0..count).map(&item).collect::<Vec<_>>());
    vec![fits(list(max - 1)), fits(list(max)), wrong(list(max + 1), ITEMS)]
}

fn ranged(min: i64, max: i64, json: impl Fn(i64) -> Json) -> Vec<Case> {
    let inside = [min, min + 1, max - 1, max].map(|number| fits(json(number)));
    let outside = [min - 1, max + 1].map(|number| wrong(json(number), RANGE));
    inside.into_iter().chain(outside).chain([wrong("veel", TYPE)]).collect()
}

fn parsed(right: &[&str], not: &[&str]) -> Vec<Case> {
    let right = right.iter().map(|text| fits(*text));
    right
        .chain(not.iter().map(|text| wrong(*text, TYPE)))
        .chain([wrong(7, TYPE)])
        .collect()
}

fn links() -> Vec<Case> {
    let of = |chars: usize| "a".repeat(chars);
    vec![
        fits(RecordId([7; 20]).to_string()),
        fits(of(1)),
        fits(of(63)),
        fits(of(64)),
        wrong(of(65), TYPE),
        wrong("twee woorden", TYPE),
        wrong(7, TYPE),
    ]
}

/// Rows with each column in turn at its limits, without each column that must be there, and with one that is not known.
fn rows(columns: &'static [Field]) -> Vec<Case> {
    let mut cases = vec![fits(required(columns))];
    for column in columns {
        for (value, problem) in cases_beside(column) {
            let mut row = required(columns);
            row.extend(value);
            cases.push((row.into(), problem));
        }
        let mut without = required(columns);
        if without.remove(column.name).is_some() && !without.is_empty() {
            cases.push(wrong(without, |problem| matches!(problem, Problem::Missing)));
        }
    }
    let mut unknown = required(columns);
    unknown.insert("onbekende_kolom".to_owned(), 1.into());
    cases.push(wrong(unknown, |problem| {
        matches!(problem, Problem::UnknownField { .. })
    }));
    cases
}

fn row_numbers(columns: &'static [Field]) -> Vec<Case> {
    let of = |number: i64| {
        let mut row = required(columns);
        row.insert("nr".to_owned(), number.into());
        Json::from(vec![row])
    };
    let inside = [1, 2, 9_998, 9_999].map(|number| fits(of(number)));
    let outside = [-1, 0, 10_000].map(|number| wrong(of(number), TYPE));
    inside.into_iter().chain(outside).collect()
}

/// The cases of a field, each with what must be given beside it.
fn cases_beside(field: &Field) -> Vec<(Map<String, Json>, Option<IsRight>)> {
    let beside: &[(&str, Json)] = match field.name {
        "effectmaat" | "yi" | "vi" => &[("effectmaat", "logRR".into()), ("yi", 0.1.into()), ("vi", 0.1.into())],
        // A test of its own says that an experiment ends no sooner than it starts.
        "gepland_einde" => &[("start", "2000-W01".into())],
        "start" => &[("gepland_einde", "2199-W52".into())],
        "vastgelegd" => &[("start", "2199-W52".into()), ("gepland_einde", "2199-W52".into())],
        _ => &[],
    };
    let with = |(value, problem): Case| {
        let mut given: Map<String, Json> = beside
            .iter()
            .map(|(name, json)| ((*name).to_owned(), json.clone()))
            .collect();
        given.insert(field.name.to_owned(), value);
        (given, problem)
    };
    let possible = cases(field.what).into_iter().filter(|case| !is_earlier(field, case));
    possible.map(with).collect()
}

/// Weeks at the end of what can be written are no weeks before another; tests of their own say what must come first.
fn is_earlier(field: &Field, (value, problem): &Case) -> bool {
    let shown = value.to_string();
    let late = field.name == "vastgelegd" && shown.contains("2199-W52");
    let early = field.name == "lidmaatschap" && shown.contains(r#""tot":"2000-W01""#);
    problem.is_none() && (late || early)
}

fn check(kind: Kind, field: &Field, given: Map<String, Json>, problem: Option<IsRight>) {
    let mut record = required(schema::fields(kind));
    record.insert("soort".to_owned(), kind.name().into());
    record.extend(given);
    let shown: String = Json::from(record.clone()).to_string().chars().take(200).collect();
    match (read_json(&record.into(), &intake()), problem) {
        (Ok(input), None) => {
            let fields = if field.local_only { &input.local } else { &input.fields };
            assert!(
                fields.contains_key(field.name),
                "{}: not taken over: {shown}",
                field.name
            );
        }
        (Ok(_), Some(_)) => panic!("{} of {kind:?} was taken: {shown}", field.name),
        (Err(findings), None) => panic!("{} of {kind:?}: {findings:?}: {shown}", field.name),
        (Err(findings), Some(is_right)) => {
            let [finding] = &findings[..] else {
                panic!("{} of {kind:?}: one finding, not {findings:?}: {shown}", field.name)
            };
            let named = finding.path.split(['.', '[']).next();
            assert!(
                named == Some(field.name) && is_right(&finding.problem),
                "{finding:?}: {shown}"
            );
        }
    }
}

#[test]
fn every_field_of_every_kind_keeps_to_its_limits() {
    let mut tried = 0;
    for kind in Kind::ALL {
        for field in schema::fields(kind) {
            for (given, problem) in cases_beside(field) {
                check(kind, field, given, problem);
                tried += 1;
            }
        }
    }
    assert!(tried > 600, "{tried} cases");
}
