package main

import (
	"context"
	"errors"
	"sync"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/webhook"
)

// desk receives the messages of contacts.
type desk struct {
	p *setup.Program

	mu    sync.Mutex
	away  bool // it fails once
	fails int
	taken int
}

func (*desk) triggers() []conversation.WebhookTrigger {
	return []conversation.WebhookTrigger{conversation.TriggerMessageInbound}
}

// take is called for each message of a contact, in the order of its conversation. After an error the callback is
// handled again, after a wait.
func (d *desk) take(_ context.Context, e *webhook.MessageInbound) error {
	text := e.Message.ContactMessage.Text()
	if text == "" || e.Message.ChannelIdentity == nil {
		return nil
	}
	from := d.p.Identities(*e.Message.ChannelIdentity)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away {
		d.away = false
		d.fails++
		d.p.Printf("%s wrote %q, but nobody is at the desk.\n", from, text)
		return errors.New("nobody is at the desk")
	}
	d.taken++
	d.p.Printf("%s wrote %q.\n", from, text)
	return nil
}

func (d *desk) counts() (taken, fails int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.taken, d.fails
}
