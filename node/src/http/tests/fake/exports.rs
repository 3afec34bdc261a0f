//! What it answers about snapshots, and the exports that it makes.

use std::fs::File;
use std::io::Write;

use protocol::api::*;
use protocol::id::{Digest, EditionHash, FederationId, HeaderHash, LogId, NodeKey, Snapshot};

use super::super::super::{Exports, Failure};
use super::samples::gemeente;
use super::{Fake, week};

impl Exports for Fake {
    fn snapshot(&self) -> Result<Momentopname, Failure> {
        let hoogte = Hoogte {
            logboek: LogId([2; 32]),
            node: NodeKey([3; 32]),
            gemeente: gemeente(),
            hoogte: 4,
            kop: HeaderHash([5; 32]),
            kopregel: "00".to_owned(),
            handtekening: "01".to_owned(),
        };
        Ok(Momentopname {
            snapshot: Snapshot([7; 32]),
            peilweek: week(),
            federatie: FederationId([1; 32]),
            editie: Editie {
                nummer: 1,
                hash: EditionHash([6; 32]),
            },
            stand: Digest([8; 32]),
            verklaringen: Verklaringen {
                aantal: 9,
                digest: Digest([9; 32]),
            },
            versies: Weergaveversies {
                weergave: 8,
                woordenlijst: 1,
                regels: 1,
            },
            hoogten: vec![hoogte],
        })
    }

    fn spool(&self) -> Result<File, Failure> {
        tempfile::tempfile().map_err(Failure::internal)
    }

    /// As CSV a short one; as Parquet one without end, until nobody takes more; as JSON Lines none, since its disk is full; for
    /// Excel it is busy.
    fn export(&self, form: Uitvoervorm, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        match form {
            Uitvoervorm::Csv => out.write_all(b"PK").map_err(Failure::internal),
            Uitvoervorm::Jsonl => Err(Failure::internal(std::io::Error::from(std::io::ErrorKind::StorageFull))),
            Uitvoervorm::Excel => Err(Failure::Busy),
            Uitvoervorm::Parquet => {
                self.say_exporting();
                while out.write_all(&[b'x'; 1024]).is_ok() {
                    self.pause();
                }
                self.say_left();
                Err(Failure::Busy)
            }
        }
    }

    fn export_again(&self, asked: &EerdereStand, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        self.export(asked.vorm, out)
    }

    /// Everything at once; what changed since the marks `v` and `2026-W07`, and nothing is known of another.
    fn everything(&self, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        out.write_all(b"[\"alles\"]\n").map_err(Failure::internal)
    }

    fn changes(&self, since: &str, records_max: u32) -> Result<Vec<u8>, Failure> {
        match since {
            "v" | "2026-W07" => Ok(format!("[{records_max}]\n").into_bytes()),
            _ => Err(Failure::Told {
                kind: ProblemKind::Vervallen,
                message: Message::new("van een ander", "of another"),
                hint: None,
            }),
        }
    }
}
