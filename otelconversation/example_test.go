package otelconversation_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/otelconversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// The spans of a send whose first request was rejected with 429.
func ExampleNewObserver() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "0", Times: 1, Operation: "Messages.Send"})

	spans := tracetest.NewInMemoryExporter() // yours exports to a collector
	observer, err := otelconversation.NewObserver(
		otelconversation.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))),
		otelconversation.WithMeterProvider(metric.NewMeterProvider()))
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := conversation.NewClient(srv.ProjectID(), append(srv.Options(), conversation.WithObserver(observer))...)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := webhook.NewReceiver(webhook.WithSecret("secret"), webhook.WithObserver(observer)); err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your table is ready."),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, span := range spans.GetSpans() {
		fmt.Println(span.Name+":", span.Status.Code)
	}
	// Output:
	// POST /oauth2/token: Unset
	// Token: Unset
	// POST /v1/projects/{project_id}/messages:send: Error
	// POST /v1/projects/{project_id}/messages:send: Unset
	// Messages.Send: Unset
}

// The gauges of an outbox. For a relay, pass its method OutboxOverview.
func ExampleObserver_ObserveOutbox() {
	overview := func(context.Context) (outbox.Overview, error) {
		return outbox.Overview{States: map[string]int{"queued": 3}, Due: 3, Oldest: 20 * time.Second}, nil
	}
	reader := metric.NewManualReader() // yours exports to a collector, or serves Prometheus
	observer, err := otelconversation.NewObserver(otelconversation.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))))
	if err != nil {
		fmt.Println(err)
		return
	}
	stop, err := observer.ObserveOutbox(overview)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = stop() }()

	var read metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &read); err != nil {
		fmt.Println(err)
		return
	}
	for _, gauge := range read.ScopeMetrics[0].Metrics[:3] {
		if values, ok := gauge.Data.(metricdata.Gauge[float64]); ok {
			fmt.Println(gauge.Name, values.DataPoints[0].Value)
		}
	}
	// Output:
	// sinch.conversation.outbox.entries 3
	// sinch.conversation.outbox.depth 3
	// sinch.conversation.outbox.oldest 20
}

// The request that enqueues a message becomes the parent of the callbacks about it.
func ExampleInjectMetadata() {
	ctx, span := sdktrace.NewTracerProvider().Tracer("shop").Start(context.Background(), "order")
	defer span.End()
	request := &conversation.SendMessageRequest{MessageMetadata: `{"order":17}`}
	request.MessageMetadata = otelconversation.InjectMetadata(ctx, request.MessageMetadata)
	fmt.Println(len(request.MessageMetadata))
	// Output:
	// 84
}

// A program that has no global providers, such as a test, names its own.
func ExampleWithTracerProvider() {
	spans := tracetest.NewInMemoryExporter()
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	observer, err := otelconversation.NewObserver(otelconversation.WithTracerProvider(tracers))
	if err != nil {
		fmt.Println(err)
		return
	}
	call := conversation.CallInfo{Operation: "Messages.Get", Method: "GET"}
	observer.CallEnded(observer.CallStarted(context.Background(), call), call, conversation.CallResult{StatusCode: 200})
	fmt.Println(spans.GetSpans()[0].Name)
	// Output: Messages.Get
}

func ExampleWithMeterProvider() {
	reader := metric.NewManualReader() // yours exports to a collector, or serves Prometheus
	observer, err := otelconversation.NewObserver(
		otelconversation.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(reader))))
	if err != nil {
		fmt.Println(err)
		return
	}
	call := conversation.CallInfo{Operation: "Messages.Get", Method: "GET"}
	observer.CallEnded(observer.CallStarted(context.Background(), call), call, conversation.CallResult{StatusCode: 200})

	var read metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &read); err != nil {
		fmt.Println(err)
		return
	}
	for _, instrument := range read.ScopeMetrics[0].Metrics {
		fmt.Println(instrument.Name)
	}
	// Output: sinch.conversation.call.duration
}

// The delivery report of a message belongs to the trace of the send: its metadata, which comes back, has the trace context.
func ExampleWithMetadataPropagation() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	observer, err := otelconversation.NewObserver(
		otelconversation.WithTracerProvider(sdktrace.NewTracerProvider()), otelconversation.WithMetadataPropagation())
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := conversation.NewClient(srv.ProjectID(), append(srv.Options(), conversation.WithObserver(observer))...)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:           srv.AppID(),
		Recipient:       conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:         conversation.Text("Your table is ready."),
		MessageMetadata: `{"order":17}`,
	})
	fmt.Println(err, strings.Contains(srv.Sent()[0].Request.MessageMetadata, `"traceparent":"00-`))
	// Output: <nil> true
}
