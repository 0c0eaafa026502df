"""The terminal application: plays, watches and rewinds a world through the public API of `sim`."""
