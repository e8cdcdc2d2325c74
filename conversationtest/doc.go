// Package conversationtest is a fake of the Sinch Conversation API, for tests and for trying the SDK without an
// account. It runs in the process of the test, listens on loopback and keeps what it is sent:
//
//	srv := conversationtest.NewServer(conversationtest.Config{})
//	defer srv.Close()
//	client := srv.NewClient(t)
//	// ... run the code under test with client and srv.AppID() ...
//	if sent := srv.Sent(); len(sent) != 1 {
//		t.Errorf("sent %d messages, want 1", len(sent))
//	}
//
// It serves the token endpoint and all operations of openapi.yaml, with state: apps and their webhooks, contacts,
// conversations and messages belong together as on the platform. It checks credentials as strictly as the platform
// does and each request against its contract, in both dialects of the SDK, and answers with the platform's error body. [Server.Sent] is
// the judge of how often something was sent, [Server.SentEvents] is the same for events, and [Server.Requests] shows
// all that arrived, retries and token calls included.
//
// It plays the other side, too: it calls webhooks ([Server.Handle]), speaks as the contact ([Server.Receive]) and reports
// what became of messages ([Server.Deliver], Config.Script). [Server.Callbacks] shows what it delivered.
//
// Things go wrong on demand ([Server.Fault]), and with Config.InMemory there is no socket, so that a test inside
// testing/synctest takes no time. The README lists the differences from the platform that are known.
package conversationtest
