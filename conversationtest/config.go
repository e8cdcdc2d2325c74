package conversationtest

import (
	"crypto/rand"
	"fmt"
	"time"
)

// Config says what the fake is like. The zero value is ready to use.
type Config struct {
	// ProjectID is the id of the project. Empty: one is made up.
	ProjectID string

	// KeyID and KeySecret are the access key that the server accepts, for OAuth2 and for basic auth. Empty: they are made up.
	KeyID     string
	KeySecret string

	// AppID is the id of the app that is there from the start. Empty: one is made up.
	AppID string

	// TokenLifetime is how long an access token is valid. Zero: one hour. Clients are told whole seconds.
	TokenLifetime time.Duration

	// Clock tells the time, for tokens, ids and accept times. Nil: time.Now.
	Clock func() time.Time

	// Addr is the address to listen on. Empty: 127.0.0.1:0, a free port on loopback.
	Addr string
}

func (c Config) withDefaults() Config {
	defaults := c
	if defaults.ProjectID == "" {
		defaults.ProjectID = newUUID()
	}
	if defaults.KeyID == "" {
		defaults.KeyID = newUUID()
	}
	if defaults.KeySecret == "" {
		defaults.KeySecret = rand.Text()
	}
	if defaults.TokenLifetime <= 0 {
		defaults.TokenLifetime = time.Hour
	}
	if defaults.Clock == nil {
		defaults.Clock = time.Now
	}
	if defaults.AppID == "" {
		defaults.AppID = new(idMaker).next(defaults.Clock())
	}
	if defaults.Addr == "" {
		defaults.Addr = "127.0.0.1:0"
	}
	return defaults
}

// newUUID makes a random id of the kind that the platform gives to projects and access keys.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // It never fails: the program ends first.
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
