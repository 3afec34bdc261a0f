//! Blanks out what is not code, so that a rule about code is not set off by a text that talks about it.

/// The same text with comments and the insides of strings and characters replaced by spaces. Lines stay lines and bytes stay
/// where they were.
pub fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match text_end(bytes, at) {
            Some(end) => end,
            None => {
                out.push(bytes[at]);
                at += 1;
                continue;
            }
        };
        out.extend(
            bytes[at..end]
                .iter()
                .map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }),
        );
        at = end;
    }
    String::from_utf8(out).expect("whole comments and literals were replaced by ASCII, the rest is as it was")
}

/// Where the comment or literal that starts here ends; `None` where no such thing starts.
fn text_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let previous_is_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => Some(at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())),
        [b'/', b'*', ..] => Some(at + block_comment(rest)),
        [b'r', b'"' | b'#', ..] | [b'b' | b'c', b'r', b'"' | b'#', ..] if !previous_is_word => {
            raw_string(rest).map(|length| at + length)
        }
        [b'"', ..] => Some(at + quoted(rest, b'"')),
        [b'\'', ..] => character(rest).map(|length| at + length),
        _ => None,
    }
}

/// Block comments nest.
fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// `r"…"`, `r#"…"#` and the same for bytes; `None` for a raw identifier such as `r#type`.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let prefix = rest.iter().position(|byte| *byte == b'r')? + 1;
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    let length = rest[open + 1..]
        .windows(close.len())
        .position(|window| window == close.as_slice());
    Some(length.map_or(rest.len(), |length| open + 1 + length + close.len()))
}

/// The length of what stands between two quotes, quotes included; a backslash takes the next byte with it.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// A character literal, and not a lifetime or a label.
fn character(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return Some(quoted(rest, b'\''));
    }
    let width = match rest.get(1)? {
        0x00..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> String {
        blank(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_literals_go_and_code_stays() {
        assert_eq!(code_of("a(); // b()\nc();"), "a(); c();");
        assert_eq!(code_of("a(); /* b() /* c() */ d() */ e();"), "a(); e();");
        assert_eq!(code_of(r#"a("b\"c", d);"#), "a( , d);");
        assert_eq!(code_of("a(r#\"b\" c\"#, d);"), "a( , d);");
        assert_eq!(code_of("a(br\"b\", d);"), "a( , d);");
        assert_eq!(
            code_of(r"if c == '\'' || c == '{' || c == 'é' { a() }"),
            "if c == || c == || c == { a() }"
        );
        assert_eq!(
            code_of("fn a<'a>(x: &'a str) -> &'static str {}"),
            "fn a<'a>(x: &'a str) -> &'static str {}"
        );
        assert_eq!(code_of("let r#type = for_r;"), "let r#type = for_r;");
    }

    #[test]
    fn bytes_and_lines_stay_where_they_were() {
        let text = "a(\"één\nregel\"); // é\nb();";
        let code = blank(text);
        assert_eq!(code.len(), text.len());
        assert_eq!(code.find("b()"), text.find("b()"));
        assert_eq!(code.lines().count(), text.lines().count());
    }
}
