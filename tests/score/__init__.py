"""The score server: a web that behaves in all the ways that try a reader's manners, and verdicts on what it was sent.

world.py     what each address says, as a function of the time and of what it is asked
server.py    the world on loopback, with a log of every request
log.py       the log: what came, byte for byte, and what was answered
verdicts/    eighteen statements, each a pure function over the log
ours.py      our own side, driven through days of that world in seconds
"""
