package otelconversation

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// scope is the name of the tracer and of the meter.
const scope = "github.com/sinchgo/conversation/otelconversation"

// Observer records traces and metrics. Pass it to conversation.WithObserver, webhook.WithObserver and the WithObserver of
// relay. It is safe for concurrent use, and serves any number of clients and receivers.
type Observer struct {
	tracer    trace.Tracer
	meter     metric.Meter
	propagate bool

	calls     metric.Float64Histogram
	retries   metric.Int64Counter
	tokens    metric.Int64Counter
	callbacks metric.Float64Histogram
	entries   metric.Float64Histogram
}

var (
	_ conversation.AttemptObserver = (*Observer)(nil)
	_ conversation.MessageObserver = (*Observer)(nil)
	_ webhook.Observer             = (*Observer)(nil)
	_ webhook.EventObserver        = (*Observer)(nil)
	_ outbox.Observer              = (*Observer)(nil)
)

// Option configures an [Observer].
type Option func(*config) error

type config struct {
	tracers   trace.TracerProvider
	meters    metric.MeterProvider
	propagate bool
}

// WithTracerProvider sets the provider of spans. The default is that of otel.GetTracerProvider.
func WithTracerProvider(provider trace.TracerProvider) Option {
	return func(c *config) error {
		if provider == nil {
			return optionError("WithTracerProvider", "is nil: leave the option out for the global provider")
		}
		c.tracers = provider
		return nil
	}
}

// WithMeterProvider sets the provider of metrics. The default is that of otel.GetMeterProvider.
func WithMeterProvider(provider metric.MeterProvider) Option {
	return func(c *config) error {
		if provider == nil {
			return optionError("WithMeterProvider", "is nil: leave the option out for the global provider")
		}
		c.meters = provider
		return nil
	}
}

// WithMetadataPropagation adds the W3C trace context of each Messages.Send to its message_metadata, as the members traceparent
// and tracestate, so that the callbacks about the message belong to its trace. Sinch stores the metadata, and returns it in
// callbacks.
//
// Metadata that is neither empty nor a JSON object, that has a traceparent, or that has no room for it within 1,024 characters
// is left as it is.
func WithMetadataPropagation() Option {
	return func(c *config) error {
		c.propagate = true
		return nil
	}
}

// NewObserver returns an observer with the providers of the options, or the global ones. The error joins an
// *conversation.ArgumentError for each wrong option.
func NewObserver(opts ...Option) (*Observer, error) {
	c := config{tracers: otel.GetTracerProvider(), meters: otel.GetMeterProvider()}
	var problems []error
	for i, opt := range opts {
		if opt == nil {
			problems = append(problems, optionError(fmt.Sprintf("opts[%d]", i), "is nil: leave it out"))
			continue
		}
		if err := opt(&c); err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	o := &Observer{tracer: c.tracers.Tracer(scope), meter: c.meters.Meter(scope), propagate: c.propagate}
	if err := o.createInstruments(); err != nil {
		return nil, fmt.Errorf("otelconversation: NewObserver: %w", err)
	}
	return o, nil
}

func optionError(option, reason string) error {
	return &conversation.ArgumentError{Operation: "NewObserver", Field: option, Reason: reason}
}

// spanOf is the key of the observer's own span in a context, which may hold the spans of others too.
type spanOf struct{ observer *Observer }
