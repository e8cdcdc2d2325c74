package otelconversation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation/otelconversation"
)

var enqueued = trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})

const member = `"traceparent":"00-01000000000000000000000000000000-0200000000000000-01"`

func TestATraceContextIsAddedToNothingOrToAnObject(t *testing.T) {
	t.Parallel()
	room := 1024 - len(`{"a":""}`) - len(member) - len(",")
	for metadata, want := range map[string]string{
		"":                      "{" + member + "}",
		"{}":                    "{" + member + "}",
		" { } \n":               " {" + member + "}",
		`{"a":1}`:               `{"a":1,` + member + "}",
		`{"a":{"b":"}"}}  `:     `{"a":{"b":"}"},` + member + "}",
		`{"relay_id":"E1"}`:     `{"relay_id":"E1",` + member + "}",
		"text":                  "text",
		"[]":                    "[]",
		"null":                  "null",
		`{"a":1}{"b":2}`:        `{"a":1}{"b":2}`,
		`{"traceparent":"own"}`: `{"traceparent":"own"}`,
		`{"tracestate":"a=b"}`:  `{"tracestate":"a=b"}`,
		`{"a":"` + strings.Repeat("é", room) + `"}`:   `{"a":"` + strings.Repeat("é", room) + `",` + member + "}",
		`{"a":"` + strings.Repeat("é", room+1) + `"}`: `{"a":"` + strings.Repeat("é", room+1) + `"}`,
	} {
		assert.Equal(t, want, otelconversation.InjectMetadata(trace.ContextWithSpanContext(t.Context(), enqueued), metadata))
	}
}

func TestNothingIsAddedWithoutASpan(t *testing.T) {
	t.Parallel()
	assert.Empty(t, otelconversation.InjectMetadata(t.Context(), ""))
}

func TestATraceStateIsAddedIfThereIsRoom(t *testing.T) {
	t.Parallel()
	state, err := trace.ParseTraceState("vendor=value")
	require.NoError(t, err)
	ctx := trace.ContextWithSpanContext(t.Context(), enqueued.WithTraceState(state))
	assert.JSONEq(t, "{"+member+`,"tracestate":"vendor=value"}`, otelconversation.InjectMetadata(ctx, ""))
	nearlyFull := `{"a":"` + strings.Repeat("x", 1024-len(`{"a":"",}`)-len(member)) + `"}`
	assert.NotContains(t, otelconversation.InjectMetadata(ctx, nearlyFull), "vendor")
	assert.Contains(t, otelconversation.InjectMetadata(ctx, nearlyFull), member)
}
