"""What a screen can show: one module a view, each made of panes that show one side of a game."""
