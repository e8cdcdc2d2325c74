package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// channels checks the channels of the app.
func (e *examination) channels(app *conversation.App) []Finding {
	if app == nil {
		return nil
	}
	const fix = "add the channel to the app in the Sinch dashboard, or with conversationctl apps update (Apps.Update)"
	if len(app.ChannelCredentials) == 0 {
		return []Finding{failure(checkChannels, "the app has no channels: messages are accepted with 200 and then fail with CHANNEL_CONFIGURATION_MISSING", fix)}
	}
	var findings []Finding
	var names, active []string
	for _, credential := range app.ChannelCredentials {
		names = append(names, string(credential.Channel))
		if finding, bad := e.channelState(credential); bad {
			findings = append(findings, finding)
		} else {
			active = append(active, said(string(credential.Channel)))
		}
	}
	for _, channel := range e.opts.Channels {
		if !slices.Contains(names, string(channel)) {
			findings = append(findings, failure(checkChannels,
				fmt.Sprintf("the app does not have %s: messages to it are accepted with 200 and then fail with CHANNEL_CONFIGURATION_MISSING", channel), fix))
		}
	}
	if len(active) > 0 {
		findings = append(findings, ok(checkChannels, "active: "+strings.Join(active, ", ")))
	}
	return findings
}

// channelState returns the finding for a channel that is not active.
func (e *examination) channelState(credential conversation.ChannelCredential) (finding Finding, bad bool) {
	state := credential.State
	if state == nil || state.Status == "" || state.Status == conversation.ChannelIntegrationActive {
		return Finding{}, false
	}
	message := fmt.Sprintf("%s is %s", said(string(credential.Channel)), said(string(state.Status)))
	if state.Description != "" {
		message += ": " + said(state.Description)
	}
	needed := e.opts.Channels == nil || slices.Contains(e.opts.Channels, credential.Channel)
	switch {
	case state.Status == conversation.ChannelIntegrationPending:
		return warning(checkChannels, message, "wait until the channel has accepted the sender: until then its messages fail"), true
	case !needed:
		return warning(checkChannels, message, "correct the credentials of the channel in the Sinch dashboard, or remove it"), true
	}
	return failure(checkChannels, message, "correct the credentials of the channel in the Sinch dashboard, or with conversationctl apps update (Apps.Update)"), true
}
