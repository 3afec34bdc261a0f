//! Whether any other node hears what this one is told: what nobody hears is done here and nowhere else.
//!
//! **Invariant:** no command says that others will follow when none of them listens to this node.

use std::time::{Duration, Instant};

use protocol::api::{HoortEerst, Lang, Lidmaatschap, Message, PeerLine, Stand, path};
use protocol::id::Gemeente;

use crate::address::Node;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::daemon;
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// How long a node may take to hear anybody before it counts as one that does not, and how often is looked.
const LINK_WAIT: Duration = Duration::from_secs(10);
const LOOKED_EVERY: Duration = Duration::from_millis(200);

/// How what a node holds gets to the others all the same.
const CARRY: Message = Message::new(
    "breng het als bestand: hier leerkring charter export --out BESTAND, bij een ander lid leerkring charter import BESTAND",
    "bring it as a file: leerkring charter export --out FILE here, leerkring charter import FILE at another member",
);

/// Why no other node hears this one, if none does.
#[must_use]
pub(crate) fn deaf(stand: &Stand) -> Option<Message> {
    let (nl, en) = match stand.lidmaatschap {
        Lidmaatschap::Geschorst => ("deze gemeente is geschorst", "this gemeente is on hold"),
        Lidmaatschap::Opgegaan => (
            "deze gemeente is opgegaan in een andere",
            "this gemeente became part of another one",
        ),
        Lidmaatschap::NodeBeeindigd => (
            "de sleutel van deze node is beëindigd",
            "the key of this node has ended",
        ),
        Lidmaatschap::Vertrokken => ("deze gemeente is vertrokken", "this gemeente has left"),
        Lidmaatschap::Verwijderd => ("deze gemeente is geen lid meer", "this gemeente is no member any more"),
        _ if stand.peers.is_empty() || stand.peers.iter().any(|peer| peer.verbonden) => return None,
        _ => (
            "er is nu met geen enkele verbinding",
            "there is no link with any of them now",
        ),
    };
    Some(Message::with(
        format!("geen andere node hoort deze node: {nl}"),
        format!("no other node hears this node: {en}"),
    ))
}

/// How a node is doing now, if it runs. Who is to hear of a statement is asked before it is made: afterwards a node may have no
/// say any more, and still be heard this once.
///
/// # Errors
/// [`CommandError`] when it does not answer.
pub(crate) fn stand(node: &Node, lang: Lang) -> Result<Option<Stand>, CommandError> {
    match node.running()? {
        None => Ok(None),
        Some(_) => Client::of(node, lang)?.read(path::STAND, &[]).map(Some),
    }
}

/// How a node is doing before somebody votes at it, if it runs. One that was made of a backup, or of which the store was made anew,
/// may not know what its gemeente voted already: a second vote in a ballot is proof of bad faith, for ever. Nor may one of which the
/// folder was put back from a snapshot of its machine, and nothing tells which that is: so it has to hear anybody, unless it is
/// to be `now`.
///
/// # Errors
/// [`CommandError`] when it does not answer, or has to hear others first.
pub(crate) fn before_vote(node: &Node, now: bool, lang: Lang) -> Result<Option<Stand>, CommandError> {
    let before = stand(node, lang)?;
    let waits = match &before {
        Some(stand) => stand.hoort_eerst.as_ref().map(for_whom),
        None => daemon::waits(node).then_some(Message::new(
            "start haar, en wacht tot leerkring status niet meer zegt dat zij anderen moet horen",
            "start it, and wait until leerkring status no longer says that it has to hear others",
        )),
    };
    let Some(waits) = waits else {
        return match now {
            true => Ok(before),
            false => once_heard(node, before, lang),
        };
    };
    let what = Message::new(
        "deze node komt uit een reservekopie of heeft een nieuwe opslag, en hoorde nog niet wat deze gemeente sindsdien tekende: er \
         is niets getekend, want een tweede stem kan iedereen voorgoed bewijzen",
        "this node was made of a backup, or has a store that was made anew, and has not heard what this gemeente signed since: \
         nothing was signed, since anybody can prove a second vote for ever",
    );
    Err(CommandError::new(Exit::Conflict, what).hinting(waits))
}

/// How the node is doing once it heard anybody; a link takes a moment after the start.
fn once_heard(node: &Node, before: Option<Stand>, lang: Lang) -> Result<Option<Stand>, CommandError> {
    let began = Instant::now();
    let mut before = before;
    while before.as_ref().is_some_and(|stand| stand.niemand_gehoord) && began.elapsed() < LINK_WAIT {
        rest();
        before = stand(node, lang)?;
    }
    let hint = match &before {
        Some(stand) if stand.niemand_gehoord => Message::new(
            "zorg voor verbinding met een ander lid (leerkring status) en probeer het opnieuw; of geef --now als u zeker weet dat \
             deze map alles heeft wat deze gemeente tekende",
            "see to a link with another member (leerkring status) and try again; or give --now when you are sure that this folder \
             has all that this gemeente signed",
        ),
        None if daemon::has_others(node)? => Message::new(
            "start haar, en probeer het opnieuw als zij met een ander lid verbonden is; of geef --now als u zeker weet dat deze map \
             alles heeft wat deze gemeente tekende",
            "start it, and try again when it is connected to another member; or give --now when you are sure that this folder has all \
             that this gemeente signed",
        ),
        _ => return Ok(before),
    };
    let what = Message::new(
        "deze node hoorde sinds haar start nog geen ander lid, en weet misschien niet wat deze gemeente al tekende: er is niets \
         getekend, want een tweede stem kan iedereen voorgoed bewijzen",
        "this node has heard no other member since its start, and may not know what this gemeente signed already: nothing was \
         signed, since anybody can prove a second vote for ever",
    );
    Err(CommandError::new(Exit::Conflict, what).hinting(hint))
}

#[expect(clippy::disallowed_methods, reason = "what is waited for is another process")]
fn rest() {
    std::thread::sleep(LOOKED_EVERY);
}

fn for_whom(waits: &HoortEerst) -> Message {
    let codes = |of: &[Gemeente]| of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (heard, needed, left) = (waits.gehoord.len(), waits.nodig, codes(&waits.ontbreekt));
    Message::with(
        format!(
            "zij wacht op {needed} gemeenten en hoorde er {heard}; nog niet: {left}. Zorg voor verbinding en probeer het dan opnieuw; komen \
             zij niet meer, start de node een keer met --heard"
        ),
        format!(
            "it waits for {needed} gemeenten and heard {heard}; not yet: {left}. See to a link and then try again; when they do not come \
             any more, start the node once with --heard"
        ),
    )
}

/// Refuses what is to be heard by others, at a node that nobody hears.
///
/// # Errors
/// [`CommandError`].
pub(crate) fn needed(before: Option<&Stand>) -> Result<(), CommandError> {
    let why = match before {
        Some(stand) => deaf(stand),
        None => Some(Message::new(
            "geen andere node hoort deze node: zij draait niet",
            "no other node hears this node: it does not run",
        )),
    };
    let Some(why) = why else { return Ok(()) };
    Err(CommandError::new(Exit::Conflict, why).hinting(Message::new(
        "doe dit bij een node van deze gemeente die met de andere verbonden is; of geef --now, en breng daarna het handvest naar \
         een ander lid (leerkring charter export en import)",
        "do this at a node of this gemeente that is connected to the others; or give --now, and bring the charter to another member \
         afterwards (leerkring charter export and import)",
    )))
}

/// Says how others hear of what was just stated.
///
/// # Errors
/// [`Stop`] when nobody reads any more.
pub(crate) fn told(before: Option<&Stand>, output: &mut Output<'_>) -> Result<(), Stop> {
    match before {
        None => output.say(&Message::new(
            "de andere nodes horen het als deze node draait; zeker is: leerkring charter export hier, charter import bij een ander",
            "the other nodes hear of it when this node runs; sure is: leerkring charter export here, charter import at another",
        )),
        Some(stand) => of_stand(stand, output),
    }
}

/// Says who is there to hear, or that nobody is.
///
/// # Errors
/// [`Stop`] when nobody reads any more.
pub(crate) fn of_stand(stand: &Stand, output: &mut Output<'_>) -> Result<(), Stop> {
    if if_deaf(stand, output)? {
        return Ok(());
    }
    let mut there: Vec<String> = stand.peers.iter().filter(|peer| peer.verbonden).map(of).collect();
    there.dedup();
    if there.is_empty() {
        return Ok(());
    }
    let there = there.join(", ");
    output.say(&Message::with(
        format!("nu verbonden, en dus de eersten die dit horen: {there}"),
        format!("connected now, and so the first to hear of this: {there}"),
    ))
}

/// Says so when nobody hears this node, and what to do about it; whether that is so.
///
/// # Errors
/// [`Stop`] when nobody reads any more.
pub(crate) fn if_deaf(stand: &Stand, output: &mut Output<'_>) -> Result<bool, Stop> {
    let Some(why) = deaf(stand) else { return Ok(false) };
    output.say(&why)?;
    output.say(&CARRY)?;
    Ok(true)
}

fn of(peer: &PeerLine) -> String {
    peer.gemeente.to_string()
}
