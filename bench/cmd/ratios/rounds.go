package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/perf/benchmath"
)

// cost is what an operation takes.
type cost struct{ wall, cpu, allocs, bytes float64 }

// measure makes calls, so many at a time, and gives the cost of one.
func measure(calls, atOnce int, call func(context.Context) error) cost {
	perWorker := max(1, calls/atOnce)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, started := cpuTime(), time.Now()
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for range perWorker {
				check(call(context.Background()))
			}
		})
	}
	workers.Wait()
	wall, cpu := time.Since(started), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	n := float64(perWorker * atOnce)
	return cost{
		wall: wall.Seconds() / n, cpu: cpu.Seconds() / n,
		allocs: float64(after.Mallocs-before.Mallocs) / n, bytes: float64(after.TotalAlloc-before.TotalAlloc) / n,
	}
}

// cpuTime is the CPU that this process has used.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// alternate measures the same call of all subjects in turn, each round beginning with another one.
func (r *run) alternate(all []subject, name string, calls, atOnce int) map[string][]cost {
	costs := make(map[string][]cost)
	for round := range r.rounds + 1 {
		for i := range all {
			s := all[(round+i)%len(all)]
			got := measure(r.scaled(calls), atOnce, s.calls[name])
			if round > 0 { // the first one warms up
				costs[s.name] = append(costs[s.name], got)
			}
		}
	}
	return costs
}

// ratios divides what two subjects took, round by round.
func ratios(of, by []cost, part func(cost) float64) []float64 {
	values := make([]float64, len(of))
	for i := range of {
		values[i] = part(of[i]) / part(by[i])
	}
	return values
}

func values(of []cost, part func(cost) float64) []float64 {
	return slices.Collect(func(yield func(float64) bool) {
		for _, c := range of {
			if !yield(part(c)) {
				return
			}
		}
	})
}

// median gives the median of values and its spread, as benchstat does.
func median(values []float64) (center float64, spread string) {
	summary := benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), 0.95)
	return summary.Center, "±" + summary.PctRangeString()
}

func wall(c cost) float64      { return c.wall }
func cpu(c cost) float64       { return c.cpu }
func allocs(c cost) float64    { return c.allocs }
func allocated(c cost) float64 { return c.bytes }

func check(err error) {
	if err != nil {
		panic(fmt.Sprintf("a measured call failed: %v", err))
	}
}
