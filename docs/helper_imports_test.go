package docs_test

// What the Go blocks import, so that go mod tidy keeps it in go.mod.
import (
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/nats-io/nats.go"
	_ "github.com/prometheus/client_golang/prometheus/promhttp"
	_ "github.com/riverqueue/river"
	_ "github.com/riverqueue/river/riverdriver/riverpgxv5"
	_ "github.com/riverqueue/river/rivermigrate"
	_ "go.opentelemetry.io/otel/exporters/prometheus"
	_ "go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	_ "go.opentelemetry.io/otel/sdk/metric"

	_ "github.com/sinchgo/conversation/conversationctl/doctor"
	_ "github.com/sinchgo/conversation/otelconversation"
	_ "github.com/sinchgo/conversation/outbox"
	_ "github.com/sinchgo/conversation/pgconversation/pgtest"
	_ "github.com/sinchgo/conversation/relay/embedded"
	_ "github.com/sinchgo/conversation/webhook"
)
