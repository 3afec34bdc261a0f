//! `review` and `approve`: a person looks, and decides.

use protocol::api::{
    self, Approvals, ApprovalsAsked, Concept, ConceptDetail, ConceptPage, ConceptState, FindingInSentence, Lang,
    Message, path,
};
use protocol::gate::MEANT;
use protocol::id::Content;

use crate::client::{Client, parse, path_of};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::next;
use crate::output::{Output, Stop, plain};
use crate::share::{fault_text, finding_text, verdict_text};
use crate::shown::Shown;
use crate::table::Table;
use crate::value;

/// Names of concepts in one message.
const NAMES_MAX: usize = 5;

/// Lists what waits for a person. A title is not the record, so nothing counts as shown.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn list(client: &Client, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let concepts = waiting(client)?;
    if output.json {
        for concept in &concepts {
            output.line(&serde_json::to_string(concept).expect("a concept is plain text and numbers"))?;
        }
    } else if concepts.is_empty() {
        output.say(&Message::new("Er wacht niets.", "Nothing waits."))?;
    } else {
        table(&concepts, output)?;
        output.say(&MEANT)?;
        output.say(&Message::new(
            "Lees ze met leerkring review ID, of allemaal met leerkring review --all",
            "Read them with leerkring review ID, or all of them with leerkring review --all",
        ))?;
    }
    Ok(Exit::Ok)
}

/// Shows everything that waits for a person, each exactly as it would leave, and remembers that.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn show_all(client: &Client, shown: &Shown, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let concepts = waiting(client)?;
    let waiting: Vec<&Concept> = concepts
        .iter()
        .filter(|concept| concept.staat == ConceptState::Wacht)
        .collect();
    for concept in &waiting {
        show(client, &concept.id, shown, output)?;
    }
    if waiting.is_empty() && !output.json {
        output.say(&Message::new("Er wacht niets.", "Nothing waits."))?;
    } else if !output.json {
        next::say(
            &Message::new(
                "leerkring approve ID laat vertrekken wat hierboven staat; leerkring approve --all alles daarvan",
                "leerkring approve ID lets go what stands above; leerkring approve --all all of that",
            ),
            output,
        )?;
    }
    Ok(Exit::Ok)
}

fn table(concepts: &[Concept], output: &mut Output<'_>) -> Result<(), Stop> {
    let mut table = Table::new(&match output.lang {
        Lang::Nl => ["ID", "SOORT", "WEEK", "POORT", "STAAT", "TITEL"],
        Lang::En => ["ID", "KIND", "WEEK", "GATE", "STATE", "TITLE"],
    });
    for concept in concepts {
        let week = concept.week.to_string();
        let verdict = verdict_text(concept.verdict, output.lang);
        let state = state_text(concept.staat, output.lang);
        table.row(&[&concept.id, &concept.soort, &week, verdict, state, &concept.titel]);
    }
    for line in table.lines_within(output.width) {
        output.line(&line)?;
    }
    concepts.iter().try_for_each(|concept| failed(concept, output))
}

/// Why it came back after it was approved.
fn failed(concept: &Concept, output: &mut Output<'_>) -> Result<(), Stop> {
    let Some(why) = concept.mislukt else {
        return Ok(());
    };
    let (id, why) = (plain(&concept.id), why.message());
    output.say(&Message::with(
        format!("{id} kon na goedkeuring niet vertrekken: {}", why.nl),
        format!("{id} could not leave after it was approved: {}", why.en),
    ))
}

/// Every concept that has not left, whatever the number of pages.
fn waiting(client: &Client) -> Result<Vec<Concept>, Stop> {
    let mut concepts: Vec<Concept> = Vec::new();
    for page in 1.. {
        let query = [("pagina", page.to_string()), ("aantal", api::PAGE_MAX.to_string())];
        let found: ConceptPage = client.read(path::CONCEPTEN, &query)?;
        let last = found.concepten.len() < api::PAGE_MAX as usize;
        concepts.extend(found.concepten);
        if last {
            break;
        }
    }
    Ok(concepts)
}

fn state_text(state: ConceptState, lang: Lang) -> &'static str {
    match (state, lang) {
        (ConceptState::Wacht, Lang::Nl) => "wacht",
        (ConceptState::Wacht, Lang::En) => "waits",
        (ConceptState::Geblokkeerd, Lang::Nl) => "geblokkeerd",
        (ConceptState::Geblokkeerd, Lang::En) => "blocked",
        (ConceptState::Goedgekeurd, Lang::Nl) => "goedgekeurd",
        (ConceptState::Goedgekeurd, Lang::En) => "approved",
        (ConceptState::Gedeeld, Lang::Nl) => "gedeeld",
        (ConceptState::Gedeeld, Lang::En) => "shared",
        (ConceptState::Ingetrokken, Lang::Nl) => "ingetrokken",
        (ConceptState::Ingetrokken, Lang::En) => "withdrawn",
    }
}

/// Shows one concept, what the gate found and what would leave, and remembers that it was shown.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn show(client: &Client, id: &str, shown: &Shown, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(&path_of(path::CONCEPT, id), &[])?;
    let detail: ConceptDetail = parse(&text)?;
    if output.json {
        output.line(&text)?;
    } else {
        in_full(&detail, output)?;
    }
    output.flush()?;
    shown.add(detail.concept.inhoud)?;
    Ok(Exit::Ok)
}

fn in_full(detail: &ConceptDetail, output: &mut Output<'_>) -> Result<(), Stop> {
    let concept = &detail.concept;
    let verdict = verdict_text(concept.verdict, output.lang);
    let state = state_text(concept.staat, output.lang);
    let head = format!(
        "{}  {}  {}  {verdict}, {state}",
        concept.id, concept.soort, concept.week
    );
    output.heading(&Message::with(plain(&head), plain(&head)))?;
    failed(concept, output)?;
    for finding in &detail.findings {
        for line in in_sentence(finding, output.lang) {
            output.line(&line)?;
        }
    }
    output.heading(&Message::new("Dit zou vertrekken:", "This would leave:"))?;
    for line in value::lines(&detail.wordt_gedeeld) {
        output.line(&format!("  {line}"))?;
    }
    if !detail.achtergehouden.is_empty() {
        let fields = plain(&detail.achtergehouden.join(", "));
        output.say(&Message::with(
            format!("Achtergehouden, want te weinig mensen kunnen dit geschreven hebben: {fields}"),
            format!("Withheld, because too few people could have written this: {fields}"),
        ))?;
    }
    if !detail.blijft_lokaal.is_empty() {
        let fields = plain(&detail.blijft_lokaal.join(", "));
        output.say(&Message::with(
            format!("Blijft hier: {fields}"),
            format!("Stays here: {fields}"),
        ))?;
    }
    output.line(&plain(&detail.toelichting))
}

/// The sentence of a finding, with the place marked below it.
fn in_sentence(found: &FindingInSentence, lang: Lang) -> [String; 3] {
    let (start, end) = (found.zin_start as usize, found.zin_einde as usize);
    let length = found.zin.chars().count();
    let start = start.min(length);
    let marks = end.min(length).saturating_sub(start).max(1);
    [
        finding_text(&found.finding, lang),
        format!("    {}", plain(&found.zin)),
        format!("    {}{}", " ".repeat(start), "^".repeat(marks)),
    ]
}

/// Approves concepts as `review` showed them; without an id all that wait and were shown.
///
/// # Errors
/// [`Stop`] when there is no answer to show, and when something was not approved because it was not shown as it is now.
pub fn approve(client: &Client, ids: &[String], shown: &Shown, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let wanted = if ids.is_empty() {
        approvable(client)?
    } else {
        named(client, ids)?
    };
    let known = shown.read()?;
    let may =
        |concept: &Concept| concept.staat != ConceptState::Wacht || concept.inhoud.is_some_and(|i| known.contains(&i));
    let (wanted, unseen): (Vec<_>, Vec<_>) = wanted.into_iter().partition(may);
    if !ids.is_empty() && !unseen.is_empty() {
        return Err(not_shown(&unseen, false).into());
    }
    let nothing = wanted.is_empty() && unseen.is_empty();
    let exit = if wanted.is_empty() {
        Exit::Ok
    } else {
        send(client, &wanted, output)?
    };
    if nothing && !output.json {
        output.say(&Message::new("Er wacht niets.", "Nothing waits."))?;
    }
    if unseen.is_empty() {
        return Ok(exit);
    }
    output.flush()?;
    Err(not_shown(&unseen, !wanted.is_empty()).into())
}

/// The concepts with these ids, as they are now.
fn named(client: &Client, ids: &[String]) -> Result<Vec<Concept>, CommandError> {
    let read = |id: &String| client.read::<ConceptDetail>(&path_of(path::CONCEPT, id), &[]);
    ids.iter().map(|id| read(id).map(|detail| detail.concept)).collect()
}

fn approvable(client: &Client) -> Result<Vec<Concept>, Stop> {
    let waiting = waiting(client)?.into_iter();
    Ok(waiting.filter(|concept| concept.staat == ConceptState::Wacht).collect())
}

fn send(client: &Client, wanted: &[Concept], output: &mut Output<'_>) -> Result<Exit, Stop> {
    let as_shown = |concept: &Concept| {
        let shown = |inhoud: Content| api::Shown {
            id: concept.id.clone(),
            inhoud,
        };
        concept.inhoud.map(shown)
    };
    let shown: Vec<api::Shown> = wanted.iter().filter_map(as_shown).collect();
    // No more at a time than the node takes; what was approved stays so when a later part fails.
    let parts = shown.chunks(api::APPROVALS_MAX);
    parts
        .map(|part| send_part(client, part, output))
        .try_fold(Exit::Ok, |worst, exit| Ok(worst.max(exit?)))
}

fn send_part(client: &Client, shown: &[api::Shown], output: &mut Output<'_>) -> Result<Exit, Stop> {
    let asked = ApprovalsAsked {
        concepten: shown.to_vec(),
    };
    let body = serde_json::to_vec(&asked).expect("a list of texts");
    let text = client.post(path::GOEDKEURINGEN, api::MEDIA_JSON, &body)?;
    let approvals: Approvals = parse(&text)?;
    for approval in &approvals.goedkeuringen {
        if output.json {
            output.line(&serde_json::to_string(approval).expect("an approval is plain text"))?;
        } else {
            approved(approval, output)?;
        }
    }
    let agreed = approvals.goedkeuringen.iter().any(|approval| approval.fout.is_none());
    if agreed && !output.json {
        output.say(&MEANT)?;
    }
    let waits = approvals.goedkeuringen.iter().filter_map(|approval| approval.vertrekt);
    if let Some(week) = waits.max().filter(|_| !output.json) {
        output.say(&Message::with(
            format!(
                "Wat goedgekeurd is vertrekt samen, op de maandag waarmee week {week} begint; leerkring status telt wat nog wacht"
            ),
            format!(
                "What is approved leaves together, on the Monday that begins week {week}; leerkring status counts what waits"
            ),
        ))?;
    }
    let refused = approvals.goedkeuringen.iter().any(|approval| approval.fout.is_some());
    Ok(if refused { Exit::Refused } else { Exit::Ok })
}

/// What this user has not seen as it is now; `others` says whether something else was approved.
fn not_shown(unseen: &[Concept], others: bool) -> CommandError {
    let names: Vec<String> = unseen
        .iter()
        .take(NAMES_MAX)
        .map(|concept| plain(&concept.id))
        .collect();
    let more = if unseen.len() > NAMES_MAX { ", …" } else { "" };
    let (names, only) = (names.join(", ") + more, unseen.len() == 1);
    let nl = match (only, others) {
        (true, false) => "is veranderd sinds u het bekeek, of nog niet bekeken; er is niets goedgekeurd",
        (true, true) => "is veranderd sinds u het bekeek, of nog niet bekeken, en daarom niet goedgekeurd",
        (false, false) => "zijn veranderd sinds u ze bekeek, of nog niet bekeken; er is niets goedgekeurd",
        (false, true) => "zijn veranderd sinds u ze bekeek, of nog niet bekeken, en daarom niet goedgekeurd",
    };
    let en = if others {
        "changed since you reviewed it, or was not reviewed yet, and was not approved"
    } else {
        "changed since you reviewed it, or was not reviewed yet; nothing was approved"
    };
    let review = match unseen {
        [one] => format!("leerkring review {}", plain(&one.id)),
        _ => "leerkring review --all".to_owned(),
    };
    CommandError::new(
        Exit::Conflict,
        Message::with(format!("{names} {nl}"), format!("{names}: {en}")),
    )
    .hinting(Message::with(
        format!("bekijk het met {review} en keur het dan goed"),
        format!("look at it with {review}, then approve it"),
    ))
}

fn approved(approval: &api::Approval, output: &mut Output<'_>) -> Result<(), Stop> {
    let id = plain(&approval.id);
    if let Some(fault) = &approval.fout {
        return output.line(&format!("{id}  {}", fault_text(fault, output.lang)));
    }
    let state = state_text(approval.staat, output.lang);
    let record = approval.record.map(|record| format!("  {record}")).unwrap_or_default();
    output.line(&format!("{id}  {state}{record}"))?;
    if approval.vervallen.is_empty() {
        return Ok(());
    }
    let links = plain(&approval.vervallen.join(", "));
    output.say(&Message::with(
        format!("  niet meegegaan, want alleen hier bekend: {links}"),
        format!("  left behind, because only known here: {links}"),
    ))
}
