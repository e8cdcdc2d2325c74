package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// sender is what the code under test needs of a client.
type sender interface {
	Send(context.Context, *conversation.SendMessageRequest, ...conversation.RequestOption) (*conversation.SendMessageResponse, error)
}

// notify is the code under test. It reports whether the message goes back to the queue.
func notify(messages sender) (again bool) {
	_, err := messages.Send(context.Background(), &conversation.SendMessageRequest{ /* ... */ })
	return conversation.OutcomeOf(err) == conversation.OutcomeNotSent
}

// stub is a sender that fails.
type stub struct{ err error }

func (s stub) Send(
	context.Context, *conversation.SendMessageRequest, ...conversation.RequestOption,
) (*conversation.SendMessageResponse, error) {
	return nil, s.err
}

func ExampleErrorFor() {
	for _, outcome := range []conversation.Outcome{
		conversation.OutcomeNotSent, conversation.OutcomeRejected, conversation.OutcomeUnknown,
	} {
		fmt.Println(outcome, notify(stub{conversationtest.ErrorFor(outcome)}))
	}
	// Output:
	// not sent true
	// rejected false
	// unknown false
}
