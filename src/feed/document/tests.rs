//! What documents are read as, and which are refused.
