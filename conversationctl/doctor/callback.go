package doctor

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// callback sends three delivery reports to CallbackURL: one that is correctly signed, one that is signed with another secret,
// and one whose body was changed after it was signed.
func (e *examination) callback(ctx context.Context, app *conversation.App) []Finding {
	if e.opts.CallbackURL == "" {
		return nil
	}
	address, err := url.Parse(e.opts.CallbackURL)
	switch {
	case err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http":
		return []Finding{failure(checkCallback, "the callback URL is not an absolute URL", "set --callback-url (Options.CallbackURL) to the address of the receiver")}
	case e.opts.WebhookSecret == "":
		return []Finding{failure(checkCallback, "there is no secret to sign callbacks with", "set --secret-env (Options.WebhookSecret) to the secret of the receiver")}
	}
	subject := "the receiver at " + origin(address)
	body := e.deliveryReport(app)
	nonce, now := rand.Text(), e.now()
	signed := e.post(ctx, e.opts.CallbackURL, body, webhook.Sign(body, e.opts.WebhookSecret, nonce, now))
	if !signed.accepted() {
		return []Finding{e.rejected(subject, signed)}
	}
	other := e.post(ctx, e.opts.CallbackURL, body, webhook.Sign(body, rand.Text(), nonce, now))
	changed := e.post(ctx, e.opts.CallbackURL, bytes.Replace(body, []byte("QUEUED_ON_CHANNEL"), []byte("DELIVERED"), 1),
		webhook.Sign(body, e.opts.WebhookSecret, rand.Text(), now))
	return []Finding{forged(subject, other, changed)}
}

// deliveryReport returns a callback that no program acts on: the message does not exist.
func (e *examination) deliveryReport(app *conversation.App) []byte {
	appID := e.opts.AppID
	if app != nil {
		appID = app.ID
	}
	now := conversation.Time{Time: e.now().UTC()}
	body, _ := json.Marshal(&webhook.MessageDelivery{ //nolint:errchkjson // It has nothing that cannot be encoded.
		Envelope: webhook.Envelope{AppID: appID, ProjectID: e.client.ProjectID(), AcceptedTime: now, EventTime: now},
		MessageDeliveryReport: conversation.MessageDeliveryReport{
			MessageID: "conversationctl-doctor-" + rand.Text(), Status: conversation.DeliveryStatusQueuedOnChannel,
		},
	})
	return body
}

// rejected returns the finding for a receiver that does not accept a correctly signed callback.
func (e *examination) rejected(subject string, answer reply) Finding {
	if date, err := http.ParseTime(answer.header.Get("Date")); err == nil {
		if ahead := aheadOf(date, answer.sentAt, e.now()); ahead.Abs() >= clockFailure {
			return failure(checkCallback, fmt.Sprintf("%s rejects a correctly signed callback with %d: its clock is wrong by %s", subject, answer.status, ahead.Abs().Round(clockWarning)),
				"synchronize the clock of the receiver, with NTP")
		}
	}
	switch what, fix := answer.problem(); {
	case what != "":
		return failure(checkCallback, subject+" "+what, fix)
	case answer.status == http.StatusUnauthorized, answer.status == http.StatusForbidden:
		return failure(checkCallback, fmt.Sprintf("%s rejects a correctly signed callback with %d: its secret differs, something on the way changes the body, or it does not verify the raw body", subject, answer.status),
			"set the secret of the receiver to that of --secret-env (Options.WebhookSecret), check it without the proxies before it too, and verify the body before anything decodes it")
	}
	return failure(checkCallback, fmt.Sprintf("%s answers a correctly signed callback with %d", subject, answer.status),
		"answer it with 2xx: look at the log of the receiver")
}

// forged returns the finding for a receiver that accepts a correctly signed callback, by its answers to two that are not.
func forged(subject string, other, changed reply) Finding {
	const fix = "verify the signature over the raw body, as webhook.Receiver does"
	switch {
	case other.accepted() && changed.accepted():
		return failure(checkCallback, subject+" accepts callbacks with a wrong signature: it does not verify them", fix)
	case other.accepted():
		return failure(checkCallback, subject+" accepts a callback that is signed with another secret", fix)
	case changed.accepted():
		return failure(checkCallback, subject+" accepts a callback whose body was changed after it was signed", fix)
	}
	for _, answer := range []reply{other, changed} {
		if what, problemFix := answer.problem(); what != "" {
			return warning(checkCallback, subject+" accepts a correctly signed callback, but "+what+" when the signature is wrong", problemFix+": answer a wrong signature with 401")
		}
	}
	return ok(checkCallback, subject+" accepts a correctly signed callback, and rejects those with a wrong signature")
}
