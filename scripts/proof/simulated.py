"""Part `simulated`: data whose truth is known. How often is a difference found where there is none, and where there is one of 2 %?"""
import claims
import judges

PAIRS = 100  # of a duel of 10 s on a machine that is not idle
ROUNDS = 15  # of a record
CASES = 1000
SLOWER = 1.02
MOST_ALARMS = 0.01


def even(random, n):
    return random.normal(0, 0.005, n)


def rounds_differ(random, n):
    """Each process draws its own layout."""
    return random.normal(0, 0.02, n)


def tails(random, n):
    """Student's t of two degrees of freedom, which has no variance."""
    return 0.005 * random.standard_t(2, n)


def neighbour(random, n):
    """Somebody shares the core for some five rounds at a time, a fifth of the time, and costs 5 % on average."""
    busy, logs = False, random.normal(0, 0.005, n)
    for i in range(n):
        busy = random.random() < (0.8 if busy else 0.05)
        logs[i] += random.exponential(0.05) if busy else 0
    return logs


def alike(random, n):
    """Rounds resemble those before them: correlation 0.7."""
    logs, last = random.normal(0, 0.01, n), random.normal(0, 0.01)
    for i in range(n):
        last = logs[i] = 0.7 * last + (1 - 0.7**2) ** 0.5 * logs[i]
    return logs


def drift(random, n):
    """The clock wanders, by some 1 % over a hundred rounds."""
    return random.normal(0, 0.001, n).cumsum() + random.normal(0, 0.005, n)


NOISES = {
    "even, 0.5 %": even,
    "rounds differ, 2 %": rounds_differ,
    "heavy tails": tails,
    "a neighbour": neighbour,
    "alike, 0.7": alike,
    "drift": drift,
}


def duel(random, noise, slower):
    """Pairs of successive rounds; a coin says who is first, and the next pair goes the other way round (harness/duel/order.c)."""
    logs, first, other = noise(random, 2 * PAIRS), [], []
    for pair in range(PAIRS):
        turn = random.integers(2) if pair % 2 == 0 else 1 - turn
        first.append(logs[2 * pair + turn])
        other.append(logs[2 * pair + 1 - turn])
    return _values(first), _values(other, slower)


def records(random, noise, slower):
    """One record's rounds, and then the other's."""
    logs = noise(random, 2 * ROUNDS)
    return _values(logs[:ROUNDS]), _values(logs[ROUNDS:], slower)


def _values(logs, factor=1.0):
    import numpy

    return (10 * factor * numpy.exp(logs)).tolist()


def rates(random, noise, design, cases, setting, part):
    """{judge: (false alarms, found)} of so many cases each."""
    paired = design is duel
    nothing = judges.all_three([design(random, noise, 1) for _ in range(cases)], paired, setting.judge, part, whole=False)
    slower = judges.all_three([design(random, noise, SLOWER) for _ in range(cases)], paired, setting.judge, part, whole=False)
    return {
        name: (sum(verdict != 0 for verdict in nothing[name]), sum(verdict == 1 for verdict in slower[name])) for name in nothing
    }


def run(setting):
    part = claims.Part("simulated", "the same simulated figures, judged three ways")
    try:
        import numpy
    except ImportError as error:
        part.lacking.append(f"{error} (Debian: python3-scipy)")
        return part
    cases = setting.scaled(CASES, least=20)
    random = numpy.random.default_rng(setting.seed)
    for design, kind in ((duel, f"duels of {PAIRS} pairs"), (records, f"records of {ROUNDS} rounds")):
        _one_design(part, setting, cases, random, design, kind)
    part.notes.append(f"{cases} cases of each kind; claimed of the noise that does worst; in brackets what 95 % of the binomial allow")
    part.notes.append("google-benchmark is the test of its own compare.py; benchstat the test that it documents and not the tool, of which Debian has no package")
    return part


def _one_design(part, setting, cases, random, design, kind):
    found = {name: rates(random, noise, design, cases, setting, part) for name, noise in NOISES.items()}
    part.data[kind] = {"cases": cases, "false alarms, found": found}
    who = list(next(iter(found.values())))
    for index, figure in enumerate(("false alarms, %", "2 % found, %")):
        rows = [[name, *(claims.share(of[judge][index], cases) for judge in who)] for name, of in found.items()]
        part.tables.append((f"{kind}: {figure}", ["noise", *who], rows))
    worst, alarms = max(((name, of["transept"][0]) for name, of in found.items()), key=lambda one: one[1])
    part.claim(f"alarms, {kind.split()[0]}", f"{claims.share(alarms, cases)} % ({worst})", "<= 1 %", alarms <= MOST_ALARMS * cases)
