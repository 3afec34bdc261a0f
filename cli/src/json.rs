//! Why a line is not the JSON that was expected, in the language of the reader: the reader of JSON speaks English only.

use protocol::api::Message;
use serde_json::error::Category;

/// What is wrong, and where in the line.
#[must_use]
pub fn fault(error: &serde_json::Error) -> Message {
    let text = error.to_string();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let what = match error.classify() {
        Category::Eof => "de JSON houdt op voor haar einde".to_owned(),
        Category::Syntax => "dit is geen JSON".to_owned(),
        Category::Io => "dit is niet te lezen".to_owned(),
        Category::Data if text.starts_with("missing field") => format!("het veld {quoted} ontbreekt"),
        Category::Data if text.starts_with("unknown field") => format!("het veld {quoted} bestaat niet"),
        Category::Data if text.starts_with("duplicate field") => format!("het veld {quoted} staat er twee keer"),
        Category::Data if text.starts_with("unknown variant") => format!("{quoted} is hier geen keuze"),
        Category::Data if text.starts_with("invalid type") => "hier hoort een waarde van een andere soort".to_owned(),
        Category::Data => "hier hoort een andere waarde".to_owned(),
    };
    let place = match error.column() {
        0 => String::new(),
        column => format!(" (teken {column})"),
    };
    Message::with(format!("{what}{place}"), text)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[serde(rename = "id")]
        _id: u32,
        #[serde(rename = "soort")]
        _kind: Kind,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        One,
    }

    #[test]
    fn what_is_wrong_with_json_is_told_in_dutch_with_its_place() {
        let told = |line: &str| fault(&serde_json::from_str::<Line>(line).unwrap_err()).nl;
        for (line, expected) in [
            (r#"{"id": 1"#, "de JSON houdt op voor haar einde (teken 8)"),
            ("hallo", "dit is geen JSON (teken 1)"),
            (r#"{"id": 1}"#, "het veld soort ontbreekt (teken 9)"),
            (r#"{"id": 1, "naam": 2}"#, "het veld naam bestaat niet (teken 16)"),
            (r#"{"id": 1, "id": 1}"#, "het veld id staat er twee keer (teken 14)"),
            (
                r#"{"id": "een"}"#,
                "hier hoort een waarde van een andere soort (teken 12)",
            ),
            (r#"{"id": -1}"#, "hier hoort een andere waarde (teken 9)"),
            (r#"{"id": 1, "soort": "two"}"#, "two is hier geen keuze (teken 24)"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }
}
