package conversationtest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/sinchgo/conversation/conversationtest"
)

// A program that has a fake for its development can show its page.
func ExampleServer_UI() {
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()

	page := httptest.NewServer(srv.UI()) // yours: go http.ListenAndServe("127.0.0.1:8788", srv.UI())
	defer page.Close()

	resp, err := http.Get(page.URL) //nolint:noctx // It is an example.
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	fmt.Println(resp.Status, resp.Header.Get("Content-Type"))
	// Output: 200 OK text/html; charset=utf-8
}
