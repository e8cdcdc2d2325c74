// Package conversationtest provides a fake of the Sinch Conversation API, for tests and for trying the SDK without an
// account. The server runs in the process of the test, listens on loopback and records what it receives:
//
//	func TestTheOrderIsConfirmed(t *testing.T) {
//		srv := conversationtest.NewServer(conversationtest.Config{})
//		defer srv.Close()
//
//		confirm(t.Context(), srv.NewClient(t), srv.AppID()) // the code under test
//
//		srv.AssertSentTexts(t, "Thank you: we have your order.")
//	}
//
// Next: [Server.Sent] returns what was sent, [Server.Receive] receives a message of a contact, [Server.Handle] calls the
// webhook receiver under test, [Server.Fault] injects failures, and [Server.Advance] lets time pass. The program
// conversation-fake serves the same fake to tests in other languages, with a page that shows the phones of the contacts.
//
// # What is fake
//
// The zero [Config] is the live platform, as far as it is known: its contract, apps in dispatch mode, and clients that
// speak conversation.DialectPlatform. With [OpenAPIContract] the server keeps openapi.yaml to the letter, and its clients
// speak conversation.DialectOpenAPI. The README lists the known differences from the platform.
//
// The server has the token endpoint and all operations of openapi.yaml and of the live platform. It keeps state: apps and
// their webhooks, contacts, conversations and messages are connected as on the platform. It checks credentials as strictly
// as the platform does and each request against its contract, and answers failures with the platform's error body.
//
// # What is recorded
//
// [Server.Sent] returns the messages that were accepted, [Server.SentEvents] the events, and [Server.Batches] the batches
// of the Batch API, which is at [Server.BatchURL]. [Server.Requests] returns everything that arrived, including retries and
// token requests. [Server.Callbacks] returns the callbacks that the server sent.
//
// # What happens
//
// The server also acts as the platform and the contacts do: it calls webhooks ([Server.Handle]), receives messages from
// contacts ([Server.Receive]) and sends delivery reports ([Server.Deliver], Config.Script, [Server.Script]). [Server.Fault]
// injects failures.
//
// With Config.InMemory there is no socket, so that a test inside testing/synctest takes no real time.
//
// Tests in other languages steer a server over HTTP: see [Server.Control]. A browser shows the phones of the contacts, and
// the traffic: see [Server.UI].
package conversationtest
