//! README promises nothing that is not there: every `leerkring …` in it is a command that the executable knows.

use std::collections::BTreeSet;

use super::Finding;

/// The commands that a text shows: the first word after `leerkring ` (or after `cargo run --release -- `) in a code block or
/// between backticks, with its line.
pub fn commands(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_block = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        let spans: Vec<&str> = if in_block {
            vec![line]
        } else {
            line.split('`').skip(1).step_by(2).collect()
        };
        found.extend(
            spans
                .into_iter()
                .filter_map(command)
                .map(|command| (index + 1, command)),
        );
    }
    found
}

fn command(span: &str) -> Option<String> {
    let typed = span.trim().trim_start_matches("$ ");
    let rest = ["leerkring ", "cargo run --release -- "]
        .iter()
        .find_map(|start| typed.strip_prefix(start))?;
    let word = rest.split_whitespace().find(|word| !word.starts_with('-'))?;
    let word: String = word
        .chars()
        .take_while(|c| c.is_ascii_lowercase() || *c == '-')
        .collect();
    (!word.is_empty()).then_some(word)
}

/// Commands that a text shows and the executable does not know.
pub fn findings(path: &str, text: &str, known: &BTreeSet<String>) -> Vec<Finding> {
    let shown = commands(text).into_iter();
    let unknown = shown.filter(|(_, command)| !known.contains(command));
    unknown
        .map(|(line, command)| Finding::at(path, line, format!("leerkring has no command {command}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_where_they_are_typed() {
        let text = "Not leerkring here. `leerkring list --json`, `cargo run --release -- demo`.\n```\n$ leerkring --json show ID\n# text\n```\n";
        let found: Vec<String> = commands(text)
            .into_iter()
            .map(|(line, command)| format!("{line} {command}"))
            .collect();
        assert_eq!(found, ["1 list", "1 demo", "3 show"]);
    }

    #[test]
    fn an_unknown_command_is_found() {
        let known = BTreeSet::from(["list".to_owned()]);
        assert_eq!(findings("README.md", "`leerkring list`", &known), []);
        let found = findings("README.md", "\n`leerkring vote`", &known);
        assert_eq!(found, [Finding::at("README.md", 2, "leerkring has no command vote")]);
    }
}
