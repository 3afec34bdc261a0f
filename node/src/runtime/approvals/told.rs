//! What the gate said of a record, in the words of the API.

use protocol::api::{Finding, FindingInSentence, Lang, Verdict};
use protocol::gate::{self, Found, Screened};
use protocol::record::Around;

use crate::driver::week_now;
use crate::vault::Concept;

pub(super) fn verdict_of(screened: &Screened) -> Verdict {
    match screened.verdict() {
        gate::Verdict::Pass => Verdict::Pass,
        gate::Verdict::Review => Verdict::Review,
        gate::Verdict::Block => Verdict::Block,
    }
}

pub(super) fn findings_of(screened: &Screened, lang: Lang) -> Vec<Finding> {
    let blocks = screened.blocks().iter().map(|block| Finding {
        veld: block.field.clone(),
        start: 0,
        einde: 0,
        soort: "blokkade".to_owned(),
        regel: "block".to_owned(),
        actie: "block".to_owned(),
        melding: block.reason.message(lang),
    });
    let found = screened.found().iter().map(|found| finding(found, lang));
    blocks.chain(found).collect()
}

fn finding(found: &Found, lang: Lang) -> Finding {
    Finding {
        veld: found.field.clone(),
        start: found.span.start,
        einde: found.span.end,
        soort: found.span.what.name().to_owned(),
        regel: found.span.rule.to_owned(),
        actie: found.span.action().name().to_owned(),
        melding: found.span.why(lang),
    }
}

pub(super) fn stays_local(screened: &Screened, concept: &Concept) -> Vec<String> {
    let known = (!concept.known.is_empty()).then_some("bekenden");
    screened.stays_local().chain(known).map(str::to_owned).collect()
}

/// The record as it would leave. Its id is drawn when it does, and how it is kept here stays here.
pub(super) fn leaves(screened: &Screened, id: &str) -> serde_json::Value {
    let mut record = screened.preview(id).to_json(week_now(), &Around::default());
    if let Some(fields) = record.as_object_mut() {
        fields.retain(|name, _| !matches!(name.as_str(), "id" | "zichtbaarheid" | "staat"));
    }
    record
}

/// A finding with the sentence around it: from the full stop before to the full stop after.
pub(super) fn in_sentence(screened: &Screened, found: &Found, lang: Lang) -> FindingInSentence {
    let text: Vec<char> = screened.original(&found.field).unwrap_or_default().chars().collect();
    let (start, end) = (
        (found.span.start as usize).min(text.len()),
        (found.span.end as usize).min(text.len()),
    );
    let ends =
        |at: &usize| matches!(text[*at], '.' | '!' | '?' | '\n') && text.get(at + 1).is_none_or(|c| c.is_whitespace());
    let first = (0..start).rev().find(ends).map_or(0, |at| at + 1);
    let first = (first..start).find(|at| !text[*at].is_whitespace()).unwrap_or(start);
    let last = (end..text.len()).find(ends).map_or(text.len(), |at| at + 1);
    let within = |at: usize| u32::try_from(at - first).unwrap_or(u32::MAX);
    FindingInSentence {
        finding: finding(found, lang),
        zin: text[first..last.max(end)].iter().collect(),
        zin_start: within(start),
        zin_einde: within(end),
    }
}
