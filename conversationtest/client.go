package conversationtest

import (
	"net/http"
	"testing"

	"github.com/sinchgo/conversation"
)

// Options returns the options that connect a client to the server, for programs that have no testing.T:
//
//	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
//
// They include an http.Client with Transport. A client with another http.Client can reach a server on a socket too. The
// dialect is DialectPlatform, or with OpenAPIContract DialectOpenAPI; a later WithDialect overrides it.
func (s *Server) Options() []conversation.Option { return s.OptionsFor(s.Projects()[0]) }

// OptionsFor returns the options that connect a client to one of the server's projects:
//
//	client, err := conversation.NewClient(project.ID, srv.OptionsFor(project)...)
func (s *Server) OptionsFor(p Project) []conversation.Option {
	return []conversation.Option{
		conversation.WithOAuth2(p.KeyID, p.KeySecret),
		conversation.WithBaseURL(s.BaseURL()),
		conversation.WithBatchBaseURL(s.BatchURL()),
		conversation.WithTokenURL(s.TokenURL()),
		conversation.WithHTTPClient(&http.Client{Transport: s.Transport()}),
		conversation.WithDialect(s.config.Contract.dialect()),
	}
}

// NewClient returns a client that is connected to the server. The options are applied after those of Options. The idle
// connections of the client are closed when the test ends.
func (s *Server) NewClient(tb testing.TB, opts ...conversation.Option) *conversation.Client {
	tb.Helper()
	client, err := conversation.NewClient(s.ProjectID(), append(s.Options(), opts...)...)
	if err != nil {
		tb.Fatalf("conversationtest: cannot create a client: %v", err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	return client
}
