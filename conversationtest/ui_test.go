package conversationtest_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// askPage returns the answer of the page's handler to a request.
func askPage(t *testing.T, handler http.Handler, method, path string, header http.Header, host string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header, r.Host = header, host
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestThePageHasAStrictPolicyAndItsOwnFilesOnly(t *testing.T) {
	t.Parallel()
	page := start(t, conversationtest.Config{}).UI()
	w := askPage(t, page, http.MethodGet, "/", http.Header{}, "127.0.0.1:8788")
	require.Equal(t, http.StatusOK, w.Code)
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		assert.Contains(t, policy, part)
	}
	assert.NotContains(t, policy, "unsafe")
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	assert.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"))

	for _, file := range regexp.MustCompile(`(?:src|href)="([^"#]+)"`).FindAllStringSubmatch(w.Body.String(), -1) {
		assert.NotContains(t, file[1], "/", "a file of the page")
		found := askPage(t, page, http.MethodGet, "/"+file[1], http.Header{}, "127.0.0.1:8788")
		assert.Equal(t, http.StatusOK, found.Code, file[1])
	}
}

func TestNoFileOfThePageNamesAnotherHostOrWritesMarkup(t *testing.T) {
	t.Parallel()
	page := os.DirFS("ui")
	files, err := fs.Glob(page, "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bimport\("http|@import|url\(["']?http|createContextualFragment|setHTML`)
	for _, name := range files {
		content, err := fs.ReadFile(page, name)
		require.NoError(t, err)
		if name == "dom.js" {
			continue // It names the properties that it rejects.
		}
		assert.NotRegexp(t, markup, string(content), name)
		if strings.HasSuffix(name, ".html") {
			assert.NotRegexp(t, `(?i)<script(?: [^>]*)?>[^<]|style="|\son[a-z]+="|https?://`, string(content), name)
		}
	}
}

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

func TestThePageWorksBelowAPath(t *testing.T) {
	t.Parallel()
	page := http.StripPrefix("/phone", start(t, conversationtest.Config{InMemory: true}).UI())
	for path, want := range map[string]int{"/phone/": 200, "/phone/app.js": 200, "/phone/_fake/state": 200, "/phone/none.js": 404} {
		assert.Equal(t, want, askPage(t, page, http.MethodGet, path, http.Header{}, "localhost").Code, path)
	}
	assert.Equal(t, http.StatusMethodNotAllowed, askPage(t, page, http.MethodPost, "/phone/", http.Header{}, "localhost").Code)
}
