"""A second, slow implementation of the rules, written from the text alone, for the engine to agree with."""
