package conversationtest

import (
	"sync"
	"time"

	"github.com/sinchgo/conversation"
)

// project holds the state of one project. Its mutex is never held over I/O or a call of the user's code.
type project struct {
	id     string
	clock  func() time.Time
	ids    *idMaker
	ledger *ledger
	mode   ProcessingMode

	callbacks   *callbacks
	script      []conversation.DeliveryStatus
	scriptDelay time.Duration

	mu            sync.Mutex
	apps          *store[*storedApp]
	webhooks      *store[*storedWebhook]
	contacts      *store[*storedContact]
	conversations *store[*storedConversation]
	messages      *store[*storedMessage]
	dispatched    map[string]*storedMessage // What was sent in DispatchMode, for delivery reports.
	correlations  map[string]string         // The last correlation id of a send, by conversation.
}

func newProject(config Config, ids *idMaker, ledger *ledger, callbacks *callbacks) *project {
	p := &project{
		id:            config.ProjectID,
		clock:         config.Clock,
		ids:           ids,
		ledger:        ledger,
		mode:          config.Mode,
		callbacks:     callbacks,
		script:        config.Script.steps(),
		scriptDelay:   config.ScriptDelay,
		apps:          newStore[*storedApp]("app"),
		webhooks:      newStore[*storedWebhook]("webhook"),
		contacts:      newStore[*storedContact]("contact"),
		conversations: newStore[*storedConversation]("conversation"),
		messages:      newStore[*storedMessage]("message"),
		dispatched:    map[string]*storedMessage{},
		correlations:  map[string]string{},
	}
	p.apps.put(&storedApp{
		App:       conversation.App{ID: config.AppID, DisplayName: "Test app"},
		fromStart: true,
	})
	return p
}

// now is the time in the form that the API has it.
func (p *project) now() time.Time {
	return p.clock().UTC().Truncate(time.Microsecond)
}

// newID makes an id. It asks the clock, so that the caller does not hold the mutex.
func (p *project) newID() string { return p.ids.next(p.now()) }
