package conversationtest

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// Config configures a Server. The zero value is the live platform, as far as it is known: requests must keep
// PlatformContract, apps are in dispatch mode, and the clients of NewClient and Options speak conversation.DialectPlatform.
type Config struct {
	// ProjectID is the id of the project. Empty: it is generated. NewServer rejects ids and keys that
	// conversation.NewClient rejects.
	ProjectID string

	// KeyID and KeySecret are the access key that the server accepts, for OAuth2 and for basic auth. Empty: they are
	// generated.
	KeyID     string
	KeySecret string

	// AppID is the id of the app that the project has from the start. Empty: it is generated.
	AppID string

	// Mode is the processing mode of apps that set none. Empty: conversation.ProcessingModeDispatch, the default of the
	// platform. In it, messages start no conversations and create no contacts, and can be read back only if the app's
	// DispatchRetentionPolicy keeps them. Code that reads messages, or uses contacts and conversations of messages, needs
	// conversation.ProcessingModeConversation.
	Mode conversation.ProcessingMode

	// Contract is the contract that requests must keep. Zero: PlatformContract, that of the live platform. With
	// OpenAPIContract, the clients of NewClient and Options speak conversation.DialectOpenAPI, else DialectPlatform.
	Contract Contract

	// TokenLifetime is how long an access token is valid. Zero: one hour. The expires_in of a token reply is in whole
	// seconds.
	TokenLifetime time.Duration

	// Clock returns the current time, for tokens, ids and accept times. Nil: time.Now. Server.Advance moves it forward.
	Clock func() time.Time

	// Projects are further projects. Projects share nothing.
	Projects []Project

	// TokenBucket limits the token endpoint as the platform does: to bursts of 30 requests, and 10 requests per second.
	// Further requests are answered with 429, without Retry-After.
	TokenBucket bool

	// RateLimit is how many requests a second each project can make. The platform allows 800. Further requests are
	// answered with 429, without Retry-After. The token endpoint does not count. Zero: no limit, since a test is faster
	// than a program that calls the platform.
	RateLimit int

	// Latency delays each answer of the API, after the request is handled. The delay ends early when the client
	// disconnects, and with Close. Inside testing/synctest it takes no real time.
	Latency time.Duration

	// Addr is the address to listen on. Empty: 127.0.0.1:0, a free port on loopback.
	Addr string

	// InMemory avoids the network: the server has no address, and is reached through Server.Transport, which NewClient and
	// Options use. A server in memory that is created inside a bubble of testing/synctest works there.
	InMemory bool

	// OnRequest, if set, is called after every request with the time that it took. Concurrent requests call it
	// concurrently. A Status of 0 means that there was no answer.
	OnRequest func(request Request, took time.Duration)

	// LogLimit is how many entries each log keeps: Sent, SentEvents, Requests and Callbacks. The newest are kept, with
	// at most 64 MiB of bodies. It is also how many messages the server remembers in dispatch mode. Zero: everything is
	// kept, which is for tests. Set it in a program that serves for long.
	LogLimit int

	// ServeControl serves Control under /_fake/ of the server's address, to clients on this machine only.
	ServeControl bool

	// Callbacks configures how events are delivered to webhooks.
	Callbacks CallbackConfig

	// Script sets the delivery reports for every message and event that the server accepts. The zero value, ScriptNone,
	// sends none. Server.Script changes them later.
	Script Script

	// BatchDelay is how long the Batch API takes for what it does after its answer: until a new batch is found by its
	// metadata, until the messages of a batch whose time has come are sent (it is READY before), and until contacts are
	// created or deleted and batches cancelled. Zero: it does all of it before the answer.
	BatchDelay time.Duration

	// ScriptDelay is the delay before each report of the script.
	ScriptDelay time.Duration
}

func (c Config) withDefaults() Config {
	defaults := c
	defaults.Mode = cmp.Or(defaults.Mode, conversation.ProcessingModeDispatch)
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

// check panics if the Config is not valid.
func (c Config) check() {
	if c.InMemory && c.Addr != "" {
		panic(fmt.Sprintf("conversationtest: Config.Addr is %q, but a server in memory has no address: "+
			"leave out Addr or InMemory", c.Addr))
	}
	if c.InMemory && c.ServeControl {
		panic("conversationtest: Config.ServeControl is set, but a server in memory has no address: use Server.Control")
	}
	if c.RateLimit < 0 {
		panic(fmt.Sprintf("conversationtest: Config.RateLimit is %d: use 0 for no limit", c.RateLimit))
	}
	if c.LogLimit < 0 {
		panic(fmt.Sprintf("conversationtest: Config.LogLimit is %d: use 0 to keep everything", c.LogLimit))
	}
	checkCredential("Config.ProjectID", c.ProjectID, "key", "secret")
	checkCredential("Config.KeyID", "project", c.KeyID, "secret")
	checkCredential("Config.KeySecret", "project", "key", c.KeySecret)
	for i, p := range c.Projects {
		path := fmt.Sprintf("Config.Projects[%d].", i)
		checkCredential(path+"ID", p.ID, "key", "secret")
		checkCredential(path+"KeyID", "project", p.KeyID, "secret")
		checkCredential(path+"KeySecret", "project", "key", p.KeySecret)
	}
	ids, keys, apps := map[string]bool{c.ProjectID: true}, map[string]bool{c.KeyID: true}, map[string]bool{c.AppID: true}
	for _, p := range c.Projects {
		if ids[p.ID] || keys[p.KeyID] || apps[p.AppID] {
			panic(fmt.Sprintf("conversationtest: Config.Projects: the project %q, its key %q or its app %q is duplicated", p.ID, p.KeyID, p.AppID))
		}
		ids[p.ID], keys[p.KeyID], apps[p.AppID] = true, true, true
	}
}
