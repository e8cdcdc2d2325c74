package conversationtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

// A token endpoint must set expires_in between these, in seconds.
const (
	minTokenSeconds = 30
	maxTokenSeconds = 3600
)

// callbackToken is the access token for the callbacks of webhooks with the same client credentials.
type callbackToken struct {
	value string
	until time.Time
}

// postWithToken sends a callback with an access token for the client credentials of its webhook. A token that is rejected
// is not used again.
func (c *callbacks) postWithToken(r *http.Request, credentials conversation.ClientCredentials) (callbackAnswer, error) {
	token, err := c.token(r, credentials)
	if err != nil {
		return callbackAnswer{}, fmt.Errorf("no token from client_credentials.endpoint: %w", err)
	}
	r.Header = r.Header.Clone() // That of the attempt is shared, and shown.
	r.Header.Set("Authorization", "Bearer "+token)
	got, err := c.exchange(r)
	got.body = bytes.ReplaceAll(got.body, []byte(token), []byte("[redacted]")) // Receivers in development echo headers.
	if got.status == http.StatusUnauthorized {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.tokens, credentials)
	}
	return got, err
}

// token returns the token for client credentials, from memory or from their endpoint.
func (c *callbacks) token(r *http.Request, credentials conversation.ClientCredentials) (string, error) {
	now := c.clock.Now()
	c.mu.Lock()
	known := c.tokens[credentials]
	c.mu.Unlock()
	if now.Before(known.until) {
		return known.value, nil
	}
	request, err := tokenRequest(r, credentials)
	if err != nil {
		return "", err
	}
	got, err := c.exchange(request)
	if err != nil {
		return "", err
	}
	token, lifetime, err := readToken(got.status, got.body)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens[credentials] = callbackToken{value: token, until: now.Add(lifetime)}
	return token, nil
}

// tokenRequest returns the request for a token. Types of token requests other than FORM count as BASIC.
func tokenRequest(r *http.Request, credentials conversation.ClientCredentials) (*http.Request, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	for name, value := range map[string]string{"scope": credentials.Scope, "response_type": credentials.ResponseType} {
		if value != "" {
			form.Set(name, value)
		}
	}
	inForm := credentials.TokenRequestType == conversation.TokenRequestForm
	if inForm {
		form.Set("client_id", credentials.ClientID)
		form.Set("client_secret", credentials.ClientSecret)
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, credentials.Endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !inForm {
		request.SetBasicAuth(credentials.ClientID, credentials.ClientSecret)
	}
	return request, nil
}

// readToken reads the answer of a token endpoint.
func readToken(status int, body []byte) (string, time.Duration, error) {
	if status != http.StatusOK {
		return "", 0, fmt.Errorf("it was answered with %d", status)
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", 0, errors.New("the answer is not the JSON of a token")
	}
	if answer.AccessToken == "" {
		return "", 0, errors.New("access_token is missing")
	}
	if answer.ExpiresIn < minTokenSeconds || answer.ExpiresIn > maxTokenSeconds {
		return "", 0, fmt.Errorf("expires_in is %d: it must be %d to %d seconds", answer.ExpiresIn, minTokenSeconds, maxTokenSeconds)
	}
	return answer.AccessToken, time.Duration(answer.ExpiresIn) * time.Second, nil
}
