//! Beside other programs: what they make is measured right, and what is made here is read right by them.
//!
//! `cargo test --features outside --test outside`. A program that is missing is a failure, never a skipped test;
//! `tests/outside/install` brings them to a Debian or Ubuntu machine.

mod browser;
mod ci;
mod clients;
mod containers;
mod damage;
mod durations;
mod enclosure;
mod feeds;
mod kinds;
mod loudness;
mod mp3_surgery;
mod programs;
mod reports;
mod show;
mod sound;
mod transcripts;
