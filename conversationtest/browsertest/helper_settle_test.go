package browsertest

import (
	"net/http"

	"github.com/chromedp/chromedp"
)

// ok is an app that accepts each callback.
var ok = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

// settled waits until the page has not changed for some frames.
func (p *tab) settled() {
	p.Helper()
	evaluate[chromedp.Void](p, `new Promise((done) => {
		let timer;
		const quiet = () => (clearTimeout(timer), timer = setTimeout(done, 150));
		new MutationObserver(quiet).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
		quiet();
	})`)
}
