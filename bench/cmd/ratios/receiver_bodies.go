package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/webhook"
)

const callbackSecret = "the secret of the webhook"

// callbackKind is a kind of callback. Its body has a placeholder for the id of the message, so that no two are duplicates.
type callbackKind struct {
	name  string
	body  string
	event func() webhook.Event // what the bare handler decodes it into
}

const idPlaceholder = "01FJA8B3MCVQF1BYCNNQ7X4GPW"

var (
	textOfKibibyte = callbackKind{"text of 1 KiB", textCallback(1 << 10), newInbound}
	callbackKinds  = []callbackKind{
		{"short text", textCallback(0), newInbound},
		{"delivery report", deliveryCallback, func() webhook.Event { return new(webhook.MessageDelivery) }},
		textOfKibibyte,
		{"text of 10 KB, in lines", inLines(textCallback(10_000)), newInbound},
	}
)

func newInbound() webhook.Event { return new(webhook.MessageInbound) }

const deliveryCallback = `{"app_id":"01EB37HMH1M6SV18ASNS3G135H","accepted_time":"2026-03-01T12:00:00.123456Z",` +
	`"event_time":"2026-03-01T12:00:00Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4","message_delivery_report":{` +
	`"message_id":"` + idPlaceholder + `","conversation_id":"01FJA8AKBQNX1NM3C1D9V8FTTQ","status":"DELIVERED",` +
	`"channel_identity":{"channel":"WHATSAPP","identity":"15551230000","app_id":""},"contact_id":"01FJA8AKBHPNR3DHBKZBVN7HVQ",` +
	`"metadata":"order 17","processing_mode":"CONVERSATION"},"message_metadata":"order 17","correlation_id":"order-17"}`

// inLines breaks the lines of a text.
func inLines(body string) string { return strings.ReplaceAll(body, "dolor. ", `dolor\n`) }

// textCallback returns a callback of the given length about a text message, or of a short one.
func textCallback(length int) string {
	const head = `{"app_id":"01EB37HMH1M6SV18ASNS3G135H","accepted_time":"2026-03-01T12:00:00.123456Z","event_time":"2026-03-01T12:00:00Z",` +
		`"project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4","message_metadata":"","message":{"id":"` + idPlaceholder + `",` +
		`"direction":"TO_APP","contact_message":{"text_message":{"text":"`
	const tail = `"}},"channel_identity":{"channel":"WHATSAPP","identity":"15551230000","app_id":""},` +
		`"conversation_id":"01FJA8AKBQNX1NM3C1D9V8FTTQ","contact_id":"01FJA8AKBHPNR3DHBKZBVN7HVQ","metadata":"",` +
		`"accept_time":"2026-03-01T12:00:00.101Z","sender_id":"12039414555","processing_mode":"CONVERSATION","injected":false}}`
	return head + strings.Repeat("Lorem ipsum dolor. ", length/19+1)[:max(5, length-len(head)-len(tail))] + tail
}

// signedCallback is a callback with the headers of its request.
type signedCallback struct {
	body   []byte
	header http.Header
}

// signedCallbacks returns n callbacks that were never returned before, signed now.
func (r *run) signedCallbacks(kind callbackKind, n int) []signedCallback {
	fresh := make([]signedCallback, n)
	for i := range fresh {
		r.callbacks++
		body := []byte(strings.Replace(kind.body, idPlaceholder, fmt.Sprintf("%0*d", len(idPlaceholder), r.callbacks), 1))
		header := webhook.Sign(body, callbackSecret, "01HN2M0Y6CZ0CQV6VXC8SYC7GM", time.Now())
		header.Set("Content-Type", "application/json")
		header.Set("User-Agent", "sinch-conversation")
		header.Set("Accept-Encoding", "gzip")
		fresh[i] = signedCallback{body, header}
	}
	return fresh
}

// request returns the request of a callback as a server passes it to a handler.
func (c signedCallback) request(r *run) *http.Request {
	req, err := http.NewRequestWithContext(r.ctx, http.MethodPost, "/callbacks", io.NopCloser(bytes.NewReader(c.body)))
	check(err)
	req.Header, req.ContentLength = c.header, int64(len(c.body))
	return req
}

// wire returns the bytes of the request of a callback.
func (c signedCallback) wire() []byte {
	var text bytes.Buffer
	text.WriteString("POST /callbacks HTTP/1.1\r\nHost: shop.example.com\r\nContent-Length: " + strconv.Itoa(len(c.body)) + "\r\n")
	check(c.header.Write(&text))
	text.WriteString("\r\n")
	text.Write(c.body)
	return text.Bytes()
}
