// Package webhook receives callbacks from the Sinch Conversation API: messages of contacts, delivery reports and opt-outs.
//
// Create a webhook with a secret, in the Sinch dashboard or with Webhooks.Create, and serve a [Receiver] at its target:
//
//	receiver, err := webhook.NewReceiver(webhook.WithSecret(os.Getenv("WEBHOOK_SECRET")))
//	if err != nil {
//		return err
//	}
//	webhook.On(receiver, func(ctx context.Context, e *webhook.MessageInbound) error {
//		log.Print(e.Message.ContactMessage.Text())
//		return nil // after an error, Sinch redelivers the callback
//	})
//	http.Handle("POST /sinch", receiver)
//
// A receiver verifies signatures, drops duplicates and calls the handlers that were registered with [On] and [OnAny].
// Handlers must be idempotent. Next: [Fold] puts delivery reports in order, and a [Tracker] waits for the delivery of a
// message. An [Observer] sees every callback, for traces and metrics.
//
// A framework with another form of handler calls [Verify] and [Parse] instead.
//
// # Signatures
//
// A callback of a webhook that has a secret carries four headers: [HeaderSignature], [HeaderNonce], [HeaderTimestamp] and
// [HeaderAlgorithm]. [Verify] checks them over the raw body, so no middleware may read or change the body first. [Sign]
// creates them, for tests of code that receives callbacks.
//
// # Responses
//
// A [Receiver] responds to each callback with one of these status codes. Sinch redelivers a callback after 500 and 503;
// consider it lost after 4xx.
//
//	200  the handler returned nil, none is registered, or a duplicate was handled before
//	400  the signature headers are malformed, or the body is not a callback
//	401  the callback is not signed with one of the secrets
//	405  the method is not POST
//	413  the body is larger than 1 MiB (WithMaxBody)
//	500  the handler returned an error or panicked, or something read or changed the body before the receiver
//	503  the callback cannot be handled now, and the response has a Retry-After header: it is signed, but more than 24 hours
//	     old (WithMaxAge) or dated more than 5 minutes in the future, so a clock is wrong; the body broke off or did not
//	     arrive in time (WithReadTimeout); too many handlers are running (WithMaxConcurrent); a duplicate is being handled;
//	     or the Deduper or the function of WithAppSecrets failed
//
// The log has the reason of each response other than 200: see [WithLogger].
//
// # Queues
//
// To respond first and handle later, [Receiver.Forward] passes the bytes of verified callbacks to a function that stores
// them, and [Receiver.Handle] runs the handlers for what was stored. [PartitionKey] returns the key of the queue's
// partition, so that the callbacks of a conversation are handled in order.
package webhook
