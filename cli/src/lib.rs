//! What a person types: the commands of the executable `leerkring`.
