package conversation

import (
	"crypto/tls"
	"errors"
	"net/http"
)

// doer makes a request, as an http.Client does.
type doer interface {
	Do(req *http.Request) (*http.Response, error)
}

// direct stands for an http.Client that follows no redirects, keeps no cookies and has no timeout: all that is left of it
// are the checks of what a transport gives. It spares each call a copy of its headers, and more.
type direct struct{ transport http.RoundTripper }

// newDoer gives what makes the requests of an http.Client over a chain of transports.
func newDoer(hc *http.Client, chain http.RoundTripper) doer {
	if hc.Jar == nil && hc.Timeout == 0 {
		return direct{chain}
	}
	hc.Transport = readableRedirects{chain}
	hc.CheckRedirect = followNone
	return hc
}

func (d direct) Do(req *http.Request) (*http.Response, error) {
	resp, err := d.transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, readableTLS(err)
	case resp == nil:
		return nil, errors.New("the transport gave neither a response nor an error")
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	return resp, nil
}

// readableTLS says what it means that a server answered in plain HTTP.
func readableTLS(err error) error {
	if odd, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(odd.RecordHeader[:]) == "HTTP/" {
		return http.ErrSchemeMismatch
	}
	return err
}
