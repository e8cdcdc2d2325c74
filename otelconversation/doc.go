// Package otelconversation turns the calls of a client, the callbacks of a receiver and the entries of a relay into OpenTelemetry
// traces and metrics.
//
// One [Observer] serves all three:
//
//	observer, err := otelconversation.NewObserver()
//	client, err := conversation.NewClientFromEnv(conversation.WithObserver(observer))
//	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithObserver(observer))
//	err = queue.Outbox().Run(ctx, client, relay.WithObserver(observer))
//
// No span, metric or event has an id of a contact, a phone number, text, or a URL with ids. docs/observability.md lists all names.
//
// The module depends on the API of OpenTelemetry, not on its SDK, and not on relay.
package otelconversation
