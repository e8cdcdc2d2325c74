package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const httpProgram = `package main

import "net/http"

func main() {
	resp, err := http.Get("https://api.test")
	println(resp, err)
	// %d
}
`

const sdkProgram = `package main

import (
	"context"
	"net/http"

	"github.com/sinchgo/conversation"
)

func main() {
	resp, err := http.Get("https://api.test")
	println(resp, err)
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"), conversation.WithRegion(conversation.RegionEU))
	println(client, err)
	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{})
	println(sent, err)
	// %d
}
`

// binary measures what the SDK adds to a program that uses net/http: to its size, and to the time of a rebuild after a
// change.
func (r *run) binary() {
	var added, time0, time1 []float64
	for round := range min(r.rounds, 10) + 1 {
		httpSize, httpTime := r.build(httpProgram, round)
		sdkSize, sdkTime := r.build(sdkProgram, round)
		if round > 0 { // the first one fills the build cache
			added = append(added, float64(sdkSize-httpSize))
			time0 = append(time0, httpTime.Seconds())
			time1 = append(time1, sdkTime.Seconds())
		}
	}
	r.head("added to a program with net/http", "added", "spread", "bound", "")
	center, spread := median(added)
	r.line([]string{"size of the binary", size(center), spread, "3 MB", verdict(center, 3e6)})
	base, _ := median(time0)
	more, spread := median(time1)
	r.line([]string{fmt.Sprintf("time of a rebuild, which takes %s without", seconds(base)), seconds(more - base), spread, "", ""})
}

// build compiles a program, which was never compiled before, inside this module.
func (r *run) build(program string, round int) (int64, time.Duration) {
	dir, err := os.MkdirTemp(".", "build")
	check(err)
	defer func() { check(os.RemoveAll(dir)) }()
	file, out := filepath.Join(dir, "main.go"), filepath.Join(dir, "out")
	check(os.WriteFile(file, fmt.Appendf(nil, program, round), 0o600))
	started := time.Now()
	command := exec.CommandContext(r.ctx, "go", "build", "-trimpath", "-o", out, file) //nolint:gosec // All of it is ours.
	command.Stderr = os.Stderr
	check(command.Run())
	took := time.Since(started)
	info, err := os.Stat(out)
	check(err)
	return info.Size(), took
}
