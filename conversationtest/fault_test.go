package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAFaultHappensToItsOperationOnly(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	named := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Get"})
	byRoute := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "DELETE messages/{message_id}"})

	sent, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), sent.MessageID)
	require.Error(t, err)
	require.Error(t, client.Messages.Delete(t.Context(), sent.MessageID))
	_, err = client.Messages.List(t.Context(), nil)
	require.NoError(t, err)

	assert.Equal(t, []int{1, 1}, []int{named.Hits(), byRoute.Hits()})
}

func TestAFaultWithoutAnOperationLeavesTheTokenEndpointAlone(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})

	err := srv.NewClient(t).Do(t.Context(), http.MethodPost, "/v1/nothing", nil, nil)

	as[*conversation.Error](t, err)
}

func TestAFaultHappensAfterSkipAndAtMostTimes(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Skip: 2, Times: 3})

	assert.Equal(t, "++---++++", outcomes(t, client, srv.AppID(), 9))

	assert.Equal(t, 3, fault.Hits())
	assert.Len(t, srv.Sent(), 6)
}

// outcomes sends a number of messages and returns a sign for each: - if it failed, else +.
func outcomes(t *testing.T, client *conversation.Client, appID string, sends int) string {
	t.Helper()
	var signs strings.Builder
	for range sends {
		sign := "+"
		if _, err := client.Messages.Send(t.Context(), hello(appID)); err != nil {
			sign = "-"
		}
		signs.WriteString(sign)
	}
	return signs.String()
}

func TestAFaultByChanceHappensTheSameWayForTheSameSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		srv := start(t, conversationtest.Config{InMemory: true})
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Probability: 0.3, Seed: seed})
		return outcomes(t, srv.NewClient(t, conversation.WithRetry(conversation.NoRetry)), srv.AppID(), 200)
	}

	one, again, other := run(1), run(1), run(2)

	assert.Equal(t, one, again)
	assert.NotEqual(t, one, other)
	assert.InDelta(t, 60, strings.Count(one, "-"), 20)
}

func TestOnlyTheFirstFaultThatAppliesHappens(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	first := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Times: 2})
	second := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultReset})

	assert.Equal(t, "---", outcomes(t, client, srv.AppID(), 3))

	assert.Equal(t, []int{2, 1, 3}, []int{first.Hits(), second.Hits(), srv.FaultHits()})
}

func TestAFaultThatIsRemovedHappensNoMore(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	fault := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})

	assert.Equal(t, "--", outcomes(t, client, srv.AppID(), 2))
	fault.Remove()
	fault.Remove()
	assert.Equal(t, "+", outcomes(t, client, srv.AppID(), 1))
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus})
	srv.ClearFaults()
	assert.Equal(t, "+", outcomes(t, client, srv.AppID(), 1))

	assert.Equal(t, []int{2, 2}, []int{fault.Hits(), srv.FaultHits()})
}

func TestAnInvalidFaultPanics(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	for mentions, fault := range map[string]conversationtest.Fault{
		"Kind":        {},
		"Messages.Se": {Kind: conversationtest.FaultReset, Operation: "Messages.Se"},
		"FaultStatus": {Kind: conversationtest.FaultTokenEndpointDown, Operation: "Messages.Send"},
		"Times":       {Kind: conversationtest.FaultReset, Times: -1},
		"Probability": {Kind: conversationtest.FaultReset, Probability: 1.5},
		"Status":      {Kind: conversationtest.FaultStatus, Status: 100},
		"RetryAfter":  {Kind: conversationtest.FaultRateLimit, RetryAfter: "soon", RetryAfterDate: true},
	} {
		t.Run(mentions, func(t *testing.T) {
			t.Parallel()
			defer func() {
				text, _ := recover().(string)
				assert.Contains(t, text, "conversationtest: Fault."+strings.SplitN(text, ":", 3)[1][len(" Fault."):])
				assert.Contains(t, text, mentions)
			}()
			srv.Fault(fault)
		})
	}
}
