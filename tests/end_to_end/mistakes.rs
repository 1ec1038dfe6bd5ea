//! What goes wrong in a publisher's hands, and what the program says of it.
