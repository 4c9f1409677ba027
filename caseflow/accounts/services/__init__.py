"""Rules of people: who is made, who joins, who is let in. Nothing here commits."""
