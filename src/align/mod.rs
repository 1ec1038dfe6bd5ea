//! Article + what was heard of the recording → [`Heard`](crate::model::script::Heard): where each block is read, if it
//! is; what is extra; whether it is this article at all.

#![allow(dead_code)]
mod graph;
mod lexicon;
mod model;
mod search;
mod weights;
