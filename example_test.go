package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
)

func ExampleNewClient() {
	client, err := conversation.NewClient("PROJECT_ID",
		conversation.WithOAuth2("KEY_ID", "KEY_SECRET"),
		conversation.WithRegion(conversation.RegionEU))
	fmt.Println(client, err)

	_, err = conversation.NewClient("PROJECT_ID", conversation.WithTimeout(-time.Second))
	fmt.Println(err)
	// Output:
	// conversation.Client{project: PROJECT_ID, host: eu.conversation.api.sinch.com, dialect: platform} <nil>
	// conversation: NewClient: WithTimeout is -1s: it must be above zero
	// conversation: NewClient: credentials are missing: use WithOAuth2, WithBasicAuth or WithTokenSource
	// conversation: NewClient: WithRegion is missing: choose the region of your app, RegionUS, RegionEU or RegionBR
}

func ExampleParseRegion() {
	region, err := conversation.ParseRegion(" EU ")
	fmt.Println(region, err)

	_, err = conversation.ParseRegion("eu-west-1")
	fmt.Println(err)
	// Output:
	// eu <nil>
	// conversation: ParseRegion: name is "eu-west-1", which is not a known region: use us, eu or br
}

func ExampleOutcomeOf() {
	client := exampleClient(canned(503, `{"error":{"code":503,"message":"try again later","status":"UNAVAILABLE"}}`))

	_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Text("Your table is ready."),
	})
	switch conversation.OutcomeOf(err) {
	case conversation.OutcomeAccepted:
		fmt.Println("queued")
	case conversation.OutcomeNotSent:
		fmt.Println("safe to send again")
	case conversation.OutcomeRejected:
		fmt.Println("refused")
	case conversation.OutcomeUnknown:
		fmt.Println("may have gone out:", err)
	}
	// Output: may have gone out: conversation: Messages.Send: HTTP 503: UNAVAILABLE: try again later
}

func ExampleSendMessageRequest_Validate() {
	request := &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text(""),
	}
	if argument, ok := errors.AsType[*conversation.ArgumentError](request.Validate()); ok {
		fmt.Println(argument.Field, argument.Reason)
	}
	// Output: message.text_message.text is empty: fill it in, or leave out the part that it belongs to
}

func ExampleError() {
	client := exampleClient(canned(404, `{"error":{"code":404,"message":"message not found","status":"NOT_FOUND"}}`))

	_, err := client.Messages.Get(context.Background(), "01HX")
	if errors.Is(err, conversation.ErrNotFound) {
		fmt.Println("there is no such message")
	}
	if answer, ok := errors.AsType[*conversation.Error](err); ok {
		fmt.Println(answer.Status, answer.Message)
	}
	// Output:
	// there is no such message
	// NOT_FOUND message not found
}

func ExampleWithResponse() {
	client := exampleClient(canned(200, `{"message_id":"01HX"}`))

	var response conversation.Response
	_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Text("Your table is ready."),
	}, conversation.WithResponse(&response))
	fmt.Println(err, response.StatusCode, response.Attempts, string(response.Body))
	// Output: <nil> 200 1 {"message_id":"01HX"}
}

// durations is an observer that prints each call. That of a program would record a metric or end a span.
type durations struct{}

func (durations) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	fmt.Println(call.Operation, call.Method, call.Route)
	return ctx
}

func (durations) CallEnded(_ context.Context, _ conversation.CallInfo, result conversation.CallResult) {
	fmt.Println(result.Outcome, result.StatusCode, result.Attempts, result.Duration > 0)
}

func ExampleWithObserver() {
	client := exampleClient(canned(404, `{"error":{"code":5,"status":"NOT_FOUND","message":"no such message"}}`),
		conversation.WithObserver(durations{}))

	err := client.Messages.Delete(context.Background(), "01HX")
	fmt.Println(errors.Is(err, conversation.ErrNotFound))
	// Output:
	// Messages.Delete DELETE /v1/projects/{project_id}/messages/{message_id}
	// rejected 404 1 true
	// true
}

func ExampleCallFromContext() {
	middleware := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			call, _ := conversation.CallFromContext(req.Context())
			attempt, _ := conversation.AttemptFromContext(req.Context())
			fmt.Println(call.Operation, attempt)
			return next.RoundTrip(req)
		})
	}
	client := exampleClient(canned(200, `{}`), conversation.WithMiddleware(middleware))

	fmt.Println(client.Messages.Delete(context.Background(), "01HX"))
	// Output:
	// Messages.Delete 1
	// <nil>
}

func ExampleClient_Do() {
	client := exampleClient(canned(200, `{"count":7}`))

	var reply struct {
		Count int `json:"count"`
	}
	err := client.Do(context.Background(), http.MethodGet, "/v1/projects/{project_id}/something:new", nil, &reply)
	fmt.Println(reply.Count, err)
	// Output: 7 <nil>
}

func ExampleClient_With() {
	client := exampleClient(canned(200, `{}`))

	us, err := client.With(conversation.WithRegion(conversation.RegionUS))
	fmt.Println(us.BaseURL(), err)
	// Output: https://us.conversation.api.sinch.com <nil>
}

// orders adds an order to the metadata of each message, and notes the id of the message.
type orders struct{ durations }

func (orders) MessageMetadata(_ context.Context, _ conversation.CallInfo, metadata string) string {
	if metadata != "" {
		return metadata
	}
	return `{"order":"4711"}`
}

func (orders) MessageAccepted(_ context.Context, call conversation.CallInfo, messageID string) {
	fmt.Println(call.Operation, "was accepted as", messageID)
}

func ExampleMessageObserver() {
	client := exampleClient(canned(200, `{"message_id":"01HX"}`), conversation.WithObserver(orders{}))

	_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID: "APP_ID", Message: conversation.Text("Hi!"), Recipient: conversation.ToContact("CONTACT_ID"),
	})
	fmt.Println(err)
	// Output:
	// Messages.Send POST /v1/projects/{project_id}/messages:send
	// Messages.Send was accepted as 01HX
	// accepted 200 1 true
	// <nil>
}
