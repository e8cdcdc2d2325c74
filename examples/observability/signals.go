package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/exporters/stdout/stdoutmetric"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/sinchgo/conversation/examples/internal/setup"
)

// signals are the providers of a program. Yours export to a collector, over OTLP.
type signals struct {
	tracers  *trace.TracerProvider
	meters   *metric.MeterProvider
	registry *prometheus.Registry
}

func newSignals(out io.Writer) (*signals, error) {
	spans, err := stdouttrace.New(stdouttrace.WithWriter(out), stdouttrace.WithPrettyPrint())
	if err != nil {
		return nil, err
	}
	metrics, err := stdoutmetric.New(stdoutmetric.WithWriter(out), stdoutmetric.WithPrettyPrint())
	if err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	endpoint, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, err
	}
	return &signals{ // printed at the end of the program
		tracers:  trace.NewTracerProvider(trace.WithBatcher(spans, trace.WithBatchTimeout(time.Hour))),
		meters:   metric.NewMeterProvider(metric.WithReader(metric.NewPeriodicReader(metrics, metric.WithInterval(time.Hour))), metric.WithReader(endpoint)),
		registry: registry,
	}, nil
}

// print prints the spans and the metrics.
func (s *signals) print(ctx context.Context, p *setup.Program) error {
	p.Printf("\nTraces:\n")
	if err := s.tracers.ForceFlush(ctx); err != nil {
		return err
	}
	p.Printf("\nMetrics:\n")
	return s.meters.ForceFlush(ctx)
}

// scrape reads the Prometheus endpoint, and prints the counts.
func scrape(ctx context.Context, p *setup.Program, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, resp.Status)
	}
	p.Printf("\nGET /metrics, in part:\n")
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, _, _ := strings.Cut(lines.Text(), "{")
		if strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_total") {
			p.Printf("%s\n", lines.Text())
		}
	}
	return lines.Err()
}
