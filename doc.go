// Package conversation is a client for the Sinch Conversation API, which sends and receives messages over SMS, RCS,
// WhatsApp, Messenger, Instagram, Viber, Telegram, KakaoTalk, LINE and MMS. It is not made by Sinch.
//
// # Sending
//
// Make one [Client] and share it:
//
//	client, err := conversation.NewClientFromEnv()
//	...
//	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
//		AppID:     appID,
//		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
//		Message:   conversation.Text("Your table is ready."),
//	})
//
// Every method takes a context first and [RequestOption] values last. Its doc comment names its HTTP method and path.
//
// # Errors and outcomes
//
// A failed call returns an [*ArgumentError] (refused before anything was sent: it lacks what the API requires or, with
// [DialectPlatform], is larger than the platform takes; see [WithoutLimitChecks]), an [*AuthError] (no access token), a
// [*TransportError] (no answer came) or an [*Error] (the API's answer). [OutcomeOf] says what became of the call:
// after [OutcomeUnknown], repeating a send can text a person twice.
//
// # Repeats
//
// The API has no idempotency key, so sends, creates and merges are repeated only when that is safe. See [RetryPolicy].
//
// # Dialects
//
// The contract, openapi.yaml, departs from the live platform in places. Use [DialectPlatform] to talk to Sinch itself,
// and [DialectOpenAPI] to talk to something built from openapi.yaml. See [Dialect].
//
// # Lists
//
// List gives one [Page]; All yields every item and fetches pages as they are needed.
//
// # What is printed
//
// Nothing that this package prints or logs shows a key or an access token. In texts from elsewhere, such as the message of
// an [Error], phone numbers with a plus sign and runs of 7 and more digits are masked. Request and response types are
// plain data and print as such.
package conversation
