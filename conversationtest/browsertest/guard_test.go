package browsertest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// rebound is a name that the browser of these tests resolves to this machine, as the owner of any name can make it do.
const rebound = "rebound.example"

// attack calls the fake in every way that a page of another origin has, and returns what it has read.
const attack = `(async (fake, id) => {
	const got = [];
	const tried = (promise) => promise.then(async (r) => got.push(await r.text()), () => {});
	const receive = JSON.stringify({ channel: "SMS", identity: "15550009999", text: "from elsewhere" });
	for (const mode of ["cors", "no-cors"]) {
		await tried(fetch(fake + "/_fake/state", { mode }));
		await tried(fetch(fake + "/_fake/receive", { mode, method: "POST", body: receive }));
		await tried(fetch(fake + "/_fake/deliver", { mode, method: "POST", body: JSON.stringify({ message_id: id }) }));
		await tried(fetch(fake + "/_fake/reset", { mode, method: "POST", body: "{}" }));
	}
	await new Promise((done) => {
		const stream = new EventSource(fake + "/_fake/events?after=0");
		stream.onmessage = ({ data }) => got.push(data);
		stream.onerror = () => (stream.close(), done());
	});
	for (const [tag, path] of [["script", "/app.js"], ["script", "/_fake/state"], ["iframe", "/"], ["iframe", "/_fake/state"]]) {
		await new Promise((done) => {
			document.body.append(Object.assign(document.createElement(tag), { src: fake + path, onload: done, onerror: done }));
		});
	}
	const form = Object.assign(document.createElement("form"), { action: fake + "/_fake/form", method: "POST", enctype: "text/plain" });
	document.body.append(form);
	setTimeout(() => form.submit());
	return got.filter((content) => content !== "");
})`

func TestAPageOfAnotherOriginDrivesNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	sent := f.send(conversation.ChannelSMS, "15551230000", text("A secret"))
	seen := &statuses{next: f.UI(), got: map[string]int{}}
	fakePage := httptest.NewServer(seen)
	t.Cleanup(fakePage.Close)
	other := httptest.NewServer(http.HandlerFunc(otherPage))
	t.Cleanup(other.Close)
	p := newTab(t, other.URL)
	p.expect("") // The browser reports all of it.

	for _, host := range []string{"127.0.0.1", "localhost", rebound} {
		p.load("/")
		target := "http://" + host + fakePage.URL[strings.LastIndex(fakePage.URL, ":"):]
		got := evaluate[[]string](p, fmt.Sprintf("%s(%q, %q)", attack, target, sent))
		assert.Empty(t, got, target)
		p.waitUntil("location.href === " + quoted(target+"/_fake/form")) // The browser shows the answer to the form.
	}
	p.do(chromedp.Navigate("http://" + rebound + fakePage.URL[strings.LastIndex(fakePage.URL, ":"):] + "/"))
	p.waitFor("the Host header is neither localhost nor an IP address")

	for request, status := range seen.all() {
		if strings.HasSuffix(request, "/favicon.ico") {
			continue // The page with the answer to the form requests it, from its own origin.
		}
		assert.Equal(t, http.StatusForbidden, status, request)
	}
	assert.GreaterOrEqual(t, len(seen.all()), 3*7, "each way was tried: %v", seen.all())
	require.Len(t, f.Sent(), 1, "it was not reset")
	_, messages := f.call(http.MethodGet, "messages", nil)
	assert.Len(t, messages["messages"], 1, "nothing was received")
}

func otherPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!doctype html><title>Other</title><link rel="icon" href="data:,"><body></body>`))
}

// statuses records the status of each request.
type statuses struct {
	next http.Handler

	mu  sync.Mutex
	got map[string]int // By method, host and path.
}

func (s *statuses) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	s.next.ServeHTTP(answer, r)
	host, _, _ := strings.Cut(r.Host, ":")
	s.mu.Lock()
	s.got[r.Method+" "+host+r.URL.Path] = answer.Code
	s.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (s *statuses) all() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.got)
}
