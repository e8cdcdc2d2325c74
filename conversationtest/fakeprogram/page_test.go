package fakeprogram

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestThePageIsServedOnItsOwnAddress(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"the default": nil, "a free port": {"-ui", "127.0.0.1:0"}, "all addresses": {"-ui", ":0"}, "beside a control address": {"-control-addr", "127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := runWithPage(t, args...)
			assert.Regexp(t, `^http://127\.0\.0\.1:\d+$`, here.info.UIURL)
			for path, content := range map[string]string{"": "<!doctype html>", "/app.js": "import", "/_fake/state": `"project_id"`} {
				status, answer := ask(t, http.MethodGet, here.info.UIURL+path, "", nil)
				assert.Equal(t, http.StatusOK, status, path)
				assert.Contains(t, answer, content, path)
			}
			status, _ := ask(t, http.MethodGet, here.info.BaseURL+"/", "", nil)
			assert.NotEqual(t, http.StatusOK, status, "the API's address has no page")
			assert.Equal(t, 0, here.end())
		})
	}
}

func TestThePrintedCommandSendsAMessageToThePhone(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"alone": nil, "with a control address": {"-control-addr", "127.0.0.1:0"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := runWithPage(t, append([]string{"-ui", "127.0.0.1:0"}, args...)...)
			lines := strings.Split(here.log.String(), "\n")
			require.GreaterOrEqual(t, len(lines), 2)
			assert.Equal(t, "The phone is at "+here.info.UIURL, lines[0])
			command := regexp.MustCompile(`^Send a message to it: curl (\S+) -d '(.*)'$`).FindStringSubmatch(lines[1])
			require.Len(t, command, 3, lines[1])

			status, answer := ask(t, http.MethodPost, command[1], command[2], func(r *http.Request) {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded") // as curl does
			})
			require.Equal(t, http.StatusOK, status, answer)
			var sent struct {
				MessageID string `json:"message_id"`
			}
			require.NoError(t, json.Unmarshal([]byte(answer), &sent))
			_, state := ask(t, http.MethodGet, here.info.UIURL+"/_fake/state", "", nil)
			assert.Contains(t, state, sent.MessageID)
			assert.Equal(t, 0, here.end())
		})
	}
}

func TestTheJSONLogAnnouncesThePageInALineOfJSON(t *testing.T) {
	t.Parallel()
	here := runWithPage(t, "-ui", "127.0.0.1:0", "-log", "json")
	var line struct {
		Message string `json:"msg"`
		URL     string `json:"ui_url"`
	}
	require.NoError(t, json.Unmarshal(here.log.Bytes(), &line))
	assert.Equal(t, "the page is ready", line.Message)
	assert.Equal(t, here.info.UIURL, line.URL)
	assert.Equal(t, 0, here.end())
}

func TestWithoutAPageNothingIsAnnounced(t *testing.T) {
	t.Parallel()
	here := runWithPage(t, "-ui", "off")
	assert.Empty(t, here.info.UIURL)
	assert.Equal(t, 0, here.end())
	assert.Empty(t, here.log.String())
}

func TestAnAddressOfThePageThatOthersReachIsPointedOut(t *testing.T) {
	t.Parallel()
	for addr, pointedOut := range map[string]bool{":0": true, "0.0.0.0:0": true, "127.0.0.1:0": false, "localhost:0": false, "[::1]:0": false} {
		assert.Equal(t, pointedOut, isOpen(addr), addr)
	}
	here := runWithPage(t, "-ui", ":0")
	assert.Contains(t, here.log.String(), "can read and change everything")
	assert.Equal(t, 0, here.end())
}

func TestTwoFakesHaveTwoPages(t *testing.T) {
	t.Parallel()
	first, second := runWithPage(t), runWithPage(t)
	assert.NotEqual(t, first.info.UIURL, second.info.UIURL)
	assert.Equal(t, 0, first.end())
	assert.Equal(t, 0, second.end())
}

func TestAnAddressOfThePageInUseIsExplained(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // Listening does not block.
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	used := listener.Addr().String()
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), programName, []string{"-addr", "127.0.0.1:0", "-ui", used}, &stdout, &stderr)

	assert.Equal(t, 1, code)
	assert.Empty(t, stdout.String())
	assert.Regexp(t, `^conversation-fake: cannot serve the page on "`+used+`": .*in use; use -ui with another address, or -ui off\n$`, stderr.String())
}

func TestAnAddressOfThePageThatIsNoneIsRejected(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"8788", "localhost", "on", ""} {
		_, err := readFlags(programName, []string{"-ui", addr}, io.Discard)
		assert.ErrorContains(t, err, `flag -ui: it must be host:port, or off`, addr)
	}
}
