// Package webhook checks and makes the signatures of callbacks from the Sinch Conversation API.
//
// A webhook that has a secret is called with four headers: X-Sinch-Webhook-Signature, and the same name followed by -Nonce,
// -Timestamp and -Algorithm. [Verify] checks them over the raw body; [Sign] makes them, for tests of code that receives
// callbacks.
package webhook
