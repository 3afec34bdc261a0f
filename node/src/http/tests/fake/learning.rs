//! What it answers about local records.

use protocol::api::{Lang, Paging, RecordPage, RecordQuery};
use protocol::id::{Snapshot, Week};

use super::super::super::{Failure, Learning, Thing};
use super::{Fake, record_text, week};

impl Learning for Fake {
    fn local_records(
        &self,
        _: &RecordQuery,
        paging: Option<Paging>,
        _: Lang,
    ) -> Result<(RecordPage, Vec<String>), Failure> {
        let about = RecordPage {
            peilweek: week(),
            snapshot: Snapshot([7; 32]),
            totaal: 2,
        };
        let count = paging.map_or(2, |part| u64::from(part.aantal).min(2));
        Ok((about, (0..count).map(record_text).collect()))
    }

    fn local_record(&self, id: &str, _: Option<Week>) -> Result<String, Failure> {
        match id {
            "s-1" => Ok(record_text(0)),
            _ => Err(Failure::Unknown {
                what: Thing::Local,
                id: id.to_owned(),
            }),
        }
    }
}
