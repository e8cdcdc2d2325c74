package fakeprogram

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheLogHasALineARequestAndNothingPrivate(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			here := runHere(t, "-log", format)
			send(t, clientOf(t, here.info), here.info.AppID, "15551230000")
			require.Equal(t, 0, here.end())

			log := here.log.String()
			assert.Equal(t, 2, strings.Count(log, "\n"), log)
			assert.Contains(t, log, "/oauth2/token")
			assert.Contains(t, log, "/v1/projects/"+here.info.ProjectID+"/messages:send")
			for _, private := range []string{"15551230000", "a private text", here.info.KeyID, here.info.KeySecret, "Bearer"} {
				assert.NotContains(t, log, private)
			}
		})
	}
}

func TestALineShowsNoDigitsOfANumberHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"+46_70,123-4567", "\uff0b\uff14\uff1670 1234567", "+46\u200e70\u00a01234567", "\u0664\u0666\u0667\u0660\u0661\u0662\u0663", "+46\x1b70\u202e1234567"} {
		for name, format := range map[string]string{"text": logText, "JSON": logJSON} {
			var out bytes.Buffer
			newRequestLog(format, &out).log(conversationtest.Request{Path: "/contacts/" + url.PathEscape(number), Query: url.Values{"identity": {number}}}, 0)
			_, line, _ := strings.Cut(out.String(), "path")
			line, _, _ = strings.Cut(line, "status")
			assert.NotRegexp(t, `\pN|\pC`, line, "%s, %q", name, number)
		}
	}
}

func TestALineReportsTheResultOfTheRequest(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	newRequestLog("json", &out).log(conversationtest.Request{
		Method: "GET",
		Path:   "/v1/projects/1234-a/consents/%2B15551230000",
		Query:  url.Values{"update_mask": {"a,b"}, "identity": {"+15551230000"}},
		Status: 404,
	}, 1500*time.Microsecond)

	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	assert.NotEmpty(t, line["time"])
	delete(line, "time")
	assert.Equal(t, map[string]any{
		"level": "INFO", "msg": "request", "method": "GET",
		"path":   "/v1/projects/1234-a/consents/+***********",
		"query":  "identity=+***********&update_mask=a,b",
		"status": 404.0, "duration": "1.5ms",
	}, line)
}
