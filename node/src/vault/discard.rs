//! Throwing a record away, and knowing again what was typed before: the same registration may come in twice.

use std::collections::BTreeMap;

use super::{Mark, Source, State, Vault, VaultError};

impl Vault {
    /// Throws a record away that nobody outside has a part of. Done together with other things, what it said is out of the file
    /// once [`Vault::forget`] was asked for behind them.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], [`VaultError::Leaves`] when it was shared, or what writing gives.
    pub fn discard(&mut self, id: &str) -> Result<(), VaultError> {
        let row = self.row(id)?.clone();
        if self.read(&row)?.is_outside() {
            return Err(VaultError::Leaves { id: id.to_owned() });
        }
        self.file.remove(&row, self.undo.is_some())?;
        self.rows.remove(id);
        self.changes += 1;
        match &mut self.undo {
            Some(undo) => undo.push((id.to_owned(), Some(row))),
            None => self.forget()?,
        }
        Ok(())
    }

    /// Leaves nothing behind, beside the file, of what was thrown away.
    ///
    /// # Errors
    /// What writing gives.
    pub fn forget(&mut self) -> Result<(), VaultError> {
        self.file.forget()
    }

    /// Keeps only this of what was typed of a record that others have a part of, and nothing of the case behind it.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], or what writing gives.
    pub fn reduce(&mut self, id: &str, left: serde_json::Value) -> Result<State, VaultError> {
        let state = self.change(id, |concept| {
            concept.reduced(left);
            Ok(())
        })?;
        self.file.forget()?;
        Ok(state)
    }

    /// What was typed of every record, by a mark that only who has the key of the vault can make, with the first of the
    /// local ids that have it.
    ///
    /// # Errors
    /// What reading gives.
    pub fn typed(&self) -> Result<BTreeMap<Mark, String>, VaultError> {
        let mut typed = BTreeMap::new();
        for (id, row) in &self.rows {
            let mark = self.mark(&self.read(row)?.source);
            typed.entry(mark).or_insert_with(|| id.clone());
        }
        Ok(typed)
    }

    /// The mark of what was typed.
    #[must_use]
    pub fn mark(&self, source: &Source) -> Mark {
        self.file.mark(source)
    }
}
