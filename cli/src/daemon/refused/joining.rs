//! What is wrong with an invitation, or with taking one in.

use node::runtime::JoinError;

use super::{CoreError, of_armor, of_config, of_replica, of_run, of_secret, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

pub(in crate::daemon) fn of_join(error: JoinError) -> CommandError {
    match error {
        JoinError::Closed => {
            let what = (
                "deze node kan niemand binnenlaten: zij hoort (nog) niet bij een gestichte federatie, of heeft geen adres",
                "this node cannot let anybody in: it does not belong to a federation that is founded, or has no address",
            );
            let hint = (
                "vraag een lid van de federatie om de uitnodiging",
                "ask a member of the federation for the invitation",
            );
            told(Exit::Conflict, what, hint, error)
        }
        JoinError::Armor(error) => of_armor(error),
        JoinError::Io { path, source } => CommandError::of_file(&path, source),
        JoinError::Config(error) => of_config(error),
        JoinError::Secret(error) => of_secret(error),
        JoinError::Run(error) => of_run(error),
        JoinError::Core(CoreError::Replica(error)) => of_replica(error),
        JoinError::Core(error) => of_run(error.into()),
    }
}
