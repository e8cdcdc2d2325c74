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
		test(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	})
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			test(t, conversationtest.Config{InMemory: true, Mode: conversation.ProcessingModeConversation})
		})
	})
}

// contractOf maps each dialect to the contract of its requests.
var contractOf = map[conversation.Dialect]conversationtest.Contract{
	conversation.DialectOpenAPI:  conversationtest.OpenAPIContract,
	conversation.DialectPlatform: conversationtest.PlatformContract,
}

// inBothDialects runs a test in each dialect, with a separate fake and client, against the contract of the dialect. The apps
// are in conversation mode.
func inBothDialects(t *testing.T, test func(t *testing.T, srv *conversationtest.Server, client *conversation.Client)) {
	t.Helper()
	for dialect, contract := range contractOf {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{Contract: contract, Mode: conversation.ProcessingModeConversation})
			test(t, srv, srv.NewClient(t))
		})
	}
}

// inBubbles is like inBothDialects, in a bubble of testing/synctest.
func inBubbles(t *testing.T, test func(t *testing.T, srv *conversationtest.Server, client *conversation.Client)) {
	t.Helper()
	for dialect, contract := range contractOf {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Contract: contract, Mode: conversation.ProcessingModeConversation})
				test(t, srv, srv.NewClient(t))
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
