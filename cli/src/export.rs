//! `export`: every table of one snapshot in a folder.
//!
//! The node sends one archive. It is unpacked and checked in a folder beside the one that was asked for, and that gets its name
//! only once it is whole and on the disk.
//!
//! **Invariant:** nothing half-written ever stands under the name that was asked for, and nothing that stood there is touched.

mod again;
mod part;
mod verify;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use protocol::api::{self, Message, Uitvoervorm, path};
use serde_json::json;

pub use verify::verify_any;

use crate::client::Client;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};
use again::Earlier;
use part::Part;
use verify::Checked;

/// Bytes that a node may send.
const ARCHIVE_BYTES_MAX: u64 = 16 << 30;
/// Bytes that are copied at a time.
const CHUNK_BYTES: usize = 256 * 1024;

/// What is exported, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The folder, which is made.
    pub dir: PathBuf,
    /// The form of the tables.
    pub form: Uitvoervorm,
    /// An earlier export, whose state is exported again.
    pub as_of: Option<PathBuf>,
}

/// Exports what the node knows now, or what an earlier export was of.
///
/// # Errors
/// [`Stop`] when there is no export; then there is no folder either.
pub fn export(client: &Client, asked: &Asked, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let earlier = asked.as_of.as_deref().map(Earlier::read).transpose()?;
    let mut part = Part::make(&asked.dir)?;
    let answer: Box<dyn Read> = match &earlier {
        Some(earlier) => Box::new(client.post_for(path::UITVOER, &earlier.body(asked.form), api::MEDIA_ZIP)?),
        None => {
            let query = [("vorm", asked.form.name().to_owned())];
            Box::new(client.stream(path::UITVOER, &query, api::MEDIA_ZIP)?)
        }
    };
    let (archive, place) = part.archive();
    let sent = copy(&mut answer.take(ARCHIVE_BYTES_MAX + 1), archive, &place, broke_off)?;
    if sent > ARCHIVE_BYTES_MAX {
        return Err(broke_off(io::Error::other("more bytes than an export has")).into());
    }
    part.unpack()?;
    let checked = verify::check(part.dir(), Some(part::MARK))?;
    if !checked.faults.is_empty() {
        return Err(not_whole(&checked).into());
    }
    part.keep(&asked.dir)?;
    tell(asked, &checked, output)?;
    if let Some(earlier) = earlier.filter(|_| !output.json) {
        earlier.compare(&checked, output)?;
    }
    Ok(Exit::Ok)
}

fn tell(asked: &Asked, checked: &Checked, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json {
        let mut value = checked.json();
        value["map"] = json!(asked.dir.display().to_string());
        value["vorm"] = json!(asked.form.name());
        return output.line(&value.to_string());
    }
    let (dir, files, bytes) = (asked.dir.display(), checked.files, checked.bytes);
    output.say(&Message::with(
        format!("Uitvoer in {dir}: {files} bestanden, {bytes} bytes, nagekeken"),
        format!("Export in {dir}: {files} files, {bytes} bytes, checked"),
    ))?;
    checked.tell(output)?;
    output.say(&Message::new(
        "Behandel deze map als persoonsgegevens; README.md zegt wat erin staat en hoe u haar aanhaalt",
        "Treat this folder as personal data; README.md says what is in it and how to cite it",
    ))
}

/// Copies everything, and gives how many bytes that was; a failure to read is what `not_read` makes of it, one to write is told of the place.
fn copy(
    from: &mut dyn Read,
    to: &mut File,
    place: &Path,
    not_read: impl Fn(std::io::Error) -> CommandError,
) -> Result<u64, CommandError> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut copied = 0;
    loop {
        let read = from.read(&mut chunk).map_err(&not_read)?;
        if read == 0 {
            return Ok(copied);
        }
        copied += read as u64;
        let written = to.write_all(&chunk[..read]);
        written.map_err(|error| CommandError::of_file(place, error))?;
    }
}

fn broke_off(error: std::io::Error) -> CommandError {
    CommandError::new(
        Exit::Unreachable,
        Message::new("de uitvoer brak halverwege af", "the export broke off halfway"),
    )
    .hinting(Message::new(
        "probeer het opnieuw; het logboek van de node zegt waarom",
        "try again; the log of the node says why",
    ))
    .caused_by(error)
}

fn not_whole(checked: &Checked) -> CommandError {
    let none = Message::new("", "");
    let first = checked.faults.first().unwrap_or(&none);
    CommandError::new(
        Exit::Internal,
        Message::with(
            format!("wat de node stuurde klopt niet: {}", plain(&first.nl)),
            format!("what the node sent is not right: {}", plain(&first.en)),
        ),
    )
    .hinting(Message::new(
        "probeer het opnieuw; is de node van een andere versie? vergelijk leerkring --version met leerkring status",
        "try again; is the node of another version? compare leerkring --version with leerkring status",
    ))
}
