package conversationtest_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheRestOfAStalledAnswerEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true})
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStall})
		for name, leave := range map[string]func(cancel func(), body io.Closer){
			"the context ends":   func(cancel func(), _ io.Closer) { cancel() },
			"the body is closed": func(_ func(), body io.Closer) { assert.NoError(t, body.Close()) },
		} {
			ctx, cancel := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.BaseURL(), nil)
			require.NoError(t, err)
			resp, err := srv.Transport().RoundTrip(r) //nolint:bodyclose // It is, below.
			require.NoError(t, err)
			go func() {
				time.Sleep(time.Second)
				leave(cancel, resp.Body)
			}()

			half, err := io.ReadAll(resp.Body)

			require.Error(t, err, name)
			assert.NotEmpty(t, half, name)
			cancel()
			require.NoError(t, resp.Body.Close())
		}
	})
}

func TestAfterCloseNothingIsReached(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
		_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)

		srv.Close()
		srv.Close()

		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.Error(t, err)
		assert.Equal(t, notSent, conversation.OutcomeOf(err))
		assert.Len(t, srv.Sent(), 1)
	})
}

func TestCloseEndsARequestWhoseBodyNeverEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
		body, endless := io.Pipe()
		defer func() { _ = endless.Close() }()
		ended := make(chan error, 1)
		go func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.BaseURL()+"/v1/projects/p/messages:send", body)
			if err == nil {
				var resp *http.Response
				if resp, err = (&http.Client{Transport: srv.Transport()}).Do(r); err == nil {
					err = resp.Body.Close()
				}
			}
			ended <- err
		}()
		synctest.Wait()
		srv.Close() // It hangs if the read does not end.
		require.Error(t, <-ended)
	})
}
