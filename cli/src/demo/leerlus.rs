//! The learning loop, told while real nodes go through it: from a signal that one team typed to a rule that changed, and what
//! happens when it comes back.
//!
//! **Invariant:** what a step says happened is read from the answer of a node. Where a node answers something else, the demo
//! says that instead.

use std::time::{Duration, Instant};

use protocol::api::{
    AfspraakAsked, AgendaStand, Gevonden, Knelpuntstand, Koppeling, KoppelingAsked, Lang, Message, NieuwKnelpunt,
    Outcome, OvergangAsked, SessieAsked, SessieStand, TerugkoppelingPage, Toestand, Treffer, path,
};
use serde_json::{Value, json};

use super::federation::{Federation, Member, look_again};
use super::material::{lus, text};
use super::report::Report;
use crate::command_error::CommandError;
use crate::output::{Stop, plain};

/// How long a node may take to hear what another shared.
const HEARD_MAX: Duration = Duration::from_secs(60);
/// Characters of an id, and of a text, in a sentence.
const ID_CHARS: usize = 10;
const TEXT_CHARS: usize = 72;
/// Who plays which part, by its place among the founders.
const OURS: usize = 0;
const EARLIER: usize = 1;
const EXPLAINS: usize = 2;
const CONTESTS: usize = 3;
const TRIES: usize = 4;

/// What the loop shared so far, by what it is.
#[derive(Debug, Default)]
struct Ids {
    knelpunt: String,
    duiding: String,
    experiment: String,
    les: String,
}

/// Plays the loop; how many records it shared.
pub(super) fn play(federation: &mut Federation, report: &mut Report<'_, '_>) -> Result<usize, Stop> {
    let mut tale = Tale {
        ids: Ids::default(),
        shared: 0,
        step: 0,
    };
    let title = Message::new(
        "Een leerlus, van een knelpunt dat ongezien terugkeert tot een werkafspraak die verandert:",
        "A learning loop, from a knelpunt that recurs unseen to a way of working that changed:",
    );
    report.tell("loop", json!({"step": 0}), &title)?;
    tale.shares(federation.member(EARLIER), &lus::earlier())?;
    tale.two_teams(federation.member(OURS), report)?;
    tale.out_of_here(federation, report)?;
    tale.sessie(federation.member(OURS), report)?;
    tale.explained(federation, report)?;
    tale.tried(federation, report)?;
    tale.changed(federation, report)?;
    tale.came_back(federation, report)?;
    Ok(tale.shared)
}

struct Tale {
    ids: Ids,
    shared: usize,
    step: u32,
}

impl Tale {
    /// One line of the story.
    fn tell(&mut self, report: &mut Report<'_, '_>, facts: Value, message: (String, String)) -> Result<(), Stop> {
        self.step += 1;
        let (nl, en) = (plain(&message.0), plain(&message.1));
        let mut told = json!({"step": self.step});
        if let (Some(told), Value::Object(facts)) = (told.as_object_mut(), facts) {
            told.extend(facts);
        }
        let message = Message::with(format!("  {:>2}. {nl}", self.step), format!("  {:>2}. {en}", self.step));
        report.tell("loop", told, &message)
    }

    /// Shares a record at a gemeente; its record id.
    fn shares(&mut self, member: &Member, record: &Value) -> Result<String, CommandError> {
        let shared = member.share(std::slice::from_ref(record))?;
        self.shared += shared.records.len();
        shared
            .records
            .into_values()
            .next()
            .ok_or_else(|| member.refused(&shared.refused))
    }

    /// Two teams of one gemeente, and nobody else: week 1, a restart, week 5.
    fn two_teams(&mut self, ours: &mut Member, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let north = lus::signal("lus-noord", 1, "Wijkteam Noord");
        ours.takes(&north)?;
        let (code, what) = (ours.founder.code, short(text(&north, "tekst")));
        self.tell(
            report,
            json!({"gemeente": code, "record": "lus-noord"}),
            (
                format!("{code}, week 1: Wijkteam Noord legt een signaal vast, alleen lokaal: {what}"),
                format!("{code}, week 1: Wijkteam Noord records a signal, local only: {what}"),
            ),
        )?;
        ours.stop();
        ours.start(false)?;
        let taken = ours.takes(&lus::signal("lus-zuid", 5, "Wijkteam Zuid"))?;
        let Outcome::Taken { lijkt_op, .. } = &taken else {
            return Err(ours.refused(&[]).into());
        };
        let seen = lijkt_op.iter().find(|near| near.id == "lus-noord");
        let (nl, en) = (seen_of(seen, Lang::Nl), seen_of(seen, Lang::En));
        self.tell(
            report,
            json!({"gemeente": code, "seen": seen.is_some()}),
            (
                format!("week 5, na een herstart: Wijkteam Zuid typt hetzelfde en ziet {nl}"),
                format!("week 5, after a restart: Wijkteam Zuid types the same and sees {en}"),
            ),
        )?;
        let linked = ours.links(&["lus-noord", "lus-zuid"], Some(lus::knelpunt()))?;
        let agenda: AgendaStand = ours.read(path::AGENDA, &[("kwartaal", "2025-Q1")])?;
        let point = agenda.punten.iter().find(|point| point.id == "lus-knelpunt");
        let why = point.map_or_else(|| "-".to_owned(), |point| format!("{}: {}", point.nr, point.uitleg));
        let (state, teams) = standing(linked.knelpunten.first());
        self.tell(
            report,
            json!({"gemeente": code, "state": state, "teams": teams, "agenda": point.is_some()}),
            (
                format!("Zuid koppelt: knelpunt {state}, teams: {teams}; op de agenda van 2025-Q1, punt {why}"),
                format!("Zuid links: knelpunt {state}, teams: {teams}; on the agenda of 2025-Q1, point {why}"),
            ),
        )
    }

    /// The second step: through the gate, and what another did about it.
    fn out_of_here(&mut self, federation: &mut Federation, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let ours = federation.member(OURS);
        let code = ours.founder.code;
        let detail = ours.detail("lus-knelpunt")?;
        let leaves: Vec<&str> = detail["wordt_gedeeld"]
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.keys().map(String::as_str))
            .collect();
        let leaves = leaves.join(", ");
        self.ids.knelpunt = ours.approves("lus-knelpunt")?;
        self.shared += 1;
        self.tell(
            report,
            json!({"gemeente": code, "record": self.ids.knelpunt}),
            (
                format!("{code} deelt het knelpunt door de poort; er vertrekt: {leaves}. De signalen en hun teams blijven hier"),
                format!("{code} shares the knelpunt through the gate; what leaves: {leaves}. The signals and their teams stay"),
            ),
        )?;
        let asked = [("q", "briefadres"), ("soort", "les")];
        let found = eventually(report, || {
            let found: Gevonden = ours.read(path::ZOEKEN, &asked)?;
            Ok(found.treffers.into_iter().find(|one| one.gemeente != code))
        })?;
        let (who, state, what) = (found.gemeente, &found.staat, short(&found.tekst));
        self.tell(
            report,
            json!({"gemeente": code, "found": found.id}),
            (
                format!(
                    "{code} vindt wat {who} er eerder aan deed ({} {state}): {what}",
                    found.soort
                ),
                format!(
                    "{code} finds what {who} did about it before ({} {state}): {what}",
                    found.soort
                ),
            ),
        )
    }

    /// Uitvoering and systeemwereld at one table.
    fn sessie(&mut self, ours: &Member, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let asked = SessieAsked {
            id: "lus-gesprek".to_owned(),
            kwartaal: lus::quarter(1),
            aard: None,
            week: Some(lus::week(13)),
            aanwezig: ["uitvoering", "backoffice", "beleid"].map(str::to_owned).to_vec(),
            aantal_band: Some("10-19".to_owned()),
            besproken: vec!["lus-knelpunt".to_owned()],
            afspraken: vec![AfspraakAsked {
                wat: "Loket en inkomen beoordelen gelijktijdig".to_owned(),
                laag: Some("backoffice".to_owned()),
                klaar: Some(lus::quarter(2)),
                leidt_tot: None,
                actiehouder: Some("teamleider inkomen".to_owned()),
            }],
        };
        let held: SessieStand = ours.asks(path::SESSIES, &asked)?;
        ours.approves("lus-gesprek")?;
        self.shared += 1;
        let (state, _) = standing(held.knelpunten.first());
        let (week, agreed, there) = (held.week, held.afspraken, asked.aanwezig.join(", "));
        self.tell(
            report,
            json!({"gemeente": ours.founder.code, "state": state, "afspraken": agreed}),
            (
                format!("{week}: sessie met {there}; knelpunt {state}, afspraken: {agreed}"),
                format!("{week}: sessie with {there}; knelpunt {state}, afspraken: {agreed}"),
            ),
        )
    }

    /// It can, says one; not here, says another.
    fn explained(&mut self, federation: &mut Federation, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let duiding = lus::duiding(&self.ids.knelpunt);
        let explains = federation.member(EXPLAINS);
        let who = explains.founder.code;
        eventually(report, || explains.record(&self.ids.knelpunt))?;
        self.ids.duiding = self.shares(federation.member(EXPLAINS), &duiding)?;
        let contests = federation.member(CONTESTS);
        let other = contests.founder.code;
        eventually(report, || contests.record(&self.ids.duiding))?;
        self.shares(federation.member(CONTESTS), &lus::contradiction(&self.ids.duiding))?;
        let ours = federation.member(OURS);
        let shown = eventually(report, || {
            let shown = ours.record(&self.ids.duiding)?;
            Ok(shown.filter(|shown| text(shown, "staat") == "betwist"))
        })?;
        let (thought, judged, state) = (
            text(&shown, "werd_gedacht"),
            text(&shown, "oordeel"),
            text(&shown, "staat"),
        );
        let under = shown["voorwaarden"].as_array().map_or(0, Vec::len);
        let source = short(text(&shown["bron"][0], "verwijzing"));
        self.tell(
            report,
            json!({"gemeente": who, "record": self.ids.duiding, "state": state}),
            (
                format!("{who} duidt: werd gedacht {thought}, oordeel {judged} (voorwaarden: {under}; bron: {source}); {other} spreekt tegen, dus {state}"),
                format!("{who} explains: was thought {thought}, judgement {judged} (conditions: {under}; source: {source}); {other} contradicts, so {state}"),
            ),
        )
    }

    /// Exactly one thing is varied; it fails, and is found as any success.
    fn tried(&mut self, federation: &mut Federation, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let tries = federation.member(TRIES);
        let who = tries.founder.code;
        self.ids.experiment = self.shares(federation.member(TRIES), &lus::experiment(false))?;
        let reader = federation.member(EARLIER);
        let seen = eventually(report, || reader.record(&self.ids.experiment))?;
        let frozen: String = seen["vastgelegd_als"][0]
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(ID_CHARS)
            .collect();
        let (from, to) = (
            text(&seen["gevarieerd"], "van").to_owned(),
            text(&seen["gevarieerd"], "naar").to_owned(),
        );
        self.shares(federation.member(TRIES), &lus::experiment(true))?;
        let reader = federation.member(EARLIER);
        let ended = eventually(report, || {
            let found: Gevonden = reader.read(path::ZOEKEN, &[("q", "briefadres"), ("soort", "experiment")])?;
            let found = found.treffers.iter().any(|one| one.id == self.ids.experiment);
            let ended = reader.record(&self.ids.experiment)?.filter(|_| found);
            Ok(ended.filter(|ended| !text(&ended["uitkomst"], "oordeel").is_empty()))
        })?;
        let (state, judged) = (text(&ended, "staat"), text(&ended["uitkomst"], "oordeel"));
        let same = !frozen.is_empty() && ended["vastgelegd_als"] == seen["vastgelegd_als"];
        self.tell(
            report,
            json!({"gemeente": who, "record": self.ids.experiment, "outcome": judged, "frozen_same": same}),
            (
                format!("{who} verandert een ding ({from} wordt {to}), vooraf vastgelegd als {frozen}; uitkomst {judged} ({state}), en wie zoekt vindt ook dat"),
                format!("{who} varies one thing ({from} becomes {to}), frozen before as {frozen}; outcome {judged} ({state}), and who searches finds that too"),
            ),
        )
    }

    /// The way of working changes, two take it over, and the teams hear what came of it.
    fn changed(&mut self, federation: &mut Federation, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let ours = federation.member(OURS);
        eventually(report, || ours.record(&self.ids.experiment))?;
        let les = lus::les(&self.ids.experiment);
        self.ids.les = self.shares(federation.member(OURS), &les)?;
        let ours = federation.member(OURS);
        let solved: Toestand = ours.asks(
            &at(path::OVERGANGEN, "lus-knelpunt"),
            &OvergangAsked {
                staat: "opgelost".to_owned(),
                afspraak: None,
                week: Some(lus::week(26)),
                velden: std::collections::BTreeMap::new(),
            },
        )?;
        ours.approves("lus-knelpunt")?;
        let (code, artefact, state) = (
            ours.founder.code,
            text(&les, "gewijzigd_artefact").to_owned(),
            solved.staat,
        );
        for (place, changed) in [
            (EARLIER, None),
            (CONTESTS, Some("Bij ons doet het wijkteam de eerste beoordeling.")),
        ] {
            let member = federation.member(place);
            eventually(report, || member.record(&self.ids.les))?;
            self.shares(federation.member(place), &lus::taken_over(&self.ids.les, changed))?;
        }
        let (one, other) = (
            federation.member(EARLIER).founder.code,
            federation.member(CONTESTS).founder.code,
        );
        self.tell(
            report,
            json!({"gemeente": code, "record": self.ids.les, "state": state}),
            (
                format!("{code} wijzigt {artefact}, het knelpunt is {state}; {one} neemt het over, {other} met een aanpassing"),
                format!("{code} changes {artefact}, the knelpunt is {state}; {one} takes it over, {other} with an adaptation"),
            ),
        )?;
        let ours = federation.member(OURS);
        let page: TerugkoppelingPage = ours.read(path::TERUGKOPPELINGEN, &[("team", "Wijkteam Noord")])?;
        let signal = page.signalen.iter().find(|signal| signal.id == "lus-noord");
        let came: Vec<String> = signal
            .into_iter()
            .flat_map(|signal| &signal.gebeurd)
            .map(|one| format!("{} {}", one.soort, one.staat))
            .collect();
        let came = came.join(", ");
        self.tell(
            report,
            json!({"gemeente": code, "came_of": came}),
            (
                format!("Wijkteam Noord ziet wat er met het signaal gebeurde: {came}"),
                format!("Wijkteam Noord sees what became of the signal: {came}"),
            ),
        )
    }

    /// Half a year later it is there again.
    fn came_back(&mut self, federation: &mut Federation, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let ours = federation.member(OURS);
        let code = ours.founder.code;
        let taken = ours.takes(&lus::signal("lus-oost", 52, "Wijkteam Oost"))?;
        let tip = match &taken {
            Outcome::Taken { tips, .. } => tips.first().map(|tip| format!("{}: {}", tip.naam, tip.toon)),
            Outcome::Refused { .. } => None,
        };
        if let Some(tip) = &tip {
            self.tell(
                report,
                json!({"gemeente": code, "tip": tip}),
                (
                    format!("week 52: Wijkteam Oost typt weer zo een signaal, en ziet een tip van {tip}"),
                    format!("week 52: Wijkteam Oost types such a signal again, and sees a tip of {tip}"),
                ),
            )?;
        }
        let linked = ours.links(&["lus-oost"], None)?;
        let (state, _) = standing(linked.knelpunten.first());
        ours.approves("lus-oost")?;
        self.shared += 1;
        let last = federation.member(TRIES);
        let seen = eventually(report, || {
            let seen = last.record(&self.ids.knelpunt)?;
            Ok(seen.filter(|seen| text(seen, "staat") == state))
        })?;
        let (there, who) = (text(&seen, "staat"), last.founder.code);
        self.tell(
            report,
            json!({"gemeente": code, "state": state, "seen_by": who}),
            (
                format!("gekoppeld: het knelpunt is vanzelf {state}; ook bij {who} staat het op {there}"),
                format!("linked: the knelpunt is {state} by itself; at {who} it is {there} too"),
            ),
        )
    }
}

impl Member {
    /// Links signals to the knelpunt of the story, or to a new one.
    fn links(&self, signals: &[&str], new: Option<NieuwKnelpunt>) -> Result<Koppeling, CommandError> {
        let asked = KoppelingAsked {
            signalen: signals.iter().map(|id| (*id).to_owned()).collect(),
            knelpunt: new.is_none().then(|| "lus-knelpunt".to_owned()),
            nieuw: new,
        };
        self.asks(path::KOPPELINGEN, &asked)
    }

    fn detail(&self, id: &str) -> Result<Value, CommandError> {
        self.read(&at(path::CONCEPT, id), &[])
    }

    /// A record of the federation; nothing while it is not here.
    fn record(&self, id: &str) -> Result<Option<Value>, CommandError> {
        match self.read(&at(path::RECORD, id), &[]) {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.exit == crate::exit::Exit::Input => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn at(template: &str, id: &str) -> String {
    crate::client::path_of(template, id)
}

/// Asks until there is an answer, for as long as a node may take to hear of it.
fn eventually<T>(
    report: &Report<'_, '_>,
    mut ask: impl FnMut() -> Result<Option<T>, CommandError>,
) -> Result<T, CommandError> {
    let deadline = Instant::now() + HEARD_MAX;
    loop {
        report.go_on()?;
        if let Some(found) = ask()? {
            return Ok(found);
        }
        look_again(deadline)?;
    }
}

fn standing(knelpunt: Option<&Knelpuntstand>) -> (String, String) {
    let of = |read: fn(&Knelpuntstand) -> Option<&str>| knelpunt.and_then(read).unwrap_or("-").to_owned();
    (of(|one| Some(&one.staat)), of(|one| one.teams.as_deref()))
}

/// A near record as one says it: whose it is, and why it is near.
fn seen_of(seen: Option<&Treffer>, lang: Lang) -> String {
    let Some(seen) = seen else {
        return lang.pick("niets", "nothing").to_owned();
    };
    let (theme, words) = (seen.waarom.thema.join(", "), seen.waarom.woorden.join(", "));
    let team = seen.team.as_deref().unwrap_or("-");
    match lang {
        Lang::Nl => format!(
            "het signaal van {team} ({}; zelfde thema: {theme}; woorden: {words})",
            seen.week
        ),
        Lang::En => format!(
            "the signal of {team} ({}; same theme: {theme}; words: {words})",
            seen.week
        ),
    }
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(TEXT_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
