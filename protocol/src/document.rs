//! Record to automerge and back, and the validator that reads a change before automerge does.
