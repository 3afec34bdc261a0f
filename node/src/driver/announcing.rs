//! Where this node says that it is.

use protocol::charter::{Body, NodeAddress, Statement};

use super::core::{Core, CoreError};

impl Core {
    /// States this node's addresses, when the charter says something else.
    pub(super) fn announce(&mut self) -> Result<(), CoreError> {
        let roster = self.parts.replica.roster();
        let stated = roster.addresses().get(&self.me).map(Vec::as_slice).unwrap_or_default();
        if !roster.is_active() || !roster.may_connect(self.me) || stated == self.parts.announced {
            return Ok(());
        }
        let statements = self.parts.replica.statements();
        let counter = statements
            .address_counter(self.me)
            .map_or(0, |counter| counter.saturating_add(1));
        let addresses = self.parts.announced.clone();
        let body = Body::Address(NodeAddress {
            node: self.me,
            counter,
            addresses,
        });
        let statement = Statement::sign(roster.federation(), body, &self.parts.key);
        self.parts.replica.add_statements(vec![statement])?;
        Ok(())
    }

    /// After statements came in: a node that was let in without an address says where it is. Once, and not at every
    /// statement: two nodes that were started with one key would answer each other for ever.
    pub(super) fn announce_at_first(&mut self) {
        if self.parts.replica.roster().addresses().contains_key(&self.me) {
            return;
        }
        if let Err(error) = self.announce() {
            tracing::error!(%error, "the addresses of this node could not be stated");
        }
    }
}
