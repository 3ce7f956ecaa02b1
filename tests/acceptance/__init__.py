"""The contract from outside: commands, what they report, and the files that stand there afterwards."""
