package relay

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
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
		reports  []outbox.Report
		want     conversation.DeliveryStatus
		becomes  State
		messages string
	}{
		"in order":      {state: StateAccepted, reports: []outbox.Report{{Delivery: onChannel}, {Delivery: delivered}, {Delivery: read}}, want: read, becomes: StateAccepted, messages: "M"},
		"out of order":  {state: StateAccepted, reports: []outbox.Report{{Delivery: delivered}, {Delivery: onChannel}, {Delivery: delivered}}, want: delivered, becomes: StateAccepted, messages: "M"},
		"failed":        {state: StateAccepted, reports: []outbox.Report{{Delivery: onChannel}, {Delivery: failed, Reason: "CHANNEL_FAILURE"}}, want: failed, becomes: StateAccepted, messages: "M"},
		"of unknown":    {state: StateUnknown, reports: []outbox.Report{{Delivery: delivered, MessageID: "N"}}, want: delivered, becomes: StateAccepted, messages: "N"},
		"of dropped":    {state: StateDropped, reports: []outbox.Report{{MessageID: "N"}, {Delivery: read, MessageID: "N"}}, want: read, becomes: StateAccepted, messages: "N"},
		"of attempting": {state: StateAttempting, reports: []outbox.Report{{Delivery: onChannel, MessageID: "N"}}, want: onChannel, becomes: StateAccepted, messages: "N"},
		"of rejected":   {state: StateRejected, reports: []outbox.Report{{Delivery: delivered}}, becomes: StateRejected, messages: "M"},
		"of cancelled":  {state: StateCancelled, reports: []outbox.Report{{Delivery: delivered}}, becomes: StateCancelled, messages: "M"},
		"of a message that was sent again": {
			state: StateAccepted, reports: []outbox.Report{{Delivery: delivered}, {Delivery: failed, MessageID: "another"}}, want: delivered, becomes: StateAccepted, messages: "M",
		},
		"submitted only": {state: StateAccepted, reports: []outbox.Report{{MessageID: "M"}}, becomes: StateAccepted, messages: "M"},
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
				said.ID = "a"
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
			require.NoError(t, r.outbox.fold(t.Context(), outbox.Report{ID: "a", MessageID: "M"}))
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			var got []conversation.DeliveryStatus
			reports := tt.reports
			for status, err := range r.outbox.Watch(ctx, "a", tt.until...) {
				require.NoError(t, err)
				got = append(got, status.Delivery)
				if len(reports) > 0 {
					require.NoError(t, r.outbox.fold(ctx, outbox.Report{ID: "a", Delivery: reports[0], Reason: "why"}))
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
