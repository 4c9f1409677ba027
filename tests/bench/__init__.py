"""The benchmark, `make bench` and `make soak`: people read the bars, no test asserts a time."""
