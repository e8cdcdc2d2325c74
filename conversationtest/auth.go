package conversationtest

import (
	"strings"
	"time"
)

const basicChallenge = `Basic realm="sinch"`

// authenticate accepts basic auth with an access key, and tokens of the token endpoint. It returns the id of the project
// that the credentials belong to.
func (s *Server) authenticate(c *call) (projectID string, err error) {
	r := c.request
	if keyID, secret, ok := r.BasicAuth(); ok {
		if c.batch {
			return "", unauthenticated("Bearer", "the Batch API accepts a bearer token only")
		}
		owner, ok := s.ownerOf(keyID, secret)
		if !ok {
			return "", unauthenticated(basicChallenge, "wrong access key")
		}
		return owner.ID, nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", unauthenticated("Bearer", "no credentials: send a bearer token or basic auth")
	}
	held, known := c.state.tokens.read(token)
	if !known {
		return "", refusedToken("Jwt is not known")
	}
	if !c.state.clock.Now().Before(held.expiry) {
		return "", expiredToken(held.expiry)
	}
	return held.projectID, nil
}

func expiredToken(at time.Time) error {
	return refusedToken("Jwt expired at " + at.UTC().Format(time.RFC3339))
}

func refusedToken(reason string) error {
	return unauthenticated(`Bearer error="invalid_token", error_description="`+reason+`"`, reason)
}
