//! What a node and the command line say to each other, as JSON.
