package docs_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThePicturesOfKindsShowWhatTheBlocksSend compares the blocks of sending.md with the functions that the pictures are taken of.
func TestThePicturesOfKindsShowWhatTheBlocksSend(t *testing.T) {
	t.Parallel()
	page := readDocument(t, ".", "sending.md")
	var source []string
	for _, name := range []string{"sendings_test.go", "sendings_channels_test.go"} {
		source = append(source, readDocument(t, ".", "../conversationtest/browsertest/"+name).lines...)
	}
	functions := map[string]string{} // their bodies without the return, by the name of the picture
	for _, found := range regexp.MustCompile(`(?s)\nfunc send([A-Z]\w*)\([^\n]*\{\n(.*?)\treturn [^\n]*\n\}\n`).FindAllStringSubmatch(strings.Join(source, "\n"), -1) {
		functions[strings.ToLower(found[1])] = regexp.MustCompile(`(?m)^\t`).ReplaceAllString(found[2], "")
	}
	require.Greater(t, len(functions), 20)
	blocks := map[string]string{}
	for _, b := range page.blocks() {
		below := page.lines[min(b.line+len(b.lines)+2, len(page.lines)-1)]
		if shown := regexp.MustCompile(`^!\[.+\]\((kinds/(\w+)\.png)\)$`).FindStringSubmatch(below); shown != nil {
			blocks[shown[2]] = b.text()
			assert.FileExists(t, shown[1])
		}
	}
	assert.Len(t, blocks, len(functions))
	for name, function := range functions {
		assert.Equal(t, function, blocks[name], name)
	}
}
