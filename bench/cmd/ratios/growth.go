package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/bench/api"
	"github.com/sinchgo/conversation/bench/raw"
)

// growth measures how the figures grow with the size of a page, the size of a body, and the number of calls in flight.
func (r *run) growth() {
	r.head("what grows", "net/http", "the SDK", "ratio", "spread")
	for _, items := range []int{1, 10, 100, 1000} {
		r.grown(fmt.Sprintf("List of %d, in memory: CPU time", items), listsOf(items), 20_000/items+10, 1, cpu)
	}
	for _, length := range []int{100, 1_000, 10_000, 100_000} {
		r.grown(fmt.Sprintf("Send of %d bytes, in memory: CPU time", length), sendsOf(length), 20_000_000/(length+5_000), 1, cpu)
	}
	baseURL, stop := r.server(0)
	defer stop()
	all := subjects(baseURL, tuned)
	for _, inFlight := range []int{1, 2, 8, 32, 128} {
		r.grown(fmt.Sprintf("Send over loopback, %d in flight: time of one", inFlight), all[:2], 3000, inFlight, wall)
	}
	shared := []subject{all[0], sdkSubject(baseURL, nil)}
	for _, inFlight := range []int{128, 256, 512} {
		r.grown(fmt.Sprintf("Send over loopback, its own transport, %d in flight: time of one", inFlight), shared, 6000, inFlight, wall)
	}
	for _, s := range append(all, shared[1]) {
		s.close()
	}
}

func (r *run) grown(figure string, pair []subject, calls, inFlight int, part func(cost) float64) {
	name := "Send"
	if strings.HasPrefix(figure, "List") {
		name = "List"
	}
	costs := r.alternate(pair, name, calls, inFlight)
	base, _ := median(values(costs[netHTTP], part))
	own, _ := median(values(costs[sdk], part))
	ratio, spread := median(ratios(costs[sdk], costs[netHTTP], part))
	r.line([]string{figure, seconds(base), seconds(own), fmt.Sprintf("%.2f", ratio), spread})
}

func listsOf(items int) []subject {
	canned := api.New(0, items, items)
	hand, client := inMemory(canned)
	params := &conversation.ListMessagesParams{PageSize: items}
	return []subject{
		{name: netHTTP, calls: calls("List", func(ctx context.Context) error { return fails(hand.List(ctx, items)) })},
		{name: sdk, calls: calls("List", func(ctx context.Context) error { return fails(client.Messages.List(ctx, params)) })},
	}
}

func sendsOf(length int) []subject {
	hand, client := inMemory(api.New(0, 0))
	long := strings.Repeat("x", length)
	return []subject{
		{name: netHTTP, calls: calls("Send", func(ctx context.Context) error {
			return fails(hand.Send(ctx, &raw.SendRequest{
				AppID: api.App, Message: raw.AppMessage{TextMessage: &raw.TextMessage{Text: long}},
				Recipient: raw.Recipient{IdentifiedBy: raw.IdentifiedBy{
					ChannelIdentities: []raw.ChannelIdentity{{Channel: "SMS", Identity: recipient}},
				}},
			}))
		})},
		{name: sdk, calls: calls("Send", func(ctx context.Context) error {
			return fails(client.Messages.Send(ctx, &conversation.SendMessageRequest{
				AppID: api.App, Message: conversation.Text(long), Recipient: conversation.ToChannel(conversation.ChannelSMS, recipient),
			}))
		})},
	}
}

func calls(name string, call func(context.Context) error) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{name: call}
}

// inMemory returns a hand-written client and one of the SDK.
func inMemory(canned *api.API) (*raw.Client, *conversation.Client) {
	hand := &raw.Client{HTTP: &http.Client{Transport: canned}, BaseURL: "https://api.test", Project: api.Project, Token: api.Token}
	return hand, newSDK("https://api.test", canned)
}
