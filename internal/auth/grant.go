package auth

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

// unknownLifetime is how long a token is kept if the reply has no valid expires_in. The platform's tokens live an hour. If a
// token expires earlier, a 401 causes a renewal.
const unknownLifetime = time.Hour

// readGrant returns the token of a reply of the token endpoint, or why there is none.
func readGrant(got *transport.Reply) (Fetched, *Failure) {
	fields := readFields(got.Body)
	if code := fields["error"]; !got.OK() || code != "" {
		failed := rejected(got.Status, code)
		failed.retryAfter = retry.After(got.Header, time.Now())
		return Fetched{}, failed
	}
	if got.Problem != "" {
		return Fetched{}, &Failure{
			StatusCode: got.Status, Reason: "the answer of the token endpoint could not be read", Err: got.Cause, temporary: got.Cause != nil,
		}
	}
	if fields["access_token"] == "" {
		return Fetched{}, &Failure{StatusCode: got.Status, Reason: "the answer of the token endpoint has no access_token: check the token URL"}
	}
	token := &oauth2.Token{AccessToken: fields["access_token"], TokenType: fields["token_type"]}
	return checkedToken(token, lifetime(fields["expires_in"]))
}

// readFields returns the fields of a token reply, by their names in lower case. The body decides whether it is JSON or a
// form: labels are often wrong.
func readFields(body []byte) map[string]string {
	body = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\ufeff")))
	fields := make(map[string]string)
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) == nil {
		for name, value := range object {
			fields[strings.ToLower(name)] = wire.StringOrJSON(value)
		}
		return fields
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil
	}
	for name := range form {
		fields[strings.ToLower(name)] = form.Get(name)
	}
	return fields
}

// lifetime reads expires_in, a number of seconds. Some servers quote it or add a fraction.
func lifetime(expiresIn string) time.Duration {
	seconds, err := strconv.ParseFloat(expiresIn, 64)
	if err != nil || !(seconds >= 1 && seconds <= math.MaxInt64) {
		return unknownLifetime
	}
	return time.Duration(min(seconds, math.MaxInt32)) * time.Second
}

// rejected returns the failure of a reply that is not a token.
func rejected(status int, code string) *Failure {
	failed := &Failure{StatusCode: status, Code: errorCode(code), Reason: "the token endpoint refused"}
	failed.refused = status == http.StatusUnauthorized || status == http.StatusForbidden || failed.Code == "invalid_client"
	if failed.refused {
		failed.Reason = "the token endpoint refused: check the key id and secret"
	}
	return failed
}

// errorCode returns code if it has the form of an OAuth2 error code, such as invalid_client, else "".
func errorCode(code string) string {
	if len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	return code
}
