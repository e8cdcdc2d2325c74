package conversation_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// afterToken calls the API once the token endpoint has answered with the given status, label and body. It returns the
// Authorization header that the API received.
func afterToken(t *testing.T, status int, label, body string) (string, error) {
	t.Helper()
	var sent string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/oauth2/token" {
			sent = r.Header.Get("Authorization")
			_, _ = io.WriteString(w, `{"id":"m"}`)
			return
		}
		w.Header()["Content-Type"] = nil // not guessed from the body
		if label != "" {
			w.Header().Set("Content-Type", label)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	client, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("id", "secret"), conversation.WithRetry(conversation.NoRetry),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	err = get(t.Context(), client)
	return sent, err
}

func TestATokenReplyIsReadByItsBodyWhateverItsLabel(t *testing.T) {
	t.Parallel()
	const plain = `{"access_token":"T","token_type":"bearer","expires_in":3600}`
	for _, label := range []string{
		"", "application/json", "application/json; charset=utf-8", "text/plain", "text/plain; charset=iso-8859-1", "text/html",
		"application/octet-stream", "application/x-www-form-urlencoded", "application/jose+json", "nonsense;;",
	} {
		for _, body := range []string{
			plain, "\ufeff" + plain, "\r\n " + plain + "\n", "\n\ufeff\n" + plain,
			`{"Access_Token":"T","TOKEN_TYPE":"Bearer","expires_in":"3600"}`, `{"access_token":"T"}`,
			"access_token=T&token_type=bearer&expires_in=3600", "expires_in=3600&access_token=T",
		} {
			sent, err := afterToken(t, http.StatusOK, label, body)
			require.NoError(t, err, "%q %q", label, body)
			assert.Equal(t, "Bearer T", sent, "%q %q", label, body)
		}
	}
}

func TestATokenReplyWithoutATokenIsAnAuthErrorWhateverItsLabel(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"", "application/json", "text/plain", "application/octet-stream", "text/html"} {
		for _, body := range []string{
			"", "{}", "null", "[]", `"T"`, `{"access_token":""}`, `{"access_token":null}`, `{"token":"T"}`, `{"data":{"access_token":"T"}}`,
			"<html>access_token=T</html>", "T", "token=T", `{"access_token":"T"`,
		} {
			sent, err := afterToken(t, http.StatusOK, label, body)
			failed, ok := errors.AsType[*conversation.AuthError](err)
			require.True(t, ok, "%q %q: %v", label, body, err)
			assert.Equal(t, http.StatusOK, failed.StatusCode, "%q %q", label, body)
			assert.Empty(t, sent, "%q %q", label, body)
		}
	}
}

func TestAnErrorOfTheTokenEndpointIsReadByItsBodyToo(t *testing.T) {
	t.Parallel()
	for _, label := range []string{"", "application/json", "text/plain", "text/html"} {
		for _, body := range []string{`{"error":"invalid_client"}`, "\ufeff" + `{"error":"invalid_client"}`, "error=invalid_client"} {
			for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized} {
				_, err := afterToken(t, status, label, body)
				failed, ok := errors.AsType[*conversation.AuthError](err)
				require.True(t, ok, "%q %q: %v", label, body, err)
				assert.Equal(t, "invalid_client", failed.Code, "%q %q", label, body)
				assert.Equal(t, status, failed.StatusCode)
				assert.ErrorContains(t, err, "check the key id and secret")
			}
		}
	}
}
