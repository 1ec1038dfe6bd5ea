//! The program: `listen-now`.

fn main() {}
