"""The benchmark: `make bench`. Nothing here is run by pytest; people read the bars, no timed test asserts them."""
