package conversation_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const regionAdvice = ": an app lives in one region, so check the region"

func TestA403Or404NamesTheHostThatWasAsked(t *testing.T) {
	t.Parallel()
	for name, call := range everyCall() {
		for _, status := range []int{403, 404} {
			client, wire := scripted(t, []step{{status: status, body: `{"error":{"code":5,"status":"NOT_FOUND","message":"app \"APP1\" not found"}}`}},
				conversation.WithRegion(conversation.RegionBR), conversation.WithDialect(conversation.DialectPlatform))
			err := call(t.Context(), client)
			host := requestedHost(t, wire)
			assert.Contains(t, host, "br.", name)
			assert.ErrorContains(t, err, "asked "+host+regionAdvice, name)
		}
	}
}

func TestTheAdviceNamesTheCallersOwnHost(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"proxy.test", "proxy.test:8443", "api-2.internal.example"} {
		client, _ := scripted(t, []step{{status: 404}}, conversation.WithBaseURL("https://"+host+"/prefix/hush"))
		err := get(t.Context(), client)
		require.ErrorContains(t, err, "asked "+host+regionAdvice)
		assert.NotContains(t, err.Error(), "hush")
	}
}

func TestA403ForBillingNamesTheCreditLimit(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"error":{"code":7,"status":"PERMISSION_DENIED","message":"BILLING_CREDIT_LIMIT_BREACHED"}}`,
		`{"error":{"code":7,"status":"BILLING_CREDIT_LIMIT_BREACHED","message":"denied"}}`,
		`{"error":{"code":7,"status":"PERMISSION_DENIED","message":"denied","details":[{"reason":"BILLING_CREDIT_LIMIT_BREACHED"}]}}`,
	} {
		client, _ := scripted(t, []step{{status: 403, body: body}})
		err := get(t.Context(), client)
		require.ErrorIs(t, err, conversation.ErrForbidden)
		require.ErrorContains(t, err, "asked eu.conversation.api.sinch.com: the account has reached its credit limit, so add credit")
		assert.NotContains(t, err.Error(), "region")
	}
}

func TestAnotherStatusNamesNoHost(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 409, 410, 422, 429, 501} {
		client, _ := scripted(t, []step{{status: status, body: `{"error":{"message":"BILLING_CREDIT_LIMIT_BREACHED"}}`}},
			conversation.WithRetry(conversation.NoRetry))
		err := get(t.Context(), client)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "asked", status)
	}
}

// requestedHost returns the host of the first request.
func requestedHost(t *testing.T, wire *script) string {
	t.Helper()
	address, err := url.Parse(wire.requests()[0].url)
	require.NoError(t, err)
	return address.Host
}
