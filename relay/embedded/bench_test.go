package embedded_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/embedded"
)

// BenchmarkPublish measures the cost of a sync to the disk before each answer, with few and with many concurrent
// messages for each processor.
func BenchmarkPublish(b *testing.B) {
	for name, opts := range map[string][]embedded.Option{
		"sync=always": nil, "sync=2m": {embedded.WithSyncEvery(2 * time.Minute)},
	} {
		b.Run(name+"/publishers=1", func(b *testing.B) { publish(b, 1, opts) })
		b.Run(name+"/publishers=64", func(b *testing.B) { publish(b, 64, opts) })
	}
}

func publish(b *testing.B, atOnce int, opts []embedded.Option) {
	b.Helper()
	engine, err := embedded.Dir(b.TempDir(), opts...).Connect(b.Context())
	require.NoError(b, err)
	defer engine.Close()
	js, err := jetstream.New(engine.Conn)
	require.NoError(b, err)
	_, err = js.CreateStream(b.Context(), jetstream.StreamConfig{Name: "BENCH", Subjects: []string{"bench.>"}})
	require.NoError(b, err)
	body := make([]byte, 300)

	b.SetParallelism(atOnce)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, err := js.Publish(b.Context(), "bench.one", body)
			assert.NoError(b, err)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
