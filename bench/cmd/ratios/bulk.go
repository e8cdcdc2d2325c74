package main

import (
	"iter"
	"math"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/bench/api"
)

// bulk compares SendMany, and 32 goroutines that use the hand-written client, with the server's latency alone.
func (r *run) bulk() {
	const inFlight, latency = 32, 5 * time.Millisecond
	count := r.scaled(6400) / inFlight * inFlight
	baseURL, stop := r.server(latency)
	defer stop()
	hand := rawSubject(baseURL, tuned(), 0)
	client := newSDK(baseURL, tuned())
	ideal := float64(count/inFlight) * latency.Seconds()
	var rawTimes, times []float64
	for round := range r.rounds + 1 {
		byHand := measure(count, inFlight, hand.calls["Send"]).wall * float64(count) / ideal
		started := time.Now()
		sum, err := client.Messages.SendMany(r.ctx, messages(count), conversation.SendManyOptions{
			Concurrency: inFlight, PerSecond: math.Inf(1), OnResult: func(conversation.SendResult) {},
		})
		took := time.Since(started).Seconds() / ideal
		check(err)
		if sum.Accepted != count {
			panic("not all were accepted")
		}
		if round > 0 {
			rawTimes, times = append(rawTimes, byHand), append(times, took)
		}
	}
	r.head("32 sends in flight, 5 ms each at the server", "ideal", "ratio to it", "spread", "bound", "")
	r.row("net/http with 32 goroutines", seconds(ideal), rawTimes, 0)
	r.row("SendMany", seconds(ideal), times, 1.05)
	against := make([]float64, len(times))
	for i := range times {
		against[i] = times[i] / rawTimes[i]
	}
	r.row("SendMany, compared with net/http and 32 goroutines", "", against, 0)
	hand.close()
	client.CloseIdleConnections()
}

func messages(count int) iter.Seq[*conversation.SendMessageRequest] {
	return func(yield func(*conversation.SendMessageRequest) bool) {
		for range count {
			if !yield(&conversation.SendMessageRequest{
				AppID: api.App, Message: conversation.Text(text), Recipient: conversation.ToChannel(conversation.ChannelSMS, recipient),
			}) {
				return
			}
		}
	}
}
