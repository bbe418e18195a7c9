"""Exercises of lesson 17: what fits into one machine, what can be divided, what a cluster costs."""

import zlib
from collections import Counter

from exercises.engine.exercise import Case, Exercise, in_turn, on_cases, quiz

TITLE = "When one machine is not enough"

MEMORIES = [
    Case(1, 100, 2, right=5_000_000),  # 1e9 / 200
    Case(2, 24, 1, right=83_333_333),
]
MEMORY_AGAIN = Case(8, 36, 2.5, right=88_888_888.0)


def rows_that_fit(gigabytes, bytes_per_row, copies):
    """Divide the memory by what a row takes while it is worked on, and round down."""
    return gigabytes * 10**9 // (bytes_per_row * copies)


ROWS_THAT_FIT = Exercise(
    id="17-1",
    hints=(
        "How many bytes does a row take while a computation holds several copies of it?",
        "Divide the memory in bytes by what one row takes, all copies included, and round down.",
        "gigabytes * 10**9 // (bytes_per_row * copies).",
    ),
    solution=rows_that_fit,
    check=on_cases(*MEMORIES, held_back=[MEMORY_AGAIN]),
    mistakes="""
    (bytes_per_row * copies) => bytes_per_row
        You forgot the copies: a group-by holds the table and its intermediate results at the same
        time.
    // (bytes_per_row * copies) => * copies // bytes_per_row
        You took the copies the wrong way: the more copies, the fewer rows fit.
    (bytes_per_row * copies) => (bytes_per_row * (copies + 1))
        You counted the table once more. It is one of the copies.
    10**9 => 10**6
        Your memory is in megabytes. A gigabyte is 10⁹ bytes.
    * 10**9 =>
        Your memory is still in gigabytes. Convert it to bytes: a gigabyte is 10⁹ bytes.
    10**9 => 1024**3
        You counted in gibibytes, of 1024³ bytes each. A gigabyte is 10⁹ bytes.
    10**9 => 8 * 10**9
        You counted the memory in bits. Gigabytes and rows are both given in bytes.
    => import math
    return … => return math.ceil(gigabytes * 10**9 / (bytes_per_row * copies))
        You rounded up: the last row does not fit any more.
    // => /
        The result is not rounded. Rows are whole: round down.
    """,
    takeaway="Memory divided by bytes per row and copies says how many rows one machine takes.",
)

PARTIALS = [
    Case([(2, 10), (3, 80)], right=90 / 5),
    Case([(7, 21)], right=21 / 7),
    Case([(1, 6), (1, 8), (5, 16)], right=30 / 7),
]
WITH_AN_EMPTY_ONE = Case([(4, 40), (0, 0), (1, 60)], right=100 / 5)
PARTIALS_AGAIN = Case([(5, 5), (0, 0), (10, 100), (5, 15)], right=120 / 20)


def combined_mean(partials):
    """Add the counts and the totals, and divide once, at the end."""
    count = sum(n for n, _ in partials)
    return sum(total for _, total in partials) / count


COMBINED_MEAN = Exercise(
    id="17-3",
    hints=(
        "Does a partition with two orders say as much about the mean as one with three?",
        "Add up all counts and all totals first. Where do you divide?",
        "sum of the totals / sum of the counts.",
    ),
    solution=combined_mean,
    check=in_turn(on_cases(*PARTIALS), on_cases(WITH_AN_EMPTY_ONE, held_back=[PARTIALS_AGAIN])),
    mistakes="""
    sum(n for n, _ in partials) => sum(n > 0 for n, _ in partials)
    total for _, total in partials => total / n for n, total in partials if n
        This is the mean of the means, which gives a partition with two orders the same weight as
        one with three.
    sum(n for n, _ in partials) => len(partials)
        You divided by the number of partitions. Divide by the number of orders.
    / count =>
        This is the total. Divide it by the number of orders.
    return … => return sum(total / n for n, total in partials if n)
        This is the sum of the means. Add counts and totals, and divide once.
    return … => return count / sum(total for _, total in partials)
        The fraction is upside down: totals over counts.
    total for _, total => n * total for n, total
        You multiplied each total by its count. A total is a sum already: only means need weights.
    """,
    takeaway="A mean is combined from counts and totals, never from means.",
)

COMBINABLE = quiz(
    id="17-4",
    options="""
    a) the total revenue
        The total revenue is the sum of the partitions' revenues.
    b) the largest order
        The largest order of all is the largest of the partitions' largest orders.
    c) the number of different customers
    d) the number of orders
        The number of orders is the sum, because each order is in one partition.
    """,
    hints=(
        "Write down one number for each of two partitions. Can you find the answer from the two?",
        "Ana has orders in both partitions. In which of the four does that matter?",
        "Sums and maxima can be combined. Different customers can be in several partitions.",
    ),
    takeaway="Distinct counts need the customers themselves, or all lines of one in one partition.",
)

SPEEDUPS = [
    Case(0.9, 9, right=1 / (0.1 + 0.1)),
    Case(0.0, 5, right=1.0),
    Case(0.5, 2, right=1 / (0.5 + 0.25)),
    Case(0.85, 7, right=1 / (0.15 + 0.85 / 7)),
]
ALL_OF_IT = Case(1.0, 8, right=8.0)
SPEEDUP_AGAIN = Case(0.95, 19, right=1 / (0.05 + 0.05))


def speedup(parallel_share, machines):
    """Divide the parallel part among the machines; the rest takes as long as ever."""
    return 1 / ((1 - parallel_share) + parallel_share / machines)


SPEEDUP = Exercise(
    id="17-6",
    hints=(
        "A job takes an hour on one machine. Which part of the hour gets shorter?",
        "New time: the serial share, and the parallel share divided by the number of machines.",
        "1 / ((1 − parallel_share) + parallel_share / machines).",
    ),
    solution=speedup,
    check=in_turn(on_cases(*SPEEDUPS), on_cases(ALL_OF_IT, held_back=[SPEEDUP_AGAIN])),
    mistakes="""
    return … => return machines
        This is the number of machines: the serial part of the work was forgotten.
    return … => return parallel_share * machines
        You took a share of the machines. The serial part takes as long as before, however many
        there are.
    (1 - parallel_share) + parallel_share / => parallel_share + (1 - parallel_share) /
        You swapped the shares: the parallel share is divided among the machines.
    return … => return (1 - parallel_share) + parallel_share / machines
        This is the new time as a share of the old one. The speedup is one over it.
    return … => return (1 - parallel_share) + parallel_share * machines
        You took an average of the two speedups, weighted by work. Times add up, speedups don't.
    => if parallel_share == 1: return float("inf")
    return … => return 1 / (1 - parallel_share)
        This is the limit for ever more machines. With `machines` of them, the parallel part still
        takes time.
    => if parallel_share == 1: return float("inf")
    return … => return 1 / (1 - parallel_share) + parallel_share / machines
        The parentheses are missing around the whole new time: 1 is divided by the sum of both
        parts.
    return … => return 1 / ((1 - parallel_share) + parallel_share) / machines
        You divided the whole job, after taking one over the sum. Only the parallel share is divided
        among the machines, inside the sum.
    """,
    takeaway="The serial share sets the limit: with 5% of it, no cluster is 20 times as fast.",
)

GROWTHS = [
    Case(1.0, 0.5, 3.0, right=len([1, 1.5, 2.25])),
    Case(1.0, 0.2, 2.0, right=len([1, 1.2, 1.44, 1.728])),
    Case(1.0, 1.0, 8.0, right=len([1, 2, 4, 8])),
    Case(2.0, 0.3, 90.0, right=15),  # 2 · 1.3¹⁴ = 78.7 and 2 · 1.3¹⁵ = 102.4
]
ABOVE = Case(5.0, 0.5, 3.0, right=0)
GROWTH_AGAIN = Case(3.0, 1.0, 50.0, right=len([3, 6, 12, 24, 48]))


def years_left(rows, growth, limit):
    """Count the years, this one included, in which the table still fits; none takes a century."""
    return sum(rows * (1 + growth) ** year <= limit for year in range(100))


YEARS_LEFT = Exercise(
    id="17-2",
    hints=(
        "How many rows are there after one year? After two?",
        "Each year multiplies the rows by 1 + growth. Count the years, from 0 on, in which they "
        "still fit.",
        "sum(rows * (1 + growth) ** year <= limit for year in range(100)).",
    ),
    solution=years_left,
    check=in_turn(on_cases(*GROWTHS), on_cases(ABOVE, held_back=[GROWTH_AGAIN])),
    mistakes="""
    => import math
    return … => return max(0, math.floor((limit / rows - 1) / growth) + 1)
        You let the table grow in a straight line, by the same number of rows each year. Growth is
        on top of last year's rows.
    => import math
    return … => return math.log(limit / rows) / math.log(1 + growth)
        The years are not whole. In which year is the table above the limit for the first time?
    return … => return max(0, … - 1)
        This is the last year that fits. Return the first in which it doesn't.
    <= limit => < limit
        A table of exactly the limit still fits. Count until there are more rows.
    => import math
    return … => return max(0, math.ceil(math.log(limit / rows) / growth))
        You divided the logarithm by the growth itself. Growth once a year multiplies by 1 + growth.
    return … => return max(1, …)
        A table that is already above the limit has 0 years left.
    => import math
    return … => return math.floor(math.log(limit / rows) / math.log(1 + growth) + 1e-9) + 1
        Your result is negative for a table that is already above the limit. It has 0 years left.
    (1 + growth) ** year => sum((1 + growth) ** past for past in range(year + 1))
        You added up the years, as for the order lines. Here the whole table grows: multiply it by
        1 + growth.
    (1 + growth) => growth
        You multiplied by the growth alone. The rows of last year stay: multiply by 1 + growth.
    """,
    takeaway="Growth is exponential: a machine twice as large buys only a few more years.",
    further=True,
)

CUSTOMERS = ["Ana", "Ben", "Cleo", "Dan", "Eva", "Ben", "Finn"]
# The check value of CRC-32 is known: the checksum of "123456789" is CBF43926.
PLACES = [
    (CUSTOMERS, 3),
    Case(["123456789"], 7, right=[0xCBF43926 % 7]),
]
PLACES_AGAIN = (["123456789", "Ana", "Zoe", "Ana"], 5)  # held back


def partitions_of(keys, n):
    """Give each key the remainder of its checksum, the same on every machine."""
    return [zlib.crc32(key.encode()) % n for key in keys]


PARTITIONS_OF = Exercise(
    id="17-5",
    hints=(
        "Two machines must choose the same partition for Ana without asking each other. From what?",
        "A checksum of the key, and its remainder when it is divided by the number of partitions.",
        "[zlib.crc32(key.encode()) % n for key in keys].",
    ),
    solution=partitions_of,
    check=on_cases(*PLACES, held_back=[PLACES_AGAIN]),
    mistakes="""
    return … => return [place % n for place, _ in enumerate(keys)]
        You used the position of the line. Lines of the same customer then end in different
        partitions.
    zlib.crc32(key.encode()) => hash(key)
        You used Python's `hash`. For texts, it gives other numbers in each process, so two machines
        would disagree.
    zlib.crc32(key.encode()) => len(key)
        You used the number of letters, which is similar for all keys: some partitions stay empty.
    zlib.crc32(key.encode()) => ord(key[0])
        You used the first letter, and some letters are far more frequent than others.
    zlib.crc32(key.encode()) => list(dict.fromkeys(keys)).index(key)
        You numbered the customers by order of appearance. Another machine sees them in another
        order.
    % n =>
        These are checksums. The partition is the remainder of a division by `n`.
    % n => // n
        This is the quotient of the division by `n`. The partition is its remainder, `%`.
    % n => % n + 1
        Your partitions count from 1. A remainder counts from 0.
    """,
    takeaway="A shuffle sends each line to the partition that a checksum of its key names.",
)

SALTED = [
    Case(
        *(["bot", "bot", "bot", "Ana", "bot"], 2),
        right=({("bot", 0): 3, ("bot", 1): 1, ("Ana", 1): 1}, {"bot": 4, "Ana": 1}),
    ),
    Case(["Ana", "Ana"], 1, right=({("Ana", 0): 2}, {"Ana": 2})),
]
SALTED_AGAIN = Case(
    *(["bot", "Ana", "bot", "bot", "bot", "bot"], 3),
    right=({("bot", 0): 2, ("Ana", 1): 1, ("bot", 2): 2, ("bot", 1): 1}, {"bot": 5, "Ana": 1}),
)


def salted_counts(keys, salts):
    """Count by key and salt first, then add up the salts of each key."""
    partial = Counter((key, place % salts) for place, key in enumerate(keys))
    total = Counter()
    for (key, _), count in partial.items():
        total[key] += count
    return dict(partial), dict(total)


SALTED_COUNTS = Exercise(
    id="17-8",
    hints=(
        "What could you add to the key so that its lines go to several partitions?",
        "Step one counts by (key, place % salts). What does step two have to add up?",
        "partial = Counter((key, place % salts) …); then total[key] += count for each of them.",
    ),
    solution=salted_counts,
    check=on_cases(*SALTED, held_back=[SALTED_AGAIN]),
    mistakes="""
    place % salts => 0
        All lines of a key get the same salt, so they still meet in one partition.
    place % salts => zlib.crc32(key.encode()) % salts
        You made the salt from the key: all its lines get the same one. It has to differ among the
        lines of a key.
    place % salts => place
        Your salt is the place itself, so each line is a part of its own and step one combines
        nothing. Take `place % salts`.
    place % salts => place % salts + 1
        Your salts count from 1. A remainder counts from 0.
    place % salts => place // salts
        Your salt is a quotient, so there is an ever larger number of them. Take the remainder,
        `place % salts`.
    place % salts => keys[:place].count(key) % salts
        You counted the places within the key. The salt is made from the line's place in the whole
        list, which a machine knows without counting the key's earlier lines.
    dict(partial) => {f"{key}-{salt}": count for (key, salt), count in partial.items()}
        You joined key and salt to one text. Here the partial counts have pairs as keys: `(key,
        place % salts)`.
    dict(partial) => {(salt, key): count for (key, salt), count in partial.items()}
        Your pairs have the salt before the key. Return counts by (key, salt).
    dict(partial) => dict(total)
        There is no salt in your partial counts. Step one counts by (key, place % salts).
    += count => += 1
        In step two you counted the parts. Add up their counts.
    dict(total) => dict(partial)
        Step two is missing: the totals are still by key and salt.
    dict(partial), dict(total) => dict(total), dict(partial)
        You swapped the two. Return the partial counts first, then the totals.
    """,
    takeaway="Salting divides a hot key among partitions, at the cost of a second step.",
)

COSTS = [
    Case(10, 1.0, 10, 2, right=10 * 2 * 1.0),  # machines, dollars, and hours that the job takes
    Case(10, 0.9, 1, 1, right=1 * 1 * 10.0),
    Case(7, 0.85, 7, 1.3, right=7 * 1.3 * (1.05 + 0.85)),
]
COST_AGAIN = Case(8, 0.95, 19, 0.5, right=19 * 0.5 * (0.4 + 0.4))


def cluster_cost(hours, parallel_share, machines, price):
    """Every machine is paid for as long as the job runs."""
    time = hours * ((1 - parallel_share) + parallel_share / machines)
    return machines * price * time


CLUSTER_COST = Exercise(
    id="17-7",
    hints=(
        "How long does the job run on several machines? How many of them are paid meanwhile?",
        "Time: hours divided by the speedup of Amdahl's law. Every machine is paid for all of it.",
        "machines · price · hours · ((1 − parallel_share) + parallel_share / machines).",
    ),
    solution=cluster_cost,
    check=on_cases(*COSTS, held_back=[COST_AGAIN]),
    mistakes="""
    machines * price => price
        You paid one machine's price. All machines are paid while the job runs.
    time = … => time = hours
        There is no speedup in it: on several machines the job takes less time.
    time = … => time = hours / machines
        With a perfect division the cost is the same for any number of machines. Here a part of the
        work is serial, and all machines wait for it.
    (1 - parallel_share) + parallel_share / => parallel_share + (1 - parallel_share) /
        You swapped the shares: the parallel share is divided among the machines.
    machines * price * time => time
        This is the time in hours. Multiply it by the machines and their price.
    machines * price => machines
        These are the machine-hours. Multiply them by the price of one.
    (1 - parallel_share) + =>
        The serial part of the work is missing. All machines are paid while it runs.
    hours * => hours /
    machines * price => price
        You multiplied by the speedup. Divide by it, because the job takes less time, and pay all
        machines.
    hours * => hours /
        You divided by the time that is left, so the job would take longer. Multiply by it.
    """,
    takeaway="A cluster saves time, not money: with a serial part, every machine adds to the bill.",
)

EXERCISES = [
    ROWS_THAT_FIT,
    COMBINED_MEAN,
    COMBINABLE,
    SPEEDUP,
    YEARS_LEFT,
    PARTITIONS_OF,
    SALTED_COUNTS,
    CLUSTER_COST,
]
