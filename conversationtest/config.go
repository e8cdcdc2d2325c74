package conversationtest

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
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

	// Mode is the processing mode of apps that set none. Empty: conversation.ProcessingModeConversation. The default of the
	// platform is conversation.ProcessingModeDispatch, in which an app has neither contacts nor conversations, and its
	// messages can be read back only if the app's DispatchRetentionPolicy keeps them.
	Mode conversation.ProcessingMode

	// Contract says which contract requests must keep. Zero: openapi.yaml's or the live platform's.
	Contract Contract

	// TokenLifetime is how long an access token is valid. Zero: one hour. Clients are told whole seconds.
	TokenLifetime time.Duration

	// Clock tells the time, for tokens, ids and accept times. Nil: time.Now.
	Clock func() time.Time

	// Projects are further projects, apart from each other: what is in one is not found in another.
	Projects []Project

	// TokenBucket limits the token endpoint as the platform does: 30 requests at once and 10 more a second. The others
	// are answered with 429, without Retry-After.
	TokenBucket bool

	// Latency is how long each answer of the API takes. The request is handled before it. It ends when the client
	// leaves and with Close, and is no real time inside testing/synctest.
	Latency time.Duration

	// Addr is the address to listen on. Empty: 127.0.0.1:0, a free port on loopback.
	Addr string

	// InMemory leaves out the network: the server has no address, and is reached by Server.Transport, which NewClient and
	// Options use. Together with a server that is made in the bubble, it works inside testing/synctest.
	InMemory bool

	// OnRequest, if set, is told of every request when it is over, and how long it took. Requests that run at the same
	// time call it at the same time. A Status of 0 means that there was no answer.
	OnRequest func(request Request, took time.Duration)

	// Callbacks says how events are delivered to webhooks.
	Callbacks CallbackConfig

	// Script is what the fake reports about every message that it accepts. ScriptNone, the zero value: nothing.
	Script Script

	// ScriptDelay is how long the fake waits before each report of the script.
	ScriptDelay time.Duration
}

func (c Config) withDefaults() Config {
	defaults := c
	defaults.Mode = cmp.Or(defaults.Mode, conversation.ProcessingModeConversation)
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
	defaults.Callbacks = defaults.Callbacks.withDefaults()
	defaults.Projects = slices.Clone(defaults.Projects)
	for i, p := range defaults.Projects {
		defaults.Projects[i] = p.withDefaults(defaults.Clock)
	}
	if defaults.Addr == "" && !defaults.InMemory {
		defaults.Addr = "127.0.0.1:0"
	}
	return defaults
}

// check panics when the Config makes no sense.
func (c Config) check() {
	if c.InMemory && c.Addr != "" {
		panic(fmt.Sprintf("conversationtest: Config.Addr is %q, but a server in memory has no address: "+
			"leave out Addr or InMemory", c.Addr))
	}
	ids, keys, apps := map[string]bool{c.ProjectID: true}, map[string]bool{c.KeyID: true}, map[string]bool{c.AppID: true}
	for _, p := range c.Projects {
		if ids[p.ID] || keys[p.KeyID] || apps[p.AppID] {
			panic(fmt.Sprintf("conversationtest: Config.Projects: the project %q, its key %q or its app %q is there twice", p.ID, p.KeyID, p.AppID))
		}
		ids[p.ID], keys[p.KeyID], apps[p.AppID] = true, true, true
	}
}
