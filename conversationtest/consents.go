package conversationtest

import (
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

const maxConsentsPage = 50

// consent is an identity on a list of an app.
type consent struct {
	appID    string
	list     conversation.ConsentsListType
	identity string
	channel  conversation.Channel // Where the contact opted out. Empty: the app has put the identity on the list.
}

// storedConsent is a consent with the time at which it was put on the list.
type storedConsent struct {
	consent
	since time.Time
}

func (c *storedConsent) position() position {
	return position{micros: c.since.UnixMicro(), id: c.key()}
}

func (c *storedConsent) filters() []filter {
	return []filter{{}, {"app_id", c.appID}, onList(c.appID, string(c.list))}
}

// key returns a key that no other consent has. The channel is not a part of it: a list has an identity once.
func (c consent) key() string {
	return strings.Join([]string{c.appID, string(c.list), c.identity}, "\x00")
}

// onList finds the consents on a list of an app.
func onList(appID, list string) filter { return filter{"list", appID + "\x00" + list} }

// listConsents returns the identities on a list, newest first.
func (p *project) listConsents(c *call) (any, error) {
	if err := p.hasApp(c.params["app_id"]); err != nil {
		return nil, err
	}
	found, next, err := listPage(c, p.consents, maxConsentsPage, []filter{onList(c.params["app_id"], c.params["list_type"])})
	if err != nil {
		return nil, err
	}
	list := conversation.ListConsentIdentitiesResponse{NextPageToken: next}
	for _, stored := range found {
		list.Identities = append(list.Identities, conversation.ConsentIdentity{Identity: stored.identity})
	}
	return list, nil
}

// listAuditRecords returns when an identity was put on lists and taken off them. An identity that was never on a list
// has no records.
func (p *project) listAuditRecords(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	app, err := p.apps.find(c.params["app_id"])
	if err != nil {
		return nil, err
	}
	identity := c.params["identity"]
	return conversation.AuditRecordList{
		Identity:     &conversation.ConsentIdentity{Identity: identity},
		AuditRecords: p.audits[audited{app.ID, identity}],
	}, nil
}

// audited is the key of the audit records: an identity and an app.
type audited struct{ appID, identity string }

// putOnList puts an identity on a list, if it is not there. The caller holds the mutex.
func (p *project) putOnList(entry consent, origin conversation.ConsentOrigin, now time.Time) {
	if _, err := p.consents.find(entry.key()); err == nil {
		return
	}
	p.consents.put(&storedConsent{entry, now})
	p.audit(entry, conversation.ConsentOperationInsert, origin, now)
}

// takeOffList takes an identity off a list, if it is there. The caller holds the mutex.
func (p *project) takeOffList(entry consent, origin conversation.ConsentOrigin, now time.Time) {
	stored, err := p.consents.find(entry.key())
	if err != nil {
		return
	}
	p.consents.remove(stored)
	p.audit(entry, conversation.ConsentOperationDelete, origin, now)
}

// audit records a change of a list. The caller holds the mutex.
func (p *project) audit(
	entry consent, operation conversation.ConsentOperation, origin conversation.ConsentOrigin, now time.Time,
) {
	who := audited{entry.appID, entry.identity}
	p.audits[who] = append(p.audits[who], conversation.AuditRecord{
		Origin:    origin,
		Operation: operation,
		ListType:  entry.list,
		ProjectID: p.id,
		AppID:     entry.appID,
		DateTime:  conversation.Time{Time: now},
	})
}
