"""Documents changed at random, and every reader before them; what tripped one up is kept in ``cases/`` for ever.

    python -m tests.fuzzing --seconds 60            # every target, a minute each
    python -m tests.fuzzing feed html --seed 7      # two of them, from another beginning
    python -m tests.fuzzing feed --coverage         # guided by what the code does (needs atheris)

A finding is made smaller as long as the fault stays, and written to ``cases/TARGET-….bin``.
"""
