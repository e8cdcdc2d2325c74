package conversationtest

import (
	"crypto/rand"
	"mime"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const tokenPath = "/oauth2/token" //nolint:gosec // A path, no secret.

// tokenStore remembers every access token, the expired ones too, so that their refusal can say so.
type tokenStore struct {
	lifetime time.Duration

	mu       sync.Mutex
	expiries map[string]time.Time
}

func newTokenStore(lifetime time.Duration) *tokenStore {
	return &tokenStore{lifetime: lifetime, expiries: map[string]time.Time{}}
}

func (t *tokenStore) issue(now time.Time) string {
	token := rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expiries[token] = now.Add(t.lifetime)
	return token
}

func (t *tokenStore) expiry(token string) (expiry time.Time, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	expiry, known = t.expiries[token]
	return expiry, known
}

// tokenBody is the reply to a token request that was granted.
type tokenBody struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
	TokenType   string `json:"token_type"`
}

// tokenError is the reply to one that was refused (RFC 6749, section 5.2).
type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func (s *Server) answerToken(r *http.Request, body []byte) reply {
	if r.Method != http.MethodPost {
		refused := refusedGrant(http.StatusMethodNotAllowed, "invalid_request", "only POST is allowed")
		refused.header = http.Header{"Allow": {http.MethodPost}}
		return refused
	}
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(body))
	if mediaType != "application/x-www-form-urlencoded" || err != nil {
		return refusedGrant(http.StatusBadRequest, "invalid_request", "the body must be a form")
	}
	keyID, secret, ok := r.BasicAuth()
	if !ok || !s.isAccessKey(keyID, secret) {
		refused := refusedGrant(http.StatusUnauthorized, "invalid_client", "wrong access key")
		refused.header = http.Header{"Www-Authenticate": {basicChallenge}}
		return refused
	}
	if form.Get("grant_type") != "client_credentials" {
		return refusedGrant(http.StatusBadRequest, "unsupported_grant_type", "grant_type must be client_credentials")
	}
	return jsonReply(http.StatusOK, tokenBody{
		AccessToken: s.tokens.issue(s.config.Clock()),
		ExpiresIn:   int(s.config.TokenLifetime.Seconds()),
		TokenType:   "bearer",
	})
}

func refusedGrant(status int, code, description string) reply {
	return jsonReply(status, tokenError{Error: code, Description: description})
}
