package main

import "github.com/sinchgo/conversation"

// kinds has a message of each kind, by name.
var kinds = map[string]conversation.AppMessage{
	"text":  conversation.Text("Your table is ready."),
	"media": conversation.Media("https://shop.example/menu.pdf"),

	"card": conversation.MediaCard("Pizza Funghi", "With three kinds of mushrooms.", "https://shop.example/funghi.jpg",
		conversation.TextChoice("Order", "order-funghi"), conversation.URLChoice("Read more", "https://shop.example/funghi")),

	"carousel": conversation.Carousel(
		*conversation.MediaCard("Pizza Funghi", "Mushrooms.", "https://shop.example/funghi.jpg", conversation.TextChoice("Order", "order-funghi")).CardMessage,
		*conversation.MediaCard("Pizza Verde", "Spinach.", "https://shop.example/verde.jpg", conversation.TextChoice("Order", "order-verde")).CardMessage),

	"choice": conversation.Choices("How do you want it?",
		conversation.TextChoice("Delivered", "deliver"), conversation.CallChoice("Call us", "+15551230000"),
		conversation.LocationChoice("Our shop", 59.3293, 18.0686)),

	"list": conversation.ListMenu("The menu",
		conversation.ListSection{Title: "Pizza", Items: []conversation.Choice{
			conversation.TextChoice("Funghi", "order-funghi"), conversation.TextChoice("Verde", "order-verde"),
		}},
		conversation.ListSection{Title: "Drinks", Items: []conversation.Choice{
			conversation.MenuItem("Lemonade", "Home made", "order-lemonade"),
		}}),

	"products": {ListMessage: &conversation.ListMessage{
		Title: "This week",
		Sections: []conversation.ListSection{{Title: "Pizza", Items: []conversation.Choice{
			{Product: &conversation.ProductItem{ID: "funghi", Marketplace: "FACEBOOK"}},
		}}},
		MessageProperties: &conversation.ListMessageProperties{CatalogID: "1234"},
	}},

	"location": conversation.Location("Our shop", 59.3293, 18.0686),

	"contact": {ContactInfoMessage: &conversation.ContactInfoMessage{
		Name:         conversation.NameInfo{FullName: "Pizzeria Ada"},
		PhoneNumbers: []conversation.PhoneNumberInfo{{PhoneNumber: "+15551230000", Type: "WORK"}},
	}},

	"template": conversation.Template("order-confirmed", "1", "en-US", map[string]string{"number": "7"}),

	// A text message for all channels, with a separate form for one of them.
	"explicit": explicit("Rate your pizza", conversation.ChannelRCS, `{"contentMessage":{"text":"Rate your pizza"}}`),

	"flow": {
		TextMessage: &conversation.TextMessage{Text: "Book a table"},
		ChannelSpecificMessage: map[conversation.Channel]conversation.ChannelSpecificMessage{
			conversation.ChannelWhatsApp: {Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{
				FlowID: "1", FlowCTA: "Book", Body: &conversation.WhatsAppInteractiveBody{Text: "Which day?"},
			}}},
		},
	},
}

func explicit(text string, channel conversation.Channel, form string) conversation.AppMessage {
	made := conversation.Text(text)
	made.ExplicitChannelMessage = map[conversation.Channel]string{channel: form}
	return made
}
