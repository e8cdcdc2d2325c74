package embedded_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

const damagedEntries = 30

// lazily is for tests that need no syncs.
var lazily = embedded.WithSyncEvery(time.Minute)

// storeWithWork fills a store: sent and unsent entries, handled and waiting callbacks. It returns a copy of the store as a
// killed process leaves it, and the store after a clean end.
func storeWithWork(t *testing.T) (killed, closed string) {
	t.Helper()
	killed, closed = filepath.Join(t.TempDir(), "killed"), t.TempDir()
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	r, err := relay.Open(t.Context(), embedded.Dir(closed))
	require.NoError(t, err)
	receiver, err := webhook.NewReceiver(webhook.WithSecret("s"), webhook.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	for n := range damagedEntries {
		if n == damagedEntries/2 {
			runUntil(t, r, srv, receiver, func() bool { return len(srv.Sent()) == n && settled(t, r, n) })
		}
		require.NoError(t, r.Outbox().Enqueue(t.Context(), &conversation.SendMessageRequest{
			AppID: srv.AppID(), Message: conversation.Text("Your table is ready."), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		}, relay.Entry{ID: fmt.Sprintf("order-%d", n)}))
		body := fmt.Appendf(nil, `{"app_id":"a","message":{"id":"M%d","conversation_id":"C"}}`, n)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(string(body)))
		req.Header = webhook.Sign(body, "s", strconv.Itoa(n), time.Now())
		answer := httptest.NewRecorder()
		r.Inbox().Handler(receiver).ServeHTTP(answer, req)
		require.Equal(t, 200, answer.Code)
	}
	require.NoError(t, os.CopyFS(killed, os.DirFS(closed)))
	r.Close()
	return killed, closed
}

// state is what must not be lost: the state of each entry, and the number of callbacks that wait.
func stateOf(t *testing.T, r *relay.Relay) map[string]any {
	t.Helper()
	state := make(map[string]any)
	for n := range damagedEntries {
		id := fmt.Sprintf("order-%d", n)
		status, err := r.Outbox().Get(t.Context(), id)
		if err != nil {
			state[id] = err.Error()
			continue
		}
		state[id] = status.State
	}
	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	state["waiting"], state["kept"] = view.Inbox.Waiting, view.Inbox.Kept
	return state
}

// TestOneDamagedByteIsAnErrorOrNoLoss changes one byte of each file at several places.
func TestOneDamagedByteIsAnErrorOrNoLoss(t *testing.T) {
	t.Parallel()
	places := []int64{37, 100} // in percent of the file
	if os.Getenv("CONVERSATION_SOAK") != "" {
		places = []int64{0, 1, 5, 20, 37, 50, 63, 80, 95, 99, 100}
	}
	killed, closed := storeWithWork(t)
	for name, store := range map[string]string{"killed": killed, "closed": closed} {
		want := openedState(t, store)
		for _, file := range filesOf(t, store) {
			t.Run(name+"/"+file, func(t *testing.T) {
				t.Parallel()
				info, err := os.Stat(filepath.Join(store, file))
				require.NoError(t, err)
				for _, share := range places {
					damageOne(t, store, file, max(info.Size()-1, 0)*share/100, want)
				}
			})
		}
	}
}

func damageOne(t *testing.T, store, file string, at int64, want map[string]any) {
	t.Helper()
	path := copyOf(t, store)
	content, err := os.ReadFile(filepath.Join(path, file))
	require.NoError(t, err)
	if len(content) == 0 {
		return
	}
	content[at] ^= 0x41
	require.NoError(t, os.WriteFile(filepath.Join(path, file), content, 0o600))
	r, err := relay.Open(t.Context(), embedded.Dir(path, lazily), relay.WithWeakDurability())
	if err == nil {
		defer r.Close()
		assert.Equal(t, want, stateOf(t, r), "byte %d of %s", at, file)
		return
	}
	require.ErrorIs(t, err, embedded.ErrDamaged, "byte %d of %s", at, file)
	require.ErrorContains(t, err, filepath.Join(path, file[:strings.LastIndex(file, "/")]))

	_, err = embedded.Dir(path, lazily).Connect(t.Context())
	require.ErrorIs(t, err, embedded.ErrDamaged, "it is still damaged")
	again, err := relay.Open(t.Context(), embedded.Dir(path, embedded.WithDamagedStore(), lazily), relay.WithWeakDurability())
	require.NoError(t, err, "byte %d of %s", at, file)
	again.Close()
	reopened, err := relay.Open(t.Context(), embedded.Dir(path, lazily), relay.WithWeakDurability())
	require.NoError(t, err, "byte %d of %s", at, file)
	reopened.Close()
}

func openedState(t *testing.T, store string) map[string]any {
	t.Helper()
	r, err := relay.Open(t.Context(), embedded.Dir(copyOf(t, store)))
	require.NoError(t, err)
	defer r.Close()
	return stateOf(t, r)
}

func copyOf(t *testing.T, store string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	require.NoError(t, os.CopyFS(path, os.DirFS(store)))
	return path
}

// filesOf returns one file of each kind: the name, without the stream and the consumer.
func filesOf(t *testing.T, store string) []string {
	t.Helper()
	kinds := make(map[string]string)
	require.NoError(t, filepath.WalkDir(filepath.Join(store, "jetstream"), func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(store, name)
		words := strings.Split(relative, string(filepath.Separator))
		kind := words[3] + "/" + words[4] + "/" + words[len(words)-1] // of each stream
		if len(words) > 6 {
			kind = words[4] + "/" + words[len(words)-1] // of any consumer
		}
		kinds[kind] = relative
		return err
	}))
	return slices.Sorted(maps.Values(kinds))
}
