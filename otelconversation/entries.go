package otelconversation

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// EntryStarted implements outbox.Observer, which is that of relay.
func (o *Observer) EntryStarted(ctx context.Context, entry outbox.EntryInfo) context.Context {
	ctx, _ = o.tracer.Start(ctx, entry.Operation, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(messagingProcess...),
		trace.WithAttributes(operationKey.String(entry.Operation), attemptKey.Int(entry.Attempt)))
	return ctx
}

// EntryEnded implements outbox.Observer.
func (o *Observer) EntryEnded(ctx context.Context, entry outbox.EntryInfo, result outbox.EntryResult) {
	attributes := []attribute.KeyValue{operationKey.String(entry.Operation), stateKey.String(result.State)}
	span := trace.SpanFromContext(ctx)
	if result.Err != nil {
		status := 0
		if answer, ok := errors.AsType[*conversation.Error](result.Err); ok {
			status = answer.StatusCode
		}
		kind := errorType(result.Err, status)
		attributes = append(attributes, semconv.ErrorTypeKey.String(kind))
		fail(span, kind)
	}
	span.SetAttributes(stateKey.String(result.State), waitedKey.Float64(result.Waited.Seconds()))
	span.End()
	o.entries.Record(ctx, result.Duration.Seconds(), metric.WithAttributes(attributes...))
}

// ObserveOutbox shows the state of an outbox as gauges, until stop is called. read is called each time that the metrics are read; for a
// relay it is its OutboxOverview. If it fails, the gauges have no values.
func (o *Observer) ObserveOutbox(read func(context.Context) (outbox.Overview, error)) (stop func() error, err error) {
	if read == nil {
		return nil, &conversation.ArgumentError{Operation: "ObserveOutbox", Field: "read", Reason: "is nil: pass OutboxOverview of a relay"}
	}
	var errs [6]error
	gauge := func(i int, name, unit, description string) metric.Float64ObservableGauge {
		instrument, err := o.meter.Float64ObservableGauge("sinch.conversation."+name, metric.WithUnit(unit), metric.WithDescription(description))
		errs[i] = err
		return instrument
	}
	entries := gauge(0, "outbox.entries", "{entry}", "Entries of the outbox in each state.")
	depth := gauge(1, "outbox.depth", "{entry}", "Entries that are queued and due.")
	oldest := gauge(2, "outbox.oldest", "s", "Age of the oldest entry that is queued and due.")
	waiting := gauge(3, "inbox.depth", "{callback}", "Callbacks that are not handled yet.")
	oldestCall := gauge(4, "inbox.oldest", "s", "Age of the oldest callback that is not handled yet.")
	dead := gauge(5, "dead_letters", "{message}", "Dead letters.")
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	registration, err := o.meter.RegisterCallback(func(ctx context.Context, to metric.Observer) error {
		now, err := read(ctx)
		if err != nil {
			return err
		}
		for state, count := range now.States {
			to.ObserveFloat64(entries, float64(count), metric.WithAttributes(stateKey.String(state)))
		}
		to.ObserveFloat64(depth, float64(now.Due))
		to.ObserveFloat64(oldest, now.Oldest.Seconds())
		to.ObserveFloat64(waiting, float64(now.Waiting))
		to.ObserveFloat64(oldestCall, now.OldestCall.Seconds())
		to.ObserveFloat64(dead, float64(now.Dead))
		return nil
	}, entries, depth, oldest, waiting, oldestCall, dead)
	if err != nil {
		return nil, err
	}
	return registration.Unregister, nil
}
