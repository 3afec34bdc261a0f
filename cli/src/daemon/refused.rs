//! Every refusal of `node` as one message in the language of the user, with what to do about it.
//!
//! **Invariant:** no text of `node` is passed on as it is, except what the system or the engine below says: that stands in
//! brackets behind our own words, for whoever is asked for help.

mod backup;
mod damage;
mod founding;
mod joining;
mod keys;
mod network;
mod own;
mod settings;
mod signing;
mod stopped;

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use node::driver::CoreError;
use node::runtime::{DoctorError, RunError, VerifyError};
use node::secret::SecretError;
use node::store::{Damage, OpenError, OwnLogError};
use node::vault::VaultError;
use protocol::api::Message;
use protocol::log::ReplicaError;

use crate::command_error::{CommandError, system_words};
use crate::exit::Exit;

pub(super) use backup::of_backup;
pub(super) use damage::of_damage;
pub(super) use founding::{entry, of_armor, of_founding};
pub(super) use joining::of_join;
pub(super) use keys::of_keys;
pub(super) use settings::of_config;
pub(super) use signing::of_sign;

use node::full::{is_full, is_silent};

use joining::not_ours;
use network::{of_http, of_net, of_token};
use own::{open_to_others, other_key, store_lost};
use stopped::of_stop;

/// A failure in our words, with what to do about it.
fn told(
    exit: Exit,
    (nl, en): (impl Into<String>, impl Into<String>),
    hint: (&'static str, &'static str),
    error: impl Error + Send + Sync + 'static,
) -> CommandError {
    let message = Message::with(nl.into(), en.into());
    CommandError::new(exit, message)
        .hinting(Message::new(hint.0, hint.1))
        .caused_by(error)
}

const CONFIGURE: (&str, &str) = (
    "pas leerkring.toml in de map aan",
    "change leerkring.toml in the folder",
);
const MAKE_ROOM: (&str, &str) = ("maak ruimte en start opnieuw", "make room and start again");
const STOP_IT: (&str, &str) = ("stop die node eerst", "stop that node first");
const REBUILD: (&str, &str) = (
    "leerkring verify MAP zegt wat er mis is; leerkring doctor MAP maakt de opslag opnieuw uit wat nog te lezen is",
    "leerkring verify DIR says what is wrong; leerkring doctor DIR makes the store anew from what can still be read",
);
const OWN_ASIDE: (&str, &str) = (
    "leerkring doctor MAP zet dat bestand opzij, na wat ervan te lezen is; de opslag en de andere nodes hebben de rest",
    "leerkring doctor DIR puts that file aside, after what can be read of it; the store and the other nodes have the rest",
);
const PUT_BACK_KEY: (&str, &str) = (
    "zet de sleutel terug uit de reservekopie",
    "put the key back from the backup",
);
const NEWER: (&str, &str) = ("gebruik die versie van leerkring", "use that version of leerkring");

fn full(path: &Path, error: impl Error + Send + Sync + 'static) -> CommandError {
    let path = path.display();
    let what = (
        format!("de schijf is vol: geen ruimte voor {path}"),
        format!("the disk is full: no space left for {path}"),
    );
    told(Exit::Conflict, what, MAKE_ROOM, error)
}

fn silent(error: impl Error + Send + Sync + 'static) -> CommandError {
    let what = (
        "de schijf antwoordt niet: wat het laatst binnenkwam, is misschien niet bewaard",
        "the disk does not answer: what came in last may not have been kept",
    );
    let hint = (
        "kijk naar de schijf waar de map op staat en start opnieuw; wat bevestigd was, is er dan nog",
        "look at the disk that the folder is on and start again; what was acknowledged is still there then",
    );
    told(Exit::Conflict, what, hint, error)
}

fn in_use(path: &Path, error: impl Error + Send + Sync + 'static) -> CommandError {
    let path = path.display();
    let what = (
        format!("de node draait al: {path} is in gebruik door een ander proces"),
        format!("the node runs already: {path} is in use by another process"),
    );
    told(Exit::Conflict, what, STOP_IT, error)
}

fn newer(path: &Path, (found, known): (i64, i64), error: impl Error + Send + Sync + 'static) -> CommandError {
    let path = path.display();
    let what = (
        format!("de map is van een nieuwere versie: {path} heeft vorm {found}, deze versie kent er {known}"),
        format!("the folder is of a newer version: {path} has format {found}, this version knows up to {known}"),
    );
    told(Exit::Conflict, what, NEWER, error)
}

fn wrong_key(key: &str, path: &Path, error: impl Error + Send + Sync + 'static) -> CommandError {
    let path = path.display();
    let what = (
        format!("keys/{key} is niet de sleutel waarmee {path} is gemaakt"),
        format!("keys/{key} is not the key that {path} was made with"),
    );
    told(Exit::Input, what, PUT_BACK_KEY, error)
}

pub(super) fn of_secret(error: SecretError) -> CommandError {
    match error {
        SecretError::Io { path, source } if source.kind() == io::ErrorKind::NotFound => {
            CommandError::of_file(&path, source).hinting(Message::new(
                "zet de sleutel terug uit de reservekopie van deze node; ligt zij in een andere map, noem die dan",
                "put the key back from the backup of this node; when it is in another folder, name that",
            ))
        }
        SecretError::Io { path, source } => CommandError::of_file(&path, source),
        SecretError::Readable { ref path, mode } => {
            let path = path.display();
            let what = (
                format!("anderen kunnen een sleutel lezen: {path} heeft rechten {mode:03o}"),
                format!("others can read a key: {path} has mode {mode:03o}"),
            );
            let hint = ("chmod 600 op dat bestand", "chmod 600 on that file");
            told(Exit::Permission, what, hint, error)
        }
        SecretError::Length { ref path, found } => {
            let path = path.display();
            let what = (
                format!("{path} is geen sleutel: het bestand heeft {found} bytes, een sleutel 32"),
                format!("{path} is no key: the file has {found} bytes, a key 32"),
            );
            told(Exit::Input, what, PUT_BACK_KEY, error)
        }
        SecretError::Random { .. } => no_random(error),
    }
}

fn no_random(error: impl Error + Send + Sync + 'static) -> CommandError {
    let what = (
        "het besturingssysteem geeft geen willekeurige getallen",
        "the operating system gives no random numbers",
    );
    let hint = ("herstart deze machine", "restart this machine");
    told(Exit::Internal, what, hint, error)
}

pub(super) fn of_run(error: RunError) -> CommandError {
    if is_silent(&error) {
        return silent(error);
    }
    match error {
        RunError::Config(error) => of_config(error),
        RunError::Secret(error) => of_secret(error),
        RunError::Armor(error) => of_armor(error),
        RunError::Store(error) => of_store(error),
        RunError::Net(error) => of_net(error),
        RunError::Http(error) => of_http(error),
        RunError::Token(error) => of_token(error),
        RunError::Vault(error) => of_vault(error),
        RunError::OwnLog(error) => of_own_log(error),
        RunError::Replica(error) => of_replica(error),
        RunError::View(error) if is_full(&error) => {
            let what = (
                "de schijf is vol: de weergave is niet te openen",
                "the disk is full: the view cannot be opened",
            );
            told(Exit::Conflict, what, MAKE_ROOM, error)
        }
        RunError::View(error) => {
            let what = (
                format!("de weergave is niet te openen ({error})"),
                format!("the view cannot be opened ({error})"),
            );
            let hint = (
                "verwijder view.sqlite in de map: de node maakt het opnieuw",
                "remove view.sqlite in the folder: the node makes it anew",
            );
            told(Exit::Internal, what, hint, error)
        }
        RunError::ApiAddress { ref address } => {
            let what = (
                format!("het adres van de API klopt niet: {address:?} is niet als 127.0.0.1:8080"),
                format!("the address of the API is not right: {address:?} is not like 127.0.0.1:8080"),
            );
            told(Exit::Input, what, CONFIGURE, error)
        }
        RunError::OtherKey { .. } => other_key(error),
        RunError::StoreLost { .. } => store_lost(error),
        RunError::Open {
            ref path,
            mode,
            directory,
        } => open_to_others(&path.clone(), mode, directory, error),
        RunError::Core(error @ (CoreError::NotListed | CoreError::Foreign | CoreError::Unsigned)) => not_ours(error),
        RunError::System { ref what, ref source } if is_full(source) => {
            let place = PathBuf::from(what.strip_prefix("writing ").unwrap_or(what));
            full(&place, error)
        }
        RunError::System { what: _, ref source } => {
            let words = system_words(source);
            let what = (
                format!("het besturingssysteem werkt niet mee: {}", words.nl),
                format!("the operating system does not cooperate: {}", words.en),
            );
            told(Exit::Internal, what, SEE_LOG, error)
        }
        error => of_stop(error),
    }
}

const SEE_LOG: (&str, &str) = (
    "het logboek zegt waarom; leerkring verify MAP controleert de map",
    "the log says why; leerkring verify DIR checks the folder",
);

fn of_replica(error: ReplicaError) -> CommandError {
    let what = match &error {
        ReplicaError::OtherFederation { held } => (
            format!("deze node hoort al bij federatie {held}"),
            format!("this node belongs to federation {held} already"),
        ),
        ReplicaError::Format { found } => (
            format!("de opslag is van een andere versie ({found})"),
            format!("the store is of another version ({found})"),
        ),
        error => {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            let what = (
                format!("de opslag is beschadigd ({cause})"),
                format!("the store is damaged ({cause})"),
            );
            (what.0, what.1)
        }
    };
    let (exit, hint) = match &error {
        ReplicaError::OtherFederation { .. } => (
            Exit::Conflict,
            (
                "maak voor een andere federatie een eigen node met leerkring init",
                "make a node of its own for another federation with leerkring init",
            ),
        ),
        ReplicaError::Format { .. } => (Exit::Conflict, NEWER),
        _ => (Exit::Input, REBUILD),
    };
    told(exit, what, hint, error)
}

fn of_own_log(error: OwnLogError) -> CommandError {
    match error {
        OwnLogError::Io { path, source } => CommandError::of_file(&path, source),
        error @ OwnLogError::Damaged { .. } => {
            let OwnLogError::Damaged { path, offset, .. } = &error else {
                unreachable!("it was matched as damaged")
            };
            let path = path.display();
            let what = (
                format!("{path} is beschadigd vanaf byte {offset}"),
                format!("{path} is damaged from byte {offset} on"),
            );
            told(Exit::Input, what, OWN_ASIDE, error)
        }
        error => {
            let what = (
                format!("het eigen logboek is niet te gebruiken ({error})"),
                format!("the own log cannot be used ({error})"),
            );
            told(Exit::Internal, what, REBUILD, error)
        }
    }
}

fn of_vault(error: VaultError) -> CommandError {
    match error {
        VaultError::Random(error) => of_secret(error),
        VaultError::Io { path, source } => CommandError::of_file(&path, source),
        VaultError::InUse { ref path } => in_use(&path.clone(), error),
        VaultError::Full { ref path } => full(&path.clone(), error),
        VaultError::WrongKey { ref path } => wrong_key("vault.key", &path.clone(), error),
        VaultError::Newer { ref path, found, known } => newer(&path.clone(), (found, known), error),
        error => {
            let what = (
                format!("de kluis met lokale records is beschadigd ({error})"),
                format!("the vault with local records is damaged ({error})"),
            );
            let hint = (
                "zet de map vault terug uit de reservekopie: wat lokaal is heeft niemand anders",
                "put the folder vault back from the backup: nobody else has what is local",
            );
            told(Exit::Input, what, hint, error)
        }
    }
}

fn of_store(error: OpenError) -> CommandError {
    match error {
        OpenError::InUse { ref dir } => in_use(&dir.clone(), error),
        OpenError::Full { ref dir } => full(&dir.clone(), error),
        OpenError::Silent { .. } => silent(error),
        OpenError::WrongKey { ref dir } => wrong_key("storage.key", &dir.clone(), error),
        OpenError::Newer { ref dir, found, known } => newer(&dir.clone(), (i64::from(found), i64::from(known)), error),
        OpenError::Permission { path, source } | OpenError::Io { path, source } => CommandError::of_file(&path, source),
        OpenError::Damaged { ref path, ref damage } => not_opened(&path.clone(), &damage.clone(), error),
        OpenError::Engine { ref dir, ref detail } => {
            let said = Damage::Engine { detail: detail.clone() };
            not_opened(&dir.clone(), &said, error)
        }
    }
}

fn not_opened(path: &Path, damage: &Damage, error: OpenError) -> CommandError {
    let (path, damage) = (path.display(), of_damage(damage));
    let what = (
        format!("de opslag gaat niet open: {path} is beschadigd ({})", damage.nl),
        format!("the store does not open: {path} is damaged ({})", damage.en),
    );
    told(Exit::Input, what, REBUILD, error)
}

pub(super) fn of_verify(error: VerifyError) -> CommandError {
    match error {
        VerifyError::Open(error) => of_run(error),
        VerifyError::InUse { ref path } => in_use(&path.clone(), error),
        VerifyError::Busy { ref path } => {
            let path = path.display();
            let what = (
                format!("deze map wordt al gecontroleerd: {path} is in gebruik"),
                format!("this folder is being checked already: {path} is in use"),
            );
            told(
                Exit::Conflict,
                what,
                ("wacht tot dat klaar is", "wait until that is done"),
                error,
            )
        }
        VerifyError::Copy { ref path, ref source } => {
            let (words, path) = (system_words(source), path.display());
            let denied = source.kind() == std::io::ErrorKind::PermissionDenied;
            let exit = if denied { Exit::Permission } else { Exit::Conflict };
            let what = (
                format!("de opslag is niet te kopiëren, {path}: {}", words.nl),
                format!("the store cannot be copied, {path}: {}", words.en),
            );
            let hint = (
                "verify leest een kopie, zodat er niets verandert: start als de gebruiker van de node, met evenveel ruimte als \
                 store inneemt in de map van de node",
                "verify reads a copy, so that nothing changes: start as the user of the node, with as much room as store takes \
                 in the folder of the node",
            );
            told(exit, what, hint, error)
        }
    }
}

pub(super) fn of_doctor(error: DoctorError) -> CommandError {
    match error {
        DoctorError::Run(error) => of_run(error),
        DoctorError::Io { path, source } => CommandError::of_file(&path, source),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use protocol::store::StoreError;

    use super::*;

    #[test]
    fn a_full_disk_is_told_as_such_and_not_as_a_fault_of_leerkring() {
        let failed = |kind: io::ErrorKind| {
            of_run(RunError::System {
                what: "writing zuiderwaard/node.json".to_owned(),
                source: kind.into(),
            })
        };
        let full = failed(io::ErrorKind::StorageFull);
        assert_eq!(full.exit, Exit::Conflict);
        assert!(
            full.message
                .nl
                .contains("schijf is vol: geen ruimte voor zuiderwaard/node.json")
        );
        assert_eq!(failed(io::ErrorKind::TimedOut).exit, Exit::Internal);
    }

    #[test]
    fn a_disk_that_does_not_answer_is_told_as_such_and_not_as_a_damaged_store() {
        let dir = PathBuf::from("zuiderwaard/store");
        let opening = of_run(RunError::Store(OpenError::Silent { dir }));
        let later = of_run(ReplicaError::from(StoreError::Silent { seconds: 90 }).into());
        for told in [opening, later] {
            assert_eq!(told.exit, Exit::Conflict);
            assert!(told.message.nl.contains("de schijf antwoordt niet"), "{told:?}");
        }
    }
}
