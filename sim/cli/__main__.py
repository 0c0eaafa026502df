"""`python -m sim.cli` is the command, too."""

from sim.cli.command import main

if __name__ == "__main__":
    main()
