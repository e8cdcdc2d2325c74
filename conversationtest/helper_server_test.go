package conversationtest_test

import (
	"os"
	"testing"
	"testing/synctest"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// start starts a server that is closed at the end of the test.
func start(t *testing.T, cfg conversationtest.Config) *conversationtest.Server {
	t.Helper()
	srv := conversationtest.NewServer(cfg)
	t.Cleanup(srv.Close)
	return srv
}

// inBothModes runs a test on a socket, and in memory in a bubble of testing/synctest.
func inBothModes(t *testing.T, test func(t *testing.T, cfg conversationtest.Config)) {
	t.Helper()
	t.Run("on a socket", func(t *testing.T) {
		t.Parallel()
		test(t, conversationtest.Config{})
	})
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) { test(t, conversationtest.Config{InMemory: true}) })
	})
}

// inBothDialects runs a test in each dialect, with a separate fake and client. The client checks no limits: that is up to the
// fake, and its people have short numbers.
func inBothDialects(t *testing.T, test func(t *testing.T, srv *conversationtest.Server, client *conversation.Client)) {
	t.Helper()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{})
			test(t, srv, srv.NewClient(t, conversation.WithDialect(dialect), conversation.WithoutLimitChecks()))
		})
	}
}

// inBubbles is like inBothDialects, against the contract of the dialect, in a bubble of testing/synctest.
func inBubbles(t *testing.T, test func(t *testing.T, srv *conversationtest.Server, client *conversation.Client)) {
	t.Helper()
	for dialect, contract := range map[conversation.Dialect]conversationtest.Contract{
		conversation.DialectOpenAPI: conversationtest.OpenAPIContract, conversation.DialectPlatform: conversationtest.PlatformContract,
	} {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Contract: contract})
				test(t, srv, srv.NewClient(t, conversation.WithDialect(dialect), conversation.WithoutLimitChecks()))
			})
		})
	}
}

// inMemory starts a server in memory, for use in a bubble of testing/synctest. There the time starts at midnight UTC on
// 2000-01-01, and advances only when every goroutine is blocked.
func inMemory(t *testing.T, cfg conversationtest.Config) *conversationtest.Server {
	t.Helper()
	cfg.InMemory = true
	return start(t, cfg)
}

// isSoak reports whether the tests run at their long volumes.
func isSoak() bool { return os.Getenv("CONVERSATION_SOAK") != "" }

// apiRequests returns the requests that were not for a token.
func apiRequests(srv *conversationtest.Server) []conversationtest.Request {
	var found []conversationtest.Request
	for _, request := range srv.Requests() {
		if request.Path != "/oauth2/token" {
			found = append(found, request)
		}
	}
	return found
}
