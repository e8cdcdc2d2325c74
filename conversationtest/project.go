package conversationtest

import (
	"sync"
	"time"
)

// project holds the state of one project. Its mutex is never held over I/O or a call of the user's code.
type project struct {
	id     string
	clock  func() time.Time
	ids    *idMaker
	ledger *ledger

	mu            sync.Mutex
	apps          map[string]bool
	contacts      *contactStore
	conversations map[conversationKey]string
	messages      *messageStore
}

// conversationKey names the one conversation that an app has with a contact.
type conversationKey struct {
	appID, contactID string
}

func newProject(config Config, ids *idMaker, ledger *ledger) *project {
	return &project{
		id:            config.ProjectID,
		clock:         config.Clock,
		ids:           ids,
		ledger:        ledger,
		apps:          map[string]bool{config.AppID: true},
		contacts:      newContactStore(),
		conversations: map[conversationKey]string{},
		messages:      newMessageStore(),
	}
}

// now is the time in the form that the API has it.
func (p *project) now() time.Time {
	return p.clock().UTC().Truncate(time.Microsecond)
}

// conversationID finds the conversation of an app with a contact, or starts it. The caller holds the mutex.
func (p *project) conversationID(appID, contactID string, now time.Time) string {
	key := conversationKey{appID: appID, contactID: contactID}
	if p.conversations[key] == "" {
		p.conversations[key] = p.ids.next(now)
	}
	return p.conversations[key]
}
