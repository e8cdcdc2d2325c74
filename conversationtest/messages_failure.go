package conversationtest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// failureOf returns why a message that is accepted fails as soon as it is processed, or nil. The caller holds the mutex.
func (p *project) failureOf(request *conversation.SendMessageRequest, contact *storedContact) *conversation.Reason {
	app, err := p.apps.find(request.AppID)
	if err != nil {
		return nil
	}
	if channel := app.missing(request, contact); channel != "" {
		return withDefaults(conversation.Reason{
			Code:        conversation.ReasonChannelConfigurationMissing,
			Description: fmt.Sprintf("The app has no channel_credentials for %s", channel),
		})
	}
	if request.Message.TemplateMessage != nil {
		return p.templateFailure(request.Message.TemplateMessage.OmniTemplate)
	}
	return nil
}

// missing returns the first channel of a request that the app has no credentials for, and "" if there is none. Of a
// contact, one of the channels is enough.
func (a *storedApp) missing(request *conversation.SendMessageRequest, contact *storedContact) conversation.Channel {
	named := slices.Clone(request.ChannelPriorityOrder)
	if request.Recipient.IdentifiedBy != nil {
		for _, identity := range request.Recipient.IdentifiedBy.ChannelIdentities {
			named = append(named, identity.Channel)
		}
	} else if usable := a.reaches(contact.ChannelIdentities); len(usable) > 0 {
		named = append(named, usable[0].Channel)
	}
	at := slices.IndexFunc(named, func(channel conversation.Channel) bool { return !a.has(channel) })
	if at < 0 {
		return ""
	}
	return named[at]
}

// has reports whether the app can send on a channel. An app without any credentials can send on all.
func (a *storedApp) has(channel conversation.Channel) bool {
	return len(a.ChannelCredentials) == 0 || slices.ContainsFunc(a.ChannelCredentials, func(own conversation.ChannelCredential) bool {
		return own.Channel == channel
	})
}

// reaches returns the identities on channels that the app has, or all if there are none.
func (a *storedApp) reaches(identities []conversation.ChannelIdentity) []conversation.ChannelIdentity {
	reached := slices.DeleteFunc(slices.Clone(identities), func(identity conversation.ChannelIdentity) bool {
		return !a.has(identity.Channel)
	})
	if len(reached) == 0 {
		return identities
	}
	return reached
}

// process reports the failure of a message that fails as soon as it is processed, or plays the script. The send was
// behind its time if it is that of a batch, whose time was before the one that the clock was moved to.
func (p *project) process(sent *storedMessage, behind time.Duration) {
	if sent.failure == nil {
		p.playScript(sent, behind)
		return
	}
	p.callbacks.scripts.AddNext(behind, p.scripts.usual.Delay, func(context.Context, time.Duration) {
		_ = p.report(sent.message.ID, conversation.DeliveryStatusFailed, sent.failure, p.now()) // The message may be deleted.
	})
}
