package conversationtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/sinchgo/conversation"
)

var errNoHandler = errors.New("the URL has no handler, and with Config.InMemory there is no network: use Server.Handle")

// Handle has callbacks to a URL delivered to a handler in this process, without a socket. The URL is that of the webhook's
// target, but for the query, which does not count. A handler that panics counts as an answer with 500. Close waits for
// handlers that run, after it has canceled the contexts of their requests, so a handler must not call Close itself. One
// that was given up may still be running when WaitForCallbacks returns.
//
// It panics if the URL is not absolute, and replaces the handler that the URL has.
func (s *Server) Handle(target string, handler http.Handler) {
	parsed, err := url.Parse(target)
	if err != nil || parsed.Host == "" {
		panic(fmt.Sprintf("conversationtest: %q is not an absolute URL", target))
	}
	s.callbacks.mu.Lock()
	defer s.callbacks.mu.Unlock()
	s.callbacks.handlers[handlerKey(parsed)] = handler
}

// AddWebhook registers a webhook for the app that is there from the start, as a client can too. With an empty secret its
// callbacks are not signed. It panics if the API would refuse the webhook.
func (s *Server) AddWebhook(target, secret string, triggers ...conversation.WebhookTrigger) *conversation.Webhook {
	added, err := s.project().addWebhook(&conversation.CreateWebhookRequest{
		AppID:    s.AppID(),
		Secret:   secret,
		Target:   target,
		Triggers: triggers,
	}, nil)
	if err != nil {
		panic("conversationtest: no webhook can be made: " + err.Error())
	}
	return new(conversation.Webhook(*added))
}

// handlerKey is the same for URLs that mean the same: case of the host, a default port and an empty path do not count.
func handlerKey(target *url.URL) string {
	scheme, host := strings.ToLower(target.Scheme), strings.ToLower(target.Host)
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
	return scheme + "://" + host + cmp.Or(target.EscapedPath(), "/")
}

func (c *callbacks) handler(target *url.URL) http.Handler {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.handlers[handlerKey(target)]
}

// handle lets the handler answer, on a goroutine of its own, and gives up when the request's context ends.
func (c *callbacks) handle(handler http.Handler, sent *http.Request) (int, error) {
	r, err := arrival(sent, sent.Body)
	if err != nil {
		return 0, err
	}
	r.RemoteAddr = "192.0.2.1:1234" // An address for documentation.
	done := make(chan *recorder, 1)
	c.workers.Go(func() { serveInProcess(handler, r, done) })
	select {
	case answer := <-done:
		return answer.result()
	case <-sent.Context().Done():
		return 0, context.Cause(sent.Context())
	}
}

// serveInProcess sends the answer however the handler ends.
func serveInProcess(handler http.Handler, r *http.Request, done chan<- *recorder) {
	answer := &recorder{header: http.Header{}}
	defer func() {
		answer.panicked = recover()
		done <- answer
	}()
	handler.ServeHTTP(answer, r)
	answer.returned = true
}
