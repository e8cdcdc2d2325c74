package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestOnlyTheOwnPageAndProgramsReachThePage(t *testing.T) {
	t.Parallel()
	page := start(t, conversationtest.Config{}).UI()
	for name, request := range map[string]struct {
		header http.Header
		host   string
		method string
		want   int
	}{
		"a program":                     {nil, "127.0.0.1:8788", http.MethodGet, 200},
		"localhost":                     {nil, "localhost:8788", http.MethodGet, 200},
		"IPv6":                          {nil, "[::1]:8788", http.MethodGet, 200},
		"an address without a port":     {nil, "::1", http.MethodGet, 200},
		"the page itself":               {http.Header{"Origin": {"http://localhost:8788"}, "Sec-Fetch-Site": {"same-origin"}}, "localhost:8788", http.MethodGet, 200},
		"a person who types it":         {http.Header{"Sec-Fetch-Site": {"none"}}, "localhost:8788", http.MethodGet, 200},
		"a link of another site":        {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}}, "localhost:8788", http.MethodGet, 200},
		"a name that resolves to here":  {nil, "evil.example:8788", http.MethodGet, 403},
		"no host":                       {nil, "", http.MethodGet, 403},
		"another origin":                {http.Header{"Origin": {"https://evil.example"}}, "localhost:8788", http.MethodGet, 403},
		"another port":                  {http.Header{"Origin": {"http://localhost:3000"}}, "localhost:8788", http.MethodGet, 403},
		"an origin that is null":        {http.Header{"Origin": {"null"}}, "localhost:8788", http.MethodGet, 403},
		"two origins":                   {http.Header{"Origin": {"http://localhost:8788", "https://evil.example"}}, "localhost:8788", http.MethodGet, 403},
		"an image of another site":      {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"no-cors"}}, "localhost:8788", http.MethodGet, 403},
		"a frame of another site":       {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"iframe"}}, "localhost:8788", http.MethodGet, 403},
		"a form of a page on this host": {http.Header{"Origin": {"http://localhost:3000"}, "Sec-Fetch-Site": {"same-site"}}, "localhost:8788", http.MethodPost, 403},
		"a form of another site":        {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}}, "localhost:8788", http.MethodPost, 403},
	} {
		for _, path := range []string{"/", "/_fake/reset"} {
			method := request.method
			want := request.want
			if path != "/" && want == 200 {
				method = http.MethodPost
			}
			if path != "/" && name == "a link of another site" {
				want = 403 // As a POST.
			}
			w := askPage(t, page, method, path, request.header.Clone(), request.host)
			assert.Equal(t, want, w.Code, "%s: %s %s: %s", name, method, path, w.Body)
		}
	}
}
