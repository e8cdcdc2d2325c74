package conversationtest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// ownOriginOnly answers requests with next that its own page makes, or a program. A page of another origin is kept out
// by its Origin and Sec-Fetch-Site, and if its name resolves to this machine, by the Host.
func ownOriginOnly(next http.Handler) http.Handler {
	return guarded(next, notOwnOrigin, "open the page through 127.0.0.1 or localhost, and send requests from it or from a program")
}

// notOwnOrigin describes what in a request is of another origin. It is empty if nothing is.
func notOwnOrigin(r *http.Request) string {
	if !isLocalhostOrAddress(r.Host) {
		return "the Host header is neither localhost nor an IP address"
	}
	for _, origin := range r.Header.Values("Origin") {
		from, err := url.Parse(origin)
		if err != nil || !strings.EqualFold(from.Host, r.Host) {
			return "the Origin header is that of another page"
		}
	}
	site := r.Header.Get("Sec-Fetch-Site")
	if site == "" || site == "same-origin" || site == "none" || isNavigation(r) {
		return ""
	}
	return "the Sec-Fetch-Site header is that of another page"
}

// isNavigation reports whether a person follows a link to the page.
func isNavigation(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

// isLocalhostOrAddress reports whether a host, with or without a port, is localhost or an IP address. No other name can be
// trusted: it is that of a page whose owner made it resolve to this machine.
func isLocalhostOrAddress(hostport string) bool {
	host := hostOf(hostport)
	_, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil
}
