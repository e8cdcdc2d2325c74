package otelconversation

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation"
)

// tokenOperation is the operation of the call that fetches an access token.
const tokenOperation = "Token"

// CallStarted implements conversation.Observer.
func (o *Observer) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	attributes := []attribute.KeyValue{operationKey.String(call.Operation), method(call.Method), semconv.URLTemplate(call.Route)}
	if isSend(call.Operation) {
		attributes = append(attributes, messagingSend...)
	}
	ctx, span := o.tracer.Start(ctx, call.Operation, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	return context.WithValue(ctx, spanOf{o}, span)
}

// CallEnded implements conversation.Observer.
func (o *Observer) CallEnded(ctx context.Context, call conversation.CallInfo, result conversation.CallResult) {
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(attemptsKey.Int(result.Attempts), waitedKey.Float64(result.Waited.Seconds()))
	endSpan(span, result)

	attributes := []attribute.KeyValue{operationKey.String(call.Operation), outcomeKey.String(result.Outcome.String())}
	if result.Err != nil {
		attributes = append(attributes, semconv.ErrorTypeKey.String(errorType(result.Err, result.StatusCode)))
	}
	o.calls.Record(ctx, result.Duration.Seconds(), metric.WithAttributes(attributes...))
	if result.Attempts > 1 {
		o.retries.Add(ctx, int64(result.Attempts-1), metric.WithAttributes(operationKey.String(call.Operation)))
	}
}

// AttemptStarted implements conversation.AttemptObserver.
func (o *Observer) AttemptStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	verb := method(call.Method)
	ctx, _ = o.tracer.Start(ctx, verb.Value.AsString()+" "+call.Route, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(operationKey.String(call.Operation), verb, semconv.URLTemplate(call.Route)))
	return ctx
}

// AttemptEnded implements conversation.AttemptObserver.
func (o *Observer) AttemptEnded(ctx context.Context, call conversation.CallInfo, result conversation.CallResult) {
	span := trace.SpanFromContext(ctx)
	if result.Attempts > 1 {
		span.SetAttributes(semconv.HTTPRequestResendCount(result.Attempts - 1))
	}
	endSpan(span, result)
	if call.Operation != tokenOperation {
		return
	}
	attributes := []attribute.KeyValue{outcomeKey.String(result.Outcome.String())}
	if result.Err != nil {
		attributes = append(attributes, semconv.ErrorTypeKey.String(errorType(result.Err, result.StatusCode)))
	}
	o.tokens.Add(ctx, 1, metric.WithAttributes(attributes...))
}

// endSpan ends the span of a call or of an attempt.
func endSpan(span trace.Span, result conversation.CallResult) {
	span.SetAttributes(outcomeKey.String(result.Outcome.String()))
	if result.StatusCode != 0 {
		span.SetAttributes(semconv.HTTPResponseStatusCode(result.StatusCode))
	}
	if result.RequestID != "" {
		span.SetAttributes(requestIDKey.String(result.RequestID))
	}
	if result.Err != nil {
		fail(span, errorType(result.Err, result.StatusCode))
	}
	span.End()
}

// fail marks a span as failed.
func fail(span trace.Span, kind string) {
	span.SetAttributes(semconv.ErrorTypeKey.String(kind))
	span.SetStatus(codes.Error, kind)
}

// MessageMetadata implements conversation.MessageObserver.
func (o *Observer) MessageMetadata(ctx context.Context, _ conversation.CallInfo, metadata string) string {
	if !o.propagate {
		return metadata
	}
	span, ok := ctx.Value(spanOf{o}).(trace.Span)
	if !ok {
		return metadata
	}
	if other := remoteSpan(ctx, metadata); other.IsValid() {
		span.AddLink(trace.Link{SpanContext: other}) // such as that of InjectMetadata before relay's Enqueue
		return metadata
	}
	return InjectMetadata(trace.ContextWithSpan(ctx, span), metadata)
}

// MessageAccepted implements conversation.MessageObserver.
func (o *Observer) MessageAccepted(ctx context.Context, _ conversation.CallInfo, messageID string) {
	if span, ok := ctx.Value(spanOf{o}).(trace.Span); ok {
		span.SetAttributes(semconv.MessagingMessageID(messageID))
	}
}
