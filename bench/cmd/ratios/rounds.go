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

// cost is the cost of one operation. p99 is the latency that 99 % of the calls do not exceed, if it was measured.
type cost struct{ wall, cpu, allocs, bytes, p99 float64 }

// measure makes calls, inFlight at a time, and returns the cost of one.
func measure(calls, inFlight int, call func(context.Context) error) cost {
	return measureEach(max(1, calls/inFlight), inFlight, func(int) { check(call(context.Background())) })
}

// measureLatency is measure with p99, which costs two readings of the clock for each call.
func measureLatency(calls, inFlight int, call func(context.Context) error) cost {
	perWorker := max(1, calls/inFlight)
	took := make([]time.Duration, perWorker*inFlight)
	got := measureEach(perWorker, inFlight, func(i int) {
		began := time.Now()
		check(call(context.Background()))
		took[i] = time.Since(began)
	})
	got.p99 = percentile(took, 99).Seconds()
	return got
}

// percentile returns the smallest duration that p percent do not exceed. It sorts took.
func percentile(took []time.Duration, p int) time.Duration {
	slices.Sort(took)
	return took[(len(took)*p+99)/100-1]
}

// measureEach has workers that do perWorker operations each, and returns the cost of one. The operations are numbered from 0.
func measureEach(perWorker, inFlight int, do func(i int)) cost {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, started := cpuTime(), time.Now()
	var workers sync.WaitGroup
	for worker := range inFlight {
		workers.Go(func() {
			for i := range perWorker {
				do(worker*perWorker + i)
			}
		})
	}
	workers.Wait()
	wall, cpu := time.Since(started), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	n := float64(perWorker * inFlight)
	return cost{
		wall: wall.Seconds() / n, cpu: cpu.Seconds() / n,
		allocs: float64(after.Mallocs-before.Mallocs) / n, bytes: float64(after.TotalAlloc-before.TotalAlloc) / n,
	}
}

// cpuTime returns the CPU time of this process.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// alternate measures the same call of all subjects in turn. Each round begins with another subject.
func (r *run) alternate(all []subject, name string, calls, inFlight int) map[string][]cost {
	return r.inTurn(all, func(s subject) cost { return measure(r.scaled(calls), inFlight, s.calls[name]) })
}

// inTurn measures all subjects in every round. Each round begins with another subject.
func (r *run) inTurn(all []subject, one func(subject) cost) map[string][]cost {
	costs := make(map[string][]cost)
	for round := range r.rounds + 1 {
		for i := range all {
			s := all[(round+i)%len(all)]
			got := one(s)
			if round > 0 { // the first one warms up
				costs[s.name] = append(costs[s.name], got)
			}
		}
	}
	return costs
}

// ratios returns the ratios of the costs of two subjects, round by round.
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

// median returns the median of values and its spread, as benchstat does.
func median(values []float64) (center float64, spread string) {
	summary := benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), 0.95)
	return summary.Center, "±" + summary.PctRangeString()
}

func wall(c cost) float64      { return c.wall }
func cpu(c cost) float64       { return c.cpu }
func allocs(c cost) float64    { return c.allocs }
func allocated(c cost) float64 { return c.bytes }
func p99(c cost) float64       { return c.p99 }

func check(err error) {
	if err != nil {
		panic(fmt.Sprintf("a measured call failed: %v", err))
	}
}
