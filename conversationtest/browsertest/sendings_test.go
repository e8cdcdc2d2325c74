package browsertest

import (
	"context"
	"time"

	"github.com/sinchgo/conversation"
)

// sending is a block of docs/sending.md, and the channel of its picture.
type sending struct {
	name    string // Of the picture in docs/kinds.
	channel conversation.Channel
	send    func(ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest) error
}

// sendings returns what docs/sending.md has a picture of. The block of a picture is the body of the function of its name, without
// the return: a test of the module docs compares them.
func sendings() []sending {
	return []sending{
		{"text", conversation.ChannelSMS, sendText},
		{"media", conversation.ChannelWhatsApp, sendMedia},
		{"file", conversation.ChannelWhatsApp, sendFile},
		{"card", conversation.ChannelRCS, sendCard},
		{"carousel", conversation.ChannelRCS, sendCarousel},
		{"choice", conversation.ChannelRCS, sendChoice},
		{"list", conversation.ChannelWhatsApp, sendList},
		{"location", conversation.ChannelWhatsApp, sendLocation},
		{"contact", conversation.ChannelWhatsApp, sendContact},
		{"template", conversation.ChannelSMS, sendTemplate},
		{"reply", conversation.ChannelWhatsApp, sendReply},
		{"agent", conversation.ChannelRCS, sendAgent},
		{"override", conversation.ChannelWhatsApp, sendOverride},
		{"explicit", conversation.ChannelTelegram, sendExplicit},
		{"approved", conversation.ChannelWhatsApp, sendApproved},
		{"products", conversation.ChannelWhatsApp, sendProducts},
		{"flow", conversation.ChannelWhatsApp, sendFlow},
		{"order", conversation.ChannelWhatsApp, sendOrder},
		{"status", conversation.ChannelWhatsApp, sendStatus},
		{"offer", conversation.ChannelKakaoTalk, sendOffer},
		{"offers", conversation.ChannelKakaoTalk, sendOffers},
		{"notification", conversation.ChannelLINE, sendNotification},
		{"composing", conversation.ChannelWhatsApp, sendComposing},
		{"joined", conversation.ChannelRCS, sendJoined},
	}
}

func sendText(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Text("Your table is ready: https://pizza.example/t/7")
	return nil
}

func sendMedia(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Media("https://pizza.example/funghi.jpg")
	return nil
}

func sendFile(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Media("https://pizza.example/files/4711.pdf")
	request.Message.MediaMessage.FilenameOverride = "Menu of May.pdf" // on channels that show a name
	return nil
}

func sendCard(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.MediaCard("Pizza Funghi", "With three kinds of mushrooms.", "https://pizza.example/funghi.jpg",
		conversation.TextChoice("Order", "order-funghi"),
		conversation.URLChoice("Read more", "https://pizza.example/funghi"))
	return nil
}

func sendCarousel(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	funghi := conversation.MediaCard("Pizza Funghi", "Mushrooms.", "https://pizza.example/funghi.jpg", conversation.TextChoice("Order", "order-funghi"))
	verde := conversation.MediaCard("Pizza Verde", "Spinach.", "https://pizza.example/verde.jpg", conversation.TextChoice("Order", "order-verde"))
	request.Message = conversation.Carousel(*funghi.CardMessage, *verde.CardMessage)
	request.Message.CarouselMessage.Choices = []conversation.Choice{conversation.URLChoice("The whole menu", "https://pizza.example")}
	return nil
}

func sendChoice(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Choices("Your table is booked. What else?",
		conversation.TextChoice("Cancel it", "cancel-7"),
		conversation.URLChoice("See the menu", "https://pizza.example"),
		conversation.CallChoice("Call us", "+15551230000"),
		conversation.LocationChoice("How to get here", 55.604, 13.001),
		conversation.ShareLocationChoice("Where are you?", "https://pizza.example/where"),
		conversation.Choice{CalendarMessage: &conversation.CalendarMessage{
			Title:       "Add to calendar",
			EventTitle:  "Dinner",
			EventStart:  conversation.NewTime(time.Date(2030, 5, 1, 18, 0, 0, 0, time.UTC)),
			EventEnd:    conversation.NewTime(time.Date(2030, 5, 1, 20, 0, 0, 0, time.UTC)),
			FallbackURL: "https://pizza.example/calendar/7",
		}})
	return nil
}

func sendList(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.ListMenu("The menu",
		conversation.ListSection{Title: "Pizza", Items: []conversation.Choice{
			conversation.TextChoice("Funghi", "order-funghi"),
			conversation.TextChoice("Verde", "order-verde"),
		}},
		conversation.ListSection{Title: "Drinks", Items: []conversation.Choice{
			conversation.MenuItem("Lemonade", "Home made", "order-lemonade"),
		}})
	request.Message.ListMessage.MessageProperties = &conversation.ListMessageProperties{Menu: "Choose"} // the button that opens it
	return nil
}

func sendLocation(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Location("Pizzeria Ada", 55.604, 13.001)
	request.Message.LocationMessage.Label = "Storgatan 1, Malmö"
	return nil
}

func sendContact(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message.ContactInfoMessage = &conversation.ContactInfoMessage{
		Name:           conversation.NameInfo{FullName: "Pizzeria Ada"},
		PhoneNumbers:   []conversation.PhoneNumberInfo{{PhoneNumber: "+15551230000", Type: "WORK"}},
		EmailAddresses: []conversation.EmailInfo{{EmailAddress: "ada@pizza.example", Type: "WORK"}},
		URLs:           []conversation.URLInfo{{URL: "https://pizza.example"}},
	}
	return nil
}

func sendTemplate(_ context.Context, _ *conversation.Client, request *conversation.SendMessageRequest) error {
	request.Message = conversation.Template("booking", "latest", "en-US", map[string]string{"name": "Grace", "time": "8 pm"})
	return nil
}
