package conversation_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestWhatDescribesAFailurePrintsAsOneLine(t *testing.T) {
	t.Parallel()
	channel := conversation.Reason{
		Code: "CHANNEL_FAILURE", Description: "media was rejected", SubCode: conversation.ReasonSubCodeAttachmentRejected, ChannelCode: "131053",
	}
	for want, value := range map[string]any{
		"CHANNEL_FAILURE: media was rejected (ATTACHMENT_REJECTED)": channel,
		"RECIPIENT_NOT_REACHABLE":                                   conversation.Reason{Code: "RECIPIENT_NOT_REACHABLE"},
		"RATE_LIMITED (NEW_IN_2027)":                                conversation.Reason{Code: "RATE_LIMITED", SubCode: "NEW_IN_2027"},
		"UNKNOWN: no words for +*******":                            conversation.Reason{Description: "no words\nfor +46 70 123 45 67"},
		"UNKNOWN (INACTIVE_SENDER)":                                 conversation.Reason{SubCode: conversation.ReasonSubCodeInactiveSender},
		"UNKNOWN":                                                   conversation.Reason{},
		`INTERNAL_ERROR: \x1b[2J\u202egnp`:                          conversation.Reason{Code: "INTERNAL_ERROR", Description: "\x1b[2J\u202egnp"},
		"FAILING: token expired":                                    conversation.ChannelIntegrationState{Status: "FAILING", Description: "token expired"},
		"ACTIVE":                                                    conversation.ChannelIntegrationState{Status: "ACTIVE"},
		"no contact has +*******":                                   conversation.OptInNotificationErrorDetails{Description: "no contact has +46-70-1234567"},
		`the list is full for *******\u200e`:                        conversation.OptOutNotificationErrorDetails{Description: "the list is full for 46701234567\u200e"},
	} {
		for _, format := range []string{"%v", "%s", "%+v"} {
			assert.Equal(t, want, fmt.Sprintf(format, value))
		}
		assert.Equal(t, "["+want+"]", fmt.Sprint([]any{value}))
	}

	report := conversation.MessageDeliveryReport{MessageID: "M", Reason: &channel}
	assert.Contains(t, fmt.Sprintf("%+v", report), "Reason:CHANNEL_FAILURE: media was rejected (ATTACHMENT_REJECTED)")
	assert.Equal(t, "CHANNEL_FAILURE: media was rejected (ATTACHMENT_REJECTED)", fmt.Sprint(report.Reason))
	report.Reason = nil
	assert.Equal(t, "<nil>", fmt.Sprint(report.Reason))

	var logs bytes.Buffer
	slog.New(slog.NewTextHandler(&logs, nil)).Info("failed", "reason", &channel, "nothing", report.Reason)
	assert.Contains(t, logs.String(), `reason="CHANNEL_FAILURE: media was rejected (ATTACHMENT_REJECTED)" nothing=<nil>`)
}
