//! How the node is doing, and who belongs: gathered from every room.

use std::collections::BTreeSet;
use std::time::Duration;

use protocol::api::{
    DISK_FULL, HandvestStand, Health, Hoogten, HoortEerst, Onderdeel, PeerLine, Refused, Stand, Uitnodiging, Versies,
    Vol, Waiting, WorkerLine,
};
use protocol::id::{Gemeente, NodeKey, Week};
use protocol::log::{LogState, Waiting as On};
use protocol::store::StoreError;

use super::approvals::vault_failed;
use super::backend::{Answers, LINES_MAX, PROTOCOL_VERSION, SOFTWARE, VERSIONS, stopping, view_failed};
use super::{Release, charter, joining, knocked};
use crate::driver::{self, Core, Disk, Signs, Waits};
use crate::http::Failure;
use crate::net::Status;
use crate::vault::State;
use crate::view::Filter;

/// What the core knows of the stand.
struct Known {
    stand: Stand,
    addresses: driver::Book,
}

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
        part("driver", unless(signs.beat < STUCK, "stuck")),
        part("store", unless(signs.store_works, "flush failed")),
        part(
            "own-log",
            full_or_not(signs.own_disk).or(unless(signs.own_works, "write failed")),
        ),
        part("vault", full_or_not(vault)),
        part("view", unless(signs.view_works, "not written")),
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
        Disk::Fails => Some("cannot be written"),
    }
}

/// The stand at a peilweek.
pub(super) fn stand(answers: &Answers, peilweek: Week) -> Result<Stand, Failure> {
    let config = answers.config.clone();
    let known = answers
        .calls
        .call(move |core| from_core(core, config.gemeente, &config.name, peilweek));
    let Known { mut stand, addresses } = known.map_err(stopping)?;
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
    let counted = answers
        .readers
        .read(|reading| Ok((reading.count(&Filter::default())?, reading.broken()?)));
    let (records, broken) = counted.map_err(view_failed)?;
    stand.records = records;
    if broken > 0 {
        stand.weigeringen.insert("kapot".to_owned(), broken);
    }
    let release_error = answers.release_error();
    let vault = answers.vault();
    stand.concepten = vault.count(&[State::Draft, State::Screened, State::Refused]) as u64;
    let failed = vault.first_failed().map_err(vault_failed)?;
    if answers.is_full() {
        stand.workers.push(no_room("vault", "make room"));
    }
    stand.workers.push(WorkerLine {
        naam: "release".to_owned(),
        status: match answers.config.release {
            Release::AtOnce => "at once",
            Release::Weekly => "weekly",
        }
        .to_owned(),
        wachtrij: vault.count(&[State::Approved]) as u64,
        laatste_fout: match release_error {
            Some(error) => Some(error),
            None => failed.map(|(id, why)| format!("{id}: {why}")),
        },
    });
    drop(vault);
    stand.workers.push(WorkerLine {
        naam: "audit".to_owned(),
        status: format!("{} days", answers.config.audit.days),
        wachtrij: 0,
        laatste_fout: answers.audit.error(),
    });
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
        luistert: core.listening().to_vec(),
        api: String::new(),
        pid: std::process::id(),
        peilweek,
        snapshot: replica.snapshot(&VERSIONS, peilweek),
        digest: replica.digest(),
        hoogten: heights(core),
        records: 0,
        concepten: 0,
        peers,
        wachtend: waiting(core),
        geweigerd: refused(core),
        vol: full(core),
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
            reden: match &state.waiting {
                Some(waiting) => reason(waiting),
                None => "cut by the charter".to_owned(),
            },
        });
    waiting.take(LINES_MAX).collect()
}

fn reason(waiting: &On) -> String {
    match waiting {
        On::Document(document) => format!("document {document} is not founded here yet"),
        On::Payload(document) => format!("the payload of document {document} is withdrawn or lost here"),
        On::Change(document, change) => format!("document {document} lacks change {change}"),
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
    full.map(|(gemeente, bytes)| Vol {
        gemeente,
        bytes,
        grens: core.machine().member_bytes_max(),
    })
    .collect()
}

fn workers(core: &Core) -> Vec<WorkerLine> {
    let line = |naam: &str, wachtrij: u64, error: Option<&str>| WorkerLine {
        naam: naam.to_owned(),
        status: if wachtrij == 0 { "idle" } else { "busy" }.to_owned(),
        wachtrij,
        laatste_fout: error.map(str::to_owned),
    };
    let counters = core.machine().counters();
    vec![
        store(core),
        line("view", core.documents_due(), core.feed().error.as_deref()),
        line("flush", u64::from(core.is_unflushed()), core.flush_error()),
        line("sync", core.machine().active() as u64, core.sync_error()),
        line("network", core.lost_commands(), None),
        scrub(core),
        own_log(core),
        WorkerLine {
            naam: "serve".to_owned(),
            status: format!("{} frames refused", counters.offences),
            wachtrij: 0,
            laatste_fout: None,
        },
    ]
}

/// The store; after a failed write it must be opened again before it can be used.
fn store(core: &Core) -> WorkerLine {
    match core.replica().store().unusable() {
        Some(StoreError::Full) => no_room("store", "make room, then restart the node"),
        unusable => WorkerLine {
            naam: "store".to_owned(),
            status: if unusable.is_some() { "stopped" } else { "open" }.to_owned(),
            wachtrij: 0,
            laatste_fout: unusable.map(|error| error.to_string()),
        },
    }
}

/// Something that has no room left, and what to do about it.
fn no_room(what: &str, advice: &str) -> WorkerLine {
    WorkerLine {
        naam: what.to_owned(),
        status: DISK_FULL.to_owned(),
        wachtrij: 0,
        laatste_fout: Some(advice.to_owned()),
    }
}

/// The look over everything that is stored: what waits is damaged and not yet sent again.
fn scrub(core: &Core) -> WorkerLine {
    let damage = core.replica().damage();
    WorkerLine {
        naam: "scrub".to_owned(),
        status: format!("{} damaged, {} mended", damage.found, damage.mended),
        wachtrij: damage.open,
        laatste_fout: core.scrub_error().map(str::to_owned),
    }
}

/// What the own log gave back at the start: what waits was refused, and stays in the own log.
fn own_log(core: &Core) -> WorkerLine {
    let restored = core.restored();
    let refused = restored.refused.first();
    WorkerLine {
        naam: "own-log".to_owned(),
        status: format!("{} taken back, {} cut off", restored.entries, restored.torn),
        wachtrij: restored.refused.len() as u64,
        laatste_fout: refused.map(|(log, refusal)| format!("log {log}, entry {}: {}", refusal.seq, refusal.why.name())),
    }
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
            line.laatste_fout.clone_from(&dial.error);
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
    stand.map_err(stopping)
}
