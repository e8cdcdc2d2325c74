package transport

import "net/http"

// FollowNone is a CheckRedirect function that follows no redirects: net/http would send body and credentials to another
// port or subdomain.
func FollowNone(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// NeverReplayed removes the headers that cause net/http to retry a request by itself, whoever set them.
type NeverReplayed struct{ Next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t NeverReplayed) RoundTrip(req *http.Request) (*http.Response, error) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if _, set := req.Header[name]; set {
			req = req.Clone(req.Context())
			req.Header.Del(name)
		}
	}
	return t.Next.RoundTrip(req)
}

// ReadableRedirects removes a Location header that is not a URL. It would cause net/http to return an error in place of
// the reply.
type ReadableRedirects struct{ Next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t ReadableRedirects) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.Next.RoundTrip(req)
	if err != nil || resp == nil {
		return resp, err
	}
	if location := resp.Header.Get("Location"); location != "" {
		if _, err := req.URL.Parse(location); err != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, nil
}

// NoUpgrade removes the body of a reply of status 101, which nobody asked for. It is a connection: reading it would block for
// good, whatever the context of the request.
type NoUpgrade struct{ Next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t NoUpgrade) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.Next.RoundTrip(req)
	if err == nil && resp != nil {
		dropUpgrade(resp)
	}
	return resp, err
}

func dropUpgrade(resp *http.Response) {
	if resp.StatusCode == http.StatusSwitchingProtocols && resp.Body != nil {
		_ = resp.Body.Close()
		resp.Body, resp.ContentLength = http.NoBody, 0
	}
}
