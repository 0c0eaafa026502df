"""What screens are made of: each pane shows one side of a game."""
