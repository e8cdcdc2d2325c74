package conversationtest

import (
	"sync"
	"time"

	"github.com/sinchgo/conversation"
)

// project holds the state of one project. Its mutex is never held during I/O or a call of the user's code.
type project struct {
	id     string
	clock  func() time.Time
	ids    *idMaker
	ledger *ledger
	mode   conversation.ProcessingMode

	limit    *rateLimit // Nil: there is none.
	logLimit int        // How many messages of dispatch mode are remembered. Zero: all.

	callbacks *callbacks
	publisher *publisher
	scripts   *scripts

	batching sync.Mutex // Held while batches are processed. It is locked before mu.

	mu            sync.Mutex
	apps          *store[*storedApp]
	webhooks      *store[*storedWebhook]
	contacts      *store[*storedContact]
	conversations *store[*storedConversation]
	messages      *store[*storedMessage]
	retained      *store[*storedMessage] // Messages of dispatch mode that can be read back.
	events        *store[*storedEvent]
	consents      *store[*storedConsent]
	templates     *store[*storedTemplate]
	settings      *conversation.ProjectSettingsContent // Nil: there are no settings.
	batches       *batches
	audits        map[audited][]conversation.AuditRecord // The changes of consents.
	profiles      map[profile]string                     // The names that SetProfile has set.
	callbackURLs  map[string]string                      // The callback URLs of messages and events, by their ids.
	dispatched    map[string]*storedMessage              // Messages of dispatch mode, for delivery reports and the control API.
	dispatchedIDs []string                               // Their ids, oldest first.
	cleaned       time.Time                              // When expired messages were last removed. Zero before the first request.
}

func newProject(
	config Config, ids *idMaker, ledger *ledger, callbacks *callbacks, scripts *scripts, publisher *publisher,
) *project {
	p := &project{
		id:            config.ProjectID,
		clock:         config.Clock,
		ids:           ids,
		ledger:        ledger,
		mode:          config.Mode,
		limit:         newRequestLimit(config.RateLimit),
		logLimit:      config.LogLimit,
		callbacks:     callbacks,
		publisher:     publisher,
		scripts:       scripts,
		apps:          newStore[*storedApp]("app"),
		webhooks:      newStore[*storedWebhook]("webhook"),
		contacts:      newStore[*storedContact]("contact"),
		conversations: newStore[*storedConversation]("conversation"),
		messages:      newStore[*storedMessage]("message"),
		retained:      newStore[*storedMessage]("message"),
		events:        newStore[*storedEvent]("event"),
		consents:      newStore[*storedConsent]("consent"),
		templates:     newStore[*storedTemplate]("template"),
		batches:       newBatches(config, callbacks.workers),
		audits:        map[audited][]conversation.AuditRecord{},
		profiles:      map[profile]string{},
		callbackURLs:  map[string]string{},
		dispatched:    map[string]*storedMessage{},
	}
	first := newStoredApp(conversation.App{ID: config.AppID, DisplayName: "Test app"}, config.Mode)
	first.fromStart = true
	p.apps.put(first)
	return p
}

// now returns the time with the precision of the API.
func (p *project) now() time.Time {
	return p.clock().UTC().Truncate(time.Microsecond)
}

// newID returns a new id. It calls the user's clock, so the caller must not hold the mutex.
func (p *project) newID() string { return p.ids.next(p.now()) }

// microseconds returns a time with the precision of the API.
func microseconds(at conversation.Time) conversation.Time {
	return conversation.Time{Time: at.UTC().Truncate(time.Microsecond)}
}
