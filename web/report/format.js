// Numbers as people read them.

const TIME = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];

function digits(value, wanted = 3) {
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  return value.toLocaleString("en", {maximumFractionDigits: Math.max(0, Math.min(6, wanted - 1 - size)), useGrouping: false});
}

/** A time of so many ns in the unit that leaves one to three digits before the point. */
export function time(ns) {
  const [divisor, unit] = TIME.find(([least]) => Math.abs(ns) >= least * 0.9995) ?? TIME[3];
  return `${digits(ns / divisor)} ${unit}`;
}

export function count(value) {
  if (Number.isInteger(value)) return value.toLocaleString("en").replaceAll(",", "\u202f");
  return digits(value, Math.abs(value) >= 100 ? 5 : 3);
}

/** A count on an axis: "300 k". */
export function short(value) {
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e4, "k"]]) {
    if (Math.abs(value) >= size) return `${digits(value / (unit === "k" ? 1e3 : size))} ${unit}`;
  }
  return count(value);
}

/** A value of a metric: "12.3 ns/pair", "24". What an op is counted of is said by the column, so "/op" is left out. */
export function value(number, unit) {
  if (number === null || number === undefined) return "–";
  if (unit.startsWith("ns")) return time(number) + unit.slice(2).replace(/^\/op$/, "");
  const short = unit.replace(/^count\/op$/, "").replace(/\/op$/, "");
  return count(number) + (short ? `\u00a0${short}` : "");
}

/** "× 2.4": so many times the first's. */
export function ratio(number) {
  return `${digits(number, 3)}\u00a0×`;
}

/** A ratio and its interval, each as ratio(), with as many digits as tell them apart: an interval of 1.05 to 1.05 says nothing. */
export function ratios(numbers) {
  const told = (wanted) => numbers.map((number) => number === null ? "–" : `${digits(number, wanted)}\u00a0×`);
  for (let wanted = 3; wanted < 7; ++wanted) {
    const texts = told(wanted);
    if (new Set(texts).size === new Set(numbers).size) return texts;
  }
  return told(7);
}

/** How a ratio is told: never below 1, the direction in words. */
export function times(number) {
  return ratio(number >= 1 ? number : 1 / number);
}

export function bytes(number) {
  for (const [size, unit] of [[2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"]]) {
    if (number >= size) return `${digits(number / size)} ${unit}`;
  }
  return `${number} B`;
}

/** Ticks of a logarithmic axis, few enough for `room` labels: powers of ten, with 2 and 5 between where there are few. */
export function logTicks(low, high, room = 6) {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const all = (steps, every = 1) => {
    const ticks = [];
    for (let power = from; power <= to; power += every) for (const step of steps) ticks.push(step * 10 ** power);
    return ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  };
  for (const steps of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const ticks = all(steps);
    if (ticks.length <= room && ticks.length >= 2) return ticks;
  }
  return all([1], Math.max(1, Math.ceil((to - from) / room)));
}
