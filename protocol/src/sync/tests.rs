//! What is said holds its limits; replicas become equal within the budget; nobody can make a node ask in a loop.

mod convergence;
mod farewell;
mod forks;
mod hearing;
mod hostile;
mod joining;
mod mending;
mod messages;
mod net;
mod quota;
mod turns;
