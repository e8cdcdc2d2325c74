// Package browsertest tests the page of conversation-fake in a headless Chromium. It is a separate module, so that users of
// conversationtest do not download a driver of browsers. "make test-browser", run from the root of the repository, runs it.
package browsertest
