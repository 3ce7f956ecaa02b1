"""What strangers may send to harm whoever reads it, each made by a small function to the size that is asked for.

``tests/test_hostile.py`` sends all of it at a small size; ``python -m benchmarks.hostile`` at the largest that is
accepted, and prints the table of docs/hostile.md.
"""
