package conversationtest

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// loopbackOnly answers requests of clients on this machine with next, and others with 403. A web page that a browser on
// this machine shows is such a client too. It is kept out by its Origin and, if its name resolves to this machine, by
// the Host.
func loopbackOnly(next http.Handler) http.Handler {
	return guarded(next, notLoopback, "the control API on this address is for clients on this machine: "+
		"call it through 127.0.0.1 or localhost, or serve it for others with the flag -control-addr")
}

// guarded answers a request with 403, the problem and the fix if the problem is not empty, else with next.
func guarded(next http.Handler, problemOf func(*http.Request) string, fix string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if problem := problemOf(r); problem != "" {
			fail(w, &apiError{status: http.StatusForbidden, message: problem + ": " + fix})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// notLoopback describes what in a request is not of this machine. It is empty if all is.
func notLoopback(r *http.Request) string {
	if !isLoopback(r.RemoteAddr) {
		return "the client's address " + r.RemoteAddr + " is not a loopback address"
	}
	if !isLoopback(r.Host) {
		return "the Host header is not a loopback address"
	}
	for _, origin := range r.Header.Values("Origin") {
		from, err := url.Parse(origin)
		if err != nil || !isLoopback(from.Host) {
			return "the Origin header is not a loopback address"
		}
	}
	return ""
}

// isLoopback reports whether a host, with or without a port, is localhost or a loopback address.
func isLoopback(hostport string) bool {
	host := hostOf(hostport)
	address, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.Unmap().IsLoopback()
}

// hostOf returns a host without its port and the brackets of an IPv6 address.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return host
}
