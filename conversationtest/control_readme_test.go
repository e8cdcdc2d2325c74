package conversationtest_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func readREADME(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	return string(text)
}

func TestTheTableOfTheReadmeHasEachPathOfTheControlAPIAndNoOther(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	var rows []string
	for _, row := range regexp.MustCompile("(?m)^\\| `((?:GET|POST|DELETE|PUT|PATCH) /\\S*)` \\|").FindAllStringSubmatch(readREADME(t), -1) {
		rows = append(rows, row[1])
	}
	assert.Equal(t, r.routes(), rows)
}

var (
	curlLine = regexp.MustCompile(`(?m)^curl (?:-N )?(?:-X (\w+) )?"\$BASE([^"]*)"(?: -d '(.*)')?(?: &)?$`)
	numbers  = strings.NewReplacer("faults/1", "faults/{id}", "scripts/1", "scripts/{id}", "callbacks/1", "callbacks/{seq}")
	variable = regexp.MustCompile(`'\$(\w+)'`)
)

// TestEachCurlLineOfTheReadmeSucceeds also checks that there is a line for each path.
func TestEachCurlLineOfTheReadmeSucceeds(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	hooked(srv, "secret", conversation.TriggerMessageInbound)
	ids := map[string]string{"MESSAGE": sendOver(t, srv, conversation.ChannelRCS, conversation.ChannelSMS), "ANOTHER": sendText(t, srv, "hi")}
	readme := readREADME(t)
	lines := curlLine.FindAllStringSubmatch(readme, -1)
	require.Len(t, lines, strings.Count(readme, "\ncurl "))
	called := map[string]bool{}
	for _, line := range lines {
		method, path, body := line[1], line[2], line[3]
		if method == "" {
			method = map[bool]string{true: http.MethodGet, false: http.MethodPost}[body == ""]
		}
		body = variable.ReplaceAllStringFunc(body, func(name string) string { return ids[strings.Trim(name, "'$")] })
		path = os.Expand(path, func(name string) string { return ids[name] })
		plain, _, _ := strings.Cut(path, "?")
		called[method+" /_fake"+numbers.Replace(plain)] = true
		if plain == "/events" {
			continue // It does not end.
		}
		status, answer := r.ask(method, strings.TrimPrefix(path, "/"), body)
		assert.Less(t, status, http.StatusMultipleChoices, "%s: %v", line[0], answer)
	}
	for _, route := range r.routes() {
		assert.True(t, called[route], "%s has no example", route)
	}
}
