"""Part `same`: real duels of a binary against itself. Whatever is found is a false alarm."""
import claims
import duels

# Cheap cases of every kind: registers, memory, calls, barriers, the kernel. What a machine lacks is passed over.
CASES = "harness/chain/add,harness/chain/mul,align/load/throughput/width=8/offset=0,abi/call/direct,abi/call/indirect,barrier/rmw-add/seq-cst,barrier/load/acquire,syscall/getppid/raw,syscall/getppid/libc"
PAIRS = 20
REPEATS = 25
MOST_ALARMS = 0.01


def run(setting):
    repeats = setting.scaled(REPEATS, least=1)
    pairs = PAIRS if setting.effort >= 0.01 else 3
    part = claims.Part("same", "duels of a binary against itself, here")
    rows = []
    for number in range(repeats):
        rows += duels.fight(setting, ["--rounds", str(pairs), "--time", "5ms", "--filter", CASES], setting.seed + number)
    part.data = {"pairs": pairs, "rows": rows}
    judged(part, rows, setting)
    part.notes.append(f"{repeats} duels of {len(rows) // repeats} cases, {pairs} pairs each; transept says what its command said")
    return part


def judged(part, rows, setting):
    """What each judge says of the pairs that the duels took."""
    if not rows:
        part.lacking.append("none of the cases can run here")
        return
    found = duels.judged(rows, setting, part)
    alarms = {judge: sum(verdict != 0 for verdict in verdicts) for judge, verdicts in found.items()}
    part.data["alarms"] = alarms
    part.tables.append(
        ("", ["judge", "false alarms", "of cases, %"], [[j, f"{n} of {len(rows)}", claims.share(n, len(rows))] for j, n in alarms.items()])
    )
    mine = alarms["transept"]
    part.claim("false alarms, of cases", f"{claims.share(mine, len(rows))} %", "<= 1 %", mine <= MOST_ALARMS * len(rows))
