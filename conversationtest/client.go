package conversationtest

import (
	"testing"

	"github.com/sinchgo/conversation"
)

// Options gives the options that connect a client to the server, for programs that have no testing.T:
//
//	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
func (s *Server) Options() []conversation.Option {
	return []conversation.Option{
		conversation.WithOAuth2(s.KeyID(), s.KeySecret()),
		conversation.WithBaseURL(s.BaseURL()),
		conversation.WithTokenURL(s.TokenURL()),
	}
}

// NewClient gives a client that is connected to the server. The options come after the server's own.
// The client's idle connections are closed when the test ends.
func (s *Server) NewClient(tb testing.TB, opts ...conversation.Option) *conversation.Client {
	tb.Helper()
	client, err := conversation.NewClient(s.ProjectID(), append(s.Options(), opts...)...)
	if err != nil {
		tb.Fatalf("conversationtest: cannot make a client: %v", err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	return client
}
