"""The benchmark: `make bench`. Nothing here is run by pytest; bars are read by people, never asserted by a timed test."""
