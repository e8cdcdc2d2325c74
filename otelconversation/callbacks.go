package otelconversation

import (
	"cmp"
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation/webhook"
)

// callbackSpans are the spans of a callback.
type callbackSpans struct {
	whole   trace.Span
	process trace.Span // in the trace of the send; nil if that is not known
}

// CallbackStarted implements webhook.Observer.
func (o *Observer) CallbackStarted(ctx context.Context, info webhook.CallbackInfo) context.Context {
	messaging := messagingProcess
	if info.Operation == "Receiver.Forward" {
		messaging = messagingReceive
	}
	ctx, span := o.tracer.Start(ctx, info.Operation, trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(operationKey.String(info.Operation)), trace.WithAttributes(messaging...))
	return context.WithValue(ctx, spanOf{o}, &callbackSpans{whole: span})
}

// CallbackParsed implements webhook.EventObserver. With [WithMetadataPropagation], the function of the event runs in a span of the
// trace of the send, which is linked to the span of the callback.
func (o *Observer) CallbackParsed(ctx context.Context, info webhook.CallbackInfo, event webhook.Event) context.Context {
	spans, ok := ctx.Value(spanOf{o}).(*callbackSpans)
	if !ok {
		return ctx
	}
	messageID, metadata := messageOf(event)
	attributes := []attribute.KeyValue{triggerKey.String(string(info.Trigger))}
	if messageID != "" {
		attributes = append(attributes, semconv.MessagingMessageID(messageID))
	}
	spans.whole.SetAttributes(attributes...)
	if !o.propagate {
		return ctx
	}
	sent := remoteSpan(ctx, metadata)
	if !sent.IsValid() {
		return ctx
	}
	spans.whole.AddLink(trace.Link{SpanContext: sent})
	ctx, spans.process = o.tracer.Start(trace.ContextWithRemoteSpanContext(ctx, sent), "process "+string(info.Trigger),
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(trace.Link{SpanContext: spans.whole.SpanContext()}),
		trace.WithAttributes(attributes...), trace.WithAttributes(messagingProcess...))
	return ctx
}

// CallbackEnded implements webhook.Observer.
func (o *Observer) CallbackEnded(ctx context.Context, info webhook.CallbackInfo, result webhook.CallbackResult) {
	attributes := []attribute.KeyValue{
		operationKey.String(info.Operation), triggerKey.String(string(info.Trigger)), semconv.HTTPResponseStatusCode(result.StatusCode),
	}
	if result.Reason != "" {
		attributes = append(attributes, reasonKey.String(string(result.Reason)))
	}
	if result.StatusCode >= 400 {
		attributes = append(attributes, semconv.ErrorTypeKey.String(string(result.Reason)))
	}
	o.callbacks.Record(ctx, result.Duration.Seconds(), metric.WithAttributes(attributes...))
	spans, ok := ctx.Value(spanOf{o}).(*callbackSpans)
	if !ok {
		return
	}
	if spans.process != nil {
		endCallback(spans.process, attributes, result)
	}
	spans.whole.SetAttributes(sizeKey.Int(result.Size), ageKey.Float64(result.Age.Seconds()))
	endCallback(spans.whole, attributes, result)
}

func endCallback(span trace.Span, attributes []attribute.KeyValue, result webhook.CallbackResult) {
	span.SetAttributes(attributes...)
	if result.StatusCode >= 400 {
		fail(span, string(result.Reason))
	}
	span.End()
}

// messageOf returns the id and the metadata of the message that an event is about.
func messageOf(event webhook.Event) (id, metadata string) {
	metadata = event.Meta().MessageMetadata
	switch e := event.(type) {
	case *webhook.MessageSubmit:
		return e.MessageSubmitNotification.MessageID, cmp.Or(e.MessageSubmitNotification.Metadata, metadata)
	case *webhook.MessageDelivery:
		return e.MessageDeliveryReport.MessageID, cmp.Or(e.MessageDeliveryReport.Metadata, metadata)
	case *webhook.MessageInbound:
		return e.Message.ID, metadata
	}
	return "", metadata
}
