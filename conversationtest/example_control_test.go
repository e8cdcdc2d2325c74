package conversationtest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/sinchgo/conversation/conversationtest"
)

// A test in another language speaks as the contact. Here, Go plays the other language.
func ExampleServer_Control() {
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	control := httptest.NewServer(srv.Control())
	defer control.Close()

	body := strings.NewReader(`{"channel": "SMS", "identity": "15551230000", "text": "Where is my parcel?"}`)
	r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, control.URL+"/_fake/receive", body)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	fmt.Println(resp.Status)
	// Output: 200 OK
}
