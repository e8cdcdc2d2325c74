package pgconversation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
)

// states returns the number of entries in each state.
func (o *outboxTest) states() map[pgconversation.State]int {
	o.t.Helper()
	rows, err := o.pool.Query(o.t.Context(), `SELECT state, count(*) FROM conversation_outbox GROUP BY state`)
	require.NoError(o.t, err)
	defer rows.Close()
	counts := make(map[pgconversation.State]int)
	for rows.Next() {
		var state pgconversation.State
		var n int
		require.NoError(o.t, rows.Scan(&state, &n))
		counts[state] = n
	}
	require.NoError(o.t, rows.Err())
	return counts
}

// insertMany stores n messages in one transaction.
func (o *outboxTest) insertMany(n int) {
	o.t.Helper()
	req := &conversation.SendMessageRequest{AppID: o.srv.AppID(), Recipient: conversation.ToChannels(conversation.ChannelIdentity{
		Channel: conversation.ChannelSMS, Identity: "+46701234567",
	}), Message: conversation.Text("Your order is on its way.")}
	require.NoError(o.t, pgx.BeginFunc(o.t.Context(), o.pool, func(tx pgx.Tx) error {
		for i := range n {
			if err := pgconversation.InsertTx(o.t.Context(), o.river, tx, req, pgconversation.Entry{ID: fmt.Sprint("order-", i)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// logged waits until the log has a text.
func (o *outboxTest) logged(text string) {
	o.t.Helper()
	require.Eventually(o.t, func() bool { return strings.Contains(o.log.String(), text) }, time.Minute, 5*time.Millisecond, text)
}

// sentOnce asserts that no message was sent more than once, and returns how many were sent.
func (o *outboxTest) sentOnce() int {
	o.t.Helper()
	times := make(map[string]int)
	for _, sent := range o.srv.Sent() {
		times[sent.Request.CorrelationID]++
		assert.Equal(o.t, 1, times[sent.Request.CorrelationID], sent.Request.CorrelationID)
	}
	return len(times)
}

func TestAWrongSettingDoesNotBurnTheQueue(t *testing.T) {
	t.Parallel()
	const missing = `{"error":{"code":404,"status":"NOT_FOUND","message":"app \"A\" not found"}}`
	for name, fault := range map[string]conversationtest.Fault{
		"403":        {Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusForbidden},
		"wrong app":  {Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusNotFound, Body: missing},
		"wrong host": {Kind: conversationtest.FaultUnknownHost, Operation: "Messages.Send"},
		"401 token":  {Kind: conversationtest.FaultStatus, Operation: "token", Status: http.StatusUnauthorized},
		"401":        {Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const n = 100
			o := newOutbox(t)
			o.insertMany(n)
			active := o.srv.Fault(fault)
			o.run(o.newWorker(o.srv.NewClient(t), pgconversation.WithRates(300, 0)), 3)
			o.logged("an app is paused")
			if hits := active.Hits(); fault.Operation != "token" { // the client remembers a rejected key for a while
				require.Eventually(t, func() bool { return active.Hits() > hits }, 20*time.Second, 20*time.Millisecond, "it probes")
			}
			t.Log(active.Hits(), "requests until it was mended")
			most := 30
			if fault.Status == http.StatusUnauthorized {
				most *= 2 // it is tried again with another token
			}
			assert.LessOrEqual(t, active.Hits(), most, "few leave before the others are held back")
			assert.Empty(t, o.srv.Sent())
			active.Remove()
			o.logged("an app goes on")
			require.Eventually(t, func() bool { return o.states()[pgconversation.StateAccepted] == n }, time.Minute, 50*time.Millisecond, "none is rejected")
			assert.Equal(t, n, o.sentOnce())
			assert.Equal(t, 1, strings.Count(o.log.String(), "an app is paused"))
			assert.Equal(t, 1, strings.Count(o.log.String(), "an app goes on"))
		})
	}
}

func TestAnOutageLeavesFewEntriesUnknown(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]conversationtest.Fault{
		"503":     {Kind: conversationtest.FaultStatus, Status: http.StatusServiceUnavailable},
		"reset":   {Kind: conversationtest.FaultReset},
		"refused": {Kind: conversationtest.FaultRefuse},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const n = 100
			o := newOutbox(t)
			o.insertMany(n)
			fault.Operation = "Messages.Send"
			active := o.srv.Fault(fault)
			o.run(o.newWorker(o.srv.NewClient(t), pgconversation.WithRates(200, 0)), 5)
			o.logged("Sinch does not answer or does not work")
			hits := active.Hits()
			require.Eventually(t, func() bool { return active.Hits() > hits }, 20*time.Second, 20*time.Millisecond, "it probes")
			active.Remove()
			require.Eventually(t, func() bool {
				states := o.states()
				return states[pgconversation.StateAccepted]+states[pgconversation.StateUnknown] == n
			}, time.Minute, 50*time.Millisecond)
			unknown := o.states()[pgconversation.StateUnknown]
			t.Log(active.Hits(), "requests during the outage,", unknown, "unknown")
			assert.LessOrEqual(t, unknown, active.Hits())
			assert.LessOrEqual(t, active.Hits(), 40)
			assert.Equal(t, n-unknown, o.sentOnce())
			assert.Equal(t, 1, strings.Count(o.log.String(), "Sinch works again"))
		})
	}
}
