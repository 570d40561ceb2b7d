"""A record of `junheng draw`, drawn again by a program of its own.

    python3 tests/draw.py RECORD.csv...

Takes from the record only the list (names in their order, groups, who is kept out), the number and the seed. Ends with 1
and the differences where the record says something else. Nothing beyond Python's own library.
"""

import csv
import sys
from collections import Counter
from fractions import Fraction

WORD, LONG = 2**32, 2**64


def key_of(seed):
    """Eight words of a key from a seed of 64 bits, by PCG32."""
    state, words = seed, []
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) % LONG
        mixed = ((state >> 18) ^ state) >> 27 & (WORD - 1)
        turn = state >> 59
        words.append((mixed >> turn | mixed << (32 - turn)) % WORD)
    return words


def quarter(block, a, b, c, d):
    for first, second, third, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        block[first] = (block[first] + block[second]) % WORD
        block[third] ^= block[first]
        block[third] = (block[third] << turn | block[third] >> (32 - turn)) % WORD


def words(seed):
    """The words of ChaCha with eight rounds, block after block."""
    key, counter = key_of(seed), 0
    while True:
        start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key, counter % WORD, counter // WORD, 0, 0]
        block = list(start)
        for _ in range(4):
            for column in range(4):
                quarter(block, column, 4 + column, 8 + column, 12 + column)
            for row in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                quarter(block, *row)
        yield from ((a + b) % WORD for a, b in zip(block, start))
        counter += 1


def draw(groups, excluded, count, seed):
    """For each of the list its place in the order drawn, or None."""
    order = [at for at, out in enumerate(excluded) if not out]
    sizes = Counter(groups[at] for at in order)
    count = min(count, len(order))
    shares = {group: Fraction(count * size, len(order)) for group, size in sizes.items()}
    left = {group: int(share) for group, share in shares.items()}
    first = sorted(sizes, key=lambda group: (int(shares[group]) - shares[group], -sizes[group], group.encode()))
    for group in first[: count - sum(left.values())]:
        left[group] += 1
    stream = words(seed)
    for at in range(len(order) - 1, 0, -1):
        low, high = next(stream), next(stream)
        # 53 bits of 64 as a share of the places.
        other = ((high * WORD + low) >> 11) * (at + 1) >> 53
        order[at], order[other] = order[other], order[at]
    drawn, place = [None] * len(groups), 0
    for at in order:
        if left[groups[at]]:
            left[groups[at]] -= 1
            place += 1
            drawn[at] = place
    return drawn


def main(files):
    wrong = 0
    for file in files:
        with open(file, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.DictReader(text))
        groups = [row["group"] for row in rows]
        excluded = [row["excluded"] == "true" for row in rows]
        drawn = draw(groups, excluded, int(rows[0]["count"]), int(rows[0]["seed"]))
        for row, place in zip(rows, drawn):
            said = int(row["order"]) if row["drawn"] == "true" else None
            if said != place:
                wrong += 1
                print(f"{file}: {row['name']}: the record says {said}, drawn again {place}")
    print(f"{len(files)} records, {wrong} differences")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
