package conversationtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/sinchgo/conversation"
)

// AssertSentTexts fails the test unless exactly these text messages were sent, in this order, to whatever recipients. A
// message of another kind is represented by its kind, such as [media_message].
func (s *Server) AssertSentTexts(tb testing.TB, want ...string) {
	tb.Helper()
	assertTexts(tb, "the texts that were sent", textsOf(s.Sent()), want)
}

// AssertSentTo fails the test unless exactly these text messages were sent, in this order, to a recipient. A message counts
// if its request names the recipient by the same contact id, or by one of the same channel identities.
func (s *Server) AssertSentTo(tb testing.TB, recipient conversation.Recipient, want ...string) {
	tb.Helper()
	sent := slices.DeleteFunc(s.Sent(), func(m SentMessage) bool { return !sameRecipient(m.Request.Recipient, recipient) })
	assertTexts(tb, "the texts that were sent to "+nameOf(recipient), textsOf(sent), want)
}

// AssertNothingSent fails the test if a message was sent.
func (s *Server) AssertNothingSent(tb testing.TB) {
	tb.Helper()
	assertTexts(tb, "the texts that were sent", textsOf(s.Sent()), nil)
}

func assertTexts(tb testing.TB, what string, got, want []string) {
	tb.Helper()
	if !slices.Equal(got, want) {
		tb.Errorf("%s are not the expected ones:\n%s", what, difference(got, want))
	}
}

// difference returns a table of two lists, with a mark on each line in which they differ.
func difference(got, want []string) string {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "\t\tsent\texpected")
	for i := range max(len(got), len(want)) {
		left, right := cell(got, i), cell(want, i)
		mark := " "
		if left != right {
			mark = "!"
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", mark, i+1, left, right)
	}
	if err := w.Flush(); err != nil { // Writing to a strings.Builder never fails.
		return err.Error()
	}
	return table.String()
}

func cell(texts []string, i int) string {
	if i >= len(texts) {
		return "-"
	}
	return fmt.Sprintf("%q", texts[i])
}

func textsOf(sent []SentMessage) []string {
	var texts []string
	for _, message := range sent {
		texts = append(texts, textOf(message))
	}
	return texts
}

func textOf(sent SentMessage) string {
	if text := sent.Request.Message.TextMessage; text != nil {
		return text.Text
	}
	var body struct {
		Message object `json:"message"`
	}
	if err := json.Unmarshal(sent.Body, &body); err != nil {
		return err.Error()
	}
	for _, kind := range messageKinds {
		if body.Message[kind] != nil {
			return "[" + kind + "]"
		}
	}
	return "[unknown]"
}

func sameRecipient(one, other conversation.Recipient) bool {
	if one.IdentifiedBy == nil || other.IdentifiedBy == nil {
		return one.ContactID != "" && one.ContactID == other.ContactID
	}
	return slices.ContainsFunc(one.IdentifiedBy.ChannelIdentities, func(i conversation.ChannelIdentity) bool {
		return slices.Contains(other.IdentifiedBy.ChannelIdentities, i)
	})
}

func nameOf(recipient conversation.Recipient) string {
	if recipient.IdentifiedBy == nil {
		return "the contact " + recipient.ContactID
	}
	var names []string
	for _, identity := range recipient.IdentifiedBy.ChannelIdentities {
		names = append(names, string(identity.Channel)+" "+identity.Identity)
	}
	return strings.Join(names, " or ")
}
