"""How fast foedus is, and how much memory it takes, measured where it runs."""
