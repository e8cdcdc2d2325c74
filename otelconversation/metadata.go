package otelconversation

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// maxMetadata is Sinch's limit for message_metadata, in characters.
const maxMetadata = 1024

// The members of message_metadata that hold the trace context, named as the headers of W3C Trace Context are.
const (
	traceparent = "traceparent"
	tracestate  = "tracestate"
)

// InjectMetadata returns message_metadata with the trace context of ctx, under the rules of [WithMetadataPropagation], which does
// this for each send. Call it before Enqueue of relay, so that the callbacks belong to the trace of the request that enqueues a
// message, and not to that of the worker. It needs 70 characters of the metadata.
func InjectMetadata(ctx context.Context, metadata string) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	if carrier[traceparent] == "" {
		return metadata
	}
	members, ok := membersOf(metadata)
	if !ok || members[traceparent] != nil || members[tracestate] != nil {
		return metadata
	}
	added := withMember(metadata, traceparent, carrier[traceparent])
	if state := carrier[tracestate]; state != "" {
		if both := withMember(added, tracestate, state); utf8.RuneCountInString(both) <= maxMetadata {
			return both
		}
	}
	if utf8.RuneCountInString(added) > maxMetadata {
		return metadata
	}
	return added
}

// membersOf returns the members of a JSON object. Empty metadata is an object without any.
func membersOf(metadata string) (map[string]json.RawMessage, bool) {
	if metadata == "" {
		return nil, true
	}
	var members map[string]json.RawMessage
	err := json.Unmarshal([]byte(metadata), &members)
	return members, err == nil && members != nil
}

// withMember returns a JSON object with another member at its end. The rest stays as it is.
func withMember(object, name, value string) string {
	quoted, err := json.Marshal(value)
	if err != nil {
		return object
	}
	before := strings.TrimRight(strings.TrimSuffix(strings.TrimRight(object, " \t\r\n"), "}"), " \t\r\n")
	switch {
	case before == "":
		before = "{"
	case !strings.HasSuffix(before, "{"):
		before += ","
	}
	return before + `"` + name + `":` + string(quoted) + "}"
}

// remoteSpan returns the span whose context is in metadata, if there is one.
func remoteSpan(ctx context.Context, metadata string) trace.SpanContext {
	members, _ := membersOf(metadata)
	carrier := propagation.MapCarrier{}
	for _, name := range []string{traceparent, tracestate} {
		var value string
		if json.Unmarshal(members[name], &value) == nil {
			carrier[name] = value
		}
	}
	return trace.SpanContextFromContext(propagation.TraceContext{}.Extract(trace.ContextWithSpanContext(ctx, trace.SpanContext{}), carrier))
}
