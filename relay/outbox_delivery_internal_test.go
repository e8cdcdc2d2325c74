package relay

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const (
	onChannel = conversation.DeliveryStatusQueuedOnChannel
	delivered = conversation.DeliveryStatusDelivered
	failed    = conversation.DeliveryStatusFailed
	read      = conversation.DeliveryStatusRead
)

func TestReportsAreFoldedIntoTheDelivery(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		state    State
		reports  []report
		want     conversation.DeliveryStatus
		becomes  State
		messages string
	}{
		"in order":      {state: StateAccepted, reports: []report{{delivery: onChannel}, {delivery: delivered}, {delivery: read}}, want: read, becomes: StateAccepted, messages: "M"},
		"out of order":  {state: StateAccepted, reports: []report{{delivery: delivered}, {delivery: onChannel}, {delivery: delivered}}, want: delivered, becomes: StateAccepted, messages: "M"},
		"failed":        {state: StateAccepted, reports: []report{{delivery: onChannel}, {delivery: failed, reason: "CHANNEL_FAILURE"}}, want: failed, becomes: StateAccepted, messages: "M"},
		"of unknown":    {state: StateUnknown, reports: []report{{delivery: delivered, messageID: "N"}}, want: delivered, becomes: StateAccepted, messages: "N"},
		"of dropped":    {state: StateDropped, reports: []report{{messageID: "N"}, {delivery: read, messageID: "N"}}, want: read, becomes: StateAccepted, messages: "N"},
		"of attempting": {state: StateAttempting, reports: []report{{delivery: onChannel, messageID: "N"}}, want: onChannel, becomes: StateAccepted, messages: "N"},
		"of rejected":   {state: StateRejected, reports: []report{{delivery: delivered}}, becomes: StateRejected, messages: "M"},
		"of cancelled":  {state: StateCancelled, reports: []report{{delivery: delivered}}, becomes: StateCancelled, messages: "M"},
		"of a message that was sent again": {
			state: StateAccepted, reports: []report{{delivery: delivered}, {delivery: failed, messageID: "another"}}, want: delivered, becomes: StateAccepted, messages: "M",
		},
		"submitted only": {state: StateAccepted, reports: []report{{messageID: "M"}}, becomes: StateAccepted, messages: "M"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, srv := abandoned(t)
			of := ref{id: "a", app: srv.AppID()}
			s, err := r.outbox.state(t.Context(), of)
			require.NoError(t, err)
			rec := record{State: tt.state, MessageID: "M", Attempts: 1}
			if tt.state == StateAttempting || tt.state == StateUnknown {
				rec.MessageID = ""
			}
			_, err = r.outbox.put(t.Context(), of, rec, s.seq, s.trail())
			require.NoError(t, err)
			for _, said := range tt.reports {
				said.id = "a"
				require.NoError(t, r.outbox.fold(t.Context(), said))
			}
			status, err := r.outbox.Get(t.Context(), "a")
			require.NoError(t, err)
			assert.Equal(t, tt.want, status.Delivery)
			assert.Equal(t, tt.becomes, status.State)
			assert.Equal(t, tt.messages, status.MessageID)
			assert.Equal(t, tt.want == failed, status.DeliveryReason != "")
			counts, err := r.outbox.Counts(t.Context())
			require.NoError(t, err)
			assert.Equal(t, map[State]int{tt.becomes: 1}, counts)
		})
	}
}

func TestWatchGoesOnToTheDelivery(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		until   []conversation.DeliveryStatus
		reports []conversation.DeliveryStatus
		want    []conversation.DeliveryStatus // the last of them ends the watch
	}{
		"without": {reports: []conversation.DeliveryStatus{delivered}, want: []conversation.DeliveryStatus{""}},
		"until delivered": {
			until: []conversation.DeliveryStatus{delivered}, reports: []conversation.DeliveryStatus{onChannel, delivered, read},
			want: []conversation.DeliveryStatus{"", onChannel, delivered},
		},
		"a report is missing": {until: []conversation.DeliveryStatus{delivered}, reports: []conversation.DeliveryStatus{read}, want: []conversation.DeliveryStatus{"", read}},
		"failed":              {until: []conversation.DeliveryStatus{read}, reports: []conversation.DeliveryStatus{failed}, want: []conversation.DeliveryStatus{"", failed}},
		"the lowest of several": {
			until: []conversation.DeliveryStatus{read, onChannel}, reports: []conversation.DeliveryStatus{onChannel}, want: []conversation.DeliveryStatus{"", onChannel},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := abandoned(t)
			require.NoError(t, r.outbox.fold(t.Context(), report{id: "a", messageID: "M"}))
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var got []conversation.DeliveryStatus
			reports := tt.reports
			for status, err := range r.outbox.Watch(ctx, "a", tt.until...) {
				require.NoError(t, err)
				got = append(got, status.Delivery)
				if len(reports) > 0 {
					require.NoError(t, r.outbox.fold(ctx, report{id: "a", delivery: reports[0], reason: "why"}))
					reports = reports[1:]
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
	r, _ := abandoned(t)
	for _, err := range r.outbox.Watch(t.Context(), "a", "ARRIVED") {
		wrong, ok := err.(*conversation.ArgumentError) //nolint:errorlint // It is returned as it is.
		require.True(t, ok, err)
		assert.Equal(t, "until", wrong.Field)
	}
}
