// Go's builtin map, for `make peers`: understands the lines of bench/peers/maps/main.c, draws the same batches and answers in the same JSON lines.
//
// The garbage collector is as Go comes (GOGC=100) with GOMAXPROCS=1. It is run before each batch, untimed; what it does while pairs are put
// is part of what they cost.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/bits"
	"os"
	"runtime"
	"syscall"
	"time"
)

const (
	turnPairs = 16384  // as in session.c
	warmPairs = 500000 // as in session.c
)

type pair struct{ key, value uint64 }

type batch struct {
	pairs     []pair
	lookups   []uint64
	different int
	sum       uint64
}

func scramble(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func next(stream *uint64) uint64 {
	*stream += 0x9e3779b97f4a7c15
	return scramble(*stream)
}

func below(stream *uint64, bound uint64) uint64 {
	return ((next(stream) >> 32) * bound) >> 32
}

func draw(n int, keys string, stream *uint64) ([]uint32, int) {
	different := map[string]int{"random": n, "half": n - n/2, "same": 1}[keys]
	numbers := make([]uint32, n)
	made := 0
	for i := range numbers {
		if made == 0 || keys == "random" || (made < different && below(stream, uint64(n-i)) < uint64(different-made)) {
			numbers[i] = uint32(made)
			made++
		} else {
			numbers[i] = uint32(below(stream, uint64(made)))
		}
	}
	return numbers, different
}

func fill(n int, keys string, stream *uint64) batch {
	base, first := next(stream), next(stream)
	numbers, different := draw(n, keys, stream)
	b := batch{pairs: make([]pair, n), lookups: make([]uint64, n), different: different}
	last := make([]uint32, n)
	for i, number := range numbers {
		b.pairs[i] = pair{scramble(base + uint64(number)), first + uint64(i)}
		b.lookups[i] = b.pairs[i].key
		last[number] = uint32(i)
	}
	for i, number := range numbers {
		b.sum += b.pairs[i].key ^ b.pairs[last[number]].value
	}
	for i := n; i > 1; i-- {
		other := below(stream, uint64(i))
		b.lookups[i-1], b.lookups[other] = b.lookups[other], b.lookups[i-1]
	}
	return b
}

type seen struct {
	Peer        string    `json:"peer"`
	Put         []float64 `json:"put"`
	Lookup      []float64 `json:"lookup"`
	Batches     uint64    `json:"batches"`
	Faults      uint64    `json:"faults"`
	Allocations uint64    `json:"allocations"`
	Sum         string    `json:"sum"`
	Wrong       string    `json:"wrong"`
	sum         uint64
}

type cell struct {
	n           int
	keys, state string
	repetitions int
	seed        uint64
}

func put(m map[uint64]uint64, pairs []pair) {
	for _, p := range pairs {
		m[p.key] = p.value
	}
}

func get(m map[uint64]uint64, keys []uint64) (sum uint64) {
	for _, key := range keys {
		if value, found := m[key]; found {
			sum += key ^ value
		}
	}
	return
}

func faults() uint64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return uint64(usage.Minflt)
}

func mallocs() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.Mallocs
}

// turn is one repetition: batches one after the other, of which the first `warm` are not counted.
func turn(c cell, m map[uint64]uint64, batches []batch, warm int, s *seen) map[uint64]uint64 {
	var putTime, lookupTime time.Duration
	for i, b := range batches {
		if c.state == "reused" {
			for key := range m { // the compiler knows this loop and clears the map
				delete(m, key)
			}
		} else {
			m = nil
		}
		runtime.GC()
		faultsBefore, mallocsBefore := faults(), mallocs()
		begin := time.Now()
		if c.state == "growing" {
			m = make(map[uint64]uint64)
		} else if c.state == "sized" {
			m = make(map[uint64]uint64, c.n)
		}
		put(m, b.pairs)
		putTook := time.Since(begin)
		mallocsAfter, faultsAfter := mallocs(), faults()
		begin = time.Now()
		sum := get(m, b.lookups)
		lookupTook := time.Since(begin)
		s.sum += sum
		if s.Wrong == "" && len(m) != b.different {
			s.Wrong = fmt.Sprintf("%d pairs in the map after a batch with %d keys", len(m), b.different)
		} else if s.Wrong == "" && sum != b.sum {
			s.Wrong = fmt.Sprintf("the values have the checksum %016x, and the last pairs' is %016x", sum, b.sum)
		}
		if i >= warm {
			putTime += putTook
			lookupTime += lookupTook
			s.Batches++
			s.Faults += faultsAfter - faultsBefore
			s.Allocations += mallocsAfter - mallocsBefore
		}
	}
	pairs := float64(len(batches)-warm) * float64(c.n)
	s.Put = append(s.Put, float64(putTime.Nanoseconds())/pairs)
	s.Lookup = append(s.Lookup, float64(lookupTime.Nanoseconds())/pairs)
	return m
}

func run(c cell) seen {
	s := seen{Peer: "go"}
	warm, timed := 0, 1
	if c.n < warmPairs {
		warm = 1
	}
	if c.n < turnPairs {
		timed = (turnPairs + c.n - 1) / c.n
	}
	stream := c.seed
	var m map[uint64]uint64
	for repetition := 0; repetition < c.repetitions; repetition++ {
		batches := make([]batch, warm+timed)
		for i := range batches {
			batches[i] = fill(c.n, c.keys, &stream)
		}
		if m == nil && c.state == "reused" {
			m = make(map[uint64]uint64, c.n)
			put(m, batches[0].pairs)
		}
		m = turn(c, m, batches, warm, &s)
	}
	s.Sum = fmt.Sprintf("%016x", s.sum)
	return s
}

func hash() string {
	if bits.UintSize == 64 && (runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64") {
		return "memhash64 by AES instructions, seeded"
	}
	return "memhash64, seeded"
}

func main() {
	runtime.GOMAXPROCS(1)
	out := json.NewEncoder(os.Stdout)
	hello := map[string]any{
		"compiler": runtime.Version(),
		"peers": []map[string]any{{
			"name": "go", "version": runtime.Version() + " builtin map, GOMAXPROCS=1 GOGC=100", "hash": hash(),
			"reused": "clearing keeps the table", "floor": false,
		}},
	}
	if out.Encode(hello) != nil {
		os.Exit(1)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var c cell
		var peers string
		count, err := fmt.Sscanf(lines.Text(), "cell %d %s %s %d %d %s", &c.n, &c.keys, &c.state, &c.repetitions, &c.seed, &peers)
		if err != nil || count != 6 {
			fmt.Fprintf(os.Stderr, "peers: not a cell: %s\n", lines.Text())
			os.Exit(2)
		}
		if out.Encode(run(c)) != nil || out.Encode(map[string]any{"end": true}) != nil {
			os.Exit(1)
		}
	}
}
