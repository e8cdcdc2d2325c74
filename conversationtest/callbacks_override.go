package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// checkCallbackURL returns the problem of the callback URL of a send, which may be empty.
func checkCallbackURL(callbackURL string) []string {
	if callbackURL == "" {
		return nil
	}
	return checkURL("callback_url", callbackURL)
}

// override sets the callback URL of a message or an event, if it has one. The caller holds the mutex.
func (p *project) override(id, callbackURL string) {
	if callbackURL != "" {
		p.callbackURLs[id] = callbackURL
	}
}

// idOf returns the id of the message or event that a delivery report is about, and "" for other events.
func idOf(event webhook.Event) string {
	switch report := event.(type) {
	case *webhook.MessageDelivery:
		return report.MessageDeliveryReport.MessageID
	case *webhook.EventDelivery:
		return report.EventDeliveryReport.EventID
	default:
		return ""
	}
}

// call sends a report about a message or an event to its callback URL. If it has none, as with an empty id, the webhooks of
// the app for the trigger get it. The caller holds the mutex.
func (p *project) call(id string, trigger conversation.WebhookTrigger, appID string, body func() json.RawMessage) {
	callbackURL, overridden := p.callbackURLs[id]
	if !overridden {
		p.callWebhooks(trigger, appID, body)
		return
	}
	p.callbacks.take(&storedWebhook{AppID: appID, Target: callbackURL, Secret: p.secretForURLs(appID)}, trigger, body())
}

// secretForURLs returns the secret that signs what an app's callback URLs get, and "" if the app has none. The caller holds
// the mutex.
func (p *project) secretForURLs(appID string) string {
	app, err := p.apps.find(appID)
	if err != nil || app.CallbackSettings == nil {
		return ""
	}
	return app.CallbackSettings.SecretForOverriddenCallbackURLs
}
