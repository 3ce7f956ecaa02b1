"""What things cost: one command each, a table as output. None of them is a test, and none judges by the clock."""
