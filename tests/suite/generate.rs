//! Fleets at random, as sources.
