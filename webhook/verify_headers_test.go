package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// signatureHeaders are the names of the headers, as the platform writes them.
var signatureHeaders = []string{prefix, prefix + "-Nonce", prefix + "-Timestamp", prefix + "-Algorithm"}

// doublings are the ways in which a proxy doubles a header.
var doublings = map[string]func(header http.Header, name, value, copied string){
	"two lines":        func(h http.Header, name, value, copied string) { h[name] = []string{value, copied} },
	"three lines":      func(h http.Header, name, value, copied string) { h[name] = []string{value, copied, value} },
	"one line":         func(h http.Header, name, value, copied string) { h[name] = []string{value + ", " + copied} },
	"without a space":  func(h http.Header, name, value, copied string) { h[name] = []string{value + "," + copied} },
	"with more spaces": func(h http.Header, name, value, copied string) { h[name] = []string{value + " ,\t  " + copied} },
	"three in one line": func(h http.Header, name, value, copied string) {
		h[name] = []string{copied + ", " + value + ", " + value}
	},
	"mixed": func(h http.Header, name, value, copied string) { h[name] = []string{value, value + ", " + copied} },
	"in two cases": func(h http.Header, name, value, copied string) {
		h[name], h[strings.ToLower(name)] = []string{value}, []string{copied}
	},
}

func TestEqualCopiesOfASignatureHeaderCountAsOne(t *testing.T) {
	t.Parallel()
	for how, double := range doublings {
		for _, name := range append([]string{"all"}, signatureHeaders...) {
			header := webhook.Sign(body, secret, nonce, signed)
			for _, one := range signatureHeaders {
				if name == one || name == "all" {
					double(header, one, header.Get(one), header.Get(one))
				}
			}
			require.NoError(t, webhook.Verify(body, header, secret, at(0)), "%s, %s", name, how)
			require.ErrorIs(t, webhook.Verify(body, header, "another", at(0)), webhook.ErrBadSignature, "%s, %s", name, how)

			req := newCallback(t, body, nonce)
			req.Header = header
			receiver := newReceiver(t)
			calls := countCalls(receiver, nil)
			require.Equal(t, 200, serve(receiver, req).Code, "%s, %s", name, how)
			require.Equal(t, 1, calls.count())
		}
	}
}

func TestTwoDifferentValuesOfASignatureHeaderAreMalformed(t *testing.T) {
	t.Parallel()
	others := map[string]string{
		prefix: webhook.Sign(body, "another", nonce, signed).Get(prefix), prefix + "-Nonce": "another",
		prefix + "-Timestamp": "1772366401", prefix + "-Algorithm": "HmacSHA1",
	}
	for how, double := range doublings {
		for name, other := range others {
			for _, copied := range []string{other, "", strings.ToLower(other) + "x"} {
				header := webhook.Sign(body, secret, nonce, signed)
				double(header, name, header.Get(name), copied)
				require.ErrorIs(t, webhook.Verify(body, header, secret, at(0)), webhook.ErrMalformed, "%s, %s, %q", name, how, copied)
				req := newCallback(t, body, nonce)
				req.Header = header
				require.Equal(t, 400, serve(newReceiver(t), req).Code, "%s, %s, %q", name, how, copied)
			}
		}
	}
}

func TestAMissingAlgorithmMeansHmacSHA256(t *testing.T) {
	t.Parallel()
	for how, remove := range map[string]func(http.Header){
		"missing":         func(h http.Header) { h.Del(prefix + "-Algorithm") },
		"without a value": func(h http.Header) { h[prefix+"-Algorithm"] = nil },
		"empty":           func(h http.Header) { h[prefix+"-Algorithm"] = []string{""} },
	} {
		header := webhook.Sign(body, secret, nonce, signed)
		remove(header)
		require.NoError(t, webhook.Verify(body, header, secret, at(0)), how)
		require.ErrorIs(t, webhook.Verify(body, header, "another", at(0)), webhook.ErrBadSignature, how)
		req := newCallback(t, body, nonce)
		remove(req.Header)
		require.Equal(t, 200, serve(newReceiver(t), req).Code, how)
	}
	for name, want := range map[string]error{prefix: webhook.ErrNotSigned, prefix + "-Nonce": webhook.ErrMalformed, prefix + "-Timestamp": webhook.ErrMalformed} {
		header := webhook.Sign(body, secret, nonce, signed)
		header.Del(name)
		require.ErrorIs(t, webhook.Verify(body, header, secret, at(0)), want, "the others stay required")
	}
}

// TestACommaInANonceHasOneReading has nonces with a comma. It separates two values, whatever is signed.
func TestACommaInANonceHasOneReading(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]error{"a,b": webhook.ErrMalformed, "a,": webhook.ErrMalformed, ",": webhook.ErrMalformed, "a,a": webhook.ErrBadSignature, "a, a": webhook.ErrBadSignature} {
		assert.ErrorIs(t, webhook.Verify(body, webhook.Sign(body, secret, value, signed), secret, at(0)), want, value)
	}
}

func TestASignatureOfAnotherFormIsBad(t *testing.T) {
	t.Parallel()
	right := webhook.Sign(body, secret, nonce, signed).Get(prefix)
	for _, value := range []string{
		"x", right[1:], right + "=", right[:43], right[:43] + "\n", "\n" + right[:43], strings.Repeat("=", 44), strings.Repeat("A", 44),
		strings.Repeat("é", 22), right[:42] + "==", strings.Repeat("x", 1<<20),
	} {
		header := webhook.Sign(body, secret, nonce, signed)
		header.Set(prefix, value)
		err := webhook.Verify(body, header, secret, at(0))
		require.ErrorIs(t, err, webhook.ErrBadSignature, "%.50q", value)
		assert.ErrorContains(t, err, "base64")
	}
}

func TestTheHeadersHaveNames(t *testing.T) {
	t.Parallel()
	names := []string{webhook.HeaderSignature, webhook.HeaderNonce, webhook.HeaderTimestamp, webhook.HeaderAlgorithm}
	assert.Equal(t, signatureHeaders, names)
	header := webhook.Sign(body, secret, nonce, signed)
	assert.Len(t, header, len(signatureHeaders))
	for _, name := range signatureHeaders {
		assert.Equal(t, http.CanonicalHeaderKey(name), name)
		assert.Len(t, header[name], 1)
	}
}
