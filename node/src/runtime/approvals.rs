//! Records on their way through the gate: intake, what a person sees, approval.

use std::collections::BTreeMap;

use protocol::api::{
    Approval as Line, Approvals, Concept as ConceptLine, ConceptDetail, ConceptPage, ConceptState, Fault,
    FindingInSentence, Format, Intake, Lang, Outcome, Paging, Shown, Verdict,
};
use protocol::gate::{self, Account, Policy};
use protocol::record::{self, Merged, Value};

mod discard;
mod failed;
mod replace;
mod told;

pub(super) use discard::discard;
pub(super) use failed::vault_failed;
pub(super) use replace::replace;
use told::{findings_of, in_sentence, leaves, stays_local, verdict_of};

use failed::{changed, outdated};

use super::backend::{Answers, stopping};
use super::charter::{place_of, why_not};
use super::eyes::{self, Eyes, Refusal};
use super::heard::hears_first;
use super::learning::{EditError, Typing, restate};
use super::policy::{Before, screen};
use super::release::{self, Due};
use super::searching;
use crate::driver::week_now;
use crate::http::{Failure, Thing};
use crate::vault::intake::{self, IntakeError, Refused, Taken};
use crate::vault::{Concept, Decision, Screening, State, Vault, VaultError};

/// Characters of a title that a list shows.
const TITLE_CHARS_MAX: usize = 80;

/// Takes records into the vault and lets the gate look at each.
pub(super) fn intake(
    answers: &Answers,
    format: Format,
    body: &[u8],
    (by, proef): (&Account, bool),
    lang: Lang,
) -> Result<Intake, Failure> {
    let with = record::Intake {
        gemeente: answers.config.gemeente,
        week: week_now(),
        kind: (format == Format::Csv).then_some(record::Kind::Signaal),
    };
    let format = match format {
        Format::Json => intake::Format::Json,
        Format::JsonLines => intake::Format::JsonLines,
        Format::Csv => intake::Format::Csv,
    };
    let outcomes = intake::read(body, format, &with).map_err(|error| unreadable(&error, lang))?;
    let drafts = searching::drafts(&outcomes);
    let nameless = |taken: &Taken| taken.input.id.is_none();
    let before = match outcomes.iter().flatten().any(is_of_a_knelpunt) && !proef {
        true => Some(answers.locals()?),
        false => None,
    };
    let typing = Typing { answers, by, lang };
    let all = |vault: &mut Vault| {
        let mut shared = Before::new(&answers.history);
        let typed = match outcomes.iter().flatten().any(nameless) {
            true => vault.typed()?,
            false => BTreeMap::new(),
        };
        let outcomes = outcomes.into_iter().map(|outcome| match outcome {
            Ok(mut taken) => {
                taken.by = eyes::somebody(by.as_str()).map(str::to_owned);
                taken.coarse = shared.coarse(&taken, &answers.policy, vault)?;
                let before = typed.get(&vault.mark(&taken.source)).filter(|_| nameless(&taken));
                // What was taken back may be recorded anew, under an id of its own.
                let before = before.filter(|id| vault.get(id).is_ok_and(|held| held.state != State::Withdrawn));
                take(vault, &taken, before, &answers.policy, lang)
            }
            Err(refused) => Ok(refusal(&refused, lang)),
        });
        let outcomes = outcomes.collect::<Result<Vec<_>, VaultError>>()?;
        if let Some(before) = &before {
            restate(&typing, vault, before)?;
        }
        Ok::<_, EditError>(outcomes)
    };
    let concepten = match proef {
        true => answers.vault().rehearse(all),
        false => answers.vault().together(all),
    };
    let concepten = searching::with_resembling(answers, &drafts, concepten.map_err(|error| error.failure(lang))?);
    Ok(Intake { concepten })
}

/// Whether it may say of a knelpunt that it has a signal more, or less.
pub(super) fn is_of_a_knelpunt(taken: &Taken) -> bool {
    let input = &taken.input;
    input.kind == record::Kind::Signaal && (input.id.is_some() || input.fields.contains_key("knelpunt"))
}

/// Takes one record in. What has no id and lies there already, just so, as `before`, is not taken in twice: a file can be read again.
pub(super) fn take(
    vault: &mut Vault,
    taken: &Taken,
    before: Option<&String>,
    policy: &Policy,
    lang: Lang,
) -> Result<Outcome, VaultError> {
    let id = match before {
        Some(id) if taken.known.is_none() => id.clone(),
        // Another list of what is known of the case changes what would leave.
        Some(id) => {
            let mut named = taken.clone();
            named.input.id = Some(id.clone());
            vault.add(&named)?.id().to_owned()
        }
        None => vault.add(taken)?.id().to_owned(),
    };
    let held = vault.get(&id)?;
    if held.state == State::Withdrawn {
        return Ok(discard::taken_back(id, lang));
    }
    // What was there just so keeps what was decided then.
    let screened = match screen(&held, policy) {
        Ok(screened) => screened,
        Err(findings) => return Ok(unlike(id, findings, lang)),
    };
    let (verdict, findings) = (verdict_of(&screened), findings_of(&screened, lang));
    // What is approved or shared already, and typed again just so, keeps its state.
    if matches!(vault.get(&id)?.state, State::Draft | State::Screened | State::Refused) {
        vault.screened(
            &id,
            Screening {
                verdict,
                findings: findings.clone(),
            },
        )?;
    }
    Ok(Outcome::Taken {
        id,
        verdict,
        findings,
        inhoud: screened.content(),
        eerder: before.cloned(),
        lijkt_op: Vec::new(),
        tips: Vec::new(),
    })
}

/// The same was taken in before, under what held then, and this version reads that otherwise.
fn unlike(id: String, findings: Vec<record::Finding>, lang: Lang) -> Outcome {
    let refused = Refused {
        number: 1,
        line: None,
        id: Some(id),
        findings,
    };
    refusal(&refused, lang)
}

fn refusal(refused: &Refused, lang: Lang) -> Outcome {
    let fouten = refused.findings.iter().map(|finding| Fault {
        pad: finding.path.clone(),
        regelnummer: refused.line.and_then(|line| u32::try_from(line).ok()),
        melding: finding.problem.message(lang),
        toegestaan: finding.allowed().into_iter().map(str::to_owned).collect(),
        ..Fault::default()
    });
    Outcome::Refused {
        id: refused.id.clone(),
        fouten: fouten.collect(),
    }
}

fn unreadable(error: &IntakeError, lang: Lang) -> Failure {
    let place = error.place();
    Failure::Input(Fault {
        regelnummer: place.and_then(|(line, _)| u32::try_from(line).ok()),
        kolom: place.and_then(|(_, column)| u32::try_from(column?).ok()),
        melding: error.message(lang),
        hint: Some(error.hint(lang).to_owned()),
        ..Fault::default()
    })
}

/// What waits for a person, or for the release.
pub(super) fn concepts(answers: &Answers, paging: Paging) -> Result<ConceptPage, Failure> {
    const SHOWN: [State; 4] = [State::Draft, State::Screened, State::Approved, State::Refused];
    let vault = answers.vault();
    let skip = usize::try_from(paging.skip()).unwrap_or(usize::MAX);
    let lines = vault.list(&SHOWN, None, skip.saturating_add(paging.aantal as usize));
    let page = lines.into_iter().skip(skip);
    let concepten = page.map(|line| {
        vault
            .get(&line.id)
            .map(|concept| concept_line(&concept, &answers.policy))
    });
    Ok(ConceptPage {
        totaal: vault.count(&SHOWN) as u64,
        concepten: concepten.collect::<Result<_, _>>().map_err(vault_failed)?,
    })
}

fn concept_line(concept: &Concept, policy: &Policy) -> ConceptLine {
    let input = concept.input().ok();
    let inhoud = screen(concept, policy).ok().map(|screened| screened.content());
    let local = input.as_ref().map(|input| Merged::local(&concept.id, input));
    let screening = concept.screening.as_ref();
    ConceptLine {
        id: concept.id.clone(),
        soort: input.as_ref().map_or("", |input| input.kind.name()).to_owned(),
        week: input.as_ref().map_or(concept.week, |input| input.week),
        titel: local.as_ref().map(title).unwrap_or_default(),
        verdict: screening.map_or(Verdict::Block, |screening| screening.verdict),
        aantal_findings: screening.map_or(0, |screening| {
            u32::try_from(screening.findings.len()).unwrap_or(u32::MAX)
        }),
        staat: state_of(concept.state),
        inhoud,
        mislukt: concept.failed,
    }
}

pub(super) fn title(record: &Merged) -> String {
    let text = ["titel", "naam", "tekst", "hypothese", "kern", "uitleg"]
        .iter()
        .find_map(|name| match record.value(name) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        });
    text.unwrap_or_default().chars().take(TITLE_CHARS_MAX).collect()
}

pub(super) fn state_of(state: State) -> ConceptState {
    match state {
        State::Draft | State::Screened => ConceptState::Wacht,
        State::Approved => ConceptState::Goedgekeurd,
        State::Shared => ConceptState::Gedeeld,
        State::Refused => ConceptState::Geblokkeerd,
        State::Withdrawn => ConceptState::Ingetrokken,
    }
}

/// Everything a person needs in order to approve.
pub(super) fn concept(answers: &Answers, id: &str, lang: Lang) -> Result<ConceptDetail, Failure> {
    detail(answers, &answers.vault(), id, lang)
}

fn detail(answers: &Answers, vault: &Vault, id: &str, lang: Lang) -> Result<ConceptDetail, Failure> {
    let concept = find(vault, id)?;
    let screened = screen(&concept, &answers.policy).map_err(|_| outdated())?;
    let blocks = findings_of(&screened, lang)
        .into_iter()
        .filter(|finding| finding.actie == "block");
    let blocks = blocks.map(|finding| FindingInSentence {
        finding,
        zin: String::new(),
        zin_start: 0,
        zin_einde: 0,
    });
    let found = screened.found().iter().map(|found| in_sentence(&screened, found, lang));
    let mark = vault.mark(&concept.source);
    Ok(ConceptDetail {
        versie: mark[..16].iter().map(|byte| format!("{byte:02x}")).collect(),
        findings: blocks.chain(found).collect(),
        wordt_gedeeld: leaves(&screened, &concept.id),
        achtergehouden: screened.withheld().map(str::to_owned).collect(),
        blijft_lokaal: stays_local(&screened, &concept),
        toelichting: gate::measured(lang),
        record: concept.shared.map(|shared| shared.record),
        concept: concept_line(&concept, &answers.policy),
    })
}

/// Approves concepts as they were shown; where the release is at once, they leave together now.
pub(super) fn approve(answers: &Answers, shown: &[Shown], by: &Account, lang: Lang) -> Result<Approvals, Failure> {
    // Nobody can see yet whether it left before.
    if answers.calls.call(|core| core.hears_first()).map_err(stopping)? {
        return Err(hears_first());
    }
    let mut lines = approve_shown(answers, shown, by, lang)?;
    let kept = lines.iter().filter(|line| line.fout.is_none()).count();
    if kept == 0 {
        // Nothing is to leave, so what would keep it here is not what is wrong.
        return Ok(Approvals { goedkeuringen: lines });
    }
    let place = answers.calls.call(|core| place_of(core.replica().roster(), core.me()));
    let place = place.map_err(stopping)?;
    if why_not(place).is_some() {
        return Err(release::failure(release::ReleaseError::May(place), kept));
    }
    if answers.config.release == super::Release::AtOnce {
        release::release(answers, Due::All).map_err(|error| release::failure(error, kept))?;
        let vault = answers.vault();
        for line in lines.iter_mut().filter(|line| line.fout.is_none()) {
            fill(line, &vault.get(&line.id).map_err(vault_failed)?, lang);
        }
    }
    if answers.config.release == super::Release::Weekly {
        let vault = answers.vault();
        for line in lines.iter_mut().filter(|line| line.staat == ConceptState::Goedgekeurd) {
            let decision = vault.get(&line.id).map_err(vault_failed)?.decision;
            line.vertrekt = decision.map(|decision| decision.week.plus(1));
        }
    }
    Ok(Approvals { goedkeuringen: lines })
}

/// The line of a concept that was approved before.
pub(super) fn line_of(concept: &Concept, lang: Lang) -> Line {
    let mut line = Line {
        id: concept.id.clone(),
        staat: ConceptState::Goedgekeurd,
        record: None,
        vertrekt: None,
        document: None,
        vervallen: Vec::new(),
        fout: None,
    };
    fill(&mut line, concept, lang);
    line
}

/// Says in the line of an approval what the release made of it.
fn fill(line: &mut Line, concept: &Concept, lang: Lang) {
    line.staat = state_of(concept.state);
    line.record = concept.shared.map(|shared| shared.record);
    line.document = concept.shared.map(|shared| shared.document);
    line.fout = concept.failed.map(|why| {
        let why = why.message();
        Fault {
            melding: lang.pick(
                format!("kon niet vertrekken: {}", why.nl),
                format!("could not leave: {}", why.en),
            ),
            ..Fault::default()
        }
    });
}

/// Approves all or, when one of them is no longer what was shown, nothing: links go with what they were shown with.
fn approve_shown(answers: &Answers, shown: &[Shown], by: &Account, lang: Lang) -> Result<Vec<Line>, Failure> {
    let mut vault = answers.vault();
    let eyes = Eyes {
        by,
        policy: &answers.policy,
        four: answers.config.four_eyes,
    };
    let checked: Vec<Checked> = shown
        .iter()
        .map(|shown| check(&vault, shown, &eyes, lang))
        .collect::<Result<_, _>>()?;
    let approved = vault.together(|vault| {
        let lines = checked.into_iter().map(|Checked { mut line, decision }| {
            if let Some(decision) = decision {
                // Asked twice in one question, it is approved once.
                if vault.get(&line.id)?.state != State::Approved {
                    vault.approve(&line.id, decision)?;
                }
                line.staat = ConceptState::Goedgekeurd;
            }
            Ok(line)
        });
        lines.collect::<Result<Vec<_>, VaultError>>()
    });
    approved.map_err(vault_failed)
}

/// What to answer to an approval, and the decision to keep, when there is one to be made.
struct Checked {
    line: Line,
    decision: Option<Decision>,
}

fn check(vault: &Vault, shown: &Shown, eyes: &Eyes<'_>, lang: Lang) -> Result<Checked, Failure> {
    let mut line = Line {
        id: shown.id.clone(),
        staat: ConceptState::Wacht,
        record: None,
        vertrekt: None,
        document: None,
        vervallen: Vec::new(),
        fout: None,
    };
    let refused = |mut line: Line, melding: String| {
        line.fout = Some(Fault {
            melding,
            ..Fault::default()
        });
        Ok(Checked { line, decision: None })
    };
    let concept = match find(vault, &shown.id) {
        Ok(concept) => concept,
        Err(failure) => return refused(line, failure.problem(lang).detail),
    };
    line.id.clone_from(&concept.id);
    line.staat = state_of(concept.state);
    line.record = concept.shared.map(|shared| shared.record);
    line.document = concept.shared.map(|shared| shared.document);
    match eyes.decide(&concept, shown.inhoud) {
        Err(Refusal::Gate(gate::ApproveError::Changed)) => Err(changed(&concept.id)),
        _ if matches!(concept.state, State::Approved | State::Shared) => Ok(Checked { line, decision: None }),
        Ok(decision) => Ok(Checked {
            line,
            decision: Some(decision),
        }),
        Err(why) => refused(line, why.message(lang).to_owned()),
    }
}

/// The account with an id that this node wrote itself.
pub(super) fn account(id: &str) -> Account {
    Account::new(id).expect("account ids of the vault were accounts when they were kept")
}

fn find(vault: &Vault, id: &str) -> Result<Concept, Failure> {
    let id = vault.resolve(id).map_err(|error| match error {
        VaultError::Unknown { id } => Failure::Unknown {
            what: Thing::Concept,
            id: id.chars().take(64).collect(),
        },
        VaultError::Ambiguous { begin, examples } => Failure::Ambiguous {
            what: Thing::Concept,
            prefix: begin,
            candidates: examples,
        },
        other => vault_failed(other),
    })?;
    vault.get(&id).map_err(vault_failed)
}
