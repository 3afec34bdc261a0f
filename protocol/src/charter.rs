//! Who belongs: a grow-only set of self-verifying statements, and the roster that follows from it.
