package embedded_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

const anyPort = "127.0.0.1:0"

// start opens an engine until the test ends.
func start(t *testing.T, source relay.Source) *relay.Engine {
	t.Helper()
	engine, err := source.Connect(t.Context())
	require.NoError(t, err)
	t.Cleanup(engine.Close)
	return engine
}

func stream(t *testing.T, engine *relay.Engine) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(engine.Conn)
	require.NoError(t, err)
	_, err = js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "TEST", Subjects: []string{"test"}})
	require.NoError(t, err)
	return js
}

func addressOf(t *testing.T, path string) *url.URL {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path, "engine.json"))
	require.NoError(t, err)
	var found struct {
		URL string `json:"url"`
	}
	require.NoError(t, json.Unmarshal(content, &found))
	parsed, err := url.Parse(found.URL)
	require.NoError(t, err)
	return parsed
}
