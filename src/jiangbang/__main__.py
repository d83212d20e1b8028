"""`python -m jiangbang`: the command line where the console script is not on the path."""

from jiangbang.cli import main

if __name__ == "__main__":
    main()
