package conversation_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// soak is whether the tests run at their long volumes.
var soak = os.Getenv("CONVERSATION_SOAK") != ""

// atLength returns the volume of a test: the short one, or the long one in a soak run.
func atLength(short, long int) int {
	if soak {
		return long
	}
	return short
}

// canaries are strings that are sent through every call and every failure, and that nothing printed may contain.
type canaries struct {
	keySecret, token, webhookSecret string
	text                            string // of a message
	number                          string // a phone number, as people write it
	digits                          string // its end, without what is between them
	secrets                         []string
}

// spellings are how the same number is written.
var spellings = []string{
	"+4670%s%s%s", "4670%s%s%s", "+46 70 %s %s %s", "+46 (70) %s-%s-%s", "+46.70.%s.%s.%s", "004670%s%s%s", "+46/70/%s/%s%s",
	"tel:+46-70-%s-%s-%s",
}

// newCanaries returns the nth set.
func newCanaries(n int) canaries {
	parts := fmt.Sprintf("%07d", (n*7919+1234567)%1e7)
	c := canaries{
		keySecret:     fmt.Sprintf("kEySecret-%d-canary", n),
		token:         fmt.Sprintf("aCcessToken.%d.canary", n),
		webhookSecret: fmt.Sprintf("wEbhook-secret-%d-canary", n),
		text:          fmt.Sprintf("mEssageText%dcanary", n),
		number:        fmt.Sprintf(spellings[n%len(spellings)], parts[:3], parts[3:5], parts[5:]),
		digits:        "70" + parts,
	}
	for _, secret := range []string{c.keySecret, c.token, c.webhookSecret, "key-id:" + c.keySecret} {
		encoded := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(secret)), "=")
		c.secrets = append(c.secrets, secret, encoded, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret))
	}
	return c
}

// together removes what separates the digits of a number, also if it was escaped.
var together = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "/", "", "%20", "", "%28", "", "%29", "", "%2F", "")

// in returns the canary that a string contains, or nothing. The text of a message is searched for only if the server did
// not echo it.
func (c canaries) in(printed string, textToo bool) string {
	for _, secret := range c.secrets {
		if strings.Contains(printed, secret) {
			return secret
		}
	}
	if textToo && strings.Contains(printed, c.text) {
		return c.text
	}
	if strings.Contains(together.Replace(printed), c.digits) {
		return c.digits
	}
	return ""
}

// credential returns the nth way to authorize a client.
func (c canaries) credential(n int) conversation.Option {
	switch n % 3 {
	case 0:
		return conversation.WithOAuth2("key-id", c.keySecret)
	case 1:
		return conversation.WithBasicAuth("key-id", c.keySecret)
	default:
		return conversation.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: c.token}))
	}
}

// watcher looks through what is printed, and counts it.
type watcher struct {
	canaries

	checked *atomic.Int64
	textToo bool

	mu   sync.Mutex
	logs bytes.Buffer
}

// Write records what a logger writes, one record at a time.
func (w *watcher) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logs.Write(p)
}

// logger returns a logger of both kinds, whose records of every level the watcher keeps.
func (w *watcher) logger() *slog.Logger {
	opts := &slog.HandlerOptions{Level: slog.LevelDebug - 4, AddSource: true}
	return slog.New(slog.NewMultiHandler(slog.NewTextHandler(w, opts), slog.NewJSONHandler(w, opts)))
}

// check searches printed strings for canaries.
func (w *watcher) check(t *testing.T, texts ...string) {
	t.Helper()
	w.checked.Add(int64(len(texts)))
	for _, text := range texts {
		if shown := w.in(text, w.textToo); shown != "" {
			t.Errorf("%q is shown:\n%s", shown, text)
		}
	}
}

// checkError looks at an error, and at what holds it where fmt calls no methods.
func (w *watcher) checkError(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	held := struct{ err error }{err}
	w.check(t, prints(err)...)
	w.check(t, fmt.Sprintf("%v", held), fmt.Sprintf("%+v", held), fmt.Sprintf("%#v", held), fmt.Errorf("shop: %w", err).Error())
}

// checkLogs looks at what was logged.
func (w *watcher) checkLogs(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	records := strings.SplitAfter(strings.TrimSuffix(w.logs.String(), "\n"), "\n")
	w.logs.Reset()
	w.check(t, records...)
}

// TestNothingSecretIsEverPrinted sends canaries through every operation, every way to authorize and every kind of
// failure, and looks for them in everything that comes out.
func TestNothingSecretIsEverPrinted(t *testing.T) {
	t.Parallel()
	var checked atomic.Int64
	least := int64(atLength(10_000, 1_000_000))
	t.Run("while", func(t *testing.T) {
		t.Parallel()
		for n := 0; n == 0 || checked.Load() < least; n++ {
			checkFaults(t, &checked, n)
			checkAuthFaults(t, &checked, newCanaries(n))
			checkArguments(t, &checked, newCanaries(n))
			if t.Failed() {
				return
			}
		}
	})
	t.Cleanup(func() {
		t.Logf("%d printed strings were searched", checked.Load())
		assert.GreaterOrEqual(t, checked.Load(), least)
	})
}

// TestTheWatcherSeesWhatIsShown verifies that the test above can fail.
func TestTheWatcherSeesWhatIsShown(t *testing.T) {
	t.Parallel()
	for n := range 20 {
		c := newCanaries(n)
		for _, shown := range []string{
			c.keySecret, c.token, c.webhookSecret, c.text, c.number, base64.StdEncoding.EncodeToString([]byte("key-id:" + c.keySecret)),
			fmt.Sprintf("%x", c.token), fmt.Sprintf("%q", c.number), strings.ReplaceAll(c.number, " ", "%20"),
		} {
			require.NotEmpty(t, c.in("<"+shown+">", true), shown)
		}
		require.Empty(t, c.in("nothing of it, +46 ******* and [redacted]", true))
	}
}
