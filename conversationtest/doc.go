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
// does, accepts both dialects of the SDK, and answers what is wrong with the platform's error body. [Server.Sent] is
// the judge of how often something was sent, [Server.SentEvents] is the same for events, and [Server.Requests] shows
// all that arrived, retries and token calls included.
//
// Not there yet: callbacks to webhooks and delivery reports, messages from contacts, faults on demand, and checking
// each request against the whole contract. Every message is stored, as the platform does it for an app in CONVERSATION
// mode. The README lists all known differences.
package conversationtest
