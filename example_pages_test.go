package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/sinchgo/conversation"
)

// Every page, one after the other. An All method does the same for items.
func ExamplePage_Next() {
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		if req.URL.Query().Get("page_token") == "" {
			return http.StatusOK, `{"contacts":[{"id":"A"},{"id":"B"}],"next_page_token":"PAGE_2"}`
		}
		return http.StatusOK, `{"contacts":[{"id":"C"}]}`
	}))
	ctx := context.Background()

	page, err := client.Contacts.List(ctx, nil)
	for err == nil {
		fmt.Println(len(page.Items), "contacts")
		page, err = page.Next(ctx)
	}
	fmt.Println("the end:", errors.Is(err, conversation.ErrNoNextPage))
	// Output:
	// 2 contacts
	// 1 contacts
	// the end: true
}

// A list that broke off goes on at the page that failed.
func ExamplePageError() {
	client := exampleClient(responding(func(req *http.Request, _ string) (int, string) {
		if req.URL.Query().Get("page_token") == "" {
			return http.StatusOK, `{"contacts":[{"id":"A"},{"id":"B"}],"next_page_token":"PAGE_2"}`
		}
		return http.StatusForbidden, `{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}`
	}))

	for contact, err := range client.Contacts.All(context.Background(), nil) {
		if failed, ok := errors.AsType[*conversation.PageError](err); ok {
			fmt.Println("later, with ListContactsParams.PageToken", failed.PageToken)
			return
		}
		fmt.Println(contact.ID)
	}
	// Output:
	// A
	// B
	// later, with ListContactsParams.PageToken PAGE_2
}
