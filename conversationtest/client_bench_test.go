package conversationtest

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/sinchgo/conversation"
)

// BenchmarkListPage shows that the time of a page does not depend on the number of messages.
func BenchmarkListPage(b *testing.B) {
	for _, stored := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("stored=%d", stored), func(b *testing.B) {
			store, ids := newStore[*storedMessage]("message"), new(idMaker)
			start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			for i := range stored {
				now := start.Add(time.Duration(i) * time.Millisecond)
				store.put(&storedMessage{appID: "APP", message: &conversation.ConversationMessage{
					ID:         ids.next(now),
					AcceptTime: conversation.Time{Time: now},
					ContactID:  strconv.Itoa(i % 100),
				}})
			}
			middle := position{micros: start.Add(time.Duration(stored/2) * time.Millisecond).UnixMicro()}
			filters := []filter{{"app_id", "APP"}, {"contact_id", "7"}}
			for b.Loop() {
				if found := store.list(filters, middle, 5); len(found) != 5 {
					b.Fatalf("found %d messages", len(found))
				}
			}
		})
	}
}

func BenchmarkSend(b *testing.B) {
	srv := NewServer(Config{})
	defer srv.Close()
	messages := srv.NewClient(b).Messages
	request := &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("hello"),
	}
	for b.Loop() {
		if _, err := messages.Send(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}
