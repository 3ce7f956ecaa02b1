"""The steps from one shape of the tables to the next, oldest first; a step once released never changes."""
