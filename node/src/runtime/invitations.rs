//! Inviting and coming in, over the API of a node that runs.

use protocol::api::{Fault, Lang, Message, NieuweUitnodiging, ProblemKind, Uitnodiging};

use super::backend::{Answers, import_failed, stopping};
use super::joining::{self, JoinError};
use super::{ArmorError, armor};
use crate::http::Failure;

/// An invitation of this node.
pub(super) fn invite(answers: &Answers) -> Result<NieuweUitnodiging, Failure> {
    let written = answers.calls.call(|core| {
        let signed = core.invite()?;
        let text = armor::write_invitation(&signed);
        let read = armor::read_invitation(&text).ok()?;
        let uitnodiging = joining::told(&read, core.replica().roster(), core.me());
        Some(NieuweUitnodiging {
            tekst: text,
            uitnodiging,
        })
    });
    written.map_err(stopping)?.ok_or_else(closed)
}

/// Takes an invitation in.
pub(super) fn join(answers: &Answers, body: &[u8], lang: Lang) -> Result<Uitnodiging, Failure> {
    let text = String::from_utf8(body.to_vec());
    let text = text.map_err(|_| not_an_invitation("het is geen tekst", "it is not text", lang))?;
    let invitation = armor::read_invitation(&text).map_err(|error| wrong(&error, lang))?;
    let home = answers.home.clone();
    let joined = answers.calls.call(move |core| {
        core.join(invitation.clone(), || joining::stage(&home, &text))?;
        joining::settle(&home)?;
        Ok::<_, JoinError>(joining::told(&invitation, core.replica().roster(), core.me()))
    });
    joined.map_err(stopping)?.map_err(|error| match error {
        JoinError::Core(error) => import_failed(error),
        error => Failure::internal(error),
    })
}

fn closed() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "deze node kan niemand binnenlaten: zij hoort (nog) niet bij een gestichte federatie, of heeft geen adres",
            "this node cannot let anybody in: it does not belong to a federation that is founded, or has no address",
        ),
        hint: Some(Message::new(
            "vraag een lid van de federatie om de uitnodiging",
            "ask a member of the federation for the invitation",
        )),
    }
}

fn wrong(error: &ArmorError, lang: Lang) -> Failure {
    let what = match error {
        ArmorError::Content { .. } => ("er is iets aan veranderd", "something in it was changed"),
        _ => (
            "het bestand is van een andere soort of beschadigd",
            "the file is of another kind or damaged",
        ),
    };
    not_an_invitation(what.0, what.1, lang)
}

fn not_an_invitation(nl: &str, en: &str, lang: Lang) -> Failure {
    Failure::Input(Fault {
        melding: lang.pick(
            format!("dit is geen uitnodiging: {nl}"),
            format!("this is not an invitation: {en}"),
        ),
        hint: Some(
            lang.pick(
                "vraag een lid om een nieuwe (leerkring charter invite) en geef het bestand onveranderd",
                "ask a member for a new one (leerkring charter invite) and give the file unchanged",
            )
            .to_owned(),
        ),
        ..Fault::default()
    })
}
