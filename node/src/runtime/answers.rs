//! How the node is doing, and who belongs: gathered from every room.

use std::collections::BTreeSet;
use std::time::Duration;

use protocol::api::{
    Fout, Geteld, HandvestStand, Health, Hoogten, HoortEerst, Onderdeel, PeerLine, Refused, Stand, Uitnodiging,
    Versies, Vol, WachtOp, Waiting, Werk, WerkStatus, WorkerLine,
};
use protocol::id::{Gemeente, NodeKey, Week};
use protocol::log::{LogState, Waiting as On};
use protocol::store::StoreError;

use super::approvals::vault_failed;
use super::backend::{Answers, LINES_MAX, PROTOCOL_VERSION, SOFTWARE, VERSIONS, stopping, view_failed};
use super::{Release, charter, joining, knocked, questions};
use crate::driver::{self, Core, Disk, Signs, Waits};
use crate::fault::fault;
use crate::http::Failure;
use crate::net::Status;
use crate::vault::State;
use crate::view::Filter;

/// What the core knows of the stand.
struct Known {
    stand: Stand,
    addresses: driver::Book,
}

/// Why a part has no room, for whoever watches `/health`.
const DISK_FULL: &str = "schijf vol";
/// The longest that one piece of work of the core may take before it counts as stuck.
const STUCK: Duration = Duration::from_secs(30);

/// Whether the parts work, by their last signs of life.
pub(super) fn health(signs: &Signs, vault_full: bool) -> Health {
    let part = |naam: &str, reden: Option<&str>| Onderdeel {
        naam: naam.to_owned(),
        werkt: reden.is_none(),
        reden: reden.map(str::to_owned),
    };
    let unless = |works: bool, why| (!works).then_some(why);
    let vault = if vault_full { Disk::Full } else { signs.vault_disk };
    let parts = vec![
        part("driver", unless(signs.beat < STUCK, "staat vast")),
        part("store", unless(signs.store_works, "wegschrijven mislukt")),
        part(
            "own-log",
            full_or_not(signs.own_disk).or(unless(signs.own_works, "schrijven mislukt")),
        ),
        part("vault", full_or_not(vault)),
        part("view", unless(signs.view_works, "niet bijgewerkt")),
    ];
    let seconds = |since: Duration| since.as_secs();
    Health {
        hoort_eerst: signs.hears_first,
        ..Health::new(parts, signs.flushed.map(seconds), signs.synced.map(seconds))
    }
}

/// Why a disk takes nothing, if it does not. Anybody may read this: it names no file.
fn full_or_not(disk: Disk) -> Option<&'static str> {
    match disk {
        Disk::Works => None,
        Disk::Full => Some(DISK_FULL),
        Disk::Fails => Some("niet te beschrijven"),
    }
}

/// The stand at a peilweek.
pub(super) fn stand(answers: &Answers, peilweek: Week) -> Result<Stand, Failure> {
    let config = answers.config.clone();
    let known = answers
        .calls
        .call(move |core| from_core(core, config.gemeente, &config.name, peilweek));
    let Known { mut stand, addresses } = known.map_err(stopping)?;
    stand.uitnodiging = stand.uitnodiging.map(|one| of_home(answers, one));
    let network = answers.net.as_ref().map(|net| answers.runtime.block_on(net.status()));
    if let Some(Ok(status)) = network {
        from_network(&mut stand, &status, &addresses);
        let knocks = status.knocked;
        let known = answers
            .calls
            .call(move |core| knocked::lines(core.replica().roster(), &knocks));
        stand.aangeklopt = known.map_err(stopping)?;
    }
    if let Some(ready) = answers.ready() {
        stand.peer.clone_from(&ready.peer);
        stand.api.clone_from(&ready.api);
    }
    let gemeente = answers.config.gemeente;
    let counted = answers.readers.read(|reading| {
        Ok((
            reading.count(&Filter::default())?,
            reading.broken()?,
            reading.hidden(gemeente)?,
        ))
    });
    let (records, broken, hidden) = counted.map_err(view_failed)?;
    stand.records = records;
    stand.verborgen = hidden;
    if broken > 0 {
        stand.weigeringen.insert("kapot".to_owned(), broken);
    }
    let release_error = answers.release_error();
    let vault = answers.vault();
    stand.concepten = vault.count(&[State::Draft, State::Screened, State::Refused]) as u64;
    let failed = vault.first_failed().map_err(vault_failed)?;
    if answers.is_full() {
        stand.workers.push(no_room(Werk::Vault, Fout::SchijfVol));
    }
    let when = match answers.config.release {
        Release::AtOnce => WerkStatus::Meteen,
        Release::Weekly => WerkStatus::Wekelijks,
    };
    stand.workers.push(WorkerLine {
        wachtrij: vault.count(&[State::Approved]) as u64,
        laatste_fout: release_error.or_else(|| failed.map(|(id, reden)| Fout::NietVertrokken { id, reden })),
        ..WorkerLine::new(Werk::Release, when)
    });
    drop(vault);
    let days = u64::from(answers.config.audit.days);
    stand.workers.push(WorkerLine {
        laatste_fout: answers.audit.error(),
        ..WorkerLine::new(Werk::Audit, WerkStatus::Rust).counting(Geteld::Dagen, days)
    });
    stand.workers.push(questions::line(answers));
    Ok(stand)
}

fn from_core(core: &Core, gemeente: Gemeente, name: &str, peilweek: Week) -> Known {
    let replica = core.replica();
    let roster = replica.roster();
    let others = roster
        .nodes()
        .filter(|(node, _)| *node != core.me() && roster.may_connect(*node));
    let invited = driver::invited(roster, core.me(), core.invitation());
    let unlisted = invited.filter(|place| !roster.may_connect(place.node));
    let peers = others
        .chain(unlisted.map(|place| (place.node, place.gemeente)))
        .map(|(node, gemeente)| peer_line(core, node, gemeente))
        .take(LINES_MAX)
        .collect();
    let stand = Stand {
        gemeente,
        naam: name.to_owned(),
        node: core.me(),
        peer: String::new(),
        federatie: replica.federation().filter(|_| roster.is_active()),
        editie: roster.course().map(|course| course.number),
        uitnodiging: invitation(core),
        lidmaatschap: charter::place_of(roster, core.me()),
        hoort_eerst: core.waits().map(hears_first),
        niemand_gehoord: core.heard_nobody(),
        luistert: core.listening().to_vec(),
        api: String::new(),
        pid: std::process::id(),
        peilweek,
        snapshot: replica.snapshot(&VERSIONS, peilweek),
        digest: replica.digest(),
        hoogten: heights(core),
        records: 0,
        concepten: 0,
        verborgen: 0,
        peers,
        wachtend: waiting(core),
        geweigerd: refused(core),
        vol: full(core),
        gedoseerd: rationed(core),
        weigeringen: replica
            .refusals()
            .iter()
            .map(|(reason, count)| (reason.name().to_owned(), count))
            .collect(),
        aangeklopt: Vec::new(),
        workers: workers(core),
        versies: Versies {
            leerkring: SOFTWARE.to_owned(),
            protocol: PROTOCOL_VERSION,
            view: VERSIONS.view,
            woordenlijst: VERSIONS.words,
            regels: VERSIONS.rules,
        },
    };
    Known {
        stand,
        addresses: driver::peers(roster, core.me(), core.invitation()),
    }
}

fn invitation(core: &Core) -> Option<Uitnodiging> {
    let told = |invitation| joining::told(invitation, core.replica().roster(), core.me());
    core.invitation().map(told)
}

/// What only the directory of the node tells of an invitation.
fn of_home(answers: &Answers, invitation: Uitnodiging) -> Uitnodiging {
    Uitnodiging {
        tweede: answers.home.card().exists(),
        ..invitation
    }
}

fn hears_first(waits: Waits) -> HoortEerst {
    let lines = |of: BTreeSet<Gemeente>| of.into_iter().take(LINES_MAX).collect();
    HoortEerst {
        nodig: waits.needed as u64,
        gehoord: lines(waits.heard),
        ontbreekt: lines(waits.unheard),
    }
}

fn heights(core: &Core) -> Hoogten {
    let mut heights = Hoogten {
        statements: core.replica().statements().len() as u64,
        ..Hoogten::default()
    };
    for (_, state) in core.replica().logs() {
        heights.logs += 1;
        heights.entries += state.held;
        heights.effectief += state.effective;
    }
    heights
}

fn peer_line(core: &Core, node: NodeKey, gemeente: Gemeente) -> PeerLine {
    let seen = core.machine().peer(node);
    let since = |ms: u64| core.now_ms().saturating_sub(ms) / 1000;
    PeerLine {
        node,
        gemeente,
        adres: None,
        versie: None,
        verbonden: false,
        laatste_contact_s: seen.and_then(|seen| seen.heard_ms).map(since),
        achter: seen.and_then(|seen| seen.behind),
        laatste_fout: None,
        wijst_af: false,
    }
}

/// A log that holds more than counts, with what it waits for or why it stopped.
fn waiting(core: &Core) -> Vec<Waiting> {
    let waits = |state: &LogState| state.held > state.effective && state.cut.is_none();
    let waiting = core
        .replica()
        .logs()
        .filter(|(_, state)| waits(state))
        .map(|(log, state)| Waiting {
            log,
            node: state.node,
            seq: state.effective,
            reden: state.waiting.as_ref().map_or(WachtOp::Handvest, reason),
        });
    waiting.take(LINES_MAX).collect()
}

fn reason(waiting: &On) -> WachtOp {
    match *waiting {
        On::Document(document) => WachtOp::Document { document },
        On::Payload(document) => WachtOp::Inhoud { document },
        On::Change(document, wijziging) => WachtOp::Wijziging { document, wijziging },
    }
}

fn refused(core: &Core) -> Vec<Refused> {
    let refused = core.replica().logs().filter_map(|(log, state)| {
        let refusal = state.cut.as_ref().or(state.refused.as_ref())?;
        Some(Refused {
            log,
            node: state.node,
            seq: refusal.seq,
            reden: refusal.why.name().to_owned(),
        })
    });
    refused.take(LINES_MAX).collect()
}

/// Who fills all it may here.
fn full(core: &Core) -> Vec<Vol> {
    let full = core.machine().full(core.replica()).into_iter();
    full.map(|(gemeente, bytes)| takes(core, gemeente, bytes)).collect()
}

/// Who brought very much lately.
fn rationed(core: &Core) -> Vec<Vol> {
    let full = core.machine().full(core.replica());
    let rationed = core.machine().rationed(core.now_ms());
    let rationed = rationed.filter(|gemeente| full.iter().all(|(of, _)| of != gemeente));
    let taken = |gemeente| takes(core, gemeente, core.replica().weight_of(gemeente));
    rationed.map(taken).take(LINES_MAX).collect()
}

fn takes(core: &Core, gemeente: Gemeente, bytes: u64) -> Vol {
    Vol {
        gemeente,
        bytes,
        grens: core.machine().member_bytes_max(),
    }
}

fn workers(core: &Core) -> Vec<WorkerLine> {
    let line = |naam: Werk, wachtrij: u64, error: Option<&Fout>| WorkerLine {
        wachtrij,
        laatste_fout: error.cloned(),
        ..WorkerLine::new(
            naam,
            if wachtrij == 0 {
                WerkStatus::Rust
            } else {
                WerkStatus::Bezig
            },
        )
    };
    let counters = core.machine().counters();
    vec![
        store(core),
        line(
            Werk::View,
            core.documents_due().unwrap_or(0),
            core.feed().error.as_ref(),
        ),
        line(Werk::Flush, u64::from(core.is_unflushed()), core.flush_error()),
        line(Werk::Sync, unequal(core), core.sync_error()),
        line(Werk::Network, core.lost_commands(), None),
        scrub(core),
        own_log(core),
        WorkerLine::new(Werk::Serve, WerkStatus::Rust).counting(Geteld::Geweigerd, counters.offences),
    ]
}

/// How many connected nodes are not known to hold just what this one holds.
fn unequal(core: &Core) -> u64 {
    let nodes = core.replica().roster().nodes();
    let seen = nodes.filter_map(|(node, _)| core.machine().peer(node));
    seen.filter(|seen| !seen.equal).count() as u64
}

/// The store; after a failed write it must be opened again before it can be used.
fn store(core: &Core) -> WorkerLine {
    match core.replica().store().unusable() {
        None => WorkerLine::new(Werk::Store, WerkStatus::Open),
        Some(StoreError::Full) => no_room(Werk::Store, Fout::SchijfVolHerstart),
        Some(error) => WorkerLine {
            laatste_fout: Some(fault(&error)),
            ..WorkerLine::new(Werk::Store, WerkStatus::Gestopt)
        },
    }
}

/// Something that has no room left.
fn no_room(what: Werk, fault: Fout) -> WorkerLine {
    WorkerLine {
        laatste_fout: Some(fault),
        ..WorkerLine::new(what, WerkStatus::SchijfVol)
    }
}

/// The look over everything that is stored: what waits is damaged and not yet sent again.
fn scrub(core: &Core) -> WorkerLine {
    let damage = core.replica().damage();
    let status = if damage.open == 0 {
        WerkStatus::Rust
    } else {
        WerkStatus::Bezig
    };
    let line = WorkerLine {
        wachtrij: damage.open,
        laatste_fout: core.scrub_error().cloned(),
        ..WorkerLine::new(Werk::Scrub, status)
    };
    line.counting(Geteld::Beschadigd, damage.found)
        .counting(Geteld::Hersteld, damage.mended)
}

/// What the own log gave back at the start: what waits was refused, and stays in the own log.
fn own_log(core: &Core) -> WorkerLine {
    let restored = core.restored();
    let refused = restored.refused.first();
    let line = WorkerLine {
        wachtrij: restored.refused.len() as u64,
        laatste_fout: refused.map(|(log, refusal)| Fout::EigenGeweigerd {
            log: *log,
            seq: refusal.seq,
            reden: refusal.why.name().to_owned(),
        }),
        ..WorkerLine::new(Werk::OwnLog, WerkStatus::Rust)
    };
    line.counting(Geteld::Teruggehaald, restored.entries)
        .counting(Geteld::Afgeknipt, restored.torn)
}

fn from_network(stand: &mut Stand, status: &Status, addresses: &driver::Book) {
    stand.luistert.clone_from(&status.listening);
    for line in &mut stand.peers {
        line.adres = addresses
            .get(&line.node)
            .and_then(|place| place.addresses.first().cloned());
        if let Some(peer) = status.peers.iter().find(|peer| peer.peer == line.node) {
            line.verbonden = true;
            line.adres = Some(peer.address.clone());
            line.versie = Some(peer.agent.clone()).filter(|agent| !agent.is_empty());
        }
        if let Some(dial) = status.dials.iter().find(|dial| dial.peer == line.node) {
            line.laatste_fout = dial.error;
            line.wijst_af = dial.turned_away;
        }
    }
    let dropped = &status.dropped;
    stand.weigeringen.insert("handshakes".to_owned(), dropped.handshakes);
    stand.weigeringen.insert("forgotten_knocks".to_owned(), dropped.knocks);
    stand.weigeringen.retain(|_, count| *count > 0);
}

/// Who belongs.
pub(super) fn charter(answers: &Answers) -> Result<HandvestStand, Failure> {
    let stand = answers.calls.call(|core| {
        let (roster, statements) = (core.replica().roster(), core.replica().statements());
        HandvestStand {
            uitnodiging: invitation(core),
            ..charter::stand_of(statements, roster)
        }
    });
    let stand = stand.map_err(stopping)?;
    Ok(HandvestStand {
        uitnodiging: stand.uitnodiging.map(|one| of_home(answers, one)),
        ..stand
    })
}
