package otelconversation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/otelconversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// canaries are what no signal may hold: an id, a phone number, text, a URL, a secret.
var canaries = []string{"01CANARYCONTACT", "15557770001", "canary text", "https://canary.example/01CANARYCONTACT", "canary-secret"}

// canaryRun makes random calls with canaries in each string.
type canaryRun struct {
	t      *testing.T
	random *rand.Rand
	made   map[string]int
}

func (r *canaryRun) canary() string { return canaries[r.random.IntN(len(canaries))] }

// fill sets about half of the fields of a value.
func (r *canaryRun) fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.canary())
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.fill(v.Elem(), depth)
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() && depth < 9 && r.random.IntN(2) > 0 {
				r.fill(field, depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // raw JSON
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		r.fill(v.Index(0), depth+1)
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(reflect.ValueOf(r.canary()).Convert(v.Type().Key()), reflect.ValueOf(r.canary()).Convert(v.Type().Elem()))
		}
	default:
	}
}

// call calls a method of a service, and runs through what it returns.
func (r *canaryRun) call(ctx context.Context, name string, method reflect.Value) {
	arguments := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < method.Type().NumIn(); i++ {
		if method.Type().IsVariadic() && i == method.Type().NumIn()-1 {
			break
		}
		argument := reflect.New(method.Type().In(i)).Elem()
		if argument.Kind() == reflect.Func {
			return // SendMany, SendAll: their calls are those of Send
		}
		r.fill(argument, 0)
		arguments = append(arguments, argument)
	}
	r.made[name]++
	results := method.Call(arguments)
	if results[0].Kind() == reflect.Func {
		for range results[0].Seq2() {
			continue
		}
	}
}

// answer answers with canaries, or not at all.
func (r *canaryRun) answer(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
	status, body := http.StatusOK, `{"access_token":"canary-secret","message_id":"M1","contact_id":"01CANARYCONTACT"}`
	switch r.random.IntN(6) {
	case 0:
		return nil, fmt.Errorf("dial %s: canary text", req.URL)
	case 1:
		status, body = 400, `{"error":{"code":400,"message":"canary text 15557770001 01CANARYCONTACT"}}`
	case 2:
		status, body = 503, "<html>canary text</html>"
	case 3:
		status, body = 307, ""
	}
	header := http.Header{"Location": {"https://canary.example/01CANARYCONTACT"}, "X-Request-Id": {"request 15557770001"}}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestNoSignalHoldsACanary(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	run := &canaryRun{t: t, random: rand.New(rand.NewPCG(seed, 7)), made: map[string]int{}}
	seen := record(t, otelconversation.WithMetadataPropagation())
	client, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("KEY", "canary-secret"), conversation.WithRegion(conversation.RegionEU),
		conversation.WithObserver(seen), conversation.WithRetry(conversation.RetryPolicy{BaseDelay: 1, MaxDelay: 1}),
		conversation.WithHTTPClient(&http.Client{Transport: transportFunc(run.answer)}))
	require.NoError(t, err)
	services := reflect.ValueOf(client).Elem()
	for range 20 {
		for i := range services.NumField() {
			if field := services.Type().Field(i); field.IsExported() {
				for m, method := range services.Field(i).Methods() {
					run.call(t.Context(), field.Name+"."+m.Name, method)
				}
			}
		}
		_ = client.Do(t.Context(), "CANARY", "/01CANARYCONTACT/15557770001", nil, nil)
		_ = client.Do(t.Context(), http.MethodGet, "/01CANARYCONTACT/15557770001", nil, nil)
	}
	require.Greater(t, len(run.made), 50, "every method is called: %v", run.made)
	run.callbacks(seen)
	require.Len(t, seen.values(t, "sinch.conversation.callback.duration", "sinch.conversation.trigger"), 23, "each trigger, and none")
	run.entries(seen)

	spans, err := json.Marshal(tracetest.SpanStubsFromReadOnlySpans(seen.spans.Ended()))
	require.NoError(t, err)
	metrics, err := json.Marshal(seen.collect(t))
	require.NoError(t, err)
	for name, signal := range map[string]string{"spans": string(spans), "metrics": string(metrics)} {
		for _, operation := range []string{"Messages.Send", "Contacts.Update", "Token", "MESSAGE_INBOUND", "Outbox.Run"} {
			assert.Contains(t, signal, operation, "%s, seed %d", name, seed)
		}
		for _, canary := range append(canaries, "canary", "CANARY", "5557770") {
			if at := strings.Index(signal, canary); at >= 0 {
				assert.Fail(t, "a canary", "seed %d: %q in %s: %s", seed, canary, name, signal[max(0, at-300):at+50])
			}
		}
	}
}

// callbacks receives each type of event with canaries.
func (r *canaryRun) callbacks(seen *signals) {
	receiver := receive(r.t, seen)
	webhook.OnAny(receiver, func(context.Context, webhook.Event) error {
		if r.random.IntN(2) > 0 {
			panic("canary text")
		}
		return errors.New("canary text 15557770001")
	})
	for range 10 {
		for _, event := range []webhook.Event{
			&webhook.MessageInbound{}, &webhook.MessageDelivery{}, &webhook.MessageSubmit{}, &webhook.MessageInboundRedaction{}, &webhook.EventInbound{},
			&webhook.EventDelivery{}, &webhook.ContactCreate{}, &webhook.ContactDelete{}, &webhook.ContactMerge{}, &webhook.ContactUpdate{},
			&webhook.ContactIdentitiesDuplication{}, &webhook.ConversationStart{}, &webhook.ConversationStop{}, &webhook.ConversationDelete{},
			&webhook.Capability{}, &webhook.OptIn{}, &webhook.OptOut{}, &webhook.ChannelEvent{}, &webhook.Unsupported{},
			&webhook.RecordNotification{}, &webhook.SmartConversations{}, &webhook.Unknown{},
		} {
			r.fill(reflect.ValueOf(event).Elem(), 0)
			body, err := json.Marshal(event)
			if err != nil {
				continue // two kinds in a union
			}
			text := strings.NewReplacer(`"message_id":"`, `"message_id":"M1", "_":"`, `"id":"`, `"id":"M1", "_":"`).Replace(string(body))
			post(receiver, text, "secret")
			post(receiver, text, "canary-secret")
		}
	}
	post(receiver, `{"message":{"id":"M1","contact_id":"01CANARYCONTACT"}}`, "secret")
}

// entries sends entries with canaries.
func (r *canaryRun) entries(seen *signals) {
	entry := outbox.EntryInfo{Operation: "Outbox.Run", ID: "01CANARYCONTACT", Attempt: 1}
	seen.EntryEnded(seen.EntryStarted(r.t.Context(), entry), entry, outbox.EntryResult{State: "unknown", Err: errors.New("canary text")})
}
