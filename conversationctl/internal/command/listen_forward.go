package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"
)

// forwardTimeout bounds the time until the answer of a target.
const forwardTimeout = 10 * time.Second

// callbackTarget is where callbacks are posted to.
type callbackTarget struct {
	address string
	client  *http.Client
}

// newCallbackTarget returns the target with an address. An empty address is nil.
func newCallbackTarget(flag, address string) (*callbackTarget, error) {
	if address == "" {
		return nil, nil //nolint:nilnil // There is none.
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Hostname() == "" {
		return nil, usageError("%s must be an absolute http or https URL, such as http://localhost:3000/sinch", flag)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck,forcetypeassert // Its type is documented.
	transport.DisableCompression = true                          // Accept-Encoding is a header of the callback.
	return &callbackTarget{address: address, client: &http.Client{
		Transport: transport, Timeout: forwardTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// hopByHop are the headers that belong to a connection, and those that net/http sets.
var hopByHop = []string{
	"Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade",
}

// post posts a body with its headers and returns the status of the answer. Errors do not name the address.
func (t *callbackTarget) post(ctx context.Context, body []byte, header http.Header) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.address, bytes.NewReader(body))
	if err != nil {
		return 0, errors.New("the URL is not valid")
	}
	request.Header = maps.Clone(header)
	for _, name := range hopByHop {
		request.Header.Del(name)
	}
	if _, ok := request.Header["User-Agent"]; !ok {
		request.Header["User-Agent"] = nil // Otherwise net/http adds its own.
	}
	response, err := t.client.Do(request)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			return 0, failed.Err
		}
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // The status is all that counts.
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10)
	return response.StatusCode, nil
}

// inPlace is the key of the status code to answer with, in place of 200.
type inPlace struct{}

// answerInPlace calls a handler whose function may call setAnswer.
func answerInPlace(handler http.Handler, w http.ResponseWriter, r *http.Request) {
	answer := http.StatusOK
	ctx := context.WithValue(r.Context(), inPlace{}, &answer)
	handler.ServeHTTP(&inPlaceWriter{w, &answer}, r.WithContext(ctx))
}

// setAnswer sets the status code that answers a callback in place of 200.
func setAnswer(ctx context.Context, status int) {
	if answer, ok := ctx.Value(inPlace{}).(*int); ok {
		*answer = status
	}
}

type inPlaceWriter struct {
	http.ResponseWriter
	answer *int
}

func (w *inPlaceWriter) WriteHeader(status int) {
	if status == http.StatusOK {
		status = *w.answer
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for [http.ResponseController].
func (w *inPlaceWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
