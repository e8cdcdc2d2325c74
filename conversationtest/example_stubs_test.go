package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// messageSender and contactGetter are what reminders need of a client. The services have these methods.
type messageSender interface {
	Send(ctx context.Context, req *conversation.SendMessageRequest, opts ...conversation.RequestOption) (*conversation.SendMessageResponse, error)
}

type contactGetter interface {
	Get(ctx context.Context, contactID string, opts ...conversation.RequestOption) (*conversation.Contact, error)
}

var (
	_ messageSender = (*conversation.MessagesService)(nil)
	_ contactGetter = (*conversation.ContactsService)(nil)
)

// reminders is the code under test. In production it is reminders{client.Messages, client.Contacts}.
type reminders struct {
	messages messageSender
	contacts contactGetter
}

// remind returns what to do with the reminder next.
func (r reminders) remind(ctx context.Context, contactID string) (string, error) {
	contact, err := r.contacts.Get(ctx, contactID)
	if err != nil {
		return "", err
	}
	_, err = r.messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact(contactID),
		Message:   conversation.Text("Hello " + contact.DisplayName),
	})
	switch conversation.OutcomeOf(err) {
	case conversation.OutcomeAccepted:
		return "wait for the delivery report", nil
	case conversation.OutcomeNotSent:
		return "send it again", nil
	case conversation.OutcomeUnknown:
		return "ask a person", nil
	default:
		return "drop it", err
	}
}

// sendFunc and getFunc are stubs: functions with the method of an interface.
type (
	sendFunc func(*conversation.SendMessageRequest) (*conversation.SendMessageResponse, error)
	getFunc  func(contactID string) (*conversation.Contact, error)
)

func (f sendFunc) Send(_ context.Context, req *conversation.SendMessageRequest, _ ...conversation.RequestOption) (*conversation.SendMessageResponse, error) {
	return f(req)
}

func (f getFunc) Get(_ context.Context, contactID string, _ ...conversation.RequestOption) (*conversation.Contact, error) {
	return f(contactID)
}

// Code that declares small interfaces for the methods that it calls can be tested with stubs. ErrorFor returns the errors that a
// client returns.
func Example_stubs() {
	for _, outcome := range []conversation.Outcome{
		conversation.OutcomeAccepted, conversation.OutcomeNotSent, conversation.OutcomeUnknown, conversation.OutcomeRejected,
	} {
		under := reminders{
			contacts: getFunc(func(contactID string) (*conversation.Contact, error) {
				return &conversation.Contact{ID: contactID, DisplayName: "Ada"}, nil
			}),
			messages: sendFunc(func(req *conversation.SendMessageRequest) (*conversation.SendMessageResponse, error) {
				fmt.Printf("%q: ", req.Message.TextMessage.Text)
				if err := conversationtest.ErrorFor(outcome); err != nil {
					return nil, err
				}
				return &conversation.SendMessageResponse{MessageID: "M"}, nil
			}),
		}
		next, err := under.remind(context.Background(), "CONTACT_ID")
		fmt.Printf("%s: %s (%t)\n", outcome, next, err != nil)
	}
	// Output:
	// "Hello Ada": accepted: wait for the delivery report (false)
	// "Hello Ada": not sent: send it again (false)
	// "Hello Ada": unknown: ask a person (false)
	// "Hello Ada": rejected: drop it (true)
}
