package outbox_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

func TestAReplyIsAboutTheSettingOrAboutTheMessage(t *testing.T) {
	t.Parallel()
	for text, about := range map[string]bool{
		``: true, `app "contact" not found`: true, `App contact-app not found`: true, `path "/v1/messages:send" not found`: true,
		`project "x" not found`: true, `Conversation API: the application was not found`: true, `Requested entity was not found.`: true,
		`contact "app" not found`: false, `No contact found in the app`: false, `conversation "c" not found`: false,
		`message "m" not found`: false, `Template not found`: false, `Recipient identities were not found`: false,
	} {
		assert.Equal(t, about, outbox.AboutSetting(&conversation.Error{StatusCode: http.StatusNotFound, Message: text}), text)
	}
	for status, about := range map[int]bool{400: false, 401: true, 403: true, 409: false, 429: false, 500: false, 501: false, 503: false} {
		assert.Equal(t, about, outbox.AboutSetting(&conversation.Error{StatusCode: status}), status)
	}
	for status, about := range map[int]bool{0: false, 400: true, 401: true, 403: true, 408: false, 429: false, 503: false} {
		assert.Equal(t, about, outbox.AboutSetting(&conversation.AuthError{StatusCode: status}), status)
	}
	for _, found := range []bool{true, false} {
		assert.Equal(t, !found, outbox.AboutSetting(fmt.Errorf("dial: %w", &net.DNSError{IsNotFound: !found})))
	}
	assert.True(t, outbox.AboutSetting(outbox.ErrTokenRejected))
	assert.False(t, outbox.AboutSetting(nil))
	assert.False(t, outbox.AboutSetting(context.DeadlineExceeded))
}

func TestAReplyShowsThatTheSettingIsRight(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		failure error
		shows   bool
	}{
		"accepted":           {nil, true},
		"a wrong message":    {&conversation.Error{StatusCode: 400}, true},
		"a missing contact":  {&conversation.Error{StatusCode: 404, Message: "contact not found"}, true},
		"a missing app":      {&conversation.Error{StatusCode: 404, Message: "app not found"}, false},
		"403":                {&conversation.Error{StatusCode: 403}, false},
		"401":                {&conversation.Error{StatusCode: 401}, false},
		"429":                {&conversation.Error{StatusCode: 429}, false},
		"501":                {&conversation.Error{StatusCode: 501}, false},
		"503":                {&conversation.Error{StatusCode: 503}, false},
		"not sent at all":    {&conversation.ArgumentError{}, false},
		"without a token":    {&conversation.AuthError{StatusCode: 403}, false},
		"a refused token":    {outbox.ErrTokenRejected, false},
		"an unknown outcome": {context.DeadlineExceeded, false},
	} {
		assert.Equal(t, c.shows, outbox.ShowsSetting(outbox.OutcomeOf(c.failure), c.failure), name)
	}
}
