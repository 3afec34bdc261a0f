//! What others say about our records, for whoever keeps the mailbox of the gemeente.
//!
//! **Invariant:** what goes to the mailbox itself is a count and no content, at most once a week: mail is read, kept and sent
//! on by machines that this node knows nothing of. It is dropped as a file in a directory that the gemeente's own mail system
//! collects from, so that the node needs no way out, no password and no right to start another program.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use protocol::api::{LINES_MAX, PostRegel, PostvakPage};
use protocol::id::{Gemeente, Week};
use protocol::record::{Kind, Merged, Reference, Value, around, state};

use super::meeting::ours;
use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::Answers;
use crate::runtime::local::World;
use crate::view::ViewError;

/// What is in the mailbox: what waits for an answer first, and of that the newest.
pub(super) fn mailbox(answers: &Answers, peilweek: Option<Week>) -> Result<PostvakPage, Failure> {
    let peilweek = peilweek.unwrap_or_else(week_now);
    let mut berichten = answers.world(|world, _| berichten(world, answers.config.gemeente, peilweek))?;
    let open = berichten.iter().filter(|one| one.staat == "open");
    let (open, meekijken) = open.fold((0, 0), |(open, looks), one| {
        (open + 1, looks + u64::from(one.vorm == "meekijken"))
    });
    let totaal = berichten.len() as u64;
    berichten.truncate(LINES_MAX);
    Ok(PostvakPage {
        postbus: answers.config.mailbox.clone(),
        peilweek,
        totaal,
        open,
        meekijken,
        berichten,
    })
}

fn berichten(world: &World<'_>, gemeente: Gemeente, peilweek: Week) -> Result<Vec<PostRegel>, ViewError> {
    let ours = ours(world, gemeente);
    let mut found = Vec::new();
    for named in world.concerning(&ours)? {
        let Some(record) = world.record(&named)? else { continue };
        let theirs = record.kind == Kind::Bericht && !ours.contains(&record.owner) && record.week <= peilweek;
        if theirs && let Some(regel) = regel(world, &record, &ours, peilweek)? {
            found.push(regel);
        }
    }
    found.sort_by(|one, other| {
        let key = |regel: &PostRegel| (regel.staat != "open", std::cmp::Reverse(regel.week));
        (key(one), &one.id).cmp(&(key(other), &other.id))
    });
    Ok(found)
}

/// A bericht about one of our records; nothing when it is about another's.
fn regel(
    world: &World<'_>,
    record: &Merged,
    ours: &BTreeSet<Gemeente>,
    peilweek: Week,
) -> Result<Option<PostRegel>, ViewError> {
    let Some(Value::Link(over)) = record.value("over") else {
        return Ok(None);
    };
    let Some(about) = world
        .record(over)?
        .filter(|about| !about.contributors.is_disjoint(ours))
    else {
        return Ok(None);
    };
    let text = |field: &str| match record.value(field) {
        Some(Value::Text(text) | Value::Code(text)) => text.clone(),
        _ => String::new(),
    };
    let state = state(record, &around(record, world)?, peilweek);
    Ok(Some(PostRegel {
        week: record.week,
        vorm: text("vorm"),
        gemeente: record.owner,
        id: match &record.id {
            Reference::Record(id) => id.to_string(),
            Reference::Local(id) => id.clone(),
        },
        over: world.called(over),
        soort: about.kind.name().to_owned(),
        titel: title(&about),
        tekst: text("tekst"),
        staat: state.answer.unwrap_or(state.name).to_owned(),
    }))
}

/// Drops the digest of this week, once, when something waits for an answer. Off unless the gemeente says where.
pub(in crate::runtime) fn drop_digest(answers: &Answers) {
    let (Some(dir), noted) = (&answers.config.digest, answers.home.digest()) else {
        return;
    };
    let week = week_now();
    if fs::read_to_string(&noted).is_ok_and(|told| told.trim() == week.to_string()) {
        return;
    }
    let Ok(page) = mailbox(answers, Some(week)) else {
        return;
    };
    let Some(mail) = mail(&page) else {
        return;
    };
    let dropped = put(dir, &format!("leerkring-{week}.eml"), &mail);
    // What could not be dropped is tried again.
    if let Err(error) = dropped.and_then(|()| fs::write(&noted, format!("{week}\n"))) {
        tracing::warn!(%error, path = %dir.display(), "the digest could not be dropped; it is tried again");
    }
}

/// Whole or not at all: what collects mail takes what it sees.
fn put(dir: &Path, name: &str, mail: &str) -> io::Result<()> {
    let beside = dir.join(format!(".{name}.tmp"));
    fs::write(&beside, mail)?;
    fs::rename(beside, dir.join(name))
}

/// The mail; nothing when nothing waits, or no mail can go to such a mailbox.
fn mail(page: &PostvakPage) -> Option<String> {
    let (to, open, looks) = (&page.postbus, page.open, page.meekijken);
    let is_address = |to: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
        to.chars().all(plain) && to.split('@').filter(|part| !part.is_empty()).count() == 2
    };
    (open > 0 && is_address(to)).then(|| {
        let waits = if open == 1 {
            "1 bericht wacht"
        } else {
            &format!("{open} berichten wachten")
        };
        format!(
            "From: <{to}>\r\nTo: <{to}>\r\nSubject: leerkring: {waits} op antwoord\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nAuto-Submitted: auto-generated\r\n\r\n\
             Van andere gemeenten: {waits} op antwoord; vragen om mee te kijken: {looks}.\r\n\
             leerkring post toont ze.\r\n"
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::runtime::local::tests::{OURS, Place, knelpunt};

    fn page(postbus: &str, open: u64) -> PostvakPage {
        PostvakPage {
            postbus: postbus.to_owned(),
            peilweek: "2026-W12".parse().unwrap(),
            totaal: open,
            open,
            meekijken: 1,
            berichten: Vec::new(),
        }
    }

    #[test]
    fn a_request_to_look_along_reaches_the_owner_and_what_is_about_others_does_not() {
        let mut place = Place::new("post");
        place.type_in(&knelpunt(Some("k-1")));
        let record = place.is_shared("k-1", 1);
        place.arrives(1, OURS, &knelpunt(None));
        place.arrives(2, 9902, &knelpunt(None));
        let asks = |week: &str, over: &str, vorm: &str| json!({"soort": "bericht", "week": week, "over": over, "vorm": vorm, "tekst": "Kijk mee."});
        let ours = record.to_string();
        let theirs = protocol::id::RecordId([2; 20]).to_string();
        let looks = place.arrives(3, 9902, &asks("2026-W09", &ours, "meekijken"));
        place.arrives(4, 9903, &asks("2026-W09", &theirs, "meekijken"));
        let knows = place.arrives(5, 9903, &asks("2026-W10", &ours, "herkenning"));
        let later = place.arrives(6, 9903, &asks("2026-W20", &ours, "vraag"));
        let found = |peilweek: &str| {
            let (ours, peilweek) = (Gemeente::new(OURS).unwrap(), peilweek.parse().unwrap());
            let found = place.ask(|world| berichten(world, ours, peilweek).unwrap());
            let lines = found.iter();
            let lines = lines.map(|one| format!("{} {} {} {}", one.id, one.vorm, one.over, one.staat));
            lines.collect::<Vec<_>>()
        };
        let (looks, knows) = (
            format!("{looks} meekijken k-1 open"),
            format!("{knows} herkenning k-1 geplaatst"),
        );
        assert_eq!(found("2026-W12"), [looks.clone(), knows.clone()]);
        assert_eq!(found("2026-W20"), [format!("{later} vraag k-1 open"), looks, knows]);
    }

    #[test]
    fn the_digest_says_how_many_and_nothing_else() {
        let mail = mail(&page("leerkring@kromhoek.example", 2)).unwrap();
        assert!(
            mail.contains("Subject: leerkring: 2 berichten wachten op antwoord\r\n"),
            "{mail}"
        );
        assert!(mail.starts_with("From: <leerkring@kromhoek.example>\r\nTo: <leerkring@kromhoek.example>\r\n"));
        assert!(super::mail(&page("leerkring@kromhoek.example", 0)).is_none());
        for wrong in [
            "",
            "kromhoek",
            "@kromhoek.example",
            "a@b\r\nBcc: x@y",
            "a@b, c@d",
            "a b@c",
            "<a@b>",
        ] {
            assert!(super::mail(&page(wrong, 1)).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_dropped_is_there_whole() {
        let dir = crate::scratch::Scratch::new("digest");
        put(dir.path(), "leerkring-2026-W12.eml", "a\r\n").unwrap();
        let names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|one| one.unwrap().file_name())
            .collect();
        assert_eq!(names, ["leerkring-2026-W12.eml"]);
        assert!(put(&dir.path().join("weg"), "a.eml", "a").is_err());
    }
}
