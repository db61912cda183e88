// What people expect to see of the catalogue's families. A kernel that is not named here is drawn by the generic rule of figures.js.

/** By "family/kernel" or "family": which parameter runs along the axis, which one makes lines, which ones make panels. */
const AXES = {
  "align/load": {x: "offset", series: "width", panels: ["variant"]},
  "align/store": {x: "offset", series: "width", panels: ["variant"]},
  "align/store-forward": {x: "store", series: "widths", panels: ["variant"]},
  "align/atomic": {x: "offset"},
  "barrier/fence": {x: "pending"},
  "barrier/fence-missing": {x: "pending"},
  "barrier/false-sharing": {x: "pad"},
  "abi/struct-arg": {x: "size"},
  "abi/struct-return": {x: "size"},
  "layout/chase": {x: "ws"},
  "layout/assign": {x: "ws"},
  "layout/scan": {x: "ws"},
  "syscall/uring-nop": {x: "batch"},
  "syscall/enosys": {x: "args"},
  "epoll/burst": {x: "maxevents", series: "connections", panels: ["variant"]},
  "fill/store-buffer": {x: "stores"},
  insert: {x: "n"},
};

/** Kernels of a family that belong into one figure: the maps beside one another. */
const TOGETHER = {
  insert: {title: "Batch insert by number of pairs", kernels: /./},
};

const TITLES = {
  n: {abi: "arguments", insert: "pairs in the batch", fill: "pairs", other: "n"},
  args: {other: "arguments"},
  size: {other: "size in bytes"},
  offset: {other: "offset in the line of 64 bytes"},
  pending: {other: "stores pending before the fence"},
  batch: {other: "operations submitted at once"},
  maxevents: {other: "events taken at once"},
  ws: {other: "working set: fits …"},
  pad: {other: "bytes between the two variables"},
  bytes: {other: "bytes"},
  stores: {other: "stores before the miss"},
  threads: {other: "threads"},
  place: {other: "what the CPUs share"},
  store: {other: "offset of the store in its line"},
  shift: {other: "bytes that the load lies behind the store"},
  k: {other: "registers saved"},
};

export function axesOf(family, kernel) {
  return AXES[`${family}/${kernel}`] ?? AXES[family] ?? {};
}

export function togetherOf(family) {
  return TOGETHER[family] ?? null;
}

export function paramTitle(family, name) {
  return TITLES[name]?.[family] ?? TITLES[name]?.other ?? name;
}

/** What a metric is, for captions. */
export function metricTitle(name) {
  return {time: "time an op", time_per_item: "time an item", instructions: "instructions an op", loads: "loads an op", stores: "stores an op",
    barriers: "barriers an op", syscalls: "system calls an op", allocations: "allocations an op", size: "size in bytes"}[name] ?? name;
}
