package relay_test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// november is what the folder has that the version of 28 November wrote (commit bc86db4), before entries had groups, trails and
// counts. The retried ones are queued, and were answered with 429.
var november = map[string]struct {
	count int
	state relay.State
}{
	"accepted": {5, relay.StateAccepted}, "rejected": {3, relay.StateRejected}, "unknown": {3, relay.StateUnknown}, "dropped": {2, relay.StateDropped},
	"retried": {2, relay.StateQueued}, "later": {2, relay.StateQueued}, "queued": {10, relay.StateQueued},
}

func TestAFolderOfAnEarlierVersionLosesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	extract(t, filepath.Join("testdata", "november-28.tar.gz"), folder)
	r, err := relay.Open(t.Context(), embedded.Dir(folder))
	require.NoError(t, err)
	t.Cleanup(r.Close)
	o := r.Outbox()
	counts := map[relay.State]int{}
	for prefix, of := range november {
		counts[of.state] += of.count
		for i := range of.count {
			id := fmt.Sprintf("%s-%d", prefix, i)
			status, err := o.Get(t.Context(), id)
			require.NoError(t, err, id)
			assert.Equal(t, of.state, status.State, id)
			again := message("01APP")
			again.Message = conversation.Text("hello")
			require.NoError(t, o.Enqueue(t.Context(), again, relay.Entry{ID: id}), "the same message again")
		}
	}
	now, err := o.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, counts, now)

	var mu sync.Mutex
	sent := map[string]int{}
	stop := work(t, r, accepting(t, func(id string) {
		mu.Lock()
		defer mu.Unlock()
		sent[id]++
	}))
	require.NoError(t, o.Settle(t.Context(), "unknown-0", relay.SettleResend))
	require.NoError(t, o.Settle(t.Context(), "unknown-1", relay.SettleDrop))
	require.NoError(t, o.Cancel(t.Context(), "later-0"))
	want := map[relay.State]int{
		relay.StateAccepted: 5 + 2 + 10 + 1, relay.StateRejected: 3, relay.StateUnknown: 1, relay.StateDropped: 3, relay.StateQueued: 1, relay.StateCancelled: 1,
	}
	require.Eventually(t, func() bool {
		counts, err := o.Counts(t.Context())
		return err == nil && counts[relay.StateAccepted] == want[relay.StateAccepted]
	}, 20*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool {
		return errors.Is(o.Retry(t.Context(), "rejected-0"), relay.ErrMessageLost)
	}, 20*time.Second, 20*time.Millisecond, "that version removed the messages of rejected entries")
	require.Eventually(t, func() bool {
		n := 0
		for _, err := range o.List(t.Context(), relay.ListParams{State: relay.StateRejected}) {
			if err == nil {
				n++
			}
		}
		return n == 3
	}, 20*time.Second, 20*time.Millisecond, "the worker marks them")
	stop()
	assertListed(t, o, want)
	require.NoError(t, o.Retry(t.Context(), "unknown-1"), "it was dropped by this version")
	mu.Lock()
	defer mu.Unlock()
	assert.Len(t, sent, 13)
	for id, n := range sent {
		assert.Equal(t, 1, n, id)
	}
}

// assertListed compares the counts with what List returns, and with what they should be.
func assertListed(t *testing.T, o *relay.Outbox, want map[relay.State]int) {
	t.Helper()
	counts, err := o.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want, counts)
	listed := map[relay.State]int{}
	for state := range want {
		for _, err := range o.List(t.Context(), relay.ListParams{State: state}) {
			require.NoError(t, err)
			listed[state]++
		}
	}
	assert.Equal(t, want, listed)
}

func TestAVersionOfNovemberDoesNotOpenAnewRelay(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	_, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), "SINCH_OUTBOX")
	require.NoError(t, err)
	subjects := stream.CachedInfo().Config.Subjects
	assert.NotContains(t, subjects, "sinch.outbox.>", "that version looks for it, and shows the subjects in its error")
	assert.True(t, slices.Contains(subjects, "sinch.written-by-a-newer-version-of-relay"), subjects)
}

// accepting returns a client whose messages are accepted. got is called with the ID of each.
func accepting(t *testing.T, got func(id string)) *conversation.Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/token":
			_, _ = io.WriteString(w, `{"access_token":"t","token_type":"bearer","expires_in":3600}`)
		case r.Method == http.MethodGet:
			_, _ = io.WriteString(w, `{"apps":[]}`)
		default:
			var sent struct {
				CorrelationID string `json:"correlation_id"`
			}
			assert.NoError(t, json.NewDecoder(r.Body).Decode(&sent))
			got(sent.CorrelationID)
			_, _ = io.WriteString(w, `{"message_id":"M"}`)
		}
	}))
	t.Cleanup(srv.Close)
	client, err := conversation.NewClient("project", conversation.WithOAuth2("key", "secret"), conversation.WithBaseURL(srv.URL), conversation.WithTokenURL(srv.URL+"/token"))
	require.NoError(t, err)
	return client
}

// extract unpacks a folder.
func extract(t *testing.T, archive, folder string) {
	t.Helper()
	file, err := os.Open(archive)
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	plain, err := gzip.NewReader(file)
	require.NoError(t, err)
	for reader := tar.NewReader(plain); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		path := filepath.Join(folder, header.Name)
		if header.Typeflag == tar.TypeDir {
			require.NoError(t, os.MkdirAll(path, 0o700))
			continue
		}
		body, err := io.ReadAll(reader)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, body, 0o600))
	}
}
