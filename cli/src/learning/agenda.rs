//! An agenda as it is read, edited or printed.

use protocol::api::{AgendaStand, Agendapunt, Lang, Message};

use crate::args::learning::Form;
use crate::output::{Output, Stop, plain};

/// Shows an agenda in a form.
pub(super) fn show(stand: &AgendaStand, form: Form, output: &mut Output<'_>) -> Result<(), Stop> {
    let title = Message::with(
        format!("Agenda {}, zoals het staat in {}", stand.kwartaal, stand.peilweek),
        format!("Agenda {}, as it stands in {}", stand.kwartaal, stand.peilweek),
    );
    let nothing = Message::new("Er staat niets open.", "Nothing is open.");
    let lang = output.lang;
    match form {
        Form::Text => text(stand, &title, &nothing, output),
        Form::Markdown => output.bytes(markdown(stand, title.text(lang), nothing.text(lang), lang).as_bytes()),
        Form::Html => output.bytes(html(stand, title.text(lang), nothing.text(lang), lang).as_bytes()),
    }
}

/// The points under each heading, in order.
fn headed(stand: &AgendaStand) -> impl Iterator<Item = (&str, &[Agendapunt])> {
    let groups = stand.punten.chunk_by(|one, next| one.reden == next.reden);
    groups.map(|points| (points.first().map_or("", |point| point.kop.as_str()), points))
}

/// Why a point stands there, and of an afspraak who does it.
fn why(point: &Agendapunt, lang: Lang) -> String {
    match &point.actiehouder {
        Some(who) => format!("{}, {} {who}", point.uitleg, lang.pick("door", "by")),
        None => point.uitleg.clone(),
    }
}

/// What a point is called: an afspraak by its number in the sessie.
fn called(point: &Agendapunt) -> String {
    match point.afspraak {
        Some(nr) => format!("{} {}/{nr}", point.soort, point.id),
        None => format!("{} {}", point.soort, point.id),
    }
}

fn text(stand: &AgendaStand, title: &Message, nothing: &Message, output: &mut Output<'_>) -> Result<(), Stop> {
    output.heading(title)?;
    if stand.punten.is_empty() {
        return output.say(nothing);
    }
    for (heading, points) in headed(stand) {
        output.line("")?;
        output.line(&plain(heading))?;
        for point in points {
            output.line(&plain(&format!("{:>3}. {}", point.nr, point.titel)))?;
            let why = why(point, output.lang);
            output.line(&plain(&format!("     {why} ({})", called(point))))?;
        }
    }
    Ok(())
}

fn markdown(stand: &AgendaStand, title: &str, nothing: &str, lang: Lang) -> String {
    let mut text = format!("# {title}\n");
    if stand.punten.is_empty() {
        text += &format!("\n{nothing}\n");
    }
    for (heading, points) in headed(stand) {
        text += &format!("\n## {}\n\n", in_markdown(heading));
        for point in points {
            let (what, why) = (in_markdown(&point.titel), in_markdown(&why(point, lang)));
            text += &format!(
                "{}. **{what}** \u{2013} {why} ({})\n",
                point.nr,
                in_markdown(&called(point))
            );
        }
    }
    text
}

/// Text that is no markup, whatever is in it.
pub(crate) fn in_markdown(text: &str) -> String {
    let mut safe = String::new();
    for c in plain(text).chars() {
        if "\\`*_[]<>#|!&~".contains(c) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

fn html(stand: &AgendaStand, title: &str, nothing: &str, lang: Lang) -> String {
    let mut body = String::new();
    if stand.punten.is_empty() {
        body += &format!("<p>{nothing}</p>\n");
    }
    for (heading, points) in headed(stand) {
        body += &format!("<h2>{}</h2>\n<ol start=\"{}\">\n", in_html(heading), points[0].nr);
        for point in points {
            let (what, why) = (in_html(&point.titel), in_html(&why(point, lang)));
            body += &format!(
                "<li><strong>{what}</strong><br>{why} <small>({})</small></li>\n",
                in_html(&called(point))
            );
        }
        body += "</ol>\n";
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n\
         <h1>{title}</h1>\n{body}</body>\n</html>\n",
        lang.code()
    )
}

/// Text that is no markup of a page.
pub(crate) fn in_html(text: &str) -> String {
    let mut safe = String::new();
    for c in plain(text).chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            other => safe.push(other),
        }
    }
    safe
}
