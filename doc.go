// Package conversation is a client for the Sinch Conversation API, which sends and receives messages over SMS, RCS,
// WhatsApp, Messenger, Instagram, Viber, Telegram, KakaoTalk, LINE and MMS. It is not an official Sinch product.
//
// Set SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET and SINCH_CONVERSATION_REGION (us, eu or br), then send a message:
//
//	client, err := conversation.NewClientFromEnv() // one for the whole program
//	if err != nil {
//		return err
//	}
//	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
//		AppID:     appID,
//		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
//		Message:   conversation.Text("Your table is ready."),
//	})
//
// Package webhook receives replies and delivery reports. Module conversationtest has a fake of the API, for tests and for
// a first try without an account. Module relay and module pgconversation send from a durable queue.
//
// # Calls
//
// The services of a [Client], such as [MessagesService], have the operations of the API. A client is safe for concurrent
// use. A method accepts a context first and [RequestOption] values last. Its comment names the HTTP method and path. List
// methods return one [Page]; All methods yield every item and fetch pages as needed.
//
// # Retries
//
// Whether a failed call is retried depends on its class. The API has no idempotency key, so a retried send can reach a
// person twice.
//
//   - Idempotent: every read, update, delete and stop, a transcoding, a capability query, and the cancellation and the
//     consents of batches. They are retried after network errors, 408, 429, 500, 502, 503, 504 and 520 to 530.
//   - Not idempotent: every send, create, merge and injection. They are retried after 429, and after proof that the request
//     was not sent, such as a failed dial.
//
// A 401 to a cached access token renews the token and retries once. No other status is retried. If the API may have
// processed the first attempt of a delete, a 404 to a retry is a success.
//
// By default a call sends at most 3 requests, besides the one after a 401. The wait before a retry is random, up to 250
// ms at first and up to twice as long after each attempt. A Retry-After of up to 30 s is waited for, and up to a tenth
// longer, at random. If it is longer than 30 s, or ends after the context's deadline, the call returns the error
// immediately. A client has a budget of 50 retries: each retry costs 1, each success restores 0.1. [WithRetry] and
// [WithRequestRetry] change the policy; see [RetryPolicy].
//
// # Errors
//
// A failed call returns one of:
//
//   - [*ArgumentError]: an argument or option is invalid, or larger than the platform accepts (see
//     [WithoutLimitChecks]). Nothing was sent.
//   - [*AuthError]: no access token could be obtained.
//   - [*TransportError]: the API did not respond, or the context ended.
//   - [*Error]: the API returned an error, or the response is not the API's or cannot be decoded. Match the status with
//     [errors.Is]: [ErrBadRequest], [ErrUnauthorized], [ErrForbidden], [ErrNotFound], [ErrConflict], [ErrRateLimited],
//     [ErrUnavailable].
//
// A later page of a list, and every page of an All method, wraps the error in a [*PageError], whose token resumes the list.
//
// [OutcomeOf] returns the outcome of a call that changes something: accepted, rejected, not sent or unknown. After
// [OutcomeUnknown], a retry of a send can reach a person twice; errors of this package then match [ErrMaybeSent].
//
// Errors and logs never show keys and access tokens. In the server's own words, phone numbers with a plus sign and runs of
// 7 or more digits are masked. Request and response types are plain data and are not masked.
//
// # Dialects
//
// The contract, openapi.yaml, and the live platform differ in places. A client with a region speaks [DialectPlatform], to
// Sinch itself. A client with only a base URL speaks [DialectOpenAPI], to a server built from openapi.yaml. See [Dialect].
package conversation
