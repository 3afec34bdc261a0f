//! The account of a kring as it is read, edited or printed.

use protocol::api::{Lang, Message, Verantwoording, VerantwoordingRegel};
use protocol::gate::MEANT;
use protocol::id::Gemeente;

use crate::args::learning::Form;
use crate::learning::agenda::{in_html, in_markdown};
use crate::output::{Output, Stop, plain};

/// Characters of an id that a reader can type.
const ID_CHARS: usize = 10;

/// Shows an account in a form.
pub(super) fn show(account: &Verantwoording, form: Form, output: &mut Output<'_>) -> Result<(), Stop> {
    let lang = output.lang;
    match form {
        Form::Text => text(account, output),
        Form::Markdown => output.bytes(markdown(account, lang).as_bytes()),
        Form::Html => output.bytes(html(account, lang).as_bytes()),
    }
}

fn title(account: &Verantwoording, lang: Lang) -> String {
    let (name, quarter, week) = (&account.naam, account.kwartaal, account.peilweek);
    lang.pick(
        format!("{name}, {quarter}, zoals het staat in {week}"),
        format!("{name}, {quarter}, as it stands in {week}"),
    )
}

/// Who is in it, and who came and went.
fn who(account: &Verantwoording, lang: Lang) -> Vec<String> {
    let codes = |gemeenten: &[Gemeente]| {
        let codes: Vec<String> = gemeenten.iter().map(ToString::to_string).collect();
        codes.join(", ")
    };
    let line = |(nl, en): (&str, &str), gemeenten: &[Gemeente]| {
        let line = format!("{}: {}", lang.pick(nl, en), codes(gemeenten));
        (!gemeenten.is_empty()).then_some(line)
    };
    [
        line(("Leden", "Members"), &account.leden),
        line(("Erbij gekomen", "Came in"), &account.toegetreden),
        line(("Weggegaan", "Left"), &account.vertrokken),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The lines under each heading, in order.
fn headed(account: &Verantwoording) -> impl Iterator<Item = (&str, &[VerantwoordingRegel])> {
    let groups = account.regels.chunk_by(|one, next| one.deel == next.deel);
    groups.map(|lines| (lines.first().map_or("", |line| line.kop.as_str()), lines))
}

/// What one line says: the title apart, since a reader looks for that.
fn said(line: &VerantwoordingRegel) -> (String, String) {
    let nr = line.afspraak.map(|nr| format!("/{nr}")).unwrap_or_default();
    let id: String = line.id.chars().take(ID_CHARS).collect();
    let outcome = line
        .uitkomst
        .as_ref()
        .map(|outcome| format!(", {outcome}"))
        .unwrap_or_default();
    let (week, code, what, kind, state) = (line.week, line.gemeente, &line.wat, &line.soort, &line.staat);
    (
        line.titel.clone(),
        format!("{week}, {code}: {what} ({kind} {id}{nr}, {state}{outcome})"),
    )
}

fn nothing() -> Message {
    Message::new(
        "Er is in dit kwartaal niets gedeeld.",
        "Nothing was shared in this quarter.",
    )
}

/// What is not in it, when there was too much.
fn missing(account: &Verantwoording) -> Option<Message> {
    let message = Message::new(
        "Deze kring heeft meer records dan hier bekeken zijn.",
        "This kring has more records than were looked at here.",
    );
    (!account.volledig).then_some(message)
}

fn text(account: &Verantwoording, output: &mut Output<'_>) -> Result<(), Stop> {
    let lang = output.lang;
    output.line(&plain(&title(account, lang)))?;
    output.line(&plain(&account.doel))?;
    for line in who(account, lang) {
        output.line(&plain(&line))?;
    }
    if account.regels.is_empty() {
        output.say(&nothing())?;
    }
    for (heading, lines) in headed(account) {
        output.line("")?;
        output.line(&plain(heading))?;
        for line in lines {
            let (title, rest) = said(line);
            output.line(&plain(&format!("  {title}")))?;
            output.line(&plain(&format!("    {rest}")))?;
        }
    }
    missing(account).map_or(Ok(()), |message| output.say(&message))?;
    output.say(&MEANT)
}

fn markdown(account: &Verantwoording, lang: Lang) -> String {
    let mut text = format!(
        "# {}\n\n{}\n",
        in_markdown(&title(account, lang)),
        in_markdown(&account.doel)
    );
    for line in who(account, lang) {
        text += &format!("\n{}\n", in_markdown(&line));
    }
    if account.regels.is_empty() {
        text += &format!("\n{}\n", nothing().text(lang));
    }
    for (heading, lines) in headed(account) {
        text += &format!("\n## {}\n\n", in_markdown(heading));
        for line in lines {
            let (title, rest) = said(line);
            text += &format!("- **{}** \u{2013} {}\n", in_markdown(&title), in_markdown(&rest));
        }
    }
    for below in missing(account).iter().chain([&MEANT]) {
        text += &format!("\n{}\n", in_markdown(below.text(lang)));
    }
    text + &format!("\nsnapshot {}\n", account.snapshot)
}

fn html(account: &Verantwoording, lang: Lang) -> String {
    let title = in_html(&title(account, lang));
    let mut body = format!("<p>{}</p>\n", in_html(&account.doel));
    for line in who(account, lang) {
        body += &format!("<p>{}</p>\n", in_html(&line));
    }
    if account.regels.is_empty() {
        body += &format!("<p>{}</p>\n", nothing().text(lang));
    }
    for (heading, lines) in headed(account) {
        body += &format!("<h2>{}</h2>\n<ul>\n", in_html(heading));
        for line in lines {
            let (title, rest) = said(line);
            let (title, rest) = (in_html(&title), in_html(&rest));
            body += &format!("<li><strong>{title}</strong><br>{rest}</li>\n");
        }
        body += "</ul>\n";
    }
    for below in missing(account).iter().chain([&MEANT]) {
        body += &format!("<p>{}</p>\n", in_html(below.text(lang)));
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n\
         <h1>{title}</h1>\n{body}<p><small>snapshot {}</small></p>\n</body>\n</html>\n",
        lang.code(),
        account.snapshot
    )
}
