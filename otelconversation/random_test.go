package otelconversation_test

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// randomFaults are those of requests that arrive, so that the log of the fake has them.
var randomFaults = []conversationtest.Fault{
	{Kind: conversationtest.FaultReset},
	{Kind: conversationtest.FaultHang},
	{Kind: conversationtest.FaultDropAfterAccept},
	{Kind: conversationtest.FaultTruncatedBody},
	{Kind: conversationtest.FaultBadJSON},
	{Kind: conversationtest.FaultHTML},
	{Kind: conversationtest.FaultRateLimit, RetryAfter: "3"},
	{Kind: conversationtest.FaultStatus, Status: 400},
	{Kind: conversationtest.FaultStatus, Status: 503},
	{Kind: conversationtest.FaultExpiredToken},
	{Kind: conversationtest.FaultRevokeTokens},
	{Kind: conversationtest.FaultTokenEndpointDown},
	{Kind: conversationtest.FaultStatusAfterAccept},
}

// TestEachCallIsOneSpanUnderRandomFaults makes 1,000 random calls, or 10,000 with CONVERSATION_SOAK, and compares the signals with the
// results of the calls and with the log of the fake.
func TestEachCallIsOneSpanUnderRandomFaults(t *testing.T) {
	t.Parallel()
	calls := 1_000
	if os.Getenv("CONVERSATION_SOAK") != "" {
		calls = 10_000
	}
	seed := rand.Uint64()
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(seed, 20))
		seen, srv := record(t), fake(t)
		client := srv.NewClient(t, conversation.WithObserver(seen), conversation.WithRetry(conversation.RetryPolicy{Budget: 1 << 30}))
		returned := map[string]float64{}
		for range calls {
			if fault := randomFaults[random.IntN(len(randomFaults))]; random.IntN(4) > 0 {
				fault.Times = 1 + random.IntN(4)
				srv.Fault(fault)
			}
			randomCall(t.Context(), srv, client, random, returned)
			srv.ClearFaults()
			time.Sleep(11 * time.Second) // So that a token can be renewed again. The time is virtual.
		}

		assert.Len(t, seen.spans.Started(), len(seen.spans.Ended()), "seed %d", seed)
		inSpans, attempts := map[string]float64{}, map[string]int{}
		ofCall := map[trace.SpanID]string{}
		for _, span := range seen.spans.Ended() {
			if attributes := of(span); attributes["sinch.conversation.attempts"] != "" {
				inSpans[span.Name()+" "+attributes["sinch.conversation.outcome"]]++
				ofCall[span.SpanContext().SpanID()] = span.Name()
			}
		}
		for _, span := range seen.spans.Ended() {
			if attributes := of(span); attributes["sinch.conversation.attempts"] == "" {
				operation := attributes["sinch.conversation.operation"]
				attempts[operation]++
				assert.Equal(t, operation, ofCall[span.Parent().SpanID()], "seed %d: the parent of an attempt", seed)
			}
		}
		arrived := map[string]int{}
		for _, request := range srv.Requests() {
			arrived[request.Operation]++
		}
		arrived["Token"] = arrived["token"]
		delete(arrived, "token")
		assert.Equal(t, arrived, attempts, "seed %d", seed)
		inMetrics := seen.values(t, "sinch.conversation.call.duration", "sinch.conversation.operation", "sinch.conversation.outcome")
		assert.Equal(t, inSpans, inMetrics, "seed %d", seed)
		assert.InDelta(t, arrived["Token"], seen.values(t, "sinch.conversation.token.requests")[""], 0, "seed %d", seed)
		maps.DeleteFunc(inSpans, func(key string, _ float64) bool { return key[:5] == "Token" })
		assert.Equal(t, returned, inSpans, "seed %d", seed)
		require.Greater(t, len(returned), 12, "%v", slices.Sorted(maps.Keys(returned)))
	})
}

// randomCall makes a call, and counts its outcome.
func randomCall(
	ctx context.Context, srv *conversationtest.Server, client *conversation.Client, random *rand.Rand, returned map[string]float64,
) {
	count := func(operation string, err error) { returned[operation+" "+conversation.OutcomeOf(err).String()]++ }
	switch random.IntN(7) {
	case 0:
		_, err := client.Messages.Send(ctx, hello(srv))
		count("Messages.Send", err)
	case 1:
		_, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{})
		count("Messages.Send", err)
	case 2:
		messages := []*conversation.SendMessageRequest{hello(srv), {}, hello(srv)}
		sum, _ := client.Messages.SendMany(ctx, slices.Values(messages), conversation.SendManyOptions{PerSecond: math.Inf(1), Concurrency: 2})
		for _, result := range sum.Results {
			count("Messages.Send", result.Err)
		}
	case 3:
		_, err := client.Apps.Get(ctx, srv.AppID())
		count("Apps.Get", err)
	case 4:
		count("Messages.Delete", client.Messages.Delete(ctx, "01HX"))
	case 5:
		_, err := client.Contacts.Create(ctx, &conversation.CreateContactRequest{})
		count("Contacts.Create", err)
	default:
		_, err := client.Contacts.List(ctx, &conversation.ListContactsParams{PageSize: random.IntN(3) - 1})
		count("Contacts.List", err)
	}
}
