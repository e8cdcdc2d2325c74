package main

import (
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
)

// Each subject is profiled for as many seconds of CPU time, unless it waits so much that it would take too long.
const (
	profileCPU = 8
	profileMax = 30
)

// profile writes CPU profiles of a cell: of the SDK into file, and of the base into file.base. Both make the same number of calls, so
// that go tool pprof -diff_base shows what the SDK adds.
func (r *run) profile(file, text string) {
	r.scale = 1
	c, err := parseCell(text)
	check(err)
	at := r.stage(c)
	defer at.close()
	base, own := at.subjects[0], at.subjects[1]
	sample := own.costIn(c, r.callsFor(c, own))
	calls := int(min(profileCPU/sample.cpu, profileMax/sample.wall))
	for name, s := range map[string]subject{file: own, file + ".base": base} {
		s.costIn(c, calls/10)
		out, err := os.Create(name) //nolint:gosec // The user names the file.
		check(err)
		check(pprof.StartCPUProfile(out))
		got := s.costIn(c, calls)
		pprof.StopCPUProfile()
		check(out.Close())
		fmt.Printf("%s: %s in %s: %s, CPU %s, p99 %s\n", name, s.name, c, seconds(got.wall), seconds(got.cpu), seconds(got.p99))
	}
	fmt.Println(strings.Join([]string{"go tool pprof -top -cum -diff_base", file + ".base", file}, " "))
}
