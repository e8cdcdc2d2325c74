package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for what the page must show. A busy machine is slow.
const patience = 40 * time.Second

// step is how long a test waits before it looks again.
const step = 20 * time.Millisecond

// tab is a tab of the browser with a separate profile. When the test ends, it fails if the page has logged an error, thrown an
// exception, broken its Content-Security-Policy, opened a dialog or a window, left its origin, or requested another host.
type tab struct {
	*testing.T

	ctx    context.Context //nolint:containedctx // The driver keeps the tab in a context.
	origin string

	mu       sync.Mutex
	problems []string
	requests []string // The URL of every request.
	expected []string // Parts of problems that the test causes.
}

// open serves the page on loopback and opens the path in a new tab.
func open(t *testing.T, handler http.Handler, path string) *tab {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		server.CloseClientConnections() // The page reads a stream that does not end.
		server.Close()
	})
	p := newTab(t, server.URL)
	p.load(path)
	return p
}

// newTab returns an empty tab for the pages of an origin.
func newTab(t *testing.T, origin string) *tab {
	t.Helper()
	ctx, cancel := newTabContext()
	p := &tab{T: t, ctx: ctx, origin: origin}
	require.NoError(t, chromedp.Listen(ctx, p.record))
	t.Cleanup(func() {
		p.checkQuiet()
		cancel()
	})
	p.size(1280, 800)
	p.onEachPage(countLongTasks)
	return p
}

// load opens a path in the tab.
func (p *tab) load(path string) {
	p.Helper()
	p.do(chromedp.Navigate(p.origin + path))
}

// checkQuiet fails the test if the page has done what no page of the fake does.
func (p *tab) checkQuiet() {
	if p.Failed() {
		shown, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 3000)`))
		p.Logf("the page shows: %s", shown)
	}
	assert.NoError(p, chromedp.Do(p.ctx, chromedp.Evaluate[chromedp.Void]("0")), "the tab has crashed") // What came before is recorded.
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problem := range p.problems {
		if !slices.ContainsFunc(p.expected, func(part string) bool { return strings.Contains(problem, part) }) {
			p.Errorf("the page: %s", problem)
		}
	}
}

// expect declares a problem that the test causes, by a part of its text.
func (p *tab) expect(part string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, part)
}

// requested returns the URLs that the page has requested so far.
func (p *tab) requested() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

func (p *tab) problem(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// requestedURL records a request. Data and blobs are in the page already.
func (p *tab) requestedURL(address string) {
	p.mu.Lock()
	p.requests = append(p.requests, address)
	p.mu.Unlock()
	if parsed, err := url.Parse(address); err == nil && (parsed.Scheme == "data" || parsed.Scheme == "blob") {
		return
	}
	if !p.isOwn(address) {
		p.problem("requests another host: %.200s", address)
	}
}

// isOwn reports whether the URL is of the origin of the tab.
func (p *tab) isOwn(address string) bool {
	return address == p.origin || strings.HasPrefix(address, p.origin+"/")
}

// do runs actions in the tab.
func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	require.NoError(p, chromedp.Do(ctx, actions...))
}

// evaluate returns the value of a JavaScript expression. It waits for a promise.
func evaluate[T any](p *tab, expression string) T {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(p, err, "evaluate %.200s", expression)
	return value
}

// onEachPage runs a script before those of the page, on each page that the tab loads.
func (p *tab) onEachPage(script string) {
	p.Helper()
	_, err := chromedp.Call(p.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	require.NoError(p, err)
}
