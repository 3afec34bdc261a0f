//! Full text: which records of the view speak of what is asked, and which resemble a draft.
//!
//! | file | what it holds |
//! |---|---|
//! | `analysis` | a Dutch text as what it is searched by |
//! | `index` | what is kept of it: tantivy, beside the view, or in memory for what never leaves |
//! | `reading` | what questions read of that, and who waits for it |
//! | `text` | what of a record is searched, and how a question names it |
//! | `score` | how well a record fits: integers, in an order that depends on the records alone |
//! | `says` | whether a draft speaks of something |
//! | `ask` | a question in words, a question with a draft, and what stands in the answer |
//!
//! tantivy keeps, per term, in which records it stands; what that is worth is counted here. Its own scores depend on how
//! records happened to be put into segments and on what was deleted since, and so would differ between nodes that hold the
//! same.
//!
//! **Invariant:** what is answered depends on the records that are indexed and on [`analysis::ANALYSIS_VERSION`] alone.
//! **Invariant:** a record that is gone from the view is in no answer, and once the writer owes nothing in no file.

mod analysis;
mod ask;
mod index;
mod reading;
mod says;
mod score;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use analysis::Analysis;
pub(in crate::view) use ask::Question;
pub use ask::{Asked, Facets, Hit, Matched, Results, SEARCH_HITS_MAX, Why};
pub use index::SearchError;
pub(in crate::view) use index::{Index, Key};
pub(in crate::view) use reading::Reader;
pub use says::Says;
pub(in crate::view) use text::Entry;
pub use text::Looks;
