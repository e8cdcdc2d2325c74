// Package conversationtest provides a fake of the Sinch Conversation API, for tests and for trying the SDK without an
// account. The server runs in the process of the test, listens on loopback and records the requests that it receives:
//
//	srv := conversationtest.NewServer(conversationtest.Config{})
//	defer srv.Close()
//	client := srv.NewClient(t)
//	// ... run the code under test with client and srv.AppID() ...
//	if sent := srv.Sent(); len(sent) != 1 {
//		t.Errorf("sent %d messages, want 1", len(sent))
//	}
//
// The zero Config is the live platform, as far as it is known: its contract, apps in dispatch mode, and clients that speak
// conversation.DialectPlatform. With OpenAPIContract the server keeps openapi.yaml to the letter, and its clients speak
// conversation.DialectOpenAPI.
//
// The server has the token endpoint and all operations of openapi.yaml and of the live platform. It keeps state: apps and
// their webhooks, contacts, conversations and messages are connected as on the platform. It checks credentials as strictly
// as the platform does and each request against its contract, and answers failures with the platform's error body.
//
// [Server.Sent] returns the messages that were accepted, so that a test can count them, [Server.SentEvents] the events, and
// [Server.Batches] the batches of the Batch API, which is at [Server.BatchURL].
// [Server.Requests] returns everything that arrived, including retries and token requests.
//
// The server also acts as the platform and the contacts do: it calls webhooks ([Server.Handle]), receives messages from
// contacts ([Server.Receive]) and sends delivery reports ([Server.Deliver], Config.Script, [Server.Script]). [Server.Callbacks] returns the
// callbacks that it sent.
//
// Tests in other languages steer a server over HTTP: see [Server.Control] and the program conversation-fake. A browser shows
// the phones of the contacts, and the traffic: see [Server.UI].
//
// Failures are injected with [Server.Fault]. With Config.InMemory there is no socket, so that a test inside testing/synctest
// takes no real time. The README lists the known differences from the platform.
package conversationtest
