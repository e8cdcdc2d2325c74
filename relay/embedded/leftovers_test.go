package embedded_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay/embedded"
)

// TestAfterAPowerCutNothingThatIsStoredIsSkipped takes away what a power cut can take, and keeps the position of the
// consumer.
func TestAfterAPowerCutNothingThatIsStoredIsSkipped(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(t *testing.T, stream string){
		"the messages": func(t *testing.T, stream string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Join(stream, "msgs")))
		},
		"the description of the stream": func(t *testing.T, stream string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Join(stream, "msgs")))
			require.NoError(t, os.Truncate(filepath.Join(stream, "meta.inf"), 0))
		},
		"the description of the consumer": func(t *testing.T, stream string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Join(stream, "msgs")))
			require.NoError(t, os.Remove(filepath.Join(stream, "obs", "reader", "meta.inf")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := t.TempDir()
			source := embedded.Dir(path, embedded.WithSyncEvery(time.Minute))
			engine, err := source.Connect(t.Context())
			require.NoError(t, err)
			js := stream(t, engine)
			consumer := reader(t, js)
			for range 5 {
				_, err := js.Publish(t.Context(), "test", nil)
				require.NoError(t, err)
				msg, err := consumer.Next()
				require.NoError(t, err)
				require.NoError(t, msg.DoubleAck(t.Context()))
			}
			engine.Close()
			require.NoError(t, os.Remove(filepath.Join(path, "engine.sums")))

			cut(t, filepath.Join(path, "jetstream", "$G", "streams", "TEST"))
			js = stream(t, start(t, source))
			_, err = js.Publish(t.Context(), "test", []byte("new"))
			require.NoError(t, err)
			msg, err := reader(t, js).Next(jetstream.FetchMaxWait(5 * time.Second))
			require.NoError(t, err)
			assert.Equal(t, "new", string(msg.Data()))
		})
	}
}

func reader(t *testing.T, js jetstream.JetStream) jetstream.Consumer {
	t.Helper()
	consumer, err := js.CreateOrUpdateConsumer(t.Context(), "TEST", jetstream.ConsumerConfig{Durable: "reader", AckPolicy: jetstream.AckExplicitPolicy})
	require.NoError(t, err)
	return consumer
}
