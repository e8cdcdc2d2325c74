package conversation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestARegionIsReadWhateverItsCase(t *testing.T) { //nolint:paralleltest // It sets variables.
	for name, want := range map[string]conversation.Region{
		"us": conversation.RegionUS, "US": conversation.RegionUS, "Eu": conversation.RegionEU, " eu\n": conversation.RegionEU,
		"\tBR ": conversation.RegionBR, "bR": conversation.RegionBR,
	} {
		region, err := conversation.ParseRegion(name)
		require.NoError(t, err, "%q", name)
		assert.Equal(t, want, region, "%q", name)

		host := "https://" + string(want) + ".conversation.api.sinch.com/"
		assert.Contains(t, sentTo(t, conversation.WithRegion(conversation.Region(name))), host, "%q", name)

		setEnv(t, fullEnv("SINCH_CONVERSATION_REGION", name))
		assert.Contains(t, sendFromEnv(t).callURL, host, "%q", name)
	}
}

func TestAnUnknownRegionIsShown(t *testing.T) { //nolint:paralleltest // It sets variables.
	for name, shown := range map[string]string{
		"moon":                   `"moon"`,
		"eu-west-1":              `"eu-west-1"`,
		"e u":                    `"e u"`,
		"EU\nus":                 `"EU\nus"`,
		"e\u202eu":               `"e\u202eu"`,
		strings.Repeat("eu", 99): `"eueueueueueueueu..."`,
	} {
		_, parse := conversation.ParseRegion(name)
		_, option := conversation.NewClient("PROJECT", workingBasic(conversation.WithRegion(conversation.Region(name)))...)
		setEnv(t, fullEnv("SINCH_CONVERSATION_REGION", name))
		_, env := conversation.NewClientFromEnv()
		for field, err := range map[string]error{"ParseRegion: name": parse, "NewClient: WithRegion": option, "NewClientFromEnv: SINCH_CONVERSATION_REGION": env} {
			require.ErrorAs(t, err, new(*conversation.ArgumentError))
			assert.ErrorContains(t, err, field+" is "+shown+", which is not a known region: ", "%q", name)
		}
	}
	_, err := conversation.ParseRegion(" ")
	assert.EqualError(t, err, `conversation: ParseRegion: name is " ", which is not a known region: use us, eu or br`)
}
