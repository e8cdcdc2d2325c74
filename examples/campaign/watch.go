package main

import (
	"context"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
)

// lookEvery is how often the queue is counted.
const lookEvery = 200 * time.Millisecond

// watch shows a progress bar until no message is left to send, and calls half when half of them are done.
func watch(ctx context.Context, p *setup.Program, outbox *relay.Outbox, total int, enqueued <-chan struct{}, halfway func()) error {
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(p.Out), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond))
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	half := false
	for {
		complete := isClosed(enqueued)
		counts, err := outbox.Counts(ctx)
		if err != nil {
			return stopped(ctx, err)
		}
		open := counts[relay.StateQueued] + counts[relay.StateAttempting]
		done := sum(counts) - open
		bar.ChangeMax(max(total, sum(counts))) // The queue may hold the messages of another campaign.
		_ = bar.Set(done)
		if !half && done >= total/2 {
			half = true
			halfway()
		}
		if complete && open == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return stopped(ctx, ctx.Err())
		case <-look.C:
		}
	}
}

// stopped returns an error that explains how to continue. The cause of the context is more specific than err.
func stopped(ctx context.Context, err error) error {
	reason := err
	if ctx.Err() != nil {
		reason = context.Cause(ctx)
	}
	return fmt.Errorf("stopped early: run it again with the same -file and -dir to continue, nothing is sent twice: %w", reason)
}

func isClosed(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

func sum(counts map[relay.State]int) int {
	total := 0
	for _, count := range counts {
		total += count
	}
	return total
}
