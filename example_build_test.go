package conversation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

func ExampleText() {
	printJSON(conversation.Text("Your table is ready."))
	// Output: {"text_message":{"text":"Your table is ready."}}
}

// The channel fetches the file, so the address must be public.
func ExampleMedia() {
	printJSON(conversation.Media("https://shop.example/menu.pdf"))
	// Output: {"media_message":{"url":"https://shop.example/menu.pdf"}}
}

func ExampleCard() {
	printJSON(conversation.Card("Your table", "Tonight at eight, for two.",
		conversation.TextChoice("Confirm", "confirm"),
		conversation.TextChoice("Cancel", "cancel")))
	// Output: {"card_message":{"choices":[{"postback_data":"confirm","text_message":{"text":"Confirm"}},{"postback_data":"cancel","text_message":{"text":"Cancel"}}],"description":"Tonight at eight, for two.","title":"Your table"}}
}

func ExampleMediaCard() {
	printJSON(conversation.MediaCard("Pizza Funghi", "With three kinds of mushrooms.", "https://shop.example/funghi.jpg",
		conversation.TextChoice("Order", "order-funghi")))
	// Output: {"card_message":{"choices":[{"postback_data":"order-funghi","text_message":{"text":"Order"}}],"description":"With three kinds of mushrooms.","media_message":{"url":"https://shop.example/funghi.jpg"},"title":"Pizza Funghi"}}
}

// A carousel is made of cards: CardMessage of what Card and MediaCard return.
func ExampleCarousel() {
	var cards []conversation.CardMessage
	for _, pizza := range []string{"Funghi", "Verde"} {
		card := conversation.Card("Pizza "+pizza, "From the stone oven.", conversation.TextChoice("Order", "order-"+pizza))
		cards = append(cards, *card.CardMessage)
	}
	message := conversation.Carousel(cards...)
	fmt.Println(len(message.CarouselMessage.Cards), message.CarouselMessage.Cards[1].Title)
	// Output: 2 Pizza Verde
}

// The choice of the contact comes as a callback with the postback: ContactMessage.ChoiceResponseMessage.PostbackData.
func ExampleChoices() {
	printJSON(conversation.Choices("Will you come?",
		conversation.TextChoice("Yes", "table-7-yes"),
		conversation.TextChoice("No", "table-7-no")))
	// Output: {"choice_message":{"choices":[{"postback_data":"table-7-yes","text_message":{"text":"Yes"}},{"postback_data":"table-7-no","text_message":{"text":"No"}}],"text_message":{"text":"Will you come?"}}}
}

func ExampleLocation() {
	printJSON(conversation.Location("The restaurant", 59.3293, 18.0686))
	// Output: {"location_message":{"coordinates":{"latitude":59.3293,"longitude":18.0686},"title":"The restaurant"}}
}

func ExampleListMenu() {
	message := conversation.ListMenu("The menu",
		conversation.ListSection{Title: "Pizza", Items: []conversation.Choice{
			conversation.MenuItem("Funghi", "With three kinds of mushrooms.", "order-funghi"),
			conversation.MenuItem("Verde", "With spinach.", "order-verde"),
		}},
		conversation.ListSection{Title: "Drinks", Items: []conversation.Choice{
			conversation.TextChoice("Water", "order-water"),
		}})
	for _, section := range message.ListMessage.Sections {
		fmt.Println(section.Title, len(section.Items))
	}
	// Output:
	// Pizza 2
	// Drinks 1
}

func ExampleMenuItem() {
	printJSON(conversation.MenuItem("Funghi", "With three kinds of mushrooms.", "order-funghi"))
	// Output: {"choice":{"description":"With three kinds of mushrooms.","postback_data":"order-funghi","title":"Funghi"}}
}

// The template is stored on the platform: see TemplatesService.Create.
func ExampleTemplate() {
	printJSON(conversation.Template("TEMPLATE_ID", "latest", "en-US", map[string]string{"name": "Ada"}))
	// Output: {"template_message":{"omni_template":{"language_code":"en-US","parameters":{"name":"Ada"},"template_id":"TEMPLATE_ID","version":"latest"}}}
}

func ExampleTextChoice() {
	printJSON(conversation.TextChoice("Confirm", "table-7-confirm"))
	// Output: {"postback_data":"table-7-confirm","text_message":{"text":"Confirm"}}
}

func ExampleURLChoice() {
	printJSON(conversation.URLChoice("See the menu", "https://shop.example/menu"))
	// Output: {"url_message":{"title":"See the menu","url":"https://shop.example/menu"}}
}

func ExampleCallChoice() {
	printJSON(conversation.CallChoice("Call us", "15551230000"))
	// Output: {"call_message":{"phone_number":"15551230000","title":"Call us"}}
}

func ExampleLocationChoice() {
	printJSON(conversation.LocationChoice("Find us", 59.3293, 18.0686))
	// Output: {"location_message":{"coordinates":{"latitude":59.3293,"longitude":18.0686},"title":"Find us"}}
}

// The answer comes as a callback with a LocationMessage.
func ExampleShareLocationChoice() {
	printJSON(conversation.ShareLocationChoice("Where are you?", "https://shop.example/where"))
	// Output: {"share_location_message":{"fallback_url":"https://shop.example/where","title":"Where are you?"}}
}

func ExampleToContact() {
	printJSON(conversation.ToContact("CONTACT_ID"))
	// Output: {"contact_id":"CONTACT_ID"}
}

// A person types a number in any way. E164 brings it into the form of an identity.
func ExampleToChannel() {
	number, err := conversation.E164("+1 555 123-0000")
	if err != nil {
		fmt.Println(err)
		return
	}
	printJSON(conversation.ToChannel(conversation.ChannelSMS, number))
	// Output: {"identified_by":{"channel_identities":[{"channel":"SMS","identity":"15551230000"}]}}
}

// WhatsApp is tried first; SMS is used if WhatsApp does not deliver the message.
func ExampleToChannels() {
	request := conversation.SendMessageRequest{
		AppID: "APP_ID",
		Recipient: conversation.ToChannels(
			conversation.ChannelIdentity{Channel: conversation.ChannelWhatsApp, Identity: "15551230000"},
			conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"}),
		ChannelPriorityOrder: []conversation.Channel{conversation.ChannelWhatsApp, conversation.ChannelSMS},
		Message:              conversation.Text("Your table is ready."),
	}
	fmt.Println(request.Validate())
	// Output: <nil>
}

// The messages of one day.
func ExampleNewTime() {
	client := exampleClient(printing(`{}`))

	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, err := range client.Messages.All(context.Background(), &conversation.ListMessagesParams{
		StartTime: conversation.NewTime(day),
		EndTime:   conversation.NewTime(day.AddDate(0, 0, 1)),
	}) {
		fmt.Println(err)
	}
	// Output: GET /v1/projects/PROJECT_ID/messages?end_time=2026-03-02T00%3A00%3A00Z&start_time=2026-03-01T00%3A00%3A00Z
}
