// Package exampletest runs the examples in tests: on the fake, and with -live against a server in place of Sinch.
package exampletest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

// Program is the run function of an example.
type Program = func(context.Context, *setup.Program) error

// Result is the result of a program.
type Result struct {
	Code   int
	Stdout string
	Stderr string
}

// Run runs a program with arguments.
func Run(ctx context.Context, program Program, args ...string) Result {
	var stdout, stderr strings.Builder
	code := setup.Run(ctx, "example", args, &stdout, &stderr, program)
	return Result{Code: code, Stdout: stdout.String(), Stderr: stderr.String()}
}

// OnTheFake checks that a program without arguments reports that it uses the fake, succeeds, and prints what matches.
func OnTheFake(t *testing.T, program Program, patterns ...string) {
	t.Helper()
	got := Run(t.Context(), program)
	assert.Zero(t, got.Code)
	assert.Empty(t, got.Stderr)
	firstLine, _, _ := strings.Cut(got.Stdout, "\n")
	assert.Contains(t, firstLine, "fake server in this process")
	for _, pattern := range patterns {
		assert.Regexp(t, pattern, got.Stdout)
	}
}

// LiveReportsEverythingMissing checks that -live alone, in an empty environment, exits immediately with code 2 and names
// the variables of every client and the others given.
func LiveReportsEverythingMissing(t *testing.T, program Program, others ...string) {
	t.Helper()
	ClearEnv(t)
	got := Run(t.Context(), program, "-live")
	assert.Equal(t, 2, got.Code)
	assert.Empty(t, got.Stdout)
	for _, name := range append(others, "SINCH_PROJECT_ID", "SINCH_KEY_ID", "SINCH_KEY_SECRET", "SINCH_CONVERSATION_REGION") {
		assert.Regexp(t, regexp.QuoteMeta(name)+":? is (missing|not set)", got.Stderr)
	}
}

// ClearEnv removes every SINCH_ variable from the environment of the test.
func ClearEnv(t *testing.T) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "SINCH_") {
			t.Setenv(name, "")
		}
	}
}

// Live starts a fake server in place of Sinch, and sets every variable that a client requires.
func Live(t *testing.T) *conversationtest.Server {
	t.Helper()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	ClearEnv(t)
	t.Setenv("SINCH_PROJECT_ID", srv.ProjectID())
	t.Setenv("SINCH_KEY_ID", srv.KeyID())
	t.Setenv("SINCH_KEY_SECRET", srv.KeySecret())
	t.Setenv("SINCH_CONVERSATION_BASE_URL", srv.BaseURL())
	t.Setenv("SINCH_BATCH_BASE_URL", srv.BatchURL())
	t.Setenv("SINCH_TOKEN_URL", srv.TokenURL())
	return srv
}

// LiveAnsweredBy is Live with a handler for all but the token endpoint.
func LiveAnsweredBy(t *testing.T, handler http.HandlerFunc) {
	t.Helper()
	Live(t)
	api := httptest.NewServer(handler)
	t.Cleanup(api.Close)
	t.Setenv("SINCH_CONVERSATION_BASE_URL", api.URL)
}

// LiveHangsUp is Live with an API that hangs up on requests to paths with that suffix; the fake answers all others.
// It returns the fake and a function that returns the number of those requests.
func LiveHangsUp(t *testing.T, suffix string) (srv *conversationtest.Server, count func() int) {
	t.Helper()
	srv = Live(t)
	target, err := url.Parse(srv.BaseURL())
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	var hungUp atomic.Int64
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, suffix) {
			hungUp.Add(1)
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	t.Setenv("SINCH_CONVERSATION_BASE_URL", api.URL)
	return srv, func() int { return int(hungUp.Load()) }
}

// FreeAddress returns an address that is not in use.
func FreeAddress(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	return strings.TrimPrefix(server.URL, "http://")
}
