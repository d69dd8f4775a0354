"""`python -m tropnet.cli`."""

from tropnet.cli.application import main

if __name__ == "__main__":
    main()
