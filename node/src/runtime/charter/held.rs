//! What a node holds of the charter, and where the logs of a gemeente stand here.

use protocol::api::{HandvestLogs, HandvestStand, LogHoogte, NodeLogs, Uitnodiging};
use protocol::charter::{Ended, Set};
use protocol::id::{Gemeente, LogId};
use protocol::log::{LogState, Replica, ReplicaError};
use protocol::store::Store;

use super::super::opening::with_replica;
use super::super::{Config, Home, RunError, armor, joining, roots};
use super::stand_of;

/// The whole charter as a node that does not run holds it, as text.
///
/// # Errors
/// [`RunError`]; a node that runs has its store in use: ask its API.
pub fn export(home: &Home) -> Result<String, RunError> {
    Config::read(home)?;
    with_replica(home, |replica| Ok(text_of(&bytes_of(replica.statements())?)))
}

/// Who belongs, as a node that does not run holds it.
///
/// # Errors
/// [`RunError`]; a node that runs has its store in use: ask its API.
pub fn charter_stand(home: &Home) -> Result<HandvestStand, RunError> {
    Config::read(home)?;
    let me = roots::me(home)?;
    with_replica(home, |replica| {
        let invitation = joining::kept(home, replica, me)?;
        let roster = replica.roster();
        Ok(HandvestStand {
            uitnodiging: invitation.map(|invitation| Uitnodiging {
                tweede: home.card().exists(),
                ..joining::told(&invitation, roster, me)
            }),
            ..stand_of(replica.statements(), roster)
        })
    })
}

/// Where the logs of a gemeente stand in the store of a node that does not run.
///
/// # Errors
/// [`RunError`]; a node that runs has its store in use: ask its API.
pub fn log_heights(home: &Home, gemeente: Gemeente) -> Result<HandvestLogs, RunError> {
    Config::read(home)?;
    with_replica(home, |replica| Ok(logs_of(replica, gemeente)?))
}

/// The bytes of all statements of a set.
pub(in crate::runtime) fn bytes_of(set: &Set) -> Result<Vec<Vec<u8>>, armor::ArmorError> {
    armor::whole(set.iter())
}

/// The text of these statements: long, and made without the node that holds them.
pub(in crate::runtime) fn text_of(statements: &[Vec<u8>]) -> String {
    armor::write_statements(statements.iter().map(Vec::as_slice))
}

/// How far this replica holds each log of a gemeente, as the end of a node key says it: what an end or a fork cuts off
/// already is not counted. What a hold cuts off is: a hold goes with its edition, and an end is for good.
pub(in crate::runtime) fn logs_of<S: Store>(
    replica: &Replica<S>,
    gemeente: Gemeente,
) -> Result<HandvestLogs, ReplicaError> {
    let nodes = replica.roster().nodes().filter(|(_, of)| *of == gemeente);
    let nodes = nodes.map(|(node, _)| {
        let logs = replica.logs_of(node).map(|(log, state)| height(replica, log, state));
        let logs = logs.collect::<Result<Vec<_>, _>>()?;
        Ok(NodeLogs {
            node,
            logs: logs.into_iter().flatten().collect(),
        })
    });
    Ok(HandvestLogs {
        gemeente,
        nodes: nodes.collect::<Result<_, ReplicaError>>()?,
    })
}

/// Where a log stands; nothing when nothing of it counts.
fn height<S: Store>(replica: &Replica<S>, log: LogId, state: &LogState) -> Result<Option<LogHoogte>, ReplicaError> {
    let roster = replica.roster();
    let (held, head) = state.common(roster.fork(log));
    let cut = match roster.ended(state.node) {
        // What a fork cuts off is not in common with anybody, and so not in what is held.
        Some(Ended::OnHold) => roster.fork(log).map(|fork| fork.seq),
        _ => roster.cut(state.node, log),
    };
    let positie = cut.map_or(held, |cut| cut.min(held));
    let kop = match positie {
        0 => return Ok(None),
        whole if whole == held => Some(head),
        cut => replica.header(log, cut - 1)?.map(|signed| signed.hash()),
    };
    Ok(kop.map(|kop| LogHoogte { log, positie, kop }))
}
