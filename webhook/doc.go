// Package webhook receives callbacks from the Sinch Conversation API.
//
// A [Receiver] is the [net/http.Handler] for the target of a webhook: it checks signatures, tells copies apart and calls the
// functions that were added with [On] and [OnAny]. [Fold] puts delivery reports in order.
//
// A webhook that has a secret is called with four headers: X-Sinch-Webhook-Signature, and the same name followed by -Nonce,
// -Timestamp and -Algorithm. [Verify] checks them over the raw body; [Sign] makes them, for tests of code that receives
// callbacks.
package webhook
