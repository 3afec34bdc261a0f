//! Help texts, as people see them.

use protocol::api::Lang;

use super::{golden, run};
use crate::args;

fn help(words: &[&str], lang: &str) -> String {
    let words = [words, &["--help", "--lang", lang]].concat();
    let ran = run(&words, "", &[]);
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""), "{words:?}");
    ran.output
}

/// Every command with its subcommands, as words.
fn commands(command: &clap::Command, words: &[String], found: &mut Vec<Vec<String>>) {
    found.push(words.to_vec());
    for sub in command.get_subcommands() {
        let mut words = words.to_vec();
        words.push(sub.get_name().to_owned());
        commands(sub, &words, found);
    }
}

#[test]
fn help_texts_are_as_agreed() {
    for (lang, code) in [(Lang::Nl, "nl"), (Lang::En, "en")] {
        let mut all = Vec::new();
        commands(&args::command(lang), &[], &mut all);
        let texts = all.iter().map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            format!("$ leerkring {}\n{}\n", words.join(" "), help(&words, code))
        });
        golden::check(&format!("help.{code}.txt"), &texts.collect::<String>());
    }
}

#[test]
fn no_line_of_help_is_wider_than_a_screen() {
    for code in ["nl", "en"] {
        let text = help(&[], code);
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 100, "{widest}");
    }
}
