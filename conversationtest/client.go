package conversationtest

import (
	"net/http"
	"testing"

	"github.com/sinchgo/conversation"
)

// Options gives the options that connect a client to the server, for programs that have no testing.T:
//
//	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
//
// They make use of Transport. A client with an http.Client of its own reaches a server on a socket too.
func (s *Server) Options() []conversation.Option { return s.OptionsFor(s.Projects()[0]) }

// OptionsFor gives the options that connect a client to one of the server's projects:
//
//	client, err := conversation.NewClient(project.ID, srv.OptionsFor(project)...)
func (s *Server) OptionsFor(p Project) []conversation.Option {
	return []conversation.Option{
		conversation.WithOAuth2(p.KeyID, p.KeySecret),
		conversation.WithBaseURL(s.BaseURL()),
		conversation.WithTokenURL(s.TokenURL()),
		conversation.WithHTTPClient(&http.Client{Transport: s.Transport()}),
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
