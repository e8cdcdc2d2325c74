// Package otelconversation turns the calls of a client, the callbacks of a receiver and the entries of an outbox into
// OpenTelemetry traces and metrics.
//
// One [Observer] serves all three. By default it uses the global providers:
//
//	observer, err := otelconversation.NewObserver()
//	if err != nil {
//		return err
//	}
//	client, err := conversation.NewClientFromEnv(conversation.WithObserver(observer))
//	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithObserver(observer))
//	err = queue.Outbox().Run(ctx, client, relay.WithObserver(observer)) // or pgconversation.WithObserver
//
// Next: [Observer.ObserveOutbox] adds gauges of a queue, such as its depth. [WithMetadataPropagation] has the callbacks
// about a message belong to the trace of its send. docs/observability.md lists all spans, metrics and attributes, with
// alerts.
//
// No span, metric or event has an id of a contact, a phone number, text, or a URL with ids.
//
// The module depends on the API of OpenTelemetry, not on its SDK, and not on relay.
package otelconversation
