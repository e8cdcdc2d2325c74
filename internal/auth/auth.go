// Package auth obtains the Authorization header of each request: from a static access key, from the token endpoint, or from
// a token source of the caller.
package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

// Authorizer returns the Authorization header of each attempt of a call.
type Authorizer interface {
	// Token returns the token to use now.
	Token(ctx context.Context) (*Token, *Failure)
	// Issued returns the number of tokens obtained so far. A call notes it when it begins.
	Issued() uint64
	// Renew is called when the API answered 401 to a token. It reports whether there is another token to try. The count
	// known is that of Issued when the call began: a token obtained since then is not renewed, so a call renews its token
	// at most once.
	Renew(ctx context.Context, rejected *Token, known uint64) (bool, *Failure)
}

// Token is an access token. Its times are monotonic, so that changes of the system clock do not matter.
type Token struct {
	Header redact.Secret // the whole Authorization header
	Hidden redact.Hidden // its secret parts

	number    uint64 // counts the tokens of a cache
	renewAt   time.Time
	expiresAt time.Time
}

// Failure is the reason why no token is available. It never holds the body of the token endpoint's reply, which may repeat
// credentials. Calls that waited for the same token share it.
type Failure struct {
	StatusCode int    // HTTP status of the token endpoint; 0 if it sent no readable reply
	Code       string // OAuth2 error code
	Reason     string
	Attempts   int           // token requests made
	Err        error         // the network or context error, if there is one
	Hidden     redact.Hidden // what was sent and must not be shown
	Host       string        // of the token endpoint, if there is one

	retryAfter time.Duration
	temporary  bool // a network error
	refused    bool // the token endpoint does not accept the credential
}

// Error implements error.
func (f *Failure) Error() string {
	var text strings.Builder
	text.WriteString("no access token")
	if f.StatusCode != 0 {
		fmt.Fprintf(&text, ": HTTP %d", f.StatusCode)
	}
	for _, part := range []string{f.Code, f.Reason} {
		if part != "" {
			text.WriteString(": " + redact.OneLine(part, f.Host))
		}
	}
	if f.Err != nil {
		text.WriteString(": " + redact.OneLine(redact.Hide(f.Err.Error(), f.Hidden), f.Host))
	}
	return text.String()
}

// remembered returns the failure of a call that made no token request, because the credential was refused recently.
func (f *Failure) remembered(since, until time.Time) *Failure {
	again := *f
	again.Attempts = 0
	again.Reason += fmt.Sprintf(" (refused since %s, not tried again before %s)",
		since.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339))
	return &again
}

// NewBasic returns an Authorizer that sends the access key itself, by HTTP basic authentication.
func NewBasic(keyID string, keySecret redact.Secret) Authorizer {
	pair := base64.StdEncoding.EncodeToString([]byte(keyID + ":" + keySecret()))
	return basic{newToken("Basic " + pair)}
}

func newToken(header string) *Token {
	secrets := redact.CredentialsIn(header)
	return &Token{Header: redact.NewSecret(header), Hidden: func() []string { return secrets }}
}

// basic always returns the same token: there is nothing to renew.
type basic struct{ key *Token }

func (b basic) Token(context.Context) (*Token, *Failure) { return b.key, nil }

func (basic) Issued() uint64 { return 0 }

func (basic) Renew(context.Context, *Token, uint64) (bool, *Failure) { return false, nil }
