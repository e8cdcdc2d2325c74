package conversationtest

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

const basicChallenge = `Basic realm="sinch"`

// authenticate accepts basic auth with the access key, and tokens of the token endpoint.
func (s *Server) authenticate(r *http.Request) error {
	if keyID, secret, ok := r.BasicAuth(); ok {
		if keyID == s.config.KeyID && secret == s.config.KeySecret {
			return nil
		}
		return unauthenticated(basicChallenge, "wrong access key")
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return unauthenticated("Bearer", "no credentials: send a bearer token or basic auth")
	}
	expiry, known := s.tokens.expiry(token)
	if !known {
		return refusedToken("Jwt is not known")
	}
	if !s.config.Clock().Before(expiry) {
		return refusedToken("Jwt expired at " + expiry.UTC().Format(time.RFC3339))
	}
	return nil
}

func refusedToken(reason string) error {
	return unauthenticated(`Bearer error="invalid_token", error_description="`+reason+`"`, reason)
}

// isAccessKey compares with the access key. Clients may escape the two parts as in a form (RFC 6749, section 2.3.1).
func (s *Server) isAccessKey(keyID, secret string) bool {
	return sameOrEscaped(keyID, s.config.KeyID) && sameOrEscaped(secret, s.config.KeySecret)
}

func sameOrEscaped(given, want string) bool {
	if given == want {
		return true
	}
	unescaped, err := url.QueryUnescape(given)
	return err == nil && unescaped == want
}
