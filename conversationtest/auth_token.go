package conversationtest

import (
	"mime"
	"net/http"
	"net/url"
)

const tokenPath = "/oauth2/token" //nolint:gosec // It is a path, not a secret.

// RevokeTokens revokes the access tokens issued so far. The API answers them with 401, like tokens that it never issued.
func (s *Server) RevokeTokens() { s.current().tokens.revoke() }

// ExpireTokens expires the access tokens issued so far.
func (s *Server) ExpireTokens() {
	state := s.current()
	state.tokens.expire(state.clock.Now())
}

// tokenBody is the reply to a token request that is granted.
type tokenBody struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
	TokenType   string `json:"token_type"`
}

// tokenError is the reply to a token request that is not granted (RFC 6749, section 5.2).
type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func (s *Server) answerToken(c *call) reply {
	r, now := c.request, c.state.clock.Now()
	if s.config.TokenBucket && !c.state.limit.take(now) {
		return refusedGrant(http.StatusTooManyRequests, "too_many_requests", "the token endpoint accepts 10 requests a second")
	}
	if r.Method != http.MethodPost {
		refused := refusedGrant(http.StatusMethodNotAllowed, "invalid_request", "only POST is allowed")
		refused.header = http.Header{"Allow": {http.MethodPost}}
		return refused
	}
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(c.body))
	if mediaType != "application/x-www-form-urlencoded" || err != nil {
		return refusedGrant(http.StatusBadRequest, "invalid_request", "the body must be a form")
	}
	keyID, secret, _ := r.BasicAuth()
	owner, ok := s.ownerOf(keyID, secret)
	if !ok {
		refused := refusedGrant(http.StatusUnauthorized, "invalid_client", "wrong access key")
		refused.header = http.Header{"Www-Authenticate": {basicChallenge}}
		return refused
	}
	if form.Get("grant_type") != "client_credentials" {
		return refusedGrant(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be client_credentials")
	}
	return jsonReply(http.StatusOK, tokenBody{
		AccessToken: c.state.tokens.issue(owner.ID, now),
		ExpiresIn:   int(s.config.TokenLifetime.Seconds()),
		TokenType:   "bearer",
	})
}

func refusedGrant(status int, code, description string) reply {
	return jsonReply(status, tokenError{Error: code, Description: description})
}
