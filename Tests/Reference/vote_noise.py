"""E[x log(x/q) - x + q], x = binomial(N, q)/N, by sums of 60 digits: VoteNoiseTests.

python3 vote_noise.py prints the rows of the table. Needs mpmath.
"""

import mpmath as mp

mp.mp.dps = 60


def term(votes, q):
    q = mp.mpf(q)
    total, p = mp.mpf(0), (1 - q) ** votes
    for k in range(votes + 1):
        x = mp.mpf(k) / votes
        total += p * ((x * mp.log(x / q) if k else 0) - x + q)
        if k < votes:
            p = p * (votes - k) / (k + 1) * q / (1 - q)
    return total


for votes, q in [
    (1, 0.3), (1, 1e-300), (2, 0.01), (3, 0.9), (10, 0.5), (100, 0.3), (100, 0.999),
    (1000, 0.39), (1000, 0.41), (1000, 1e-6), (3000, 0.9), (20000, 0.02), (20000, 0.97),
]:
    print(f"({votes}, {q!r}, {mp.nstr(term(votes, q), 17)}),")
