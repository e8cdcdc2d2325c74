package otelconversation

import (
	"errors"

	"go.opentelemetry.io/otel/metric"
)

// durationBuckets are the boundaries in seconds that the semantic conventions recommend for HTTP, and longer ones: calls are
// retried, and wait.
var durationBuckets = metric.WithExplicitBucketBoundaries(
	0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120)

func (o *Observer) createInstruments() error {
	var errs [5]error
	o.calls, errs[0] = o.meter.Float64Histogram("sinch.conversation.call.duration", metric.WithUnit("s"), durationBuckets,
		metric.WithDescription("Duration of a call of the client, with retries and waits."))
	o.retries, errs[1] = o.meter.Int64Counter("sinch.conversation.call.retries", metric.WithUnit("{request}"),
		metric.WithDescription("Requests of calls after the first."))
	o.tokens, errs[2] = o.meter.Int64Counter("sinch.conversation.token.requests", metric.WithUnit("{request}"),
		metric.WithDescription("Requests to the token endpoint."))
	o.callbacks, errs[3] = o.meter.Float64Histogram("sinch.conversation.callback.duration", metric.WithUnit("s"), durationBuckets,
		metric.WithDescription("Duration of a callback, until it is answered."))
	o.entries, errs[4] = o.meter.Float64Histogram("sinch.conversation.entry.duration", metric.WithUnit("s"), durationBuckets,
		metric.WithDescription("Duration of an attempt to send an entry of an outbox."))
	return errors.Join(errs[:]...)
}
