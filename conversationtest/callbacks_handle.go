package conversationtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/sinchgo/conversation"
)

var errNoHandler = errors.New("the URL has no handler, and with Config.InMemory there is no network: use Server.Handle")

// Handle registers a handler in this process for the callbacks to a URL, so that they need no socket. The URL is the
// target of a webhook, the token endpoint of its client credentials, or the callback URL of a send; its query is
// ignored. A handler that panics counts as an answer with 500. Close cancels the contexts of the requests and waits for
// their handlers, so a handler must not call Close. A handler whose attempt has timed out may still be running when
// WaitForCallbacks returns.
//
// Handle panics if the URL is not absolute. It replaces the handler that the URL has.
func (s *Server) Handle(target string, handler http.Handler) {
	parsed, err := url.Parse(target)
	if err != nil || parsed.Host == "" {
		panic(fmt.Sprintf("conversationtest: %q is not an absolute URL", target))
	}
	s.handlers.mu.Lock()
	defer s.handlers.mu.Unlock()
	s.handlers.byURL[handlerKey(parsed)] = handler
}

// handlers are the handlers of Handle.
type handlers struct {
	mu    sync.Mutex
	byURL map[string]http.Handler
}

func newHandlers() *handlers { return &handlers{byURL: map[string]http.Handler{}} }

// AddWebhook creates a webhook for the app of Server.AppID, as a client can too. With an empty secret its callbacks are not
// signed. It panics if the API would not accept the webhook.
func (s *Server) AddWebhook(target, secret string, triggers ...conversation.WebhookTrigger) *conversation.Webhook {
	added, err := s.project().addWebhook(&conversation.CreateWebhookRequest{
		AppID:    s.AppID(),
		Secret:   secret,
		Target:   target,
		Triggers: triggers,
	}, nil)
	if err != nil {
		panic("conversationtest: AddWebhook: " + err.Error())
	}
	return new(conversation.Webhook(*added))
}

// handlerKey returns the same key for equivalent URLs. They may differ in the case of the host, a default port, an empty
// path and the query.
func handlerKey(target *url.URL) string {
	scheme, host := strings.ToLower(target.Scheme), strings.ToLower(target.Host)
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
	return scheme + "://" + host + cmp.Or(target.EscapedPath(), "/")
}

func (c *callbacks) handler(target *url.URL) http.Handler {
	c.handlers.mu.Lock()
	defer c.handlers.mu.Unlock()
	return c.handlers.byURL[handlerKey(target)]
}

// handle runs the handler on another goroutine, and returns early if the context of the request ends.
func (c *callbacks) handle(handler http.Handler, sent *http.Request) (callbackAnswer, error) {
	r, err := arrival(sent, sent.Body)
	if err != nil {
		return callbackAnswer{}, err
	}
	r.RemoteAddr = "192.0.2.1:1234" // An address for documentation (RFC 5737).
	done := make(chan *recorder, 1)
	c.workers.Go(func() { serveInProcess(handler, r, done) })
	select {
	case answer := <-done:
		return answer.result()
	case <-sent.Context().Done():
		return callbackAnswer{}, context.Cause(sent.Context())
	}
}

// serveInProcess sends the answer to done, even if the handler panics or ends its goroutine.
func serveInProcess(handler http.Handler, r *http.Request, done chan<- *recorder) {
	answer := &recorder{header: http.Header{}}
	defer func() {
		answer.panicked = recover()
		done <- answer
	}()
	handler.ServeHTTP(answer, r)
	answer.returned = true
}
