package command

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestErrorsOfFilesDoNotShowTheirContent(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	for _, content := range []string{
		`{"` + testNumber + `":1}`, `{"` + testText + `":1}`, `{"message":{"text_message":{"text":"x","` + testNumber + `":{"` + testText + `":1}}}}`,
		`{"message":{"text_message":{"text":["` + testText + `"]}}}`, `{"message":{"text_message":{"text":"x"}},"ttl":"` + testText + `"}`,
		`{"message":{"text_message":{"text":"x"}},"ttl":"\"` + testNumber + `"}`, testNumber,
	} {
		got := ctlFor(srv).run(t, "send", "--to=SMS:"+testNumber, "--file="+writeFile(t, content))
		assert.Equal(t, exitUsage, got.code, content)
		assertDiscreet(t, got.stderr)
	}
	assert.Empty(t, srv.Requests())
}
