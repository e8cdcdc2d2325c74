package transport

import (
	"crypto/tls"
	"errors"
	"net/http"
)

// Doer makes a request, as [http.Client] does.
type Doer interface {
	// Do sends a request and returns its response.
	Do(req *http.Request) (*http.Response, error)
}

// direct replaces an http.Client that follows no redirects, keeps no cookies and has no timeout. What is left of the
// http.Client are checks of the response. direct saves each call a copy of its headers, and more.
type direct struct{ transport http.RoundTripper }

// NewDoer returns the Doer that makes the requests of hc through chain. It may change hc.
func NewDoer(hc *http.Client, chain http.RoundTripper) Doer {
	if hc.Jar == nil && hc.Timeout == 0 {
		return direct{chain}
	}
	hc.Transport = ReadableRedirects{chain}
	hc.CheckRedirect = FollowNone
	return hc
}

func (d direct) Do(req *http.Request) (*http.Response, error) {
	resp, err := d.transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, readableTLS(err)
	case resp == nil:
		return nil, errors.New("the transport returned neither a response nor an error")
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	return resp, nil
}

// readableTLS returns [http.ErrSchemeMismatch] if a server answered TLS with plain HTTP, else err.
func readableTLS(err error) error {
	if odd, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(odd.RecordHeader[:]) == "HTTP/" {
		return http.ErrSchemeMismatch
	}
	return err
}
