//! `review` and `approve`: a person looks, and decides.

use protocol::api::{
    self, Approvals, ApprovalsAsked, Concept, ConceptDetail, ConceptPage, ConceptState, FindingInSentence, Lang,
    Message, path,
};

use crate::client::{Client, parse, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};
use crate::share::{fault_text, finding_text, verdict_text};
use crate::table::Table;
use crate::value;

/// Shows what waits for a person.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn list(client: &Client, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let concepts = waiting(client)?;
    if output.json {
        for concept in &concepts {
            output.line(&serde_json::to_string(concept).expect("a concept is plain text and numbers"))?;
        }
        return Ok(Exit::Ok);
    }
    if concepts.is_empty() {
        output.say(&Message::new("Er wacht niets.", "Nothing waits."))?;
        return Ok(Exit::Ok);
    }
    let mut table = Table::new(&match output.lang {
        Lang::Nl => ["ID", "SOORT", "WEEK", "POORT", "STAAT", "TITEL"],
        Lang::En => ["ID", "KIND", "WEEK", "GATE", "STATE", "TITLE"],
    });
    for concept in &concepts {
        let week = concept.week.to_string();
        let verdict = verdict_text(concept.verdict, output.lang);
        let state = state_text(concept.staat, output.lang);
        table.row(&[&concept.id, &concept.soort, &week, verdict, state, &concept.titel]);
    }
    for line in table.lines() {
        output.line(&line)?;
    }
    Ok(Exit::Ok)
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
    }
}

/// Shows one concept: what the gate found, and what would leave.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn show(client: &Client, id: &str, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(&path_of(path::CONCEPT, id), &[])?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let detail: ConceptDetail = parse(&text)?;
    let concept = &detail.concept;
    let verdict = verdict_text(concept.verdict, output.lang);
    let state = state_text(concept.staat, output.lang);
    let head = format!(
        "{}  {}  {}  {verdict}, {state}",
        concept.id, concept.soort, concept.week
    );
    output.heading(&Message::with(plain(&head), plain(&head)))?;
    for finding in &detail.findings {
        for line in in_sentence(finding) {
            output.line(&line)?;
        }
    }
    output.heading(&Message::new("Dit zou vertrekken:", "This would leave:"))?;
    for line in value::lines(&detail.wordt_gedeeld) {
        output.line(&format!("  {line}"))?;
    }
    if !detail.blijft_lokaal.is_empty() {
        let fields = plain(&detail.blijft_lokaal.join(", "));
        output.say(&Message::with(
            format!("Blijft hier: {fields}"),
            format!("Stays here: {fields}"),
        ))?;
    }
    Ok(Exit::Ok)
}

/// The sentence of a finding, with the place marked below it.
fn in_sentence(found: &FindingInSentence) -> [String; 3] {
    let (start, end) = (found.zin_start as usize, found.zin_einde as usize);
    let length = found.zin.chars().count();
    let start = start.min(length);
    let marks = end.min(length).saturating_sub(start).max(1);
    [
        finding_text(&found.finding),
        format!("    {}", plain(&found.zin)),
        format!("    {}{}", " ".repeat(start), "^".repeat(marks)),
    ]
}

/// Approves concepts; all that wait when no id is given.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn approve(client: &Client, ids: &[String], output: &mut Output<'_>) -> Result<Exit, Stop> {
    let ids = if ids.is_empty() {
        approvable(client)?
    } else {
        ids.to_vec()
    };
    let asked = ApprovalsAsked { concepten: ids };
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
    if approvals.goedkeuringen.is_empty() && !output.json {
        output.say(&Message::new("Er wacht niets.", "Nothing waits."))?;
    }
    let refused = approvals.goedkeuringen.iter().any(|approval| approval.fout.is_some());
    Ok(if refused { Exit::Refused } else { Exit::Ok })
}

fn approvable(client: &Client) -> Result<Vec<String>, Stop> {
    let waiting = waiting(client)?.into_iter();
    let waiting = waiting.filter(|concept| concept.staat == ConceptState::Wacht);
    Ok(waiting.map(|concept| concept.id).collect())
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
