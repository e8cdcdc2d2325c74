package browsertest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestATabReportsWhatNoPageMayDo checks the checks: a page of the fake that does any of this fails its test.
func TestATabReportsWhatNoPageMayDo(t *testing.T) {
	t.Parallel()
	p := open(t, http.HandlerFunc(quietPage), "/")
	p.find("heading", "Quiet")
	require.False(t, p.hasProblem(""), "the page is quiet")
	for _, c := range []struct{ name, script, problem string }{
		{"an error in the console", `console.error("no", {})`, `console.error: "no" Object`},
		{"an exception", `throw new Error("thrown")`, "Error: thrown"},
		{"a rejected promise", `Promise.reject(new Error("rejected"))`, "Error: rejected"},
		{"a dialog", `alert("hello")`, "opens a dialog: alert: hello"},
		{"an image from another host", `new Image().src = "http://127.0.0.2:9/a.png"`, "requests another host: http://127.0.0.2:9/a.png"},
		{"a fetch from another host", `fetch("http://127.0.0.2:9/b").catch(() => {})`, "requests another host: http://127.0.0.2:9/b"},
		{"a script in an attribute", `document.body.insertAdjacentHTML("beforeend", "<img src=data:, onerror='0'>")`, "Executing inline event handler"},
		{"an inline style", `document.body.setAttribute("style", "color: red")`, "Applying inline style"},
		{"a missing file", `fetch("/missing")`, "404"},
		{"a window", `open("/other")`, "opens a window: " + p.origin + "/other"},
		{"another page", `location.href = "about:blank"`, "leaves for about:blank"},
	} {
		p.expect(c.problem)
		p.do(chromedp.Evaluate[chromedp.Void]("setTimeout(() => {" + c.script + "}); 0"))
		assert.Eventually(t, func() bool { return p.hasProblem(c.problem) }, patience, step, "%s", c.name)
	}
	p.expect("Refused to") // The policy also logs what the requests break.
	p.expect("violates the following Content Security Policy")
	p.expect("net::ERR")
}

func TestALongTaskIsMeasured(t *testing.T) {
	t.Parallel()
	p := open(t, http.HandlerFunc(quietPage), "/")
	assert.Zero(t, p.longestTask())
	p.do(chromedp.Evaluate[chromedp.Void]("setTimeout(() => { for (const end = performance.now() + 300; performance.now() < end;); }); 0"))
	assert.Eventually(t, func() bool { return p.longestTask() >= 250 }, patience, step)
}

func (p *tab) hasProblem(part string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.problems, func(problem string) bool { return strings.Contains(problem, part) })
}

// quietPage is a page with a policy like that of the fake's page.
func quietPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self' data: http:; connect-src 'self' http:")
	_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>Quiet</title><link rel="icon" href="data:,"><h1>Quiet</h1></html>`))
}
