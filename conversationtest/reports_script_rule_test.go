package conversationtest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// inABubble runs a test with a server in memory that reports deliveries to a webhook.
func inABubble(t *testing.T, cfg conversationtest.Config, test func(t *testing.T, srv *conversationtest.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		hooked(srv, "", conversation.TriggerMessageDelivery, conversation.TriggerEventDelivery)
		test(t, srv)
	})
}

// ends sends messages and returns a sign for each: the first letter of its last status, or a dot if it has no report.
func ends(t *testing.T, srv *conversationtest.Server, sends int) string {
	t.Helper()
	before := len(srv.Sent())
	for range sends {
		sendText(t, srv, "hello")
	}
	settle(t, srv)
	last := map[any]any{}
	for _, callback := range srv.Callbacks() {
		report := payload(t, &callback, "message_delivery_report")
		last[report["message_id"]] = report["status"]
	}
	var signs strings.Builder
	for _, sent := range srv.Sent()[before:] {
		sign := "."
		if status, ok := last[sent.MessageID].(string); ok {
			sign = status[:1]
		}
		signs.WriteString(sign)
	}
	return signs.String()
}

func TestARuleReplacesTheScriptUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	const rcs, sms = conversation.ChannelRCS, conversation.ChannelSMS
	for script, want := range map[conversationtest.Script][]string{
		conversationtest.ScriptNone:    nil,
		conversationtest.ScriptDeliver: {"QUEUED_ON_CHANNEL on RCS", "DELIVERED on RCS"},
		conversationtest.ScriptRead:    {"QUEUED_ON_CHANNEL on RCS", "DELIVERED on RCS", "READ on RCS"},
		conversationtest.ScriptFail:    {"QUEUED_ON_CHANNEL on RCS", "FAILED on RCS"},
		conversationtest.ScriptFallback: {
			"QUEUED_ON_CHANNEL on RCS", "SWITCHING_CHANNEL on RCS", "QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS",
		},
	} {
		t.Run(script.String(), func(t *testing.T) {
			t.Parallel()
			inABubble(t, conversationtest.Config{Script: conversationtest.ScriptRead}, func(t *testing.T, srv *conversationtest.Server) {
				t.Helper()
				usual := []string{"QUEUED_ON_CHANNEL on RCS", "DELIVERED on RCS", "READ on RCS"}
				sendTo(t, srv, nil, rcs, sms)
				settle(t, srv)
				assert.Equal(t, usual, reported(t, srv))

				rule := srv.Script(conversationtest.ScriptRule{Script: script})
				sendTo(t, srv, nil, rcs, sms)
				settle(t, srv)
				assert.Equal(t, append(usual, want...), reported(t, srv))

				rule.Remove()
				sendTo(t, srv, nil, rcs, sms)
				settle(t, srv)
				assert.Equal(t, usual, reported(t, srv)[3+len(want):])
				assert.Equal(t, 1, rule.Hits())
			})
		})
	}
}

func TestAFallbackWithoutANextChannelFails(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFallback})
		sendTo(t, srv, nil, conversation.ChannelRCS)
		settle(t, srv)
		assert.Equal(t, []string{"QUEUED_ON_CHANNEL on RCS", "FAILED on RCS"}, reported(t, srv))
	})
}

func TestARuleAppliesAfterSkipAndAtMostTimes(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Skip: 2, Times: 3})
		assert.Equal(t, "DDFFFDDDD", ends(t, srv, 9))
		assert.Equal(t, 3, rule.Hits())
	})
}

func TestARuleByChanceAppliesToTheSameMessagesForTheSameSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) (signs string) {
		inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
			t.Helper()
			rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Probability: 0.3, Seed: seed})
			signs = ends(t, srv, 100)
			assert.Equal(t, strings.Count(signs, "F"), rule.Hits())
		})
		return signs
	}

	one, again, other := run(1), run(1), run(2)

	assert.Equal(t, one, again)
	assert.NotEqual(t, one, other)
	assert.InDelta(t, 30, strings.Count(one, "F"), 15)
}

func TestARuleAppliesToItsChannelOnly(t *testing.T) {
	t.Parallel()
	const rcs, sms, whatsApp = conversation.ChannelRCS, conversation.ChannelSMS, conversation.ChannelWhatsApp
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFallback, Channel: rcs, Skip: 1})
		for _, channels := range [][]conversation.Channel{{sms, rcs}, {whatsApp}, {rcs, sms}, {sms}, {rcs, sms}} {
			sendTo(t, srv, nil, channels...)
			settle(t, srv)
		}
		assert.Equal(t, []string{
			"QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS", // RCS is not its first channel.
			"QUEUED_ON_CHANNEL on WHATSAPP", "DELIVERED on WHATSAPP",
			"QUEUED_ON_CHANNEL on RCS", "DELIVERED on RCS", // It is skipped.
			"QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS",
			"QUEUED_ON_CHANNEL on RCS", "SWITCHING_CHANNEL on RCS", "QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS",
		}, reported(t, srv))
		assert.Equal(t, 1, rule.Hits())
	})
}

func TestTheFirstRuleThatAppliesDecides(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		other := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptNone, Channel: conversation.ChannelRCS})
		first := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Times: 2})
		second := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptRead, Skip: 1, Times: 2})
		third := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptNone, Times: 2})

		assert.Equal(t, "FF.RR.DD", ends(t, srv, 8), "a rule counts only what the rules before it leave")

		assert.Equal(t, []int{0, 2, 2, 2}, []int{other.Hits(), first.Hits(), second.Hits(), third.Hits()})
	})
}

func TestARuleThatIsRemovedStillDecidesWhatItAppliedTo(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		first := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Delay: time.Hour, Times: 1})
		second := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptRead, Delay: time.Hour})
		sendText(t, srv, "hello")
		sendText(t, srv, "hello")
		first.Remove()
		second.Remove()
		second.Remove()
		sendText(t, srv, "hello")
		settle(t, srv)

		assert.Equal(t, []string{"QUEUED_ON_CHANNEL", "DELIVERED"}, statuses(t, srv)[:2], "the third message has no delay")
		assert.ElementsMatch(t, []string{"QUEUED_ON_CHANNEL", "QUEUED_ON_CHANNEL", "FAILED", "DELIVERED", "READ"}, statuses(t, srv)[2:])
		assert.Equal(t, []int{1, 1}, []int{first.Hits(), second.Hits()})

		srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail})
		srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptNone})
		assert.Equal(t, "F", ends(t, srv, 1))
		srv.ClearScripts()
		assert.Equal(t, "D", ends(t, srv, 1))
	})
}

func TestARuleWaitsBeforeEachReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Script: conversationtest.ScriptDeliver, ScriptDelay: time.Second})
		h := hooked(srv, "", conversation.TriggerMessageDelivery)
		srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptRead, Delay: time.Minute, Times: 1})
		sendText(t, srv, "hello")
		sendText(t, srv, "hello")
		settle(t, srv)
		assert.Equal(t, []time.Duration{time.Second, 2 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute}, h.afters())
	})
}

func TestAResetRemovesTheRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Script: conversationtest.ScriptDeliver})
		rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Delay: time.Hour})
		sendText(t, srv, "hello")
		srv.Reset()
		hooked(srv, "", conversation.TriggerMessageDelivery)
		assert.Equal(t, "D", ends(t, srv, 1))

		srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail})
		rule.Remove() // It is of the state before.
		assert.Equal(t, "F", ends(t, srv, 1))
		assert.Equal(t, 1, rule.Hits())
	})
}

func TestAnInvalidRulePanics(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true, Script: conversationtest.ScriptDeliver})
	for want, rule := range map[string]conversationtest.ScriptRule{
		"Script: 5 is not a Script: set it":       {Script: 5},
		"Script: -1 is not a Script":              {Script: -1},
		`Channel: "sms" is unknown: use SMS, RCS`: {Channel: "sms"},
		"Delay: -1s is negative: use 0 or more":   {Delay: -time.Second},
		"Skip: -1 is negative: use 0 or more":     {Skip: -1},
		"Times: -2 is negative: use 0 or more":    {Times: -2},
		"Probability: 1.5 is not from 0 to 1":     {Probability: 1.5},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			defer func() {
				text, _ := recover().(string)
				assert.Contains(t, text, "conversationtest: ScriptRule."+want)
			}()
			srv.Script(rule)
		})
	}
	_, err := srv.NewClient(t).Messages.Send(t.Context(), hello(srv.AppID()))
	require.NoError(t, err)
}
