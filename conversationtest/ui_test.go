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

func TestThePageWorksBelowAPath(t *testing.T) {
	t.Parallel()
	page := http.StripPrefix("/phone", start(t, conversationtest.Config{InMemory: true}).UI())
	for path, want := range map[string]int{"/phone/": 200, "/phone/app.js": 200, "/phone/_fake/state": 200, "/phone/none.js": 404} {
		assert.Equal(t, want, askPage(t, page, http.MethodGet, path, http.Header{}, "localhost").Code, path)
	}
	assert.Equal(t, http.StatusMethodNotAllowed, askPage(t, page, http.MethodPost, "/phone/", http.Header{}, "localhost").Code)
}
