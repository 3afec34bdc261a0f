//! Takes documents back, and confirms what is erased here.

use std::collections::{BTreeMap, BTreeSet};

use protocol::charter::{Body, Receipt, Statement, WITHDRAWALS_MAX, Withdrawal};
use protocol::id::{DocumentId, Gemeente, RecordId};
use protocol::log::ReplicaError;
use protocol::store::{Space, Store as _};
use protocol::sync;

use super::{Core, CoreError};

/// Documents that are named when the begin of an id fits more than one.
const PLACES_MAX: usize = 8;
/// Least time between two tries to issue a receipt, in milliseconds.
const RETRY_MS: u64 = 1_000;

impl Core {
    /// Withdraws these documents of the own gemeente, or of one that became part of it, for ever, also those that are held
    /// and count for nobody; those that are not known, or withdrawn already, are passed over. When this returns, it survives
    /// a crash.
    ///
    /// # Errors
    /// [`CoreError::NotFounded`], [`CoreError::TooManyWithdrawals`]; store errors.
    pub fn withdraw(&mut self, documents: &[DocumentId]) -> Result<Vec<DocumentId>, CoreError> {
        if !self.parts.replica.roster().is_active() {
            return Err(CoreError::NotFounded);
        }
        if self.withdrawals() + documents.len() > WITHDRAWALS_MAX {
            return Err(CoreError::TooManyWithdrawals);
        }
        let mut withdrawn = Vec::new();
        for document in documents {
            let withdrawal = match self.parts.replica.withdrawal(*document)? {
                None => self.withdrawal_of_orphan(*document)?,
                known => known,
            };
            let Some(withdrawal) = withdrawal.filter(|withdrawal| self.speaks_for(withdrawal.owner)) else {
                continue;
            };
            self.state(Body::Withdraw(withdrawal))?;
            withdrawn.push(*document);
        }
        self.parts.replica.flush()?;
        self.sync(sync::Input::Written);
        Ok(withdrawn)
    }

    /// The withdrawal of a document whose founding entry is held and does not count.
    fn withdrawal_of_orphan(&self, document: DocumentId) -> Result<Option<Withdrawal>, CoreError> {
        for orphan in self.orphans_of_all()? {
            if orphan.document == document
                && let Some(withdrawal) = self.replica().withdrawal_at(orphan.log, orphan.seq)?
            {
                return Ok(Some(withdrawal));
            }
        }
        Ok(None)
    }

    /// Documents whose own gemeente is this one, or became part of it, that are held and count for nobody, by the begin of
    /// the document or its record.
    ///
    /// # Errors
    /// [`CoreError::Replica`].
    pub fn orphaned_documents(&self, prefix: &str) -> Result<BTreeSet<DocumentId>, CoreError> {
        let begins = |document: DocumentId| {
            document.to_string().starts_with(prefix) || RecordId::from(document).to_string().starts_with(prefix)
        };
        let own = |node| {
            let owner = self.replica().roster().gemeente_of(node);
            owner.is_some_and(|owner| self.speaks_for(owner))
        };
        let orphans = self.orphans_of_all()?.into_iter();
        Ok(orphans
            .filter(|orphan| begins(orphan.document) && own(orphan.node))
            .map(|orphan| orphan.document)
            .collect())
    }

    /// What would withdraw the documents with an id that begins so, or of a record with one that does, whoever they are of:
    /// those that members asked to withdraw, those that count, and without such those that are held and count for nobody.
    /// At most [`PLACES_MAX`].
    ///
    /// # Errors
    /// [`CoreError::Replica`].
    pub fn places(&self, begin: &str) -> Result<Vec<Withdrawal>, CoreError> {
        let replica = self.replica();
        let begins = |document: DocumentId| {
            document.to_string().starts_with(begin) || RecordId::from(document).to_string().starts_with(begin)
        };
        let asked = replica
            .roster()
            .erasures()
            .asked()
            .filter(|(document, _)| begins(*document));
        let mut found: BTreeMap<DocumentId, Withdrawal> = asked
            .map(|(document, asked)| (document, asked.withdrawal.clone()))
            .collect();
        for from in lowest(begin) {
            let rows = replica.store().scan(Space::Documents, b"", &from, PLACES_MAX);
            let ids = rows.map_err(ReplicaError::from)?.into_iter();
            let ids = ids.filter_map(|(key, _)| <[u8; 32]>::try_from(key).ok().map(DocumentId));
            for document in ids.take_while(|document| begins(*document)) {
                if let Some(withdrawal) = replica.withdrawal(document)? {
                    found.entry(document).or_insert(withdrawal);
                }
            }
        }
        if found.is_empty() {
            for orphan in self
                .orphans_of_all()?
                .into_iter()
                .filter(|orphan| begins(orphan.document))
            {
                let withdrawal = replica.withdrawal_at(orphan.log, orphan.seq)?;
                found.extend(withdrawal.map(|withdrawal| (orphan.document, withdrawal)));
            }
        }
        Ok(found.into_values().take(PLACES_MAX).collect())
    }

    /// Whether this node's gemeente is this one, or took over from it.
    fn speaks_for(&self, owner: Gemeente) -> bool {
        let roster = self.parts.replica.roster();
        let own = roster.gemeente_of(self.me);
        own.is_some_and(|own| roster.may_edit(own, owner))
    }

    /// Withdrawals that this node signed.
    fn withdrawals(&self) -> usize {
        let statements = self.parts.replica.statements().iter();
        let own = statements.filter(|statement| statement.author() == self.me.0);
        own.filter(|statement| matches!(statement.body(), Body::Withdraw(_)))
            .count()
    }

    /// Nothing of what was deleted is left in any file of the view.
    pub fn view_settled(&mut self) {
        self.view_owes = false;
    }

    /// Confirms what is erased here, when that is news and the last receipt is long enough ago. Only what is gone from the
    /// disk and from the view is erased.
    pub(super) fn receipt_if_due(&mut self) {
        let now_ms = self.now_ms();
        if now_ms < self.receipt_due_ms || self.view_owes {
            return;
        }
        let (me, roster) = (self.me, self.parts.replica.roster());
        let confirmed = roster.erasures().confirmation();
        let held = roster.erasures().receipt(me);
        let news = !confirmed.is_empty() && held.is_none_or(|held| held.confirmed != confirmed);
        if !news || roster.gemeente_of(me).is_none() || !self.parts.feed.is_showing(self.parts.replica.state()) {
            return;
        }
        let counter = held.map_or(0, |held| held.counter.saturating_add(1));
        self.receipt_due_ms = now_ms.saturating_add(self.parts.receipts_ms);
        let retry_ms = now_ms + RETRY_MS;
        let receipt = Body::Receipt(Receipt { counter, confirmed });
        let issued = self.parts.replica.flush().map_err(CoreError::from);
        if let Err(error) = issued.and_then(|()| self.state(receipt)) {
            self.receipt_due_ms = self.receipt_due_ms.max(retry_ms);
            if let Some(times) = self.receipt_trouble.again(now_ms) {
                tracing::error!(%error, times, "a receipt of what was erased could not be issued; it is tried again");
            }
            return;
        }
        if let Some(times) = self.receipt_trouble.over() {
            tracing::info!(times, "a receipt of what was erased is issued again");
        }
        self.sync(sync::Input::Written);
    }

    /// Signs a statement and takes it in.
    pub(super) fn state(&mut self, body: Body) -> Result<(), CoreError> {
        let federation = self.parts.replica.roster().federation();
        let statement = Statement::sign(federation, body, &self.parts.key);
        self.parts.replica.add_statements(vec![statement])?;
        self.touched();
        Ok(())
    }
}

/// The lowest ids of a document and of a record that begin so.
fn lowest(begin: &str) -> impl Iterator<Item = Vec<u8>> {
    let document = format!("{begin:0<64}").parse::<DocumentId>().ok();
    let record = format!("{begin:0<32}").parse::<RecordId>().ok();
    let document = document.map(|document| document.0.to_vec());
    document.into_iter().chain(record.map(|record| record.0.to_vec()))
}

#[cfg(test)]
mod tests;
