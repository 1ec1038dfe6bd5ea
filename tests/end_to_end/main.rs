//! The program from outside: folders in, folders out, as a publisher and a CI job meet it.

mod against;
mod build;
mod contracts;
mod feeds;
mod full_disk;
mod help;
mod identity;
mod killed;
mod listening;
mod material;
mod mistakes;
mod serve;
mod transcripts;
mod traps;
mod unchanged;
