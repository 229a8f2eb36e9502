//! Order and names say nothing, and a naive evaluator agrees about the layers.
