//! The executable. It is only the entry: what it does stands in the library, where tests can reach it.
fn main() {}
