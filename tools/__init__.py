"""What the Makefile runs. Only the standard library: these start in an environment that has nothing else yet."""
