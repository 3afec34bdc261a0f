//! Where a node keeps what: the one file that names the files of a node's directory.

use std::path::{Path, PathBuf};

/// The directory of one node.
///
/// | file | what |
/// |---|---|
/// | `leerkring.toml` | configuration, written by `init`, edited by people |
/// | `keys/root.key`, `keys/next-root.key` | speak for the member; may be kept offline after the founding |
/// | `keys/node.key`, `keys/node.public` | speaks for this node; its public half, to know it again |
/// | `keys/storage.key`, `keys/vault.key` | seal what is on the disk |
/// | `store/` | entries, statements, payloads; and the own log, append-only, in `store/own/` |
/// | `vault/` | local records, sealed |
/// | `view.sqlite` | derived tables; may be deleted at any time |
/// | `view.search/` | the terms by which those tables are searched; may be deleted with them |
/// | `view.whole` | the hash of those tables as a node left them that stopped well |
/// | `uitnodiging` | the invitation with which this node comes into its federation, until it is in |
/// | `uitnodiging.coming` | an invitation while it is being taken in |
/// | `uitnodiging.new` | one that is being written; or that the version before was taking in |
/// | `gemeente.kaart` | the card of the gemeente, in a node that is one more of it and has no root key |
/// | `wortelsleutels` | the public root keys of the gemeente, by which a node tells a charter of its own from a false one |
/// | `federatie` | the federation that the node belongs to, for when its store does not say so any more |
/// | `api.token` | who may use the API |
/// | `tokens.json` | the hashes of the tokens with a name, and what each is for |
/// | `node.json` | where the running node answers |
/// | `restored` | this directory was made of a backup, or got a new store, and too few others were heard since |
/// | `restored.logs` | the logs of its own key that a node held when it was made of a backup, or that are damaged, one a line |
/// | `audit/` | who did what here; never leaves this directory |
/// | `digest` | the last week in which a digest for the mailbox was dropped |
/// | `tips.json` | which tips of kringen are switched off here |
/// | `toen.tmp/` | the tables of an earlier state, while that is exported |
/// | `verify.tmp/` | the copy that `verify` looks into, while it does |
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The node in this directory.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.root.join("leerkring.toml")
    }

    /// The directory of the keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// A key by name.
    #[must_use]
    pub fn key(&self, name: &str) -> PathBuf {
        self.keys().join(format!("{name}.key"))
    }

    /// The public half of the key of the node.
    #[must_use]
    pub fn node_public(&self) -> PathBuf {
        self.keys().join("node.public")
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.root.join("store")
    }

    /// The own log.
    #[must_use]
    pub fn own(&self) -> PathBuf {
        self.store().join("own")
    }

    /// The directory of the vault.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.root.join("vault")
    }

    /// The view.
    #[must_use]
    pub fn view(&self) -> PathBuf {
        self.root.join("view.sqlite")
    }

    /// The invitation that was taken in.
    #[must_use]
    pub fn invitation(&self) -> PathBuf {
        self.root.join("uitnodiging")
    }

    /// An invitation while it is being taken in.
    #[must_use]
    pub fn coming_invitation(&self) -> PathBuf {
        self.root.join("uitnodiging.coming")
    }

    /// Where the version before staged an invitation, and where one lies that a crash kept from its place.
    #[must_use]
    pub fn coming_invitation_before(&self) -> PathBuf {
        self.root.join("uitnodiging.new")
    }

    /// The card of the gemeente of which this is one more node.
    #[must_use]
    pub fn card(&self) -> PathBuf {
        self.root.join("gemeente.kaart")
    }

    /// The public root keys of the gemeente.
    #[must_use]
    pub fn roots(&self) -> PathBuf {
        self.root.join("wortelsleutels")
    }

    /// The federation that the node belongs to.
    #[must_use]
    pub fn federation(&self) -> PathBuf {
        self.root.join("federatie")
    }

    /// The token of the API.
    #[must_use]
    pub fn token(&self) -> PathBuf {
        self.root.join("api.token")
    }

    /// The tokens with a name.
    #[must_use]
    pub fn tokens(&self) -> PathBuf {
        self.root.join("tokens.json")
    }

    /// Says that this directory was made of a backup and that no other node was heard since.
    #[must_use]
    pub fn restored(&self) -> PathBuf {
        self.root.join("restored")
    }

    /// The logs of its own key that this node held when it was made of a backup.
    #[must_use]
    pub fn restored_logs(&self) -> PathBuf {
        self.root.join("restored.logs")
    }

    /// The directory of the audit log.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.root.join("audit")
    }

    /// The last week in which a digest was dropped.
    #[must_use]
    pub fn digest(&self) -> PathBuf {
        self.root.join("digest")
    }

    /// Which tips of kringen are switched off.
    #[must_use]
    pub fn tips(&self) -> PathBuf {
        self.root.join("tips.json")
    }

    /// Where the tables of an earlier state are made.
    #[must_use]
    pub fn then(&self) -> PathBuf {
        self.root.join("toen.tmp")
    }

    /// The copy that `verify` looks into.
    #[must_use]
    pub fn copy(&self) -> PathBuf {
        self.root.join("verify.tmp")
    }

    /// Where the running node answers.
    #[must_use]
    pub fn ready(&self) -> PathBuf {
        self.root.join("node.json")
    }
}
