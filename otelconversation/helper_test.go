package otelconversation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/otelconversation"
)

// signals are all that an observer has recorded.
type signals struct {
	*otelconversation.Observer
	spans  *tracetest.SpanRecorder
	reader *metric.ManualReader
}

func record(tb testing.TB, opts ...otelconversation.Option) *signals {
	tb.Helper()
	s := &signals{spans: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	observer, err := otelconversation.NewObserver(append(opts,
		otelconversation.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(s.spans))),
		otelconversation.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(s.reader))))...)
	require.NoError(tb, err)
	s.Observer = observer
	return s
}

// named returns the ended spans of that name.
func (s *signals) named(name string) []sdktrace.ReadOnlySpan {
	var found []sdktrace.ReadOnlySpan
	for _, span := range s.spans.Ended() {
		if span.Name() == name {
			found = append(found, span)
		}
	}
	return found
}

// only returns the single ended span of that name.
func (s *signals) only(tb testing.TB, name string) sdktrace.ReadOnlySpan {
	tb.Helper()
	found := s.named(name)
	require.Len(tb, found, 1, name)
	return found[0]
}

// collect reads all metrics.
func (s *signals) collect(tb testing.TB) metricdata.ResourceMetrics {
	tb.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(tb, s.reader.Collect(tb.Context(), &all))
	return all
}

// metric returns the values of a metric by their attributes: the counts of a histogram, the sums of a counter, the values of a gauge.
func (s *signals) metric(tb testing.TB, name string) map[attribute.Distinct]point {
	tb.Helper()
	points := map[attribute.Distinct]point{}
	for _, scope := range s.collect(tb).ScopeMetrics {
		for _, m := range scope.Metrics {
			if m.Name != name {
				continue
			}
			switch data := m.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, p := range data.DataPoints {
					points[p.Attributes.Equivalent()] = point{p.Attributes, float64(p.Count)}
				}
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					points[p.Attributes.Equivalent()] = point{p.Attributes, float64(p.Value)}
				}
			case metricdata.Gauge[float64]:
				for _, p := range data.DataPoints {
					points[p.Attributes.Equivalent()] = point{p.Attributes, p.Value}
				}
			}
		}
	}
	return points
}

type point struct {
	attributes attribute.Set
	value      float64
}

// values returns the values of a metric, by those of the attributes.
func (s *signals) values(tb testing.TB, name string, keys ...attribute.Key) map[string]float64 {
	tb.Helper()
	found := map[string]float64{}
	for _, p := range s.metric(tb, name) {
		var labels []string
		for _, key := range keys {
			value, _ := p.attributes.Value(key)
			labels = append(labels, value.String())
		}
		found[strings.Join(labels, " ")] += p.value
	}
	return found
}

// of returns the attributes of a span.
func of(span sdktrace.ReadOnlySpan) map[string]string {
	found := map[string]string{}
	for _, a := range span.Attributes() {
		found[string(a.Key)] = a.Value.String()
	}
	return found
}

func fake(tb testing.TB) *conversationtest.Server {
	tb.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	tb.Cleanup(srv.Close)
	return srv
}

func hello(srv *conversationtest.Server) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your code is 123456."),
	}
}
