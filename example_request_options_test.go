package conversation_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
)

func ExampleWithHeader() {
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		fmt.Println(req.Header.Get("X-Trace-Id"))
		return http.StatusOK, `{"id":"01HX"}`
	}))

	_, err := client.Messages.Get(context.Background(), "01HX", conversation.WithHeader("X-Trace-Id", "4711"))
	fmt.Println(err)
	// Output:
	// 4711
	// <nil>
}

// A long list may be slow, other calls may not.
func ExampleWithRequestTimeout() {
	client := exampleClient(canned(http.StatusOK, `{"templates":[]}`), conversation.WithTimeout(5*time.Second))

	list, err := client.Templates.List(context.Background(), conversation.WithRequestTimeout(time.Minute))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(list.Templates))
	// Output: 0
}

// A reminder that arrives twice does no harm, one that is lost does. So its send is retried like a read.
func ExampleWithRequestRetry() {
	requests := 0
	client := exampleClient(responding(func(*http.Request, string) (int, string) {
		if requests++; requests == 1 {
			return http.StatusBadGateway, ``
		}
		return http.StatusOK, `{"message_id":"01HX"}`
	}))

	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Text("See you at eight."),
	}, conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.MessageID, "after", requests, "requests")
	// Output: 01HX after 2 requests
}

// An app in DISPATCH mode keeps its messages elsewhere.
func ExampleWithMessageSource() {
	client := exampleClient(printing(`{"id":"01HX"}`))

	message, err := client.Messages.Get(context.Background(), "01HX", conversation.WithMessageSource(conversation.MessageSourceDispatch))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(message.ID)
	// Output:
	// GET /v1/projects/PROJECT_ID/messages/01HX?messages_source=DISPATCH_SOURCE
	// 01HX
}
