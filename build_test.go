package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestConstructorsMakeWhatTheirNamesSay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		made any
		want string
	}{
		"Text":          {conversation.Text("Hello"), `{"text_message":{"text":"Hello"}}`},
		"Media":         {conversation.Media("https://x.test/a.png"), `{"media_message":{"url":"https://x.test/a.png"}}`},
		"Card":          {conversation.Card("T", "D"), `{"card_message":{"description":"D","title":"T"}}`},
		"Card, choices": {conversation.Card("T", "D", conversation.TextChoice("Yes", "y"), conversation.TextChoice("No", "")), `{"card_message":{"choices":[{"postback_data":"y","text_message":{"text":"Yes"}},{"text_message":{"text":"No"}}],"description":"D","title":"T"}}`},
		"MediaCard": {
			conversation.MediaCard("T", "D", "https://x.test/a.png", conversation.TextChoice("Yes", "y")),
			`{"card_message":{"choices":[{"postback_data":"y","text_message":{"text":"Yes"}}],"description":"D","media_message":{"url":"https://x.test/a.png"},"title":"T"}}`,
		},
		"MenuItem":       {conversation.MenuItem("One", "The first", "1"), `{"choice":{"description":"The first","postback_data":"1","title":"One"}}`},
		"MenuItem, bare": {conversation.MenuItem("One", "", ""), `{"choice":{"title":"One"}}`},
		"ListMenu": {
			conversation.ListMenu("T", conversation.ListSection{Title: "S", Items: []conversation.Choice{conversation.TextChoice("One", "1")}}),
			`{"list_message":{"sections":[{"items":[{"postback_data":"1","text_message":{"text":"One"}}],"title":"S"}],"title":"T"}}`,
		},
		"Template": {
			conversation.Template("ID", "2", "en-US", map[string]string{"name": "Eve"}),
			`{"template_message":{"omni_template":{"language_code":"en-US","parameters":{"name":"Eve"},"template_id":"ID","version":"2"}}}`,
		},
		"Template, bare": {conversation.Template("ID", "", "", nil), `{"template_message":{"omni_template":{"template_id":"ID"}}}`},
		"Reply": {
			conversation.Reply(conversation.Text("Hello"), "M"), `{"reply_to":{"message_id":"M"},"text_message":{"text":"Hello"}}`,
		},
		"TextChoice": {conversation.TextChoice("Yes", "y"), `{"postback_data":"y","text_message":{"text":"Yes"}}`},
		"Choices": {
			conversation.Choices("Tea?", conversation.TextChoice("Yes", "")),
			`{"choice_message":{"choices":[{"text_message":{"text":"Yes"}}],"text_message":{"text":"Tea?"}}}`,
		},
		"Choices, none":   {conversation.Choices("Tea?"), `{"choice_message":{"text_message":{"text":"Tea?"}}}`},
		"Carousel":        {conversation.Carousel(conversation.CardMessage{Title: "A"}, conversation.CardMessage{Title: "B"}), `{"carousel_message":{"cards":[{"title":"A"},{"title":"B"}]}}`},
		"Location":        {conversation.Location("Here", 55.5, -13), `{"location_message":{"coordinates":{"latitude":55.5,"longitude":-13},"title":"Here"}}`},
		"Location, zeros": {conversation.Location("Null Island", 0, 0), `{"location_message":{"coordinates":{"latitude":0,"longitude":0},"title":"Null Island"}}`},
		"URLChoice":       {conversation.URLChoice("Shop", "https://x.test"), `{"url_message":{"title":"Shop","url":"https://x.test"}}`},
		"CallChoice":      {conversation.CallChoice("Call", "+1"), `{"call_message":{"phone_number":"+1","title":"Call"}}`},
		"LocationChoice":  {conversation.LocationChoice("Here", 1, 2), `{"location_message":{"coordinates":{"latitude":1,"longitude":2},"title":"Here"}}`},
		"ShareLocationChoice": {
			conversation.ShareLocationChoice("Where?", "https://x.test"),
			`{"share_location_message":{"fallback_url":"https://x.test","title":"Where?"}}`,
		},
		"ToContact": {conversation.ToContact("C"), `{"contact_id":"C"}`},
		"ToChannel": {
			conversation.ToChannel(conversation.ChannelSMS, "46700000001"),
			`{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"46700000001"}]}}`,
		},
		"ToChannels": {
			conversation.ToChannels(
				conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "1"},
				conversation.ChannelIdentity{Channel: conversation.ChannelMessenger, Identity: "2", AppID: "A"}),
			`{"identified_by":{"channel_identities":[{"channel":"RCS","identity":"1"},{"app_id":"A","channel":"MESSENGER","identity":"2"}]}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(tt.made)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))
		})
	}
}
